"""What a translation changes, arranged as the matrix of an attribute in one direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.results import MetricResult
from genaudit_reports.content.grouping import pairs_of
from genaudit_reports.content.wording import enumeration, plural
from genaudit_reports.number_format import percent
from genaudit_reports.safe_text import LONGEST_NAME, clean

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

SHARE, EXCESS = "attribute_flip_share", "attribute_flip_excess"
READ, TRULY = "read_as_", "true_translation_read_as_"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipRow:
    """Images that show one level."""

    label: str
    share: MetricResult
    excess: MetricResult

    def cell(self, level: str) -> tuple[float, float] | None:
        """Shares read as a level, of translations and of true translations."""
        details = self.share.details
        return (details[READ + level], details[TRULY + level]) if READ + level in details else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipTable:
    """The levels of an attribute in one direction."""

    direction: str
    attribute: str
    levels: tuple[str, ...]
    """As they are read."""
    rows: tuple[FlipRow, ...]

    @property
    def results(self) -> tuple[MetricResult, ...]:
        """The results that the table shows."""
        return tuple(result for row in self.rows for result in (row.share, row.excess))

    @property
    def finding(self) -> str:
        """Where the model changes more than the reader misreads."""
        changed = [row for row in self.rows if row.excess.interval and row.excess.interval.low > 0]
        text = f"{self.attribute.capitalize()} after translation {self.direction}: "
        of = f"of {plural(len(self.rows), 'level', 'levels')} changed more often than the reader errs."
        if not changed:
            return f"{text}in none {of}"
        worst = sorted(changed, key=lambda row: -row.excess.value)[:3]
        names = [f"{row.label} ({percent(row.excess.value, row.excess.interval)} beyond its errors)" for row in worst]
        return f"{text}in {len(changed)} {of} Most: {enumeration(names)}."


def flip_tables(record: RunRecord) -> list[FlipTable]:
    """One table for every attribute and direction of which levels were counted."""
    shares, excesses = (
        {result.group: result for result in record.results if result.metric == name} for name in (SHARE, EXCESS)
    )
    tables: dict[tuple[str, str], list[FlipRow]] = {}
    for group, share in shares.items():
        pairs = pairs_of(group)
        if len(pairs) != 2 or group not in excesses:  # what is about all levels has no level
            continue
        (_, direction), (attribute, level) = pairs
        tables.setdefault((direction, attribute), []).append(FlipRow(label=level, share=share, excess=excesses[group]))
    return [
        FlipTable(direction=direction, attribute=attribute, levels=_levels(rows), rows=tuple(rows))
        for (direction, attribute), rows in tables.items()
    ]


def _levels(rows: list[FlipRow]) -> tuple[str, ...]:
    names = (name.removeprefix(READ) for row in rows for name in row.share.details if name.startswith(READ))
    return tuple(dict.fromkeys(clean(name, LONGEST_NAME) for name in names))
