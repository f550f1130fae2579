"""Specs: all that is known of a component before it is imported.

A spec is light. ``target`` and ``options`` name objects as ``module:Object``; they are imported on first use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from genaudit.values.results import Direction

NO_OPTIONS = "genaudit.plugin.options:NoOptions"
TABLES = ("count_table", "feature_table")
"""Observations that are a user's table: what needs one takes no part in the run of a generator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentSpec:
    """What every kind of component says of itself."""

    kind: ClassVar[str] = "component"

    name: str
    """Lower-case identifier by which users ask for it."""
    summary: str
    """One sentence."""
    target: str
    """``module:Object``, imported on first use."""
    options: str = NO_OPTIONS
    """``module:Dataclass`` in a module without heavy imports: options are checked before torch is loaded."""
    version: str = "1"
    """Raised when the same input gives another result."""
    source: str = ""
    """Paper or specification, with the equation where there is one."""
    requires: tuple[str, ...] = ()
    """Modules that the target imports and that a plain installation does not bring; looked for, never imported."""
    install: str = ""
    """What brings them, as one names it to pip: ``genaudit[parquet]``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorSpec(ComponentSpec):
    """A generative model. Its target is called as ``target(options, device)`` and returns the generator."""

    kind: ClassVar[str] = "generator"

    capabilities: tuple[str, ...] = ()
    """Names of the Protocols of ``genaudit.plugin.capabilities`` that the generator fulfils."""
    data_kind: str = "image"
    """``image`` or ``vector``."""
    image_shape: tuple[int, ...] = ()
    """``(c, h, w)`` of one image, or ``(d,)`` of one vector."""
    licence: str = ""
    checkpoint: str = ""
    """``module:function`` of a light function ``options -> Path | None``: the weights that come with the plugin."""
    loss_unit: str = "nats per image"
    """What the losses of a training are counted in."""
    settle: str = ""
    """``module:function`` of a light function ``(spec, options) -> GeneratorSpec``: the spec as these options make it,
    for a generator whose shape or capabilities depend on them. It raises ``genaudit.errors.GenauditError`` for what a
    user can mend."""
    dataset: str = ""
    """The reference data to use unless the user names another; empty for the usual one."""
    items: int = 0
    """How many items a ``DrawnSamples`` holds; 0 if there is no end."""
    names: tuple[str, ...] = field(default=(), repr=False)
    """Name of each of these items, such as its path in the folder; empty if they have none."""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetSpec(ComponentSpec):
    """Reference data. Its target is called as ``target(options)`` and returns the data set."""

    kind: ClassVar[str] = "dataset"

    data_kind: str = "image"
    image_shape: tuple[int, ...] = ()
    splits: Mapping[str, int] = field(default_factory=dict)
    """Split name to number of items: ``train``, ``evaluation`` (the reference) and ``holdout``."""
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Attribute name to its levels."""
    extractor: str = "identity"
    """The extractor to use unless the user names another."""
    annotators: Mapping[str, str] = field(default_factory=dict)
    """Attribute name to the annotator that reads it from generated images."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Pairs ``(t, a)`` of attributes whose joint shares are worth reading: the share of a within t; t is empty where
    only the share of a in all images is."""
    translations: tuple[tuple[str, str], ...] = ()
    """Pairs of domains for which the data set is a ``genaudit.plugin.components.TranslationTruth``, either way."""
    licence: str = ""
    settle: str = ""
    """``module:function`` of a light function ``(spec, options) -> DatasetSpec``, as for a generator: for data whose
    shape, splits or attributes depend on the options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractorSpec(ComponentSpec):
    """Images to features. Its target is called as ``target(options, device)`` and returns the extractor.

    Options may have a property ``remarks``: sentences that a reader of the record must know.
    """

    kind: ClassVar[str] = "extractor"

    data_kind: str = "image"
    outputs: Mapping[str, int] = field(default_factory=dict)
    """Name of each output (``features``, ``low_level``, ``logits``) to its dimension; 0 if that is not known yet."""
    classes: tuple[str, ...] = ()
    """Names of the classes that ``logits`` stand for."""
    input_shape: tuple[int, ...] = ()
    """``(c, h, w)`` that it reads; empty if any."""
    reads: tuple[str, ...] = ("uint8",)
    """Types of the levels that it takes: ``uint8``, and ``float32`` if levels in [0, 255] need not be whole."""
    preprocessing: str = ""
    """How images become its input, in words that go into every protocol."""
    costly: bool = True
    """Whether what it says of an image is worth a file: ``--cache`` keeps it unless this is False."""
    settle: str = ""
    """``module:function`` of a light function ``(spec, options) -> ExtractorSpec``, as for a generator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatorSpec(ComponentSpec):
    """Images to one attribute. Its target is called as ``target(options)`` and returns the annotator."""

    kind: ClassVar[str] = "annotator"

    attribute: str = ""
    """What it reads; empty for one that learns to read any labelled attribute (``LearningAnnotator``)."""
    levels: tuple[str, ...] = ()
    """Empty for one that learns: then those of the data set."""
    needs: tuple[str, ...] = ()
    """Extractor outputs that it reads beside the pixels."""
    method: str = ""
    """How labels are made: ``a rule on pixels``, ``the extractor's classifier``."""
    given: bool = False
    """Whether it looks at no image and holds the labels of the generated items by number. Nothing is built then: its
    options have a method ``given(attribute, levels, *, samples, items, names)`` that returns
    ``genaudit.plugin.components.GivenLabels``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSpec(ComponentSpec):
    """A number. Its target is a pure function ``(*needs, options=..., rng=...) -> Estimate | Iterable[Estimate]``.

    Among the estimates an ``Unavailable`` may stand for a group that has no value.
    """

    kind: ClassVar[str] = "metric"

    title: str
    needs: tuple[str, ...]
    """Observations in the order of the function's positional arguments: see ``genaudit.probes``."""
    unit: str
    direction: Direction
    bounds: tuple[float | None, float | None] = (None, None)
    """Smallest and largest possible value; None where there is no bound."""
    min_samples: int = 1
    """Fewest items on either side for which the value is defined."""
    view: str = ""
    """The group under which the value is listed if it compares something else than the generated samples."""
    formula: str = ""
    meaning: str = ""
    """What a reader may conclude, in one or two sentences."""
    caveat: str = ""
    """What the number cannot tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSpec(ComponentSpec):
    """A statement about groups. Its target is a pure function ``(*needs, options=..., rng=...) -> AuditOutcome``."""

    kind: ClassVar[str] = "audit"

    title: str
    needs: tuple[str, ...]
    """Observations in the order of the function's positional arguments: of ``genaudit.probes``, or one of TABLES."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Identifier of each number that it gives to what it is, with its formula."""
    meaning: str = ""
    caveat: str = ""

    @property
    def of_table(self) -> bool:
        """Whether it asks a user's table and not a generator."""
        return any(need in TABLES for need in self.needs)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterSpec(ComponentSpec):
    """A file made from a record, and others beside it. Its target is a function ``(record, folder)``.

    It returns the bytes of the file, or a mapping of path to bytes with the file among them.
    """

    kind: ClassVar[str] = "reporter"

    filename: str
    """Name of the file in the run folder, such as ``report.html``, or of a page in a folder, ``report/index.html``."""
    as_folder: str = ""
    """Name of the reporter that writes the same as a folder of files, for ``--layout dir``; empty if none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonReporterSpec(ComponentSpec):
    """A file made from a comparison of runs. Its target is a function ``comparison -> bytes`` or a mapping as above."""

    kind: ClassVar[str] = "comparison reporter"

    filename: str
    """Name of the file in the comparison's folder, such as ``comparison.html``, or of a page in a folder in it."""
    as_folder: str = ""
    """As of a reporter of runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerSpec(ComponentSpec):
    """Where a finished run is told of. Its target is a function ``(record, folder, options)``."""

    kind: ClassVar[str] = "tracker"


Spec = (
    GeneratorSpec
    | DatasetSpec
    | ExtractorSpec
    | AnnotatorSpec
    | MetricSpec
    | AuditSpec
    | ReporterSpec
    | ComparisonReporterSpec
    | TrackerSpec
)
