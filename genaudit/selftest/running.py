"""All golden cases and all sanity checks, one after the other."""

from __future__ import annotations

import time
from dataclasses import dataclass

from genaudit.selftest.golden_annealing import ANNEALING
from genaudit.selftest.golden_case import GoldenResult, run_case
from genaudit.selftest.golden_codes import CODES
from genaudit.selftest.golden_comparisons import COMPARISONS
from genaudit.selftest.golden_decisions import DECISIONS
from genaudit.selftest.golden_distances import DISTANCES
from genaudit.selftest.golden_diversity import DIVERSITY
from genaudit.selftest.golden_groups import GROUPS
from genaudit.selftest.golden_images import IMAGES
from genaudit.selftest.golden_shares import SHARES
from genaudit.selftest.golden_variety import VARIETY
from genaudit.selftest.sanity_check import SanityResult, Verdict, run_check
from genaudit.selftest.sanity_table import SANITY

GOLDEN = (*DISTANCES, *DIVERSITY, *VARIETY, *IMAGES, *CODES, *ANNEALING, *SHARES, *GROUPS, *DECISIONS, *COMPARISONS)
"""Every golden case, in the order in which it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """What was found on this machine."""

    golden: tuple[GoldenResult, ...]
    sanity: tuple[SanityResult, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every golden case holds and every metric reacts as expected or as is known of it."""
        return all(one.passed for one in self.golden) and all(one.verdict is not Verdict.FAILED for one in self.sanity)

    def count(self, verdict: Verdict) -> int:
        """Reactions with this verdict."""
        return sum(one.verdict is verdict for one in self.sanity)


def selftest() -> SelfTest:
    """Run everything; takes seconds and needs neither torch nor weights nor files."""
    began = time.perf_counter()
    golden = tuple(run_case(case) for case in GOLDEN)
    sanity = tuple(result for check in SANITY for result in run_check(check))
    return SelfTest(golden=golden, sanity=sanity, seconds=time.perf_counter() - began)
