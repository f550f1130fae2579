"""Shares under truncation: corrected at each, and called farther from the reference only if the interval says so."""

import numpy as np
import pytest
from count_tables import values
from group_tables import BLURRED, reading

from genaudit.audits.options import TruncationShareOptions
from genaudit.audits.truncation import truncation
from genaudit.stats.seeds import generator
from genaudit.values.counts import TruncatedCounts
from genaudit.values.findings import Verdict

SURE = [[1000, 0], [0, 1000]]
TRUNCATIONS = (0.3, 1.0)


def counts(at_least, as_drawn, training=(500, 500), confusion=SURE):
    levels = ("orange", "blue")
    return TruncatedCounts(
        reading=reading("colour", levels, confusion),
        truncations=TRUNCATIONS,
        counts=np.array([at_least, as_drawn]),
        training=np.array(training),
    )


def audit(table, **options):
    return truncation((table,), options=TruncationShareOptions(**options), rng=generator(0, "truncation"))


def test_a_collapse_towards_one_level_is_measured_at_its_size():
    """Orange 500 of 1,000 as drawn and 700 at truncation .3, 500 in training: total variation 0 and .2."""
    outcome = audit(counts((700, 300), (500, 500)))
    shares, distances = values(outcome, "share_truncated"), values(outcome, "truncation_distance")
    assert shares["truncation=0.3, colour=orange"].value == pytest.approx(0.7)
    assert distances["truncation=0.3, colour"].value == pytest.approx(0.2)
    assert distances["truncation=1, colour"].value == pytest.approx(0.0)
    shift = values(outcome, "truncation_shift")["truncation=0.3, colour"]
    assert shift.value == pytest.approx(0.2)
    assert shift.interval.low > 0.1
    (said,) = outcome.findings
    assert "lies farther from the training data than at 1: total variation 0.200 against 0.000" in said.statement
    assert said.statement.endswith("are orange; at 1, 500.")
    assert said.verdict is Verdict.DESCRIBED


def test_what_moves_by_chance_is_not_called_a_shift_and_what_moves_back_is_nearer():
    by_chance = audit(counts((508, 492), (500, 500))).findings[0].statement
    assert "neither surely farther from nor nearer to the training data" in by_chance
    back = audit(counts((500, 500), (700, 300))).findings[0].statement
    assert "lies nearer to the training data" in back


def test_shares_are_corrected_for_the_reader_as_in_the_run():
    """Right for .947 of orange and .983 of blue: 610 read as orange of 1,000 are 637.6 (CLEAM's example, turned)."""
    share = values(audit(counts((610, 390), (610, 390), confusion=BLURRED)), "share_truncated")
    one = share["truncation=0.3, colour=orange"]
    assert one.value == pytest.approx((0.610 - 0.017) / (0.947 + 0.983 - 1))
    assert one.details["as_read"] == 0.61


def test_without_the_readers_errors_shares_are_as_read_and_nothing_is_judged():
    outcome = audit(counts((700, 300), (500, 500), confusion=None), reference="training", tolerance=0.01)
    assert "As read" in values(outcome, "share_truncated")["truncation=0.3, colour=orange"].note
    assert {found.verdict for found in outcome.findings} == {Verdict.DESCRIBED}


def test_a_tolerance_is_judged_at_each_truncation():
    outcome = audit(counts((700, 300), (500, 500)), reference="uniform", tolerance=0.1, tolerance_by="us")
    verdicts = {found.group: found.verdict for found in outcome.findings if found.group}
    assert verdicts == {"truncation=0.3, colour": Verdict.FAIL, "truncation=1, colour": Verdict.PASS}


def test_too_few_images_and_a_population_of_another_attribute_are_reasons():
    few = audit(counts((3, 2), (500, 500)))
    assert (few.values, few.unavailable[0].reason_code) == ((), "below_min_n")
    other = audit(counts((700, 300), (500, 500)), reference="population", population=("digit=6:0.5", "digit=7:0.5"))
    assert (other.values, other.unavailable[0].group) == ((), "colour")


def test_the_interval_of_the_shift_holds_it():
    """True shares .75 and .62 against .5 in training: distances .25 and .12; 200 draws of 500 images each."""
    rng, held = generator(0, "draws"), 0
    for _ in range(200):
        low, drawn = rng.binomial(500, [0.75, 0.62])
        table = counts((low, 500 - low), (drawn, 500 - drawn))
        interval = values(audit(table), "truncation_shift")["truncation=0.3, colour"].interval
        held += interval.low <= 0.13 <= interval.high
    assert held >= 181  # 95 of 100, less three standard errors
