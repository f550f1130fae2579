"""What is installed: every component under its kind and name, with the plugin and distribution that brought it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from genaudit.errors import PASSED_ON, PluginError, unknown_name
from genaudit.plugin.loading import one_line
from genaudit.plugin.specs import (
    AnnotatorSpec,
    AuditSpec,
    ComparisonReporterSpec,
    ComponentSpec,
    DatasetSpec,
    ExtractorSpec,
    GeneratorSpec,
    MetricSpec,
    ReporterSpec,
    TrackerSpec,
)
from genaudit.values.run import PluginStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from genaudit.values.record import RunRecord

S = TypeVar("S", bound=ComponentSpec)
R = TypeVar("R", ReporterSpec, ComparisonReporterSpec)

KINDS = tuple(
    spec.kind
    for spec in (
        GeneratorSpec,
        DatasetSpec,
        ExtractorSpec,
        AnnotatorSpec,
        MetricSpec,
        AuditSpec,
        ReporterSpec,
        ComparisonReporterSpec,
        TrackerSpec,
    )
)
"""Every kind of component."""

SEE_PLUGINS = "See 'genaudit plugins list'."
MOST_TOLD = 3
"""Plugins that failed, of which an error about a missing name tells the reasons."""
LAYOUTS = ("file", "dir")
"""How a report is written: as one file, or as a folder of files. The first is usual."""
SEE = {"metric": "See 'genaudit metrics list'.", "dataset": "See 'genaudit datasets list'."}
"""Kinds with a list of their own."""

VIEW = re.compile(r"\s*([^\[]*?)\s*\[\s*(.*?)\s*\]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Generic[S]):
    """A component and where it comes from."""

    spec: S
    plugin: str
    """Name of the entry point that brought it."""
    distribution: str
    version: str
    """Version of the distribution; the component's own is ``spec.version``."""

    @property
    def origin(self) -> str:
        """The distribution with its version, such as ``genaudit 0.1.0``."""
        return f"{self.distribution} {self.version}".strip()


