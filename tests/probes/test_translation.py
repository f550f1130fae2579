"""A translator is asked once in each direction, and beside its answers stands what the images truly look like."""

from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch
from tiny_context import tiny_context

from genaudit.errors import NotApplicable, PluginError
from genaudit.probes import translation


class Counting(tiny.TinyTranslator):
    """Remembers what it was asked."""

    def __init__(self, **changes):
        super().__init__(**changes)
        self.asked = []

    def translate(self, images, source, target):
        self.asked.append((source, target, len(images)))
        return super().translate(images, source, target)


class OneWay(tiny.TinyTranslator):
    directions = (("warm", "cold"),)


class Dimming(tiny.TinyTranslator):
    """Makes every image dark."""

    def translate(self, images, source, target):
        return 0.1 * super().translate(images, source, target)


def context(generator=None, **changes):
    readers = {spec.attribute: spec for spec in tiny.SPECS if spec.kind == "annotator"}
    annotators = {"light": (readers["light"], tiny.LightAnnotator()), "tone": (readers["tone"], tiny.ToneAnnotator())}
    return tiny_context(generator=generator or tiny.TinyTranslator(), annotators=annotators, **changes)


def test_both_directions_go_there_and_back():
    forth, back = translation.translate(context()).value
    assert (forth.direction, back.direction) == ("warm to cold", "cold to warm")
    warm, cold = tiny.TinyDataset().translation_pairs("holdout", "warm", "cold")
    assert np.allclose(forth.inputs * 255, warm.images)
    assert np.allclose(forth.truth * 255, cold.images)
    assert np.array_equal(forth.outputs, forth.truth)  # swapping red and blue is exact
    assert np.array_equal(forth.returned, forth.inputs)
    assert np.array_equal(back.kept, back.inputs)  # it swaps what is warm already, too
    assert np.array_equal(forth.clusters, warm.clusters)


def test_every_image_is_translated_back_and_once_more_from_its_own_domain_in_batches():
    counting = Counting()
    translation.translate(context(counting, batch_size=16))
    # 30 held-out images in two batches: there, on what is of the target domain already, and back, in two directions
    assert sorted(counting.asked) == sorted(
        3 * [(a, b, n) for a, b in (("warm", "cold"), ("cold", "warm")) for n in (16, 14)]
    )


@pytest.mark.parametrize("batch_size", [1, 7])
def test_batch_size_changes_nothing(batch_size):
    one = translation.translate(context(tiny.TinyTranslator(added=0.1))).value[0]
    other = translation.translate(context(tiny.TinyTranslator(added=0.1), batch_size=batch_size)).value[0]
    assert np.array_equal(one.outputs, other.outputs)
    assert np.array_equal(one.returned, other.returned)


def test_a_model_that_knows_one_way_is_asked_for_no_other():
    (found,) = translation.translate(context(OneWay())).value
    assert found.returned is None
    assert found.direction == "warm to cold"


def test_strips_show_image_translation_truth_and_the_way_back():
    pictures = translation.translate(context(tiny.TinyTranslator(added=0.2))).pictures
    assert set(pictures) == {"translations-1", "translations-2"}
    shown = pictures["translations-1"]
    warm, cold = (split.images[:16] for split in tiny.TinyDataset().translation_pairs("holdout", "warm", "cold"))
    rows = shown.images.reshape(4, shown.columns, *tiny.SHAPE)
    assert np.array_equal(rows[0], warm)
    assert np.array_equal(rows[2], cold)
    assert rows[1].mean() > rows[2].mean()
    assert rows[3].mean() > rows[1].mean()
    assert shown.caption.startswith("Warm to cold, the first 16 images of the holdout split.")
    assert len(translation.translate(context(OneWay())).pictures["translations-1"].images) == 48


