"""How often the gate is wrong about metrics of codes, of chains and of moved latents: pairs of runs of a VAE.

usage: OMP_NUM_THREADS=1 python benchmarks/gate_codes.py [--runs 100] [--paired 60] [--write docs/gate-calibration.md]

Every number has a pool: encodings of labelled images, chains of some of them, or latents with what is decoded from
them. A run takes rows of the pools and asks the metrics as a run asks them; the gate is asked through ``genaudit.gate``
with all of these numbers at once. Independent runs have other rows and another seed; paired ones have the same seed and
rows of which a fifth are others, so that equal models answer differently.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch  # noqa: TID253 - of the pools
from gate_calibration import FRESH, Rows, percent, run_of
from gate_code_worlds import CHAINED, LATENTS, RENDERS, Floats, Pool, World, make_world

from genaudit.gate.baseline import updated
from genaudit.gate.feature_file import KeptItems
from genaudit.gate.keeping import kept_of_estimate
from genaudit.gate.measured import measured
from genaudit.gate.pairing import paired_errors
from genaudit.gate.settings import gate_settings
from genaudit.gate.verdicts import gate
from genaudit.metrics import aggregate_posterior as together
from genaudit.metrics import annealing, factors
from genaudit.metrics.directions import attribute_direction_accuracy
from genaudit.metrics.interpolation import interpolation_realism
from genaudit.metrics.latent_options import (
    AggregateOptions,
    AnnealingOptions,
    DirectionOptions,
    FactorOptions,
    MidpointOptions,
    RefinementOptions,
)
from genaudit.plugin.options import NoOptions
from genaudit.probes.aggregate import aggregate_posterior
from genaudit.probes.factors import factor_classifiers
from genaudit.stats.seeds import generator
from genaudit.stats.softmax_regression import fit_softmax_regression
from genaudit.values.findings import Verdict
from genaudit.values.gate import GateReport, name_of
from genaudit.values.latents import AttributeMoves, KnownFactor, LabelledCodes, MovedAttribute
from genaudit.values.observations import AnnealedWeights, LogWeights, PathMidpoints, Posteriors, RefinedPosteriors
from genaudit.values.record import RunRecord
from genaudit.values.results import Direction, Estimate, EvaluationProtocol, MetricResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Run = tuple[RunRecord, KeptItems]
SOURCES, IMAGES, FITTED, MOVED, PATHS = 400, 32, 500, 500, 500
"""Of a run: sources of held-out images with five renders each, images with chains, latents to find directions from and
to move, and paths."""
STEP = 3.0
MARK = "<!-- the tables below are written by benchmarks/gate_codes.py -->"
END = "<!-- end of these tables -->"
NAMED = ("total_correlation", "attribute_direction_accuracy [digit]", "attribute_direction_accuracy [colour]")
"""What gates only if it is named."""
TOLERANCES: dict[str, dict[str, Any]] = {
    said: {"default": {"rel": rel}, "metrics": {name: {"rel": rel} for name in NAMED}}
    for said, rel in (("5 %", 0.05), ("0", 0.0))
}
HIGHER, LOWER, NEITHER = Direction.HIGHER, Direction.LOWER, Direction.NONE
DIRECTIONS = {
    "aggregate_posterior_gap": LOWER,
    "total_correlation": NEITHER,
    "approximation_gap": LOWER,
    "amortization_gap": LOWER,
    "interpolation_realism": LOWER,
}
"""Of the others higher is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which rows of the pools a run takes, and its seed."""

    sources: Floats
    images: Floats
    latents: Floats
    seed: int


def record(world: World, pool: Pool, chosen: Chosen, weights: str) -> Run:
    """The run of these rows, and what it keeps of them."""
    estimates = [
        *((name, found, 0) for name, found in of_codes(world, pool, chosen)),
        *((name, found, 0) for name, found in of_chains(pool, chosen)),
        *((name, found, FITTED + MOVED) for name, found in of_latents(world, pool, chosen)),
    ]
    results, arrays = [], {}
    for name, found, samples in estimates:
        results.append(
            MetricResult(
                metric=name, version="1", value=found.value, unit="", direction=DIRECTIONS.get(name, HIGHER),
                interval=found.interval, reason_without=found.reason_without, n_generated=found.n_generated,
                n_reference=found.n_reference, group=found.group, seconds=0.0,
                protocol=EvaluationProtocol(samples=samples, view="", parameters={}),
            )
        )  # fmt: skip
        arrays |= kept_of_estimate(name_of(name, found.group), found)
    return run_of(tuple(results), weights), KeptItems(items=str(chosen.seed), arrays=arrays)


def of_codes(world: World, pool: Pool, chosen: Chosen) -> Iterator[tuple[str, Estimate]]:
    """Numbers of the codes of held-out images, five a source."""
    rows = (chosen.sources[:, None] * RENDERS + np.arange(RENDERS)).ravel()
    clusters = np.arange(len(chosen.sources)).repeat(RENDERS)
    means, logs = pool.means[rows], pool.log_variances[rows]
    noise = generator(chosen.seed, "gate-draws").standard_normal(means.shape)
    context = SimpleNamespace(seed=chosen.seed, demands={}, demanded=lambda *_, default: [default])
    codes = Posteriors(
        means=means, log_variances=logs, draws=(means + noise * np.exp(logs / 2))[None], clusters=clusters
    )
    labels = {name: values[rows] for name, values in world.labels.items()}
    known = tuple(KnownFactor(name=name, levels=world.levels[name], labels=labels[name]) for name in labels)
    labelled = LabelledCodes(means=means, log_variances=logs, factors=known, clusters=clusters)
    density = aggregate_posterior(context, codes).value
    classifiers = factor_classifiers(context, labelled).value
    rng = generator(0, "unused")
    yield "aggregate_posterior_gap", together.aggregate_posterior_gap(density, options=AggregateOptions(), rng=rng)
    yield "total_correlation", together.total_correlation(density, options=AggregateOptions(), rng=rng)
    yield "mig", factors.mig(labelled, options=NoOptions(), rng=rng)
    for metric in (factors.dci_disentanglement, factors.dci_completeness, factors.dci_informativeness):
        yield metric.__name__, metric(classifiers, options=FactorOptions(), rng=rng)
    probed = factors.linear_probe_accuracy(classifiers, options=FactorOptions(), rng=rng)
    yield from (("linear_probe_accuracy", one) for one in probed if isinstance(one, Estimate))


def of_chains(pool: Pool, chosen: Chosen) -> Iterator[tuple[str, Estimate]]:
    """The log-likelihood and both gaps."""

    def weighed(table: Floats) -> LogWeights:
        return LogWeights(
            log_weights=table[chosen.images], likelihood="continuous-bernoulli", data_space="continuous_dequantised",
            dimensions=768,
        )  # fmt: skip

    options, rng = AnnealingOptions(), generator(0, "unused")
    chains = AnnealedWeights(
        chains={options.temperatures: weighed(pool.chains)},
        accepted={options.temperatures: np.ones((len(chosen.images), options.chains))},
    )
    nothing = np.zeros((len(chosen.images), 1))
    both = RefinedPosteriors(
        amortised=weighed(pool.bounds[0]), refined=weighed(pool.bounds[1]), means=nothing, log_variances=nothing
    )
    yield "log_likelihood", annealing.log_likelihood(chains, both, options=options, rng=rng)
    yield "approximation_gap", annealing.approximation_gap(chains, both, options=options, rng=rng)
    yield "amortization_gap", annealing.amortization_gap(both, options=RefinementOptions(), rng=rng)


def of_latents(world: World, pool: Pool, chosen: Chosen) -> Iterator[tuple[str, Estimate]]:
    """The distances of middles of paths, and the shares that reach another digit or colour by a step."""
    split = chosen.latents[:PATHS]
    between = PathMidpoints(
        midpoints={name: features[split] for name, features in pool.between.items()},
        ends=pool.rows["features"][split],
        reference=world.reference["features"],
        reference_clusters=world.clusters,
    )
    rng = generator(chosen.seed, "gate-paths")
    for one in interpolation_realism(between, options=MidpointOptions(), rng=rng):
        yield "interpolation_realism", one
    moved = tuple(moves(world, pool, chosen, name, count) for name, count in (("digit", 10), ("colour", 2)))
    found = AttributeMoves(moved=moved, left_out={})
    for one in attribute_direction_accuracy(found, options=DirectionOptions(), rng=rng):
        if isinstance(one, Estimate):
            yield "attribute_direction_accuracy", one


def moves(world: World, pool: Pool, chosen: Chosen, name: str, count: int) -> MovedAttribute:
    """Directions from the first latents of a run, and what steps along them do to the others."""
    known, rest = chosen.latents[:FITTED], chosen.latents[FITTED:]
    found = fit_softmax_regression(world.z[known], level(pool.rows, name)[known], count)
    before = level(pool.rows, name)[rest]
    target = (before + generator(chosen.seed, "gate-targets", name).integers(1, count, size=len(rest))) % count
    normals = ((found.weights[:, target] - found.weights[:, before]) / found.scale[:, None]).T
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    after = level(pool.decode(world.z[rest] + STEP * normals), name)
    return MovedAttribute(
        attribute=name, levels=tuple(map(str, range(count))), before=before, target=target, after=after,
        at_random=before, kept={}, kept_at_random={}, told_apart=1.0, fitted_to=FITTED,
    )  # fmt: skip


def level(rows: Rows, name: str) -> Floats:
    """Number of the level that is read."""
    return rows["digits"].argmax(axis=1) if name == "digit" else (~rows["orange"]).astype(np.int64)


def drawn(world: World, rng: np.random.Generator, seed: int, others: Chosen | None = None) -> Chosen:
    """Rows of every pool at random; those of another run, a fifth of them replaced by rows that it has not."""
    sizes = {"sources": (len(world.pools["shipped"].means) // RENDERS, SOURCES), "images": (CHAINED, IMAGES),
             "latents": (LATENTS, FITTED + MOVED)}  # fmt: skip
    found = {}
    for name, (many, count) in sizes.items():
        if others is None:
            found[name] = rng.choice(many, count, replace=False)
            continue
        found[name] = getattr(others, name).copy()
        fresh = rng.choice(np.setdiff1d(np.arange(many), found[name]), round(FRESH * count), replace=False)
        found[name][rng.permutation(count)[: len(fresh)]] = fresh
    return Chosen(**found, seed=seed)


def flawed(pool: Pool) -> dict[str, Pool]:
    """Worse encoders behind the same decoder, and a decoder that is worse half-way."""
    angle, turn = math.radians(-10), np.eye(8)
    for unit in range(0, 8, 2):
        turn[unit : unit + 2, unit : unit + 2] = [
            [math.cos(angle), -math.sin(angle)],
            [math.sin(angle), math.cos(angle)],
        ]
    rng = generator(0, "gate-flaws")
    noisy = pool.means + 0.5 * rng.standard_normal(pool.means.shape)
    lower = pool.bounds[0] - rng.exponential(10.0, size=(CHAINED, 1))
    worse = {name: rows.copy() for name, rows in pool.between.items()}
    for rows in worse.values():
        some = rng.permutation(LATENTS)[: LATENTS // 5]
        rows[some] = rows[some].mean(axis=0) + 0.5 * (rows[some] - rows[some].mean(axis=0))
    return {
        "codes noisier by 0.5, their bound 10 nats lower": replace(pool, means=noisy, bounds=(lower, pool.bounds[1])),
        "units turned by −10°": replace(pool, means=pool.means @ turn),
        "a fifth of the middles drawn half-way to their mean": replace(pool, between=worse),
    }


def judged(before: Run, after: Run, *, paired: bool) -> dict[str, GateReport]:
    """The gate's report at every tolerance."""
    found = {}
    for name, table in TOLERANCES.items():
        settings = gate_settings(table)
        baseline = updated(None, [before[0]], "calibration", settings=settings)[0]
        errors = paired_errors(before[1], after[1], measured(after[0]), baseline.metrics) if paired else {}
        found[name] = gate(baseline, [after[0]], settings, paired=errors)
    return found


