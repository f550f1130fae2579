"""How often the regression gate cries wolf, and what it sees: pairs of runs of the embedded VAE.

usage: OMP_NUM_THREADS=1 python benchmarks/gate_calibration.py [--pairs 500] [--power 25] [--pool 20000]
       [--write docs/gate-calibration.md] [--errors 100]

A pool of latents is decoded and read once by each model; a run takes rows of it, and is measured by the metrics as a
run measures it. Two runs of other rows are independent; two runs of the same rows are paired. The gate is asked through
``genaudit.gate``, with every metric gated at once.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch  # noqa: TID253 - it decodes the pool

from genaudit.gate.baseline import Baseline, updated
from genaudit.gate.feature_file import KeptItems
from genaudit.gate.keeping import kept_of_distance, kept_of_estimate
from genaudit.gate.measured import measured
from genaudit.gate.pairing import paired_errors
from genaudit.gate.settings import GateSettings, gate_settings
from genaudit.gate.verdicts import gate
from genaudit.metrics import discrepancy, distances, extrapolation, inception, modes, neighbourhoods, sliced, vendi
from genaudit.plugin.loading import load_object, load_target
from genaudit.plugin.manager import load_plugins
from genaudit.plugin.options import NoOptions
from genaudit.probes.contract import quantised
from genaudit.stats.correction import corrected_shares
from genaudit.stats.frechet import frechet_distance
from genaudit.stats.moments import moments
from genaudit.stats.neighbours import neighbours
from genaudit.stats.seeds import generator, standard_normal_rows
from genaudit.values.findings import Verdict
from genaudit.values.gate import GateReport, name_of
from genaudit.values.observations import ClassPair, FeaturePair, Neighbours
from genaudit.values.record import RunRecord
from genaudit.values.results import Direction, Estimate, EvaluationProtocol, MetricResult
from genaudit.values.run import ComponentInfo, Environment, MetricDescription, RunRequest

N = 1_000
"""Generated images of a run: the profile smoke."""
FRESH = 0.2
"""Share of rows from other latents in the paired comparison of equal models."""
MARK = "<!-- the table below is written by benchmarks/gate_calibration.py -->"
SHARE = "share_corrected [colour=orange]"
TOLERANCES = {
    "5 %": {"metrics": {SHARE: {"abs": 0.05, "reason": "calibration"}}},
    "0": {"default": {"rel": 0.0}, "metrics": {SHARE: {"abs": 0.0, "reason": "calibration"}}},
}
Rows = dict[str, np.ndarray[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is read once."""

    reference: Any
    labels: Rows
    clusters: np.ndarray[Any, Any]
    confusion: np.ndarray[Any, Any]
    pools: dict[str, Rows]
    """Model to what the extractor says of each latent's image."""


def read(extractor: Any, images: torch.Tensor) -> Rows:  # noqa: ANN401
    """What extractor and colour rule say of 8-bit images."""
    outputs = {name: rows.numpy() for name, rows in extractor.extract(images).items()}
    red, blue = (images[:, channel].sum(dim=(1, 2), dtype=torch.int64).numpy() for channel in (0, 2))
    digits = np.exp(outputs["logits"] - outputs["logits"].max(axis=1, keepdims=True))
    return {
        "features": outputs["features"],
        "low_level": outputs["low_level"],
        "digits": digits / digits.sum(axis=1, keepdims=True),
        "orange": red >= blue,
    }


