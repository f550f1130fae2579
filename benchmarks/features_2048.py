"""What the metrics of 2,048-dimensional features cost once the features are there, one metric a process.

usage: OMP_NUM_THREADS=1 python benchmarks/features_2048.py [--n 10000] [--only fid,kid,neighbours]

Features are normal with variances 1 / k and float64, as a run holds them. Printed are the CPU seconds of the metric
(user and system, so that other work on the machine hardly counts) and the largest resident memory of its process.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

import numpy as np

from genaudit.metrics import distances, neighbourhoods
from genaudit.metrics.options import DensityCoverageOptions, FrechetOptions, KernelOptions, PrecisionRecallOptions
from genaudit.stats.neighbours import neighbours
from genaudit.stats.seeds import generator
from genaudit.values.observations import FeaturePair

DIMENSION = 2048
PARTS = ("features", "fid", "kid", "neighbours")


def features(n: int) -> FeaturePair:
    """Two sets whose spectrum falls as 1 / k, the generated one a little off."""
    deviations = np.arange(1, DIMENSION + 1) ** -0.5
    x, y = (generator(0, "features-2048", side).normal(size=(n, DIMENSION)) * deviations for side in ("x", "y"))
    return FeaturePair(generated=x * 1.05 + 0.01, reference=y)


def compute(part: str, pair: FeaturePair) -> list[float]:
    """The values of a metric, or of the four that share their nearest neighbours."""
    rng = generator(0, "benchmark")
    if part == "fid":
        return [distances.frechet_distance(pair, options=FrechetOptions(), rng=rng).value]
    if part == "kid":
        return [distances.kernel_distance(pair, options=KernelOptions(), rng=rng).value]
    if part == "neighbours":
        kept = PrecisionRecallOptions(), DensityCoverageOptions()
        found = neighbours(pair.reference, pair.generated, [options.k for options in kept], rng=rng)
        both = ((neighbourhoods.precision, 0), (neighbourhoods.recall, 0))
        others = ((neighbourhoods.density, 1), (neighbourhoods.coverage, 1))
        return [metric(found, options=kept[which], rng=rng).value for metric, which in (*both, *others)]
    return []


def main() -> None:
    """Print a table, or one row of it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    names = given.only.split(",")
    if not given.here:
        print(f"| {given.n:,} x {DIMENSION:,} a side | CPU s | peak MiB | values |\n|---|---|---|---|", flush=True)
        for name in names:
            subprocess.run([sys.executable, __file__, "--here", "--n", str(given.n), "--only", name], check=True)
        return
    pair = features(given.n)
    began = time.process_time()
    values = compute(names[0], pair)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {names[0]} | {seconds:.1f} | {peak:,.0f} | {', '.join(f'{value:.10g}' for value in values)} |", flush=True
    )


if __name__ == "__main__":
    main()
