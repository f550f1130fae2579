"""Shares of sets of several attributes are those of two where there are two, and their errors those of draws."""

import numpy as np
import pytest

from genaudit.stats.joint_correction import joint_shares, reader_of, taken_at_its_word
from genaudit.stats.seeds import generator
from genaudit.stats.set_correction import set_shares

BLURRED = [[90, 7, 3], [5, 92, 3], [2, 10, 88]]
TWO = [[94, 6], [3, 97]]
OTHER = [[80, 20], [10, 90]]
COUNTS = [[300, 120], [80, 260], [150, 90]]


def test_of_two_attributes_shares_and_errors_are_those_of_the_joint_correction():
    readers = reader_of(BLURRED), reader_of(TWO)
    one, other = set_shares(COUNTS, readers), joint_shares(COUNTS, *readers)
    assert one.shares == pytest.approx(other.shares, abs=1e-12)
    gradient = other.gradient_within(1, 0)
    mine, its = one.standard_error(gradient), other.standard_error(gradient)
    assert (mine.sampling, mine.reading) == pytest.approx((its.sampling, its.reading), rel=1e-12)


def test_reading_the_shares_of_three_attributes_gives_the_counts_again():
    truth = np.arange(1, 13).reshape(3, 2, 2) / 78
    matrices = [np.asarray(table) / np.sum(table, axis=1, keepdims=True) for table in (BLURRED, TWO, OTHER)]
    seen = np.einsum("ijk,ia,jb,kc->abc", truth, *matrices)
    found = set_shares(1e6 * seen, [reader_of(table) for table in (BLURRED, TWO, OTHER)])
    assert found.shares == pytest.approx(truth, abs=1e-12)


def test_the_order_of_attributes_changes_nothing():
    counts = np.arange(1, 13).reshape(3, 2, 2)
    readers = [reader_of(table) for table in (BLURRED, TWO, OTHER)]
    one = set_shares(counts, readers)
    other = set_shares(counts.transpose(2, 0, 1), [readers[2], readers[0], readers[1]])
    assert other.shares.transpose(1, 2, 0) == pytest.approx(one.shares, abs=1e-12)


def test_what_falls_below_0_becomes_the_nearest_distribution():
    counts = np.zeros((2, 2, 2))
    counts[0, 0, 0], counts[1, 1, 1] = 100, 900
    found = set_shares(counts, [reader_of(TWO), reader_of(OTHER), reader_of(TWO)])
    assert found.shares.min() >= 0
    assert found.shares.sum() == pytest.approx(1)
    assert found.shares[1, 1, 1] > found.shares[0, 0, 0]


def test_the_error_of_a_share_is_the_spread_over_repeated_draws():
    """400 draws of items and of three confusion matrices: the standard deviation is known to 3.5 %, three of them."""
    truth = np.array([0.24, 0.16, 0.05, 0.15, 0.18, 0.12, 0.06, 0.04]).reshape(2, 2, 2)
    tables = [np.asarray(table) / np.sum(table, axis=1, keepdims=True) for table in (TWO, OTHER, TWO)]
    read = np.einsum("ijk,ia,jb,kc->abc", truth, *tables).ravel()
    rng, values, errors = generator(0, "set-correction"), [], []
    for _ in range(400):
        counts = rng.multinomial(2000, read).reshape(2, 2, 2)
        found = set_shares(counts, [reader_of([rng.multinomial(300, row) for row in table]) for table in tables])
        inside = found.shares[0, 1]
        values.append(inside[0] / inside.sum())
        gradient = np.zeros((2, 2, 2))
        gradient[0, 1] = -inside[0] / inside.sum() ** 2
        gradient[0, 1, 0] += 1 / inside.sum()
        errors.append(found.standard_error(gradient).total)
    assert np.mean(values) == pytest.approx(0.25, abs=0.01)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.11)


@pytest.mark.parametrize(
    ("counts", "readers", "why"),
    [
        ([[1, 2]], [taken_at_its_word(2), taken_at_its_word(2)], "one axis a reader"),
        ([[0, 0]], [taken_at_its_word(1), taken_at_its_word(2)], "no items"),
        ([[1, 1]], [taken_at_its_word(1), reader_of([[6, 4], [5, 5]])], "too weakly"),
        (
            np.ones((40, 30)),
            [taken_at_its_word(40), taken_at_its_word(30)],
            "1,200 combinations of levels, and at most",
        ),
    ],
)
def test_what_cannot_be_corrected_is_refused(counts, readers, why):
    with pytest.raises(ValueError, match=why):
        set_shares(counts, readers)
