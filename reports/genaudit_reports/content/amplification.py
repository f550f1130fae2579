"""Bias amplification of pairs of levels, arranged as a table of rows with their mean last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.results import MetricResult
from genaudit_reports.content.grouping import pairs_of
from genaudit_reports.content.scored import compared
from genaudit_reports.content.wording import enumeration, plural, with_interval
from genaudit_reports.safe_text import LONGEST_NAME, clean

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

METRIC = "bias_amplification"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmplificationTable:
    """The pairs of two attributes."""

    title: str
    row_title: str
    rows: tuple[tuple[str, MetricResult], ...]
    """Label and result of each pair."""
    mean: MetricResult | None
    """Over all pairs that count."""
    compared: str = "training"
    """What the links are those of: ``training`` data or the ``reference`` set."""

    @property
    def results(self) -> tuple[MetricResult, ...]:
        """The results that the table shows, without the mean, which is a number of its own."""
        return tuple(result for _, result in self.rows)

    @property
    def direction(self) -> str:
        """What the training share is compared with, as the audit says it."""
        return clean(str(self.rows[0][1].protocol.parameters.get("direction", "")), LONGEST_NAME)

    @property
    def finding(self) -> str:
        """How many pairs became stronger and weaker beyond their intervals, and the mean."""
        stronger = [label for label, result in self.rows if result.interval and result.interval.low > 0]
        weaker = [label for label, result in self.rows if result.interval and result.interval.high < 0]
        rest = len(self.rows) - len(stronger) - len(weaker)
        parts = [
            f"{plural(len(names), 'is', 'are')} {way} beyond the interval ({enumeration(names)})"
            for names, way in ((stronger, "stronger"), (weaker, "weaker"))
            if names
        ]
        parts += [f"{plural(rest, 'shows', 'show')} no sure change"] if rest else []
        links = plural(len(self.rows), "link", "links")
        text = f"{self.title}: of {links} of the {self.compared} data, {enumeration(parts)}."
        return f"{text} On average {with_interval(self.mean)}." if self.mean else text


def amplification_tables(record: RunRecord) -> list[AmplificationTable]:
    """One table for every two attributes whose pairs were compared."""
    tables: dict[tuple[str, str], list[tuple[str, MetricResult]]] = {}
    for result in record.results:
        pairs = pairs_of(result.group)
        if result.metric == METRIC and len(pairs) > 1:
            key = (" and ".join(name for name, _ in pairs[:-1]), pairs[-1][0])
            label = " ".join(level for _, level in pairs)
            tables.setdefault(key, []).append((label, result))
    return [
        AmplificationTable(
            title=f"Links of {within} and {attribute}",
            row_title=f"{within}, {attribute}",
            rows=tuple(rows),
            compared=compared(record, rows[0][1]),
            mean=_mean(record, f"{attribute} within {within}"),
        )
        for (within, attribute), rows in tables.items()
    ]


def _mean(record: RunRecord, group: str) -> MetricResult | None:
    found = (result for result in record.results if result.metric == METRIC)
    return next((result for result in found if clean(result.group, LONGEST_NAME) == group), None)
