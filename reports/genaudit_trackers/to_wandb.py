"""Weights & Biases: one run with a summary, a configuration and the reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import wandb

from genaudit_trackers.flat_record import numbers_of, parameters_of

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.values.record import RunRecord
    from genaudit_trackers.options import WandbOptions

REPORTS = ("run.json", "results.csv", "report.html")


def track(record: RunRecord, folder: Path, options: WandbOptions) -> None:
    """A finished run; offline unless the user says otherwise."""
    run = wandb.init(
        project=options.project,
        name=record.run_id,
        mode=options.mode,
        dir=str(folder),
        config=parameters_of(record),
    )
    try:
        run.summary.update(numbers_of(record))
        for name in REPORTS:
            if (folder / name).is_file():
                run.save(str(folder / name), base_path=str(folder), policy="now")
    finally:
        run.finish()
