"""Which of many features go with an outcome, how many would by chance, and which do so again on other items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.stats.multiplicity import benjamini_hochberg
from genaudit.stats.rank_association import rank_correlations
from genaudit.values.findings import NO_TOLERANCE, AuditOutcome, AuditValue, Finding, Verdict
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from genaudit.audits.table_options import ScreenOptions
    from genaudit.values.features import FeatureTable

LEAST = 10
"""Fewest items on either side of the split."""
COUNTED = "A count of features of this table and this split."


def screen(table: FeatureTable, *, options: ScreenOptions, rng: np.random.Generator) -> AuditOutcome:
    """Associations found on one part of the items, adjusted for their number, and tried again on the withheld part.

    Each feature is tested by Spearman's rank correlation. Those that survive Benjamini and Hochberg's adjustment are
    tried again on items that took no part; one is replicated if its p-value is at most alpha there, too, with the same
    sign. Under chance alone ``m · alpha`` features pass a single unadjusted test, and ``m · alpha² / 2`` both.

    Args:
        table: Features and outcome.
        options: Level of the tests and share of the items that is withheld.
        rng: Draws the split.

    Raises:
        NotApplicable: Too few items, or an outcome without variation.
    """
    n, m = table.features.shape
    first, second = _split(n, options.withheld, rng)
    if min(len(first), len(second)) < LEAST or m == 0:
        raise NotApplicable("below_min_n", f"{n} items of {m} features: at least {LEAST} on each side are needed.")
    if np.ptp(table.values[first]) == 0 or np.ptp(table.values[second]) == 0:
        raise NotApplicable("empty_cell", f"{table.outcome} is the same for all items of a side.")
    rho, p, _ = rank_correlations(table.features[first], table.values[first])
    again, p_again, _ = rank_correlations(table.features[second], table.values[second])
    found = benjamini_hochberg(p) <= options.alpha
    repeats = (p_again <= options.alpha) & (np.sign(again) == np.sign(rho))
    counts = {
        "single": int((p <= options.alpha).sum()),
        "single_repeated": int(((p <= options.alpha) & repeats).sum()),
        "found": int(found.sum()),
        "replicated": int((found & repeats).sum()),
    }
    values = (*_counts(counts, n, m, options), *_features(table, rho, again, found & repeats, len(second)))
    findings = tuple(_findings(table, counts, options, _names(table, rho, found & repeats)))
    return AuditOutcome(values=values, findings=findings)


def _split(n: int, withheld: float, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = rng.permutation(n)
    kept = n - round(n * withheld)
    return np.sort(order[:kept]), np.sort(order[kept:])


def _counts(counts: dict[str, int], n: int, m: int, options: ScreenOptions) -> Iterator[AuditValue]:
    shape = {"items": float(n), "features": float(m), "items_per_feature": n / m}
    expected = m * options.alpha
    for name, value, details in (
        ("screened_associations", float(counts["found"]), {**shape, "single_tests": float(counts["single"])}),
        ("replicated_associations", float(counts["replicated"]), {"single_tests": float(counts["single_repeated"])}),
        ("expected_false_hits", expected, {"repeated": expected * options.alpha / 2}),
    ):
        estimate = Estimate(value=value, reason_without=COUNTED, n_reference=n, details=details)
        yield AuditValue(name=name, unit="features", estimate=estimate)


def _features(
    table: FeatureTable, rho: NDArray[np.float64], again: NDArray[np.float64], kept: NDArray[np.bool_], n: int
) -> Iterator[AuditValue]:
    reason = "Given for what was found after looking at all features, which makes intervals too narrow."
    for index in np.flatnonzero(kept):
        estimate = Estimate(
            value=float(again[index]), reason_without=reason, n_reference=n, group=table.names[index],
            details={"where_it_was_found": float(rho[index])},
        )  # fmt: skip
        yield AuditValue(name="replicated_correlation", unit="rank correlation", estimate=estimate)


def _names(table: FeatureTable, rho: NDArray[np.float64], kept: NDArray[np.bool_]) -> list[str]:
    order = [index for index in np.argsort(-np.abs(rho), kind="stable") if kept[index]]
    return [table.names[index] for index in order[:10]]


def _number(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def _findings(
    table: FeatureTable, counts: dict[str, int], options: ScreenOptions, names: list[str]
) -> Iterator[Finding]:
    n, m = table.features.shape
    expected = m * options.alpha
    listed = f": {', '.join(names)}" if names else ""
    yield _finding(
        table,
        f"{n:,} items and {m:,} features ({n / m:.3g} items a feature): "
        f"{_number(counts['single'], 'feature goes', 'features go')} with "
        f"{table.outcome} at a level of {options.alpha:g} each, and {expected:.3g} would by chance alone; "
        f"{_number(counts['single_repeated'], 'does', 'do')} so again with the same sign on the withheld items, and "
        f"{expected * options.alpha / 2:.3g} would by chance.",
    )
    yield _finding(
        table,
        f"Adjusted for their number {_number(counts['found'], 'is', 'are')} left, and "
        f"{_number(counts['replicated'], 'of these does', 'of these do')} so again"
        f"{listed}. These are associations: none of them says what brings about what.",
    )


def _finding(table: FeatureTable, statement: str) -> Finding:
    return Finding(
        audit="screen", attribute=table.outcome, group="", statement=statement, value=None, interval=None,
        verdict=Verdict.DESCRIBED, rule=NO_TOLERANCE,
    )  # fmt: skip
