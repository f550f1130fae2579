"""Cases of ``interval_coverage.py`` about codes: what they are together, what units tell of factors, and annealing."""

from __future__ import annotations

import math
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
from further_cases import FurtherCase

from genaudit.metrics import annealing, factors
from genaudit.metrics.aggregate_posterior import aggregate_posterior_gap, total_correlation
from genaudit.metrics.latent_options import AggregateOptions, AnnealingOptions, FactorOptions, RefinementOptions
from genaudit.plugin.options import NoOptions
from genaudit.probes.aggregate import aggregate_posterior
from genaudit.probes.factors import factor_classifiers
from genaudit.stats.annealing import annealed
from genaudit.stats.refinement import DRAWS, refined
from genaudit.stats.seeds import generator
from genaudit.values.latents import KnownFactor, LabelledCodes
from genaudit.values.observations import AnnealedWeights, LogWeights, Posteriors, RefinedPosteriors
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from genaudit.values.observations import Floats
    from genaudit.values.results import Interval

    Trials = Callable[[int], Iterator[tuple[float, Interval, float]]]

SAMPLES, POPULATION = "samples of this size", "the population"
BOUND = "the held-out bound, samples of this size"
FRESH = 10**6
"""Seeds from here on serve the truth alone."""
RENDERS = 5
SHARED = 0.8
"""Share of its variance that all renders of a source have in common."""


def context(seed: int) -> SimpleNamespace:
    """As much of a run as probes of codes ask of it."""
    return SimpleNamespace(seed=seed, demands={}, demanded=lambda *_, default: [default])


def noise(rng: np.random.Generator, n: int, d: int, clusters: np.ndarray | None) -> Floats:
    """Standard normal rows, those of one source alike."""
    own = rng.standard_normal((n, d))
    if clusters is None:
        return own
    shared = rng.standard_normal((int(clusters.max()) + 1, d))[clusters]
    return math.sqrt(SHARED) * shared + math.sqrt(1 - SHARED) * own


def sources(n: int, *, renders: bool) -> np.ndarray | None:
    """As many images of each source as there are renders; None if images are independent."""
    return np.arange(n) // RENDERS if renders else None


SHEARED = 1.5 * np.array([[1.0, 0.6], [0.0, 0.8]])
WIDTH = {"sheared": 0.25, "prior": 0.01, "modes": 0.25}
"""Variance of each posterior."""


@cache
def of_codes(world: str, n: int, renders: bool, seed: int) -> dict[str, Estimate]:  # noqa: FBT001 - of a cached call
    """Both numbers of codes together: two units sheared, eight that are the prior, or two of which one has modes."""
    rng, clusters = generator(seed, "coverage-codes", world), sources(n, renders=renders)
    means = noise(rng, n, 8 if world == "prior" else 2, clusters)
    if world == "sheared":
        means = means @ SHEARED
    elif world == "prior":
        means *= math.sqrt(1 - WIDTH[world])
    else:
        means[:, 0] = 2 * np.sign(means[:, 0])
        means[:, 1] = 0.5 * means[:, 0] + 0.3 * means[:, 1]
    draws = means + math.sqrt(WIDTH[world]) * rng.standard_normal(means.shape)
    variances = np.full(means.shape, math.log(WIDTH[world]))
    found = Posteriors(means=means, log_variances=variances, draws=draws[None], clusters=clusters)
    codes = aggregate_posterior(context(seed), found).value
    return {
        metric.__name__: metric(codes, options=AggregateOptions(), rng=rng)
        for metric in (aggregate_posterior_gap, total_correlation)
    }


def together(metric: str, world: str, n: int, *, exact: bool, renders: bool = False) -> Trials:
    """About the mean over samples of this size, or the value of the population in closed form."""
    covariance = SHEARED.T @ SHEARED + WIDTH["sheared"] * np.eye(2)
    logs = math.log(np.linalg.det(covariance))
    closed = {
        "aggregate_posterior_gap": (float(np.trace(covariance)) - 2 - logs) / 2,
        "total_correlation": (float(np.log(np.diag(covariance)).sum()) - logs) / 2,
    }

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        if exact:
            truth = closed[metric] if world == "sheared" else 0.0
        else:
            truth = float(np.mean([of_codes(world, n, renders, FRESH + seed)[metric].value for seed in range(seeds)]))
        for seed in range(seeds):
            found = of_codes(world, n, renders, seed)[metric]
            assert found.interval is not None
            yield found.value, found.interval, truth

    return trials