def make_world(size: int, *, others: bool = True) -> World:
    """The reference, and what every model makes of the pool's latents; the shipped one alone without others."""
    catalog = load_plugins()
    spec = catalog.generator("vae")
    dataset = load_target(catalog.dataset("colored-digits"))(NoOptions())
    extractor = load_target(catalog.extractor("digits"))(NoOptions(), torch.device("cpu"))
    options = load_object(spec, spec.spec.options, "options")
    models = {"shipped": shipped(spec, options)}
    trained = (("1,500 of 3,000 steps", 1_500, 0), ("750 of 3,000 steps", 750, 0), ("other seed", 3_000, 1))
    for name, steps, seed in trained if others else ():
        models[name] = load_target(spec)(options(steps=steps), torch.device("cpu"))
        models[name].fit(dataset.split("train"), dataset.split("holdout"), budget=None, seed=seed, progress=Silence())
    pools: dict[str, Rows] = {}
    for name, model in models.items():
        z = standard_normal_rows(0, "latents", 0, size, model.latent_shape[0])
        with torch.no_grad():
            images = quantised(model.decode(torch.from_numpy(z).float()))
        pools[name] = read(extractor, images)
        if name == "shipped":
            noise = torch.from_numpy(generator(0, "noise").normal(scale=40, size=tuple(images.shape)))
            pools["noisy"] = read(extractor, (images + noise).clamp(0, 255).round().to(torch.uint8))
    split = dataset.split("evaluation")
    reference = read(extractor, torch.from_numpy(split.images))
    truth, seen = split.labels["colour"], 1 - reference["orange"].astype(int)
    confusion = np.array([[np.sum((truth == t) & (seen == s)) for s in (0, 1)] for t in (0, 1)])
    return World(reference=(reference, split.strata), labels=dict(split.labels), clusters=split.clusters,
                 confusion=confusion, pools=pools)  # fmt: skip


def shipped(spec: Any, options: Any) -> Any:  # noqa: ANN401
    """The VAE with the weights that come with it."""
    from safetensors.torch import load_file

    model = load_target(spec)(options(), torch.device("cpu"))
    model.load_state(load_file(load_object(spec, spec.spec.checkpoint, "checkpoint")(options())))
    return model


class Silence:
    """Nobody watches the training."""

    def step(self, step: int, total: int, loss: float) -> None:
        """Nothing."""

    def epoch(self, step: int, validation_loss: float) -> None:
        """Nothing."""


def record(world: World, rows: Rows, weights: str) -> tuple[RunRecord, KeptItems]:
    """The run of these rows, and the features that it keeps."""
    reference, strata = world.reference
    rng = generator(0, "metrics")
    pairs = {
        view: FeaturePair(generated=rows[output], reference=reference[output], reference_clusters=world.clusters,
                          reference_strata=strata)
        for view, output in (("", "features"), ("low-level", "low_level"))
    }  # fmt: skip
    n = len(rows["features"])
    real = np.sort(generator(0, "neighbour-reference").permutation(len(reference["features"]))[:n])
    hits = neighbours(
        reference["features"][real], rows["features"], [3, 5], rng=rng, real_clusters=world.clusters[real]
    )
    near = Neighbours(hits=hits.hits)
    classes = ClassPair(
        generated=rows["digits"], reference=reference["digits"], classes=tuple("0123456789"),
        reference_labels=world.labels["digit"], reference_clusters=world.clusters, reference_strata=strata,
    )  # fmt: skip
    asked: list[tuple[str, str, Direction, Any, Any, str]] = [
        ("fid", "", Direction.LOWER, distances.frechet_distance, pairs[""], "FrechetOptions"),
        ("fid", "low-level", Direction.LOWER, distances.frechet_distance, pairs["low-level"], "FrechetOptions"),
        ("kid", "", Direction.LOWER, distances.kernel_distance, pairs[""], "KernelOptions"),
        ("precision", "", Direction.HIGHER, neighbourhoods.precision, near, "PrecisionRecallOptions"),
        ("recall", "", Direction.HIGHER, neighbourhoods.recall, near, "PrecisionRecallOptions"),
        ("density", "", Direction.HIGHER, neighbourhoods.density, near, "DensityCoverageOptions"),
        ("coverage", "", Direction.HIGHER, neighbourhoods.coverage, near, "DensityCoverageOptions"),
        ("inception_score", "", Direction.HIGHER, inception.inception_score, classes, "InceptionScoreOptions"),
        ("mode_kl", "", Direction.LOWER, modes.mode_kl, classes, ""),
        ("cmmd", "", Direction.LOWER, discrepancy.cmmd, pairs[""], "GaussianDiscrepancyOptions"),
        ("mind", "", Direction.LOWER, sliced.mind, pairs[""], "SlicedOptions"),
        ("fid_infinity", "", Direction.LOWER, extrapolation.fid_infinity, pairs[""], "ExtrapolationOptions"),
        ("vendi", "", Direction.HIGHER, vendi.vendi, pairs[""], "VendiOptions"),
    ]
    results, arrays = [], {}
    for name, view, direction, function, observed, option in asked:
        options = (
            getattr(__import__("genaudit.metrics.options", fromlist=[option]), option)() if option else NoOptions()
        )
        estimate = function(observed, options=options, rng=generator(0, name, view))
        results.append(result(name, view, direction, estimate, options))
        arrays |= kept_of_estimate(name_of(name, view), estimate)
    for view, pair in pairs.items():
        arrays |= kept_of_distance(name_of("fid", view), pair, ddof=1)
    results.append(share(world, rows))
    return run_of(tuple(results), weights), KeptItems(items="the same", arrays=arrays)


