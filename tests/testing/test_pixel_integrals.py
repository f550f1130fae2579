"""Densities of pixels integrate to one whatever their scale, and what the rule cannot integrate it doubts."""

import numpy as np
import pytest
from scipy import stats

from genaudit.testing.contract.pixel_integrals import DOUBTFUL, over_all_numbers, over_levels, over_unit_interval

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


def test_a_pole_and_a_narrow_second_peak_are_doubted():
    def pole(pixels, levels):
        return stats.beta.logpdf(levels, 0.05, 0.5)

    def second(pixels, levels):
        return np.logaddexp(stats.norm.logpdf(levels, 0.2, 0.05), stats.norm.logpdf(levels, 3.5, 0.003))

    with np.errstate(divide="ignore"):
        assert not (over_unit_interval(pole, PIXELS)[1] < DOUBTFUL).any()
    assert over_all_numbers(second, PIXELS)[1].max() > DOUBTFUL
