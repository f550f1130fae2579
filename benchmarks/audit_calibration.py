"""How often the intervals of table audits hold what they are about, and how often their tests reject what is true.

usage: OMP_NUM_THREADS=1 python benchmarks/audit_calibration.py [--replicates 10000] [--only newcombe]
       [--write docs/audit-calibration.md]

Each replicate draws a table from a known population and asks the function that the audit asks.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from audit_cases import FURTHER
from score_cases import SCORE_TESTS, SCORES

from genaudit.audits.cells import Share
from genaudit.stats import share_differences as differences
from genaudit.stats import stratified
from genaudit.stats.goodness_of_fit import fit
from genaudit.stats.label_permutation import permutation_test
from genaudit.stats.predictive_values import positive_predictive_value, predictive_interval
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.seeds import generator
from genaudit.values.results import Interval

MARK = "<!-- the tables below are written by benchmarks/audit_calibration.py -->"
PERMUTATIONS = 999
Draw = Callable[[np.random.Generator], Interval | None]
Test = Callable[[np.random.Generator], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """An interval and the value that it is about."""

    number: str
    data: str
    truth: float
    draw: Draw
    costly: int = 1
    """Replicates are divided by this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """A test of something that is true."""

    number: str
    data: str
    draw: Test
    costly: int = 1
    """Replicates are divided by this."""


def wilson(p: float, n: int) -> Covered:
    """A rate of a group."""
    return Covered(
        number="rate of a group (Wilson)", data=f"{p:g}, n = {n}", truth=p,
        draw=lambda rng: wilson_interval(int(rng.binomial(n, p)), n),
    )  # fmt: skip


def weighted(p: float, n: int, spread: float, *, ratio: float = 1.0) -> Covered:
    """A rate of a weighted group; with a ratio those counted weigh so many times as much as the others."""

    def draw(rng: np.random.Generator) -> Interval | None:
        counted = rng.random(n) < p
        weights = np.exp(spread * rng.normal(size=n)) * np.where(counted, ratio, 1.0)
        total = float(weights.sum())
        share = Share(counted=float(weights[counted].sum()), among=total, worth=total**2 / float(weights @ weights))
        return share.interval(0.95)

    how = "weights that do not go with the answer" if ratio == 1 else f"those counted weigh {ratio:g} times as much"
    return Covered(
        number="rate of a weighted group (Wilson, Kish)", data=f"{p:g}, n = {n}, {how}",
        truth=ratio * p / (ratio * p + 1 - p), draw=draw,
    )  # fmt: skip


def pair(kind: str, first: tuple[float, int], second: tuple[float, int]) -> Covered:
    """The difference or the ratio of two rates."""
    (p, n), (q, m) = first, second
    function = differences.newcombe_interval if kind == "difference" else differences.ratio_interval
    name = "difference of two rates (Newcombe)" if kind == "difference" else "ratio of two rates (MOVER)"
    return Covered(
        number=name, data=f"{p:g} of {n} and {q:g} of {m}", truth=p - q if kind == "difference" else p / q,
        draw=lambda rng: function((float(rng.binomial(n, p)), n), (float(rng.binomial(m, q)), m)),
    )  # fmt: skip


def largest(rates: tuple[float, ...], n: int) -> Covered:
    """The largest difference over groups."""
    return Covered(
        number="largest difference (Newcombe, simultaneous)", data=f"{', '.join(map(str, rates))}; n = {n} each",
        truth=max(rates) - min(rates),
        draw=lambda rng: differences.largest_difference_interval([(float(rng.binomial(n, p)), n) for p in rates]),
    )  # fmt: skip


def _strata(rng: np.random.Generator, base: tuple[float, ...], n: int, ratio: float) -> np.ndarray:
    tables = []
    for p in base:
        odds = ratio * p / (1 - p)
        first, second = rng.binomial(n, odds / (1 + odds)), rng.binomial(n, p)
        tables.append([[first, n - first], [second, n - second]])
    return np.array(tables, dtype=np.float64)


def pooled(base: tuple[float, ...], n: int, ratio: float) -> Covered:
    """Mantel and Haenszel's odds ratio."""

    def draw(rng: np.random.Generator) -> Interval | None:
        found = stratified.mantel_haenszel(_strata(rng, base, n, ratio))
        return found.interval() if found else None

    data = f"odds ratio {ratio:g}, {len(base)} strata, n = {n} in each group of each"
    return Covered(number="mh_odds_ratio (Robins-Breslow-Greenland)", data=data, truth=ratio, draw=draw)


