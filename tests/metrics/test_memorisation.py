from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from genaudit.errors import NotApplicable
from genaudit.metrics.memorisation import authenticity, memorization_ct, mifid, nearest_neighbour_distance
from genaudit.metrics.options import DataCopyingOptions, MemorisationDistanceOptions
from genaudit.plugin.options import NoOptions
from genaudit.probes.training import nearest_training
from genaudit.stats.frechet import frechet_distance_of_rows
from genaudit.stats.seeds import generator
from genaudit.values.observations import FeaturePair, SplitFeatures

torch.set_num_threads(1)
NO_MODEL = SimpleNamespace(generator=None, seed=0)
EVERY = ["authenticity", "memorization_ct", "nearest_neighbour_distance", "mifid"]


def normal(name, count=400, dimension=5, shift=0.0):
    return generator(0, name).standard_normal((count, dimension)) + shift


class Readings:
    """Generated items as the probe sees them."""

    def __init__(self, rows):
        self.outputs = {"features": rows}
        self.first_images = rows[:0]


def split(rows, clusters=None):
    return SplitFeatures(features=rows, clusters=clusters)


def ask(name, generated, training=None, held_out=None, **options):
    training = training or split(normal("training", 800))
    held_out = held_out or split(normal("held out", 500))
    pair = FeaturePair(generated=generated, reference=normal("reference"))
    nearest = nearest_training(NO_MODEL, training, held_out, Readings(generated)).value
    rng = generator(0, "metric")
    if name == "mifid":
        return mifid(pair, training, held_out, options=MemorisationDistanceOptions(**options), rng=rng)
    if name == "memorization_ct":
        chosen = DataCopyingOptions(**options)
        return memorization_ct(nearest, training, held_out, pair, options=chosen, rng=rng)
    metric = {"authenticity": authenticity, "nearest_neighbour_distance": nearest_neighbour_distance}[name]
    return metric(nearest, options=NoOptions(), rng=rng)


def copies(share=1.0, noise=0.0):
    """Fresh items, of which a share are training items with a little noise."""
    rows = normal("generated")
    count = int(share * len(rows))
    rows[:count] = normal("training", 800)[:count] + noise * normal("noise")[:count]
    return rows


@pytest.mark.parametrize("name", EVERY)
def test_the_interval_holds_its_own_point_and_order_changes_nothing(name):
    found, other = ask(name, normal("generated")), ask(name, normal("generated")[::-1])
    assert found.interval.low < found.value < found.interval.high
    assert other.value == pytest.approx(found.value, rel=1e-9)


def test_fresh_items_are_as_held_out_ones():
    fresh = normal("generated")
    found = ask("authenticity", fresh)
    assert found.value == pytest.approx(found.details["held_out"], abs=0.09)  # three standard errors of either share
    assert ask("memorization_ct", fresh).interval.low < 0 < ask("memorization_ct", fresh).interval.high
    ratio = ask("nearest_neighbour_distance", fresh)
    assert ratio.interval.low < 1 < ratio.interval.high
    assert ratio.details["exact_copies"] == 0


def test_copies_are_found_by_every_one():
    exact, near = copies(), copies(noise=0.05)
    assert ask("authenticity", exact).value == 0
    assert ask("authenticity", near).value < 0.05
    assert ask("memorization_ct", near).value < -10
    assert ask("memorization_ct", near).details["nearer_than_held_out"] > 0.95
    assert ask("nearest_neighbour_distance", exact).value == 0
    assert ask("nearest_neighbour_distance", exact).details["exact_copies"] == 1
    assert ask("nearest_neighbour_distance", near).value < 0.3
    assert ask("mifid", exact).value > 1e9


def test_a_few_copies_move_shares_by_their_share():
    fresh, some = ask("authenticity", normal("generated")), ask("authenticity", copies(0.25))
    assert some.value == pytest.approx(0.75 * fresh.value, abs=0.05)
    some = ask("nearest_neighbour_distance", copies(0.25))
    assert some.details["exact_copies"] == 0.25
    assert some.note.startswith("25 % of the generated items coincide with a training item in these features")


