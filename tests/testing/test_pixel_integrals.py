"""Densities of pixels integrate to one whatever their scale, and what the rule cannot integrate it doubts."""

import numpy as np
import pytest
from scipy import stats

from genaudit.testing.contract.pixel_integrals import (
    DOUBTFUL,
    by_midpoints,
    over_all_numbers,
    over_levels,
    over_unit_interval,
)

MEANS = np.array([0.0, 0.003, 0.2, 0.5, 0.77, 1.0])[:, None]
PIXELS = np.arange(len(MEANS))
SCALES = (0.001, 0.01, 0.1, 1.0, 5.0)


@pytest.mark.parametrize("family", ["norm", "laplace", "logistic"])
@pytest.mark.parametrize("scale", SCALES)
def test_densities_over_all_numbers(family, scale):
    def log_ratio(pixels, levels):
        return getattr(stats, family).logpdf(levels, MEANS[pixels], scale)

    found, doubt = over_all_numbers(log_ratio, PIXELS)
    assert np.abs(found).max() < 5e-5  # the rule's own error
    assert doubt.max() < DOUBTFUL
    constant, _ = over_all_numbers(lambda pixels, levels: log_ratio(pixels, levels) - 0.3, PIXELS)
    assert constant == pytest.approx(found - 0.3, abs=1e-12)  # a constant comes out as it went in


@pytest.mark.parametrize("scale", SCALES)
def test_densities_over_the_range_of_the_data(scale):
    def log_ratio(pixels, levels):
        low, high = (0 - MEANS[pixels]) / scale, (1 - MEANS[pixels]) / scale
        return stats.truncnorm.logpdf(levels, low, high, MEANS[pixels], scale)

    found, doubt = over_unit_interval(log_ratio, PIXELS)
    assert np.abs(found).max() < 5e-5
    assert doubt.max() < DOUBTFUL


def test_levels_are_summed():
    found, doubt = over_levels(lambda pixels, levels: np.full(levels.shape, -np.log(256)), PIXELS)
    assert found == pytest.approx(0, abs=1e-12)
    assert not doubt.any()


def test_what_does_not_fall_has_no_integral_over_all_numbers():
    found, doubt = over_all_numbers(lambda pixels, levels: np.zeros(levels.shape), PIXELS)
    assert np.isinf(found).all()
    assert not doubt.any()


def test_what_is_no_number_outside_of_the_data_has_none_either():
    def log_ratio(pixels, levels):
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.log(levels) + np.log(2)

    assert np.isinf(over_all_numbers(log_ratio, PIXELS)[0]).all()
    assert over_unit_interval(log_ratio, PIXELS)[0] == pytest.approx(0, abs=1e-4)  # 2 t


def test_a_pole_is_doubted():
    with np.errstate(divide="ignore"):
        _, doubt = over_unit_interval(lambda pixels, levels: stats.beta.logpdf(levels, 0.05, 0.5), PIXELS)
    assert not (doubt < DOUBTFUL).any()


@pytest.mark.parametrize("second", [0.6, 0.9, 3.5])
@pytest.mark.parametrize("scales", [(0.05, 0.003), (0.01, 0.01), (0.003, 0.05), (0.002, 0.002)])
def test_a_second_peak_is_doubted_wherever_it_stands_out(second, scales):
    """A rule that misses it would find half of the mass, and accuse a sound likelihood."""

    def log_ratio(pixels, levels):
        parts = [stats.norm.logpdf(levels, at, scale) for at, scale in zip((0.1, second), scales, strict=True)]
        return np.logaddexp(*parts) - np.log(2)

    assert (over_all_numbers(log_ratio, PIXELS)[1] > DOUBTFUL).all()
    assert second > 1 or (over_unit_interval(log_ratio, PIXELS)[1] > DOUBTFUL).all()
    assert by_midpoints(log_ratio, PIXELS[:1], -4, 5) == pytest.approx(0, abs=1e-6)
