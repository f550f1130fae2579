"""Further cases of ``interval_coverage.py``: newer metrics, references with a design, features of 2,048 dimensions."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from genaudit.metrics import (
    averages,
    birthday,
    discrepancy,
    distances,
    extrapolation,
    intra_class,
    memorisation,
    sliced,
    vendi,
)
from genaudit.metrics.options import (
    BirthdayOptions,
    DataCopyingOptions,
    ExtrapolationOptions,
    FrechetOptions,
    GaussianDiscrepancyOptions,
    IntraClassOptions,
    KernelOptions,
    MemorisationDistanceOptions,
    SlicedOptions,
    VendiOptions,
)
from genaudit.plugin.options import NoOptions
from genaudit.probes.training import nearest_training
from genaudit.stats.frechet import frechet_distance
from genaudit.stats.intervals import t_interval
from genaudit.stats.moments import Moments, moments
from genaudit.stats.seeds import generator
from genaudit.values.observations import ClassPair, FeaturePair, SplitFeatures
from genaudit.values.results import Estimate, Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ONE_SIDE = "infinitely many generated items, references of this size"
UNCLAIMED = "the populations (not claimed)"
POPULATIONS, SAMPLES = "the populations", "samples of these sizes on both sides"


class FurtherCase(NamedTuple):
    """As a ``Case``, its trials as ``(value, interval, truth)``."""

    metric: str
    data: str
    about: str
    trials: Callable[[int], Iterator[tuple[float, Interval, float]]]
    costly: int


@cache
def asked(seed: int) -> dict[str, Estimate]:
    """Ten metrics of fresh N(.3, I) against N(0, I), 200 items of 4 dimensions, all against one training set."""
    rng = generator(seed, "coverage-further")
    x, y, fresh = (rng.standard_normal((200, 4)) + shift for shift in (0.3, 0.0, 0.0))
    pair = FeaturePair(generated=x, reference=y)
    training = SplitFeatures(features=generator(0, "coverage-training").standard_normal((300, 4)))
    held_out = SplitFeatures(features=fresh)
    read = SimpleNamespace(outputs={"features": x}, first_images=x[:0])
    nearest = nearest_training(SimpleNamespace(generator=None), training, held_out, read).value  # type: ignore[arg-type]
    halves = [np.eye(2)[(rows[:, 0] > 0).astype(int)] for rows in (x, y)]
    classes = ClassPair(generated=halves[0], reference=halves[1], classes=("low", "high"))
    gaussian = GaussianDiscrepancyOptions(sigma=1.0, normalise=False)
    rng = generator(seed, "coverage-further-metric")
    copies = memorisation.memorization_ct(
        nearest, training, held_out, pair, options=DataCopyingOptions(cells=3), rng=rng
    )
    mifid = memorisation.mifid(pair, training, held_out, options=MemorisationDistanceOptions(), rng=rng)
    within = intra_class.intra_class_fid(pair, classes, options=IntraClassOptions(), rng=rng)
    return {
        "fid_infinity": extrapolation.fid_infinity(pair, options=ExtrapolationOptions(points=8), rng=rng),
        "cmmd": discrepancy.cmmd(pair, options=gaussian, rng=rng),
        "mind": sliced.mind(pair, options=SlicedOptions(projections=50), rng=rng),
        "vendi": vendi.vendi(pair, options=VendiOptions(), rng=rng),
        "birthday_support": birthday.birthday_support(pair, options=BirthdayOptions(threshold=0.8), rng=rng),
        "intra_class_fid": within[0],
        "mifid": mifid,
        "authenticity": memorisation.authenticity(nearest, options=NoOptions(), rng=rng),
        "memorization_ct": copies,
        "nearest_neighbour_distance": memorisation.nearest_neighbour_distance(nearest, options=NoOptions(), rng=rng),
    }


def further(metric: str) -> Callable[[int], Iterator[tuple[float, Interval, float]]]:
    """About the mean over other samples of these sizes; a support is one over a share, which is what is unbiased."""

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        fresh = np.array([asked(10**6 + seed)[metric].value for seed in range(seeds)])
        truth = 1 / np.mean(1 / fresh) if metric == "birthday_support" else fresh.mean()
        for seed in range(seeds):
            found = asked(seed)[metric]
            assert found.interval is not None
            yield found.value, found.interval, float(truth)

    return trials


@cache
def at_infinity(seed: int, shift: float) -> Estimate:
    """``fid_infinity`` of 320 items a side."""
    rng = generator(seed, "coverage-limit")
    pair = FeaturePair(generated=rng.normal(size=(320, 16)) + shift, reference=rng.normal(size=(320, 16)))
    return extrapolation.fid_infinity(pair, options=ExtrapolationOptions(), rng=rng)


def limit(shift: float, *, populations: bool) -> Callable[[int], Iterator[tuple[float, Interval, float]]]:
    """About the distance of the populations, or that of infinitely many generated items to references of this size."""

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        generated = Moments(count=320, mean=np.full(16, shift), covariance=np.eye(16))
        references = (generator(seed, "coverage-references").normal(size=(320, 16)) for seed in range(4 * seeds))
        truth = 16 * shift**2
        if not populations:
            truth = float(np.mean([frechet_distance(generated, moments(reference)) for reference in references]))
        for seed in range(seeds):
            found = at_infinity(seed, shift)
            assert found.interval is not None
            yield found.value, found.interval, truth

    return trials


def designed(seed: int, shift: float, *, strata: bool) -> tuple[FeaturePair, np.random.Generator]:
    """A reference of 64 sources with five renders each, or of two classes of exactly equal shares; d = 8."""
    rng = generator(seed, "coverage-design")
    if strata:
        labels, drawn = np.repeat([0, 1], 160), rng.integers(2, size=320)
        apart = 2.0 * np.eye(8)[0]
        return FeaturePair(
            generated=rng.normal(size=(320, 8)) + drawn[:, None] * apart + shift,
            reference=rng.normal(size=(320, 8)) + labels[:, None] * apart,
            reference_strata=labels,
        ), rng
    sources = np.repeat(np.arange(64), 5)
    shared = rng.normal(size=(64, 8))[sources]
    return FeaturePair(
        generated=rng.normal(size=(320, 8)) + shift,
        reference=np.sqrt(0.8) * shared + np.sqrt(0.2) * rng.normal(size=(320, 8)),
        reference_clusters=sources,
    ), rng


def with_design(shift: float, *, strata: bool) -> Callable[[int], Iterator[tuple[float, Interval, float]]]:
    """The debiased Fréchet distance about that of the populations."""

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        for seed in range(seeds):
            pair, rng = designed(seed, shift, strata=strata)
            found = distances.frechet_distance(pair, options=FrechetOptions(), rng=rng)
            low, high = found.details["debiased_low"], found.details["debiased_high"]
            yield found.details["debiased"], Interval(low=low, high=high, level=0.95, method=""), 8 * shift**2

    return trials


def kid_of_sources(shift: float) -> Callable[[int], Iterator[tuple[float, Interval, float]]]:
    """The kernel distance to a reference of renders: about the mean over sets drawn likewise."""

    def once(seed: int) -> Estimate:
        pair, rng = designed(seed, shift, strata=False)
        return distances.kernel_distance(pair, options=KernelOptions(), rng=rng)

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        truth = float(np.mean([once(10**6 + seed).value for seed in range(2 * seeds)]))
        for seed in range(seeds):
            found = once(seed)
            assert found.interval is not None
            yield found.value, found.interval, truth

    return trials


def kid_wide(shift: float) -> Callable[[int], Iterator[tuple[float, Interval, float]]]:
    """2,048 dimensions whose variances fall as 1 / k, 400 items a side: unbiased, so about the mean over samples."""
    deviations = np.arange(1, 2049) ** -0.5

    def once(seed: int) -> Estimate:
        rng = generator(seed, "coverage-wide")
        x, y = (rng.normal(size=(400, 2048)) * deviations for _ in range(2))
        x[:, :8] += shift
        pair = FeaturePair(generated=8 * x, reference=8 * y)
        return distances.kernel_distance(pair, options=KernelOptions(), rng=rng)

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        truth = float(np.mean([once(10**6 + seed).value for seed in range(2 * seeds)]))
        for seed in range(seeds):
            found = once(seed)
            assert found.interval is not None
            yield found.value, found.interval, truth

    return trials


@cache
def fid_once(seed: int, n: int, d: int, shift: float) -> Estimate:
    """Variances fall as 1 / k, as those of features of a network do; the first eight means are shifted."""
    rng, deviations = generator(seed, "coverage-spectrum", n, d), np.arange(1, d + 1) ** -0.5
    x, y = (rng.normal(size=(n, d)) * deviations for _ in range(2))
    x[:, :8] += shift
    return distances.frechet_distance(FeaturePair(generated=x, reference=y), options=FrechetOptions(), rng=rng)


def fid_wide(
    n: int, d: int, shift: float, *, debiased: bool
) -> Callable[[int], Iterator[tuple[float, Interval, float]]]:
    """The debiased value about the populations' distance, or the plug-in value about the mean of the other seeds'."""

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        found = [fid_once(seed, n, d, shift) for seed in range(seeds)]
        for each in found:
            if debiased:
                low, high = each.details["debiased_low"], each.details["debiased_high"]
                interval = Interval(low=low, high=high, level=0.95, method="")
                yield each.details["debiased"], interval, 8 * shift**2
            else:
                assert each.interval is not None
                others = (sum(one.value for one in found) - each.value) / (len(found) - 1)
                yield each.value, each.interval, others

    return trials


def too_few(n: int, d: int, shift: float) -> Callable[[int], Iterator[tuple[float, Interval, float]]]:
    """Fewer items than dimensions: the jackknife's value, which is not called debiased there and has no interval."""

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        for seed in range(seeds):
            found = fid_once(seed, n, d, shift)
            value, error = found.details["partly_debiased"], found.details["standard_error"]
            yield value, t_interval(value, error, 9, how="ten blocks"), 8 * shift**2

    return trials


