"""The parts of the evidence lower bound, as the sum that they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit_reports.content.grouping import described
from genaudit_reports.content.metric_rows import MetricRow, metric_row
from genaudit_reports.content.wording import with_interval
from genaudit_reports.safe_text import clean, sentence

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

PARTS = ("elbo_reconstruction", "elbo_kl", "elbo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of the sum."""

    sign: str
    label: str
    row: MetricRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Reconstruction term minus KL is the bound."""

    terms: tuple[Term, ...]
    text: str


def evidence(record: RunRecord) -> Evidence | None:
    """The sum, if all three parts were measured."""
    found = {result.metric: result for result in record.results if result.metric in PARTS and not result.group}
    if set(found) != set(PARTS):
        return None
    reconstruction, kl, bound = (found[part] for part in PARTS)
    return Evidence(
        terms=(
            Term(sign="", label="how well codes explain the image", row=metric_row(record, reconstruction)),
            Term(sign="−", label="what the codes cost", row=metric_row(record, kl)),
            Term(sign="=", label="the bound", row=metric_row(record, bound)),
        ),
        text=_text(record, bound),
    )


def _text(record: RunRecord, bound: MetricResult) -> str:
    caveat = described(record, bound.metric)
    unit = clean(bound.unit, 60)
    return f"The bound is {with_interval(bound)} {unit}. " + (sentence(caveat.caveat) if caveat else "")