class Observer(NamedTuple):
    """A plugin's wish to hear that a run is finished."""

    plugin: str
    origin: str
    finished: Callable[[RunRecord], object]


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """Every component that was found; built by ``genaudit.plugin.manager.load_plugins``."""

    statuses: tuple[PluginStatus, ...]
    """What became of each entry point, in the order in which they were found."""
    registered: tuple[Registered[Any], ...] = ()
    observers: tuple[Observer, ...] = ()
    idle_blocks: tuple[str, ...] = ()
    """Names that were to be blocked and that nothing carries."""

    def names(self, kind: str) -> list[str]:
        """Names of a kind, sorted; clashing ones too."""
        return sorted({name for name, _ in self._by_name[kind]})

    def all(self, kind: str) -> list[Registered[Any]]:
        """Every component of a kind that can be used, in the order of registration; clashing names are left out."""
        return [found[0] for found in self._by_name[kind].values() if len(found) == 1]

    def get(self, kind: str, name: str) -> Registered[Any]:
        """The component of that kind and name; of a metric with several views the one of the generated samples.

        Raises:
            UnknownName: There is none.
            PluginError: Its plugin failed or is blocked, two plugins bring that name, or a module that it requires is
                not installed.
        """
        views = {view: found for (given, view), found in self._by_name[kind].items() if given == name}
        if not views:
            raise self._missing(kind, name)
        found = _only(views[min(views)])
        _check_requirements(found)
        same_file = self._files[found.spec.filename.lower()] if kind == "reporter" else [found]
        if len(same_file) > 1:
            raise PluginError(_file_clash(same_file), f"Keep one out: {_ways_to_block(same_file)}.")
        return found

    def generator(self, name: str) -> Registered[GeneratorSpec]:
        """As ``get``."""
        return self.get("generator", name)

    def dataset(self, name: str) -> Registered[DatasetSpec]:
        """As ``get``."""
        return self.get("dataset", name)

    def extractor(self, name: str) -> Registered[ExtractorSpec]:
        """As ``get``."""
        return self.get("extractor", name)

    def annotator(self, name: str) -> Registered[AnnotatorSpec]:
        """As ``get``."""
        return self.get("annotator", name)

    def audit(self, name: str) -> Registered[AuditSpec]:
        """As ``get``."""
        return self.get("audit", name)

    def reporter(self, name: str) -> Registered[ReporterSpec]:
        """As ``get``."""
        return self.get("reporter", name)

    def reporters(self, names: Iterable[str], layout: str = LAYOUTS[0]) -> dict[str, Registered[ReporterSpec]]:
        """Reporters by the names that were asked for; with layout ``dir`` as folders of files, where they can.

        Raises:
            UnknownName: There is no such reporter or layout.
        """
        return _laid_out(self.reporter, names, layout)

    def comparison_reporter(self, name: str) -> Registered[ComparisonReporterSpec]:
        """As ``get``."""
        return self.get("comparison reporter", name)

    def comparison_reporters(
        self, names: Iterable[str], layout: str = LAYOUTS[0]
    ) -> dict[str, Registered[ComparisonReporterSpec]]:
        """As ``reporters``, for comparisons."""
        return _laid_out(self.comparison_reporter, names, layout)

    def tracker(self, name: str) -> Registered[TrackerSpec]:
        """As ``get``."""
        return self.get("tracker", name)

    def metrics(self, name: str) -> list[Registered[MetricSpec]]:
        """Every view of a metric, or the one that is named behind it as in ``fid [low-level]``.

        Raises:
            UnknownName: There is none.
            PluginError: Its plugin failed or is blocked, or two plugins bring the same view of it.
        """
        name, view = metric_and_view(name)
        found = self._by_name["metric"]
        views = {key[1]: found[key] for key in sorted(found) if key[0] == name}
        if not views:
            raise self._missing("metric", name)
        if view is None:
            return [_only(same) for same in views.values()]
        if view not in views:
            others = [other for other in views if other]
            raise unknown_name(
                f"view of {name}", view, others, f"'{name}' alone means all of them.", listed="There are"
            )
        return [_only(views[view])]

    @cached_property
    def clashes(self) -> tuple[str, ...]:
        """One sentence for each name that more than one plugin brings, and for each file that two reporters write."""
        found = (found for kind in KINDS for _, found in sorted(self._by_name[kind].items()))
        names = [_clash(same) for same in found if len(same) > 1]
        files = [_file_clash(same) for same in self._files.values() if len({item.spec.name for item in same}) > 1]
        return (*names, *files, *map(self._intrusion, self._intruding))

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """One line for each plugin that did not load wholly, for each clash, and for each block of nothing."""
        broken = (f"{_failed(status)}." for status in self.statuses if status.error)
        idle = (
            f"Nothing is blocked by '{name}': no plugin or distribution has that name." for name in self.idle_blocks
        )
        return (*broken, *self.clashes, *idle)

    def notify_finished(self, record: RunRecord) -> list[str]:
        """Tell every observer that a run is finished; what they raise comes back as lines of text."""
        warnings = []
        for observer in self.observers:
            try:
                observer.finished(record)
            except PASSED_ON:
                raise
            except BaseException as error:  # noqa: BLE001 - an observer never harms a finished run
                warnings.append(
                    f"Plugin '{observer.plugin}' ({observer.origin}) failed at stage hook genaudit_run_finished: "
                    f"{one_line(error)}."
                )
        return warnings

    @cached_property
    def _by_name(self) -> dict[str, dict[tuple[str, str], list[Registered[Any]]]]:
        found: dict[str, dict[tuple[str, str], list[Registered[Any]]]] = {kind: {} for kind in KINDS}
        for item in self.registered:
            if item in self._intruding:
                continue
            view = item.spec.view if isinstance(item.spec, MetricSpec) else ""
            found[item.spec.kind].setdefault((item.spec.name, view), []).append(item)
        return found

    @cached_property
    def _owners(self) -> dict[str, Registered[MetricSpec]]:
        """Metric to the first that brings its main view, of the samples: the name is that distribution's."""
        metrics = [item for item in self.registered if isinstance(item.spec, MetricSpec)]
        ordered = sorted(metrics, key=lambda item: bool(item.spec.view))
        return {item.spec.name: item for item in reversed(ordered)}

    @cached_property
    def _intruding(self) -> tuple[Registered[MetricSpec], ...]:
        """Views of a metric that another distribution brings than the one whose name it is."""
        return tuple(
            item
            for item in self.registered
            if isinstance(item.spec, MetricSpec)
            and item.spec.view
            and self._owners[item.spec.name].distribution != item.distribution
        )

    def _intrusion(self, item: Registered[MetricSpec]) -> str:
        spec = item.spec
        return (
            f"The view '{spec.view}' of the metric '{spec.name}', brought by {item.origin} (plugin '{item.plugin}'), "
            f"is left out: the name belongs to {self._owners[spec.name].origin}. A metric of another name may be added."
        )

    @cached_property
    def _files(self) -> dict[str, list[Registered[ReporterSpec]]]:
        """Reporters by the file that they write; case does not tell files apart everywhere."""
        found: dict[str, list[Registered[ReporterSpec]]] = {}
        for item in self.registered:
            if isinstance(item.spec, ReporterSpec):
                found.setdefault(item.spec.filename.lower(), []).append(item)
        return found

    def _missing(self, kind: str, name: str) -> Exception:
        for status in self.statuses:
            if status.name == name and (status.error or status.state == "blocked"):
                return _not_loaded(kind, status)
        blocked = [status.name for status in self.statuses if status.state == "blocked"]
        # what a plugin that failed would have brought is not known
        broken = [f"{_failed(status)}." for status in self.statuses if status.error]
        parts = [
            f"A plugin that was not loaded may bring it: {' '.join(broken[:MOST_TOLD])} Install a version of it that "
            "works with this genaudit, or the genaudit that it asks for."
            if broken
            else "",
            SEE.get(kind, SEE_PLUGINS),
            f"Blocked: {', '.join(blocked)}." if blocked else "",
        ]
        return unknown_name(kind, name, self.names(kind), " ".join(filter(None, parts)))


