"""Further cases of ``audit_calibration.py``: costs and windows, shares of shares, weighted and raked tables, F1."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from genaudit.audits.base_rates import base_rates
from genaudit.audits.confounding import confounding
from genaudit.audits.costs import costs
from genaudit.audits.disparities import disparities
from genaudit.audits.label_metric_options import LabelMetricsOptions
from genaudit.audits.label_metrics import label_metrics
from genaudit.audits.raking import raking
from genaudit.audits.table_options import (
    BaseRatesOptions,
    ConfoundingOptions,
    CostsOptions,
    DisparitiesOptions,
    RakingOptions,
)
from genaudit.stats import share_differences as differences
from genaudit.stats import stratified
from genaudit.values.counts import CountTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from genaudit.values.findings import AuditOutcome
    from genaudit.values.results import Interval

Cells = tuple[float, float, float, float]
"""Shares of TN, FP, FN and TP."""
RARE: Cells = (0.9, 0.03, 0.02, 0.05)
USUAL: Cells = (0.4, 0.2, 0.1, 0.3)


class Further(NamedTuple):
    """An interval and the value that it is about."""

    number: str
    data: str
    truth: float
    draw: Callable[[np.random.Generator], Interval | None]
    costly: int = 1
    """Replicates are divided by this."""


def _table(counts: np.ndarray) -> CountTable:
    """A group of TN, FP, FN, TP, or several."""
    groups = np.atleast_2d(counts)
    names = tuple("abcdef"[: len(groups)])
    cells = groups.reshape(1, len(groups), 2, 2).astype(np.float64)
    return CountTable(group="g", groups=names, truth="y", decision="d", counts=cells)


def _interval(outcome: AuditOutcome, name: str, group: str) -> Interval | None:
    for value in outcome.values:
        if (value.name, value.estimate.group) == (name, group):
            return value.estimate.interval
    return None


def expected(n: int, shares: Cells, fp: float, fn: float, name: str = "expected_cost") -> Further:
    """The cost of a person as decided, or what one who pays bears of it."""
    options = CostsOptions(fp=fp, fn=fn, who_pays={"fp": "x"}, min_count=1)
    group = "g=a, as decided" if name == "expected_cost" else "g=a, paid by x"
    truth = fp * shares[1] + (fn * shares[2] if name == "expected_cost" else 0)

    def draw(rng: np.random.Generator) -> Interval | None:
        return _interval(costs(_table(rng.multinomial(n, shares)), options=options, rng=rng), name, group)

    data = f"FP {shares[1]:g}, FN {shares[2]:g}, costs {fp:g} and {fn:g}, n = {n}"
    return Further(f"{name} (MOVER)", data, truth, draw)


def other_action(n: int, shares: Cells) -> Further:
    """The cost of a person if everybody were treated by another action."""
    options = CostsOptions(actions={"ask": (0.3, 1.3), "wait": (0.0, 2.0)}, min_count=1)

    def draw(rng: np.random.Generator) -> Interval | None:
        found = costs(_table(rng.multinomial(n, shares)), options=options, rng=rng)
        return _interval(found, "expected_cost", "g=a, always ask")

    data = f"prevalence {shares[2] + shares[3]:g}, 0.3 if no and 1.3 if yes, n = {n}"
    return Further("expected_cost of another action (Wilson)", data, 0.3 + shares[2] + shares[3], draw)


def window(n: int, shares: Cells, edge: str) -> Further:
    """An edge of the break-even window."""
    tn, fp, fn, tp = shares
    truth = tp / fp if edge == "break_even_high" else fn / tn

    def draw(rng: np.random.Generator) -> Interval | None:
        options = CostsOptions(min_count=1)
        return _interval(costs(_table(rng.multinomial(n, shares)), options=options, rng=rng), edge, "g=a")

    ratio = f"TP {tp:g}, FP {fp:g}" if edge == "break_even_high" else f"FN {fn:g}, TN {tn:g}"
    return Further(f"{edge} (odds of Wilson)", f"{ratio}, n = {n}", truth, draw)


def normalized(n: int, shares: Cells, fp: float, fn: float) -> Further:
    """The normalised cost at the prevalence that the table has: as many yeses and noes each time."""
    tn, wrong, missed, tp = shares
    negatives, positives = round(n * (tn + wrong)), round(n * (missed + tp))
    at = positives * fn / (positives * fn + negatives * fp)
    truth = missed / (missed + tp) * at + wrong / (tn + wrong) * (1 - at)

    def draw(rng: np.random.Generator) -> Interval | None:
        alarms = rng.binomial(negatives, wrong / (tn + wrong))
        misses = rng.binomial(positives, missed / (missed + tp))
        drawn = _table(np.array([negatives - alarms, alarms, misses, positives - misses]))
        options = CostsOptions(fp=fp, fn=fn, min_count=1)
        return _interval(costs(drawn, options=options, rng=rng), "normalized_expected_cost", "g=a")

    data = f"FPR {wrong / (tn + wrong):.3g} of {negatives}, FNR {missed / (missed + tp):.3g} of {positives}"
    return Further("normalized_expected_cost (MOVER)", data, truth, draw)


def base(name: str, n: int, groups: tuple[Cells, Cells], truth: float, data: str) -> Further:
    """A number of the audit of base rates, of people drawn from both groups at once."""
    event = "g=a, d=yes" if name == "conditional_reverse" else "g=a"
    shares = np.concatenate([np.array(groups[0]) / 2, np.array(groups[1]) / 2])
    options = BaseRatesOptions(prevalence=0.1, min_count=1)

    def draw(rng: np.random.Generator) -> Interval | None:
        drawn = _table(rng.multinomial(n, shares).reshape(2, 4))
        return _interval(base_rates(drawn, options=options, rng=rng), name, event)

    how = "MOVER" if name.startswith("npv") else "Wilson"
    return Further(f"{name} ({how})", f"{data}, n = {n} in two groups", truth, draw)


def _bases() -> tuple[Further, ...]:
    groups = (USUAL, RARE)
    reverse, burden = (USUAL[1] + USUAL[3]), USUAL[1] / (USUAL[1] + USUAL[3])
    tpr, fpr = USUAL[3] / (USUAL[2] + USUAL[3]), USUAL[1] / (USUAL[0] + USUAL[1])
    npv = 0.9 * (1 - fpr) / (0.9 * (1 - fpr) + 0.1 * (1 - tpr))
    return (
        base("conditional_reverse", 100, groups, reverse / (reverse + RARE[1] + RARE[3]), "flagged 0.5 and 0.08"),
        base("burden", 100, groups, burden, "FP 0.2, TP 0.3"),
        base("burden_share", 200, groups, USUAL[1] / (USUAL[1] + RARE[1]), "FP 0.2 and 0.03"),
        base("npv_at_prevalence", 200, groups, npv, "prevalence 0.1, TPR 0.75, FPR 0.333"),
    )


def weighted_difference(first: float, second: float, n: int, spread: float) -> Further:
    """The difference of two weighted rates, each at its effective number."""

    def share(rng: np.random.Generator, p: float) -> tuple[float, float]:
        counted, weights = rng.random(n) < p, np.exp(spread * rng.normal(size=n))
        worth = float(weights.sum()) ** 2 / float(weights @ weights)
        return float(weights[counted].sum() / weights.sum()) * worth, worth

    def draw(rng: np.random.Generator) -> Interval | None:
        return differences.newcombe_interval(share(rng, first), share(rng, second))

    data = f"{first:g} and {second:g} of {n}, weights that do not go with the answer"
    return Further("difference of two weighted rates (Newcombe, Kish)", data, first - second, draw)


def weighted_gap(name: str, n: int, spread: float) -> Further:
    """A gap of a table whose weights vary much in one of two strata, which holds twice as many people by weight."""
    first, second = np.array([0.3, 0.7]), np.array([0.2, 0.6])
    mixes = [(share * [1, 2] / (share @ [1, 2])) for share in (np.array([0.6, 0.4]), np.array([0.4, 0.6]))]
    truth = 0.1 if name == "backdoor_difference" else float(mixes[0] @ first - mixes[1] @ second)

    def draw(rng: np.random.Generator) -> Interval | None:
        stratum = rng.integers(0, 2, n)
        other = (rng.random(n) < np.where(stratum == 1, 0.6, 0.4)).astype(int)
        yes = (rng.random(n) < np.where(other == 0, first[stratum], second[stratum])).astype(int)
        sigma = np.where(stratum == 1, spread, 0.2)
        weights = (1 + stratum) * np.exp(sigma * rng.normal(size=n) - sigma**2 / 2)
        counts, squares = np.zeros((2, 2, 2, 2)), np.zeros((2, 2, 2, 2))
        np.add.at(counts, (stratum, other, 0, yes), weights)
        np.add.at(squares, (stratum, other, 0, yes), weights**2)
        drawn = CountTable(group="g", groups=("a", "b"), truth="", decision="d", stratum="z", strata=("u", "v"),
                           counts=counts, squares=squares, weighted=True)  # fmt: skip
        found = confounding(drawn, options=ConfoundingOptions(role="confounder", min_count=1), rng=rng)
        return _interval(found, name, "g=a − b")

    data = f"shift 0.1 in 2 strata, n = {n}, log weights spread by 0.2 and {spread:g}"
    return Further(f"{name} of weighted groups (Kish)", data, truth, draw, costly=5)


def raked(n: int, rates: tuple[float, float, float, float], group: str) -> Further:
    """A share under raked weights: half are f and half old, and f and old come into the table less often."""
    seen = np.array([0.15, 0.10, 0.45, 0.30])  # f young, f old, m young, m old: 1 in 4 and 2 in 5
    levels = (("f", "young"), ("f", "old"), ("m", "young"), ("m", "old"))
    margins = {"sex": {"f": 0.5, "m": 0.5}, "age": {"young": 0.5, "old": 0.5}}
    inside = [group in {"", f"sex={sex}", f"age={age}"} for sex, age in levels]
    truth = float(np.mean(np.array(rates)[inside]))

    def draw(rng: np.random.Generator) -> Interval | None:
        people = rng.multinomial(n, seen)
        yes = rng.binomial(people, rates)
        counts = np.stack([people - yes, yes], axis=1).reshape(1, 4, 1, 2).astype(np.float64)
        drawn = CountTable(
            group="sex × age", groups=tuple(map(" × ".join, levels)), truth="", decision="d",
            counts=np.concatenate([counts, np.zeros_like(counts)], axis=2), crossed=("sex", "age"),
            group_levels=levels,
        )  # fmt: skip
        found = raking(drawn, options=RakingOptions(margins=margins, min_count=1), rng=rng)
        return _interval(found, "selection_rate_raked", group)

    data = f"{', '.join(map(str, rates))} in four cells; {group or 'everybody'}, n = {n}"
    return Further("selection_rate_raked (Wilson, linearised)", data, truth, draw)


@cache
def _metric_options() -> LabelMetricsOptions:
    return LabelMetricsOptions(names=("sklearn:f1_score",), min_count=1, warn_count=1)


def f1(n: int, shares: Cells) -> Further:
    """A metric that scikit-learn computes."""
    __, fp, fn, tp = shares

    def draw(rng: np.random.Generator) -> Interval | None:
        drawn = _table(rng.multinomial(n, shares))
        return _interval(label_metrics(drawn, options=_metric_options(), rng=rng), "sklearn_f1_score", "g=a")

    data = f"F1 {2 * tp / (2 * tp + fp + fn):.3g}, TP {tp:g}, n = {n}"
    return Further("sklearn_f1_score (jackknife)", data, 2 * tp / (2 * tp + fp + fn), draw, costly=10)


def crude(n: int, rates: tuple[float, float]) -> Further:
    """The odds ratio of one table of two groups."""
    p, q = rates

    def draw(rng: np.random.Generator) -> Interval | None:
        a, b = rng.binomial(n, p), rng.binomial(n, q)
        found = stratified.mantel_haenszel(np.array([[[a, n - a], [b, n - b]]], dtype=np.float64))
        return found.interval() if found else None

    data = f"{p:g} and {q:g} of {n}"
    return Further("crude_odds_ratio (log odds)", data, p / (1 - p) * (1 - q) / q, draw)


def smallest_ratio(rates: tuple[float, ...], n: int) -> Further:
    """Smallest over largest rate of several groups."""

    def draw(rng: np.random.Generator) -> Interval | None:
        return differences.smallest_ratio_interval([(float(rng.binomial(n, p)), n) for p in rates])

    data = f"{', '.join(map(str, rates))}; n = {n} each"
    return Further("smallest ratio (MOVER, simultaneous)", data, min(rates) / max(rates), draw)


def equalized_odds(n: int, groups: tuple[Cells, ...]) -> Further:
    """The larger of the largest differences of true and of false positive rates."""
    rates = [(tp / (fn + tp), fp / (tn + fp)) for tn, fp, fn, tp in groups]
    options = DisparitiesOptions(permutations=99, bootstraps=100, min_count=1)

    def draw(rng: np.random.Generator) -> Interval | None:
        drawn = _table(np.array([rng.multinomial(n, shares) for shares in groups]))
        return _interval(disparities(drawn, options=options, rng=rng), "equalized_odds_difference", "")

    data = f"{'; '.join(f'TPR {tpr:.3g}, FPR {fpr:.3g}' for tpr, fpr in rates)}; n = {n} each"
    truth = max(max(column) - min(column) for column in zip(*rates, strict=True))
    return Further("equalized_odds_difference (Newcombe, simultaneous)", data, truth, draw, costly=5)


FURTHER = (
    smallest_ratio((0.3, 0.3, 0.3), 200),
    smallest_ratio((0.2, 0.3, 0.4), 200),
    equalized_odds(200, (USUAL, USUAL)),
    equalized_odds(200, (USUAL, (0.5, 0.1, 0.1, 0.3))),
    crude(60, (0.3, 0.15)),
    weighted_difference(0.3, 0.2, 150, 0.7),
    weighted_gap("crude_difference", 400, 1.2),
    weighted_gap("backdoor_difference", 400, 1.2),
    *_bases(),
    window(60, USUAL, "break_even_high"),
    window(300, RARE, "break_even_low"),
    expected(50, USUAL, 1.0, 1.5),
    expected(200, RARE, 1.0, 20.0),
    expected(200, RARE, 1.0, 1.0),
    expected(2000, RARE, 1.0, 1.5),
    expected(200, RARE, 1.0, 20.0, "cost_borne"),
    other_action(50, USUAL),
    normalized(200, RARE, 1.0, 5.0),
    normalized(60, USUAL, 1.0, 1.5),
    raked(100, (0.2, 0.3, 0.4, 0.5), ""),
    raked(300, (0.03, 0.05, 0.05, 0.1), ""),
    raked(300, (0.2, 0.3, 0.4, 0.5), "sex=f"),
    f1(60, USUAL),
    f1(300, RARE),
)
