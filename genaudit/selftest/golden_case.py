"""What a golden case is: a computation whose result is known, and what became of it here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ANALYTIC = "closed form"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenCase:
    """A computation with a known result."""

    name: str
    """What is computed, of what, in a few words."""
    compute: Callable[[], float | Sequence[float]]
    """Calls the function as a metric calls it."""
    expected: tuple[float, ...]
    tolerance: float = 1e-9
    """Largest absolute difference of any entry."""
    source: str = ANALYTIC
    """Where the expected value comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenResult:
    """A golden case after it ran."""

    case: GoldenCase
    found: tuple[float, ...]
    """Empty if the computation raised."""
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether every entry was found, is a number and lies within the tolerance."""
        case = self.case
        return len(self.found) == len(case.expected) and all(
            math.isfinite(found) and abs(found - known) <= case.tolerance
            for found, known in zip(self.found, case.expected, strict=True)
        )


def run_case(case: GoldenCase) -> GoldenResult:
    """Compute one case. A computation that raises is a case that failed, with the error as what was found.

    >>> run_case(GoldenCase(name="one and one", compute=lambda: 1 + 1, expected=(2.0,))).passed
    True
    >>> run_case(GoldenCase(name="one over none", compute=lambda: 1 / 0, expected=(2.0,))).error
    'ZeroDivisionError: division by zero'
    """
    try:
        found = case.compute()
    except Exception as error:  # noqa: BLE001 - one broken function must not hide what the others do
        return GoldenResult(case=case, found=(), error=f"{type(error).__name__}: {error}")
    entries = (found,) if isinstance(found, int | float) else tuple(found)
    return GoldenResult(case=case, found=tuple(map(float, entries)))
