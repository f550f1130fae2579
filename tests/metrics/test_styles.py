"""Metrics of style-based generators, on one whose layers are known to decide one thing each."""

import math

import numpy as np
import pytest
import tiny
from styled import NOISE, Stubborn, Styled, Third
from tiny_context import tiny_context

from genaudit.errors import NotApplicable, PluginError
from genaudit.metrics.style_options import NoiseOptions, StyleMixingOptions, TruncationOptions
from genaudit.metrics.styles import noise_input_effect, style_mixing_consistency, truncation_tradeoff
from genaudit.probes import reference
from genaudit.probes.styles import noise_effect, style_mixing
from genaudit.probes.truncation import truncated_counts, truncation_sweep
from genaudit.stats.seeds import generator

SPECS = {spec.name: spec for spec in tiny.SPECS}
READERS = {
    "light": (SPECS["light-reader"], tiny.LightAnnotator()),
    "tone": (SPECS["tone-rule"], tiny.ToneAnnotator()),
}


def context(model, observation="", *options, **changes):
    return tiny_context(generator=model, annotators=READERS, demands={observation: options}, **changes)


def mixing(model, pairs=200, **changes):
    options = StyleMixingOptions(pairs=pairs)
    observed = style_mixing(context(model, "style_mixing", options, **changes))
    found = style_mixing_consistency(observed.value, options=options, rng=generator(0))
    return {estimate.group: estimate for estimate in found}, observed


def sweep(model, **options):
    chosen = TruncationOptions(items=40, **options)
    known = context(model, "truncation_sweep", chosen)
    observed = truncation_sweep(known, reference.read_reference(known).value)
    found = truncation_tradeoff(observed.value, options=chosen, rng=generator(0))
    return {estimate.group: estimate for estimate in found}, found, observed


def test_each_attribute_is_flipped_by_the_layer_that_decides_it_and_by_no_other():
    found, _ = mixing(Styled())
    light, tone = found["light"].details, found["tone"].details
    # another sign in half of the pairs: 200 pairs have a standard error of .035
    assert light["flip_rate_layer_0"] == pytest.approx(0.5, abs=0.12)
    assert tone["flip_rate_layer_1"] == pytest.approx(0.5, abs=0.12)
    assert light["flip_rate_layer_1"] == tone["flip_rate_layer_0"] == 0
    assert light["adoption_rate_layer_0"] == tone["adoption_rate_layer_1"] == 1
    assert "Layer 0" in found["light"].note


def test_two_levels_that_are_handed_over_are_wholly_consistent():
    found, _ = mixing(Styled())
    assert found["light"].value == found["tone"].value == 1
    assert found["light"].n_generated == 400


def test_mixing_that_makes_a_third_thing_is_less_consistent():
    # both were bright (a quarter of pairs) and became dark
    found, _ = mixing(Third())
    assert found["light"].value == pytest.approx(0.75, abs=0.12)
    assert found["light"].interval.low < found["light"].value < found["light"].interval.high


def test_a_model_that_ignores_its_styles_is_said_to_change_nothing():
    found, _ = mixing(Stubborn())
    assert found["light"].value == 1
    assert found["light"].note == "No single layer changes it."


def test_batches_do_not_matter_to_mixing_and_flips_are_drawn_by_layer():
    (one, observed), (other, _) = mixing(Styled(), pairs=30), mixing(Styled(), pairs=30, batch_size=7)
    assert one["light"].details == other["light"].details
    (series,) = one["light"].series
    assert series.x == (0.0, 1.0)
    assert series.y[0] == one["light"].details["flip_rate_layer_0"]
    assert observed.pictures["style_swaps"].columns == 4
    assert len(observed.pictures["style_swaps"].images) == 8 * 4


def test_the_mixing_grid_has_its_sources_at_the_edges_and_the_mean_in_the_corner():
    _, observed = mixing(Styled(), pairs=10)
    grid = observed.pictures["style_mixing"]
    tiles = grid.images.reshape(7, 7, *tiny.SHAPE)
    assert (tiles[0, 0] == round(0.47 * 255)).all()
    # layer 0, the light, comes from the row; layer 1, the tone, from the column
    middle = tiles[:, :, 1].astype(int)
    assert (middle[1:] == middle[1:, :1]).all()
    tone = tiles[:, :, 0].astype(int) - tiles[:, :, 2]
    assert np.abs(tone[1:] - tone[:1])[:, 1:].max() <= 2  # two roundings to 8 bits


