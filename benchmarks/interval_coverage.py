"""How often nominal 95 % intervals contain what they are about.

usage: OMP_NUM_THREADS=1 python benchmarks/interval_coverage.py [--seeds 2000] [--only kid]
       [--write docs/interval-coverage.md]

Each case draws fresh data for every seed, asks the metric as a run would, and compares its interval with a value that
is known in closed form or found from samples that are used for nothing else. A reference set is drawn anew for every
twentieth seed; "given the reference" means the value over generated samples against that one set.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from code_cases import CODES
from few_items import FEW
from further_cases import FURTHER
from latent_cases import LATENTS
from scipy import special

from genaudit.audits.options import RepresentationOptions
from genaudit.audits.representation import representation
from genaudit.metrics import distances, inception, modes, neighbourhoods, reconstruction
from genaudit.metrics.options import (
    DensityCoverageOptions,
    FrechetOptions,
    InceptionScoreOptions,
    KernelOptions,
    PrecisionRecallOptions,
)
from genaudit.plugin.options import NoOptions
from genaudit.stats.neighbours import neighbours
from genaudit.stats.seeds import generator
from genaudit.values.counts import AttributeCounts, AttributeReading
from genaudit.values.observations import ClassPair, FeaturePair, Neighbours, Reconstructions
from genaudit.values.results import Estimate, Interval

PER_REFERENCE = 20
FRESH = 100
"""Generated sets from which the value given one reference set is found."""
MARK = "<!-- the table below is written by benchmarks/interval_coverage.py -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One interval, the value that it is about, and the estimate in its middle."""

    value: float
    interval: Interval
    truth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A metric on data whose truth is known: all trials of a number of seeds."""

    metric: str
    data: str
    about: str
    trials: Callable[[int], Iterator[Trial]]
    costly: int = 1
    """Seeds are divided by this: what takes long is repeated less often."""


def both_sides(n: int, d: int, shift: float, seed: int) -> tuple[FeaturePair, np.random.Generator]:
    """Generated N(shift, I) and reference N(0, I)."""
    rng = generator(seed, "coverage", n, d)
    return FeaturePair(generated=rng.normal(size=(n, d)) + shift, reference=rng.normal(size=(n, d))), rng


def kid(shift: float, n: int, d: int) -> Callable[[int], Iterator[Trial]]:
    """Population value: sum over powers j of the cubic of C(3, j) times the squared differences of j-th moments."""
    mean = np.full(d, shift / d**0.5)
    second = np.eye(d) / d + np.outer(mean, mean)
    third = np.einsum("i,j,k->ijk", mean, mean, mean)
    for axes in ("ij,k->ijk", "ik,j->ijk", "jk,i->ijk"):
        third += np.einsum(axes, np.eye(d) / d, mean)
    truth = 3 * float(mean @ mean) + 3 * float(((second - np.eye(d) / d) ** 2).sum()) + float((third**2).sum())

    def trials(seeds: int) -> Iterator[Trial]:
        for seed in range(seeds):
            pair, rng = both_sides(n, d, shift, seed)
            found = distances.kernel_distance(pair, options=KernelOptions(), rng=rng)
            yield trial(found.value, found.interval, truth)

    return trials


def fid(shift: float, n: int, d: int, *, debiased: bool) -> Callable[[int], Iterator[Trial]]:
    """The plug-in value is about the mean over samples of these sizes, the debiased one about the populations."""

    def trials(seeds: int) -> Iterator[Trial]:
        plain = FrechetOptions(blocks=3)
        fresh = (both_sides(n, d, shift, 10**6 + seed) for seed in range(2 * seeds))
        mean = float(np.mean([distances.frechet_distance(p, options=plain, rng=r).value for p, r in fresh]))
        for seed in range(seeds):
            pair, rng = both_sides(n, d, shift, seed)
            found = distances.frechet_distance(pair, options=FrechetOptions(), rng=rng)
            if debiased:
                yield debiased_trial(found, d * shift**2)
            else:
                yield trial(found.value, found.interval, mean)

    return trials


def inception_score(n: int, splits: int, *, infinite: bool) -> Callable[[int], Iterator[Trial]]:
    """Softmax of normal logits; the mean over samples of one split's size, or the score of the distribution."""
    options = InceptionScoreOptions(splits=splits)

    def rows(seed: int, count: int) -> tuple[ClassPair, np.random.Generator]:
        rng = generator(seed, "coverage-classes")
        p = special.softmax(2 * rng.normal(size=(count, 10)), axis=1)
        return ClassPair(generated=p, reference=p[:2], classes=tuple("0123456789")), rng

    def trials(seeds: int) -> Iterator[Trial]:
        if infinite:
            pair, rng = rows(10**6, 500_000)
            truth = inception.inception_score(pair, options=InceptionScoreOptions(splits=1), rng=rng).value
        else:
            pair, rng = rows(10**6, 1_500 * (n // splits))
            truth = inception.inception_score(pair, options=InceptionScoreOptions(splits=1_500), rng=rng).value
        for seed in range(seeds):
            found = inception.inception_score(rows(seed, n)[0], options=options, rng=generator(seed, "shuffle"))
            yield trial(found.value, found.interval, truth)

    return trials


@cache  # all four metrics look at the same hits
def hits(world: str, n: int, d: int, reference: int, seed: int) -> tuple[Neighbours, np.random.Generator]:
    """Neighbours of a generated set among the reference set of this number."""
    real = generator(reference, "coverage-real").normal(size=(n, d))
    rng = generator(seed, "coverage-made")
    made = rng.normal(size=(n, d))
    if d > 1000:  # variances fall as 1 / k, so that about a dozen dimensions matter
        real, made = (rows * np.arange(1, d + 1) ** -0.5 for rows in (real, made))
    if world == "narrow":
        made *= 0.7
    elif world == "shifted":
        made += 0.5
    return neighbours(real, made, [3, 5], rng=rng), rng


def in_balls(metric: str, world: str, n: int, d: int, *, given: bool) -> Callable[[int], Iterator[Trial]]:
    """The value over generated samples against one reference set, or over both."""
    options = DensityCoverageOptions() if metric in {"density", "coverage"} else PrecisionRecallOptions()
    function = getattr(neighbourhoods, metric)

    def value(reference: int, seed: int) -> float:
        found, rng = hits(world, n, d, reference, seed)
        return float(function(found, options=options, rng=rng).value)

    def trials(seeds: int) -> Iterator[Trial]:
        references = range(-(-seeds // PER_REFERENCE))
        truths = [np.mean([value(r, 10**6 + r * FRESH + i) for i in range(FRESH)]) for r in references]
        for seed in range(seeds):
            found, rng = hits(world, n, d, seed // PER_REFERENCE, seed)
            estimate = function(found, options=options, rng=rng)
            truth = truths[seed // PER_REFERENCE] if given else np.mean(truths)
            yield trial(estimate.value, estimate.interval, float(truth))

    return trials


def classes(p: np.ndarray, q: np.ndarray, n: int, m: int, seed: int) -> ClassPair:
    """Items that are surely of one class each."""
    rng = generator(seed, "coverage-modes")
    sure = np.eye(len(p))
    made, real = (sure[np.repeat(np.arange(len(p)), rng.multinomial(size, w))] for size, w in ((n, p), (m, q)))
    return ClassPair(generated=made, reference=real, classes=tuple(map(str, range(len(p)))))


def mode_share(share: float, n: int) -> Callable[[int], Iterator[Trial]]:
    """One class of this share."""

    def trials(seeds: int) -> Iterator[Trial]:
        p = np.array([share, 1 - share])
        for seed in range(seeds):
            found = modes.mode_share(classes(p, p, n, n, seed), options=NoOptions(), rng=generator(seed, "unused"))[0]
            yield trial(found.value, found.interval, share)

    return trials


def mode_kl(tilt: float, k: int, n: int, *, debiased: bool) -> Callable[[int], Iterator[Trial]]:
    """As many classes of equal reference shares; generated shares grow linearly by the tilt."""
    p = (1 + tilt * np.linspace(-1, 1, k)) / k
    q = np.full(k, 1 / k)

    def drawn(seed: int) -> Estimate:
        found = modes.mode_kl(classes(p, q, n, n, seed), options=NoOptions(), rng=generator(seed, "unused"))
        assert isinstance(found, Estimate)
        return found

    def trials(seeds: int) -> Iterator[Trial]:
        mean = float(np.mean([drawn(10**6 + seed).value for seed in range(seeds)]))
        for seed in range(seeds):
            found = drawn(seed)
            if debiased:
                yield debiased_trial(found, float(special.rel_entr(p, q).sum()))
            else:
                yield trial(found.value, found.interval, mean)

    return trials


def reconstruction_mse(sources: int, renders: int, *, skewed: bool) -> Callable[[int], Iterator[Trial]]:
    """Renders of one source share most of their error."""

    def trials(seeds: int) -> Iterator[Trial]:
        clusters = np.repeat(np.arange(sources), renders)
        for seed in range(seeds):
            rng = generator(seed, "coverage-pairs")
            shared = rng.exponential(size=sources) if skewed else rng.uniform(0, 2, size=sources)
            error = 0.1 * np.sqrt(0.8 * shared[clusters] + 0.2 * rng.uniform(0, 2, size=len(clusters)))
            pixels = np.broadcast_to(error[:, None, None, None], (len(clusters), 1, 2, 2)).astype(np.float32)
            pairs = Reconstructions(originals=pixels, reconstructions=np.zeros_like(pixels), clusters=clusters)
            found = reconstruction.reconstruction_mse(pairs, options=NoOptions(), rng=rng)
            yield trial(found.value, found.interval, 0.01)

    return trials


def share_generated(share: float, n: int) -> Callable[[int], Iterator[Trial]]:
    """A row of n images, each of the first level with this probability."""

    def trials(seeds: int) -> Iterator[Trial]:
        for seed in range(seeds):
            count = int(generator(seed, "coverage-shares").binomial(n, share))
            outcome = representation(
                (_table(count, n),), options=RepresentationOptions(), rng=generator(seed, "unused")
            )
            found = next(value.estimate for value in outcome.values if value.name == "share_generated")
            yield trial(found.value, found.interval, share)

    return trials


def _table(count: int, n: int) -> AttributeCounts:
    right = np.diag([n, n])
    one = AttributeReading(
        attribute="t", levels=("all",), annotator="a", method="a rule", confusion=right[:1, :1], measured_on="all"
    )
    two = replace(one, attribute="a", levels=("yes", "no"), confusion=right)
    row = np.array([[count, n - count]])
    return AttributeCounts(t=one, a=two, generated=row, training=row, confident=np.array([n]), confidence=0.9)


def debiased_trial(found: Estimate, truth: float) -> Trial:
    """A trial of the debiased value in an estimate's details."""
    low, high = found.details["debiased_low"], found.details["debiased_high"]
    interval = Interval(low=low, high=high, level=0.95, method="")
    return trial(found.details["debiased"], interval, truth)


def trial(value: float, interval: Interval | None, truth: float) -> Trial:
    """A trial; a metric without an interval here would be a defect of this script."""
    assert interval is not None
    return Trial(value=value, interval=interval, truth=truth)


GIVEN = "generated samples of this size against this reference set"
OVER_BOTH = "samples of these sizes on both sides"
CASES = (
    Case(metric="kid", data="n = m = 300, d = 8, shift .5", about="the populations", trials=kid(0.5, 300, 8)),
    Case(metric="kid", data="n = m = 300, d = 8, equal", about="the populations", trials=kid(0.0, 300, 8)),
    Case(metric="kid", data="n = m = 300, d = 8, shift .1", about="the populations", trials=kid(0.1, 300, 8)),
    Case(metric="kid", data="n = m = 40, d = 8, shift .5", about="the populations", trials=kid(0.5, 40, 8)),
    Case(metric="kid", data="n = m = 200, d = 2, equal", about="the populations", trials=kid(0.0, 200, 2)),
    Case(metric="kid", data="n = m = 200, d = 2, shift .1", about="the populations", trials=kid(0.1, 200, 2)),
    Case(metric="kid", data="n = m = 100, d = 64, equal", about="the populations", trials=kid(0.0, 100, 64)),
    Case(metric="kid", data="n = m = 100, d = 64, shift .1", about="the populations", trials=kid(0.1, 100, 64)),
    Case(
        metric="inception_score",
        data="n = 1,000, 10 splits",
        about="samples of one split's size, 100",
        trials=inception_score(1_000, 10, infinite=False),
    ),
    Case(
        metric="inception_score",
        data="n = 1,000, 1 split",
        about="samples of this size",
        trials=inception_score(1_000, 1, infinite=False),
    ),
    Case(
        metric="inception_score",
        data="n = 1,000, 1 split",
        about="infinitely many items (not claimed)",
        trials=inception_score(1_000, 1, infinite=True),
    ),
    *(
        Case(
            metric=metric,
            data=f"n = m = 300, d = 4, {what}",
            about=GIVEN if given else f"{OVER_BOTH} (not claimed)",
            trials=in_balls(metric, world, 300, 4, given=given),
            costly=4,
        )
        for metric in ("precision", "recall", "density", "coverage")
        for world, what, given in (
            ("shifted", "shift .5", True),
            ("narrow", "scale .7", True),
            ("equal", "equal", True),
            ("shifted", "shift .5", False),
        )
    ),
    *(
        Case(
            metric=metric,
            data="n = m = 200, d = 2,048, equal",
            about=GIVEN,
            trials=in_balls(metric, "equal", 200, 2048, given=True),
            costly=10,
        )
        for metric in ("precision", "recall", "density", "coverage")
    ),
    Case(metric="mode_share", data="share .3, n = 500", about="the generator's share", trials=mode_share(0.3, 500)),
    Case(metric="mode_share", data="share .02, n = 500", about="the generator's share", trials=mode_share(0.02, 500)),
    *(
        Case(
            metric=f"mode_kl ({'debiased' if debiased else 'plug-in'})",
            data=f"{k} classes, n = m = {n:,}, {what}",
            about="the populations" if debiased else OVER_BOTH,
            trials=mode_kl(tilt, k, n, debiased=debiased),
        )
        for k, n in ((10, 1_000), (100, 2_000))
        for debiased in (False, True)
        for tilt, what in ((0.75, "apart"), (0.0, "equal"))
    ),
    *(
        Case(
            metric=name, data=f"n = m = 320, d = 16, {what}", about=about, trials=fid(shift, 320, 16, debiased=debiased)
        )
        for name, about, debiased in (
            ("fid (plug-in)", OVER_BOTH, False),
            ("fid (debiased)", "the populations", True),
        )
        for shift, what in ((0.3, "shift .3"), (0.0, "equal"))
    ),
    Case(
        metric="reconstruction_mse",
        data="60 sources x 5, even errors",
        about="new source items",
        trials=reconstruction_mse(60, 5, skewed=False),
    ),
    Case(
        metric="reconstruction_mse",
        data="60 sources x 5, skewed errors",
        about="new source items",
        trials=reconstruction_mse(60, 5, skewed=True),
    ),
    Case(
        metric="share_generated",
        data="share .1, n = 200",
        about="the generator's share",
        trials=share_generated(0.1, 200),
    ),
    Case(
        metric="share_generated",
        data="share .5, n = 40",
        about="the generator's share",
        trials=share_generated(0.5, 40),
    ),
)


def of_further(further: Callable[[int], Iterator[tuple[float, Interval, float]]]) -> Callable[[int], Iterator[Trial]]:
    """Trials of a case of the other file."""
    return lambda seeds: (trial(*each) for each in further(seeds))


CASES += tuple(
    Case(metric=case.metric, data=case.data, about=case.about, trials=of_further(case.trials), costly=case.costly)
    for case in (*FURTHER, *FEW, *CODES, *LATENTS)
)


def row(case: Case, seeds: int) -> list[str]:
    """Coverage with its standard error, where the truth lies if missed, and width over that of an ideal interval."""
    found = list(case.trials(max(seeds // case.costly, 2)))
    below = np.mean([t.truth < t.interval.low for t in found])
    above = np.mean([t.truth > t.interval.high for t in found])
    share = 1 - below - above
    deviations = np.array([t.value - t.truth for t in found])
    width = np.mean([t.interval.width for t in found]) / (2 * special.ndtri(0.975) * deviations.std(ddof=1))
    return [
        case.metric,
        case.data,
        case.about,
        f"{len(found):,}",
        f"{100 * share:.1f} ± {100 * math.sqrt(share * (1 - share) / len(found)):.1f}",
        f"{100 * below:.1f} / {100 * above:.1f}",
        f"{width:.2f}",
    ]


HEADER = [
    "metric",
    "data",
    "the interval is about",
    "seeds",
    "contains it, %",
    "truth below / above, %",
    "width / ideal",
]


def main() -> None:
    """Print the table, and write it below its mark in a document if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2000)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    begun = time.process_time()
    lines = ["| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)]
    print(*lines, sep="\n")
    for case in CASES:
        if arguments.only in case.metric:
            began = time.process_time()
            lines.append("| " + " | ".join(row(case, arguments.seeds)) + " |")
            print(lines[-1], f"{time.process_time() - began:.1f} CPU s", flush=True)
    if arguments.write:
        head = arguments.write.read_text(encoding="utf-8").partition(MARK)[0]
        said = f"± is the standard error of the simulation; made in {time.process_time() - begun:.0f} CPU seconds."
        arguments.write.write_text("\n".join([head + MARK, "", said, "", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
