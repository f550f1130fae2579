"""Costs of actions: thresholds, third actions, envelopes, cost curves."""

import numpy as np
import pytest

from genaudit.stats.decision_costs import (
    Costs,
    lower_envelope,
    normalized_expected_cost,
    probability_cost,
    reject_band,
)


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
    cells, costs = (60, 20, 5, 15), Costs(fp=2, fn=7)
    worst = (0, 80, 20, 0)
    at = probability_cost(0.2, costs)
    assert normalized_expected_cost(0.75, 0.25, at) == pytest.approx(costs.expected(cells) / costs.expected(worst))


@pytest.mark.parametrize("given", [{"fp": -1, "fn": 1}, {"fp": 1, "fn": 1, "tn": 1}, {"fp": 1, "fn": 1, "tp": 2}])
def test_costs_that_cannot_be_meant_are_refused(given):
    with pytest.raises(ValueError, match="wrong decision costs more"):
        Costs(**given)