def backdoor(base: tuple[float, ...], n: int, shift: float) -> Covered:
    """The standardised difference, where strata are drawn, too."""

    def draw(rng: np.random.Generator) -> Interval | None:
        people = rng.multinomial(n, np.full(len(base), 1 / len(base)))
        tables = []
        for count, p in zip(people, base, strict=True):
            first = int(rng.binomial(count, 0.4))
            yes, other = rng.binomial(first, p + shift), rng.binomial(count - first, p)
            tables.append([[yes, first - yes], [other, count - first - other]])
        return stratified.standardised_interval(tables)

    listed = f", rates of {', '.join(map(str, base))}" if len(base) < 5 else ""
    data = f"shift {shift:g} in {len(base)} strata{listed}, n = {n} in all"
    return Covered(number="backdoor_difference (Newcombe, Wilson)", data=data, truth=shift, draw=draw)


def predictive(prevalence: float, rates: tuple[float, float], n: int, m: int) -> Covered:
    """A predictive value at a known prevalence."""
    s, f = rates
    return Covered(
        number="ppv_at_prevalence (MOVER)", data=f"prevalence {prevalence:g}, TPR {s:g} of {n}, FPR {f:g} of {m}",
        truth=positive_predictive_value(prevalence, s, f) or 0.0,
        draw=lambda rng: predictive_interval(
            prevalence, (float(rng.binomial(n, s)), n), (float(rng.binomial(m, f)), m), 0.95
        ),
    )  # fmt: skip


def permuted(sizes: tuple[int, ...], rate: float, kinds: int = 1) -> Tested:
    """The permutation test of groups that do not differ."""

    def draw(rng: np.random.Generator) -> float | None:
        drawn = [([float(rng.binomial(n, rate)) for n in sizes], list(sizes)) for _ in range(kinds)]
        return permutation_test(drawn, PERMUTATIONS, rng).p_value

    what = "largest of two differences" if kinds == 2 else "largest difference"
    return Tested(
        number=f"{what} (permutation)", data=f"rate {rate:g}, groups of {', '.join(map(str, sizes))}", draw=draw,
        costly=5,
    )  # fmt: skip


def four_fifths(sizes: tuple[int, ...], rate: float) -> Tested:
    """The line at 80 % as if it were a test: not used here."""

    def draw(rng: np.random.Generator) -> float | None:
        shares = [rng.binomial(n, rate) / n for n in sizes]
        return 0.0 if min(shares) < 0.8 * max(shares) else 1.0

    data = f"rate {rate:g}, {len(sizes)} groups of {sizes[0]}"
    return Tested(number="smallest over largest below 0.8 (not used)", data=data, draw=draw)


def cmh(base: tuple[float, ...], n: int, *, correction: bool) -> Tested:
    """The test that the pooled odds ratio is 1."""

    def draw(rng: np.random.Generator) -> float | None:
        found = stratified.cochran_mantel_haenszel(_strata(rng, base, n, 1.0), correction=correction)
        return found.p_value if found else None

    name = "cmh_p_value, with ½ taken off" if correction else "cmh_p_value"
    return Tested(number=name, data=f"{len(base)} strata, n = {n} in each group of each", draw=draw)


def breslow_day(base: tuple[float, ...], n: int, ratio: float) -> Tested:
    """The test that all strata have one odds ratio."""

    def draw(rng: np.random.Generator) -> float | None:
        tables = _strata(rng, base, n, ratio)
        found = stratified.mantel_haenszel(tables)
        same = stratified.breslow_day(tables, found.value) if found else None
        return same.p_value if same else None

    data = f"odds ratio {ratio:g}, {len(base)} strata, n = {n} in each group of each"
    return Tested(number="breslow_day_p_value", data=data, draw=draw)


def composition(shares: tuple[float, ...], n: int) -> Tested:
    """The test of a table against its population."""
    return Tested(
        number="representation_p_value", data=f"{', '.join(map(str, shares))}; n = {n}",
        draw=lambda rng: fit(rng.multinomial(n, shares), shares).p_value, costly=5,
    )  # fmt: skip


