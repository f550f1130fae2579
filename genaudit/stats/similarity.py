"""Structural similarity of images, in float64."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BORDERS = ("reflect", "valid")
CHUNK = 64
"""Images whose local statistics are held at once."""


def structural_similarity(
    images: NDArray[np.floating],
    others: NDArray[np.floating],
    *,
    sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    border: str = "reflect",
) -> NDArray[np.float64]:
    """Mean structural similarity of each pair of images with grey levels in [0, 1] (Wang et al. 2004, eq. 13).

    Local means, variances and the covariance are weighted by a Gaussian window. The mean runs over positions and
    channels.

    Args:
        images: ``(n, c, h, w)``.
        others: ``(n, c, h, w)``.
        sigma: Standard deviation of the window, in pixels; it has ``window_size(sigma)`` pixels a side.
        k1: Stabilises the comparison of means.
        k2: Stabilises the comparison of spreads.
        border: ``reflect``: every pixel is a position, and the image is mirrored at its edges. ``valid``: only
            positions where the whole window lies inside the image, as in the paper's own program.

    Returns:
        ``(n,)``, from -1 to 1.

    Raises:
        ValueError: Shapes differ, or the window does not fit into the images.

    >>> import numpy as np
    >>> structural_similarity(np.zeros((1, 1, 16, 16)), np.zeros((1, 1, 16, 16)))
    array([1.])
    """
    if images.shape != others.shape or images.ndim != 4:
        raise ValueError(f"both sides have one shape (n, c, h, w), not {images.shape} and {others.shape}")
    rows, columns = (window_matrix(size, sigma, border) for size in images.shape[2:])
    found = np.empty(len(images))
    for first in range(0, len(images), CHUNK):
        part = slice(first, first + CHUNK)
        x, y = images[part].astype(np.float64), others[part].astype(np.float64)
        mean_x, mean_y, square_x, square_y, product = (rows @ each @ columns.T for each in (x, y, x * x, y * y, x * y))
        # a flat patch has variance 0, which the difference of squares misses by rounding
        spread = np.maximum(square_x - mean_x**2, 0) + np.maximum(square_y - mean_y**2, 0)
        means = mean_x * mean_y
        similarity = (2 * means + k1**2) * (2 * (product - means) + k2**2)
        similarity /= (mean_x**2 + mean_y**2 + k1**2) * (spread + k2**2)
        found[part] = similarity.mean(axis=(1, 2, 3))
    return found


def window_size(sigma: float) -> int:
    """Pixels along one side of the Gaussian window: it reaches 3.5 standard deviations to each side.

    >>> window_size(1.5)
    11
    """
    return 2 * int(3.5 * sigma + 0.5) + 1


def smallest_side(sigma: float, border: str) -> int:
    """Pixels that an image must have along each side for a window of this kind.

    >>> smallest_side(1.5, "valid"), smallest_side(1.5, "reflect")
    (11, 6)
    """
    if border not in BORDERS:
        raise ValueError(f"border is {border!r}; allowed are {' and '.join(map(repr, BORDERS))}")
    window = window_size(sigma)
    return window if border == "valid" else window // 2 + 1


def window_matrix(size: int, sigma: float, border: str) -> NDArray[np.float64]:
    """The Gaussian window at every position along one side of an image.

    Args:
        size: Pixels along that side.
        sigma: Standard deviation of the window, in pixels.
        border: As in ``structural_similarity``.

    Returns:
        ``(positions, size)``: each row holds the window's weights at one position, folded back at the edges.

    Raises:
        ValueError: The window does not fit.

    >>> window_matrix(11, 1.5, "valid").shape
    (1, 11)
    """
    if size < smallest_side(sigma, border):
        raise ValueError(f"a window of {window_size(sigma)} pixels does not fit into {size}")
    reach = window_size(sigma) // 2
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    centres = np.arange(size) if border == "reflect" else np.arange(reach, size - reach)
    matrix = np.zeros((len(centres), size))
    for row, centre in zip(matrix, centres, strict=True):
        seen = np.abs(np.arange(centre - reach, centre + reach + 1))  # mirrored at the first pixel
        np.add.at(row, np.minimum(seen, 2 * (size - 1) - seen), weights)  # and at the last
    return matrix
