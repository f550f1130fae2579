"""Which latent units tell which known factors, and what can be read from codes along straight lines."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics.averages import averaged
from genaudit.stats.disentanglement import (
    completeness,
    disentanglement,
    entropy_of_labels,
    shared_by_labels,
    unit_information,
)
from genaudit.stats.intervals import t_interval
from genaudit.stats.units import independent_units, influence_error, jackknife_error
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from genaudit.metrics.latent_options import FactorOptions
    from genaudit.plugin.options import NoOptions
    from genaudit.values.latents import FactorClassifier, FactorClassifiers, KnownFactor, LabelledCodes
    from genaudit.values.observations import Floats

SHARE = (0.0, 1.0)
TOGETHER = 0.05
"""Share of a label's entropy that another tells from which on they are said to go together."""


def linear_probe_accuracy(
    found: FactorClassifiers,
    *,
    options: FactorOptions,  # noqa: ARG001 - they are for the probe
    rng: np.random.Generator,  # noqa: ARG001 - exact from what was observed
) -> Iterator[Estimate | Unavailable]:
    """Share of images whose level a linear classifier of the codes of other sources reads, for each known attribute."""
    for one in found.classifiers:
        yield _accuracy(one, found)
    for name, reason in found.unread.items():
        yield Unavailable(component="linear_probe_accuracy", group=name, reason_code="too-few-samples", reason=reason)


