"""Paths between latents, and how evenly the images along them change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

ALMOST_STRAIGHT = 1e-7
"""Angle, in radians, from 0 or from pi, below which the great circle is not determined to half the digits."""


def lerp(start: ArrayLike, end: ArrayLike, fractions: ArrayLike) -> NDArray[np.float64]:
    """Points on the straight line from start to end.

    Args:
        start: ``(n, d)``.
        end: ``(n, d)``.
        fractions: ``(s,)``, or ``(n, s)`` for places of each path's own; 0 at the start and 1 at the end.

    Returns:
        ``(n, s, d)``.

    >>> lerp([[0.0, 0.0]], [[2.0, 4.0]], [0.5])[0]
    array([[1., 2.]])
    """
    a, b, t = _ends(start, end, fractions)
    return np.asarray((1 - t) * a + t * b, dtype=np.float64)


def slerp(start: ArrayLike, end: ArrayLike, fractions: ArrayLike) -> NDArray[np.float64]:
    """Points on the great circle from start to end, at even angles (Shoemake 1985).

    Parallel, opposite and zero vectors, between which no great circle is determined, are joined by the straight line.

    Args:
        start: ``(n, d)``.
        end: ``(n, d)``.
        fractions: ``(s,)``, or ``(n, s)`` for places of each path's own; 0 at the start and 1 at the end.

    Returns:
        ``(n, s, d)``.

    >>> slerp([[1.0, 0.0]], [[0.0, 1.0]], [0.5]).round(6)[0]
    array([[0.707107, 0.707107]])
    """
    a, b, t = _ends(start, end, fractions)
    angle = _angle(a, b)
    straight = (angle < ALMOST_STRAIGHT) | (angle > np.pi - ALMOST_STRAIGHT)
    safe = np.where(straight, np.pi / 2, angle)
    curved = (np.sin((1 - t) * safe) * a + np.sin(t * safe) * b) / np.sin(safe)
    return np.asarray(np.where(straight, (1 - t) * a + t * b, curved), dtype=np.float64)


def step_unevenness(steps: ArrayLike) -> NDArray[np.float64]:
    """Longest step over mean step of each path ``(n, s)``: 1 is even, s is one jump; 1 for a path without motion.

    Raises:
        ValueError: No steps, or lengths that are negative or not finite.

    >>> step_unevenness([[1.0, 1.0], [0.0, 2.0]])
    array([1., 2.])
    """
    lengths = _lengths(steps)
    mean = lengths.mean(axis=1)
    longest = lengths.max(axis=1)
    ratio = np.divide(longest, mean, out=np.ones_like(mean), where=mean > 0)
    return np.asarray(np.clip(ratio, 1.0, None), dtype=np.float64)  # rounding may put an even path below 1


def length_over_chord(steps: ArrayLike, chords: ArrayLike) -> NDArray[np.float64]:
    """Length of each path ``(n, s)`` over the distance ``(n,)`` of its ends: 1 is straight.

    Raises:
        ValueError: Lengths that are negative or not finite, or a path whose ends coincide.

    >>> length_over_chord([[1.0, 1.0]], [2.0])
    array([1.])
    """
    lengths, across = _lengths(steps), np.asarray(chords, dtype=np.float64)
    if across.shape != (len(lengths),) or not np.isfinite(across).all() or (across <= 0).any():
        raise ValueError("each path needs one chord, finite and above 0")
    return np.asarray(lengths.sum(axis=1) / across, dtype=np.float64)


def _ends(
    start: ArrayLike, end: ArrayLike, fractions: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    a, b, t = (np.asarray(each, dtype=np.float64) for each in (start, end, fractions))
    if a.shape != b.shape or a.ndim != 2 or t.ndim not in {1, 2} or (t.ndim == 2 and len(t) != len(a)):
        raise ValueError(
            f"paths need ends (n, d) of one shape and fractions (s,) or (n, s), not {a.shape}, {b.shape}, {t.shape}"
        )
    return a[:, None, :], b[:, None, :], t[..., None] if t.ndim == 2 else t[None, :, None]


def _angle(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Angle between vectors; the half-angle form keeps all digits near 0 and pi, where the cosine loses half."""
    norm_a, norm_b = (np.linalg.norm(each, axis=-1, keepdims=True) for each in (a, b))
    u, v = a * norm_b, b * norm_a
    return np.asarray(
        2 * np.arctan2(np.linalg.norm(u - v, axis=-1, keepdims=True), np.linalg.norm(u + v, axis=-1, keepdims=True)),
        dtype=np.float64,
    )


def _lengths(steps: ArrayLike) -> NDArray[np.float64]:
    lengths = np.asarray(steps, dtype=np.float64)
    if lengths.ndim != 2 or lengths.shape[1] < 1 or not np.isfinite(lengths).all() or (lengths < 0).any():
        raise ValueError("steps are lengths (paths, steps), finite and not negative, at least one a path")
    return lengths
