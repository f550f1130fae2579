"""The arithmetic behind the resize policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.stats.resizing import Levels


def unrounded(levels: Levels) -> NDArray[np.float32]:
    """The levels as float32."""
    return levels.astype(np.float32)


def tf1_bilinear(levels: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """``levels (…, h, w)`` at positions ``i · h / H``: the corner of the first pixel stays where it is."""
    rows, columns = (_positions(old, new) for old, new in zip(levels.shape[-2:], size, strict=True))
    upper, lower = levels[..., rows[0], :], levels[..., rows[1], :]
    left, right, across = columns
    top = upper[..., left] + (upper[..., right] - upper[..., left]) * across
    bottom = lower[..., left] + (lower[..., right] - lower[..., left]) * across
    found: NDArray[np.float32] = top + (bottom - top) * rows[2][:, None]
    return found


def tf1_matrix(old: int, new: int) -> NDArray[np.float32]:
    """``(new, old)``: a column of ``old`` levels times this is the column that ``tf1_bilinear`` makes of it.

    >>> tf1_matrix(2, 4).tolist()
    [[1.0, 0.0], [0.5, 0.5], [0.0, 1.0], [0.0, 1.0]]
    """
    first, second, across = _positions(old, new)
    matrix, each = np.zeros((new, old), dtype=np.float32), np.arange(new)
    matrix[each, first] += 1 - across
    matrix[each, second] += across
    return matrix


def _positions(old: int, new: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Of each new pixel the two old ones, and the weight of the second; float32, as TensorFlow computes them."""
    places = np.arange(new, dtype=np.float32) * np.float32(old / new)
    first = places.astype(np.int64)
    return first, np.minimum(first + 1, old - 1), places - first.astype(np.float32)


def bicubic(levels: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """Pillow's antialiased filter on each channel of ``levels (c, h, w)``, clipped to [0, 255]."""
    from PIL import Image

    channels = [Image.fromarray(channel).resize(size[::-1], Image.Resampling.BICUBIC) for channel in levels]
    return np.stack([np.asarray(channel, dtype=np.float32) for channel in channels]).clip(0, 255)


def bicubic_8bit(levels: Levels, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The same filter as Pillow applies it to an 8-bit image: the levels are rounded before and after."""
    from PIL import Image

    whole = np.floor(levels + 0.5).astype(np.uint8) if levels.dtype != np.uint8 else levels
    image = Image.fromarray(np.ascontiguousarray(whole.transpose(1, 2, 0)))
    small = np.asarray(image.resize(size[::-1], Image.Resampling.BICUBIC), dtype=np.uint8)
    return np.ascontiguousarray(small.transpose(2, 0, 1))
