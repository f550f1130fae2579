"""What became of the tolerances that somebody declared for audits, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

    from genaudit.values.findings import Finding

DESCRIBED: Final = "DESCRIBED"
ORDER: Final = ("FAIL", "INCONCLUSIVE", "PASS")
MOST: Final = 20
"""Verdicts that are written out on a terminal; the report has all."""


def said(finding: Finding) -> str:
    """A statement, behind its verdict and before its rule if it was judged."""
    if finding.verdict.value == DESCRIBED:
        return finding.statement
    return f"{finding.verdict.value}: {finding.statement} ({finding.rule})"


def tally(findings: Iterable[Finding]) -> str:
    """``Tolerances: 1 FAIL, 0 INCONCLUSIVE, 2 PASS.``; empty if nothing was judged."""
    judged = [finding.verdict.value for finding in findings if finding.verdict.value != DESCRIBED]
    counts = ", ".join(f"{judged.count(verdict)} {verdict}" for verdict in ORDER)
    return f"Tolerances: {counts}." if judged else ""


def verdict_lines(findings: Iterable[Finding]) -> list[str]:
    """Every finding that breaks a tolerance or leaves it undecided, the broken first, and how many were kept."""
    every = list(findings)
    open_ = [one for verdict in ORDER[:2] for one in every if one.verdict.value == verdict]
    more = [f"… {len(open_) - MOST:,} more in the report"] if len(open_) > MOST else []
    return [*map(said, open_[:MOST]), *more, *filter(None, [tally(every)])]