def labelled(n: int, blur: float, units: int, seed: int, *, renders: bool) -> LabelledCodes:
    """Unit 0 names the shape of three, unit 1 the size of two and a little of the shape, all others nothing."""
    rng, clusters = generator(seed, "coverage-factors"), sources(n, renders=renders)
    many = n if clusters is None else int(clusters.max()) + 1
    shape, size = (rng.integers(levels, size=many)[slice(None) if clusters is None else clusters] for levels in (3, 2))
    means = blur * noise(rng, n, units, clusters)
    means[:, 0] += 1.5 * (shape - 1)
    means[:, 1] += 2 * size - 1 + 0.3 * (shape - 1)
    return LabelledCodes(
        means=means,
        log_variances=np.full(means.shape, 2 * math.log(blur)),
        factors=(
            KnownFactor(name="shape", levels=("round", "square", "long"), labels=shape),
            KnownFactor(name="size", levels=("small", "large"), labels=size),
        ),
        clusters=clusters,
    )


@cache
def of_factors(n: int, blur: float, units: int, renders: bool, seed: int) -> dict[str, Estimate]:  # noqa: FBT001
    """All five numbers of units and known factors; the linear probe's is that of the shape."""
    codes, rng = labelled(n, blur, units, seed, renders=renders), generator(seed, "unused")
    read, options = factor_classifiers(context(seed), codes).value, FactorOptions()
    shape = next(iter(factors.linear_probe_accuracy(read, options=options, rng=rng)))
    assert isinstance(shape, Estimate)
    return {
        "mig": factors.mig(codes, options=NoOptions(), rng=rng),
        "linear_probe_accuracy": shape,
        **{
            metric.__name__: metric(read, options=options, rng=rng)
            for metric in (factors.dci_disentanglement, factors.dci_completeness, factors.dci_informativeness)
        },
    }


def told(metric: str, n: int, blur: float, units: int, *, renders: bool = False, many: bool = False) -> Trials:
    """About the mean over samples of this size, or the value of 20,000 images."""

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        if many:
            truth = of_factors(20_000, blur, units, False, FRESH)[metric].value  # noqa: FBT003
        else:
            fresh = (of_factors(n, blur, units, renders, FRESH + seed) for seed in range(seeds))
            truth = float(np.mean([each[metric].value for each in fresh]))
        for seed in range(seeds):
            found = of_factors(n, blur, units, renders, seed)[metric]
            assert found.interval is not None
            yield found.value, found.interval, truth

    return trials


LOADINGS = np.array([[1.0, 0.4], [0.7, -0.5], [0.2, 0.9], [0.5, 0.8]])
"""Of x = W z + e, two latents and four entries, e of N(0, ``SPREAD`` I)."""
SPREAD = 0.5
PRECISION = np.eye(2) + LOADINGS.T @ LOADINGS / SPREAD
"""Of the posterior of every image, which is Gaussian and not diagonal."""
OFF = 0.3
"""Deviation of the encoder's means from those of the posterior."""
TOO_NARROW = 0.6
"""Its variances over the best ones."""


def nats(x: Floats, z: Floats) -> Floats:
    """Logarithms of p(x, z)."""
    rest = x - z @ LOADINGS.T
    constant = 4 * math.log(2 * math.pi * SPREAD) + 2 * math.log(2 * math.pi)
    return -0.5 * ((rest**2).sum(axis=-1) / SPREAD + (z**2).sum(axis=-1) + constant)


def weighed(x: Floats, means: Floats, variances: Floats, seed: int, clusters: np.ndarray | None) -> LogWeights:
    """Log-weights of 64 draws of each posterior."""
    drawn = generator(seed, "coverage-bounds").standard_normal((len(x), 64, 2))
    z = means[:, None] + drawn * np.sqrt(variances)[:, None]
    own = -0.5 * (drawn**2 + np.log(2 * math.pi * variances)[:, None]).sum(axis=-1)
    return logged(nats(x[:, None], z) - own, clusters)


def logged(table: Floats, clusters: np.ndarray | None) -> LogWeights:
    """As a probe hands them on."""
    return LogWeights(
        log_weights=table, likelihood="gaussian", data_space="continuous", dimensions=4, clusters=clusters
    )


