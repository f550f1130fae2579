"""How near reconstructions come to held-out images, pixel by pixel and in structure."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics.averages import averaged
from genaudit.stats.multiscale import multiscale_similarity, smallest_side_of_scales
from genaudit.stats.similarity import smallest_side, structural_similarity, window_size
from genaudit.values.results import Estimate, Series

if TYPE_CHECKING:
    from genaudit.metrics.options import MultiscaleOptions, PsnrOptions, SsimOptions
    from genaudit.plugin.options import NoOptions
    from genaudit.stats.intervals import Bounds
    from genaudit.values.observations import Floats, Reconstructions

BINS = 30
CHUNK = 256
"""Images whose error is computed at once."""


def reconstruction_mse(pairs: Reconstructions, *, options: NoOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean over images of the mean squared difference of their entries."""
    errors = squared_errors(pairs)
    counts, edges = np.histogram(errors, bins=BINS, range=(0.0, float(errors.max()) or 1.0))
    histogram = Series(
        name="reconstruction_error",
        title="Reconstruction error of each image",
        x_label="mean squared error of an image",
        y_label="images",
        x=tuple(map(float, edges)),
        y=tuple(map(float, counts)),
        kind="histogram",
    )
    estimate = _over_images(errors, pairs, (0.0, None))
    median = {"median": float(np.median(errors)), "largest": float(errors.max())}
    return replace(estimate, details={**estimate.details, **median}, series=(histogram,))


def psnr(pairs: Reconstructions, *, options: PsnrOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Peak signal-to-noise ratio in decibels, for a peak of 1."""
    errors = squared_errors(pairs)
    inexact = errors > 0
    if not inexact.any():
        raise NotApplicable("no-error", "Every reconstruction equals its image exactly, so the ratio is infinite.")
    of_mean = _over_images(errors, pairs, (0.0, None))
    ratio_of_mean = -10 * math.log10(of_mean.value)
    exact = int((~inexact).sum())
    if options.average == "mse":
        return _in_decibels(of_mean, float((-10 * np.log10(errors[inexact])).mean()), exact)
    clusters = None if pairs.clusters is None else pairs.clusters[inexact]
    estimate = averaged(-10 * np.log10(errors[inexact]), clusters)
    return replace(
        estimate,
        n_generated=int(inexact.sum()),
        n_reference=int(inexact.sum()),
        details={**estimate.details, "psnr_of_mean_error": ratio_of_mean, "exact_images": float(exact)},
        note=f"{exact} images were reconstructed exactly; their infinite ratio is left out." if exact else "",
    )


def ssim(pairs: Reconstructions, *, options: SsimOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean over images of their structural similarity, for a range of 1."""
    if min(pairs.originals.shape[2:]) < smallest_side(options.sigma, options.border):
        height, width = pairs.originals.shape[2:]
        raise NotApplicable(
            "image-too-small",
            f"A window of {window_size(options.sigma)} pixels does not fit into images of {height} x {width}.",
            "Set a smaller ssim.sigma.",
        )
    values = structural_similarity(
        pairs.originals,
        pairs.reconstructions,
        sigma=options.sigma,
        k1=options.k1,
        k2=options.k2,
        border=options.border,
    )
    return _over_images(values, pairs, (-1.0, 1.0))


def reconstruction_mae(pairs: Reconstructions, *, options: NoOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean over images of the mean absolute difference of their entries."""
    squared_errors(pairs)  # refuses what is no pair of images
    errors = np.empty(len(pairs.originals))
    for first in range(0, len(errors), CHUNK):
        part = slice(first, first + CHUNK)
        difference = pairs.originals[part].astype(np.float64) - pairs.reconstructions[part].astype(np.float64)
        errors[part] = np.abs(difference).mean(axis=tuple(range(1, difference.ndim)))
    estimate = _over_images(errors, pairs, (0.0, None))
    return replace(estimate, details={**estimate.details, "median": float(np.median(errors))})


def ms_ssim(pairs: Reconstructions, *, options: MultiscaleOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean over images of their structural similarity over scales, for a range of 1."""
    height, width = pairs.originals.shape[2:]
    least = smallest_side_of_scales(options.scales, options.sigma)
    if min(height, width) < least:
        raise NotApplicable(
            "image-too-small",
            f"{options.scales} scales need images of at least {least} x {least} pixels, not {height} x {width}.",
            "--set ms_ssim.scales=1, or a smaller ms_ssim.sigma.",
        )
    values = multiscale_similarity(pairs.originals, pairs.reconstructions, scales=options.scales, sigma=options.sigma)
    return _over_images(values, pairs, (0.0, 1.0))


def squared_errors(pairs: Reconstructions) -> Floats:
    """Mean squared difference of each image ``(n,)``, in float64.

    Raises:
        ValueError: Shapes differ, there are no images, or an entry is not finite.
    """
    a, b = pairs.originals, pairs.reconstructions
    if a.shape != b.shape or a.ndim < 2 or not a.size:
        raise ValueError(f"images and reconstructions have one shape (n, c, h, w), not {a.shape} and {b.shape}")
    errors = np.empty(len(a))
    for first in range(0, len(a), CHUNK):
        part = slice(first, first + CHUNK)
        difference = (a[part].astype(np.float64) - b[part].astype(np.float64)).reshape(len(a[part]), -1)
        errors[part] = np.einsum("ij,ij->i", difference, difference) / difference.shape[1]
    if not np.isfinite(errors).all():
        raise ValueError(f"image {int(np.flatnonzero(~np.isfinite(errors))[0])} or its reconstruction is not finite")
    return errors


def _over_images(values: Floats, pairs: Reconstructions, bounds: Bounds) -> Estimate:
    return replace(averaged(values, pairs.clusters, bounds=bounds), n_generated=len(values), n_reference=len(values))


def _in_decibels(error: Estimate, mean_of_ratios: float, exact: int) -> Estimate:
    """A mean squared error as a ratio; its interval's ends are turned into ratios, low for high."""
    interval = error.interval
    if interval is not None and interval.low > 0:
        low, high = -10 * math.log10(interval.high), -10 * math.log10(interval.low)
        method = f"{interval.method}; of the error, in decibels"
        interval = replace(interval, low=low, high=high, method=method, standard_error=None)
    elif interval is not None:
        interval = None
    return replace(
        error,
        value=-10 * math.log10(error.value),
        terms=(),
        interval=interval,
        reason_without="" if interval else error.reason_without or "The interval of the error reaches 0.",
        details={"mean_of_psnr": mean_of_ratios, "exact_images": float(exact)},
    )
