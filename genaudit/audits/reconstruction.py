"""Bias amplification of reconstructions: of held-out images it is known what they show, in both directions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.stats.amplification import directions, exclusive
from genaudit.stats.intervals import normal_interval
from genaudit.stats.tolerance import judge
from genaudit.values.findings import NO_TOLERANCE, AuditOutcome, AuditValue, Finding, Verdict
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from genaudit.audits.options import ReconstructionOptions
    from genaudit.values.counts import ReconstructedCounts

A_TO_T, T_TO_A = "bias_amplification_a_to_t", "bias_amplification_t_to_a"
HOW = "standard error of what changes from images to their reconstructions, source items as units"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One direction: what is known of an image, and what is read from it and from its reconstruction."""

    name: str
    known: str
    read: str
    counts: NDArray[np.int64]
    """``(k, m, m)`` images: the known level, the level read from the image and that read from its reconstruction."""
    training: NDArray[np.int64]
    """``(k, m)``."""
    design_effect: float


def reconstruction(
    tables: tuple[ReconstructedCounts, ...],
    *,
    options: ReconstructionOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """Whether a model that copies images pulls one attribute towards what training links with the other.

    Args:
        tables: Counts of held-out images by what they show and what is read, of themselves and their reconstructions.
        options: Smallest counts, level of the intervals, tolerance.
        rng: Not drawn from.
    """
    values: list[AuditValue] = []
    findings: list[Finding] = []
    missing: list[Unavailable] = []
    for table in tables:
        for way in _ways(table):
            found = _amplification(way, options)
            group = f"{table.a} within {table.t}, reconstructions"
            if found is None:
                why = f"No pair of {way.known} and {way.read} has a direction and images enough."
                missing.append(Unavailable(component=way.name, group=group, reason_code="below_min_n", reason=why))
                continue
            values.append(AuditValue(name=way.name, unit="difference of fractions", estimate=_named(found, group)))
            findings.append(_finding(table, way, found, options))
    return AuditOutcome(values=tuple(values), findings=tuple(findings), unavailable=tuple(missing))


def _ways(table: ReconstructedCounts) -> tuple[Way, Way]:
    return (
        Way(
            name=A_TO_T,
            known=table.a,
            read=table.t,
            counts=table.task,
            training=table.training.T,
            design_effect=table.task_design_effect,
        ),
        Way(
            name=T_TO_A,
            known=table.t,
            read=table.a,
            counts=table.attribute,
            training=table.training,
            design_effect=table.attribute_design_effect,
        ),
    )


def _amplification(way: Way, options: ReconstructionOptions) -> Estimate | None:
    """``mean of y (P(read from the reconstruction | known) - P(read from the image | known))``; None without a pair.

    Both are read by the same reader, so that its errors cancel as far as it makes the same ones of both.
    """
    n = way.counts.sum(axis=(1, 2))
    counted = _counted(way, n, options)
    pairs = int(counted.sum())
    if not pairs:
        return None
    weights = np.where(counted, directions(exclusive(way.training)), 0) / pairs
    change = (weights[:, None, :] - weights[:, :, None]) / np.maximum(n, 1)[:, None, None]
    sums = (way.counts * change).sum(axis=(1, 2))
    squares = (way.counts * change**2).sum(axis=(1, 2))
    variance = float((squares - sums**2 / np.maximum(n, 1)).sum()) * way.design_effect
    value, error = float(sums.sum()), math.sqrt(max(variance, 0.0))
    moved = 1 - float(np.trace(way.counts, axis1=1, axis2=2).sum() / way.counts.sum())
    interval = normal_interval(value, error, how=HOW, level=options.level, bounds=(-1.0, 1.0)) if error else None
    return Estimate(
        value=value,
        interval=interval,
        reason_without="" if interval else "No reconstruction is read otherwise than its image, which shows no spread.",
        n_generated=int(way.counts.sum()),
        details={
            "pairs": float(pairs),
            "left_out": float(counted.size - pairs),
            "read_otherwise": moved,
            "by_chance": math.sqrt(2 / math.pi) * error,
            "standard_error": error,
        },
        parameters={"direction": "away from independence in training"},
    )


def _counted(way: Way, n: NDArray[np.int64], options: ReconstructionOptions) -> NDArray[np.bool_]:
    """``(k, m)``: the pair has a direction in training, and images enough on both sides."""
    total, rows = max(int(way.training.sum()), 1), way.training.sum(axis=1, keepdims=True)
    within = way.training / np.maximum(rows, 1)
    apart = np.abs(within - way.training.sum(axis=0) / total) >= options.min_difference
    linked = directions(exclusive(way.training)) != 0
    found: NDArray[np.bool_] = apart & linked & (way.training >= options.min_cell) & (n >= options.min_count)[:, None]
    return found


def _named(estimate: Estimate, group: str) -> Estimate:
    return Estimate(
        value=estimate.value,
        interval=estimate.interval,
        reason_without=estimate.reason_without,
        n_generated=estimate.n_generated,
        group=group,
        details=estimate.details,
        parameters=estimate.parameters,
    )


def _way(found: Estimate) -> str:
    """``more often than the images do``, with how much of 1,000 on average."""
    if found.interval is None:
        return "as often as the images do"
    low, high = found.interval.low, found.interval.high
    way = "more often" if low > 0 else "less often" if high < 0 else "neither surely more nor less often"
    by = f"{1000 * found.value:.1f} of 1,000 ({1000 * low:.1f} to {1000 * high:.1f})".replace("-", "−")
    return f"{way} than the images do: {by} on average over {found.details['pairs']:.0f} pairs"


def _finding(table: ReconstructedCounts, way: Way, found: Estimate, options: ReconstructionOptions) -> Finding:
    interval = found.interval
    said = (
        f"Reconstructions of held-out images show the {way.read} that training links with their {way.known} "
        f"{_way(found)}; {1000 * found.details['read_otherwise']:.0f} of 1,000 are read otherwise than "
        "their image."
    )
    verdict, rule = Verdict.DESCRIBED, NO_TOLERANCE
    if options.tolerance is not None and interval is not None:
        verdict = judge(interval, -math.inf, options.tolerance)
        by = options.tolerance_by or "whoever asked for this run"
        rule = f"At most {options.tolerance:g}, set by {by}."
    return Finding(
        audit="reconstruction",
        attribute=way.read,
        group="",
        statement=said,
        value=found.value,
        interval=interval,
        verdict=verdict,
        rule=rule,
        caveats=(
            (
                f"{table.a.capitalize()} and {table.t} were read from images and from their reconstructions by the "
                "same readers, so that what they misread of both is not the model's."
            ),
            (
                f"Amplification {'A → T' if way.name == A_TO_T else 'T → A'} (Wang and Russakovsky 2021), held "
                "against what is read from the image and not against its label."
            ),
        ),
    )
