"""What checks find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Nonconformity(AssertionError):
    """A promise that a generator breaks; the message says how, and what its author can do."""


class Verdict(StrEnum):
    """What a check found."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check of one generator."""

    check: str
    verdict: Verdict
    said: str
    """What is broken and what to do, why the check does not apply, or what it did not look at; else empty."""
