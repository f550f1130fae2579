"""Golden case G10, and the floor as simulated decisions show it."""

import numpy as np
import pytest

from genaudit.stats.hard_decisions import bayes_optimal_shift, separation_of
from genaudit.stats.seeds import generator


@pytest.mark.parametrize(
    ("p", "d", "expected"), [(0.6, 1, 0.0753711), (0.6, 0.5, 0.1984145), (0.7, 1, 0.1284854), (0.5, 1, 0)]
)
def test_g10_the_best_hard_decision_exaggerates(p, d, expected):
    assert bayes_optimal_shift(p, d) == pytest.approx(expected, abs=1e-7)


def test_simulated_best_decisions_say_yes_as_often():
    rng, n, p, d = generator(0, "bayes"), 400_000, 0.7, 1.0
    yes = rng.random(n) < p
    x = rng.normal(np.where(yes, d / 2, -d / 2))
    said = p * np.exp(-((x - d / 2) ** 2) / 2) > (1 - p) * np.exp(-((x + d / 2) ** 2) / 2)
    # the standard error of either share is 0.0007
    assert said.mean() - yes.mean() == pytest.approx(bayes_optimal_shift(p, d), abs=0.003)


def test_the_rarer_answer_is_as_much_too_rare():
    assert bayes_optimal_shift(0.3, 1) == pytest.approx(-bayes_optimal_shift(0.7, 1))


def test_a_sharper_view_exaggerates_less():
    shifts = [bayes_optimal_shift(0.7, d) for d in (0.5, 1, 2, 4, 8)]
    assert shifts == sorted(shifts, reverse=True)
    assert shifts[-1] == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("accuracy", [0.5, 1.0])
def test_guesses_and_certainty_have_no_separation(accuracy):
    with pytest.raises(ValueError, match="between 1/2 and 1"):
        separation_of(accuracy)


@pytest.mark.parametrize(("p", "d"), [(0, 1), (1, 1), (0.5, 0)])
def test_a_share_outside_of_0_to_1_is_refused(p, d):
    with pytest.raises(ValueError, match="between 0 and 1"):
        bayes_optimal_shift(p, d)
