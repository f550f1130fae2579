"""Annealed importance sampling: the logarithm of an integral that no sum over codes could find."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Target = Callable[[Floats], tuple[Floats, Floats]]
"""Points ``(n, d)``, a row each of its own target, to the logarithms ``(n,)`` of the targets and their gradients."""

LEAPFROG = 5
"""Steps of a trajectory."""
QUARTER = math.pi / 2 / LEAPFROG
"""Longest step: such a trajectory is a quarter of a period of the standard normal, which forgets its start."""
WARM_UP = 10
"""Trajectories in which a chain finds the length of its steps, before the chain that counts is begun."""
ACCEPTED = 0.85
"""The share of trajectories that is wanted there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annealed:
    """What independent chains found, one a row."""

    log_weights: Floats
    """``(n,)``; the mean of exp of them over chains of one target estimates its integral without bias."""
    accepted: Floats
    """``(n,)`` share of trajectories that were accepted; NaN where there were none."""


def annealed(target: Target, dimension: int, rngs: Sequence[np.random.Generator], temperatures: int) -> Annealed:
    """Chains from the standard normal to unnormalised targets, by annealed importance sampling.

    A chain starts at a draw from p₀ = N(0, I) and passes ``temperatures`` densities ``p₀^(1 - β) exp(f)^β`` with equal
    steps of β, by one trajectory of Hamiltonian Monte Carlo in each (Neal 2001, section 2; Neal 2011, section 3). Its
    weight is ``Σ (βₜ - βₜ₋₁) (f(uₜ₋₁) - ln p₀(uₜ₋₁))``, and the mean of exp(weight) is the integral of exp(f) whatever
    the chain forgets to visit. The length of its steps is found in ``WARM_UP`` trajectories of another chain and then
    left alone, since a chain that adapts to itself has no such mean. The nearer exp(f) is to a multiple of the standard
    normal, the less weights vary; of an exact multiple each weight is the logarithm of the integral.

    Args:
        target: ``f`` and its gradient. Where it is not finite, no trajectory ends.
        dimension: ``d`` of the points.
        rngs: Random numbers of each chain; a chain depends on its own alone.
        temperatures: Steps from the standard normal to the target; with one, importance sampling with one draw.

    Raises:
        ValueError: No temperature.

    >>> def half(u):  # of the density N(1, 1): its integral is a half
    ...     return -0.5 * ((u[:, 0] - 1) ** 2 + np.log(2 * np.pi)) - np.log(2), 1 - u
    >>> found = annealed(half, 1, [np.random.default_rng(number) for number in range(1000)], temperatures=20)
    >>> round(float(np.exp(found.log_weights).mean()), 1)
    0.5
    """
    if temperatures < 1:
        raise ValueError(f"temperatures are at least 1, not {temperatures}")
    steps = _found_steps(target, dimension, rngs) if temperatures > 1 else np.full(len(rngs), QUARTER)
    betas = np.arange(temperatures + 1) / temperatures
    now = _started(target, dimension, rngs)
    log_weights, accepted = now.advantage / temperatures, np.zeros(len(rngs))
    for beta in betas[1:-1]:
        now, chance = _moved(target, now, float(beta), steps, rngs)
        log_weights += now.advantage / temperatures
        accepted += chance
    share = accepted / (temperatures - 1) if temperatures > 1 else np.full(len(rngs), np.nan)
    return Annealed(log_weights=log_weights, accepted=share)


@dataclass(frozen=True, slots=True)
class _Points:
    """Where chains are, and what target and start say of it."""

    at: Floats
    logs: Floats
    gradients: Floats

    @property
    def advantage(self) -> Floats:
        """``f - ln p₀`` of each."""
        found: Floats = self.logs + 0.5 * ((self.at**2).sum(axis=1) + self.at.shape[1] * math.log(2 * math.pi))
        return found

    def energies(self, beta: float) -> Floats:
        """``-ln`` of the density between, but for a constant."""
        found: Floats = (1 - beta) * 0.5 * (self.at**2).sum(axis=1) - beta * self.logs
        found[~np.isfinite(found)] = np.inf
        return found

    def slopes(self, beta: float) -> Floats:
        """Of the energies."""
        return (1 - beta) * self.at - beta * self.gradients


def _started(target: Target, dimension: int, rngs: Sequence[np.random.Generator]) -> _Points:
    at = _normal(dimension, rngs)
    return _Points(at, *target(at))


def _normal(dimension: int, rngs: Sequence[np.random.Generator]) -> Floats:
    return np.stack([rng.standard_normal(dimension) for rng in rngs])


def _found_steps(target: Target, dimension: int, rngs: Sequence[np.random.Generator]) -> Floats:
    """Length of each chain's steps: as long as ``QUARTER``, or as short as the target itself needs them."""
    now, steps = _started(target, dimension, rngs), np.full(len(rngs), QUARTER)
    for number in range(WARM_UP):
        now, chance = _moved(target, now, 1.0, steps, rngs)
        steps = np.minimum(steps * np.exp((chance - ACCEPTED) / math.sqrt(1 + number)), QUARTER)
    return steps


def _moved(
    target: Target,
    now: _Points,
    beta: float,
    steps: Floats,
    rngs: Sequence[np.random.Generator],
) -> tuple[_Points, Floats]:
    """Where one trajectory of each chain leads, which leaves the density at ``beta`` as it is, and its chance."""
    width = steps[:, None]
    start = momenta = _normal(now.at.shape[1], rngs)
    there = now
    with np.errstate(over="ignore", invalid="ignore"):  # a step too long leads beyond all numbers, and is refused
        for _ in range(LEAPFROG):
            momenta = momenta - 0.5 * width * there.slopes(beta)
            at = there.at + width * momenta
            there = _Points(at, *target(at))
            momenta = momenta - 0.5 * width * there.slopes(beta)
        gained = now.energies(beta) - there.energies(beta) + 0.5 * ((start**2).sum(axis=1) - (momenta**2).sum(axis=1))
        chance = np.where(np.isnan(gained), 0.0, np.exp(np.minimum(gained, 0.0)))
    taken = np.array([rng.random() for rng in rngs]) < chance
    return _Points(
        np.where(taken[:, None], there.at, now.at),
        np.where(taken, there.logs, now.logs),
        np.where(taken[:, None], there.gradients, now.gradients),
    ), chance
