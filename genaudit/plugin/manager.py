"""The loader: finds plugins by their entry points and keeps one broken plugin from harming the others.

It wraps pluggy instead of using its own loader, because that one ends the program when a plugin cannot be imported,
drops the second of two equal names without a word, and aborts a hook call when one implementation raises. Here every
plugin has a hook manager of its own, and every import and every hook call is isolated.
"""

from __future__ import annotations

import difflib
import inspect
import re
from dataclasses import dataclass, field
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any, NamedTuple

import pluggy

from genaudit.errors import PASSED_ON, PluginError
from genaudit.plugin import GROUP, hookspecs, specs
from genaudit.plugin.catalog import Catalog, Observer, Registered
from genaudit.plugin.loading import one_line
from genaudit.plugin.talk import talk_on_stderr
from genaudit.plugin.validation import defects
from genaudit.plugin.version_range import Asked, asked_of
from genaudit.values.printable import printable
from genaudit.values.run import PluginStatus
from genaudit.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from genaudit.values.record import RunRecord

COMPONENT_HOOKS: dict[str, type[specs.ComponentSpec]] = {
    "genaudit_generators": specs.GeneratorSpec,
    "genaudit_datasets": specs.DatasetSpec,
    "genaudit_extractors": specs.ExtractorSpec,
    "genaudit_annotators": specs.AnnotatorSpec,
    "genaudit_metrics": specs.MetricSpec,
    "genaudit_audits": specs.AuditSpec,
    "genaudit_reporters": specs.ReporterSpec,
    "genaudit_comparison_reporters": specs.ComparisonReporterSpec,
    "genaudit_trackers": specs.TrackerSpec,
}
"""Hook to the type of what it returns."""

FINISHED_HOOK = "genaudit_run_finished"
MOST_SPECS = 1_000
"""Of one hook: one that yields without an end would keep every command waiting."""


class EntryPoint(NamedTuple):
    """An entry point of the group, before it is imported."""

    name: str
    distribution: str
    version: str
    load: Callable[[], object]
    named: bool = False
    """Whether it is a module that the caller named, and no entry point of a distribution."""
    asked: Asked = Asked()
    """What its distribution asks of this version of genaudit."""

    def is_in(self, block: frozenset[str]) -> bool:
        """Whether it is named by plugin, by distribution, or as ``distribution:plugin``."""
        names = (self.name, self.distribution, f"{self.distribution}:{self.name}")
        return not block.isdisjoint(map(_normalised, names))


@dataclass
class _Loading:
    """What is known of one plugin while it is being loaded."""

    entry: EntryPoint
    specs: list[specs.ComponentSpec] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """``stage: what happened``."""
    observer: Observer | None = None
    found: bool = True
    """Whether there is such a module at all."""

    def status(self) -> PluginStatus:
        works = self.specs or self.observer
        return PluginStatus(
            name=self.entry.name,
            distribution=self.entry.distribution,
            version=self.entry.version,
            state="loaded" if not self.errors else "partial" if works else "failed",
            error="; ".join(self.errors),
            components=tuple(f"{spec.kind}:{spec.name}" for spec in self.specs),
            capabilities=tuple(
                dict.fromkeys(name for spec in self.specs for name in getattr(spec, "capabilities", ()))
            ),
        )

    def registered(self) -> Iterator[Registered[Any]]:
        for spec in self.specs:
            yield Registered(
                spec=spec,
                plugin=self.entry.name,
                distribution=self.entry.distribution,
                version=self.entry.version,
            )


