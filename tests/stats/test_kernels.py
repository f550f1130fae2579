"""Golden cases G12 to G14, an independent double sum, and the standard error."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.stats import kernels
from genaudit.stats.kernels import GaussianKernel, PolynomialKernel, polynomial_mmd, subset_mmd
from genaudit.stats.seeds import generator


def normal(name, count, dimension, scale=1.0, shift=0.0):
    return generator(0, name).standard_normal((count, dimension)) * scale + shift


def by_definition(x, y, ids_x=None, ids_y=None):
    """The estimate as three plain means over pairs."""

    def k(u, v):
        return (u @ v / len(u) + 1) ** 3

    def within(rows, ids):
        return np.mean([k(a, b) for i, a in enumerate(rows) for j, b in enumerate(rows) if ids[i] != ids[j]])

    ids_x = np.arange(len(x)) if ids_x is None else ids_x
    ids_y = np.arange(len(y)) if ids_y is None else ids_y
    return within(x, ids_x) + within(y, ids_y) - 2 * np.mean([k(a, b) for a in x for b in y])


def test_g12_and_g13_unbiased_values():
    assert polynomial_mmd([[1, 0], [0, 1]], [[1, 1], [0, 0]]).value == pytest.approx(-2.375, abs=1e-12)
    same = [[1, 0], [0, 1], [1, 1]]
    assert polynomial_mmd(same, same).value == pytest.approx(-1.5555556, abs=1e-7)


def test_g12_and_g13_biased_values():
    assert polynomial_mmd([[1, 0], [0, 1]], [[1, 1], [0, 0]]).biased == pytest.approx(0.5625, abs=1e-12)
    same = [[1, 0], [0, 1], [1, 1]]
    assert polynomial_mmd(same, same).biased == pytest.approx(0, abs=1e-12)


def test_gaussian_kernel_has_the_population_value_of_shifted_normals():
    # sigma² = s, N(0, 1) against N(m, 1): 2 (1 - exp(-m² / (2 (s + 2)))) / sqrt(1 + 2 / s)
    found = polynomial_mmd(normal("x", 3000, 1), normal("y", 3000, 1, shift=1), kernel=GaussianKernel(sigma=2))
    expected = 2 * (1 - np.exp(-1 / 12)) / 1.5**0.5
    assert abs(found.value - expected) < 3 * found.standard_error
    assert GaussianKernel(sigma=2)(np.zeros((1, 2)), np.array([[2.0, 2.0]]))[0, 0] == pytest.approx(np.exp(-1))


@pytest.mark.parametrize(
    ("dimension", "scale", "shift", "expected"), [(1, 1, 1, 22), (1, 2, 0, 27), (8, 1, 0.5, 1.1171875)]
)
def test_g14_population_values(dimension, scale, shift, expected):
    found = polynomial_mmd(normal("x", 4000, dimension), normal("y", 4000, dimension, scale, shift))
    assert abs(found.value - expected) < 3 * found.standard_error


def test_value_equals_the_definition_with_and_without_clusters():
    x, y = normal("x", 30, 5), normal("y", 24, 5, 1.3)
    ids_x, ids_y = np.arange(30) // 3, np.arange(24) % 6
    assert polynomial_mmd(x, y).value == pytest.approx(by_definition(x, y), rel=1e-11)
    clustered = polynomial_mmd(x, y, ids_x, ids_y)
    assert clustered.value == pytest.approx(by_definition(x, y, ids_x, ids_y), rel=1e-11)
    assert clustered.every_pair == pytest.approx(by_definition(x, y), rel=1e-11)
    assert clustered.units == 6


def test_tiles_and_order_change_nothing(monkeypatch):
    x, y = normal("x", 100, 4), normal("y", 75, 4, 1.2)
    whole = polynomial_mmd(x, y)
    monkeypatch.setattr(kernels, "CHUNK", 16)
    tiled = polynomial_mmd(x[::-1], y[::-1])
    assert tiled.value == pytest.approx(whole.value, rel=1e-10)
    assert tiled.standard_error == pytest.approx(whole.standard_error, rel=1e-10)


def test_degree_gamma_and_offset_are_those_of_the_kernel():
    u, v = np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])
    assert PolynomialKernel()(u, v)[0, 0] == pytest.approx(3.5**3)
    assert PolynomialKernel(degree=2, gamma=1.0, coef0=0.5)(u, v)[0, 0] == pytest.approx(5.5**2)


def test_standard_error_is_the_spread_of_repetitions():
    rng = generator(0, "kid")
    found = [polynomial_mmd(rng.standard_normal((150, 4)), rng.standard_normal((100, 4)) + 0.7) for _ in range(150)]
    spread = np.std([each.value for each in found], ddof=1)
    # the spread of 150 draws is known to 6 %, and the error is known to be up to 15 % too large
    assert 0.85 < np.mean([each.standard_error for each in found]) / spread < 1.35


def test_interval_covers_the_population_value():
    """100 seeds of n = m = 200 at G14's third case: at least 88 of 100 intervals hold it (a 95 % one misses 5)."""
    rng = generator(0, "kid coverage")
    hits = 0
    for _ in range(100):
        found = polynomial_mmd(rng.standard_normal((200, 8)), rng.standard_normal((200, 8)) + 0.5)
        hits += abs(found.value - 1.1171875) < 1.97 * found.standard_error
    assert hits >= 88


def test_mean_over_repetitions_is_0_for_equal_distributions_even_with_clusters():
    rng = generator(0, "null")
    values, every = [], []
    for _ in range(150):
        centre = np.repeat(rng.standard_normal((30, 4)), 4, axis=0)
        y = centre + 0.1 * rng.standard_normal(centre.shape)
        x = np.sqrt(1.01) * rng.standard_normal((200, 4))
        found = polynomial_mmd(x, y, None, np.repeat(np.arange(30), 4))
        values.append(found.value)
        every.append(found.every_pair)
    error = np.std(values) / 150**0.5
    assert abs(np.mean(values)) < 3 * error
    assert np.mean(every) > 5 * error  # counting pairs of one cluster puts the value far above 0


def test_subsets_of_all_rows_give_the_full_statistic():
    x, y = normal("x", 40, 3), normal("y", 40, 3, 1, 1)
    found = subset_mmd(x, y, subsets=3, subset_size=40, rng=generator(0))
    assert found.value == pytest.approx(polynomial_mmd(x, y).value, rel=1e-11)
    assert found.standard_deviation == pytest.approx(0, abs=1e-11)


def test_what_cannot_be_computed_is_refused():
    x = normal("x", 10, 3)
    with pytest.raises(ValueError, match="one dimension"):
        polynomial_mmd(x, x[:, :2])
    with pytest.raises(ValueError, match="at least 2 rows"):
        polynomial_mmd(x, x[:1])
    with pytest.raises(ValueError, match="at least 2 clusters"):
        polynomial_mmd(x, x, np.zeros(10), None)
    with pytest.raises(ValueError, match="a subset has 2 to 10 rows"):
        subset_mmd(x, x, subsets=2, subset_size=11, rng=generator(0))
    with pytest.raises(ValueError, match="degree is at least 1"):
        PolynomialKernel(degree=0)
