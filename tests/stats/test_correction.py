"""Golden cases G11 and G13 of the fairness notes, and the interval under repeated sampling."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.stats.correction import corrected_shares
from genaudit.stats.seeds import generator


def reader(first, second, measured=10_000):
    """A confusion matrix of two classes with the shares read correctly."""
    a, b = round(first * measured), round(second * measured)
    return np.array([[a, measured - a], [measured - b, b]])


@pytest.mark.parametrize(
    ("read", "first", "second", "expected"),
    [
        (0.610, 0.947, 0.983, 0.6376344),
        (0.620, 0.947, 0.983, 0.6483871),
        (0.599, 0.869, 0.885, 0.6419098),
        (0.612, 0.947, 0.983, None),
    ],
)
def test_g11_shares_of_the_published_examples(read, first, second, expected):
    # p = (read - (1 - specificity)) / (sensitivity + specificity - 1), for the class read with sensitivity `first`
    found = corrected_shares([read * 1000, 1000 - read * 1000], reader(first, second)).shares[0]
    formula = (read - (1 - second)) / (first + second - 1)
    assert found == pytest.approx(formula, abs=1e-12)
    if expected is not None:
        assert found == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize(("true", "read"), [(0.5, 0.482), (0.9, 0.854), (0.1, 0.110)])
def test_g13_a_fair_generator_looks_48_to_52(true, read):
    matrix = reader(0.947, 0.983)
    seen = np.array([true, 1 - true]) @ matrix / 10_000
    assert seen[0] == pytest.approx(read, abs=5e-4)
    assert corrected_shares(seen * 10_000, matrix).shares == pytest.approx([true, 1 - true], abs=1e-12)


def test_variance_of_two_classes_is_the_published_formula():
    n, m, a0, a1, read = 9000, 500, 0.947, 0.983, 0.61
    found = corrected_shares([read * n, (1 - read) * n], reader(a0, a1, m), smoothing=0)
    a0, a1 = round(a0 * m) / m, round(a1 * m) / m
    p = (read - (1 - a1)) / (a0 + a1 - 1)
    variance = (read * (1 - read) / n + p**2 * a0 * (1 - a0) / m + (1 - p) ** 2 * a1 * (1 - a1) / m) / (
        a0 + a1 - 1
    ) ** 2
    assert found.standard_errors == pytest.approx([variance**0.5] * 2, rel=1e-12)
    # half-widths of the notes: .0178 with 500 labelled images a class, .0108 with a known reader
    assert 1.96 * found.standard_errors[0] == pytest.approx(0.0178, abs=2e-4)
    known = corrected_shares([read * n, (1 - read) * n], reader(a0, a1, 10**9), smoothing=0)
    assert 1.96 * known.standard_errors[0] == pytest.approx(0.0108, abs=1e-4)


def test_a_perfect_reader_changes_nothing():
    found = corrected_shares([50, 30, 20], np.diag([40, 40, 40]))
    assert found.shares == pytest.approx([0.5, 0.3, 0.2])
    assert found.condition == pytest.approx(1)
    assert not found.constrained


def test_a_share_below_0_becomes_the_nearest_distribution_and_says_so():
    matrix = [[90, 10, 0], [5, 90, 5], [0, 10, 90]]
    found = corrected_shares([100, 0, 900], matrix)
    assert found.unconstrained[1] < 0
    assert found.constrained
    assert found.shares.min() >= 0
    assert found.shares.sum() == pytest.approx(1)
    assert found.interval(1).low == 0


def test_interval_covers_the_true_share_of_three_classes():
    """100 seeds: at least 88 intervals hold the truth, as 95 % ones do with probability 0.997."""
    truth = np.array([0.6, 0.3, 0.1])
    errs = np.array([[0.9, 0.06, 0.04], [0.1, 0.85, 0.05], [0.05, 0.1, 0.85]])
    rng = generator(0, "correction")
    hits = 0
    for _ in range(100):
        confusion = np.stack([rng.multinomial(200, row) for row in errs])
        interval = corrected_shares(rng.multinomial(2000, truth @ errs), confusion).interval(1)
        hits += interval.low <= truth[1] <= interval.high
    assert hits >= 88


def test_a_reader_that_hardly_separates_is_refused():
    with pytest.raises(ValueError, match="too weakly"):
        corrected_shares([50, 50], reader(0.6, 0.55))


@pytest.mark.parametrize(
    ("counts", "confusion", "why"),
    [
        ([1, 2], [[1, 0]], "k x k"),
        ([0, 0], [[5, 0], [0, 5]], "no items"),
        ([1, 1], [[5, 0], [0, 0]], "never measured on class 1"),
        ([-1, 1], [[5, 0], [0, 5]], "not negative"),
    ],
)
def test_counts_that_do_not_fit_are_refused(counts, confusion, why):
    with pytest.raises(ValueError, match=why):
        corrected_shares(counts, confusion)
