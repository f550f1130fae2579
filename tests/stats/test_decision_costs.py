"""Costs of actions: thresholds, third actions, envelopes, cost curves."""

import numpy as np
import pytest

from genaudit.stats.decision_costs import (
    Costs,
    expected_cost_interval,
    lower_envelope,
    normalized_expected_cost,
    probability_cost,
    reject_band,
)
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.seeds import generator


def test_elkans_threshold():
    assert Costs(fp=10, fn=1).threshold == pytest.approx(10 / 11)
    assert Costs(fp=5, fn=4, tp=1, tn=2).threshold == pytest.approx(0.5)
    assert Costs(fp=50, fn=40, tp=10, tn=20).threshold == pytest.approx(0.5)  # unit of cost does not matter


@pytest.mark.parametrize(
    ("third", "costs", "band"),
    [(0.2, Costs(fp=1, fn=1), (0.2, 0.8)), (0.5, Costs(fp=10, fn=1), (0.5, 0.95)), (0.5, Costs(fp=1, fn=1), None)],
)
def test_chows_third_action(third, costs, band):
    found = reject_band(third, costs)
    assert found == (None if band is None else pytest.approx(band))
    if found is None:
        assert third >= costs.fp * costs.fn / (costs.fp + costs.fn)


def test_the_envelope_of_three_actions_on_mail():
    bands = lower_envelope({"inbox": (0, 1), "junk": (10, 0.1), "delete": (100, 0)})
    assert [band.action for band in bands] == ["inbox", "junk", "delete"]
    assert [band.high for band in bands] == pytest.approx([0.9174312, 0.9988901, 1], abs=1e-7)
    without = lower_envelope({"inbox": (0, 1), "delete": (100, 0)})
    assert without[0].high == pytest.approx(0.9900990, abs=1e-7)


def test_the_envelope_is_the_minimum_everywhere_and_dominated_actions_are_not_in_it():
    actions = {"a": (0.0, 5.0), "b": (2.0, 2.0), "c": (6.0, 0.0), "worse": (4.0, 4.0), "same as b": (2.0, 2.0)}
    bands = lower_envelope(actions)
    assert {band.action for band in bands} == {"a", "b", "c"}
    for p in np.linspace(0, 1, 101):
        band = next(one for one in bands if one.low <= p <= one.high)
        cheapest = min((1 - p) * no + p * yes for no, yes in actions.values())
        no, yes = actions[band.action]
        assert (1 - p) * no + p * yes == pytest.approx(cheapest)


def test_a_better_decision_costs_less_on_the_curve():
    costs = [normalized_expected_cost(tpr, fpr, 0.3) for tpr, fpr in ((1, 0), (0.8, 0.1), (0.5, 0.5))]
    assert costs == sorted(costs)
    assert costs[0] == 0


def test_the_normalised_cost_is_the_expected_cost_over_that_of_being_always_wrong():
    costs = Costs(fp=2, fn=7)  # of 60, 20, 5 and 15 people: TN, FP, FN, TP
    at = probability_cost(0.2, costs)
    assert normalized_expected_cost(0.75, 0.25, at) == pytest.approx((2 * 20 + 7 * 5) / (2 * 80 + 7 * 20))


def test_a_mean_of_two_prices_has_wilsons_interval():
    found, wilson = expected_cost_interval((3, 5, 3, 5), (10, 20, 40, 30), 0.9), wilson_interval(50, 100, 0.9)
    assert (found.low, found.high) == pytest.approx((3 + 2 * wilson.low, 3 + 2 * wilson.high))


def test_the_interval_of_a_mean_price_moves_with_the_unit_and_with_what_everybody_pays():
    cells = (70.0, 3.0, 20.0, 7.0)
    one = expected_cost_interval((0, 1, 5, 0.5), cells)
    other = expected_cost_interval((2, 12, 52, 7), cells)  # ten times as much, and 2 more for each
    assert (other.low, other.high) == pytest.approx((2 + 10 * one.low, 2 + 10 * one.high))
    assert one.low < (3 + 5 * 20 + 0.5 * 7) / 100 < one.high


def test_the_interval_of_a_mean_price_lies_between_the_prices_and_has_a_width_without_any_error():
    nobody = expected_cost_interval((0, 1, 2, 0), (600, 0, 0, 300))
    assert nobody.low == 0
    assert 0 < nobody.high < 0.02
    everybody = expected_cost_interval((0, 1, 2, 0), (0, 0, 9, 0))
    assert everybody.low < everybody.high == 2
    assert expected_cost_interval((2, 2, 2, 2), (1, 1, 1, 1)) is None


@pytest.mark.parametrize("people", [30, 300])
def test_a_rare_and_dear_error_is_not_left_out_of_the_interval(people):
    """A normal interval of these contains the truth in 78 % of draws (n = 30)."""
    shares, prices = (0.45, 0.05, 0.05, 0.45), (0, 1, 20, 0)
    draws = generator(0, "expected cost").multinomial(people, shares, size=1500)
    found = [expected_cost_interval(prices, draw.tolist()) for draw in draws]
    inside = np.mean([one.low <= 1.05 <= one.high for one in found])
    assert 0.93 < inside < 0.975  # 1,500 draws: a standard error of 0.006


@pytest.mark.parametrize("given", [{"fp": -1, "fn": 1}, {"fp": 1, "fn": 1, "tn": 1}, {"fp": 1, "fn": 1, "tp": 2}])
def test_costs_that_cannot_be_meant_are_refused(given):
    with pytest.raises(ValueError, match="wrong decision costs more"):
        Costs(**given)
