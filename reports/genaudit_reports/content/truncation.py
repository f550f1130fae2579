"""Shares of levels at each truncation, arranged as one table for each attribute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.results import MetricResult
from genaudit_reports.content.grouping import pairs_of
from genaudit_reports.content.wording import enumeration
from genaudit_reports.number_format import percent, short

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

METRIC = "share_truncated"


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncatedRow:
    """A level."""

    label: str
    at: dict[float, MetricResult]
    """Truncation to the share there."""

    @property
    def training(self) -> float | None:
        """The share in the training data."""
        return next(iter(self.at.values())).details.get("in_training")


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncatedTable:
    """An attribute."""

    attribute: str
    truncations: tuple[float, ...]
    rows: tuple[TruncatedRow, ...]
    results: tuple[MetricResult, ...]
    """All that it shows, with the second of two levels, which is the complement of the first."""

    @property
    def base(self) -> float:
        """The truncation that leaves images most as they are drawn."""
        return min(self.truncations, key=lambda psi: abs(psi - 1))

    @property
    def least(self) -> float:
        """The truncation nearest to the mean style."""
        return min(self.truncations)

    @property
    def finding(self) -> str:
        """Which levels change most from the base to the least truncation."""

        def change(row: TruncatedRow) -> float:
            return row.at[self.least].value - row.at[self.base].value

        changed = sorted(self.rows, key=lambda row: -abs(change(row)))[:3]
        names = [
            f"{row.label} ({percent(row.at[self.base].value)} at {short(self.base)}, "
            f"{percent(row.at[self.least].value, row.at[self.least].interval)} at {short(self.least)})"
            for row in changed
        ]
        return f"Share of each {self.attribute} as styles move to their mean. Most changed: {enumeration(names)}."


def truncated_tables(record: RunRecord) -> list[TruncatedTable]:
    """One table for each attribute of which every level was read at every truncation; of two levels the first row."""
    found: dict[str, dict[str, dict[float, MetricResult]]] = {}
    for result in record.results:
        pairs = pairs_of(result.group)
        if result.metric != METRIC or len(pairs) != 2:
            continue
        (_, psi), (attribute, level) = pairs
        try:
            found.setdefault(attribute, {}).setdefault(level, {})[float(psi)] = result
        except ValueError:  # a stranger's group
            continue
    tables = []
    for attribute, levels in found.items():
        truncations = tuple(sorted({psi for row in levels.values() for psi in row}))
        whole = [TruncatedRow(label=label, at=at) for label, at in levels.items() if len(at) == len(truncations)]
        rows = whole[:1] if len(whole) == 2 else whole
        if len(truncations) > 1 and rows:
            shown = tuple(result for row in whole for result in row.at.values())
            table = TruncatedTable(attribute=attribute, truncations=truncations, rows=tuple(rows), results=shown)
            tables.append(table)
    return tables
