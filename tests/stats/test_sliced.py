"""Sliced Wasserstein against scipy's one-dimensional transport and a closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import wasserstein_distance_nd

from genaudit.stats.seeds import generator
from genaudit.stats.sliced import random_directions, sliced_distance

SHIFT = np.array([1, 2, 3])


def found(x, y, directions, blocks=0, **clusters):
    return sliced_distance(x, y, directions, rng=generator(0, "blocks"), blocks=blocks, **clusters)


def test_a_shift_along_the_axes_is_the_mean_squared_shift():
    x = generator(0, "x").standard_normal((50, 3))
    assert found(x, x + SHIFT, np.eye(3)).value == pytest.approx(14 / 3, rel=1e-12)
    # E (u · s)² = |s|² / d over directions on the sphere
    directions = random_directions(20_000, 3, generator(0, "u"))
    assert found(x, x + SHIFT, directions).value == pytest.approx(14 / 3, rel=0.02)


def test_normal_distributions_of_different_scale_have_the_squared_difference_of_deviations():
    rng = generator(0, "normal")
    value = found(rng.standard_normal((20_000, 1)), 2 * rng.standard_normal((20_000, 1)), np.ones((1, 1))).value
    assert value == pytest.approx(1, abs=0.06)  # three standard errors


def test_sorting_finds_the_best_transport():
    rng = generator(0, "transport")
    x, y = rng.integers(0, 2, (9, 1)).astype(float), rng.integers(0, 2, (9, 1)).astype(float)
    # for values 0 and 1 the squared distance is the distance
    assert found(x, y, np.ones((1, 1))).value == pytest.approx(wasserstein_distance_nd(x, y), abs=1e-9)


def test_a_set_is_at_distance_0_of_itself_in_any_order():
    x = generator(0, "x").standard_normal((50, 4))
    assert found(x, x[::-1], random_directions(300, 4, generator(0, "u"))).value == 0


def test_the_standard_error_is_the_spread_of_repetitions():
    rng = generator(0, "sliced error")
    directions = random_directions(40, 3, rng)
    values, errors = [], []
    for _ in range(120):
        each = found(rng.standard_normal((150, 3)) + 0.8, rng.standard_normal((150, 3)), directions, blocks=10)
        values.append(each.value)
        errors.append(each.standard_error)
    # the spread of 120 draws is known to 7 %, a jackknife of ten blocks is a little large
    assert 0.8 < np.mean(errors) / np.std(values, ddof=1) < 1.3


def test_few_units_have_no_standard_error_and_unequal_sets_are_refused():
    x = np.eye(4)
    assert found(x, x, np.eye(4), blocks=10, y_clusters=[0, 0, 1, 1]).standard_error is None
    assert found(x, x, np.eye(4), blocks=10).blocks == 4
    with pytest.raises(ValueError, match="one shape"):
        found(x, x[:3], np.eye(4))
