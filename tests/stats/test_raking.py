"""Raking against closed forms, and the linearised standard error against simulation."""

import numpy as np
import pytest

from genaudit.stats.raking import kish, rake, raked_share
from genaudit.stats.seeds import generator

ROWS, COLUMNS = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])


def margins(first, second):
    return [(ROWS, np.array([first, 1 - first])), (COLUMNS, np.array([second, 1 - second]))]


def plackett(ratio, p, q):
    """The cell (yes, yes) of the only 2 × 2 table with margins p and q and this odds ratio (Plackett 1965)."""
    if ratio == 1:
        return p * q
    s = 1 + (p + q) * (ratio - 1)
    return (s - np.sqrt(s * s - 4 * ratio * (ratio - 1) * p * q)) / (2 * (ratio - 1))


@pytest.mark.parametrize("people", [(30, 10, 5, 55), (25, 25, 25, 25), (1, 99, 40, 60), (700, 2, 3, 900)])
@pytest.mark.parametrize(("p", "q"), [(0.5, 0.5), (0.13, 0.49), (0.9, 0.2)])
def test_two_margins_of_a_fourfold_table_have_plackett_s_closed_form(people, p, q):
    raked = rake(people, margins(p, q))
    a, b, c, d = raked.weights * people / sum(people)
    ratio = people[0] * people[3] / (people[1] * people[2])
    assert a == pytest.approx(plackett(ratio, p, q), abs=1e-11)
    assert (a + b, a + c) == pytest.approx((p, q), abs=1e-12)
    assert a * d / (b * c) == pytest.approx(ratio, rel=1e-9)  # what does not move


def test_one_margin_is_the_plain_ratio_of_shares():
    raked = rake([428, 572], [(np.array([0, 1]), np.array([0.13, 0.87]))])
    assert raked.weights == pytest.approx([0.13 / 0.428, 0.87 / 0.572], rel=1e-12)
    assert kish(raked.weights, [428, 572]) == pytest.approx(733.817, abs=0.01)  # golden case G34


def test_margins_that_the_sample_has_change_nothing():
    raked = rake([30, 10, 5, 55], margins(0.4, 0.35))
    assert raked.weights == pytest.approx(np.ones(4), abs=1e-12)
    assert kish(raked.weights, [30, 10, 5, 55]) == pytest.approx(100)


def test_the_order_of_cells_and_of_margins_changes_nothing():
    people, order = np.array([30, 10, 5, 55]), [2, 0, 3, 1]
    base = rake(people, margins(0.3, 0.6)).weights
    first, second = margins(0.3, 0.6)
    assert rake(people, [second, first]).weights == pytest.approx(base, abs=1e-10)
    turned = rake(people[order], [(level[order], share) for level, share in margins(0.3, 0.6)]).weights
    assert turned == pytest.approx(base[order], abs=1e-12)


def test_a_margin_farther_off_leaves_fewer_effective_people():
    people = np.array([300, 100, 50, 550])
    worth = [kish(rake(people, margins(p, 0.35)).weights, people) for p in (0.4, 0.5, 0.7, 0.9)]
    assert worth == sorted(worth, reverse=True)


def test_empty_cells_that_leave_no_solution_are_found():
    """Rows and columns are the same people here: two margins that differ cannot both be met."""
    assert rake([50, 0, 0, 50], margins(0.3, 0.6)) is None
    assert rake([50, 0, 0, 50], margins(0.3, 0.3)).weights == pytest.approx([0.6, 0, 0, 1.4])


@pytest.mark.parametrize(
    ("people", "shares", "why"),
    [
        ([0, 0, 40, 60], margins(0.3, 0.5), "nobody"),
        ([0, 0, 0, 0], margins(0.3, 0.5), "somebody"),
        ([1, -1, 1, 1], margins(0.3, 0.5), "negative"),
        ([1, 1, 1, 1], [(ROWS, np.array([0.3, 0.5]))], "sum to 1"),
    ],
)
def test_what_cannot_be_raked_is_refused(people, shares, why):
    with pytest.raises(ValueError, match=why):
        rake(people, shares)


def test_answers_that_the_margins_explain_have_no_error():
    """The share of yes is then a share of the population, which was declared and does not vary."""
    people = np.array([300, 100, 50, 550.0])
    counts = np.stack([people * (ROWS == 0), people * (ROWS == 1)], axis=1)
    share, error = raked_share(rake(people, margins(0.3, 0.6)), margins(0.3, 0.6), counts)
    assert share == pytest.approx(0.7, abs=1e-12)
    assert error == pytest.approx(0, abs=1e-9)


def test_without_margins_to_meet_it_is_the_plain_share_and_its_plain_error():
    """One margin of one level explains the mean alone: √(p (1 - p) / n)."""
    everybody = [(np.zeros(2, dtype=int), np.array([1.0]))]
    counts = np.array([[60.0, 20], [10, 10]])
    share, error = raked_share(rake([80, 20], everybody), everybody, counts)
    assert (share, error) == pytest.approx((0.3, np.sqrt(0.3 * 0.7 / 100)))


def test_equal_weights_of_all_people_change_no_error():
    counts = np.array([[20.0, 10], [5, 5], [2, 3], [30, 25]])
    asked = {"margins": margins(0.3, 0.6), "among": [True, True, False, False]}
    raked = rake(counts.sum(axis=1), margins(0.3, 0.6))
    plain = raked_share(raked, counts=counts, **asked)
    assert raked_share(raked, counts=counts * 3, squares=counts * 9, **asked) == pytest.approx(plain)


def test_the_standard_error_is_that_of_many_samples():
    """Standard deviation over 1,000 samples of 400; its own error is about 2.3 %, so 8 % is more than three of them."""
    rng = generator(0, "test", "raking")
    cells = np.array([[0.25, 0.05], [0.05, 0.05], [0.05, 0.10], [0.15, 0.30]]).ravel()
    known = margins(0.55, 0.4)
    found = np.array([
        [*raked_share(rake(drawn.sum(axis=1), known), known, drawn),
         *raked_share(rake(drawn.sum(axis=1), known), known, drawn, among=[1, 1, 0, 0])]
        for drawn in rng.multinomial(400, cells, 1000).reshape(-1, 4, 2)
    ])  # fmt: skip
    assert found[:, 1].mean() == pytest.approx(found[:, 0].std(), rel=0.08)
    assert found[:, 3].mean() == pytest.approx(found[:, 2].std(), rel=0.08)
