"""Golden cases G17, G38, G44 and G46, and the error of the inception score."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from genaudit.stats.information import (
    entropy,
    inception_score,
    jensen_shannon_divergence,
    kl_divergence,
    probability_rows,
)
from genaudit.stats.seeds import generator


def one_hot(labels, classes=10):
    return np.eye(classes)[labels]


def test_g17_closed_forms():
    assert inception_score(np.full((100, 10), 0.1), 1).value == pytest.approx(1, abs=1e-12)
    assert inception_score(one_hot(np.arange(100) % 10), 1).value == pytest.approx(10, abs=1e-12)
    assert inception_score([[0.9, 0.1], [0.1, 0.9]], 1).value == pytest.approx(1.4449348112, abs=1e-8)


def shuffled_as_published(rows):
    order = np.arange(len(rows))
    np.random.RandomState(2020).shuffle(order)
    return rows[order]


def test_g17_sorted_classes_score_1_and_shuffled_ones_do_not():
    rows = one_hot(np.repeat(np.arange(10), 100))
    assert inception_score(rows, 10).value == pytest.approx(1, abs=1e-12)
    found = inception_score(shuffled_as_published(rows), 10)
    assert found.value == pytest.approx(9.6446400938, abs=1e-8)
    assert found.split_deviation == pytest.approx(0.1718213345, abs=1e-8)


def test_g17_random_logits():
    rows = special.softmax(np.random.RandomState(0).randn(1000, 10) * 3, axis=1)
    found = inception_score(shuffled_as_published(rows), 10)
    assert found.value == pytest.approx(3.8559055006, abs=1e-8)
    assert found.split_deviation == pytest.approx(0.1251722593, abs=1e-8)
    assert found.one_split == pytest.approx(3.9197473715, abs=1e-8)


def test_order_within_a_split_does_not_matter():
    rows = generator(0, "p").dirichlet(np.ones(5), 200)
    assert inception_score(rows[::-1], 1).value == pytest.approx(inception_score(rows, 1).value, rel=1e-13)


def test_noise_in_the_probabilities_lowers_the_score():
    rows = one_hot(np.arange(200) % 10)
    scores = [inception_score((1 - share) * rows + share / 10, 1).value for share in (0, 0.1, 0.5, 1)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] == pytest.approx(1)


def test_standard_error_is_the_spread_of_repetitions():
    rng = generator(0, "is")
    found = [inception_score(rng.dirichlet(np.full(6, 0.3), 400), 4) for _ in range(200)]
    ratio = np.mean([each.standard_error for each in found]) / np.std([each.value for each in found], ddof=1)
    assert 0.85 < ratio < 1.15  # the spread of 200 draws is known to 5 %


def test_rows_that_are_no_probabilities_are_refused():
    with pytest.raises(ValueError, match="turn logits into probabilities first"):
        inception_score([[2.0, -1.0], [0.5, 0.5]], 1)
    with pytest.raises(ValueError, match="row 1 of 2 is no distribution"):
        probability_rows([[0.5, 0.5], [0.5, np.nan]])
    with pytest.raises(ValueError, match="10 splits of at least 2 rows"):
        inception_score(np.full((19, 2), 0.5), 10)


def test_g44_divergence_of_counts_from_the_uniform_mix():
    assert kl_divergence([0.5, 0.3, 0.2, 0], [0.25] * 4) == pytest.approx(0.3566413471, abs=1e-9)
    half = np.r_[np.full(500, 1 / 500), np.zeros(500)]
    assert kl_divergence(half, np.full(1000, 1 / 1000)) == pytest.approx(math.log(2), abs=1e-9)


def test_an_infinite_divergence_is_refused():
    with pytest.raises(ValueError, match="infinite"):
        kl_divergence([0.5, 0.5], [1.0, 0.0])


def test_g46_jensen_shannon_divergence():
    assert jensen_shannon_divergence([0.5, 0.5], [1, 0]) == pytest.approx(0.2157615543, abs=1e-9)
    assert jensen_shannon_divergence([0.25] * 4, [0.4, 0.3, 0.3, 0]) == pytest.approx(0.0976516056, abs=1e-6)
    assert jensen_shannon_divergence([1, 0], [0, 1]) == pytest.approx(math.log(2))


def test_entropy_of_a_certain_and_of_a_uniform_outcome():
    assert entropy([1, 0, 0]) == 0
    assert entropy([1 / 7] * 7) == pytest.approx(math.log(7))


def test_divergences_of_different_classes_are_refused():
    with pytest.raises(ValueError, match="same classes"):
        kl_divergence([0.5, 0.5], [0.2, 0.3, 0.5])
