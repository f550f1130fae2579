"""How much an attribute tells of another among generated images, beside the training data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.association import differential_fairness, guessed, leakage
from genaudit.stats.intervals import normal_interval
from genaudit.stats.joint_correction import joint_shares
from genaudit.values.findings import AuditValue
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.audits.options import SharesOptions
    from genaudit.audits.reading import ReadTable

HOW = "delta method over items and confusion matrices"


def association_values(
    read: ReadTable, options: SharesOptions, rng: np.random.Generator
) -> tuple[list[AuditValue], list[Unavailable]]:
    """``leakage_amplification`` and ``differential_fairness`` of a table."""
    table = read.table
    group = f"{table.a.attribute} within {table.t.attribute}"
    if not table.training.sum() or table.generated.sum() < options.min_count:
        why = f"There are too few generated images, or no labelled {table.compared} images."
        return [], [
            Unavailable(component=name, group=group, reason_code="below_min_n", reason=why)
            for name in ("leakage_amplification", "differential_fairness")
        ]
    values = [_leakage(read, group, options, rng)]
    try:
        values.append(_differential(read, group, options))
    except ValueError as error:
        missing = Unavailable(
            component="differential_fairness", group=group, reason_code="empty_cell", reason=f"No value: {error}."
        )
        return values, [missing]
    return values, []


def _leakage(read: ReadTable, group: str, options: SharesOptions, rng: np.random.Generator) -> AuditValue:
    """Accuracy of guessing a from t, generated less training.

    Guesses come from half of the images and are tried on the other: the best guess for a few images flatters itself.
    """
    table, joint = read.table, read.joint
    data = leakage(table.training)
    first = _half(table.generated, rng)
    halves = [_shares(read, half) for half in (first, table.generated - first)]
    tried = [guessed(other, one.argmax(axis=1)) for one, other in zip(halves, halves[::-1], strict=True)]
    model = float(np.mean(tried))
    gradient = np.zeros(joint.shares.shape)
    gradient[np.arange(len(gradient)), joint.shares.argmax(axis=1)] = 1
    error = joint.standard_error(gradient)
    return AuditValue(
        name="leakage_amplification",
        unit="difference of fractions",
        estimate=Estimate(
            value=model - data,
            interval=normal_interval(model - data, error.total, how=f"{HOW}, given the guesses", level=options.level),
            n_generated=int(table.generated.sum()),
            group=group,
            details={
                "leakage_generated": model,
                "leakage_training": data,
                "relative": (model - data) / (model + data),
                "without_halving": leakage(joint.shares) - data,
            },
            parameters={"guesses": "from the other half of the images", "corrected": read.corrected},
        ),
    )


def _half(counts: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    drawn = rng.multivariate_hypergeometric(counts.ravel(), int(counts.sum()) // 2, method="marginals")
    return np.asarray(drawn, dtype=np.int64).reshape(counts.shape)


def _shares(read: ReadTable, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return joint_shares(counts, read.joint.t, read.joint.a).shares


def _differential(read: ReadTable, group: str, options: SharesOptions) -> AuditValue:
    """ε of the outcome t between the levels of a, with the error at the pair of levels where it is largest."""
    table, shares = read.table, read.joint.shares
    model, data = differential_fairness(shares), differential_fairness(table.training)
    gradient = np.zeros(shares.shape)
    for level, sign in ((model.more, 1), (model.less, -1)):
        gradient[:, level] -= sign / shares[:, level].sum()
        gradient[model.outcome, level] += sign / shares[model.outcome, level]
    error = read.joint.standard_error(gradient)
    levels, outcome = table.a.levels, table.t.levels[model.outcome]
    return AuditValue(
        name="differential_fairness",
        unit="nats",
        estimate=Estimate(
            value=model.epsilon,
            interval=normal_interval(
                model.epsilon,
                error.total,
                how=f"{HOW}, given where it is largest",
                level=options.level,
                bounds=(0.0, None),
            ),
            n_generated=int(table.generated.sum()),
            group=group,
            details={"training": data.epsilon, "amplification": model.epsilon - data.epsilon},
            parameters={"corrected": read.corrected},
            note=f"Largest for {table.t.attribute} {outcome}: {levels[model.more]} over {levels[model.less]}. The "
            "largest of many ratios lies too high where counts are small.",
        ),
    )