def load_plugins(block: Iterable[str] = (), load: Iterable[str] = ()) -> Catalog:
    """Load every installed plugin of the entry-point group ``genaudit``, and modules that are named.

    Args:
        block: Plugins that are not imported: names of entry points or of distributions, or ``distribution:plugin``.
        load: Modules with hooks that are loaded like plugins although no distribution registers them.

    Returns:
        The catalog of their components, with a status for each entry point and module. It never raises for the defect
        of an installed plugin.

    Raises:
        PluginError: A module that was named in ``load`` could not be loaded wholly, or brings nothing.

    >>> catalog = load_plugins(block=["vae"])
    >>> [status.state for status in catalog.statuses if status.name == "vae"] in (["blocked"], [])
    True
    """
    given = [name.strip() for name in block]
    unwanted = frozenset(map(_normalised, given))
    entries = [*_entry_points(), *map(_module, dict.fromkeys(load))]
    statuses: list[PluginStatus] = []
    registered: list[Registered[Any]] = []
    observers: list[Observer] = []
    # what a plugin prints while it is loaded must not mix with the results on stdout
    with talk_on_stderr():
        for entry in entries:
            if entry.is_in(unwanted):
                statuses.append(_blocked(entry))
                continue
            loading = _load(entry)
            if loading.errors and entry.named:
                raise PluginError(
                    f"The module '{entry.name}' that was to be loaded failed at stage {'; '.join(loading.errors)}.",
                    "Mend that module: it is there, and this came out of its own code."
                    if loading.found
                    else "Give the dotted name of an importable module with hooks, as in --load my_model.",
                )
            if entry.named and not (loading.specs or loading.observer):
                raise PluginError(
                    f"The module '{entry.name}' that was to be loaded has no hooks of genaudit, or none that gives "
                    "something.",
                    "Name the module whose functions are marked with @hookimpl, as in --load my_model.",
                )
            statuses.append(loading.status())
            registered.extend(loading.registered())
            observers.extend([loading.observer] if loading.observer else [])
    return Catalog(
        statuses=tuple(statuses),
        registered=tuple(registered),
        observers=tuple(observers),
        idle_blocks=tuple(
            name for name in given if not any(entry.is_in(frozenset({_normalised(name)})) for entry in entries)
        ),
    )


def _entry_points() -> list[EntryPoint]:
    """Every entry point of the group, the core's first, then by distribution and name.

    ``importlib.metadata.entry_points`` would raise for all if one installed distribution has a damaged file.
    """
    found: dict[str, list[EntryPoint]] = {}
    for distribution in metadata.distributions():
        if f"[{GROUP}]" in _text(distribution, "entry_points.txt"):
            head = _head(distribution)
            name, version = _name_and_version(head)
            # the first copy on the path is the one that is imported
            found.setdefault(_normalised(name), _entries_of(distribution, name, version, asked_of(head)))
    every = (entry for entries in found.values() for entry in entries)
    return sorted(every, key=lambda entry: (entry.distribution != GROUP, entry.distribution, entry.name))


def _module(name: str) -> EntryPoint:
    return EntryPoint(
        name=name, distribution=f"module {name}", version="", load=lambda: import_module(name), named=True
    )


def _text(distribution: metadata.Distribution, file: str) -> str:
    try:
        return distribution.read_text(file) or ""
    except (OSError, ValueError):  # not readable or not UTF-8: it cannot be asked
        return ""


def _head(distribution: metadata.Distribution) -> list[tuple[str, str]]:
    """Field and value of every line of the head of its metadata; as text, which is faster than parsing a message."""
    text = _text(distribution, "METADATA") or _text(distribution, "PKG-INFO")
    lines = (line.partition(": ") for line in text.partition("\n\n")[0].splitlines())
    return [(field, value.strip()) for field, _, value in lines]


def _name_and_version(head: list[tuple[str, str]]) -> tuple[str, str]:
    fields = dict(reversed(head))  # the first of each
    return fields.get("Name", "") or "unnamed distribution", fields.get("Version", "")


def _entries_of(distribution: metadata.Distribution, name: str, version: str, asked: Asked) -> list[EntryPoint]:
    try:
        points = [point for point in distribution.entry_points if point.group == GROUP]
    except Exception as error:  # noqa: BLE001 - a malformed file of one distribution is an error of that one only
        return [EntryPoint(name=name, distribution=name, version=version, load=_raising(error))]
    return [
        EntryPoint(name=point.name, distribution=name, version=version, load=point.load, asked=asked)
        for point in dict.fromkeys(points)
    ]


def _raising(error: Exception) -> Callable[[], object]:
    def load() -> object:
        raise ValueError(f"entry_points.txt cannot be read ({one_line(error)})")

    return load


def _blocked(entry: EntryPoint) -> PluginStatus:
    return PluginStatus(name=entry.name, distribution=entry.distribution, version=entry.version, state="blocked")


