"""A step along a direction changes what it is meant for: models whose directions are known, and ones without any."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch
from scipy import stats
from tiny_context import tiny_context

from genaudit.errors import NotApplicable
from genaudit.metrics.directions import attribute_direction_accuracy
from genaudit.metrics.latent_options import DirectionOptions
from genaudit.probes import generation
from genaudit.probes.directions import attribute_moves
from genaudit.stats.seeds import generator
from genaudit.values.latents import AttributeMoves, MovedAttribute
from genaudit.values.results import Estimate, Unavailable

ANNOTATORS = {"light": tiny.LightAnnotator(), "tone": tiny.ToneAnnotator()}


class Switches:
    """Bright where one direction of the latent is above 0, warm where another one is."""

    def __init__(self, light, tone):
        self._light, self._tone = (torch.tensor(each, dtype=torch.float32) for each in (light, tone))

    @property
    def latent_shape(self):
        return (len(self._light),)

    def decode(self, z, labels=None):
        level = torch.where(z @ self._light > 0, 0.8, 0.2)[:, None, None, None].expand(-1, *tiny.SHAPE).clone()
        warm = torch.where(z @ self._tone > 0, 0.1, -0.1)[:, None, None]
        level[:, 0] += warm
        level[:, 2] -= warm
        return level


class Told(Switches):
    """Asked for the light of an image, whatever the latent."""

    classes = ("dark", "bright")

    def decode(self, z, labels=None):
        level = super().decode(z)
        asked = torch.where(labels == 1, 0.8, 0.2)[:, None, None, None]
        return asked + level - level.mean(dim=(1, 2, 3), keepdim=True)


def context_of(model, samples=600, **options):
    specs = {spec.name: spec for spec in tiny.SPECS}
    readers = {"light": specs["light-reader"], "tone": specs["tone-rule"]}
    return tiny_context(
        generator=model,
        annotators={name: (readers[name], ANNOTATORS[name]) for name in readers},
        samples=samples,
        demands={"attribute_moves": (DirectionOptions(**options),)},
    )


def observed(context):
    return attribute_moves(context, generation.generate(context).value).value


def accuracy(moves):
    found = attribute_direction_accuracy(moves, options=DirectionOptions(), rng=generator(0))
    return {one.group: one for one in found}


def apart(**options):
    """Two attributes of two units of four."""
    return context_of(Switches([1, 0, 0, 0], [0, 1, 0, 0]), **options)


def test_a_step_of_three_changes_the_attribute_that_a_unit_decides_and_no_other():
    found = accuracy(observed(apart()))
    for name, other in (("light", "tone"), ("tone", "light")):
        # a latent is turned unless it lies farther than 3 beyond the plane: 0.0027 of a normal
        assert found[name].value >= 0.99
        assert found[name].n_generated == 300
        assert found[name].details[f"{other}_kept"] > 0.85  # the direction is found from 300 images, not known
        assert found[name].details["read_from_latents"] > 0.9
        assert found[name].parameters == {
            "levels": 2,
            "fitted_to": 300,
            "held_fixed": "the directions that were found",  # so that no gate takes the interval for more
        }


def test_a_step_in_a_random_direction_reaches_as_often_as_its_length_along_the_unit_lets_it():
    # of 4 units a random direction has u along the one that decides; |z| < 3 |u| and the right sign is needed
    u = np.abs(generator(0, "sphere").standard_normal((100_000, 4)))
    share = u[:, 0] / np.linalg.norm(u, axis=1)
    expected = 0.5 * (2 * stats.norm.cdf(3 * share) - 1).mean()
    found = accuracy(observed(apart(samples=4000, images=2000)))["light"]
    assert found.details["reached_at_random"] == pytest.approx(expected, abs=4 * math.sqrt(0.25 / 2000))


def test_attributes_that_one_unit_decides_change_together():
    found = accuracy(observed(context_of(Switches([1, 0, 0, 0], [1, 0, 0, 0]))))
    assert found["light"].value > 0.99
    assert found["light"].details["tone_kept"] < 0.01


def test_a_longer_step_reaches_more_and_a_short_one_little():
    values = [accuracy(observed(apart(step=step)))["tone"].value for step in (0.1, 1.0, 3.0)]
    # a step of s turns what lies within s of the plane: 2 Φ(s) - 1
    assert values == pytest.approx([2 * stats.norm.cdf(step) - 1 for step in (0.1, 1.0, 3.0)], abs=0.1)


def test_turning_the_latents_of_the_model_turns_the_direction_with_them():
    turn = stats.special_ortho_group(4, seed=2).rvs()
    found = accuracy(observed(context_of(Switches(turn[0], turn[1]))))
    assert found["light"].value >= 0.98
    assert found["light"].details["tone_kept"] > 0.85


def test_batches_change_nothing_and_images_that_are_moved_were_not_fitted_to():
    context = apart()
    found, again = observed(context), observed(replace(context, batch_size=7))
    for one, other in zip(found.moved, again.moved, strict=True):
        assert np.array_equal(one.after, other.after)
        assert np.array_equal(one.at_random, other.at_random)
    read = generation.generate(context).value.attributes["light"].argmax(axis=1)
    assert np.array_equal(found.moved[0].before, read[300:])
    assert found.moved[0].fitted_to == 300
    assert (found.moved[0].before != found.moved[0].target).all()


def test_an_attribute_that_is_asked_for_has_no_direction_and_keeps_its_level():
    found = accuracy(observed(context_of(Told([1, 0, 0, 0], [0, 1, 0, 0]))))
    assert isinstance(found["light"], Unavailable)
    assert found["light"].reason == (
        "The model is asked for the light of an image, so that its latent does not decide it."
    )
    assert isinstance(found["tone"], Estimate)
    assert found["tone"].value > 0.98
    assert found["tone"].details["light_kept"] == 1


def test_a_model_that_shows_one_level_has_no_other_to_move_to():
    found = accuracy(observed(context_of(Switches([1, 0, 0, 0], [0, 0, 0, 0]))))
    assert found["tone"].reason == (
        "Of 300 generated images 10 or more are read as one level at most: there is no other one to move them to."
    )
    assert found["light"].value > 0.99


def test_without_an_annotator_of_a_pair_there_is_nothing_to_change():
    with pytest.raises(NotApplicable, match="No annotator reads"):
        observed(replace(apart(), annotators={}))


def moved(after, at_random, kept):
    count = len(after)
    return AttributeMoves(
        moved=(
            MovedAttribute(
                attribute="shape",
                levels=("round", "square"),
                before=np.zeros(count, dtype=np.int64),
                target=np.ones(count, dtype=np.int64),
                after=np.array(after),
                at_random=np.array(at_random),
                kept={"size": np.array(kept)},
                kept_at_random={"size": np.ones(count, dtype=bool)},
                told_apart=0.75,
                fitted_to=50,
            ),
        ),
        left_out={},
    )


def test_the_value_is_the_share_that_reached_its_target_and_the_note_has_what_stands_beside_it():
    found = accuracy(moved([1, 1, 1, 0], [0, 0, 0, 1], [True, True, False, False]))["shape"]
    assert found.value == 0.75
    assert found.details["reached_at_random"] == 0.25
    assert found.details["changed"] == 0.75
    assert found.details["size_kept"] == 0.5
    assert found.details["size_kept_at_random"] == 1
    assert found.note == "Size stays in 50% of the moved images, and in 100% after steps at random."
    assert found.terms == (1, 1, 1, 0)


def test_the_interval_of_all_or_none_is_wilson_s():
    found = accuracy(moved([1] * 100, [0] * 100, [True] * 100))["shape"]
    assert found.interval.low == pytest.approx(0.963, abs=1e-3)


@pytest.mark.parametrize(("option", "bad"), [("step", 0.0), ("step", float("nan")), ("images", 1)])
def test_an_option_out_of_range_is_refused(option, bad):
    with pytest.raises(ValueError, match=rf"attribute_direction_accuracy\.{option} is {bad}"):
        DirectionOptions(**{option: bad})
