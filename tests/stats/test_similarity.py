"""Structural similarity against the formula written out window by window."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from genaudit.stats.seeds import generator
from genaudit.stats.similarity import structural_similarity, window_size


def images(name, shape=(5, 3, 14, 12)):
    return generator(0, name).random(shape)


def by_definition(x, y, sigma, border):
    """One channel of one image, with scipy's filter for the local means."""
    reach = window_size(sigma) // 2

    def local(image):
        return ndimage.gaussian_filter(image, sigma, mode="mirror", radius=reach)

    mean_x, mean_y = local(x), local(y)
    covariance = local(x * y) - mean_x * mean_y
    spread = local(x * x) - mean_x**2 + local(y * y) - mean_y**2
    index = (2 * mean_x * mean_y + 1e-4) * (2 * covariance + 9e-4) / ((mean_x**2 + mean_y**2 + 1e-4) * (spread + 9e-4))
    return (index if border == "reflect" else index[reach:-reach, reach:-reach]).mean()


@pytest.mark.parametrize("border", ["reflect", "valid"])
@pytest.mark.parametrize("sigma", [0.8, 1.5])
def test_similarity_is_the_definition(sigma, border):
    x, y = images("x"), images("y")
    channels = [
        [by_definition(a, b, sigma, border) for a, b in zip(*pair, strict=True)] for pair in zip(x, y, strict=True)
    ]
    expected = np.mean(channels, axis=1)
    assert structural_similarity(x, y, sigma=sigma, border=border) == pytest.approx(expected, rel=1e-10)


def test_equal_images_have_1_and_inverted_ones_are_below_0():
    x = images("x")
    assert structural_similarity(x, x) == pytest.approx(np.ones(5), abs=1e-12)
    assert (structural_similarity(x, 1 - x) < 0).all()


def test_an_unknown_border_and_a_small_image_are_refused():
    with pytest.raises(ValueError, match="'reflect' and 'valid'"):
        structural_similarity(images("x"), images("y"), border="same")
    with pytest.raises(ValueError, match="window of 11 pixels does not fit into 5"):
        structural_similarity(np.zeros((1, 1, 5, 5)), np.zeros((1, 1, 5, 5)))