def test_far_items_are_authentic_and_beyond_held_out_ones():
    far = normal("generated", shift=6)
    assert ask("authenticity", far).value > 0.95
    assert ask("memorization_ct", far, smallest=1).value > 5
    assert ask("nearest_neighbour_distance", far).value > 3


def test_renders_of_one_source_are_no_neighbours_of_each_other():
    sources = np.repeat(normal("training", 200), 4, axis=0) + 0.01 * normal("noise", 800)
    training = split(sources, np.arange(800) // 4)
    found = ask("authenticity", copies(0.0), training)
    # siblings lie so near that nothing is nearer: as published, all would be authentic
    assert found.details["siblings_counted"] == 1
    assert found.value < 0.8


def test_clusters_of_held_out_items_widen_the_interval():
    held_out = np.repeat(normal("held out", 100), 5, axis=0)
    for name in ("memorization_ct", "nearest_neighbour_distance"):
        blind = ask(name, normal("generated"), held_out=split(held_out))
        aware = ask(name, normal("generated"), held_out=split(held_out, np.arange(500) // 5))
        assert aware.interval.width > 1.1 * blind.interval.width


def test_mifid_divides_by_the_mean_over_generated_items():
    # by hand in the plane: the smallest 1 - |cos| of each generated item
    training = split(np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 0.0]]))
    generated = np.array([[1.0, 0.2], [-5.0, 0.0], [0.1, 1.0]])
    reference = normal("reference", dimension=2)
    pair = FeaturePair(generated=generated, reference=reference)
    found = mifid(pair, training, training, options=MemorisationDistanceOptions(), rng=generator(0, "m"))
    expected = np.mean([1 - 1 / np.hypot(1, 0.2), 0, 1 - 1 / np.hypot(1, 0.1)])
    assert found.details["memorisation_distance"] == pytest.approx(expected, rel=1e-12)
    assert found.value == pytest.approx(frechet_distance_of_rows(generated, reference) / expected, rel=1e-9)


def test_mifid_says_where_fresh_data_would_be_divided_as_well():
    """In the plane every direction has a training item near, copied or not."""
    training, held_out = (split(normal(name, dimension=2)) for name in ("training", "held out"))
    pair = FeaturePair(generated=normal("generated", dimension=2), reference=normal("reference", dimension=2))
    found = mifid(pair, training, held_out, options=MemorisationDistanceOptions(), rng=generator(0, "m"))
    assert found.value > 100 * found.details["frechet_distance"]
    assert "that the Fréchet distance was divided is no sign of copying" in found.note


def test_mifid_of_a_copier_denies_no_copying_where_fresh_data_would_be_divided_as_well():
    training, held_out = (split(normal(name, dimension=2)) for name in ("training", "held out"))
    pair = FeaturePair(generated=training.features.copy(), reference=normal("reference", dimension=2))
    found = mifid(pair, training, held_out, options=MemorisationDistanceOptions(), rng=generator(0, "m"))
    assert found.details["held_out_memorisation_distance"] < MemorisationDistanceOptions().threshold
    assert "no sign of copying" not in found.note
    assert found.note.endswith("the generated ones lie nearer to the training set than fresh data do.")


def test_mifid_is_the_distance_itself_above_the_threshold():
    generated = normal("generated")
    found = ask("mifid", generated, threshold=1e-6)
    assert found.value == pytest.approx(frechet_distance_of_rows(generated, normal("reference")), rel=1e-9)
    assert found.note.startswith("The memorisation distance is not below")


def test_too_few_items_are_said():
    with pytest.raises(NotApplicable, match="5 cells with 20 items"):
        ask("memorization_ct", normal("generated", 10))
    with pytest.raises(NotApplicable, match="3 items"):
        ask("mifid", normal("generated", 2))
    alike = split(np.repeat(normal("training", 3), 100, axis=0))
    with pytest.raises(NotApplicable, match="5 cells need as many different training items; there are 3"):
        ask("memorization_ct", normal("generated"), training=alike)
    inside = split(normal("training", 800)[:500])
    with pytest.raises(NotApplicable, match="lie on training items"):
        ask("nearest_neighbour_distance", normal("generated"), held_out=inside)
