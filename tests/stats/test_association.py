"""What one attribute tells of another, against enumeration."""

import numpy as np
import pytest

from genaudit.stats.association import differential_fairness, guessed, leakage


def test_leakage_is_the_accuracy_of_the_best_of_all_guesses():
    joint = np.array([[0.2, 0.1], [0.05, 0.25], [0.15, 0.25]])
    every = [guessed(joint, [i, j, k]) for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    assert leakage(joint) == pytest.approx(max(every))


def test_independent_attributes_leak_no_more_than_the_larger_group():
    assert leakage(np.outer([0.3, 0.7], [0.6, 0.4])) == pytest.approx(0.6)


def test_a_stronger_association_leaks_more():
    assert leakage([[40, 10], [10, 40]]) > leakage([[30, 20], [20, 30]])


def test_differential_fairness_is_the_largest_of_all_log_ratios():
    joint = np.array([[30.0, 10, 20], [10, 30, 20], [5, 5, 2]])
    chances = joint / joint.sum(axis=0)
    every = [abs(np.log(row[i] / row[j])) for row in chances for i in range(3) for j in range(3)]
    found = differential_fairness(joint)
    assert found.epsilon == pytest.approx(max(every))
    assert abs(np.log(chances[found.outcome, found.more] / chances[found.outcome, found.less])) == max(every)


def test_nothing_is_added_to_the_counts():
    """A program that adds 1 to every cell finds ln(31 / 11) = 1.04 here."""
    assert differential_fairness([[30, 10], [10, 30]]).epsilon == pytest.approx(np.log(3))


@pytest.mark.parametrize(
    ("joint", "why"), [([[1, 0], [1, 1]], "infinite"), ([[1], [2]], "two groups"), ([[0, 1], [0, 1]], "two groups")]
)
def test_a_ratio_that_is_not_finite_is_refused(joint, why):
    with pytest.raises(ValueError, match=why):
        differential_fairness(joint)
