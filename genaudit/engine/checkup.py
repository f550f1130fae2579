"""What a run would find on this machine: libraries, devices, room, weights and plugins, and which of it is broken."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from genaudit.cache.contents import kept_features
from genaudit.engine.device import device_name, use_available_threads
from genaudit.extractors.options import PUBLISHED, PUBLISHED_NAME
from genaudit.plugin.loading import one_line
from genaudit.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genaudit.plugin.catalog import Catalog

DISTRIBUTION = "genaudit"
COMPILED = ("torch", "torchvision", "torch_fidelity", "torchmetrics", "scipy.linalg", "sklearn")
"""What is imported to see whether it can be: versions that do not belong together fail only then."""
LITTLE_ROOM = 2**30
"""Bytes of a disk below which reports and samples may not find room."""


class State(StrEnum):
    """How something was found."""

    FINE = "fine"
    ABSENT = "absent"
    """Not there, and no plain run needs it."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    part: str
    """What it belongs to, such as ``library``."""
    name: str
    found: str
    state: State = State.FINE
    hint: str = ""
    """What to do, unless it is fine."""


def examine(
    catalog: Catalog, *, out: Path, cache: Path | None, features: Path | None, inception: str
) -> Iterator[Finding]:
    """Everything that a run depends on beside its own request.

    Args:
        catalog: The plugins, loaded.
        out: Where runs are written.
        cache: Where weights are downloaded to.
        features: Where features are kept; None if nobody named a place.
        inception: File of Inception's weights that the environment names, if it does.
    """
    yield Finding(part="genaudit", name=DISTRIBUTION, found=VERSION)
    yield Finding(part="python", name=platform.python_implementation(), found=platform.python_version())
    yield Finding(part="platform", name=platform.system(), found=platform.platform(aliased=True, terse=True))
    yield from libraries(requires_of(DISTRIBUTION))
    yield from imports(COMPILED)
    yield from devices()
    yield from room(out)
    yield from weights(inception, cache)
    yield from kept(features)
    yield from plugins(catalog)


def requires_of(distribution: str) -> Sequence[str]:
    """What an installed distribution says that it needs; nothing if it runs from its source alone."""
    try:
        return requires(distribution) or ()
    except PackageNotFoundError:
        return ()


def libraries(requirements: Sequence[str]) -> Iterator[Finding]:
    """Each library that is required, by version; of those of an extra, whether the extra is there.

    >>> [(one.name, one.found, one.state.value) for one in libraries(["no-such-library>=2"])]
    [('no-such-library', 'not installed', 'broken')]
    """
    extras: dict[str, list[Requirement]] = {}
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield _library(requirement)
            continue
        for extra in _extras(requirement):
            extras.setdefault(extra, []).append(requirement)
    for extra, needed in extras.items():
        missing = [one.name for one in needed if _library(one).state is State.BROKEN]
        yield Finding(
            part="extra",
            name=extra,
            found=f"without {', '.join(missing)}"
            if missing
            else ", ".join(f"{one.name} {version(one.name)}" for one in needed),
            state=State.ABSENT if missing else State.FINE,
            hint=f"pip install '{DISTRIBUTION}[{extra}]'" if missing else "",
        )


def imports(modules: Sequence[str]) -> Iterator[Finding]:
    """Those modules that cannot be imported, with the first line of the reason.

    >>> [one.found for one in imports(["math", "no_such_module"])]
    ["ModuleNotFoundError: No module named 'no_such_module'"]
    """
    for module in modules:
        try:
            import_module(module)
        except Exception as error:  # noqa: BLE001 - versions that do not fit make a library raise anything
            yield Finding(
                part="import",
                name=module,
                found=one_line(error),
                state=State.BROKEN,
                hint="Install versions that belong together: pip install --force-reinstall torch torchvision.",
            )


def devices() -> Iterator[Finding]:
    """What computes: the processor, and each accelerator or why there is none."""
    try:
        threads = use_available_threads()
        import torch
    except Exception:  # noqa: BLE001 - what it is is told among the imports
        return
    instructions = torch.backends.cpu.get_cpu_capability()
    yield Finding(part="device", name="cpu", found=f"{threads} threads, {instructions}, {platform.machine()}")
    for index in range(torch.cuda.device_count()):
        memory = torch.cuda.get_device_properties(index).total_memory
        name = device_name(torch.device("cuda", index))
        yield Finding(part="device", name=f"cuda:{index}", found=f"{name}, {_gibibytes(memory)}")
    if not torch.cuda.device_count():
        built = f"torch is built for CUDA {torch.version.cuda} and sees no device or no driver"
        yield Finding(
            part="device",
            name="cuda",
            found=built if torch.version.cuda else "torch is built without CUDA",
            state=State.ABSENT,
        )