def result(name: str, view: str, direction: Direction, estimate: Estimate, options: object) -> MetricResult:
    """A number with the protocol of its options."""
    fields = getattr(options, "__dataclass_fields__", {})
    protocol = EvaluationProtocol(samples=N, view=view, parameters={key: getattr(options, key) for key in fields})
    return MetricResult(
        metric=name, version="1", value=estimate.value, unit="", direction=direction, interval=estimate.interval,
        reason_without=estimate.reason_without, n_generated=estimate.n_generated, n_reference=estimate.n_reference,
        group=view or estimate.group, protocol=protocol, seconds=0.0,
    )  # fmt: skip


def share(world: World, rows: Rows) -> MetricResult:
    """The corrected share of orange images, which a project may gate by name and with a reason."""
    orange = int(rows["orange"].sum())
    found = corrected_shares([orange, len(rows["orange"]) - orange], world.confusion)
    estimate = Estimate(value=float(found.shares[0]), interval=found.interval(0), n_generated=N, group="colour=orange")
    return result("share_corrected", "", Direction.NONE, estimate, NoOptions())


def run_of(results: tuple[MetricResult, ...], weights: str) -> RunRecord:
    """A record that holds these numbers."""
    part = ComponentInfo(name="x", version="1", distribution="x")
    text = MetricDescription(
        name="", view="", title="", summary="", unit="", direction="", bounds=(None, None), formula="", meaning="",
        caveat="", source="", version="1",
    )  # fmt: skip
    names = {one.metric for one in results if one.metric != "share_corrected"}
    return RunRecord(
        run_id="x", created="2026-01-01", genaudit_version="", results=results,
        request=RunRequest(plugin="vae", dataset="x", extractor="x", profile="", samples=N, seed=0, metrics=()),
        environment=Environment(python="", platform="", device="cpu", threads=1, versions={}),
        generator=replace(part, digest=weights), dataset=part, extractor=part,
        metrics=tuple(replace(text, name=name) for name in sorted(names)),
    )  # fmt: skip


def taken(pool: Rows, rows: np.ndarray[Any, Any]) -> Rows:
    """Some rows of every array."""
    return {name: values[rows] for name, values in pool.items()}


Degraded = Callable[[World, np.ndarray[Any, Any], np.random.Generator], Rows]
"""Rows of latents to what the worse model makes of them."""


def of_model(name: str) -> Degraded:
    """Another model on the same latents."""
    return lambda world, rows, rng: taken(world.pools[name], rows)  # noqa: ARG005 - one signature


def mixed(world: World, worsening: float) -> Degraded:
    """A share of the images gets pixel noise, so large that the distance of the whole pool is so much worse."""
    clean, noisy = world.pools["shipped"], world.pools["noisy"]
    order = generator(0, "which are noisy").permutation(len(clean["features"]))
    target = moments(world.reference[0]["features"])
    before = frechet_distance(moments(clean["features"]), target)

    def distance(some: float) -> float:
        features = clean["features"].copy()
        chosen = order[: round(some * len(order))]
        features[chosen] = noisy["features"][chosen]
        return frechet_distance(moments(features), target)

    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if distance(middle) < before * (1 + worsening) else (low, middle)
    bad = np.zeros(len(order), dtype=bool)
    bad[order[: round(high * len(order))]] = True

    def degraded(_: World, rows: np.ndarray[Any, Any], rng: np.random.Generator) -> Rows:  # noqa: ARG001
        found = taken(clean, rows)
        swap = bad[rows]
        return {
            name: np.where(swap.reshape(-1, *[1] * (v.ndim - 1)), noisy[name][rows], v) for name, v in found.items()
        }

    return degraded