def near_the_end(sources: int) -> Callable[[int], Iterator[tuple[float, Interval, float]]]:
    """Five yeses and noes of each source, .96 yes; without sources 100 skewed values of mean .02."""
    clusters = np.repeat(np.arange(sources), 5) if sources else None

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        for seed in range(seeds):
            rng = generator(seed, "coverage-bounded")
            if clusters is None:
                values, truth = rng.beta(0.2, 9.8, 100), 0.02
            else:
                values, truth = (rng.random(len(clusters)) < rng.beta(4.8, 0.2, sources)[clusters]).astype(float), 0.96
            found = averages.averaged(values, clusters, bounds=(0.0, 1.0))
            assert found.interval is not None
            yield found.value, found.interval, truth

    return trials


NEWER = ("cmmd", "mind", "vendi", "birthday_support", "intra_class_fid", "mifid", "authenticity", "memorization_ct")
FURTHER = (
    *(
        FurtherCase("fid_infinity", f"n = m = 320, d = 16, {what}", about, limit(shift, populations=populations), 4)
        for shift, what in ((0.3, "shift .3"), (0.0, "equal"))
        for about, populations in ((ONE_SIDE, False), (UNCLAIMED, True))
    ),
    *(
        FurtherCase(metric, "n = m = 200, d = 4, shift .3", SAMPLES, further(metric), 2)
        for metric in (*NEWER, "nearest_neighbour_distance")
    ),
    FurtherCase(
        "fid (debiased)", "64 sources x 5 against 320, d = 8, shift .5", POPULATIONS, with_design(0.5, strata=False), 1
    ),
    FurtherCase(
        "fid (debiased)", "shares of 2 classes fixed, n = m = 320, shift .5", POPULATIONS,
        with_design(0.5, strata=True), 1,
    ),
    FurtherCase(
        "fid (debiased)", "shares of 2 classes fixed, n = m = 320, equal", POPULATIONS,
        with_design(0.0, strata=True), 1,
    ),
    *(
        FurtherCase(
            f"fid ({name})",
            f"n = m = {n:,}, d = {d:,}, {what}",
            about,
            fid_wide(n, d, shift, debiased=debiased),
            costly,
        )
        for n, d, costly in ((1_280, 256, 10), (2_560, 512, 10))
        for shift, what in ((0.2, "shift .2 in 8"), (0.0, "equal"))
        for name, about, debiased in (("debiased", POPULATIONS, True), ("plug-in", SAMPLES, False))
    ),
    FurtherCase("fid (partly debiased)", "n = m = 128, d = 256, shift .2 in 8", UNCLAIMED, too_few(128, 256, 0.2), 10),
    FurtherCase("mean within [0, 1]", "60 sources x 5 yes or no, .96", "new source items", near_the_end(60), 1),
    FurtherCase("mean within [0, 1]", "100 of Beta(.2, 9.8), .02", "new items", near_the_end(0), 1),
    FurtherCase("kid", "64 sources x 5 against 320, d = 8, shift .5", SAMPLES, kid_of_sources(0.5), 1),
    FurtherCase("kid", "n = m = 400, d = 2,048, shift .5 in 8", POPULATIONS, kid_wide(0.5), 8),
)  # fmt: skip
