from __future__ import annotations

import numpy as np
import pytest

from genaudit.errors import NotApplicable
from genaudit.metrics.distances import frechet_distance
from genaudit.metrics.options import FrechetOptions
from genaudit.metrics.translation import (
    attribute_flip_rate,
    cycle_consistency,
    identity_preservation,
    translated_frechet_distance,
    translation_accuracy,
)
from genaudit.plugin.options import NoOptions
from genaudit.stats.seeds import generator
from genaudit.values.observations import FeaturePair
from genaudit.values.translations import AttributeFlips, Translation, TranslationFeatures

RNG = generator(0, "metric")


def images(name="images", count=40):
    return generator(0, name).random((count, 3, 4, 4)).astype(np.float32)


def translation(source="a", target="b", clusters=None, **arrays):
    some = next((array for array in arrays.values() if array is not None), images())
    same = dict.fromkeys(("inputs", "outputs", "truth", "kept", "returned"), some)
    return Translation(source=source, target=target, clusters=clusters, **{**same, **arrays})


def asked(metric, *translations):
    return {found.group: found for found in metric(translations, options=NoOptions(), rng=RNG)}


def there_and_back(forth, back):
    """Both directions of a pair of functions of numbers."""
    x = images().astype(np.float64)
    return (
        translation("x", "y", inputs=x, outputs=forth(x), truth=forth(x), kept=x, returned=back(forth(x))),
        translation("y", "x", inputs=x, outputs=back(x), truth=back(x), kept=x, returned=forth(back(x))),
    )


def test_g49_a_map_and_its_inverse_come_back():
    found = asked(cycle_consistency, *there_and_back(lambda x: 2 * x + 1, lambda y: (y - 1) / 2))
    assert [found[group].value for group in ("", "x to y", "y to x")] == pytest.approx([0, 0, 0], abs=1e-15)


def test_g49_a_wrong_way_back_is_off_by_a_half_and_by_one():
    found = asked(cycle_consistency, *there_and_back(lambda x: 2 * x + 1, lambda y: y / 2))
    assert found["x to y"].value == pytest.approx(0.5, abs=1e-12)
    assert found["y to x"].value == pytest.approx(1.0, abs=1e-12)
    assert found[""].value == pytest.approx(0.75, abs=1e-12)
    assert found["x to y"].details["changed_by_translation"] == pytest.approx(1 + images().mean(), abs=1e-6)  # float32


@pytest.mark.parametrize(
    ("metric", "one", "other"),
    [
        (cycle_consistency, "inputs", "returned"),
        (identity_preservation, "truth", "kept"),
        (translation_accuracy, "truth", "outputs"),
    ],
)
class TestErrors:
    def test_are_the_mean_absolute_difference(self, metric, one, other):
        a, b = images("one"), images("other")
        found = asked(metric, translation(**{one: a, other: b}))[""]
        assert found.value == pytest.approx(float(np.abs(a.astype(np.float64) - b).mean()), rel=1e-12)
        assert found.n_generated == 40
        assert found.interval.low < found.value < found.interval.high

    def test_are_zero_for_equal_images(self, metric, one, other):
        assert asked(metric, translation(**{one: images("x"), other: images("x")}))[""].value == 0

    def test_grow_with_noise(self, metric, one, other):
        a = images()
        values = [
            asked(metric, translation(**{one: a, other: a + level * images("noise")}))[""].value
            for level in (0.01, 0.1, 0.5)
        ]
        assert values == sorted(values)
        assert values[0] > 0

    def test_do_not_depend_on_the_order_and_clusters_widen(self, metric, one, other):
        a = np.repeat(images(), 5, axis=0)
        b = np.repeat(images() + 0.2 * generator(0, "level").random((40, 1, 1, 1)), 5, axis=0)
        aware = asked(metric, translation(**{one: a, other: b}, clusters=np.repeat(np.arange(40), 5)))[""]
        blind = asked(metric, translation(**{one: a, other: b}))[""]
        assert aware.value == pytest.approx(asked(metric, translation(**{one: a[::-1], other: b[::-1]}))[""].value)
        assert aware.interval.width > 2 * blind.interval.width

    def test_of_one_direction_stand_once(self, metric, one, other):
        assert set(asked(metric, translation())) == {""}
        assert set(asked(metric, translation(), translation("b", "a"))) == {"", "a to b", "b to a"}

    def test_refuse_images_of_two_shapes(self, metric, one, other):
        with pytest.raises(ValueError, match="one shape"):
            asked(metric, translation(**{one: images(), other: images(count=3)}))