FIVE, TWENTY = (0.1, 0.2, 0.3, 0.4, 0.5), tuple(np.linspace(0.1, 0.6, 20).tolist())
COVERED = (
    wilson(0.1, 50),
    wilson(0.5, 20),
    wilson(0.02, 300),
    weighted(0.3, 200, 0.7),
    weighted(0.3, 200, 0.7, ratio=3.0),
    pair("difference", (0.3, 50), (0.3, 50)),
    pair("difference", (0.05, 40), (0.2, 200)),
    pair("difference", (0.45, 1795), (0.23, 1488)),
    pair("ratio", (0.3, 100), (0.2, 100)),
    pair("ratio", (0.05, 60), (0.1, 60)),
    largest((0.3, 0.3, 0.3, 0.3), 100),
    largest((0.2, 0.3, 0.3, 0.4), 100),
    pooled(FIVE, 40, 2.0),
    pooled(TWENTY, 8, 2.0),
    backdoor(FIVE, 400, 0.1),
    backdoor((0.02, 0.05), 120, 0.03),
    backdoor((0.0, 0.1), 300, 0.0),
    predictive(0.1, (0.7, 0.1), 120, 300),
    predictive(0.01, (0.8, 0.05), 60, 200),
    *(Covered(**case._asdict()) for case in (*FURTHER, *SCORES)),
)
TESTED = (
    permuted((100, 100, 100, 100), 0.3),
    permuted((20, 60, 400), 0.1),
    permuted((100, 100, 100, 100), 0.3, kinds=2),
    four_fifths((100, 100, 100, 100), 0.3),
    cmh(FIVE, 40, correction=False),
    cmh(FIVE, 40, correction=True),
    breslow_day(FIVE, 40, 2.0),
    composition((0.5, 0.3, 0.2), 60),
    composition((0.5, 0.3, 0.15, 0.05), 400),
    *(Tested(**case._asdict()) for case in SCORE_TESTS),
)


def coverage_row(case: Covered, replicates: int) -> str:
    """A row of the table of intervals."""
    seeds = range(max(replicates // case.costly, 1))
    found = [case.draw(generator(seed, "audit coverage", case.number, case.data)) for seed in seeds]
    kept = [interval for interval in found if interval is not None]
    below = sum(case.truth < interval.low - 1e-12 for interval in kept) / len(kept)
    above = sum(case.truth > interval.high + 1e-12 for interval in kept) / len(kept)
    covered = 1 - below - above
    error = math.sqrt(covered * (1 - covered) / len(kept))
    width = float(np.median([interval.width for interval in kept]))
    return (
        f"| {case.number} | {case.data} | {len(kept):,} | {100 * covered:.1f} ± {100 * error:.1f} | "
        f"{100 * below:.1f} / {100 * above:.1f} | {width:.3g} |"
    )


def size_row(case: Tested, replicates: int) -> str:
    """A row of the table of tests."""
    number = replicates // case.costly
    drawn = [case.draw(generator(seed, "audit size", case.number, case.data)) for seed in range(number)]
    p = np.array([value for value in drawn if value is not None])
    rates = [float((p <= level).mean()) for level in (0.05, 0.01)]
    errors = [math.sqrt(rate * (1 - rate) / len(p)) for rate in rates]
    shown = " | ".join(f"{100 * rate:.1f} ± {100 * error:.1f}" for rate, error in zip(rates, errors, strict=True))
    return f"| {case.number} | {case.data} | {len(p):,} | {shown} |"


def tables(replicates: int, only: str) -> Iterator[str]:
    """Both tables, line by line."""
    yield "| interval of | data | replicates | contains it, % | truth below / above, % | median width |"
    yield "|---|---|---|---|---|---|"
    for interval in COVERED:
        if only in interval.number:
            yield coverage_row(interval, replicates)
    yield ""
    yield "| test of something true | data | replicates | rejects at .05, % | rejects at .01, % |"
    yield "|---|---|---|---|---|"
    for test in TESTED:
        if only in test.number:
            yield size_row(test, replicates)


def main() -> None:
    """Print the tables, or write them into the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=10_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    lines = []
    for line in tables(given.replicates, given.only):
        print(line, flush=True)
        lines.append(line)
    if given.write:
        head = given.write.read_text(encoding="utf-8").partition(MARK)[0]
        given.write.write_text(head + MARK + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