def without_class(digit: int) -> Degraded:
    """Images read as one digit are replaced by others."""

    def degraded(world: World, rows: np.ndarray[Any, Any], rng: np.random.Generator) -> Rows:
        pool = world.pools["shipped"]
        read_as = pool["digits"].argmax(axis=1)
        others = np.flatnonzero(read_as != digit)
        rows = rows.copy()
        gone = read_as[rows] == digit
        rows[gone] = rng.choice(others, gone.sum())
        return taken(pool, rows)

    return degraded


def skewed(odds: float) -> Degraded:
    """Orange images are so much more likely: blue ones are replaced by orange ones at random."""

    def degraded(world: World, rows: np.ndarray[Any, Any], rng: np.random.Generator) -> Rows:
        pool = world.pools["shipped"]
        before = pool["orange"].mean()
        after = odds * before / (odds * before + 1 - before)
        rows = rows.copy()
        moved = ~pool["orange"][rows] & (rng.random(len(rows)) < (after - before) / (1 - before))
        rows[moved] = rng.choice(np.flatnonzero(pool["orange"]), moved.sum())
        return taken(pool, rows)

    return degraded


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The reports of one case under one design, by tolerance."""

    case: str
    design: str
    reports: dict[str, list[GateReport]]


def judged(
    before: tuple[RunRecord, KeptItems], after: tuple[RunRecord, KeptItems], *, paired: bool
) -> dict[str, GateReport]:
    """The gate's report at every tolerance."""
    numbers = measured(after[0])
    found = {}
    for name, table in TOLERANCES.items():
        settings: GateSettings = gate_settings(table)
        baseline: Baseline = updated(None, [before[0]], "calibration", settings=settings)[0]
        errors = paired_errors(before[1], after[1], numbers, baseline.metrics) if paired else {}
        found[name] = gate(baseline, [after[0]], settings, paired=errors)
    return found


def equal_unpaired(world: World, pairs: int) -> Iterator[dict[str, GateReport]]:
    """Each of ``pairs / 2`` runs against the next two of a ring."""
    rng, pool = generator(0, "equal"), world.pools["shipped"]
    count = pairs // 2
    runs = [
        record(world, taken(pool, rng.choice(len(pool["features"]), N, replace=False)), f"{i}") for i in range(count)
    ]
    for step in (1, 2):
        for i in range(count):
            yield judged(runs[i], runs[(i + step) % count], paired=False)


def equal_paired(world: World, pairs: int, fresh: float = FRESH) -> Iterator[dict[str, GateReport]]:
    """The same model on rows of which some are of other latents: an equal model that answers differently."""
    rng, pool = generator(0, "equal, paired"), world.pools["shipped"]
    for _ in range(pairs):
        rows = rng.choice(len(pool["features"]), N + round(fresh * N), replace=False)
        other = rows[:N].copy()
        other[: round(fresh * N)] = rows[N:]
        before, after = (record(world, taken(pool, each), name) for each, name in ((rows[:N], "a"), (other, "b")))
        yield judged(before, after, paired=True)


def worse(world: World, degraded: Degraded, pairs: int, *, paired: bool) -> Iterator[dict[str, GateReport]]:
    """The shipped model against a worse one."""
    rng, pool = generator(0, "worse"), world.pools["shipped"]
    for _ in range(pairs):
        rows = rng.choice(len(pool["features"]), 2 * N, replace=False)
        before = record(world, taken(pool, rows[:N]), "a")
        after = record(world, degraded(world, rows[:N] if paired else rows[N:], rng), "b")
        yield judged(before, after, paired=paired)


