"""The perceptual path length of generators whose speed is known."""

import numpy as np
import pytest
import torch
from styled import Styled
from tiny_context import tiny_context

from genaudit.extractors.identity import Identity
from genaudit.metrics.path_length import perceptual_path_length
from genaudit.metrics.style_options import PathLengthOptions
from genaudit.plugin.specs import DatasetSpec, ExtractorSpec
from genaudit.probes.small_steps import latent_steps, style_steps
from genaudit.stats.paths import slerp
from genaudit.stats.seeds import generator, standard_normal_rows
from genaudit.values.observations import SmallSteps

DIMENSION = 3


class Linear:
    """z times a number, perhaps with a jump where the first coordinate changes its sign."""

    latent_shape = (DIMENSION,)

    def __init__(self, scale=1.0, jump=0.0):
        self._scale, self._jump = scale, jump

    def decode(self, z, labels=None):
        return (self._scale * z.double() + self._jump * torch.tanh(200 * z[:, :1].double())).float()


def vectors(model, *options, batch_size=64):
    return tiny_context(
        generator=model,
        image_shape=(DIMENSION,),
        dataset_spec=DatasetSpec(name="v", summary="", target="", data_kind="vector", image_shape=(DIMENSION,)),
        extractor=Identity(),
        extractor_spec=ExtractorSpec(
            name="identity", summary="", target="", data_kind="vector", outputs={"features": 0}
        ),
        batch_size=batch_size,
        demands={"latent_steps": options, "style_steps": options},
    )


def measured(steps, **options):
    full, end = perceptual_path_length(steps, options=PathLengthOptions(**options), rng=generator(0))
    return full, end


def closed_form(paths):
    """Squared speed at the start of a great circle: (angle / sin angle)² |b - a cos angle|² with lengths left in."""
    a, b = (standard_normal_rows(0, name, 0, paths, DIMENSION) for name in ("path-starts", "path-ends"))
    norms = np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1)
    angle = np.arccos((a * b).sum(axis=1) / norms[0] / norms[1])
    speed = (angle / np.sin(angle))[:, None] * (b - a * np.cos(angle)[:, None])
    return (speed**2).sum(axis=1)


def test_g30_a_quarter_of_the_unit_circle_has_the_square_of_half_pi():
    ends = np.eye(4)
    fractions = np.linspace(0.1, 0.7, 4)[:, None]
    moved = slerp(ends, np.roll(ends, 1, axis=0), fractions + 1e-4) - slerp(ends, np.roll(ends, 1, axis=0), fractions)
    squared = (moved[:, 0] ** 2).sum(axis=1) / 1e-8
    full, _ = measured(SmallSteps(anywhere=squared, at_ends=squared, epsilon=1e-4, interpolation="slerp"))
    assert full.value == pytest.approx(2.467401095, abs=1e-5)


def test_the_speed_of_the_identity_is_that_of_the_great_circle():
    steps = latent_steps(vectors(Linear(), PathLengthOptions(paths=300))).value
    # float32 latents: a step of 1e-4 is known to about 1e-3 of itself
    assert steps.at_ends == pytest.approx(closed_form(300), rel=2e-2)
    assert np.median(np.abs(steps.at_ends / closed_form(300) - 1)) < 2e-3
    full, end = measured(steps)
    assert (full.group, end.group) == ("", "end")
    assert end.interval.low < end.value < end.interval.high
    assert end.n_generated == 300


def test_twice_the_speed_is_four_times_the_value_and_a_jump_costs_more():
    options = PathLengthOptions(paths=400)
    plain, fast, jumping = (
        measured(latent_steps(vectors(model, options)).value, trim=0.0)[0].value
        for model in (Linear(), Linear(2.0), Linear(1.0, jump=1.0))
    )
    assert fast == pytest.approx(4 * plain, rel=1e-3)
    assert jumping > 2 * plain


def test_batches_do_not_matter():
    options = PathLengthOptions(paths=130)
    one, other = (latent_steps(vectors(Linear(), options, batch_size=size)).value for size in (130, 7))
    assert np.array_equal(one.anywhere, other.anywhere)
    assert np.array_equal(one.at_ends, other.at_ends)


def test_a_generator_that_makes_one_image_has_0_and_says_so():
    full, _ = measured(latent_steps(vectors(Linear(0.0), PathLengthOptions(paths=20))).value)
    assert full.value == 0
    assert full.note == "No image moves at all."


class Steps:
    """Latents rounded to a grid, as a decoder of quantised codes has them."""

    latent_shape = (DIMENSION,)

    def decode(self, z, labels=None):
        return torch.round(z * 20) / 20


def test_a_decoder_with_steps_says_that_its_value_grows_as_epsilon_falls():
    options = [PathLengthOptions(epsilon=epsilon, paths=500) for epsilon in (1e-3, 1e-4)]
    coarse, fine = (measured(latent_steps(vectors(Steps(), one)).value, epsilon=one.epsilon)[0] for one in options)
    assert fine.value > 3 * coarse.value  # of a smooth decoder both are equal
    assert fine.note.endswith("no smooth function of the latents, and the value grows as epsilon falls.")
    assert measured(latent_steps(vectors(Linear(), options[0])).value)[0].note == ""


def test_the_outermost_hundredths_are_left_out():
    squared = np.r_[np.full(998, 2.0), 0.0, 1e9]
    full, _ = measured(SmallSteps(anywhere=squared, at_ends=squared, epsilon=1e-4, interpolation="lerp"))
    assert full.value == 2.0
    assert full.details["largest"] == 1e9


def test_steps_between_styles_follow_straight_lines_and_are_not_rounded():
    options = PathLengthOptions(paths=64)
    context = tiny_context(generator=Styled(), demands={"style_steps": (options,)})
    steps = style_steps(context).value
    a, b = (standard_normal_rows(0, name, 0, 64, 2).astype(np.float32) for name in ("path-starts", "path-ends"))
    # light 0.15 tanh(3 w0) in every feature of every channel, tone 0.08 tanh(3 w1) in red, its opposite in blue
    light, tone = (
        strength * 3 * (b - a)[:, axis] / np.cosh(3 * a[:, axis].astype(float)) ** 2
        for strength, axis in ((0.15, 0), (0.08, 1))
    )
    expected = 4 * ((light + tone) ** 2 + light**2 + (light - tone) ** 2)
    # images are float32: a change of 1e-5 is known to 6e-8, and near the flat ends of tanh there is less change
    assert steps.at_ends == pytest.approx(expected, rel=0.05, abs=1e-4 * expected.max())
    assert steps.interpolation == "lerp"


@pytest.mark.parametrize("wrong", [{"paths": 1}, {"epsilon": 0.0}, {"epsilon": float("nan")}, {"trim": 0.5}])
def test_options_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="ppl"):
        PathLengthOptions(**wrong)