@cache
def of_chains(n: int, renders: bool, uneven: bool, seed: int) -> dict[str, Estimate]:  # noqa: FBT001
    """Log-likelihood and both gaps of n images of the model itself, found by descent and annealing as in a run.

    The encoder's means are off by as much for every image, or by a factor that is exponential, so that few are far off.
    """
    rng, clusters = generator(seed, "coverage-chains"), sources(n, renders=renders)
    x = noise(rng, n, 6, clusters) @ np.concatenate([LOADINGS.T, math.sqrt(SPREAD) * np.eye(4)])

    def joint(rows: np.ndarray) -> Callable[[Floats], tuple[Floats, Floats]]:
        return lambda z: (nats(x[rows], z), (x[rows] - z @ LOADINGS.T) @ LOADINGS / SPREAD - z)

    exact = x @ LOADINGS @ np.linalg.inv(PRECISION) / SPREAD
    off = OFF * rng.standard_normal(exact.shape)
    first = exact + off * (rng.exponential(size=(n, 1)) if uneven else 1)
    narrow = np.broadcast_to(TOO_NARROW / np.diag(PRECISION), exact.shape)
    rngs = [generator(seed, "coverage-refinement", row) for row in range(n)]
    means, logs = refined(joint(np.arange(n).repeat(DRAWS)), first, np.log(narrow), rngs)
    options = AnnealingOptions(images=n)
    rows = np.arange(n).repeat(options.chains)
    centre, scale = means[rows], np.exp(logs[rows] / 2)

    def target(points: Floats) -> tuple[Floats, Floats]:
        found, slopes = joint(rows)(centre + scale * points)
        return found + np.log(scale).sum(axis=1), slopes * scale

    rngs = [generator(seed, "coverage-annealing", number) for number in range(len(rows))]
    found = annealed(target, 2, rngs, options.temperatures)
    shape = (n, options.chains)
    chains = AnnealedWeights(
        chains={options.temperatures: logged(found.log_weights.reshape(shape), clusters)},
        accepted={options.temperatures: found.accepted.reshape(shape)},
    )
    posteriors = RefinedPosteriors(
        amortised=weighed(x, first, narrow, seed, clusters),
        refined=weighed(x, means, np.exp(logs), seed, clusters),
        means=means,
        log_variances=logs,
    )
    return {
        "log_likelihood": annealing.log_likelihood(chains, posteriors, options=options, rng=rng),
        "approximation_gap": annealing.approximation_gap(chains, posteriors, options=options, rng=rng),
        "amortization_gap": annealing.amortization_gap(posteriors, options=RefinementOptions(images=n), rng=rng),
    }


def below(metric: str, n: int, *, renders: bool, uneven: bool) -> Trials:
    """About the model's own value, in closed form."""
    scale = float(np.linalg.slogdet(2 * math.pi * math.e * (LOADINGS @ LOADINGS.T + SPREAD * np.eye(4)))[1])
    diagonal = np.diag(PRECISION)
    square = OFF**2 * (2 if uneven else 1)
    truth = {
        "log_likelihood": -scale / 2,
        "approximation_gap": (float(np.log(diagonal).sum()) - float(np.linalg.slogdet(PRECISION)[1])) / 2,
        "amortization_gap": (2 * (TOO_NARROW - 1 - math.log(TOO_NARROW)) + square * float(diagonal.sum())) / 2,
    }[metric]

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        for seed in range(seeds):
            found = of_chains(n, renders, uneven, seed)[metric]
            assert found.interval is not None
            yield found.value, found.interval, truth

    return trials


NUMBERS = ("mig", "dci_disentanglement", "dci_completeness", "dci_informativeness", "linear_probe_accuracy")
TOGETHER = ("aggregate_posterior_gap", "total_correlation")
BELOW = ("log_likelihood", "approximation_gap", "amortization_gap")
CODES = (
    *(
        FurtherCase(metric, f"{n} codes, {what}", about, together(metric, world, n, exact=exact, renders=renders), 4)
        for metric in TOGETHER
        for world, n, renders, exact, what, about in (
            ("sheared", 300, False, False, "2 units, Gaussian", BOUND),
            ("sheared", 300, False, True, "2 units, Gaussian", POPULATION),
            ("sheared", 300, True, False, "60 sources x 5, 2 units, Gaussian", BOUND),
            ("modes", 300, False, False, "2 units, two modes", BOUND),
            ("prior", 400, False, False, "8 units that are the prior", BOUND),
        )
    ),
    *(
        FurtherCase(metric, what, about, told(metric, 400, 0.6, 3, renders=renders, many=many), 4)
        for metric in NUMBERS
        for renders, many, what, about in (
            (False, False, "400 images, 2 factors, 3 units", SAMPLES),
            (False, True, "400 images, 2 factors, 3 units", POPULATION),
            (True, False, "80 sources x 5, 2 factors, 3 units", SAMPLES),
        )
    ),
    *(
        FurtherCase(metric, what, POPULATION, below(metric, n, renders=renders, uneven=uneven), 4)
        for metrics, cases in (
            (
                BELOW[:2],
                (
                    (16, False, False, "16 images, 4 chains, a Gaussian posterior"),
                    (100, True, False, "20 sources x 5, 4 chains, a Gaussian posterior"),
                ),
            ),
            (
                BELOW[2:],
                (
                    (32, False, False, "32 images, a Gaussian posterior"),
                    (160, True, False, "32 sources x 5, a Gaussian posterior"),
                    (32, False, True, "32 images, an encoder that is far off for few"),
                    (64, False, True, "64 images, an encoder that is far off for few"),
                    (128, False, True, "128 images, an encoder that is far off for few"),
                ),
            ),
        )
        for metric in metrics
        for n, renders, uneven, what in cases
    ),
)
