"""Entropies, divergences and the inception score, in nats."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import special

from genaudit.stats.units import influence_error

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class InceptionScore:
    """Inception scores of a set of class probabilities, as published and of the whole set."""

    value: float
    """Mean over the splits: estimates the score of a sample of one split's size."""
    standard_error: float
    """Of ``value``, from influence functions."""
    split_deviation: float
    """Standard deviation between splits, divisor ``splits``: the published "±", no standard error."""
    one_split: float
    """Score of all rows together."""
    splits: int
    rows_per_split: int
    """Rows of the smallest split."""
    influences: NDArray[np.float64]
    """``(n,)``: what each row adds to the deviation of ``value`` from its expectation, to first order."""


def inception_score(probabilities: ArrayLike, splits: int = 10) -> InceptionScore:
    """``exp(E KL(p(y|x) ‖ p(y)))``, from 1 to the number of classes (Salimans et al. 2016, section 4).

    Split s holds rows ``s n // splits`` to ``(s + 1) n // splits``: shuffle sorted rows first. A row's influence on
    the logarithm of a split's score is its own divergence less the mean one, because the score is the exponential of
    a difference of entropies; the standard error of the value follows from the influences.

    Args:
        probabilities: ``(n, k)``; rows sum to 1, exact zeros are allowed.
        splits: How many; each needs at least 2 rows.

    Raises:
        ValueError: Rows that are no probabilities, or splits of fewer than 2 rows.

    >>> round(inception_score([[0.9, 0.1], [0.1, 0.9]], splits=1).value, 10)
    1.4449348112
    """
    p = probability_rows(probabilities)
    if splits < 1 or len(p) < 2 * splits:
        raise ValueError(f"{splits} splits of at least 2 rows each cannot be made of {len(p)} rows")
    edges = [s * len(p) // splits for s in range(splits + 1)]
    parts = [_score_and_influences(p[low:high]) for low, high in pairwise(edges)]
    scores = np.array([score for score, _ in parts])
    errors = [influence_error(influences)[0] for _, influences in parts]
    return InceptionScore(
        value=float(scores.mean()),
        standard_error=math.hypot(*errors) / splits,
        split_deviation=float(scores.std()),
        one_split=_score_and_influences(p)[0],
        splits=splits,
        rows_per_split=len(p) // splits,
        influences=np.concatenate([influences for _, influences in parts]) / splits,
    )


def entropy(probabilities: ArrayLike) -> float:
    """Shannon entropy of probabilities ``(k,)`` in nats; a share of 0 adds nothing.

    >>> round(entropy([0.5, 0.5, 0.0]), 12) == round(math.log(2), 12)
    True
    """
    return float(special.entr(_distribution(probabilities)).sum())


def kl_divergence(p: ArrayLike, q: ArrayLike) -> float:
    """``Σ p ln(p / q)`` in nats, at least 0.

    Raises:
        ValueError: Shares that are no distribution, or p above 0 where q is 0: the divergence is infinite.

    >>> round(kl_divergence([0.5, 0.3, 0.2, 0.0], [0.25] * 4), 10)
    0.3566413471
    """
    a, b = _same_length(p, q)
    if ((b == 0) & (a > 0)).any():
        raise ValueError("the divergence is infinite: the first has a share where the second has none")
    return max(float(special.rel_entr(a, b).sum()), 0.0)


def jensen_shannon_divergence(p: ArrayLike, q: ArrayLike) -> float:
    """Mean divergence of both from their mixture, in nats, from 0 to ln 2 (Lin 1991, eq. 4.1 with equal weights).

    >>> round(jensen_shannon_divergence([0.5, 0.5], [1.0, 0.0]), 10)
    0.2157615543
    """
    a, b = _same_length(p, q)
    mixture = (a + b) / 2
    return max(float((special.rel_entr(a, mixture) + special.rel_entr(b, mixture)).sum()) / 2, 0.0)


def probability_rows(rows: ArrayLike) -> NDArray[np.float64]:
    """Rows ``(n, k)`` of probabilities in float64, each divided by its sum.

    Raises:
        ValueError: Not two-dimensional, or a row that is negative, not finite or sums to something else than 1.
    """
    p = np.asarray(rows, dtype=np.float64)
    if p.ndim != 2 or p.shape[1] < 1:
        raise ValueError(f"class probabilities are an array (n, k), not one of shape {p.shape}")
    sums = p.sum(axis=1)
    # 1e-3: float16 probabilities of a thousand classes may be off by that much, logits are off by far more
    bad = np.flatnonzero(~(np.isfinite(p).all(axis=1) & (p >= 0).all(axis=1) & (np.abs(sums - 1) < 1e-3)))
    if len(bad):
        raise ValueError(
            f"row {bad[0]} of {len(p)} is no distribution: its entries are finite, not negative and sum to 1; "
            "turn logits into probabilities first"
        )
    return np.asarray(p / sums[:, None], dtype=np.float64)


def _score_and_influences(p: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    divergences = special.rel_entr(p, p.mean(axis=0)).sum(axis=1)
    score = math.exp(max(float(divergences.mean()), 0.0))
    return score, np.asarray(score * (divergences - divergences.mean()) / len(p), dtype=np.float64)


def _distribution(shares: ArrayLike) -> NDArray[np.float64]:
    p = np.asarray(shares, dtype=np.float64)
    if p.ndim != 1:
        raise ValueError(f"a distribution is an array (k,), not one of shape {p.shape}")
    return np.asarray(probability_rows(p[None])[0], dtype=np.float64)


def _same_length(p: ArrayLike, q: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a, b = _distribution(p), _distribution(q)
    if a.shape != b.shape:
        raise ValueError(f"a divergence needs the same classes on both sides, not {len(a)} and {len(b)}")
    return a, b
