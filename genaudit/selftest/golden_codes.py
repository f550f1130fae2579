"""Golden cases of importance weights and of the information in codes."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from genaudit.metrics.aggregate_posterior import aggregate_posterior_gap, total_correlation
from genaudit.metrics.codes import latent_mutual_information
from genaudit.metrics.directions import attribute_direction_accuracy
from genaudit.metrics.factors import dci_informativeness, linear_probe_accuracy, mig
from genaudit.metrics.importance import iwae, variational_gap
from genaudit.metrics.interpolation import interpolation_realism
from genaudit.metrics.latent_options import (
    AggregateOptions,
    DirectionOptions,
    FactorOptions,
    ImportanceOptions,
    LatentInformationOptions,
    MidpointOptions,
)
from genaudit.plugin.options import NoOptions
from genaudit.selftest.golden_case import GoldenCase
from genaudit.stats.disentanglement import completeness, disentanglement
from genaudit.stats.paths import lerp, slerp
from genaudit.stats.seeds import generator
from genaudit.stats.smoothed_mixtures import held_out_log_densities
from genaudit.stats.softmax_regression import fit_softmax_regression
from genaudit.values.latents import (
    AggregatePosterior,
    AttributeMoves,
    FactorClassifier,
    FactorClassifiers,
    KnownFactor,
    LabelledCodes,
    MovedAttribute,
)
from genaudit.values.observations import LogWeights, PathMidpoints, Posteriors
from genaudit.values.results import Estimate

DRAWS = 64
CORNERS = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
RIGHT, ABOVE = (np.array(each) for each in ([1, 0, 0, 1], [1, 1, 0, 0]))
"""Levels of the corners."""


def _weights(mean: float, variance: float) -> LogWeights:
    """Of x = (1, 0) for z of N(0, 1) and x of N((z, z), I), with z drawn from N(mean, variance)."""
    noise = generator(0, "selftest-weights").standard_normal((2, DRAWS))
    z = mean + math.sqrt(variance) * noise
    likelihood = -math.log(2 * math.pi) - ((1 - z) ** 2 + z**2) / 2
    return LogWeights(
        log_weights=likelihood + (noise**2 + math.log(variance) - z**2) / 2,
        likelihood="gaussian",
        data_space="continuous",
        dimensions=2,
    )


def _exact(k: int) -> tuple[float, float, float]:
    """Bound, gap and effective draws where q is the posterior of the model."""
    weights, options = _weights(1 / 3, 1 / 3), ImportanceOptions(k=k)
    bound = iwae(weights, options=options, rng=generator(0, "unused"))
    gap = variational_gap(weights, options=options, rng=generator(0, "unused"))
    return bound.value, gap.value, bound.details["effective_draws"]


def _largest_of_weights() -> float:
    """Weights e^-1000 and 3 e^-1000, which no float holds."""
    weights = LogWeights(
        log_weights=np.array([[-1000.0, -1000.0 + math.log(3)]] * 2),
        likelihood="gaussian",
        data_space="continuous",
        dimensions=2,
    )
    return iwae(weights, options=ImportanceOptions(), rng=generator(0, "unused")).value


def _information(*means: float) -> float:
    """Of codes of N(mean, 1), one an image."""
    column = np.array(means)[:, None]
    draws = column + generator(0, "selftest-codes").standard_normal((1, *column.shape))
    codes = Posteriors(means=column, log_variances=np.zeros(column.shape), draws=draws)
    options = LatentInformationOptions()
    return latent_mutual_information(codes, options=options, rng=generator(0, "unused")).value


def _aggregate() -> tuple[float, float, float]:
    """Gap, total correlation and upper bound of three codes whose densities are given: ln 8, ln 4 and ln 2 more."""
    given = math.log(2) * np.arange(1.0, 4.0)[:, None]
    codes = AggregatePosterior(
        joint=3 * given[:, 0],
        units=given * np.ones(2),
        prior=np.zeros((3, 2)),
        divergences=np.full(3, 5.0),
        above_mixture=np.full(3, math.log(3)),
    )
    options = AggregateOptions()
    gap = aggregate_posterior_gap(codes, options=options, rng=generator(0, "unused"))
    together = total_correlation(codes, options=options, rng=generator(0, "unused"))
    return gap.value, together.value, gap.details["upper_bound"]


def _half_way() -> tuple[float, float]:
    """Midpoints along line and arc between the four corners of a square and those beside them, and the corners."""
    ways = {"lerp": lerp, "slerp": slerp}
    between = PathMidpoints(
        midpoints={name: way(CORNERS, np.roll(CORNERS, 1, axis=0), [0.5])[:, 0] for name, way in ways.items()},
        ends=CORNERS,
        reference=CORNERS,
    )
    first, second = interpolation_realism(between, options=MidpointOptions(), rng=generator(0, "unused"))
    return first.value, second.value


def _gap_of_two_factors() -> float:
    """Unit 0 names the row of a square's corner, unit 1 its column; a third tells nothing."""
    row, column = np.array([0, 0, 1, 1] * 10), np.array([0, 1, 0, 1] * 10)
    means = np.column_stack([20.0 * row, 20.0 * column, np.zeros(40)])
    factors = tuple(
        KnownFactor(name=name, levels=("0", "1"), labels=labels) for name, labels in (("row", row), ("column", column))
    )
    codes = LabelledCodes(means=means, log_variances=np.zeros(means.shape), factors=factors)
    return mig(codes, options=NoOptions(), rng=generator(0, "unused")).value