def room(out: Path) -> Iterator[Finding]:
    """Memory of the machine, and what is free where runs are written."""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        yield Finding(part="room", name="memory", found=_gibibytes(memory))
    there = next(path for path in (out, *out.parents) if path.exists())
    free = shutil.disk_usage(there).free
    little = free < LITTLE_ROOM or not os.access(there, os.W_OK)
    yield Finding(
        part="room",
        name=str(out),
        found=f"{_gibibytes(free)} free" + ("" if os.access(there, os.W_OK) else ", and it cannot be written"),
        state=State.BROKEN if little else State.FINE,
        hint="Name another place: --out FOLDER." if little else "",
    )


def weights(inception: str, cache: Path | None) -> Iterator[Finding]:
    """The weights of Inception: those that are named, else those that were downloaded."""
    path = Path(inception) if inception else (cache / PUBLISHED_NAME if cache else None)
    if path is None or not path.is_file():
        yield Finding(
            part="weights",
            name="inception",
            found=f"there is no file {path}" if inception else "none are named",
            state=State.BROKEN if inception else State.ABSENT,
            hint=f"GENAUDIT_INCEPTION_WEIGHTS=FILE names {PUBLISHED_NAME}; --allow-download fetches it.",
        )
        return
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    published = "the published file" if digest == PUBLISHED else f"not the published file, sha256 {digest[:8]}…"
    yield Finding(part="weights", name="inception", found=f"{path}: {published}")


def kept(features: Path | None) -> Iterator[Finding]:
    """What is kept for later runs, where a place is named."""
    place = "none is named: --cache FOLDER, GENAUDIT_CACHE or cache in [run]"
    if features is None:
        yield Finding(part="cache", name="features", found=place, state=State.ABSENT)
        return
    try:
        files = [block for found in kept_features(features) for block in found.blocks]
    except OSError as error:
        yield Finding(
            part="cache",
            name="features",
            found=f"cannot read {features}: {error.strerror}",
            state=State.BROKEN,
            hint="Name another place: --cache FOLDER.",
        )
        return
    size = sum(file.bytes for file in files) / 2**20
    blocks = f"{len(files):,} {'block' if len(files) == 1 else 'blocks'}"
    yield Finding(part="cache", name="features", found=f"{features}: {blocks}, {size:,.1f} MiB")


def plugins(catalog: Catalog) -> Iterator[Finding]:
    """How many were loaded, each that was not, and names that two of them bring."""
    loaded = [status.name for status in catalog.statuses if status.state == "loaded"]
    yield Finding(part="plugin", name="loaded", found=f"{len(loaded)}: {', '.join(loaded)}")
    for status in catalog.statuses:
        if status.state == "loaded":
            continue
        blocked = status.state == "blocked"
        yield Finding(
            part="plugin",
            name=status.name,
            found=f"{status.state} ({status.distribution} {status.version})"
            + (f": {status.error}" if status.error else ""),
            state=State.ABSENT if blocked else State.BROKEN,
            hint="" if blocked else f"Mend or remove {status.distribution}, or leave it out: --block {status.name}.",
        )
    for clash in catalog.clashes:
        yield Finding(
            part="plugin", name="clash", found=clash, state=State.BROKEN, hint="Block one of them: --block NAME."
        )


def _library(requirement: Requirement) -> Finding:
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        found = ""
    fits = bool(found) and requirement.specifier.contains(found, prereleases=True)
    return Finding(
        part="library",
        name=requirement.name,
        found=(found or "not installed") if fits or not found else f"{found}, where {requirement.specifier} is needed",
        state=State.FINE if fits else State.BROKEN,
        hint="" if fits else f"pip install '{requirement.name}{requirement.specifier}'",
    )


def _extras(requirement: Requirement) -> list[str]:
    """The extras of genaudit that bring a requirement."""
    marker = str(requirement.marker)
    return [part.split('"')[1] for part in marker.split("extra == ")[1:]]


def _gibibytes(count: float) -> str:
    """A number of bytes as people say it.

    >>> _gibibytes(3 * 2**30)
    '3.0 GiB'
    """
    return f"{count / 2**30:,.1f} GiB"
