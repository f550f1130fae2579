"""Golden cases of the distances between sets of features."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from genaudit.selftest.golden_case import GoldenCase
from genaudit.stats import frechet, kernels
from genaudit.stats.moments import Moments, scatter
from genaudit.stats.seeds import generator

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def _gaussian(mean: ArrayLike, covariance: ArrayLike) -> Moments:
    return Moments(count=2, mean=np.asarray(mean, dtype=float), covariance=np.asarray(covariance, dtype=float))


def _between(first: ArrayLike, second: ArrayLike, shift: ArrayLike | None = None) -> float:
    """Distance between Gaussians with these covariances, the second one's mean shifted."""
    zero = np.zeros(len(np.asarray(first)))
    return frechet.frechet_distance(_gaussian(zero, first), _gaussian(zero if shift is None else shift, second))


def _rotated(degrees: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """diag(4, 1), turned."""
    angle = math.radians(degrees)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return np.asarray(turn @ np.diag([4.0, 1.0]) @ turn.T)


def _of_two_rows(ddof: int) -> float:
    x, y = (scatter([[0.0], [end]]).moments(ddof) for end in (2.0, 4.0))
    return frechet.frechet_distance(x, y)


def _to_itself() -> float:
    """Fewer rows than dimensions, where other forms give -0.2 to 1e-5."""
    rows = generator(0, "selftest-rows").normal(size=(50, 200))
    return frechet.frechet_distance_of_rows(rows, rows)


def _two_forms() -> tuple[float, float]:
    rng = generator(1, "selftest-rows")
    x, y = rng.normal(size=(50, 200)), rng.normal(size=(60, 200)) + 0.1
    of_moments = frechet.frechet_distance(scatter(x).moments(), scatter(y).moments())
    return of_moments - frechet.frechet_distance_of_rows(x, y), 0.0


def _kernel(x: ArrayLike, y: ArrayLike) -> float:
    return kernels.polynomial_mmd(x, y).value


def _errors_off(shift: float, scale: float, d: int, truth: float) -> float:
    """How many standard errors the kernel distance of 2,000 draws a side lies off its population value."""
    rng = generator(2, "selftest-kernel", d)
    x, y = rng.normal(size=(2_000, d)), scale * rng.normal(size=(2_000, d)) + shift
    found = kernels.polynomial_mmd(x, y)
    return (found.value - truth) / found.standard_error


MOMENTS = "sum over powers of C(3, j) times squared differences of j-th moments"

DISTANCES = (
    GoldenCase(
        name="fid: mean 0 against 1, S = I, d = 2048",
        compute=lambda: _between(np.eye(2048), np.eye(2048), np.ones(2048)),
        expected=(2048.0,),
        tolerance=1e-6,
    ),
    GoldenCase(
        name="fid: shift (1, 2, 3), S = diag(1, 4, 9) and diag(4, 9, 16)",
        compute=lambda: _between(np.diag([1.0, 4, 9]), np.diag([4.0, 9, 16]), [1, 2, 3]),
        expected=(17.0,),
    ),
    GoldenCase(
        name="fid: covariances that do not commute",
        compute=lambda: _between([[2, 1], [1, 2]], np.diag([1, 4])),
        expected=(9 - 2 * math.sqrt(10 + 2 * math.sqrt(12)),),
    ),
    GoldenCase(
        name="fid: singular covariances, diag(1, 0) and diag(0, 1)",
        compute=lambda: _between(np.diag([1, 0]), np.diag([0, 1])),
        expected=(2.0,),
    ),
    GoldenCase(
        name="fid: diag(4, 1) against itself turned by 45° and 90°",
        compute=lambda: (_between(_rotated(0), _rotated(45)), _between(_rotated(0), _rotated(90))),
        expected=(0.9446148618626, 2.0),
    ),
    GoldenCase(
        name="fid: {0, 2} against {0, 4}, divisor n - 1 and n",
        compute=lambda: (_of_two_rows(1), _of_two_rows(0)),
        expected=(3.0, 2.0),
        tolerance=1e-12,
    ),
    GoldenCase(name="fid: 50 rows of 200 dimensions against themselves", compute=_to_itself, expected=(0.0,)),
    GoldenCase(name="fid: difference between its two forms, 50 and 60 rows", compute=_two_forms, expected=(0.0, 0.0)),
    GoldenCase(
        name="fid: first-order bias of S = I, d = 4, n = 100",
        compute=lambda: frechet.expected_bias(np.eye(4), 100),
        expected=(0.09,),
        tolerance=1e-12,
    ),
    GoldenCase(
        name="kid: {(1,0), (0,1)} against {(1,1), (0,0)}",
        compute=lambda: _kernel([[1, 0], [0, 1]], [[1, 1], [0, 0]]),
        expected=(-2.375,),
        tolerance=1e-12,
    ),
    GoldenCase(
        name="kid: a set of three against itself is below 0",
        compute=lambda: _kernel([[1, 0], [0, 1], [1, 1]], [[1, 0], [0, 1], [1, 1]]),
        expected=(-14 / 9,),
    ),
    *(
        GoldenCase(
            name=f"kid: {what}, standard errors off {truth:g}",
            compute=partial(_errors_off, shift, scale, d, truth),
            expected=(0.0,),
            tolerance=3.0,
            source=MOMENTS,
        )
        for what, shift, scale, d, truth in (
            ("N(0, 1) against N(1, 1)", 1.0, 1.0, 1, 22.0),
            ("N(0, 1) against N(0, 4)", 0.0, 2.0, 1, 27.0),
            ("d = 8, shift .5", 0.5, 1.0, 8, 1.1171875),
        )
    ),
)
