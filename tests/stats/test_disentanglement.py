"""Information of units and the spread of importance: closed forms, quadrature, and what must not matter."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from genaudit.stats.disentanglement import (
    completeness,
    disentanglement,
    entropy_of_labels,
    shared_by_labels,
    unit_information,
)
from genaudit.stats.seeds import generator


def test_information_of_two_levels_is_that_of_a_noisy_channel():
    # z of N(±a, s²): ln 2 less the mean entropy of the level given z, by quadrature
    distance, deviation = 1.0, 0.8
    labels = np.arange(400) % 2
    means = np.where(labels == 0, -distance, distance)[:, None]
    told = unit_information(means, np.full(means.shape, 2 * math.log(deviation)), labels, 2)

    def integrand(z):
        one, other = stats.norm.pdf(z, -distance, deviation), stats.norm.pdf(z, distance, deviation)
        return one * math.log(one / (0.5 * one + 0.5 * other))

    exact = integrate.quad(integrand, -8, 8)[0]
    assert told.mean(axis=0)[0] == pytest.approx(exact, abs=1e-6)


def test_a_unit_that_names_the_level_tells_its_entropy_and_one_that_does_not_tells_nothing():
    labels = np.repeat([0, 1, 2], [10, 20, 70])
    means = np.column_stack([10.0 * labels, np.zeros(100)])
    told = unit_information(means, np.zeros(means.shape), labels, 4).mean(axis=0)
    assert told == pytest.approx([entropy_of_labels(labels), 0], abs=1e-5)
    assert entropy_of_labels(labels) == pytest.approx(stats.entropy([0.1, 0.2, 0.7]))


def test_widths_of_posteriors_of_their_own_are_integrated():
    # one level wide, the other narrow, at the same place
    labels = np.arange(200) % 2
    logs = np.where(labels == 0, math.log(4), math.log(0.25))[:, None]
    told = unit_information(np.zeros((200, 1)), logs, labels, 2).mean()

    def part(z, own):
        both = [stats.norm.pdf(z, 0, 2), stats.norm.pdf(z, 0, 0.5)]
        return 0.5 * both[own] * math.log(both[own] / (0.5 * sum(both)))

    exact = sum(integrate.quad(part, -12, 12, args=(own,))[0] for own in (0, 1))
    assert told == pytest.approx(exact, abs=1e-5)


def test_order_scale_and_shift_of_a_unit_do_not_matter_to_what_it_tells():
    rng = generator(0, "units")
    labels = rng.integers(3, size=200)
    means, logs = rng.normal(size=(200, 2)) + labels[:, None], rng.normal(-1, 0.3, size=(200, 2))
    told = unit_information(means, logs, labels, 3)
    turned = unit_information(means[::-1], logs[::-1], labels[::-1], 3)[::-1]
    assert turned == pytest.approx(told, abs=1e-12)
    scaled = unit_information(5 - 3 * means, logs + 2 * math.log(3), labels, 3)
    assert scaled.mean(axis=0) == pytest.approx(told.mean(axis=0), abs=1e-6)


def test_noise_in_a_unit_makes_it_tell_less():
    labels = np.arange(300) % 3
    means = 2.0 * labels[:, None] + generator(0, "within").normal(size=(300, 1))
    values = [unit_information(means, np.full(means.shape, logs), labels, 3).mean() for logs in (-4, -1, 1, 3)]
    assert values == sorted(values, reverse=True)


def test_posteriors_without_width_are_widened_to_two_steps_of_the_line():
    labels = np.arange(100) % 2
    means = 5.0 * labels[:, None] + generator(0, "within").normal(size=(100, 1))
    found = unit_information(means, np.full(means.shape, -300.0), labels, 2)
    assert np.isfinite(found).all()
    assert found.mean() == pytest.approx(math.log(2), abs=0.05)


@pytest.mark.parametrize(
    ("means", "labels", "why"),
    [
        (np.zeros((3, 2)), [0, 1], "one shape"),
        (np.zeros((2, 2)), [0, 2], "labels from 0 to 1"),
        (np.full((2, 2), math.nan), [0, 1], "finite"),
    ],
)
def test_what_has_no_information_is_refused(means, labels, why):
    with pytest.raises(ValueError, match=why):
        unit_information(means, np.zeros(means.shape), labels, 2)


def test_importance_of_the_paper_s_extremes():
    assert disentanglement(np.eye(3)) == pytest.approx(1)
    assert completeness(np.eye(3)) == pytest.approx([1, 1, 1])
    assert disentanglement(np.ones((4, 2))) == pytest.approx(0)
    assert completeness(np.ones((4, 2))) == pytest.approx([0, 0])
    # two units serve one factor each, the third none: it has no weight
    assert disentanglement([[1, 0], [0, 1], [0, 0]]) == pytest.approx(1)
    # both units serve the first factor alone: disentangled, not complete
    assert disentanglement([[1, 0], [1, 0]]) == pytest.approx(1)
    assert completeness([[1, 0], [1, 0]]) == pytest.approx([0, 0])


def test_disentanglement_weighs_units_by_their_importance():
    table = np.array([[3.0, 1.0], [0.0, 4.0]])
    shares = np.array([0.75, 0.25])
    first = 1 + (shares * np.log2(shares)).sum()
    assert disentanglement(table) == pytest.approx(0.5 * first + 0.5)
    assert completeness(table)[1] == pytest.approx(1 + (np.array([0.2, 0.8]) * np.log2([0.2, 0.8])).sum())
    assert disentanglement(table[::-1, ::-1]) == pytest.approx(disentanglement(table))


@pytest.mark.parametrize(
    ("measure", "table"),
    [
        (disentanglement, [[1.0], [1.0]]),
        (completeness, [[1.0, 1.0]]),
        (disentanglement, np.zeros((2, 2))),
        (completeness, [[-1.0, 1.0], [1.0, 1.0]]),
    ],
)
def test_a_table_that_says_nothing_is_refused(measure, table):
    with pytest.raises(ValueError, match=r"2 factors|2 latent units|not all 0"):
        measure(table)


def test_labels_that_go_together_share_what_the_smaller_has():
    colour, digit = np.array([0, 0, 1, 1]), np.array([0, 1, 2, 3])
    assert shared_by_labels(colour, digit) == pytest.approx(1)
    assert shared_by_labels(colour, [0, 1, 0, 1]) == pytest.approx(0, abs=1e-12)
    assert shared_by_labels(colour, np.zeros(4, dtype=int)) == 0
