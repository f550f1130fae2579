"""A table weighted to margins: against closed forms, positivity, and what the weights are worth."""

from dataclasses import replace

import numpy as np
import pytest
from count_tables import admissions, codes, compas, said, table, values, weighted

from genaudit.audits.raking import raking
from genaudit.audits.table_options import RakingOptions
from genaudit.errors import NotApplicable
from genaudit.stats.proportions import score_interval, wilson_interval
from genaudit.stats.raking import kish, rake, raked_share

MARGINS = {"race": {"B": 0.2, "W": 0.8}, "sex": {"f": 0.51, "m": 0.49}}
ROWS = ((140, 0, 0, 140), (290, 0, 0, 440), (165, 0, 0, 40), (320, 0, 0, 140))
"""TN, FP, FN, TP of Black women and men, White women and men."""
LEVELS = (("B", "f"), ("B", "m"), ("W", "f"), ("W", "m"))


def crossed(rows=ROWS):
    return table(
        rows, [" × ".join(level) for level in LEVELS], group="race × sex", crossed=("race", "sex"), group_levels=LEVELS
    )


def audit(of, margins=MARGINS, **options):
    return raking(of, options=RakingOptions(margins=margins, **options), rng=None)


def test_the_weights_give_the_table_all_its_margins():
    outcome = audit(crossed())
    weights = {group: one.value for group, one in values(outcome, "raking_weight").items()}
    people = {f"race={race}, sex={sex}": sum(row) for (race, sex), row in zip(LEVELS, ROWS, strict=True)}
    total = sum(people.values())
    for name, shares in MARGINS.items():
        for level, share in shares.items():
            own = sum(weights[group] * people[group] for group in people if f"{name}={level}" in group)
            assert own / total == pytest.approx(share, abs=1e-11)
    assert sum(weights[group] * people[group] for group in people) == pytest.approx(total)


def test_shares_effective_people_and_interval_are_those_of_the_numerics():
    outcome = audit(crossed())
    race, sex = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    margins = [(race, np.array([0.2, 0.8])), (sex, np.array([0.51, 0.49]))]
    counts = np.array([[row[0] + row[2], row[1] + row[3]] for row in ROWS], dtype=float)
    raked = rake(counts.sum(axis=1), margins)
    assert values(outcome, "effective_people_raked")[""].value == pytest.approx(kish(raked.weights, counts.sum(axis=1)))
    share, error = raked_share(raked, margins, counts)
    found = values(outcome, "selection_rate_raked")
    assert found[""].value == pytest.approx(share)
    worth = kish(raked.weights, counts.sum(axis=1))
    wilson = score_interval(share, error, how="", degrees_of_freedom=worth - 1)
    assert (found[""].interval.low, found[""].interval.high) == pytest.approx((wilson.low, wilson.high))
    assert set(found) == {"", "race=B", "race=W", "sex=f", "sex=m"}
    # everybody is the declared mixture of the levels of either margin
    for name, shares in MARGINS.items():
        mixed = sum(shares[level] * found[f"{name}={level}"].value for level in shares)
        assert mixed == pytest.approx(share)


def test_a_stratum_may_have_a_margin_too():
    of = replace(admissions(), counts=admissions().counts)
    outcome = audit(of, {"sex": {"man": 0.5, "woman": 0.5}, "department": dict.fromkeys("ABCDEF", 1 / 6)})
    assert len(values(outcome, "raking_weight")) == 12
    by_department = values(outcome, "selection_rate_raked")
    assert by_department["department=A"].value > by_department["department=F"].value


def test_margins_of_the_table_itself_change_nothing():
    shares = {"race": {"Black": 3696 / 6150, "White": 2454 / 6150}}
    outcome = audit(compas(), shares)
    overall = values(outcome, "selection_rate_raked")[""]
    assert overall.value == pytest.approx((805 + 1369 + 349 + 505) / 6150)
    assert values(outcome, "effective_people_raked")[""].value == pytest.approx(6150)


def test_equal_weights_change_nothing_and_unknown_squares_leave_no_interval():
    plain, scaled = (values(audit(of), "selection_rate_raked")[""] for of in (crossed(), weighted(crossed(), 3.0)))
    assert scaled.value == pytest.approx(plain.value)
    assert scaled.interval.width == pytest.approx(plain.interval.width)
    unknown = audit(weighted(crossed(), kept=False))
    assert values(unknown, "selection_rate_raked")[""].interval is None
    assert codes(unknown)["effective_people_raked", ""] == "no_squares"


def test_a_level_in_which_nobody_is_flagged_has_an_upper_limit_all_the_same():
    nobody = crossed(((140, 0, 140, 0), ROWS[1], (165, 0, 40, 0), ROWS[3]))
    found = values(audit(nobody), "selection_rate_raked")["sex=f"]
    assert (found.value, found.interval.low) == (0.0, 0.0)
    assert found.interval.high == pytest.approx(wilson_interval(0, found.n_reference).high, rel=0.01)


def test_people_without_a_level_are_left_out_and_counted():
    of = table([*ROWS, (30, 0, 0, 10)], [*map(str, range(5))], group="race × sex", crossed=("race", "sex"),
               group_levels=(*LEVELS, ("B", "(missing)")))  # fmt: skip
    assert values(audit(of), "selection_rate_raked")[""].value == pytest.approx(
        values(audit(crossed()), "selection_rate_raked")[""].value
    )
    assert "Without a level of one of the margins, and so without a weight: 40 people." in said(audit(of))


def test_a_level_that_nobody_has_is_not_weighted_up():
    empty = crossed((ROWS[0], (0, 0, 0, 0), ROWS[2], (0, 0, 0, 0)))
    with pytest.raises(NotApplicable, match="Nobody in the table has sex=m"):
        audit(empty)


def test_margins_that_no_weights_meet_are_said_to_be_so():
    """Black women and White men alone: both margins would have to be equal."""
    with pytest.raises(NotApplicable, match="some combinations have nobody"):
        audit(crossed((ROWS[0], (0, 0, 0, 0), (0, 0, 0, 0), ROWS[3])))


def test_few_effective_people_have_no_share():
    few = crossed(((3, 0, 0, 2), ROWS[1], ROWS[2], ROWS[3]))
    strict = audit(few, {"race": {"B": 0.999, "W": 0.001}, "sex": {"f": 0.999, "m": 0.001}})
    assert codes(strict)["selection_rate_raked", ""] == "below_min_n"


@pytest.mark.parametrize("margins", [{"sex": {"f": 0.5, "m": 0.6}}, {"sex": {"f": 1.5, "m": -0.5}}, {"sex": {}}])
def test_a_margin_that_is_none_is_refused(margins):
    with pytest.raises(ValueError, match="shares of the margin sex"):
        RakingOptions(margins=margins)