def test_readings_before_and_after_and_of_the_truth():
    there = context(tiny.TinyTranslator(added=0.3))
    found = translation.readings(there, translation.translate(there).value).value
    flips = {(one.attribute, one.source): one for one in translation.flips(there, found).value}
    light, tone = flips["light", "warm"], flips["tone", "warm"]
    assert tone.translated
    assert not light.translated
    assert set(tone.before) == {0}
    assert set(tone.after) == set(tone.truth) == {1}
    assert np.array_equal(light.before, light.truth)
    assert (light.after > light.before).any()  # more light makes dark images bright


def test_flips_are_counted_by_what_images_truly_show():
    made = context(Dimming())
    there = translation.translate(made).value
    (one, other) = translation.flip_counts(
        made, translation.flips(made, translation.readings(made, there).value).value
    ).value
    assert (one.attribute, one.direction, other.direction) == ("light", "warm to cold", "cold to warm")
    light = tiny.TinyDataset().translation_pairs("holdout", "warm", "cold")[0].labels["light"]
    bright = int(light.sum())
    # rows: dark and bright images; everything is read as dark after translation, rightly in the true translations
    assert one.counts.sum(axis=2).tolist() == [[30 - bright, 0], [bright, 0]]
    assert one.counts.sum(axis=1).tolist() == [[30 - bright, 0], [0, bright]]
    assert one.design_effect == 2.0  # nothing varies within a level: all pairs of renders count as one


def test_without_labels_nobody_knows_what_was_changed():
    with pytest.raises(NotApplicable, match="known of the data"):
        translation.flip_counts(context(), ())


def test_features_stand_beside_other_images_of_the_target_domain():
    there = context()
    found = translation.readings(there, translation.translate(there).value).value
    forth, _ = translation.features(there, found).value
    cold = tiny.TinyDataset().translation_pairs("evaluation", "warm", "cold")[1]
    expected = tiny.TinyExtractor().extract(torch.from_numpy(cold.images))["features"].numpy()
    assert np.allclose(forth.translated.reference, expected)
    assert np.allclose(forth.translated.generated, forth.truth.generated)
    assert not np.allclose(forth.untranslated.generated, forth.truth.generated)
    assert np.array_equal(forth.translated.reference_clusters, cold.clusters)
    assert len(forth.translated.generated_clusters) == 30


class Wrong(tiny.TinyTranslator):
    def __init__(self, made):
        super().__init__()
        self.made = made

    def translate(self, images, source, target):
        return self.made(images)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda images: images[:, :1], r"'translate': it returned shape"),
        (lambda images: images * 4, r"'translate': it returned values in"),
        (lambda images: images * torch.nan, r"'translate': it returned NaN"),
        (lambda images: images[:3], r"'translate': it returned shape"),
    ],
)
def test_a_translator_that_breaks_its_contract_is_named(made, said):
    with pytest.raises(PluginError, match=said):
        translation.translate(context(Wrong(made)))


def test_a_translator_without_domains_is_named():
    with pytest.raises(PluginError, match="broke its contract in 'domains'"):
        translation.translate(context(tiny.TinyTranslator(domains=())))


def test_domains_that_the_data_do_not_know_are_not_applicable():
    with pytest.raises(NotApplicable, match="horse to zebra, and data set 'tiny' knows warm and cold"):
        translation.translate(context(tiny.TinyTranslator(domains=("horse", "zebra"))))


class Uneven(tiny.TinyDataset):
    def translation_pairs(self, name, source, target):
        first, second = super().translation_pairs(name, source, target)
        return first, replace(second, images=second.images[:5])


class Lost(tiny.TinyDataset):
    def translation_pairs(self, name, source, target):
        raise OSError("disk unplugged")


@pytest.mark.parametrize(("data", "said"), [(Uneven, "broke its contract in 'translation_pairs'"), (Lost, "unplugged")])
def test_a_data_set_that_cannot_give_pairs_is_blamed(data, said):
    with pytest.raises(PluginError, match=f"world 1.0.*{said}"):
        translation.translate(context(dataset=data()))
