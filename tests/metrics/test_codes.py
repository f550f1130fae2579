"""Golden cases G39 and G38, the interval of a count, and codes that collapse."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from genaudit.errors import NotApplicable
from genaudit.metrics.codes import active_units, latent_mutual_information
from genaudit.metrics.latent_options import LatentInformationOptions
from genaudit.metrics.options import ActiveUnitsOptions
from genaudit.stats.seeds import generator
from genaudit.values.observations import PosteriorMeans, Posteriors


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


def informed(means, variance, clusters=None, **options):
    means = np.asarray(means, dtype=float)
    draws = means + generator(0, "draws").standard_normal((4, *means.shape)) * math.sqrt(variance)
    codes = Posteriors(
        means=means, log_variances=np.full(means.shape, math.log(variance)), draws=draws, clusters=clusters
    )
    return latent_mutual_information(codes, options=LatentInformationOptions(**options), rng=generator(0))


def test_g38_two_separated_posteriors_tell_ln_2():
    found = informed([[-50.0], [50.0]], 1)
    assert found.value == pytest.approx(math.log(2), abs=1e-9)
    assert found.details["largest_possible"] == pytest.approx(math.log(2))
    assert found.note == (
        "Among 2 images no more than ln 2 = 0.69 nats can be found; this is near it, and the information may be far "
        "greater."
    )


def test_codes_that_tell_all_that_so_many_images_can_show_have_no_interval():
    found = informed(drawn(100, [1, 1, 1]), 1e-4)
    assert found.value == pytest.approx(math.log(100), abs=1e-3)
    assert found.reason_without == (
        "An interval would reach the most that so many images can show: more images would find more."
    )
    assert informed(drawn(100, [1, 1, 1]), 0.1).interval.high < math.log(100)


def test_codes_of_a_noisy_line_tell_what_the_channel_carries():
    # z = x + noise of variance s, x standard normal: half of ln(1 + 1 / s) nats
    for variance in (0.1, 1.0, 10.0):
        found = informed(drawn(2000, [1]), variance, draws=4)
        exact = 0.5 * math.log(1 + 1 / variance)
        assert found.interval.low < exact < found.interval.high
        assert found.interval.width < 0.2
        assert found.note == "Among 2,000 images no more than ln 2,000 = 7.60 nats can be found."


def test_a_collapsed_posterior_tells_nothing():
    assert informed(np.zeros((100, 3)), 1).value == pytest.approx(0, abs=1e-12)
    assert "near" not in informed(np.zeros((2, 3)), 1).note


def test_more_noise_on_codes_tells_less():
    means = drawn(300, [1, 1])
    values = [informed(means, variance).value for variance in (0.01, 0.1, 1.0, 10.0)]
    assert values == sorted(values, reverse=True)


def test_order_of_images_does_not_matter_to_the_information():
    means, draws = drawn(200, [1, 1]), drawn(200, [0.3, 0.3], "noise")
    codes = Posteriors(means=means, log_variances=np.full(means.shape, math.log(0.3)), draws=(means + draws)[None])
    turned = replace(codes, means=means[::-1], draws=codes.draws[:, ::-1])
    found = [
        latent_mutual_information(each, options=LatentInformationOptions(), rng=generator(0))
        for each in (codes, turned)
    ]
    assert found[0].value == pytest.approx(found[1].value, rel=1e-12)


def test_information_is_never_compared_between_different_numbers_of_images():
    means = drawn(300, [1])
    some, whole = informed(means, 1, images=100), informed(means, 1)
    assert (some.n_reference, whole.n_reference) == (100, 300)
    assert some.parameters == {"latent_units": 1, "images": 100}
    assert whole.parameters["images"] == 300


def test_renders_of_one_source_widen_the_interval_of_the_information():
    means, clusters = drawn(40, [1, 1]).repeat(10, axis=0), np.repeat(np.arange(40), 10)
    assert informed(means, 0.1, clusters).interval.width > 1.5 * informed(means, 0.1).interval.width


def test_the_interval_holds_the_information_of_the_population_in_at_least_90_of_100_repetitions():
    # 400 images of a channel of half a nat: the bias of estimating q(z) is a tenth of the interval
    held = 0
    for seed in range(100):
        means = drawn(400, [math.e - 1], f"repetition {seed}")
        draws = means + drawn(400, [1], f"noise {seed}")
        codes = Posteriors(means=means, log_variances=np.zeros(means.shape), draws=draws[None])
        found = latent_mutual_information(codes, options=LatentInformationOptions(), rng=generator(0))
        held += found.interval.low <= 0.5 <= found.interval.high
    assert held >= 90


def test_one_image_tells_nothing_of_which_it_is():
    with pytest.raises(NotApplicable, match="2 images, not 1"):
        informed([[1.0]], 1)


@pytest.mark.parametrize(("option", "bad"), [("draws", 0), ("images", 1)])
def test_an_option_of_the_information_out_of_range_is_refused(option, bad):
    with pytest.raises(ValueError, match=rf"latent_mutual_information\.{option} is {bad}"):
        LatentInformationOptions(**{option: bad})
