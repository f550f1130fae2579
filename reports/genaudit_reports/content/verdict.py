"""What the page says of the gate: the verdict first, its grounds, and every number against its baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.findings import Verdict
from genaudit_reports.content.summary import Statement
from genaudit_reports.gate_text import SIGNS, change_cells, sign, word
from genaudit_reports.number_format import restyled
from genaudit_reports.safe_text import LONGEST_NAME, clean, sentence

if TYPE_CHECKING:
    from genaudit.values.gate import Change
    from genaudit.values.record import RunRecord

MOST_GROUNDS = 4
MOST_ROWS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictText:
    """The gate's part of the page."""

    statement: Statement
    grounds: tuple[str, ...]
    """Sentences of what failed or is missing."""
    question: str
    baseline: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def verdict(record: RunRecord) -> VerdictText | None:
    """The texts of a judged run; None if no baseline was compared."""
    gate = record.gate
    if gate is None:
        return None
    serious = [one for one in gate.worst_first if one.missing or one.verdict is Verdict.FAIL]
    accepted = f"{gate.baseline_created} {gate.baseline_git}".strip()
    return VerdictText(
        statement=Statement(
            sign=SIGNS[gate.verdict],
            word=gate.verdict.value,
            kind="plain" if gate.verdict in {Verdict.PASS, Verdict.DESCRIBED} else "problem",
            text=restyled(sentence(gate.sentence)),
        ),
        grounds=tuple(_grounds(serious)),
        question=restyled(sentence(gate.question)),
        baseline=sentence(f"Baseline of {accepted}: {clean(gate.baseline_reason)}"),
        notes=tuple(restyled(sentence(text)) for text in gate.warnings),
        columns=("Number", "Value", "Baseline", "Worse by", "Interval", "Tolerance", "Verdict"),
        rows=tuple((clean(one.name, LONGEST_NAME), *change_cells(one)) for one in gate.worst_first[:MOST_ROWS]),
    )


def _grounds(serious: list[Change]) -> list[str]:
    """The first sentences of what failed or is missing, and how many more there are."""
    said = [f"{sign(one)} {word(one)}: {restyled(sentence(one.sentence))}" for one in serious[:MOST_GROUNDS]]
    further = len(serious) - MOST_GROUNDS
    return [*said, f"{further} more: see the change against the baseline."] if further > 0 else said
