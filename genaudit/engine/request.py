"""What a caller asks of a run, before it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.gate.settings import GateSettings

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Catalog

PROFILES: Mapping[str, int] = {"smoke": 1_000, "standard": 10_000, "full": 50_000}
"""Profile name to generated images."""

USUAL_DATASET = "colored-digits"
DEFAULT_FORMATS = ("json", "csv", "html")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInputs:
    """The arguments of ``genaudit run`` and of ``genaudit.run``."""

    plugin: str
    dataset: str = ""
    """Empty: the generator's own, or else ``USUAL_DATASET``."""
    extractor: str = ""
    """Empty: the data set's own."""
    profile: str = "standard"
    samples: int | None = None
    """Generated images; None: the profile's."""
    metrics: tuple[str, ...] = ()
    """Empty: all that apply."""
    skip: tuple[str, ...] = ()
    annotators: tuple[str, ...] = ()
    """``ATTRIBUTE=NAME``, in place of the readers that the data set names."""
    seed: int = 0
    device: str = "auto"
    batch_size: int = 256
    options: Mapping[str, Any] = field(default_factory=dict)
    """``component.option`` to a value, or to its text."""
    allow_download: bool = False
    """Whether published weights of an extractor may be downloaded if none are named."""
    weights: Path | None = None
    retrain: bool = False
    out: Path = Path("runs")
    formats: tuple[str, ...] = DEFAULT_FORMATS
    layout: str = "file"
    """``dir``: reports that can are written as a folder of files, for places that forbid styles inside a page."""
    keep_features: bool = False
    """Whether the run folder keeps what a paired comparison with a later run needs."""
    cache: Path | None = None
    """Where features are kept and looked for, so that none is computed twice; None: nowhere."""
    track: tuple[str, ...] = ()
    """Trackers that are told of the finished run."""
    load: tuple[str, ...] = ()
    """Modules with hooks that are loaded like plugins."""
    purpose: str = ""
    """What the model is meant for; the report prints it."""
    baseline: Path | None = None
    """Accepted numbers to judge the run by; None: the run is described."""
    gate: GateSettings = field(default_factory=GateSettings)
    """What is tolerated."""
    strict: bool = False
    """Whether a gated metric that stays inconclusive makes the run incomplete."""
    allow_mismatch: tuple[str, ...] = ()
    """Fields of the protocol that may differ from the baseline's."""
    command: str = ""
    """The command line that repeats the run, for the report."""


def dataset_name(inputs: RunInputs, catalog: Catalog) -> str:
    """The reference data that is meant where none is named: the generator's own, or else the usual one."""
    return inputs.dataset or catalog.generator(inputs.plugin).spec.dataset or USUAL_DATASET