def _read_by_a_line() -> tuple[float, ...]:
    """Of corners of a square: which is right, which is above, read by lines fitted to them with one label wrong."""
    levels = ("no", "yes")
    found = []
    for name, labels in (("right", RIGHT), ("above", np.array([1, 1, 0, 1]))):
        read = fit_softmax_regression(np.tile(CORNERS, (3, 1)), np.tile(labels, 3), 2).read(CORNERS)
        factor = KnownFactor(name=name, levels=levels, labels=RIGHT if name == "right" else ABOVE)
        found.append(
            FactorClassifier(factor=factor, correct=read == factor.labels, lost=np.zeros(2), left_out=np.zeros((2, 2)))
        )
    read_by, options, rng = FactorClassifiers(classifiers=tuple(found), unread={}), FactorOptions(), generator(0)
    shares = [
        one.value for one in linear_probe_accuracy(read_by, options=options, rng=rng) if isinstance(one, Estimate)
    ]
    return (*shares, dci_informativeness(read_by, options=options, rng=rng).value)


def _moved_by(step: float) -> float:
    """Share of corners of a square that cross the line between left and right along its normal, found from them."""
    found = fit_softmax_regression(CORNERS, RIGHT, 2)
    target = 1 - RIGHT
    normals = ((found.weights[:, target] - found.weights[:, RIGHT]) / found.scale[:, None]).T
    moved = CORNERS + step * normals / np.linalg.norm(normals, axis=1, keepdims=True)
    after = (moved[:, 0] > 0).astype(np.int64)
    seen = MovedAttribute(
        attribute="right", levels=("no", "yes"), before=RIGHT, target=target, after=after, at_random=RIGHT,
        kept={"above": (moved[:, 1] > 0) == ABOVE}, kept_at_random={"above": np.ones(4, dtype=bool)},
        told_apart=1.0, fitted_to=4,
    )  # fmt: skip
    moves = AttributeMoves(moved=(seen,), left_out={})
    (value,) = attribute_direction_accuracy(moves, options=DirectionOptions(), rng=generator(0))
    return value.value * value.details["above_kept"] if isinstance(value, Estimate) else math.nan


def _of_importance() -> tuple[float, float, float]:
    """Disentanglement, and completeness of both factors, of units of importance (3/4, 1/4) and (0, 1)."""
    table = np.array([[0.75, 0.25], [0.0, 1.0]])
    first, second = completeness(table)
    return disentanglement(table), float(first), float(second)


def _cross_entropy() -> float:
    """Of 4,000 codes of a normal with covariance diag(4, 1/4) less its own entropy."""
    z = generator(0, "selftest-plane").standard_normal((4000, 2)) * [2, 0.5]
    found = held_out_log_densities(z, z, np.full(z.shape, -20.0), np.arange(4000) % 2)
    return float((found.joint + math.log(2 * math.pi) + 0.5 * (z**2 * [0.25, 4]).sum(axis=1)).mean())


CODES = (
    *(
        GoldenCase(
            name=f"iwae, variational_gap: x = (1, 0) under N((z, z), I), q = the posterior, K = {k}",
            compute=partial(_exact, k),
            expected=(-2.7205165441, 0.0, float(k)),
            source="closed form: every weight is p(x)",
        )
        for k in (1, DRAWS)
    ),
    GoldenCase(
        name="iwae: weights e^-1000 and 3 e^-1000",
        compute=_largest_of_weights,
        expected=(math.log(2) - 1000,),
    ),
    GoldenCase(
        name="latent_mutual_information: two posteriors apart, two that are one, three apart",
        compute=lambda: (_information(-50, 50), _information(1, 1), _information(-50, 0, 50)),
        expected=(math.log(2), 0.0, math.log(3)),
    ),
    GoldenCase(
        name="aggregate_posterior_gap, total_correlation: three codes of known densities, and the upper bound",
        compute=_aggregate,
        expected=(6 * math.log(2), 2 * math.log(2), 5 - math.log(3)),
    ),
    GoldenCase(
        name="aggregate_posterior_gap, density: 4,000 codes of a normal, from the other half of them, beside its own",
        compute=_cross_entropy,
        expected=(0.0,),
        tolerance=0.02,
    ),
    GoldenCase(
        name="interpolation_realism: lines and arcs between neighbouring corners of a square, beside the corners",
        compute=_half_way,
        expected=(4 - 8 * math.sqrt(2) / 3, 0.0),
    ),
    GoldenCase(
        name="mig: two units that name a factor each, and one that names none",
        compute=_gap_of_two_factors,
        expected=(1.0,),
        tolerance=1e-6,
    ),
    GoldenCase(
        name="dci_disentanglement, dci_completeness: importance ((3/4, 1/4), (0, 1))",
        compute=_of_importance,
        expected=(3 / 8 * math.log2(3), 1.0, 2.6 - math.log2(5)),
    ),
    GoldenCase(
        name="linear_probe_accuracy, dci_informativeness: corners of a square, one of the second label wrong",
        compute=_read_by_a_line,
        expected=(1.0, 0.75, 0.875),
        source="closed form: the line of labels with one wrong leaves that corner on the wrong side",
    ),
    GoldenCase(
        name="attribute_direction_accuracy: corners of a square moved across by 0.9 and by 1.1, what is above stays",
        compute=lambda: (_moved_by(0.9), _moved_by(1.1)),
        expected=(0.0, 1.0),
    ),
)