def test_a_model_without_a_way_back_has_no_cycle():
    with pytest.raises(NotApplicable, match="one way only"):
        asked(cycle_consistency, translation(returned=None))


def test_the_error_of_untranslated_images_stands_beside_that_of_translations():
    found = asked(translation_accuracy, translation(inputs=images("input"), truth=images("truth")))[""]
    expected = np.abs(images("input").astype(np.float64) - images("truth")).mean()
    assert found.details["untranslated"] == pytest.approx(expected, rel=1e-12)


def flips(after, before=None, truth=None, attribute="digit", levels=("0", "1", "2"), ways=("a", "b"), clusters=None):
    before = np.zeros(len(after), dtype=np.int64) if before is None else np.array(before)
    return AttributeFlips(
        attribute=attribute,
        levels=levels,
        source=ways[0],
        target=ways[1],
        before=before,
        after=np.array(after),
        truth=before if truth is None else np.array(truth),
        clusters=clusters,
    )


def rates(*found):
    return {one.group: one for one in attribute_flip_rate(found, options=NoOptions(), rng=RNG)}


def test_flips_are_counted_from_the_reading_before_to_that_after():
    found = rates(flips([0, 1, 2, 0], truth=[0, 1, 0, 0]))
    assert found["digit"].value == found[""].value == 0.5
    assert found[""].details["in_true_translations"] == 0.25
    assert found[""].details["beyond_them"] == 0.25
    assert found[""].details["beyond_them_low"] < 0.25 < found[""].details["beyond_them_high"]


def test_an_image_of_which_two_attributes_flip_counts_once():
    found = rates(flips([0, 1, 1, 0]), flips([0, 1, 0, 0], attribute="size", levels=("s", "l")))
    assert found[""].value == 0.5
    assert found["size"].value == 0.25


def test_directions_are_counted_together_and_apart():
    found = rates(flips([0, 1, 1, 0]), flips([0, 0, 0, 1], ways=("b", "a")))
    assert found[""].value == 0.375
    assert found["digit, a to b"].value == 0.5
    assert found["digit, b to a"].value == 0.25
    assert found[""].n_generated == 8


def test_what_the_translation_is_meant_to_change_is_no_flip():
    colour = flips([1, 1, 1, 0], attribute="colour", levels=("orange", "blue"), ways=("orange", "blue"))
    digit = flips([0, 0, 0, 1], ways=("orange", "blue"))
    found = rates(colour, digit)
    assert found[""].value == 0.25
    assert found[""].details["read_as_the_target_domain"] == 0.75
    assert "colour" not in found
    with pytest.raises(NotApplicable, match="No attribute that the translation should leave alone"):
        rates(colour)


def test_more_hallucination_is_more_flips_and_order_does_not_matter():
    rng = generator(0, "flips")
    before = rng.integers(3, size=300)
    chance = rng.random(300)
    values = [
        rates(flips(np.where(chance < share, (before + 1) % 3, before), before))[""].value for share in (0, 0.2, 0.8)
    ]
    assert values[0] == 0 < values[1] < values[2]
    order = rng.permutation(300)
    after = np.where(chance < 0.2, (before + 1) % 3, before)
    assert rates(flips(after[order], before[order]))[""].value == pytest.approx(values[1], abs=1e-15)


def test_flips_of_renders_of_one_source_count_as_one_observation():
    after = np.repeat(generator(0, "sources").integers(2, size=60), 5)
    aware = rates(flips(after, clusters=np.repeat(np.arange(60), 5)))[""]
    assert aware.interval.width > 2 * rates(flips(after))[""].interval.width


def test_translations_have_the_frechet_distance_of_their_features_with_truth_and_inputs_beside_it():
    def pair(shift, name):
        rng = generator(0, name)
        return FeaturePair(generated=rng.normal(size=(500, 4)) + shift, reference=rng.normal(size=(400, 4)))

    one = TranslationFeatures(
        direction="a to b", translated=pair(1, "made"), truth=pair(0, "true"), untranslated=pair(3, "as it was")
    )
    (found,) = translated_frechet_distance((one,), options=FrechetOptions(), rng=generator(0, "blocks"))
    alone = frechet_distance(one.translated, options=FrechetOptions(), rng=generator(0, "blocks"))
    assert (found.group, found.value, found.interval) == ("a to b", alone.value, alone.interval)
    assert found.details["ground_truth"] < 0.1  # chance alone, at these sizes
    assert found.value == pytest.approx(4, abs=0.6)  # 4 dimensions shifted by 1; four standard errors
    assert found.details["untranslated"] == pytest.approx(36, abs=2)
