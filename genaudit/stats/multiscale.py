"""Structural similarity over several scales, in float64."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.similarity import smallest_side, window_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Of the scales from fine to coarse, as people weigh them (Wang et al. 2003, section 3.2)."""
CHUNK = 16
"""Images whose local statistics are held at once."""


def multiscale_similarity(
    images: NDArray[np.floating],
    others: NDArray[np.floating],
    *,
    scales: int = 5,
    sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Floats:
    """Structural similarity over scales of each pair of images with grey levels in [0, 1] (Wang et al. 2003, eq. 7).

    Each scale is the one before averaged over squares of two by two pixels. Contrast and structure of all scales and
    the luminance of the coarsest are multiplied, each with its scale's weight as exponent; a mean below 0 counts as 0.
    Only positions where the whole window lies inside the image count.

    Args:
        images: ``(n, c, h, w)``.
        others: ``(n, c, h, w)``.
        scales: How many, 1 to 5.
        sigma: Standard deviation of the window, in pixels of each scale.
        k1: Stabilises the comparison of means.
        k2: Stabilises the comparison of spreads.

    Returns:
        ``(n,)``, from 0 to 1.

    Raises:
        ValueError: Shapes differ, or the images are too small for so many scales.

    >>> import numpy as np
    >>> multiscale_similarity(np.ones((1, 1, 22, 22)), np.ones((1, 1, 22, 22)), scales=2)
    array([1.])
    """
    if images.shape != others.shape or images.ndim != 4:
        raise ValueError(f"both sides have one shape (n, c, h, w), not {images.shape} and {others.shape}")
    least = smallest_side_of_scales(scales, sigma)
    if min(images.shape[2:]) < least:
        raise ValueError(f"{scales} scales need images of at least {least} pixels a side, not {images.shape[2:]}")
    # the published weights sum to 1.0001; those of fewer scales are brought to 1
    exponents = np.array(WEIGHTS[:scales]) / (1 if scales == len(WEIGHTS) else sum(WEIGHTS[:scales]))
    found = np.ones(len(images))
    for first in range(0, len(images), CHUNK):
        part = slice(first, first + CHUNK)
        x, y = images[part].astype(np.float64), others[part].astype(np.float64)
        for scale, exponent in enumerate(exponents):
            whole, contrast = _similarities(x, y, sigma, k1**2, k2**2)
            term = whole if scale == scales - 1 else contrast
            found[part] *= np.maximum(term, 0.0) ** exponent
            x, y = _halved(x), _halved(y)
    return found


def smallest_side_of_scales(scales: int, sigma: float) -> int:
    """Pixels that an image must have along each side for a whole window at the coarsest scale.

    Raises:
        ValueError: Not 1 to 5 scales.

    >>> smallest_side_of_scales(5, 1.5)
    176
    """
    if not 1 <= scales <= len(WEIGHTS):
        raise ValueError(f"there are weights for 1 to {len(WEIGHTS)} scales, not for {scales}")
    return smallest_side(sigma, "valid") << (scales - 1)


def _similarities(x: Floats, y: Floats, sigma: float, c1: float, c2: float) -> tuple[Floats, Floats]:
    """Mean over positions and channels of the whole similarity and of contrast and structure alone, ``(n,)`` each."""
    rows, columns = (window_matrix(size, sigma, "valid") for size in x.shape[2:])
    mean_x, mean_y, square_x, square_y, product = (rows @ each @ columns.T for each in (x, y, x * x, y * y, x * y))
    means = mean_x * mean_y
    spread = np.maximum(square_x - mean_x**2, 0) + np.maximum(square_y - mean_y**2, 0)
    contrast = (2 * (product - means) + c2) / (spread + c2)
    whole = (2 * means + c1) / (mean_x**2 + mean_y**2 + c1) * contrast
    return whole.mean(axis=(1, 2, 3)), contrast.mean(axis=(1, 2, 3))


def _halved(images: Floats) -> Floats:
    """Mean of each square of two by two pixels; an odd last row or column is left out."""
    height, width = (size // 2 * 2 for size in images.shape[2:])
    even = images[:, :, :height, :width]
    return np.asarray(even.reshape(*even.shape[:2], height // 2, 2, width // 2, 2).mean(axis=(3, 5)), dtype=np.float64)
