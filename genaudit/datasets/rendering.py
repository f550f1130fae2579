"""Small grey images to larger ones under an affine map: the same bits of uint8 on every machine.

Only float64 additions and multiplications in a fixed order touch a pixel, so that what differs between machines (the
last bit of a sine) stays far below half a grey level.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

KEYS_A = -0.5
"""The slope for which cubic convolution is third-order accurate (Keys 1981, section III)."""
MARGIN = 5
"""Zero pixels around a digit, enough for every tap of the strongest allowed augmentation."""
BATCH = 256
"""Images at a time: keeps the taps within the processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmentation:
    """How each image is placed and lit; every array is ``(n,)``."""

    shift_x: Floats
    """Source pixels to the right."""
    shift_y: Floats
    """Source pixels downward."""
    rotation: Floats
    """Radians, clockwise on the screen."""
    scale: Floats
    """Size relative to the plain rendering."""
    brightness: Floats
    """Factor in (0, 1] on every channel."""

    def rows(self, index: NDArray[np.int64] | slice) -> Augmentation:
        """The augmentation of some of the images."""
        return Augmentation(
            shift_x=self.shift_x[index],
            shift_y=self.shift_y[index],
            rotation=self.rotation[index],
            scale=self.scale[index],
            brightness=self.brightness[index],
        )


def cubic_convolution_weights(fraction: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Weights of the four nearest samples at -1, 0, 1 and 2 for a point at ``fraction`` in [0, 1).

    Source: R. G. Keys, Cubic convolution interpolation for digital image processing, IEEE Trans. ASSP 29(6), 1981,
    equation 15 (there for a = -1/2).

    >>> [w.tolist() for w in cubic_convolution_weights(np.array([0.5]))]
    [[-0.0625], [0.5625], [0.5625], [-0.0625]]
    """
    t, a = fraction, KEYS_A
    return (
        a * (t - 2 * t**2 + t**3),
        1 - (a + 3) * t**2 + (a + 2) * t**3,
        -a * t + (2 * a + 3) * t**2 - (a + 2) * t**3,
        a * (t**2 - t**3),
    )


def affine_resample(images: Floats, augmentation: Augmentation, *, size: int, field: float) -> Floats:
    """Square images on another grid, shifted, rotated and scaled, zero outside the source.

    Args:
        images: ``(n, s, s)``.
        augmentation: One row an image; brightness is not applied here.
        size: Output pixels a side.
        field: Source pixels a side that the output shows; ``field - s`` is the border around the source.

    Returns:
        ``(n, size, size)``; cubic convolution may leave the range of the input by a little.

    Raises:
        ValueError: The output shows places that are further than the margin from the source.
    """
    parts = [slice(start, start + BATCH) for start in range(0, len(images), BATCH)]
    resampled = [_resample(images[part], augmentation.rows(part), size, field) for part in parts]
    return np.concatenate(resampled) if resampled else np.zeros((0, size, size))


def _resample(images: Floats, augmentation: Augmentation, size: int, field: float) -> Floats:
    count, side = images.shape[:2]
    padded = np.pad(images, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))
    width = side + 2 * MARGIN
    x, y = _source_positions(augmentation, side, size, field)
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    if min(left.min(), top.min()) < 1 or max(left.max(), top.max()) > width - 3:
        raise ValueError(f"the output reaches more than {MARGIN} pixels beyond the source; shift, scale or show less")
    across, down = cubic_convolution_weights(x - left), cubic_convolution_weights(y - top)
    first_tap = np.arange(count)[:, None] * width**2 + (top - 1) * width + (left - 1)
    pixels = padded.ravel()
    total = np.zeros_like(x)
    for row, column in product(range(4), range(4)):
        total += down[row] * across[column] * pixels[first_tap + row * width + column]
    return total.reshape(count, size, size)


def _source_positions(augmentation: Augmentation, side: int, size: int, field: float) -> tuple[Floats, Floats]:
    """Where each output pixel's centre falls in the padded source, ``(n, size * size)`` for x and y."""
    centres = ((np.arange(size) + 0.5) / size - 0.5) * field
    shown_y, shown_x = (grid.ravel() for grid in np.meshgrid(centres, centres, indexing="ij"))
    away_x = shown_x - augmentation.shift_x[:, None]
    away_y = shown_y - augmentation.shift_y[:, None]
    cosine = (np.cos(augmentation.rotation) / augmentation.scale)[:, None]
    sine = (np.sin(augmentation.rotation) / augmentation.scale)[:, None]
    middle = (side - 1) / 2 + MARGIN
    return cosine * away_x + sine * away_y + middle, cosine * away_y - sine * away_x + middle
