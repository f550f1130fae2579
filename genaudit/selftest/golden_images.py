"""Golden cases of reconstruction, likelihood and paths."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from genaudit.metrics import likelihood, reconstruction, translation
from genaudit.metrics.codes import active_units
from genaudit.metrics.options import ActiveUnitsOptions, EvidenceOptions, PsnrOptions
from genaudit.plugin.options import NoOptions
from genaudit.selftest.golden_case import GoldenCase
from genaudit.stats import gaussian, paths, similarity
from genaudit.stats.seeds import generator
from genaudit.values.observations import EvidenceBounds, PosteriorMeans, Reconstructions
from genaudit.values.translations import Translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from genaudit.values.translations import Images


def _psnr(*differences: float, average: str = "psnr") -> float:
    """Of images that are off by these amounts everywhere."""
    black = np.zeros((len(differences), 1, 2, 2), dtype=np.float32)
    off = black + np.array(differences, dtype=np.float32)[:, None, None, None]
    pairs = Reconstructions(originals=black, reconstructions=off)
    return reconstruction.psnr(pairs, options=PsnrOptions(average=average), rng=generator(0, "unused")).value


def _stacked() -> float:
    images = np.array([[[0, 1], [2, 3]], [[3, 2], [1, 0]]], dtype=np.float32)[:, None, None] / 3
    pairs = Reconstructions(originals=images[0], reconstructions=images[1])
    return reconstruction.psnr(pairs, options=PsnrOptions(), rng=generator(0, "unused")).value


def _semicircle() -> float:
    angles = np.linspace(0, math.pi, 11)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    return float(paths.length_over_chord(steps[None], [2.0])[0])


def _path_length() -> float:
    """Squared speed along the great circle between orthogonal unit vectors, as in a path length of the identity."""
    step = 1e-4
    ends = paths.slerp([[1.0, 0.0]], [[0.0, 1.0]], [0.3, 0.3 + step])[0]
    return float(((ends[1] - ends[0]) ** 2).sum()) / step**2


def _bound(mean: float, variance: float) -> float:
    """Evidence lower bound of x = (1, 0) for z of N(0, 1) and x of N((z, z), I), with q = N(mean, variance)."""
    errors = (1 - mean) ** 2 + mean**2 + 2 * variance
    bounds = EvidenceBounds(
        log_likelihood=np.array([-math.log(2 * math.pi) - errors / 2]),
        kl=gaussian.kl_to_standard_normal([[mean]], [[math.log(variance)]]),
        likelihood="gaussian",
        data_space="continuous",
        dimensions=2,
        draws=1,
    )
    return likelihood.elbo(bounds, options=EvidenceOptions(), rng=generator(0, "unused")).value


def _active() -> float:
    codes = np.random.RandomState(0).randn(10_000, 4) * np.sqrt([1, 0.02, 0.005, 0])
    means = PosteriorMeans(means=codes)
    return active_units(means, options=ActiveUnitsOptions(), rng=generator(0, "unused")).value


def _comes_back(back: Callable[[Images], Images]) -> list[float]:
    """Mean absolute error of what comes back of x, and of y, by y = 2 x + 1 and this way back."""
    x = np.linspace(0, 1, 16, dtype=np.float32).reshape(4, 1, 2, 2)
    y = 2 * x + 1
    ways = [("x", "y", x, y, back(y)), ("y", "x", y, back(y), 2 * back(y) + 1)]
    pairs = tuple(
        Translation(source=one, target=other, inputs=given, outputs=made, truth=made, kept=made, returned=returned)
        for one, other, given, made, returned in ways
    )
    found = translation.cycle_consistency(pairs, options=NoOptions(), rng=generator(0, "unused"))
    return [one.value for one in found if one.group]


def _similarity() -> float:
    images = generator(0, "selftest-images").random((2, 1, 16, 16))
    return float(similarity.structural_similarity(images, images).min())


IMAGES = (
    GoldenCase(
        name="psnr: off by .1 of the range, by 1 of 255",
        compute=lambda: (_psnr(0.1), _psnr(1 / 255)),
        expected=(20.0, 48.1308036),
        tolerance=1e-6,
    ),
    GoldenCase(
        name="psnr: (0, 1, 2, 3) against (3, 2, 1, 0), range 3",
        compute=_stacked,
        expected=(2.5527251,),
        tolerance=1e-6,
        source="torchmetrics documentation",
    ),
    GoldenCase(
        name="psnr: squared errors 1e-2 and 1e-4, mean of ratios and ratio of mean",
        compute=lambda: (_psnr(0.1, 0.01), _psnr(0.1, 0.01, average="mse")),
        expected=(30.0, 22.9670862),
        tolerance=1e-6,
    ),
    GoldenCase(name="ssim: images against themselves", compute=_similarity, expected=(1.0,), tolerance=1e-12),
    GoldenCase(
        name="elbo_kl: N((1, 2), diag(1, 4)) from N(0, I)",
        compute=lambda: float(gaussian.kl_to_standard_normal([[1, 2]], [[0, math.log(4)]])[0]),
        expected=(3.3068528194,),
    ),
    GoldenCase(
        name="elbo: x = (1, 0) under N((z, z), I), q = the prior, q = the posterior, and the gap between them",
        compute=lambda: (_bound(0, 1), _bound(1 / 3, 1 / 3), _bound(1 / 3, 1 / 3) - _bound(0, 1)),
        expected=(-3.3378770664, -2.7205165441, 0.6173605223),
        source="closed form: the second is log p(x)",
    ),
    GoldenCase(
        name="active_units: 10,000 codes of variances 1, .02, .005 and 0",
        compute=_active,
        expected=(2.0,),
        tolerance=0,
        source="closed form; draws of RandomState(0)",
    ),
    GoldenCase(
        name="bits_per_dim: 1,000 nats of 784 entries; 256 levels add 8",
        compute=lambda: (
            gaussian.bits_per_dimension(-1000, 784),
            gaussian.bits_per_dimension(-1000, 784, levels=256),
        ),
        expected=(1.8401722460, 9.8401722460),
    ),
    GoldenCase(
        name="interpolation: a straight line of ten segments over its length",
        compute=lambda: float(paths.length_over_chord(np.full((1, 10), 0.1), [1.0])[0]),
        expected=(1.0,),
    ),
    GoldenCase(
        name="interpolation: a semicircle of ten segments over its diameter",
        compute=_semicircle,
        expected=(1.5643446504,),
    ),
    GoldenCase(
        name="interpolation: an even path and one jump of four steps",
        compute=lambda: paths.step_unevenness([[1, 1, 1, 1], [0, 0, 4, 0]]).tolist(),
        expected=(1.0, 4.0),
        tolerance=1e-12,
    ),
    GoldenCase(
        name="slerp: squared speed between orthogonal unit vectors, π² / 4",
        compute=_path_length,
        expected=(math.pi**2 / 4,),
        tolerance=1e-5,
    ),
    *(
        GoldenCase(
            name=f"cycle_consistency: y = 2 x + 1 and back by {what}, x to x and y to y",
            compute=partial(_comes_back, back),
            expected=expected,
            tolerance=1e-6,
            source="closed form; images are float32",
        )
        for what, back, expected in (
            ("(y - 1) / 2", lambda y: (y - 1) / 2, (0.0, 0.0)),
            ("y / 2", lambda y: y / 2, (0.5, 1.0)),
        )
    ),
)
