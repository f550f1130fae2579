"""From a record to files: the canonical JSON first, then every other report, each isolated."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from genaudit.errors import OutputError
from genaudit.plugin.loading import load_target, one_line
from genaudit.values.results import Failure, MetricResult, Unavailable
from genaudit.values.serialisation import load_record, rounded, save_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from genaudit.plugin.catalog import Catalog, Registered
    from genaudit.plugin.specs import ReporterSpec
    from genaudit.values.record import RunRecord

CANONICAL = "json"
OWN_FILES = ("metrics.jsonl", "samples.npz", "log.txt")
"""Files that the engine writes and no reporter may."""


def publish(
    record: RunRecord, folder: Path, reporters: Mapping[str, Registered[ReporterSpec]]
) -> tuple[RunRecord, dict[str, Path]]:
    """Write ``run.json`` and every report; a reporter that fails becomes a failure in the record.

    Returns:
        The record as written, and format to path.
    """
    paths = {CANONICAL: save_record(record, folder / "run.json")}
    failures = []
    for name, reporter in reporters.items():
        if name == CANONICAL:
            continue
        try:
            paths[name] = _render(reporter, record, folder)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - one reporter's defect must not cost the others, nor the numbers
            failures.append(
                Failure(component=name, stage="report", error=one_line(error), hint=f"Report it to {reporter.origin}.")
            )
    if failures:
        record = replace(record, failures=(*record.failures, *failures))
        save_record(record, folder / "run.json")
    return record, paths


def render_reports(folder: Path, formats: Iterable[str], catalog: Catalog) -> dict[str, Path]:
    """Render reports of a finished run again, from its ``run.json`` alone.

    Raises:
        RecordError: The folder holds no record.
        UnknownName: No such format.
        OutputError: A reporter failed; the message says which and why.
    """
    reporters = {name: catalog.reporter(name) for name in formats}
    record = load_record(folder)
    place = folder if folder.is_dir() else folder.parent
    paths: dict[str, Path] = {}
    for name, reporter in reporters.items():
        try:
            paths[name] = _render(reporter, record, place)
        except (Exception, SystemExit) as error:  # a reporter's own code
            raise OutputError(
                f"Report '{name}' of {reporter.origin} failed: {one_line(error)}.", f"Report it to {reporter.origin}."
            ) from error
    return paths


class ResultsLog:
    """Appends each answer to ``metrics.jsonl`` the moment it is known, so that a crash loses none."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "metrics.jsonl"

    def append(self, answer: MetricResult | Unavailable | Failure) -> None:
        """Write one line and close the file."""
        line = json.dumps(
            {"kind": type(answer).__name__, **rounded(asdict(answer))}, ensure_ascii=False, allow_nan=False
        )
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _render(reporter: Registered[ReporterSpec], record: RunRecord, folder: Path) -> Path:
    """Write what a reporter makes and return the path of its main file."""
    made = load_target(reporter)(record, folder)
    files = {reporter.spec.filename: made} if isinstance(made, bytes) else dict(made)
    if reporter.spec.filename not in files:
        raise TypeError(f"a reporter returns bytes, or a mapping that holds '{reporter.spec.filename}'")
    for path, content in files.items():
        _write_inside(folder, path, content)
    return folder / reporter.spec.filename


def _write_inside(folder: Path, path: str, content: bytes) -> None:
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()) or target.name in OWN_FILES:
        raise ValueError(f"a reporter writes into the run folder and not over its record, not to '{path}'")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