def mig(codes: LabelledCodes, *, options: NoOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001 - exact
    """Mean over factors of the information of the best unit less that of the second best, over the factor's entropy."""
    factors = tuple(one for one in codes.factors if one.name != codes.given)
    _check_several(factors, codes.given)
    if codes.means.shape[1] < 2:
        raise NotApplicable("one-unit", "With one latent unit there is no second best.")
    if independent_units(len(codes.means), codes.clusters) < 2:
        raise NotApplicable("too-few-samples", "What units tell is compared between images of 2 sources or more.")
    found = [_gap(codes, factor) for factor in factors]
    value = float(np.mean([gap for gap, _, _ in found]))
    influences = np.mean([influences for _, influences, _ in found], axis=0)
    error, sources = influence_error(influences, codes.clusters)
    details = {factor.name: gap for factor, (gap, _, _) in zip(factors, found, strict=True)}
    details |= {f"{factor.name}_best_unit": best for factor, (_, _, best) in zip(factors, found, strict=True)}
    return Estimate(
        value=value,
        interval=t_interval(
            value,
            error,
            sources - 1,
            how=f"influences over {sources} independent images, given which two units tell most",
            bounds=SHARE,
        ),
        n_reference=len(codes.means),
        parameters={"latent_units": codes.means.shape[1], "factors": ", ".join(one.name for one in factors)},
        details={**details, "standard_error": error},
        note=_coarse(factors),
        terms=tuple((value + len(influences) * influences).tolist()),  # whose mean it is, since influences have none
        clusters=() if codes.clusters is None else tuple(np.unique(codes.clusters, return_inverse=True)[1].tolist()),
    )


def dci_disentanglement(
    found: FactorClassifiers,
    *,
    options: FactorOptions,  # noqa: ARG001
    rng: np.random.Generator,  # noqa: ARG001
) -> Estimate:
    """Whether each latent unit serves one factor: 1 less the entropy of its importance over factors."""
    estimate = _of_importance(found, disentanglement)
    return replace(estimate, note=_coarse([one.factor for one in _untold(found)]))


def dci_completeness(
    found: FactorClassifiers,
    *,
    options: FactorOptions,  # noqa: ARG001
    rng: np.random.Generator,  # noqa: ARG001
) -> Estimate:
    """Whether each factor is served by one unit: 1 less the entropy of importance over units, the mean over factors."""
    kept = _untold(found)
    if kept and len(kept[0].lost) < 2:
        raise NotApplicable("one-unit", "With one latent unit there is nothing to spread a factor over.")
    estimate = _of_importance(found, lambda table: float(completeness(table).mean()))
    each = zip(kept, completeness(_importance([one.lost for one in kept])), strict=True)
    return replace(estimate, details={**estimate.details, **{one.factor.name: float(value) for one, value in each}})


def dci_informativeness(
    found: FactorClassifiers,
    *,
    options: FactorOptions,  # noqa: ARG001
    rng: np.random.Generator,  # noqa: ARG001
) -> Estimate:
    """Share of images whose level the same classifiers read, the mean over factors."""
    kept = _untold(found)
    factors = [one.factor for one in kept]
    _check_several(factors, found.given)
    correct = np.stack([one.correct for one in kept]).astype(np.float64)
    details = {one.name: float(row.mean()) for one, row in zip(factors, correct, strict=True)}
    usual = float(np.mean([_most_common(one) for one in factors]))
    estimate = averaged(correct.mean(axis=0), found.clusters, bounds=SHARE)
    return replace(
        estimate,
        n_reference=correct.shape[1],
        parameters={"factors": ", ".join(one.name for one in factors)},
        details={**estimate.details, "most_common_levels": usual, **details},
    )


def _accuracy(one: FactorClassifier, of: FactorClassifiers) -> Estimate:
    name = one.factor.name
    found = averaged(one.correct.astype(np.float64), of.clusters, bounds=SHARE)
    return replace(
        found,
        group=name,
        n_reference=len(one.correct),
        parameters={"latent_units": len(one.lost), "levels": len(one.factor.levels)},
        details={**found.details, "most_common_level": _most_common(one.factor)},
        note=f"The model was told the true {name}: its codes need not hold it." if name == of.given else "",
    )


def _gap(codes: LabelledCodes, factor: KnownFactor) -> tuple[float, Floats, float]:
    """A factor's gap, what each image adds to it beyond the mean, and the information of the best unit in nats."""
    told = unit_information(codes.means, codes.log_variances, factor.labels, len(factor.levels))
    second, best = np.argsort(told.mean(axis=0), kind="stable")[-2:]
    entropy = entropy_of_labels(factor.labels)
    gap = float(told[:, best].mean() - told[:, second].mean()) / entropy
    shares = np.bincount(factor.labels, minlength=len(factor.levels)) / len(factor.labels)
    # of a ratio of means: information of two units over the entropy, itself the mean of -ln share
    influences = told[:, best] - told[:, second] + gap * np.log(shares[factor.labels])
    return gap, influences / entropy / len(influences), float(told[:, best].mean())


def _of_importance(found: FactorClassifiers, measure: Callable[[Floats], float]) -> Estimate:
    """A function of the table of importance, with a jackknife over blocks of sources."""
    kept = _untold(found)
    _check_several([one.factor for one in kept], found.given)
    try:
        value = measure(_importance([one.lost for one in kept]))
        left_out = [measure(_importance(lost)) for lost in zip(*(one.left_out for one in kept), strict=True)]
    except ValueError as error:
        raise NotApplicable("no-importance", f"No unit tells anything of any factor: {error}.") from error
    deviation = jackknife_error(left_out)
    how = f"jackknife over {len(left_out)} blocks of sources, classifiers fitted anew"
    return Estimate(
        value=value,
        interval=t_interval(value, deviation, len(left_out) - 1, how=how, bounds=SHARE),
        n_reference=len(kept[0].correct),
        parameters={"latent_units": len(kept[0].lost), "factors": ", ".join(one.factor.name for one in kept)},
        details={"standard_error": deviation},
        left_out=tuple(left_out),
    )


def _importance(lost: Sequence[Floats]) -> Floats:
    """``(units, factors)``: share of each unit in what a factor's classifier loses without it; 0 if nothing is lost."""
    table = np.clip(np.stack(lost, axis=1), 0, None)  # what a unit of noise loses is below 0 as often as above
    whole = table.sum(axis=0)
    shares: Floats = np.divide(table, whole, out=np.zeros_like(table), where=whole > 0)
    return shares


def _untold(found: FactorClassifiers) -> list[FactorClassifier]:
    return [one for one in found.classifiers if one.factor.name != found.given]


def _check_several(factors: Sequence[KnownFactor], given: str) -> None:
    """Nothing, if there are two or more.

    Raises:
        NotApplicable: There is one, or none: nothing to keep apart.
    """
    names = [one.name for one in factors]
    if len(names) < 2:
        left = f"; {given} was told to the model" if given else ""
        raise NotApplicable(
            "needs-labels",
            f"Which unit serves which factor is about 2 known factors or more; here is {names[0] if names else 'none'}"
            f"{left}.",
            "A data set that is labelled with several attributes.",
        )


def _coarse(factors: Sequence[KnownFactor]) -> str:
    """What must be known of so few factors."""
    names = [one.name for one in factors]
    pairs = [(shared_by_labels(one.labels, two.labels), one.name, two.name) for one, two in combinations(factors, 2)]
    share, one, two = max(pairs)
    said = f"Coarse: about {', '.join(names[:-1])} and {names[-1]}, and no other factor."
    if share < TOGETHER:
        return said
    return (
        f"{said} {one.capitalize()} and {two} go together here ({share:.0%} of the smaller entropy): no code keeps "
        "them wholly apart."
    )


def _most_common(factor: KnownFactor) -> float:
    """How often it would be right to say the most common level of every image."""
    return float(np.bincount(factor.labels).max() / len(factor.labels))
