"""How far the mix of an attribute's levels lies from a reference, in four distances, beside what chance alone shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.audits.reference_mix import UNDECLARED
from genaudit.stats.mixes import discrepancies, discrepancy_bounds, goodness_of_fit, null_means
from genaudit.values.findings import AuditValue
from genaudit.values.results import Estimate, Interval, Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.audits.options import SharesOptions
    from genaudit.audits.reading import ReadTable
    from genaudit.audits.reference_mix import ReferenceMix

UNITS = {"l1": "fraction", "l2": "fraction", "tv": "fraction", "kl": "nats"}


def discrepancy_values(
    read: ReadTable, mix: ReferenceMix, options: SharesOptions, rng: np.random.Generator
) -> tuple[list[AuditValue], list[Unavailable]]:
    """``fairness_discrepancy_l1``, ``l2``, ``tv``, ``kl`` and ``representation_p_value`` of the second attribute."""
    table, n = read.table, int(read.table.generated.sum())
    if len(table.a.levels) < 2 or n < options.min_count:
        few = f"{n} generated images of {len(table.a.levels)} levels; at least {options.min_count} of 2 are needed."
        return [], [_missing("fairness_discrepancy_l1", read, "below_min_n", few)]
    if not table.training.sum() and options.reference in {"", "training"}:
        return [], [
            _missing("fairness_discrepancy_l1", read, "empty_cell", f"The {table.compared} data hold no such labels.")
        ]
    shares = read.joint.level_shares
    found = discrepancies(shares, mix.levels)
    bounds = discrepancy_bounds(simultaneous_intervals(read, options.level), mix.levels)
    chance = null_means(mix.levels, n, rng)
    values = [
        AuditValue(
            name=f"fairness_discrepancy_{name}",
            unit=UNITS[name],
            estimate=Estimate(
                value=value,
                interval=Interval(
                    low=min(bounds[name][0], value),
                    high=max(bounds[name][1], value),
                    level=options.level,
                    method="all mixes that simultaneous intervals of the shares allow; conservative",
                ),
                n_generated=n,
                group=table.a.attribute,
                details={"mean_by_chance": chance[name]},
                parameters={"against": mix.name, "corrected": read.corrected},
                note="" if mix.declared else _not_declared(read),
            ),
        )
        for name, value in found.items()
    ]
    missing = []
    if "kl" not in found:
        why = f"{mix.name.capitalize()} has no share of a level that was generated: the divergence is infinite."
        missing.append(_missing("fairness_discrepancy_kl", read, "empty_cell", why))
    tested, absent = _test(read, mix, n)
    return [*values, *tested], [*missing, *absent]


def _test(read: ReadTable, mix: ReferenceMix, n: int) -> tuple[list[AuditValue], list[Unavailable]]:
    if not mix.declared:
        hint = "--set representation.reference=training, uniform or population."
        return [], [_missing("representation_p_value", read, UNDECLARED, "No reference was declared.", hint)]
    try:
        p_value, test = _p_value(read, mix)
    except ValueError as error:
        return [], [
            _missing("representation_p_value", read, "below_min_n", f"No test: {error}.", "--samples with more.")
        ]
    estimate = Estimate(
        value=p_value,
        reason_without="A p-value has no interval.",
        n_generated=n,
        group=read.table.a.attribute,
        parameters={"against": mix.name, "test": test},
        note=f"The probability of a mix at least as far from {mix.name}, if the model had that mix.",
    )
    return [AuditValue(name="representation_p_value", unit="probability", estimate=estimate)], []


def _p_value(read: ReadTable, mix: ReferenceMix) -> tuple[float, str]:
    """An exact or chi-squared test of counts as read, or a Wald test of corrected shares, whose error is larger."""
    counts = read.table.generated.sum(axis=0)
    if not read.corrected:
        return goodness_of_fit(counts, mix.levels)
    present = np.flatnonzero((mix.levels > 0) | (counts > 0))
    smallest = float(mix.levels[present].min() * counts.sum())
    if smallest < 5:
        raise ValueError(f"the smallest expected count is {smallest:.3g}, and 5 are needed for an approximation")
    chosen = present[1:]
    difference = (read.joint.level_shares - mix.levels)[chosen]
    distance = float(difference @ np.linalg.solve(_covariance(read, chosen), difference))
    return float(special.chdtrc(len(chosen), distance)), "Wald test with the readers' errors"


def _covariance(read: ReadTable, columns: NDArray[np.intp]) -> NDArray[np.float64]:
    """Covariance of shares of levels: that of two is a quarter of what their sum varies more than their difference."""
    margin = read.joint.margin
    gradients = [margin.gradient_of_level(int(column)) for column in columns]
    error = margin.standard_error
    return np.array([[(error(f + g).total ** 2 - error(f - g).total ** 2) / 4 for g in gradients] for f in gradients])


def simultaneous_intervals(read: ReadTable, level: float) -> list[Interval]:
    """Intervals that hold together (Bonferroni); of two levels the one interval is the other's mirror image."""
    levels = len(read.table.a.levels)
    each = level if levels == 2 else 1 - (1 - level) / levels
    return [read.joint.interval_of_level(column, each)[0] for column in range(levels)]


def _not_declared(read: ReadTable) -> str:
    return f"No reference was declared: described beside the {read.table.compared} data, and not assessed."


def _missing(component: str, read: ReadTable, code: str, reason: str, hint: str = "") -> Unavailable:
    return Unavailable(component=component, group=read.table.a.attribute, reason_code=code, reason=reason, hint=hint)
