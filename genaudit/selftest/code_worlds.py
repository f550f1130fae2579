"""Codes of images with one known flaw: posteriors and what is known of their images, before and after it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.errors import NotApplicable
from genaudit.metrics import aggregate_posterior, factors
from genaudit.metrics.latent_options import AggregateOptions, FactorOptions
from genaudit.plugin.options import NoOptions
from genaudit.selftest.sanity_check import Reading
from genaudit.stats.exchanged_units import read_by_blocks
from genaudit.stats.gaussian import kl_to_standard_normal
from genaudit.stats.mixtures import log_ratio_to_mixture
from genaudit.stats.seeds import generator
from genaudit.stats.smoothed_mixtures import held_out_log_densities
from genaudit.values.latents import AggregatePosterior, FactorClassifiers, KnownFactor, LabelledCodes
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
N = 300
"""Images."""
BLUR = 0.4
"""Deviation of every posterior."""
BLOCKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """Posterior means, one noise a code, and two known factors of the images."""

    means: Floats
    noise: Floats
    shape: Integers
    """Of three."""
    size: Integers
    """Of two."""


def forgotten(rng: np.random.Generator) -> tuple[Codes, Codes]:
    """The same codes, dealt out to images that they do not belong to."""
    clean = _codes(rng)
    order = rng.permutation(N)
    return clean, replace(clean, shape=clean.shape[order], size=clean.size[order])


def turned(rng: np.random.Generator) -> tuple[Codes, Codes]:
    """The plane of the two units that tell of factors is turned by an eighth."""
    clean, half = _codes(rng), math.sqrt(0.5)
    turn = np.array([[half, half, 0], [-half, half, 0], [0, 0, 1]])
    return clean, replace(clean, means=clean.means @ turn, noise=clean.noise @ turn)


def moved_off(rng: np.random.Generator) -> tuple[Codes, Codes]:
    """All codes are a standard deviation of the prior away from it, in every unit."""
    clean = _codes(rng)
    return clean, replace(clean, means=clean.means + 1)


def repeated(rng: np.random.Generator) -> tuple[Codes, Codes]:
    """The unit that told nothing repeats the unit of the shape."""
    clean = _codes(rng)
    means = clean.means.copy()
    means[:, 2] = means[:, 0] + 0.1 * rng.normal(size=N)
    return clean, replace(clean, means=means)


def folded(rng: np.random.Generator) -> tuple[Codes, Codes]:
    """Codes of large images lie on both sides of those of small ones, so that no line divides them."""
    clean = _codes(rng)
    means = clean.means.copy()
    means[:, 1] = 1.8 * clean.size * rng.choice([-1, 1], size=N) + 0.2 * rng.normal(size=N)
    return clean, replace(clean, means=means)


def other_order(rng: np.random.Generator) -> tuple[Codes, Codes]:
    """The same images in another order."""
    clean, order = _codes(rng), rng.permutation(N)
    return clean, Codes(
        means=clean.means[order], noise=clean.noise[order], shape=clean.shape[order], size=clean.size[order]
    )


def of_codes(codes: Codes) -> dict[str, Reading]:
    """What each metric of codes says, computed as a run computes it."""
    log_variances = np.full(codes.means.shape, 2 * math.log(BLUR))
    levels = (("shape", codes.shape, ("round", "square", "long")), ("size", codes.size, ("small", "large")))
    known = tuple(KnownFactor(name=name, levels=names, labels=labels) for name, labels, names in levels)
    blocks, rng = np.arange(N) % BLOCKS, generator(0, "selftest-units")
    classifiers = tuple(read_by_blocks(codes.means, one, blocks, 1.0, rng) for one in known)
    read, options = FactorClassifiers(classifiers=classifiers, unread={}), FactorOptions()
    probed = {
        one.group: one.value
        for one in factors.linear_probe_accuracy(read, options=options, rng=rng)
        if isinstance(one, Estimate)
    }
    labelled = LabelledCodes(means=codes.means, log_variances=log_variances, factors=known)
    together = _together(codes, log_variances, blocks)
    nats = {
        "aggregate_posterior_gap": aggregate_posterior.aggregate_posterior_gap(
            together, options=AggregateOptions(), rng=rng
        ),
        "total_correlation": aggregate_posterior.total_correlation(together, options=AggregateOptions(), rng=rng),
    }
    units = (factors.dci_disentanglement, factors.dci_completeness, factors.dci_informativeness)
    return {
        "mig": Reading(value=factors.mig(labelled, options=NoOptions(), rng=rng).value),
        "linear_probe_accuracy": Reading(value=probed["size"]),
        **{one.__name__: _of_units(one, read) for one in units},
        **{name: Reading(value=one.value, error=one.details["standard_error"]) for name, one in nats.items()},
    }


def _of_units(metric: Callable[..., Estimate], read: FactorClassifiers) -> Reading:
    try:
        return Reading(value=metric(read, options=FactorOptions(), rng=generator(0, "unused")).value)
    except NotApplicable:  # where no unit tells anything
        return Reading(value=math.nan)


def _together(codes: Codes, log_variances: Floats, blocks: Integers) -> AggregatePosterior:
    z = codes.means + BLUR * codes.noise
    held_out = held_out_log_densities(z, codes.means, log_variances, blocks)
    return AggregatePosterior(
        joint=held_out.joint,
        units=held_out.units,
        prior=-0.5 * (z * z + math.log(2 * math.pi)),
        divergences=kl_to_standard_normal(codes.means, log_variances),
        above_mixture=log_ratio_to_mixture(z, codes.means, log_variances),
    )


def _codes(rng: np.random.Generator) -> Codes:
    """Unit 0 tells the shape, unit 1 the size, unit 2 neither; all are about as wide as the prior."""
    shape, size = rng.integers(3, size=N), rng.integers(2, size=N)
    means = np.column_stack([1.2 * (shape - 1), 2.0 * size - 1, np.zeros(N)])
    means += rng.normal(size=(N, 3)) * [0.2, 0.2, 0.9]
    return Codes(means=means, noise=rng.normal(size=(N, 3)), shape=shape, size=size)