def test_noise_moves_pixels_by_what_its_strength_says():
    options = NoiseOptions(images=100)
    effect = noise_effect(context(Styled(), "noise_effect", options)).value
    found = noise_input_effect(effect, options=options, rng=generator(0))
    # mean |n1 - n2| of standard normals is 2 / sqrt(pi), |n| sqrt(2 / pi); 1,600 draws: 4 standard errors are .0017
    assert found.value == pytest.approx(NOISE * 2 / math.sqrt(math.pi), abs=0.0017)
    assert found.details["layer_1"] == pytest.approx(NOISE * math.sqrt(2 / math.pi), abs=0.0017)
    assert found.details["layer_0"] == 0
    assert not found.note


def test_unused_noise_is_said_to_be_unused_at_any_batch_size():
    options = NoiseOptions(images=20)
    effect = noise_effect(context(Stubborn(), "noise_effect", options, batch_size=7)).value
    found = noise_input_effect(effect, options=options, rng=generator(0))
    assert found.value == 0
    assert "does not use its noise" in found.note


def test_drawing_nearer_to_the_mean_costs_recall():
    by_group, found, observed = sweep(Styled(), truncations=(0.05, 1.0))
    assert by_group["recall, truncation=0.05"].value < by_group["recall, truncation=1"].value
    assert [estimate.group for estimate in found] == [
        "precision, truncation=0.05", "precision, truncation=1", "recall, truncation=0.05", "recall, truncation=1",
    ]  # fmt: skip
    assert {estimate.n_generated for estimate in found} == {estimate.n_reference for estimate in found} == {40}
    assert [series.name for series in found[0].series] == ["truncation_precision", "truncation_recall"]
    assert observed.pictures["truncation"].columns == 8


def test_curves_are_in_the_order_of_truncation_whatever_was_asked_first():
    _, found, _ = sweep(Styled(), truncations=(1.0, 0.5))
    assert found[0].group == "precision, truncation=1"
    assert found[0].series[0].x == (0.5, 1.0)
    assert found[0].series[0].y[1] == found[0].value


def test_too_large_a_k_is_refused_with_the_reason():
    with pytest.raises(NotApplicable, match="nearest other item"):
        sweep(Styled(), truncations=(1.0,), k=39)


def test_styles_that_are_not_finite_name_the_plugin():
    class Broken(Styled):
        def map(self, z, truncation=1.0):
            return super().map(z) / 0

    with pytest.raises(PluginError, match="broke its contract in 'map'"):
        style_mixing(context(Broken()))


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        (StyleMixingOptions, {"pairs": 1}),
        (NoiseOptions, {"images": 0}),
        (TruncationOptions, {"truncations": ()}),
        (TruncationOptions, {"truncations": (-1.0,)}),
        (TruncationOptions, {"k": 0}),
    ],
)
def test_options_that_make_no_sense_are_refused(options, wrong):
    with pytest.raises(ValueError, match="allowed is"):
        options(**wrong)


def test_levels_are_counted_at_each_truncation_and_at_the_mean_style_all_are_alike():
    chosen = TruncationOptions(items=40, truncations=(0.0, 1.0))
    known = context(Styled(), "truncation_sweep", chosen)
    real = reference.read_reference(known).value
    swept = truncation_sweep(known, real).value
    found = {one.reading.attribute: one for one in truncated_counts(known, swept, real).value}
    assert set(found) == {"light", "tone"}
    for name, one in found.items():
        assert one.truncations == (0.0, 1.0)
        assert one.counts.sum(axis=1).tolist() == [40, 40]
        assert one.counts[0].max() == 40  # one style makes one image
        assert one.training.tolist() == np.bincount(tiny.TinyDataset().split("train").labels[name]).tolist()
        assert one.reading.confusion.sum() == 40


def test_one_truncation_is_nothing_to_compare():
    known = context(Styled(), "truncation_sweep", TruncationOptions(items=40, truncations=(1.0,)))
    real = reference.read_reference(known).value
    with pytest.raises(NotApplicable, match="at one truncation alone"):
        truncated_counts(known, truncation_sweep(known, real).value, real)