def _load(entry: EntryPoint) -> _Loading:
    loading = _Loading(entry)
    if entry.asked.unmet:
        loading.errors.append(f"version: it asks for {GROUP}{entry.asked.unmet}, and this is {GROUP} {VERSION}")
        return loading
    if entry.asked.unreadable:
        loading.errors.append(
            f"version: '{printable(entry.asked.unreadable, 80)}' in its metadata is no requirement that can be read, "
            f"so it is not known whether it was made for {GROUP} {VERSION}"
        )
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    try:
        plugin = entry.load()
    except PASSED_ON:
        raise
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything at import: it is reported
        loading.errors.append(f"import: {one_line(error)}")
        loading.found = not _is_absent(entry.name, error)
        return loading
    try:
        manager.register(plugin, entry.name)
        loading.errors.extend(_misspelt_hooks(manager, plugin))
    except Exception as error:  # noqa: BLE001 - pluggy's refusal, or a plugin whose attributes raise: it is reported
        loading.errors.append(f"hook: {one_line(error)}")
        return loading
    for hook in COMPONENT_HOOKS:
        _collect(loading, manager, hook)
    if getattr(manager.hook, FINISHED_HOOK).get_hookimpls():
        loading.observer = _observer(entry, manager)
    return loading


def _is_absent(module: str, error: BaseException) -> bool:
    """Whether importing a module failed because there is none of that name, or the name is no module's."""
    if not all(part.isidentifier() for part in module.split(".")):
        return True
    return isinstance(error, ModuleNotFoundError) and f"{module}.".startswith(f"{error.name}.")


def _collect(loading: _Loading, manager: pluggy.PluginManager, hook: str) -> None:
    """Call one hook of one plugin and keep what is sound; a hook may be a generator that raises half way."""
    caller = getattr(manager.hook, hook)
    if not caller.get_hookimpls():
        return
    try:
        answers = caller()
        for item in _bounded(_items(answers)):
            found = defects(item, COMPONENT_HOOKS[hook])
            loading.errors.extend(f"hook {hook}: {defect}" for defect in found)
            loading.specs.extend([] if found else [item])
    except PASSED_ON:
        raise
    except BaseException as error:  # noqa: BLE001 - a hook may raise anything: it is its plugin's error
        loading.errors.append(f"hook {hook}: {one_line(error)}")


def _items(answers: list[Any]) -> Iterable[Any]:
    """What the hook returned; pluggy leaves None out of the answers."""
    answer = answers[0] if answers else None
    if answer is None or isinstance(answer, str | bytes | dict) or not hasattr(answer, "__iter__"):
        raise TypeError(f"returned {_described(answer)}, not an iterable of specs")
    return answer  # type: ignore[no-any-return]  # checked above: it can be iterated


def _bounded(items: Iterable[Any]) -> Iterator[Any]:
    for number, item in enumerate(items):
        if number == MOST_SPECS:
            raise ValueError(f"it gave more than {MOST_SPECS:,} specs, and was not asked for more")
        yield item


def _described(answer: object) -> str:
    return "None" if answer is None else f"an object of type {type(answer).__name__}"


def _misspelt_hooks(manager: pluggy.PluginManager, plugin: object) -> Iterator[str]:
    """Hooks that do not exist, as pluggy's ``check_pending`` finds them, and hooks that are not marked."""
    existing = [*COMPONENT_HOOKS, FINISHED_HOOK]
    for name in dir(plugin):
        if name.startswith(f"{GROUP}_") and inspect.isroutine(getattr(plugin, name)):
            marked = manager.parse_hookimpl_opts(plugin, name) is not None
            if marked and name not in existing:
                near = difflib.get_close_matches(name, existing, n=1)
                yield f"hook {name}: there is no such hook" + (f"; did you mean '{near[0]}'?" if near else "")
            elif not marked and name in existing:
                yield f"hook {name}: it is not marked with @hookimpl"


def _observer(entry: EntryPoint, manager: pluggy.PluginManager) -> Observer:
    def finished(record: RunRecord) -> None:
        getattr(manager.hook, FINISHED_HOOK)(record=record)

    return Observer(plugin=entry.name, origin=f"{entry.distribution} {entry.version}".strip(), finished=finished)


def _normalised(name: str) -> str:
    """A name as package indexes compare it: case and the kind of dash do not count."""
    return re.sub(r"[-_.]+", "-", name).lower()
