"""Joint shares are those of Rogan and Gladen where they apply, and their errors those of repeated draws."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.stats.correction import corrected_shares
from genaudit.stats.joint_correction import (
    StandardError,
    corrected_if_worse,
    design_effect,
    joint_shares,
    reader_of,
    share_interval,
    taken_at_its_word,
)
from genaudit.stats.seeds import generator

BLURRED = [[90, 7, 3], [5, 92, 3], [2, 10, 88]]
TWO = [[94, 6], [3, 97]]
COUNTS = [[300, 120], [80, 260], [150, 90]]


def test_the_margin_of_the_joint_shares_is_the_correction_of_one_attribute_alone():
    found = joint_shares(COUNTS, reader_of(BLURRED), reader_of(TWO))
    assert found.shares.sum(axis=0) == pytest.approx(corrected_shares(np.sum(COUNTS, axis=0), TWO).shares, abs=1e-12)
    assert found.shares.sum(axis=1) == pytest.approx(
        corrected_shares(np.sum(COUNTS, axis=1), BLURRED).shares, abs=1e-12
    )


def test_reading_the_corrected_shares_gives_the_counts_again():
    found = joint_shares(COUNTS, reader_of(BLURRED), reader_of(TWO))
    read = np.kron(found.t.matrix, found.a.matrix) @ found.shares.ravel()
    assert read * np.sum(COUNTS) == pytest.approx(np.ravel(COUNTS), abs=1e-9)


def test_readers_taken_at_their_word_change_nothing_and_have_binomial_errors():
    found = joint_shares(COUNTS, taken_at_its_word(3), taken_at_its_word(2))
    assert found.within[0, 0] == pytest.approx(300 / 420)
    error = found.standard_error(found.gradient_within(0, 0))
    assert error.reading == 0
    # the sixth of an item that is added to every cell changes the share of 420 items by less than 0.1 %
    assert error.sampling == pytest.approx((300 / 420 * (120 / 420) / 420) ** 0.5, rel=1e-3)


def test_the_error_of_two_classes_is_the_published_variance():
    n, m, right, rejected, read = 9000, 500, 0.946, 0.984, 0.61
    confusion = np.array([[right * m, (1 - right) * m], [(1 - rejected) * m, rejected * m]])
    found = joint_shares([[read * n, (1 - read) * n]], taken_at_its_word(1), reader_of(confusion))
    p = (read - (1 - rejected)) / (right + rejected - 1)
    apart = (right + rejected - 1) ** 2
    error = found.standard_error(found.gradient_of_level(0))
    assert error.sampling**2 == pytest.approx(read * (1 - read) / n / apart, rel=1e-3)
    reading = (p**2 * right * (1 - right) / m + (1 - p) ** 2 * rejected * (1 - rejected) / m) / apart
    assert error.reading**2 == pytest.approx(reading, rel=0.04)  # half an item added to each of 8 and 27 wrong ones


def test_the_error_of_a_share_within_a_row_is_the_spread_over_repeated_draws():
    """400 draws of items and of both confusion matrices: the standard deviation is known to 3.5 %, three of them."""
    t, a = (np.asarray(table) / np.sum(table, axis=1, keepdims=True) for table in (BLURRED, TWO))
    truth = np.array([[0.24, 0.16], [0.10, 0.20], [0.18, 0.12]])
    read = np.einsum("ta,tu,ab->ub", truth, t, a).ravel()
    rng = generator(0, "joint-correction")
    values, errors = [], []
    for _ in range(400):
        counts = rng.multinomial(2000, read).reshape(3, 2)
        readers = [reader_of([rng.multinomial(300, row) for row in table]) for table in (t, a)]
        found = joint_shares(counts, *readers)
        values.append(found.within[0, 0])
        errors.append(found.standard_error(found.gradient_within(0, 0)).total)
    assert np.mean(values) == pytest.approx(0.6, abs=0.005)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.11)


def test_the_order_of_levels_changes_nothing():
    order = [2, 0, 1]
    mixed = np.asarray(BLURRED)[np.ix_(order, order)]
    one = joint_shares(COUNTS, reader_of(BLURRED), reader_of(TWO))
    other = joint_shares(np.asarray(COUNTS)[order], reader_of(mixed), reader_of(TWO))
    assert other.shares == pytest.approx(one.shares[order], abs=1e-12)


def test_a_share_below_0_becomes_the_nearest_distribution():
    found = joint_shares([[100, 0], [0, 900]], taken_at_its_word(2), reader_of(TWO))
    assert found.unconstrained.min() < 0
    assert found.constrained
    assert found.shares.min() >= 0
    assert found.shares.sum() == pytest.approx(1)


def test_a_worse_reader_has_seen_less_than_there_is():
    """The published sensitivity: .947 less .02 and .05 takes .638 to .652 and .674."""
    confusion = [[947_000, 53_000], [17_000, 983_000]]
    found = joint_shares([[610, 390]], taken_at_its_word(1), reader_of(confusion))
    assert found.within[0, 0] == pytest.approx(0.6376, abs=5e-5)
    assert corrected_if_worse(found, 0, 0, 0.02) == pytest.approx(0.6516, abs=5e-5)
    assert corrected_if_worse(found, 0, 0, 0.05) == pytest.approx(0.6739, abs=5e-5)


def test_a_reader_that_would_be_too_weak_gives_no_sensitivity():
    found = joint_shares([[50, 50]], taken_at_its_word(1), reader_of([[62, 38], [40, 60]]))
    assert corrected_if_worse(found, 0, 0, 0.05) is None


def test_an_interval_of_a_share_of_0_has_wilsons_upper_bound():
    found = joint_shares([[0, 20], [30, 30]], taken_at_its_word(2), taken_at_its_word(2))
    interval, _ = found.interval_within(0, 0)
    assert (interval.low, interval.high) == pytest.approx((0, 0.1611), abs=5e-5)  # Newcombe 1998: 0 of 20


def test_an_interval_widens_with_the_readers_errors_and_holds_its_value():
    sharp, few = reader_of(10_000 * np.array(TWO)), reader_of(TWO)
    one, other = (joint_shares([[940, 60]], taken_at_its_word(1), a).interval_of_level(0)[0] for a in (sharp, few))
    assert other.low < one.low < one.high <= other.high
    value = joint_shares([[940, 60]], taken_at_its_word(1), few).shares[0, 0]
    assert other.low <= value <= other.high


def test_an_interval_at_the_end_is_no_wider_than_beside_it():
    """A share that correction takes to 1 has an interval of the same size as one just below."""
    ends = [
        joint_shares([[k, 1000 - k]], taken_at_its_word(1), reader_of(TWO)).interval_of_level(0)[0] for k in (930, 945)
    ]
    assert ends[1].high == 1
    assert ends[1].width < ends[0].width


def test_renders_that_are_read_alike_count_once():
    assert design_effect([True] * 5 + [False] * 5, [0] * 5 + [1] * 5) == pytest.approx(5)
    assert design_effect([True, False] * 5, range(10)) == pytest.approx(1)
    assert design_effect([True] * 10, [0] * 5 + [1] * 5) == pytest.approx(5)
    assert design_effect([True, False], None) == 1


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: reader_of([[1, 0]]), "k x k"),
        (lambda: reader_of([[1, 0], [0, 0]]), "never measured on class 1"),
        (lambda: reader_of([[1, 0], [0, 1]], 0.5), "design effect"),
        (lambda: joint_shares([[1, 2]], taken_at_its_word(2), taken_at_its_word(2)), "2 x 2"),
        (lambda: joint_shares([[0, 0]], taken_at_its_word(1), taken_at_its_word(2)), "no items"),
        (lambda: joint_shares([[1, 1]], taken_at_its_word(1), reader_of([[6, 4], [5, 5]])), "too weakly"),
        (lambda: share_interval(1.1, StandardError(sampling=0.1, reading=0.0), count=1, n=10), "share lies in"),
    ],
)
def test_what_cannot_be_corrected_is_refused(make, why):
    with pytest.raises(ValueError, match=why):
        make()


@pytest.mark.parametrize(
    ("read", "right", "rejected", "share"),
    [
        (0.610, 0.947, 0.983, 0.6376344), (0.620, 0.947, 0.983, 0.6483871), (0.599, 0.869, 0.885, 0.6419098),
        (0.612, 0.869, 0.885, 0.6591512), (0.482, 0.947, 0.983, 0.5), (0.854, 0.947, 0.983, 0.9),
        (0.110, 0.947, 0.983, 0.1),
    ],
)  # fmt: skip
def test_the_share_in_all_items_is_that_of_rogan_and_gladen_whatever_the_pairs_need(read, right, rejected, share):
    """Golden cases of two levels, in a table one pair of which is below 0 before it is brought back."""
    m, n = 1_000_000, 9_000_000
    reader = reader_of([[right * m, (1 - right) * m], [(1 - rejected) * m, rejected * m]])
    first = [0.1 * read * n, 0.0]  # no item of the first row is read as the second level: fewer than misreadings give
    found = joint_shares([first, [0.9 * read * n, (1 - read) * n]], taken_at_its_word(2), reader)
    assert found.constrained
    assert abs(float(found.shares[:, 0].sum()) - share) > 1e-4
    assert found.level_shares == pytest.approx([share, 1 - share], abs=1e-6)
    interval, _ = found.interval_of_level(0)
    assert interval.low < share < interval.high


def test_a_share_in_all_items_that_correction_takes_beyond_1_is_1():
    found = joint_shares([[970, 0], [0, 30]], taken_at_its_word(2), reader_of([[90, 10], [10, 90]]))
    assert found.level_shares.tolist() == [1, 0]
