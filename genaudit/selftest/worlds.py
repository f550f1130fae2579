"""Small distributions with one known flaw: generated rows before and after the flaw, beside real rows.

Each world draws a clean pair and a flawed pair of sets. What a metric should do between them is said in
``genaudit.selftest.sanity``; most of the worlds follow Räisä et al. 2025, arXiv 2505.22450.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
N = 600
"""Rows of each set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """Real and generated rows of one state of a world."""

    real: Floats
    generated: Floats


def mean_shift(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """The generated mean moves by two standard deviations, spread over 8 dimensions."""
    real, made = _normal(rng, 8), _normal(rng, 8)
    return Sets(real=real, generated=made), Sets(real=real, generated=made + 2 / np.sqrt(8))


def real_outlier(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """A shifted generator; one real item is put among its items."""
    real, made = _normal(rng, 2), _normal(rng, 2) + 8
    polluted = real.copy()
    polluted[0] = 8
    return Sets(real=real, generated=made), Sets(real=polluted, generated=made)


def generated_outlier(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """A shifted generator; one generated item is put among the real ones."""
    first, second = real_outlier(rng)
    return (
        Sets(real=first.generated, generated=first.real),
        Sets(real=second.generated, generated=second.real),
    )


def uniform_noise(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """Real items have heavy tails; noise that fills their box replaces generated ones."""
    real, made = (rng.standard_t(6, size=(N, 8)) for _ in range(2))
    low, high = np.quantile(real, [0.01, 0.99], axis=0)
    return Sets(real=real, generated=made), Sets(real=real, generated=rng.uniform(low, high, size=(N, 8)))


def narrower(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """The generated spread falls to a third."""
    real, made = _normal(rng, 8), _normal(rng, 8)
    return Sets(real=real, generated=made), Sets(real=real, generated=made / 3)


def wider(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """The generated spread doubles."""
    real, made = _normal(rng, 8), _normal(rng, 8)
    return Sets(real=real, generated=made), Sets(real=real, generated=made * 2)


def simultaneous_dropping(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """Of ten modes nine shrink together, from a tenth each to a fiftieth."""
    real, clean = _modes(rng, np.full(10, 0.1)), _modes(rng, np.full(10, 0.1))
    dropped = _modes(rng, np.array([0.82, *[0.02] * 9]))
    return Sets(real=real, generated=clean), Sets(real=real, generated=dropped)


def sequential_dropping(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """Of ten modes five are gone and the others share their items."""
    real, clean = _modes(rng, np.full(10, 0.1)), _modes(rng, np.full(10, 0.1))
    dropped = _modes(rng, np.array([0.2] * 5 + [0.0] * 5))
    return Sets(real=real, generated=clean), Sets(real=real, generated=dropped)


def invention(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """Half of the generated items come from five modes that real items do not have."""
    real, clean = (_modes(rng, np.array([0.2] * 5 + [0.0] * 5)) for _ in range(2))
    invented = _modes(rng, np.full(10, 0.1))
    return Sets(real=real, generated=clean), Sets(real=real, generated=invented)


def collapse(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """Twenty generated items, repeated with hardly any change."""
    real, made = _normal(rng, 8), _normal(rng, 8)
    repeated = made[np.arange(N) % 20] + 1e-3 * _normal(rng, 8)
    return Sets(real=real, generated=made), Sets(real=real, generated=repeated)


def hypersphere(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """Real items lie on a sphere in 64 dimensions; generated ones move from it to one of half its radius."""
    real, made = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (_normal(rng, 64), _normal(rng, 64)))
    return Sets(real=real, generated=made), Sets(real=real, generated=made / 2)


def disjoint_dimension(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """Of 64 even dimensions one no longer overlaps at all."""
    real, made = rng.uniform(size=(N, 64)), rng.uniform(size=(N, 64))
    apart = made.copy()
    apart[:, 0] += 1
    return Sets(real=real, generated=made), Sets(real=real, generated=apart)


def copies(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """The generator hands out the real items themselves."""
    real, made = _normal(rng, 8), _normal(rng, 8)
    return Sets(real=real, generated=made), Sets(real=real, generated=rng.permutation(real))


def fewer_items(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """The same perfect generator, and a tenth of the items on both sides."""
    real, made = _normal(rng, 16), _normal(rng, 16)
    return Sets(real=real, generated=made), Sets(real=real[: N // 10], generated=made[: N // 10])


def other_order(rng: np.random.Generator) -> tuple[Sets, Sets]:
    """The same items in another order."""
    real, made = _normal(rng, 8), _normal(rng, 8) + 0.3
    return Sets(real=real, generated=made), Sets(real=rng.permutation(real), generated=rng.permutation(made))


def _normal(rng: np.random.Generator, d: int) -> Floats:
    return rng.normal(size=(N, d))


def _modes(rng: np.random.Generator, shares: Floats) -> Floats:
    """Rows around corners of an 8-dimensional simplex and its mirror, ten of them, far apart."""
    centres = 10 * np.concatenate([np.eye(8), -np.eye(8)])[:10]
    return centres[rng.choice(10, size=N, p=shares)] + _normal(rng, 8)
