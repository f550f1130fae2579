from __future__ import annotations

import numpy as np
import pytest

from genaudit.stats.extrapolation import extrapolation_sizes, frechet_at_infinity
from genaudit.stats.frechet import frechet_distance_of_rows
from genaudit.stats.seeds import generator


def found(x, y, points=15, start=0, seed=0, **further):
    sizes = extrapolation_sizes(len(x), points, start)
    return frechet_at_infinity(x, y, rng=generator(seed, "orders"), sizes=sizes, **further)


def normal(name, count, dimension=8, shift=0.0):
    return generator(0, name).standard_normal((count, dimension)) + shift


def test_sizes_are_the_published_ones():
    assert extrapolation_sizes(50_000, 15) == tuple(np.linspace(5000, 50_000, 15).astype(int))
    assert extrapolation_sizes(1000, 15)[0] == 100
    assert extrapolation_sizes(1000, 2, start=500) == (500, 1000)
    with pytest.raises(ValueError, match="2 sizes from 2 to 10"):
        extrapolation_sizes(10, 15, start=10)


def test_the_line_goes_through_the_distances_of_its_sizes():
    x, y = normal("x", 400), normal("y", 300)
    two = found(x, y, points=2, start=200)
    assert two.distances[1] == pytest.approx(frechet_distance_of_rows(x, y), rel=1e-9)
    by_hand = np.polyfit(1 / np.array(two.sizes), two.distances, 1)
    assert [two.slope, two.value] == pytest.approx(list(by_hand), rel=1e-9)


def test_it_takes_the_bias_of_the_generated_number_away():
    # the reference is large; the bias of n = 800 rows of dimension 8 is (8 + 18) / n = 0.0325
    y = normal("y", 40_000)
    values = [found(normal(f"x{seed}", 800), y, seed=seed).value for seed in range(12)]
    plain = [frechet_distance_of_rows(normal(f"x{seed}", 800), y) for seed in range(12)]
    error = np.std(values) / 12**0.5
    assert np.mean(plain) == pytest.approx(0.0325, rel=0.25)
    assert abs(np.mean(values)) < 3 * error + 0.003


def test_the_slope_is_the_bias_times_the_number():
    assert found(normal("x", 4000), normal("y", 40_000)).slope == pytest.approx(26, rel=0.35)


def test_the_standard_error_is_about_the_spread_of_repetitions():
    rng = generator(0, "error")
    values, errors = [], []
    for seed in range(60):
        each = found(rng.standard_normal((300, 4)) + 0.5, rng.standard_normal((300, 4)), seed=seed, points=8)
        values.append(each.value)
        errors.append(each.standard_error)
    # the spread of 60 draws is known to 9 %; nine tenths of the rows make a line a little less sure
    assert 0.75 < np.mean(errors) / np.std(values, ddof=1) < 1.5


def test_two_units_have_no_standard_error():
    x = normal("x", 40)
    assert found(x, x, y_clusters=np.arange(40) // 20).standard_error is None
