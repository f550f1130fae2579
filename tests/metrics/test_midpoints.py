"""What lies half-way between latents: closed forms, both kinds of path, and a model for which they are one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch
from tiny_context import tiny_context

from genaudit.errors import NotApplicable
from genaudit.metrics.interpolation import interpolation_realism
from genaudit.metrics.latent_options import MidpointOptions
from genaudit.probes import generation
from genaudit.probes.midpoints import path_midpoints
from genaudit.probes.reference import read_reference
from genaudit.stats.paths import lerp, slerp
from genaudit.stats.seeds import generator
from genaudit.values.observations import PathMidpoints


def rows(name, count, dimension=8):
    return generator(0, name).standard_normal((count, dimension))


def between(starts, ends, reference):
    """Midpoints of a model whose images are their latents."""
    midpoints = {name: way(starts, ends, [0.5])[:, 0] for name, way in (("slerp", slerp), ("lerp", lerp))}
    return PathMidpoints(midpoints=midpoints, ends=starts, reference=reference)


def realism(found, **options):
    made = interpolation_realism(found, options=MidpointOptions(**options), rng=generator(0))
    return {one.group: one for one in made}


def test_the_line_loses_half_of_the_variance_and_the_arc_none():
    # (z + z') / 2 is N(0, I / 2): d (1 - √½)² from N(0, I); the middle of an arc is as long as its ends on average
    found = realism(between(rows("a", 5000), rows("b", 5000), rows("data", 5000)))
    assert found["lerp"].value == pytest.approx(8 * (1 - math.sqrt(0.5)) ** 2, rel=0.05)
    assert found["slerp"].value < 0.05
    assert found["slerp"].details["ends"] < 0.02
    assert found["lerp"].interval.low > found["slerp"].interval.high
    assert found["lerp"].n_generated == 5000
    assert found["lerp"].parameters == {"paths_walked": 5000}


def test_ends_that_are_the_data_have_a_distance_of_none():
    data = rows("data", 200)
    found = realism(between(data, rows("b", 200), data))
    assert found["slerp"].details["ends"] == pytest.approx(0, abs=1e-9)
    assert found["slerp"].note == ""  # what few items do to a Fréchet distance is the same for both


def test_order_of_paths_changes_nothing_but_blocks():
    starts, ends, data = rows("a", 300), rows("b", 300), rows("data", 300)
    found, turned = realism(between(starts, ends, data)), realism(between(starts[::-1], ends[::-1], data))
    for kind in ("slerp", "lerp"):
        assert turned[kind].value == pytest.approx(found[kind].value, abs=1e-9)


def test_images_that_are_worse_between_are_farther():
    starts, ends, data = rows("a", 400), rows("b", 400), rows("data", 400)
    found = between(starts, ends, data)
    worse = replace(found, midpoints={name: one + 1 for name, one in found.midpoints.items()})
    for kind in ("slerp", "lerp"):
        assert realism(worse)[kind].value - realism(found)[kind].value == pytest.approx(8, abs=1)
        assert realism(worse)[kind].details["ends"] == realism(found)[kind].details["ends"]


class Normalising(tiny.TinyVae):
    """Scales every latent to one length first, as StyleGAN does."""

    def decode(self, z, labels=None):
        return super().decode(z / z.square().mean(dim=1, keepdim=True).sqrt())


def observed(context):
    return path_midpoints(context, generation.generate(context).value, read_reference(context).value).value


def test_a_model_that_scales_its_latents_has_the_same_number_along_the_line_and_the_arc():
    found = observed(tiny_context(generator=Normalising(tiny.TinyOptions())))
    # rounding of float32 latents moves a level of some pixels by one of 255
    assert found.midpoints["slerp"] == pytest.approx(found.midpoints["lerp"], abs=0.01)
    values = realism(found)
    assert values["slerp"].value == pytest.approx(values["lerp"].value, rel=1e-3)
    plain = realism(observed(tiny_context()))
    assert plain["slerp"].value != pytest.approx(plain["lerp"].value, rel=1e-2)


def test_paths_begin_at_the_generated_images_whatever_the_batch():
    context = tiny_context()
    found, again = observed(context), observed(replace(context, batch_size=7))
    assert len(found.ends) == len(found.midpoints["slerp"]) == 25
    assert np.array_equal(found.ends, generation.generate(context).value.outputs["features"][:25])
    assert found.midpoints["lerp"] == pytest.approx(again.midpoints["lerp"], rel=1e-12)


class Coordinates(tiny.TinyVae):
    """Shows its latent as levels, so that features tell where a midpoint was."""

    def decode(self, z, labels=None):
        shown = torch.zeros(len(z), 48)
        shown[:, :5] = torch.sigmoid(z.reshape(len(z), -1))
        return shown.reshape(-1, *tiny.SHAPE)


class Levels(tiny.TinyExtractor):
    """The levels themselves."""

    def extract(self, images):
        return {**super().extract(images), "features": images.double().flatten(1)[:, :12]}


def test_a_midpoint_lies_between_latent_i_and_latent_n_plus_i():
    context = tiny_context(generator=Coordinates(tiny.TinyOptions()), extractor=Levels())
    found = observed(context)
    z = generation.latents(context, "latents", 0, 50).double().numpy()
    expected = 255 / (1 + np.exp(-(z[:25] + z[25:]) / 2))
    assert found.midpoints["lerp"][:, :5] == pytest.approx(expected, abs=0.51)
    asked = replace(context, demands={"path_midpoints": (MidpointOptions(paths=10),)})
    assert len(observed(asked).ends) == 10


def test_three_images_have_no_two_paths():
    with pytest.raises(NotApplicable, match="needs 2 paths, not 1"):
        observed(tiny_context(samples=3))


@pytest.mark.parametrize(("option", "bad", "why"), [("paths", 1, "paths is 1"), ("blocks", 2, "3 to 100")])
def test_an_option_out_of_range_is_refused(option, bad, why):
    with pytest.raises(ValueError, match=why):
        MidpointOptions(**{option: bad})
