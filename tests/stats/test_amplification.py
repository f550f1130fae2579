"""Golden cases G03, G04, G06 and G10, and every known defect of other programs as a case of its own."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.stats.amplification import (
    Cooccurrence,
    attribute_to_task,
    directions,
    exclusive,
    mals,
)

PAINTING = [[30, 10], [10, 30]]  # painting, not painting: women, men


def painted(p):
    """Women are painting p · 30 times of 40, men as in truth."""
    return [[p * 30, 10], [40 - p * 30, 30]]


def test_g03_cooking_a_third_of_men_becomes_7_of_43():
    assert mals([[300, 600]], [[7, 36]]).value == pytest.approx(0.1705427, abs=1e-6)


@pytest.mark.parametrize(
    ("p", "of_mals", "a_to_t"),
    [(0, -0.5357143, -0.375), (1 / 3, -0.25, -0.25), (2 / 3, -0.1166667, -0.125), (1, 0, 0), (4 / 3, 0.15, 0.125)],
)
def test_g04_women_who_paint(p, of_mals, a_to_t):
    train = exclusive(PAINTING)
    assert mals(PAINTING, painted(p)).value == pytest.approx(of_mals, abs=1e-7)
    assert attribute_to_task(train, train, painted(p)).value == pytest.approx(a_to_t, abs=1e-9)


def test_g06_a_step_towards_base_rates_is_an_amplification_to_one_measure_and_not_to_the_other():
    train = Cooccurrence(
        together=np.array([[60, 40]]), tasks=np.array([100]), attributes=np.array([900, 100]), total=1000
    )
    assert mals([[60, 40]], [[80, 20]]).value == pytest.approx(0.2, abs=1e-12)
    assert attribute_to_task(train, train, [[80, 20]]).value == pytest.approx(-1 / 9, abs=1e-12)


def test_exactly_independent_counts_have_no_direction_where_floating_point_gives_one():
    """Of all such tables of at most 100 items a fifth get a spurious sign from P(a, t) - P(a) P(t) in floats."""
    spurious = independent = 0
    for n in range(2, 101):
        together = [(a, t, a * t // n) for a in range(1, n) for t in range(1, n) if a * t % n == 0]
        for a, t, both in together:
            table = Cooccurrence(together=np.array([[both]]), tasks=np.array([t]), attributes=np.array([a]), total=n)
            assert directions(table)[0, 0] == 0
            independent += 1
            spurious += np.sign(both / n - a / n * (t / n)) != 0
    assert 0.1 < spurious / independent < 0.3


def test_an_even_pair_has_no_direction_and_its_object_still_counts():
    """Two objects, one of them even: the change of the other is halved, whatever becomes of the even one."""
    assert mals([[50, 50], [80, 20]], [[90, 10], [90, 10]]).value == pytest.approx(0.05)
    third = mals([[1, 1, 1], [2, 2, 1]], [[9, 1, 1], [2, 2, 1]])
    assert third.value == 0  # a share of exactly 1/3 is compared in whole numbers


def test_an_object_that_is_never_predicted_is_named_and_not_counted_as_a_zero():
    found = mals([[80, 20], [80, 20]], [[90, 10], [0, 0]])
    assert found.never == (1,)
    assert found.value == pytest.approx(0.1)  # a sum that skips it would halve the mean


def test_changes_that_cancel_are_still_seen():
    found = mals([[80, 20], [80, 20]], [[90, 10], [70, 30]])
    assert (found.value, found.mean_absolute, found.variance) == pytest.approx((0, 0.1, 0.01))


def test_two_groups_are_compared_with_one_half():
    """A program that compares with 1 / (|G| - 1) finds no pair at all for two groups, and always 0."""
    assert mals([[60, 40]], [[70, 30]]).pairs == 1


def test_shares_within_objects_are_compared_and_not_shares_of_all_items():
    """A program that divides by all items gives 0.04 for two such objects of equal size."""
    assert mals([[80, 20], [60, 40]], [[90, 10], [66, 34]]).value == pytest.approx(0.08)


def test_labels_that_do_not_exclude_one_another_are_divided_by_the_people_and_not_by_the_labels():
    """100 women, 100 men; 60 and 20 cook, 90 and 90 eat. Predicted: 70 women cook. Nobody shows 150 women."""
    train = Cooccurrence(
        together=np.array([[60, 20], [90, 90]]),
        tasks=np.array([80, 180]),
        attributes=np.array([100, 100]),
        total=200,
    )
    found = attribute_to_task(train, train, [[70, 20], [90, 90]])
    assert found.changes[0, 0] == pytest.approx(0.1)
    assert found.value == pytest.approx(0.1 / 4)


def test_the_answer_moves_with_the_data():
    """A program that normalises over a single column answers 0 whatever it is given."""
    train = exclusive(PAINTING)
    values = [attribute_to_task(train, train, [[30 + k, 10 - k], [10 - k, 30 + k]]).value for k in (0, 3, 6)]
    assert values == pytest.approx([0, 0.075, 0.15])


def test_names_of_rows_and_columns_do_not_matter():
    train, after = np.array([[30, 20, 10], [5, 25, 30]]), np.array([[35, 15, 10], [2, 28, 30]])
    t, a = [1, 0], [2, 0, 1]
    assert mals(train[t][:, a], after[t][:, a]).value == pytest.approx(mals(train, after).value)
    one, other = (
        attribute_to_task(exclusive(x), exclusive(x), y).value
        for x, y in ((train, after), (train[t][:, a], after[t][:, a]))
    )
    assert one == pytest.approx(other)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: mals([[1, 2]], [[1, 2], [3, 4]]), "same shape"),
        (lambda: mals([[1.5, 2]], [[1, 2]]), "whole numbers"),
        (lambda: mals([[1, 2]], [[0, 0]]), "no object"),
        (lambda: mals([[10**10, 1]], [[1, 1]]), "3,000,000,000"),
        (lambda: attribute_to_task(exclusive([[5, 5]]), exclusive([[0, 0]]), [[0, 0]]), "no attribute"),
    ],
)
def test_tables_that_cannot_be_compared_are_refused(call, why):
    with pytest.raises(ValueError, match=why):
        call()
