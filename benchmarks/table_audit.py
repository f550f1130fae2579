"""What the audit of a table costs: from a file of rows, from counts, and beside fairlearn's MetricFrame with n_boot.

    python benchmarks/table_audit.py --rows 1000000 --runs 3

Rows have 4 groups, 5 strata, a truth and a decision, drawn with a fixed seed. Every audit is a fresh process, from the
shell prompt to the last report on disk; medians. CPU seconds are of the process and its children.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd  # noqa: TID253 - a script

from genaudit.stats.seeds import generator

DECLARED = ("--role", "confounder", "--cost", "fp=1", "--cost", "fn=5", "--prevalence", "0.1")
COLUMNS = ("--group", "group", "--truth", "truth", "--stratum", "stratum")
DECISION = ("--decision", "decision")
SCORE = ("--score", "score", "--threshold", "0.5", "--cost", "third=0.5")


def people(count: int) -> pd.DataFrame:
    """Rows of a table in which nothing is remarkable."""
    rng = generator(0, "benchmark of table audits")
    group, stratum = rng.integers(0, 4, count), rng.integers(0, 5, count)
    truth = rng.random(count) < 0.2 + 0.1 * group
    decision = rng.random(count) < 0.2 + 0.4 * truth + 0.02 * stratum
    names = {"group": np.array(list("abcd"))[group], "stratum": np.array(list("vwxyz"))[stratum]}
    return pd.DataFrame({**names, "truth": truth.astype(int), "decision": decision.astype(int)})


def scored(count: int) -> pd.DataFrame:
    """The same with a score, of which no two are alike, in the place of the decision."""
    rng = generator(0, "benchmark of scores")
    return people(count).drop(columns="decision").assign(score=rng.random(count))


def timed(words: list[str], runs: int) -> tuple[float, float, float]:
    """Median wall and CPU seconds, and the largest resident MiB, of a command."""
    walls, cpus, peaks = [], [], []
    for _ in range(runs):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, words
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        walls.append(time.perf_counter() - began)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        peaks.append(usage.ru_maxrss / 1024)
    return statistics.median(walls), statistics.median(cpus), max(peaks)


def metric_frame_seconds(rows: pd.DataFrame, draws: int) -> float:
    """CPU seconds a bootstrap draw of fairlearn's MetricFrame with two rates."""
    from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate

    began = time.process_time()
    MetricFrame(
        metrics={"selection": selection_rate, "fpr": false_positive_rate},
        y_true=rows["truth"],
        y_pred=rows["decision"],
        sensitive_features=rows["group"],
        n_boot=draws,
        ci_quantiles=[0.025, 0.975],
        random_state=0,
    )
    return (time.process_time() - began) / draws


def from_counts_seconds() -> float:
    """CPU seconds of all audits of one count table, 9,999 permutations and 2,000 bootstraps included; no reports."""
    import genaudit

    columns = {"group": "group", "truth": "truth", "decision": "decision", "stratum": "stratum", "role": "confounder"}
    counts = people(20_000).value_counts().rename("count").reset_index()
    declared = {"cost": {"fp": 1, "fn": 5}, "prevalence": 0.1, "weight": "count"}
    genaudit.audit(counts, **columns, **declared)  # imports and caches
    began = time.process_time()
    genaudit.audit(counts, **columns, **declared)
    return time.process_time() - began


def main() -> None:
    """Print the table of ``docs/performance.md``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    audit = [sys.executable, "-m", "genaudit", "audit", *COLUMNS, *DECLARED, "-q"]
    print("| job | wall s | CPU s | peak MiB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        rows = people(given.rows)
        table, counts, scores = (Path(folder, f"{name}.csv") for name in ("rows", "counts", "scores"))
        rows.to_csv(table, index=False)
        scored(given.rows).to_csv(scores, index=False)
        rows.value_counts().rename("count").reset_index().to_csv(counts, index=False)
        out = ["-o", str(Path(folder, "runs"))]
        for name, words in (
            (f"`genaudit audit`, CSV of {given.rows:,} rows, three reports", [*DECISION, "--table", str(table), *out]),
            ("… JSON and CSV reports only", [*DECISION, "--table", str(table), "--format", "json,csv", *out]),
            ("… with a score in place of the decision", [*SCORE, "--table", str(scores), "--format", "json,csv", *out]),
            (
                "… from its counts, JSON and CSV",
                [*DECISION, "--table", str(counts), "--weight", "count", "--format", "json,csv", *out],
            ),
        ):
            wall, cpu, peak = timed([*audit, *words], given.runs)
            print(f"| {name} | {wall:.1f} | {cpu:.1f} | {peak:.0f} |")
    print(f"\nall audits of one count table in a warm process, 9,999 permutations and 2,000 bootstraps: "
          f"{from_counts_seconds():.2f} CPU s")  # fmt: skip
    draw = metric_frame_seconds(people(20_000), 20)
    print(f"fairlearn's MetricFrame, 2 rates, 4 groups, 20,000 rows: {draw:.3f} CPU s a bootstrap draw, "
          f"{2_000 * draw:.0f} s for 2,000")  # fmt: skip


if __name__ == "__main__":
    main()
