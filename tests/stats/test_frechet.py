"""Golden cases G1 to G8 and what must hold of every Fréchet distance."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp

from genaudit.stats.frechet import (
    expected_bias,
    frechet_distance,
    frechet_distance_of_rows,
    in_common_span,
    jackknife_frechet,
)
from genaudit.stats.moments import Moments, moments, scatter
from genaudit.stats.seeds import generator
from genaudit.stats.units import blocks_of_units, jackknife_error


def gaussian(mean, covariance):
    return Moments(count=2, mean=np.asarray(mean, dtype=float), covariance=np.asarray(covariance, dtype=float))


def rotated(matrix, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[c, -s], [s, c]])
    return turn @ matrix @ turn.T


def normal(name, count, dimension, scale=1.0, shift=0.0):
    return generator(0, name).standard_normal((count, dimension)) * scale + shift


WIDE = np.diag([4.0, 1.0])
GOLDEN = {
    "G1": (gaussian(np.zeros(2048), np.eye(2048)), gaussian(np.ones(2048), np.eye(2048)), 2048, 1e-6),
    "G2": (gaussian(np.zeros(3), np.diag([1, 4, 9])), gaussian([1, 2, 3], np.diag([4, 9, 16])), 17, 1e-9),
    "G3": (gaussian([0, 0], [[2, 1], [1, 2]]), gaussian([0, 0], np.diag([1, 4])), 0.7712204476543, 1e-9),
    "G4": (gaussian([0, 0], np.diag([1, 0])), gaussian([0, 0], np.diag([0, 1])), 2, 1e-9),
    "G5 45°": (gaussian([0, 0], WIDE), gaussian([0, 0], rotated(WIDE, 45)), 0.9446148618626, 1e-9),
    "G5 90°": (gaussian([0, 0], WIDE), gaussian([0, 0], rotated(WIDE, 90)), 2, 1e-9),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_case(name):
    a, b, expected, tolerance = GOLDEN[name]
    assert frechet_distance(a, b) == pytest.approx(expected, abs=tolerance)
    assert frechet_distance(b, a) == pytest.approx(expected, abs=tolerance)


def test_g8_divisors_are_n_minus_1_unless_asked_otherwise():
    x, y = np.array([[0.0], [2.0]]), np.array([[0.0], [4.0]])
    assert frechet_distance_of_rows(x, y) == pytest.approx(3, abs=1e-12)
    assert frechet_distance(moments(x), moments(y)) == pytest.approx(3, abs=1e-12)
    assert frechet_distance(scatter(x).moments(0), scatter(y).moments(0)) == pytest.approx(2, abs=1e-12)


def test_distance_of_shifted_gaussians_is_the_squared_shift():
    x = normal("x", 500, 8)
    assert frechet_distance(moments(x), moments(x + 3)) == pytest.approx(8 * 9, rel=1e-12)


def exact_trace(a, b):
    with mp.workdps(60):
        values, vectors = mp.eigsy(mp.matrix(a.tolist()))
        root = vectors * mp.diag([mp.sqrt(max(value, 0)) for value in values]) * vectors.T
        return sum(mp.sqrt(max(value, 0)) for value in mp.eigsy(root * mp.matrix(b.tolist()) * root, eigvals_only=True))


@pytest.mark.parametrize("condition", [1e4, 1e10, 1e14])
def test_ill_conditioned_covariances_agree_with_arithmetic_of_60_digits(condition):
    rng = generator(0, "ill-conditioned")
    pair = []
    for _ in range(2):
        turn = np.linalg.qr(rng.standard_normal((12, 12)))[0]
        matrix = (turn * np.geomspace(1, 1 / condition, 12)) @ turn.T
        pair.append((matrix + matrix.T) / 2)
    pair[1] = np.eye(12) if condition == 1e14 else pair[1]
    expected = float(np.trace(pair[0]) + np.trace(pair[1]) - 2 * exact_trace(*pair))
    found = frechet_distance(*(gaussian(np.zeros(12), each) for each in pair))
    assert found == pytest.approx(expected, rel=1e-9)  # 4e-11 was seen; a factor from eigenvectors is off by 8e-7


@pytest.mark.parametrize(("n", "m", "dimension"), [(50, 60, 200), (300, 40, 64), (40, 300, 64), (400, 500, 10)])
def test_both_forms_agree_for_any_rank(n, m, dimension):
    x, y = normal("x", n, dimension), normal("y", m, dimension, 2, 0.5)
    assert frechet_distance_of_rows(x, y) == pytest.approx(frechet_distance(moments(x), moments(y)), rel=1e-11)


@pytest.mark.parametrize(("n", "dimension"), [(50, 200), (2000, 64), (3, 1)])
def test_distance_of_a_set_to_itself_is_0(n, dimension):
    x = normal("x", n, dimension, 10)
    # rounding of two traces of about 100 d
    assert frechet_distance(moments(x), moments(x)) == pytest.approx(0, abs=1e-9)
    assert frechet_distance_of_rows(x, x) == pytest.approx(0, abs=1e-9)


def test_sets_without_spread_have_the_distance_of_their_points():
    assert frechet_distance_of_rows(np.zeros((5, 3)), np.ones((4, 3))) == pytest.approx(3, abs=1e-12)


def test_order_and_rotation_do_not_matter():
    x, y = normal("x", 200, 6), normal("y", 150, 6, 1.5)
    turn = np.linalg.qr(normal("turn", 6, 6))[0]
    value = frechet_distance_of_rows(x, y)
    assert frechet_distance_of_rows(x[::-1], y[::-1]) == pytest.approx(value, rel=1e-12)
    assert frechet_distance_of_rows(x @ turn, y @ turn) == pytest.approx(value, rel=1e-10)


@pytest.mark.parametrize("matrix", [[[0, 1], [1, 0]], [[1, 0.5], [0, 1]], np.diag([1, -1])])
def test_a_matrix_that_is_no_covariance_is_refused(matrix):
    with pytest.raises(ValueError, match="not a covariance"):
        frechet_distance(gaussian([0, 0], matrix), gaussian([0, 0], np.eye(2)))


def test_different_dimensions_are_refused():
    with pytest.raises(ValueError, match="one dimension, not 2 and 3"):
        frechet_distance_of_rows(np.zeros((3, 2)), np.zeros((3, 3)))
    with pytest.raises(ValueError, match="one dimension, not 2 and 3"):
        jackknife_frechet(np.zeros((3, 2)), np.zeros((3, 3)), rng=generator(0))


def test_expected_bias_of_the_standard_normal_is_the_closed_form():
    for d in (1, 5, 64):
        assert expected_bias(np.eye(d), 100, 300) == pytest.approx(
            (d + d * (d + 1) / 4) * (1 / 100 + 1 / 300), rel=1e-12
        )


def test_expected_bias_is_what_samples_of_one_gaussian_show():
    spread = np.array([1.0, 2.0, 4.0, 0.5])
    rng = generator(0, "bias")
    shown = [
        frechet_distance_of_rows(rng.standard_normal((400, 4)) * spread, rng.standard_normal((800, 4)) * spread)
        for _ in range(300)
    ]
    expected = expected_bias(np.diag(spread**2), 400, 800)
    # 3 standard errors of 300 draws, and 2 % for the expansion's next term
    assert np.mean(shown) == pytest.approx(expected, abs=3 * np.std(shown) / 300**0.5 + 0.02 * expected)


def test_jackknife_gives_the_plug_in_value_and_removes_its_bias():
    x, y = normal("x", 2000, 16), normal("y", 2000, 16)
    found = jackknife_frechet(x, y, rng=generator(0, "blocks"))
    assert found.value == pytest.approx(frechet_distance_of_rows(x, y), rel=1e-10)
    # one draw of a weighted sum of 152 squares (16 of weight 1, 136 of weight 1/2): its spread is 0.12 of its mean
    assert found.value == pytest.approx(expected_bias(np.eye(16), 2000, 2000), rel=0.2)
    assert abs(found.debiased) < 0.2 * found.value


@pytest.mark.parametrize(
    ("columns", "digits"), [([0, 1, 2], 1e-9), ([0, 1, 1, 2], 1e-6)], ids=["full rank", "singular"]
)
def test_jackknife_equals_leaving_rows_out_by_hand(columns, digits):
    """Leave-out values come from eigenvalues: in a direction that holds nothing half of the digits are rounding."""
    x, y = normal("x", 60, 3)[:, columns], normal("y", 40, 3, 2)[:, columns]
    found = jackknife_frechet(x, y, np.arange(60) // 12, np.arange(40) // 8, rng=generator(0), blocks=10)
    # 5 clusters: the first deal found fewer blocks than asked for and was repeated with 5, on the same stream
    rng = generator(0)
    rng.permutation(5), rng.permutation(5)
    order_x, order_y = rng.permutation(5), rng.permutation(5)
    left = [
        frechet_distance_of_rows(x[order_x[np.arange(60) // 12] != b], y[order_y[np.arange(40) // 8] != b])
        for b in range(5)
    ]
    assert found.blocks == 5
    assert found.standard_error == pytest.approx(
        np.sqrt(4 / 5 * ((np.array(left) - np.mean(left)) ** 2).sum()), rel=digits
    )
    assert found.debiased == pytest.approx(5 * found.value - 4 * np.mean(left), rel=digits)


def test_jackknife_of_repeated_rows_is_wider_when_it_knows_the_clusters():
    x = np.repeat(normal("x", 200, 4), 5, axis=0)
    y = np.repeat(normal("y", 200, 4, 1, 0.5), 5, axis=0)
    ids = np.repeat(np.arange(200), 5)
    blind = jackknife_frechet(x, y, rng=generator(0))
    aware = jackknife_frechet(x, y, ids, ids, rng=generator(0))
    assert aware.value == pytest.approx(blind.value)
    assert aware.standard_error > 1.5 * blind.standard_error  # sqrt(5) in the limit


def test_debiased_interval_covers_the_distance_of_the_distributions():
    """80 seeds of n = 200, d = 4, shift 0.5: t interval of the debiased value around the true distance of 1.

    A 95 % interval misses 4 of 80 on average; 10 or more have a probability of 0.6 %.
    """
    rng = generator(0, "coverage")
    misses = 0
    for _ in range(80):
        found = jackknife_frechet(rng.standard_normal((200, 4)), rng.standard_normal((200, 4)) + 0.5, rng=rng)
        misses += abs(found.debiased - 1.0) > 2.262 * found.standard_error
    assert misses < 10


def test_a_debiased_distance_of_sets_with_fixed_shares_is_not_taken_below_zero():
    values = {"design": [], "ignored": []}
    for seed in range(12):
        rng = generator(seed, "strata")
        sides = []
        for _ in range(2):
            classes = np.arange(200) % 10  # exactly 20 of each class on both sides
            centres = 6 * np.eye(10)[classes]
            sides.append((centres + rng.normal(size=(200, 10)), classes))
        (x, a), (y, b) = sides
        for name, strata in (("design", (a, b)), ("ignored", (None, None))):
            found = jackknife_frechet(x, y, x_strata=strata[0], y_strata=strata[1], rng=generator(seed, "deal"))
            values[name].append(found.debiased)
    assert abs(np.mean(values["design"])) < 0.25  # true distance 0; the plug-in value is about 1.6
    assert np.mean(values["ignored"]) < -0.7  # a bias that the sets do not have, taken off


def test_few_rows_of_many_dimensions_are_compared_in_the_space_that_they_span():
    x, y = normal("x", 12, 300, shift=50.0), normal("y", 15, 300, scale=1.2, shift=50.1)
    u, v = in_common_span(x, y)
    assert u.shape == (12, 27)
    assert frechet_distance_of_rows(u, v) == pytest.approx(frechet_distance_of_rows(x, y), rel=1e-12)
    assert frechet_distance(moments(x), moments(y)) == pytest.approx(frechet_distance_of_rows(u, v), rel=1e-9)
    whole = normal("z", 40, 30)
    assert in_common_span(whole, whole)[0] is whole


@pytest.mark.parametrize(("n", "d"), [(40, 6), (30, 100)])
def test_leave_out_values_by_eigenvalues_are_the_distances_themselves(n, d):
    rng = generator(0, "quick")
    x, y = rng.normal(size=(n, d)) * np.logspace(0, -3, d), rng.normal(size=(n, d)) * np.logspace(0, -3, d)
    found = jackknife_frechet(x, y, rng=generator(0, "deal"), blocks=5)
    deal = generator(0, "deal")
    blocks = [blocks_of_units(n, None, 5, deal) for _ in range(2)]
    left_out = [frechet_distance_of_rows(x[blocks[0] != b], y[blocks[1] != b]) for b in range(5)]
    assert found.standard_error == pytest.approx(jackknife_error(left_out), rel=1e-7)  # rank-deficient at n = 30
