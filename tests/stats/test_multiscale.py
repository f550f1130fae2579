"""Structural similarity over scales against the formula written out, and against torchmetrics."""

from __future__ import annotations

import pytest
import torch
from scipy import ndimage
from torchmetrics.functional.image import multiscale_structural_similarity_index_measure

from genaudit.stats.multiscale import WEIGHTS, multiscale_similarity
from genaudit.stats.seeds import generator
from genaudit.stats.similarity import structural_similarity


def pair(side=180, noise=0.2):
    rng = generator(0, "images")
    coarse = rng.random((3, 2, 6, 6)).repeat(side // 6, axis=2).repeat(side // 6, axis=3)
    images = (0.7 * coarse + 0.3 * rng.random((3, 2, side, side))).clip(0, 1)
    return images, (images + noise * rng.standard_normal(images.shape)).clip(0, 1)


def by_definition(x, y):
    """One image of several channels, with scipy's filter for the local means of whole windows."""

    def local(image):
        return ndimage.gaussian_filter(image, (0, 1.5, 1.5), radius=(0, 5, 5))[:, 5:-5, 5:-5]

    value = 1.0
    for scale, weight in enumerate(WEIGHTS):
        mean_x, mean_y = local(x), local(y)
        spread = local(x * x) - mean_x**2 + local(y * y) - mean_y**2
        term = (2 * (local(x * y) - mean_x * mean_y) + 9e-4) / (spread + 9e-4)
        if scale == 4:
            term = term * (2 * mean_x * mean_y + 1e-4) / (mean_x**2 + mean_y**2 + 1e-4)
        value *= term.mean() ** weight
        x, y = (torch.nn.functional.avg_pool2d(torch.from_numpy(side), 2).numpy() for side in (x, y))
    return value


def test_it_is_the_definition():
    x, y = pair()
    expected = [by_definition(a, b) for a, b in zip(x, y, strict=True)]
    assert multiscale_similarity(x, y) == pytest.approx(expected, rel=1e-10)


def test_it_is_near_torchmetrics_which_mirrors_the_coarsest_scale_at_its_edges():
    x, y = pair()
    theirs = multiscale_structural_similarity_index_measure(
        torch.from_numpy(x), torch.from_numpy(y), data_range=1.0, reduction="none", betas=WEIGHTS
    )
    assert multiscale_similarity(x, y) == pytest.approx(theirs.numpy(), rel=1e-3)


def test_equal_images_have_1_and_noise_lowers_it():
    x, y = pair()
    assert multiscale_similarity(x, x) == pytest.approx([1] * 3, abs=1e-12)
    values = [multiscale_similarity(*pair(noise=noise)).mean() for noise in (0.05, 0.2, 0.6)]
    assert values == sorted(values, reverse=True)
    assert multiscale_similarity(x[::-1], y[::-1]) == pytest.approx(multiscale_similarity(x, y)[::-1], rel=1e-12)


def test_one_scale_is_the_structural_similarity():
    x, y = pair(24)
    assert multiscale_similarity(x, y, scales=1) == pytest.approx(structural_similarity(x, y, border="valid"))


def test_the_negative_of_an_image_has_0():
    x, _ = pair()
    assert multiscale_similarity(x, 1 - x) == pytest.approx([0] * 3)


def test_images_that_are_too_small_are_refused():
    with pytest.raises(ValueError, match="at least 176 pixels"):
        multiscale_similarity(*pair(174))
    with pytest.raises(ValueError, match="1 to 5 scales, not for 6"):
        multiscale_similarity(*pair(24), scales=6)
    with pytest.raises(ValueError, match="one shape"):
        multiscale_similarity(pair(24)[0], pair(24)[0][:1])
