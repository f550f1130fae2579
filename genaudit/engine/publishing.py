"""From a record to files: the canonical JSON first, then every other report, each isolated."""

from __future__ import annotations

import json
import shlex
from contextlib import suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from genaudit.engine.output import DISK
from genaudit.errors import PASSED_ON, IncompleteRun, OutputError
from genaudit.plugin.catalog import LAYOUTS
from genaudit.plugin.loading import load_target, one_line
from genaudit.values.results import Failure
from genaudit.values.serialisation import load_record, rounded, save_record
from genaudit.values.unfinished import ANSWERS, BEGUN, PART

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from genaudit.plugin.catalog import Catalog, Registered
    from genaudit.plugin.specs import ComparisonReporterSpec, ReporterSpec
    from genaudit.values.comparison import Comparison
    from genaudit.values.record import RunRecord
    from genaudit.values.unfinished import Part

CANONICAL, CANONICAL_FILE = "json", "run.json"
OWN_FILES = (
    "run.json", BEGUN, ANSWERS, "samples.npz", "weights.safetensors", "features.safetensors", "counts.csv",
    "counts.json", "log.txt",
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
    path = save_record(record, folder / CANONICAL_FILE)
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


def render_reports(
    folder: Path, formats: Iterable[str], catalog: Catalog, layout: str = LAYOUTS[0]
) -> tuple[RunRecord, dict[str, Path]]:
    """Render reports of a run again, from its record alone; of one that was ended, from what it had answered.

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
    return record, paths


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
        except PASSED_ON:
            raise
        except BaseException as error:  # noqa: BLE001 - one reporter's defect costs neither others nor numbers
            broken[name] = error
    return paths, broken


class ResultsLog:
    """What is needed to report a run that is ended from outside: what it was asked for, and each answer at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, record: RunRecord) -> None:
        """Keep a record without numbers, which lists as not reached what is asked for."""
        save_record(record, self._folder / BEGUN)

    def append(self, parts: Iterable[Part]) -> None:
        """Write a line for each part and close the file.

        Raises:
            IncompleteRun: There is no room for it.
        """
        lines = [
            json.dumps({PART: type(part).__name__, **rounded(asdict(part))}, ensure_ascii=False, allow_nan=False)
            for part in parts
        ]
        try:
            with (self._folder / ANSWERS).open("a", encoding="utf-8") as file:
                file.write("".join(f"{line}\n" for line in lines))
        except OSError as error:
            raise stopped(self._folder, f"Cannot write {self._folder / ANSWERS}: {error.strerror}.") from error

    def finish(self, record: RunRecord) -> None:
        """Write the record of the whole run; what stood in for it is taken away.

        Raises:
            IncompleteRun: There is no room for it.
        """
        try:
            save_record(record, self._folder / CANONICAL_FILE)
        except OutputError as error:
            raise stopped(self._folder, error.message) from error
        with suppress(OSError):
            (self._folder / BEGUN).unlink(missing_ok=True)


def stopped(folder: Path, message: str) -> IncompleteRun:
    """The error of a run that could not write its answers."""
    return IncompleteRun(message, f"{DISK} What was finished: genaudit report {shlex.quote(str(folder))}")


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
        except PASSED_ON:
            raise
        except BaseException as error:  # noqa: BLE001 - one reporter's defect costs no other
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