Reports = list[dict[str, GateReport]]


def equal(world: World, runs: int, pairs: int) -> tuple[Reports, Reports]:
    """Of the shipped model: each run against the next two of a ring, and pairs of which a fifth of the rows differ."""
    rng, pool = generator(0, "equal"), world.pools["shipped"]
    ring = [record(world, pool, drawn(world, rng, seed), f"{seed}") for seed in range(runs)]
    apart = [judged(ring[i], ring[(i + step) % runs], paired=False) for step in (1, 2) for i in range(runs)]
    together_ = []
    for seed in range(pairs):
        rows = drawn(world, rng, seed)
        both = (record(world, pool, rows, "a"), record(world, pool, drawn(world, rng, seed, rows), "b"))
        together_.append(judged(*both, paired=True))
    return apart, together_


def worse(world: World, pool: Pool, pairs: int, *, paired: bool) -> Reports:
    """The shipped model against a worse one, on the same rows if paired."""
    rng, reports = generator(0, "worse"), []
    for seed in range(pairs):
        rows = drawn(world, rng, seed)
        before = record(world, world.pools["shipped"], rows, "a")
        after = record(world, pool, rows if paired else drawn(world, rng, pairs + seed), "b")
        reports.append(judged(before, after, paired=paired))
    return reports