def metric_and_view(text: str) -> tuple[str, str | None]:
    """The parts of a metric's name as lists show it; no view means all of them.

    >>> metric_and_view("fid"), metric_and_view("fid [low-level]")
    (('fid', None), ('fid', 'low-level'))
    """
    found = VIEW.fullmatch(text)
    return (found[1], found[2]) if found else (text, None)


def origin_of(status: PluginStatus) -> str:
    """The distribution of a plugin with its version."""
    return f"{status.distribution} {status.version}".strip()


def _laid_out(named: Callable[[str], Registered[R]], names: Iterable[str], layout: str) -> dict[str, Registered[R]]:
    if layout not in LAYOUTS:
        raise unknown_name("layout", layout, LAYOUTS, listed="There are")
    found = {name: named(name) for name in dict.fromkeys(names)}
    if layout == LAYOUTS[0]:
        return found
    return {name: named(one.spec.as_folder) if one.spec.as_folder else one for name, one in found.items()}


def _only(found: list[Registered[Any]]) -> Registered[Any]:
    if len(found) == 1:
        return found[0]
    raise PluginError(_clash(found), f"Keep one out: {_ways_to_block(found)}.")


def _check_requirements(found: Registered[Any]) -> None:
    """Nothing, if every module is there that a component says it requires."""
    absent = [module for module in found.spec.requires if find_spec(module) is None]
    if absent:
        raise PluginError(
            f"The {found.spec.kind} '{found.spec.name}' needs {' and '.join(absent)}, which "
            f"{'is' if len(absent) == 1 else 'are'} not installed.",
            f"Run: pip install '{found.spec.install or ' '.join(absent)}'",
        )


def _clash(found: list[Registered[Any]]) -> str:
    spec = found[0].spec
    places = " and ".join(f"{item.origin} (plugin '{item.plugin}')" for item in found)
    return f"The {spec.kind} '{spec.name}' is brought by {places}, so it is not clear which one is meant."


def _file_clash(found: list[Registered[ReporterSpec]]) -> str:
    writers = " and ".join(f"'{item.spec.name}' of {item.origin} (plugin '{item.plugin}')" for item in found)
    return f"The reporters {writers} write the same file, {found[0].spec.filename}."


def _ways_to_block(found: Sequence[Registered[Any]]) -> str:
    """One ``--block`` for each; the distribution is named where the entry points share a name."""
    plugins = [item.plugin for item in found]
    words = (item.plugin if plugins.count(item.plugin) == 1 else f"{item.distribution}:{item.plugin}" for item in found)
    return " or ".join(f"--block {word}" for word in dict.fromkeys(words))


def _failed(status: PluginStatus) -> str:
    extent = "failed" if status.state == "failed" else "partly failed"
    return f"Plugin '{status.name}' ({origin_of(status)}) {extent} at stage {status.error}"


def _not_loaded(kind: str, status: PluginStatus) -> PluginError:
    if status.state == "blocked":
        return PluginError(
            f"Plugin '{status.name}' ({origin_of(status)}) is blocked, so there is no {kind} '{status.name}'.",
            "Take it out of --block, of GENAUDIT_BLOCK or of the configuration file.",
        )
    return PluginError(
        f"{_failed(status)}; so there is no {kind} '{status.name}'.",
        f"Mend or update {status.distribution}. {SEE_PLUGINS}",
    )
