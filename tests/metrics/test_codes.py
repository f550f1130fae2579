"""Golden case G39, the interval of a count, and units that collapse."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.errors import NotApplicable
from genaudit.metrics.codes import active_units
from genaudit.metrics.options import ActiveUnitsOptions
from genaudit.stats.seeds import generator
from genaudit.values.observations import PosteriorMeans


def asked(means, clusters=None, threshold=0.01):
    codes = PosteriorMeans(means=np.asarray(means, dtype=float), clusters=clusters)
    return active_units(codes, options=ActiveUnitsOptions(threshold=threshold), rng=generator(0))


def drawn(count, variances, name="codes"):
    return generator(0, name).standard_normal((count, len(variances))) * np.sqrt(variances)


def test_g39_two_of_four_units_are_active():
    found = asked(np.random.RandomState(0).randn(10_000, 4) * np.sqrt([1, 0.02, 0.005, 0]))
    assert found.value == 2
    assert (found.interval.low, found.interval.high) == (2, 2)
    assert found.n_reference == 10_000
    assert found.series[0].y == pytest.approx([1, 0.02, 0.005, 0], rel=0.05)  # three standard errors


def test_the_variance_has_the_divisor_of_an_estimate():
    assert asked([[0.0], [1.0]]).details["largest_variance"] == pytest.approx(0.5)


def test_units_near_the_threshold_stand_in_the_interval():
    found = asked(drawn(200, [1, 1, 0.0101, 0.0099, 1e-4]))
    assert (found.interval.low, found.interval.high) == (2, 4)


def test_renders_of_one_source_are_no_further_evidence():
    means, clusters = drawn(40, [1, 0.02]), np.repeat(np.arange(40), 25)
    assert asked(means.repeat(25, axis=0)).interval.low == 2
    assert asked(means.repeat(25, axis=0), clusters).interval.low == 1


def test_order_of_images_and_of_units_does_not_matter():
    means = drawn(300, [1, 0.02, 0.005])
    assert asked(means[::-1, ::-1]).value == asked(means).value == 2


def test_a_unit_that_collapses_is_counted_no_more():
    means = drawn(500, [1, 1, 1])
    means[:, 1] *= 0.01
    assert asked(means).value == 2


def test_the_interval_holds_the_number_in_at_least_95_of_100_repetitions():
    true = [1, 0.012, 0.011, 0.009, 0.008]
    held = sum(
        (found := asked(drawn(150, true, f"repetition {seed}"))).interval.low <= 3 <= found.interval.high
        for seed in range(100)
    )
    assert held >= 95


def test_one_image_has_no_variance():
    with pytest.raises(NotApplicable, match="2 independent images, not 1"):
        asked([[1.0, 2.0], [1.5, 2.5]], clusters=np.array([0, 0]))


@pytest.mark.parametrize("threshold", [0.0, -1.0, float("nan"), float("inf")])
def test_a_threshold_that_means_nothing_is_refused(threshold):
    with pytest.raises(ValueError, match=r"active_units\.threshold"):
        ActiveUnitsOptions(threshold=threshold)
