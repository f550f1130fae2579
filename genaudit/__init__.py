"""Evaluation and fairness audit of generative models.

``import genaudit`` is light: torch is loaded when something is computed.

>>> import genaudit
>>> record = genaudit.run(plugin="vae", profile="smoke")  # doctest: +SKIP
>>> record.result("fid").interval.low  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genaudit import version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from genaudit.values.record import RunRecord

__version__ = version.VERSION

__all__ = ["__version__", "load", "run"]


def run(  # noqa: PLR0913 - the options of one command
    plugin: str,
    dataset: str = "colored-digits",
    *,
    profile: str = "standard",
    samples: int | None = None,
    seed: int = 0,
    metrics: Iterable[str] | None = None,
    options: Mapping[str, Any] | None = None,
    out: str | Path = "runs",
    **further: Any,  # noqa: ANN401 - fields of RunInputs
) -> RunRecord:
    """Evaluate and audit a generator: what ``genaudit run`` does.

    Args:
        plugin: Name of the generator.
        dataset: Name of the reference data.
        profile: ``smoke`` (1,000 images), ``standard`` (10,000) or ``full`` (50,000).
        samples: Generated images, if not the profile's.
        seed: Seed of every random stream of the run.
        metrics: Identifiers of metrics; None for all that apply.
        options: ``component.option`` to value, such as ``{"precision.k": 5}``.
        out: Folder in which the run folder is made.
        further: Other fields of ``genaudit.engine.request.RunInputs``: ``extractor``, ``skip``, ``device``,
            ``batch_size``, ``weights``, ``retrain``, ``formats``.

    Returns:
        The record, which also lies in the run folder as ``run.json``.

    Raises:
        GenauditError: The request cannot be met; see its message.
    """
    from genaudit.engine.running import run_request

    given: dict[str, Any] = {
        "metrics": metrics if isinstance(metrics, str) else tuple(metrics or ()),
        "options": dict(options or {}),
        "samples": samples,
    }
    return run_request(plugin=plugin, dataset=dataset, profile=profile, seed=seed, out=out, **given, **further).record


def load(path: str | Path) -> RunRecord:
    """The record of a run folder or of a ``run.json``.

    Raises:
        RecordError: There is none, or it cannot be read.
    """
    from genaudit.values.serialisation import load_record

    return load_record(path)
