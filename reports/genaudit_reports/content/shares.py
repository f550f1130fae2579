"""Shares of a group in the training data and among generated images, arranged as tables of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.results import Interval
from genaudit_reports.content.grouping import pairs_of
from genaudit_reports.content.scored import compared
from genaudit_reports.content.wording import enumeration
from genaudit_reports.number_format import percent, percent_range, restyled
from genaudit_reports.safe_text import sentence

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

GENERATED = ("share_corrected", "share_generated")
"""Generated shares, the better first: corrected for the annotator's errors, then as read."""
REFERENCE = "share_reference"

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """One group in both places."""

    label: str
    generated: float | None
    interval: Interval | None
    reference: float | None
    n_generated: int = 0
    n_reference: int = 0
    missing: str = ""
    """Why the generated share is not estimable."""
    as_read: float | None = None
    """The generated share before misreadings were taken out."""

    @property
    def moved(self) -> int:
        """1 or -1 if the whole interval lies above or below the training share, else 0."""
        if self.interval is None or self.reference is None:
            return 0
        return int(self.interval.low > self.reference) - int(self.interval.high < self.reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareTable:
    """The share of one level (``colour=orange``) within every level of another attribute, or of all levels of one."""

    title: str
    row_title: str
    correction: str
    rows: tuple[ShareRow, ...]
    compared: str = "training"
    """What the generated shares stand beside: ``training`` data or the ``reference`` set."""

    @property
    def drawable(self) -> list[ShareRow]:
        """Rows with a number in both places."""
        return [row for row in self.rows if row.generated is not None and row.reference is not None]

    @property
    def finding(self) -> str:
        """How many groups moved, and which moved furthest."""
        moved = [row for row in self.drawable if row.moved]
        text = (
            f"{self.title}: in {len(moved) or 'none'} of {len(self.drawable)} groups the generated share differs from "
            f"the {self.compared} data beyond its interval"
        )
        if not moved:
            return text + "."
        furthest = sorted(moved, key=lambda row: -abs((row.generated or 0.0) - (row.reference or 0.0)))[:3]
        names = [
            f"{row.label} ({percent(row.reference or 0.0)} in {self.compared}, "
            f"{percent(row.generated or 0.0, row.interval)} generated, {percent_range(row.interval)})"
            for row in furthest
            if row.interval
        ]
        return f"{text}. Furthest: {enumeration(names)}."


def share_tables(record: RunRecord) -> list[ShareTable]:
    """One table for each share that was read; of two complementary levels only the first."""
    metric = next((name for name in GENERATED if any(result.metric == name for result in record.results)), "")
    generated = _by_pairs(record.results, metric)
    reference = _by_pairs(record.results, REFERENCE)
    missing = {pairs_of(item.group): item.reason for item in record.not_available if item.component in GENERATED}
    keys = list(dict.fromkeys([*generated, *reference, *(pairs for pairs in missing if pairs)]))
    correction = (
        "generated shares corrected for the annotators' errors"
        if metric == "share_corrected"
        else "generated shares as read, not corrected for the annotators' errors"
    )
    beside = next((compared(record, one) for one in [*reference.values(), *generated.values()]), "training")
    tables = []
    for title, row_title, members in _arranged(keys):
        rows = tuple(
            _row(label, generated.get(key), reference.get(key), missing.get(key, "")) for label, key in members
        )
        tables.append(ShareTable(title=title, row_title=row_title, correction=correction, rows=rows, compared=beside))
    return tables


def _by_pairs(results: tuple[MetricResult, ...], metric: str) -> dict[Pairs, MetricResult]:
    found = {pairs_of(result.group): result for result in results if result.metric == metric}
    return {pairs: result for pairs, result in found.items() if pairs}


def _arranged(keys: list[Pairs]) -> list[tuple[str, str, list[tuple[str, Pairs]]]]:
    """Title of a table, title of its rows, and the rows as label and key."""
    tables: dict[tuple[str, str], list[tuple[str, Pairs]]] = {}
    levels: dict[str, list[str]] = {}
    for key in keys:
        attribute, level = key[-1]
        if len(key) == 1:
            tables.setdefault((f"Share of each {attribute}", attribute), []).append((level, key))
            continue
        within = " and ".join(name for name, _ in key[:-1])
        seen = levels.setdefault(f"{within}/{attribute}", [])
        if level not in seen:
            seen.append(level)
        label = ", ".join(value for _, value in key[:-1])
        tables.setdefault((f"Share of {attribute} {level} within each {within}", within), []).append((label, key))
    complements = {
        f"Share of {pair.split('/')[1]} {both[1]} within each {pair.split('/')[0]}"
        for pair, both in levels.items()
        if len(both) == 2
    }
    return [(title, row, members) for (title, row), members in tables.items() if title not in complements]


def _row(label: str, generated: MetricResult | None, reference: MetricResult | None, missing: str) -> ShareRow:
    share = reference.value if reference else generated.details.get("reference") if generated else None
    return ShareRow(
        label=label,
        generated=generated.value if generated else None,
        interval=generated.interval if generated else None,
        reference=share,
        n_generated=generated.n if generated else 0,
        n_reference=(reference.n_reference or reference.n) if reference else 0,
        missing=restyled(sentence(missing)) if generated is None else "",
        as_read=generated.details.get("as_read") if generated else None,
    )
