"""What an audit says: a sentence made from counts, with its interval and a verdict that may be undecided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from genaudit.values.results import Estimate, Interval, Series, Unavailable

NO_TOLERANCE = "No tolerance was set: described, not judged."
"""The rule of a finding that is described only."""


class Verdict(StrEnum):
    """Whether a value keeps a tolerance that somebody set."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    """The whole interval lies inside the tolerance."""
    FAIL = "FAIL"
    """The whole interval lies outside."""
    INCONCLUSIVE = "INCONCLUSIVE"
    """The interval reaches over the edge: more data would decide."""
    DESCRIBED = "DESCRIBED"
    """No tolerance was set: the value is described and not judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One statement about groups."""

    audit: str
    attribute: str
    group: str
    statement: str
    """A sentence whose numbers come from counts."""
    value: float | None
    """None where there are too few items to estimate it; the statement says so."""
    interval: Interval | None
    verdict: Verdict
    rule: str
    """The tolerance and who set it; for a description, that none was set."""
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditValue:
    """One number of an audit: ``share_generated`` of a group, say."""

    name: str
    """Identifier of the value, as listed for users."""
    unit: str
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOutcome:
    """What an audit function returns."""

    values: tuple[AuditValue, ...]
    findings: tuple[Finding, ...]
    unavailable: tuple[Unavailable, ...] = ()
    """Values that are undefined on this table, each with its reason code: never 0 and never dropped."""
    series: tuple[Series, ...] = ()
    """Curves that a report may draw, such as a predictive value against the prevalence."""
