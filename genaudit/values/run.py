"""What was asked, of what, where and with which components: the parts of a record that are not numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from genaudit.values.results import Parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What the user asked for, with every default filled in."""

    plugin: str
    dataset: str
    extractor: str
    profile: str
    samples: int
    """Generated images."""
    seed: int
    metrics: tuple[str, ...]
    """Identifiers asked for; empty means every metric that applies."""
    options: Mapping[str, Parameter] = field(default_factory=dict)
    """``component.option`` to the value in force, defaults included."""
    weights: str = ""
    """Name of the weights file that the user gave; empty for those that come with the plugin."""
    retrain: bool = False
    command: str = ""
    """The command line that repeats the run."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Option, or ``seed``, ``table`` and the like, to where its value was said: ``flag`` or the name of a file; what
    is not in it is a default, or was said by the caller of the Python interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentInfo:
    """A component that took part."""

    name: str
    version: str
    distribution: str
    """Name and version of the installed distribution that it came from."""
    summary: str = ""
    digest: str = ""
    """SHA-256 of its weights or data; empty if it has none."""
    licence: str = ""
    source: str = ""
    capabilities: tuple[str, ...] = ()
    facts: Mapping[str, Parameter] = field(default_factory=dict)
    """More that a reader may want: parameters, image shape, split sizes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDescription:
    """The text about a metric, the same in the report and in ``genaudit metrics explain``."""

    name: str
    view: str
    title: str
    summary: str
    unit: str
    direction: str
    bounds: tuple[float | None, float | None]
    formula: str
    meaning: str
    caveat: str
    source: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditDescription:
    """The text about an audit of a table, in the order in which audits are told."""

    name: str
    title: str
    summary: str
    meaning: str
    caveat: str
    source: str
    version: str
    values: Mapping[str, str] = field(default_factory=dict)
    """Identifier of each number that it can give to what it is."""
    gave: tuple[str, ...] = ()
    """Identifiers of the numbers that it gave here."""
    lacks: tuple[str, ...] = ()
    """Identifiers of what was undefined somewhere; its own name if it could not be done at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where the run took place."""

    python: str
    platform: str
    device: str
    """``cpu`` or the accelerator's name."""
    threads: int
    versions: Mapping[str, str]
    """Library versions."""
    git: str = ""
    """Commit of the working directory, if it is a repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a stage of the run cost."""

    name: str
    seconds: float
    items: int = 0
    """Images, pairs or paths that it went through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginStatus:
    """What became of one entry point."""

    name: str
    distribution: str
    version: str
    state: str
    """``loaded``, ``blocked``, ``failed`` or ``partial`` (a hook raised)."""
    error: str = ""
    components: tuple[str, ...] = ()
    """``kind:name`` of what it brings."""
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLabel:
    """What is said of one column of a sheet."""

    group: str
    """Why its image was chosen, such as ``worst``; neighbouring columns of one group are shown together."""
    name: str
    """Which image it is."""
    value: float
    """Its number; the sheet's caption says what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSheet:
    """A grid of images in the run folder."""

    name: str
    """``real``, ``generated``, ``originals``, ``reconstructions``, ``interpolations``."""
    path: str
    """Relative to the run folder, lossless PNG."""
    caption: str
    """What is shown and how it was chosen, as a sentence."""
    columns: int
    rows: int
    tile: tuple[int, int]
    """Height and width of one image in pixels."""
    labels: tuple[ColumnLabel, ...] = ()
    """What is to be said of each column; empty if one caption says it of all."""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCurve:
    """How the weights came to be."""

    steps: tuple[int, ...]
    loss: tuple[float, ...]
    """Training loss at each step."""
    validation_steps: tuple[int, ...]
    validation_loss: tuple[float, ...]
    """Loss on data that is not trained on, at the end of each epoch."""
    unit: str = "nats per image"
    origin: str = ""
    """``shipped with the plugin``, ``trained in this run`` or the weights file."""