def outcomes(world: World, pairs: int, power: int) -> Iterator[Outcome]:
    """Every case under every design."""
    yield collected("equal models", "independent", equal_unpaired(world, pairs))
    yield collected("equal models, 20 % of the latents differ", "paired", equal_paired(world, max(pairs // 3, 2)))
    cases: dict[str, Degraded] = {
        **{f"noise, fid {share:.0%} worse": mixed(world, share) for share in (0.05, 0.1, 0.25)},
        "digit 3 dropped": without_class(3),
        "odds of orange × 1.5": skewed(1.5),
        **{name: of_model(name) for name in ("1,500 of 3,000 steps", "750 of 3,000 steps", "other seed")},
    }
    for name, degraded in cases.items():
        for paired in (False, True):
            design = "paired" if paired else "independent"
            yield collected(name, design, worse(world, degraded, power, paired=paired))


def collected(case: str, design: str, found: Iterator[dict[str, GateReport]]) -> Outcome:
    """The reports of a case, by tolerance."""
    reports: dict[str, list[GateReport]] = {name: [] for name in TOLERANCES}
    for one in found:
        for name, report in one.items():
            reports[name].append(report)
    return Outcome(case=case, design=design, reports=reports)


HEADER = [
    "candidate", "design", "pairs", "gate fails at 5 %, %", "metrics open at 5 %, %", "fid: mean change, %",
    "fid fails / open at 5 %, %", "gate fails at 0, %", "which fail at 5 % (of the pairs, %)",
]  # fmt: skip


def row(outcome: Outcome) -> list[str]:
    """How often the gate and the Fréchet distance fail or stay open."""
    at, strict = outcome.reports["5 %"], outcome.reports["0"]
    count = len(at)
    changes = [change for report in at for change in report.changes]
    failed = Counter(change.name for change in changes if change.verdict is Verdict.FAIL)
    fid = [report.change("fid") for report in at]
    moved = np.mean([100 * one.worsening / one.baseline for one in fid if one and one.baseline])
    shares = [np.mean([one.verdict is wanted for one in fid if one]) for wanted in (Verdict.FAIL, Verdict.INCONCLUSIVE)]
    return [
        outcome.case,
        outcome.design,
        str(count),
        percent(np.mean([report.verdict is Verdict.FAIL for report in at]), count),
        f"{100 * np.mean([change.verdict is Verdict.INCONCLUSIVE for change in changes]):.0f}",
        f"{moved:+.0f}",
        " / ".join(f"{100 * share:.0f}" for share in shares),
        percent(np.mean([report.verdict is Verdict.FAIL for report in strict]), count),
        ", ".join(f"{name} {100 * times / count:.0f}" for name, times in failed.most_common(4)) or "–",
    ]


def percent(share: float, count: int) -> str:
    """A share in per cent with the standard error of the simulation."""
    return f"{100 * share:.1f} ± {100 * (share * (1 - share) / count) ** 0.5:.1f}"


def print_errors(world: World, pairs: int) -> None:
    """Of pairs of equal models that are compared item by item: is the error of each difference its spread?"""
    for fresh in (0.02, FRESH):
        reports = list(equal_paired(world, pairs, fresh))
        failed = {name: sum(one[name].verdict is Verdict.FAIL for one in reports) for name in TOLERANCES}
        print(f"{100 * fresh:.0f} % of the latents differ, {pairs} pairs; gates that fail, by tolerance: {failed}")
        for name in [change.name for change in reports[0]["0"].changes if change.paired]:
            changes = [change for one in reports if (change := one["0"].change(*named(name))) and change.interval]
            worsening = np.array([change.worsening for change in changes])
            errors = np.array([change.interval.standard_error for change in changes if change.interval])
            beyond = float(np.mean(worsening > 2.33 * errors))
            print(
                f"  {name}: mean error / spread {errors.mean() / worsening.std(ddof=1):.2f}, beyond 2.33: {beyond:.2f}"
            )


def named(name: str) -> tuple[str, str]:
    """Metric and view of a name such as ``fid [low-level]``."""
    metric, _, view = name.partition(" [")
    return metric, view.removesuffix("]")


def main() -> None:
    """Print the table, and write it below its mark in a document if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--power", type=int, default=25)
    parser.add_argument("--pool", type=int, default=20_000)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--errors", type=int, help="only check the errors of paired differences, over so many pairs")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.errors:
        print_errors(make_world(arguments.pool, others=False), arguments.errors)
        return
    world = make_world(arguments.pool)
    print(f"the pools are read: {time.process_time():.0f} CPU s", flush=True)
    lines = ["| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)]
    print(*lines, sep="\n")
    for outcome in outcomes(world, arguments.pairs, arguments.power):
        lines.append("| " + " | ".join(row(outcome)) + " |")
        print(lines[-1], f"{time.process_time():.0f} CPU s", flush=True)
    if arguments.write:
        head = arguments.write.read_text(encoding="utf-8").partition(MARK)[0]
        said = f"n = {N:,} a run, pool of {arguments.pool:,} latents; {time.process_time():.0f} CPU seconds in all."
        arguments.write.write_text("\n".join([head + MARK, "", said, "", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