HEADER = [
    "candidate", "design", "pairs", "gate fails at 5 %, %", "gate fails at 0, %",
    "numbers that change by 1 % or more, on average", "which fail at 5 % (of the pairs, %)", "which fail at 0",
]  # fmt: skip
SHOWN = 6


def gate_row(case: str, design: str, reports: Reports) -> list[str]:
    """How often the gate fails, what changes, and what fails it."""
    count = len(reports)
    shares = [float(np.mean([one[name].verdict is Verdict.FAIL for one in reports])) for name in TOLERANCES]
    return [
        case, design, str(count), *(percent(share, count) for share in shares), changes_of(reports),
        *(failing(reports, name) for name in TOLERANCES),
    ]  # fmt: skip


def failing(reports: Reports, tolerance: str) -> str:
    """Which numbers fail most often."""
    failed = Counter(
        name_of(change.metric, change.group)
        for one in reports
        for change in one[tolerance].changes
        if change.verdict is Verdict.FAIL
    )
    return ", ".join(f"`{name}` {100 * times / len(reports):.0f}" for name, times in failed.most_common(SHOWN)) or "–"


def changes_of(reports: Reports) -> str:
    """The numbers that change most, in per cent of the baseline's values."""
    found = []
    for first in reports[0]["0"].changes:
        pairs = [one["0"].change(first.metric, first.group) for one in reports]
        before = float(np.mean([one.baseline for one in pairs]))
        moved = 100 * (float(np.mean([one.value for one in pairs])) - before) / abs(before)
        found.append((abs(moved), f"`{name_of(first.metric, first.group)}` {moved:+.0f} %"))
    return ", ".join(text for size, text in sorted(found, reverse=True)[:SHOWN] if size >= 1) or "–"


NUMBERS = ["number", "mean", "independent: error / spread", "beyond, %", "paired: error / spread", "beyond, %"]


def number_rows(designs: tuple[Reports, Reports]) -> Iterator[list[str]]:
    """Of equal models: the mean error of a difference over its spread, and how often it lies beyond 2.33 errors."""
    names = [(change.metric, change.group) for change in designs[0][0]["0"].changes]
    for name in names:
        cells = []
        for reports in designs:
            changes = [change for one in reports if (change := one["0"].change(*name)) and change.interval]
            moved = np.array([change.value - change.baseline for change in changes])
            errors = np.array([change.interval.standard_error for change in changes])
            bad = {HIGHER: -moved, LOWER: moved, NEITHER: np.abs(moved)}[changes[0].direction]
            limit = 2.576 if changes[0].direction is NEITHER else 2.33
            spread = float(moved.std(ddof=1))
            ratio = f"{errors.mean() / spread:.2f}" if spread else "–"
            cells += [ratio, f"{100 * np.mean(bad > limit * errors):.1f}"]
        mean = np.mean([one["0"].change(*name).baseline for one in designs[0]])
        yield [f"`{name_of(*name)}`", f"{mean:.3g}", *cells]


def table(header: list[str], rows: Iterable[list[str]]) -> list[str]:
    """Lines of Markdown, printed as they come."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    print(*lines, sep="\n")
    for row in rows:
        lines.append("| " + " | ".join(row) + " |")
        print(lines[-1], f"{time.process_time():.0f} CPU s", flush=True)
    return lines


def main() -> None:
    """Print both tables, and write them below their mark in a document if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--paired", type=int, default=100)
    parser.add_argument("--power", type=int, default=12)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    world = make_world()
    print(f"the pools are made: {time.process_time():.0f} CPU s", flush=True)
    designs = equal(world, arguments.runs, arguments.paired)
    numbers = table(NUMBERS, number_rows(designs))
    cases = {"750 of 3,000 steps": world.pools["750 of 3,000 steps"], **flawed(world.pools["shipped"])}

    def rows() -> Iterator[list[str]]:
        yield gate_row("equal models", "independent", designs[0])
        yield gate_row("equal models, 20 % of the rows differ", "paired", designs[1])
        for name, pool in cases.items():
            for paired in (False, True):
                reports = worse(world, pool, arguments.power, paired=paired)
                yield gate_row(name, "paired" if paired else "independent", reports)

    gates = table(HEADER, rows())
    if arguments.write:
        before, _, rest = arguments.write.read_text(encoding="utf-8").partition(MARK)
        after = rest.partition(END)[2]
        said = f"{time.process_time():.0f} CPU seconds in all."
        text = "\n".join([before + MARK, "", *gates, "", said, "", *numbers, "", END]) + after
        arguments.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
