"""Who has no truth or no decision is not taken to be like the others when a tolerance is judged."""

import itertools

import numpy as np
import pandas as pd
import pytest

import genaudit
from genaudit.audits.unknown_outcomes import bounds_of_rates
from genaudit.stats.rates import RATES
from genaudit.values.counts import CountTable

DECLARED = {"group": "g", "truth": "y", "decision": "d", "tolerance": 0.1}


def rows(*parts):
    return pd.DataFrame([cells for cells, times in parts for _ in range(times)], columns=["g", "y", "d"])


def verdict(frame, primary="false_positive_rate_difference"):
    record = genaudit.audit(frame, **DECLARED, primary=primary)
    (found,) = [finding for finding in record.findings if finding.rule.startswith("At most")]
    return found.verdict.value, found.rule


ALIKE = [((group, truth, str(d)), 2000 if d else 3000) for group in "AB" for truth in "01" for d in (0, 1)]


@pytest.mark.parametrize(
    ("unknown", "said"),
    [([], "PASS"),
     ([(("B", "0", None), 20)], "PASS"),  # 20 of 5020 cannot add more than 0.004
     ([(("B", "0", None), 2000)], "INCONCLUSIVE"),
     ([(("B", "1", None), 2000)], "PASS"),  # they are not among the negatives
     ([(("B", None, "1"), 2000)], "INCONCLUSIVE"),  # may be negatives who were flagged
     ([(("C", "0", None), 500)], "INCONCLUSIVE")],  # nobody of the group has both
)  # fmt: skip
def test_a_tolerance_is_kept_only_if_those_with_an_unknown_outcome_cannot_break_it(unknown, said):
    found, rule = verdict(rows(*ALIKE, *unknown))
    assert found == said, rule


def test_the_rule_says_what_the_worst_case_adds_and_a_broken_tolerance_stays_broken():
    assert "would break it in the worst case, which adds 0.17 to" in verdict(rows(*ALIKE, (("B", "0", None), 2000)))[1]
    unlike = [*ALIKE, (("B", "0", "1"), 5000)]
    assert verdict(rows(*unlike, (("B", "0", None), 9000)))[0] == "FAIL"


@pytest.mark.parametrize("name", RATES)
def test_the_bounds_are_those_of_every_way_to_fill_in_what_is_unknown(name):
    counts = np.array([[3.0, 2.0], [1.0, 4.0]])
    incomplete = np.zeros((1, 3, 3))
    unknown = [(0, 2), (2, 1), (2, 2), (2, 0), (1, 2)]
    for place in unknown:
        incomplete[0][place] = 1
    may = [(0,), (1,), (0, 1)]
    found = []
    for filled in itertools.product(*(list(itertools.product(may[t], may[d])) for t, d in unknown)):
        every = counts.copy()
        for place in filled:
            every[place] += 1
        above, below = RATES[name].parts(every)
        found.append(above / below)
    table = CountTable(
        group="g", groups=("a",), truth="y", decision="d", counts=counts[None, None], incomplete=incomplete
    )
    assert bounds_of_rates(table, RATES[name])[0] == pytest.approx([min(found), max(found)], abs=1e-15)
