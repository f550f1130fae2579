"""From a record to files: the canonical JSON first, then every other report, each isolated."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from genaudit.engine.output import DISK
from genaudit.errors import OutputError
from genaudit.plugin.catalog import LAYOUTS
from genaudit.plugin.loading import load_target, one_line
from genaudit.values.results import Failure, MetricResult, Unavailable
from genaudit.values.serialisation import load_record, rounded, save_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from genaudit.plugin.catalog import Catalog, Registered
    from genaudit.plugin.specs import ComparisonReporterSpec, ReporterSpec
    from genaudit.values.comparison import Comparison
    from genaudit.values.record import RunRecord

CANONICAL = "json"
OWN_FILES = (
    "run.json", "metrics.jsonl", "samples.npz", "weights.safetensors", "features.safetensors", "counts.csv", "log.txt",
)  # fmt: skip
"""Files that the engine writes and no reporter may; nor anything in ``samples/``."""


def publish(
    record: RunRecord,
    folder: Path,
    reporters: Mapping[str, Registered[ReporterSpec]],
    log: Callable[[BaseException], None],
) -> tuple[RunRecord, dict[str, Path]]:
    """Write ``run.json`` and every report; a reporter that fails becomes a failure in the record.

    Reports are made from the record as it reads back, so that rendering again gives the same bytes.

    Returns:
        The record as written, and format to path.
    """
    path = save_record(record, folder / "run.json")
    record = load_record(path)
    paths, broken = _render_all(record, folder, reporters)
    for error in broken.values():
        log(error)
    if broken:
        failures = tuple(
            Failure(
                component=name, stage="report", error=one_line(error), hint=f"Report it to {reporters[name].origin}."
            )
            for name, error in broken.items()
        )
        record = replace(record, failures=(*record.failures, *failures))
        save_record(record, path)
    return record, {CANONICAL: path, **paths}


def render_reports(folder: Path, formats: Iterable[str], catalog: Catalog, layout: str = LAYOUTS[0]) -> dict[str, Path]:
    """Render reports of a finished run again, from its ``run.json`` alone.

    Raises:
        RecordError: The folder holds no record.
        UnknownName: No such format, or no such layout.
        OutputError: Reporters failed; the message says which and why. The others have written their files.
    """
    reporters = catalog.reporters(formats, layout)
    record = load_record(folder)
    paths, broken = _render_all(record, folder if folder.is_dir() else folder.parent, reporters)
    if broken:
        said = " ".join(
            f"Report '{name}' of {reporters[name].origin} failed: {one_line(error)}." for name, error in broken.items()
        )
        written = f"Written: {', '.join(paths)}." if paths else "None was written."
        raise OutputError(said, written) from next(iter(broken.values()))
    return paths


def _render_all(
    record: RunRecord, folder: Path, reporters: Mapping[str, Registered[ReporterSpec]]
) -> tuple[dict[str, Path], dict[str, BaseException]]:
    """Format to path of what could be rendered, and format to error of what could not."""
    paths: dict[str, Path] = {}
    broken: dict[str, BaseException] = {}
    taken = {reporter.spec.filename: name for name, reporter in reporters.items()}
    for name, reporter in reporters.items():
        if name == CANONICAL:
            continue
        try:
            made = load_target(reporter)(record, folder)
            others = {path for path, owner in taken.items() if owner != name}
            paths[name] = _write(reporter, made, folder, others)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - one reporter's defect costs neither others nor numbers
            broken[name] = error
    return paths, broken


class ResultsLog:
    """Appends each answer to ``metrics.jsonl`` the moment it is known, so that a crash loses none."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "metrics.jsonl"

    def append(self, answer: MetricResult | Unavailable | Failure) -> None:
        """Write one line and close the file."""
        line = json.dumps(
            {"kind": type(answer).__name__, **rounded(asdict(answer))}, ensure_ascii=False, allow_nan=False
        )
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            raise OutputError(f"Cannot write {self._path}: {error.strerror}.", DISK) from error


def publish_comparison(
    comparison: Comparison, folder: Path, reporters: Iterable[Registered[ComparisonReporterSpec]]
) -> dict[str, Path]:
    """Write every report of a comparison into a folder, which is made if need be; format to path.

    Raises:
        OutputError: The folder cannot be written, or reporters failed; the others have written their files.
    """
    paths: dict[str, Path] = {}
    broken = []
    for reporter in reporters:
        try:
            paths[reporter.spec.name] = _write(reporter, load_target(reporter)(comparison), folder, set())
        except OSError as error:
            raise OutputError(f"Cannot write to {folder}: {error.strerror}.", "Give another folder.") from error
        except (Exception, SystemExit) as error:  # noqa: BLE001 - one reporter's defect costs no other
            broken.append(f"Report '{reporter.spec.name}' of {reporter.origin} failed: {one_line(error)}.")
    if broken:
        raise OutputError(" ".join(broken), f"Written: {', '.join(paths)}." if paths else "None was written.")
    return paths


def _write(
    reporter: Registered[ReporterSpec] | Registered[ComparisonReporterSpec],
    made: bytes | Mapping[str, bytes],
    folder: Path,
    taken: set[str],
) -> Path:
    """Write what a reporter made and return the path of its main file."""
    files = {reporter.spec.filename: made} if isinstance(made, bytes) else dict(made)
    if reporter.spec.filename not in files:
        raise TypeError(f"a reporter returns bytes, or a mapping that holds '{reporter.spec.filename}'")
    for path in files:
        _check_place(folder, path, taken)
    for path, content in files.items():
        _write_whole(folder / path, content)
    return folder / reporter.spec.filename


def _check_place(folder: Path, path: str, taken: set[str]) -> None:
    inside = (folder / path).resolve()
    if not inside.is_relative_to(folder.resolve()):
        raise ValueError(f"a reporter writes into the run folder, not to '{path}'")
    name = inside.relative_to(folder.resolve()).as_posix()
    if name in OWN_FILES or name in taken or name.startswith("samples/"):
        raise ValueError(f"a reporter writes files of its own, not '{name}'")


def _write_whole(target: Path, content: bytes) -> None:
    """Write a file so that nobody ever finds half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise
