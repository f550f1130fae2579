"""TensorBoard: one event file with a scalar for each number."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from genaudit_trackers.flat_record import numbers_of, parameters_of

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit_trackers.options import TensorBoardOptions


def track(record: RunRecord, folder: Path, options: TensorBoardOptions) -> None:
    """Scalars at the given step, and the parameters as a text."""
    from torch.utils.tensorboard import SummaryWriter

    target = Path(options.folder) / record.run_id if options.folder else folder / "tensorboard"
    writer = SummaryWriter(log_dir=str(target))
    try:
        for name, value in numbers_of(record).items():
            writer.add_scalar(name.replace(" ", "_"), value, options.step)
        lines = (f"    {name}: {value}" for name, value in parameters_of(record).items())  # indented: shown as it is
        writer.add_text("genaudit/parameters", "\n".join(lines), options.step)
    finally:
        writer.close()
