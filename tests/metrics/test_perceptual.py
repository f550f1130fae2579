"""Absolute error, similarity over scales, and the distance of a program that the user gives."""

from __future__ import annotations

import hashlib
import warnings

import numpy as np
import pytest
import torch

from genaudit.errors import NotApplicable
from genaudit.metrics.options import MultiscaleOptions, PerceptualOptions
from genaudit.metrics.perceptual import lpips
from genaudit.metrics.reconstruction import ms_ssim, reconstruction_mae
from genaudit.plugin.options import NoOptions
from genaudit.stats.multiscale import multiscale_similarity
from genaudit.stats.seeds import generator
from genaudit.values.observations import Reconstructions


def pairs(count=40, side=12, noise=0.1, clusters=None):
    rng = generator(0, "pairs")
    originals = rng.random((count, 3, side, side)).astype(np.float32)
    made = (originals + noise * rng.standard_normal(originals.shape)).clip(0, 1).astype(np.float32)
    return Reconstructions(originals=originals, reconstructions=made, clusters=clusters)


def ask(metric, observed, options):
    return metric(observed, options=options, rng=generator(0, "metric"))


class MeanDifference(torch.nn.Module):
    """A stand-in for a network: half the mean absolute difference, of images in [-1, 1]."""

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return (x - y).abs().mean(dim=[1, 2, 3], keepdim=True) / 2


class OneNumber(torch.nn.Module):
    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return (x - y).abs().mean()


@pytest.fixture
def program(tmp_path):
    def saved(network):
        path = tmp_path / "program.pt"
        with warnings.catch_warnings():  # torch would rather have another format; users have files of this one
            warnings.simplefilter("ignore", FutureWarning)
            torch.jit.save(torch.jit.trace(network, (torch.zeros(2, 3, 12, 12), torch.ones(2, 3, 12, 12))), path)
        return path

    return saved


def test_absolute_error_is_the_mean_over_images():
    observed = pairs()
    found = ask(reconstruction_mae, observed, NoOptions())
    expected = np.abs(observed.originals.astype(float) - observed.reconstructions).mean()
    assert found.value == pytest.approx(expected, rel=1e-12)
    assert found.interval.low < found.value < found.interval.high
    assert ask(reconstruction_mae, pairs(noise=0.3), NoOptions()).value > 2 * found.value
    wider = ask(reconstruction_mae, pairs(clusters=np.arange(40) // 4), NoOptions())
    assert wider.interval.method.startswith("t interval, 9 degrees")


def test_absolute_error_of_images_that_are_not_finite_is_refused():
    observed = pairs()
    observed.reconstructions[3, 0, 0, 0] = np.nan
    with pytest.raises(ValueError, match="image 3"):
        ask(reconstruction_mae, observed, NoOptions())


def test_small_images_have_no_five_scales_and_may_have_one():
    with pytest.raises(NotApplicable, match=r"5 scales need images of at least 176 x 176 pixels, not 12 x 12"):
        ask(ms_ssim, pairs(), MultiscaleOptions())
    observed = pairs()
    found = ask(ms_ssim, observed, MultiscaleOptions(scales=1))
    expected = multiscale_similarity(observed.originals, observed.reconstructions, scales=1).mean()
    assert found.value == pytest.approx(expected, rel=1e-12)
    assert found.interval.low < found.value < found.interval.high


def test_without_a_program_there_is_no_perceptual_distance():
    with pytest.raises(NotApplicable, match="none comes with genaudit") as refused:
        ask(lpips, pairs(), PerceptualOptions())
    assert refused.value.reason_code == "no-weights"


def test_the_program_that_is_given_sees_images_from_minus_1_to_1(program):
    path = program(MeanDifference())
    found = ask(lpips, pairs(), PerceptualOptions(weights=str(path)))
    # half the difference at twice the range is the difference, in float32
    assert found.value == pytest.approx(ask(reconstruction_mae, pairs(), NoOptions()).value, rel=1e-5)
    assert found.parameters["weights_digest"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.interval.low < found.value < found.interval.high


def test_a_program_that_returns_no_distance_a_pair_is_refused(program):
    with pytest.raises(ValueError, match="1 numbers for 32 pairs"):
        ask(lpips, pairs(), PerceptualOptions(weights=str(program(OneNumber()))))
