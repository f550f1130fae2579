"""The simulation of interval coverage runs, and its document says how it was made."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "benchmarks" / "interval_coverage.py"
DOCUMENT = ROOT / "docs" / "interval-coverage.md"


@pytest.mark.parametrize("metric", ["share_generated", "reconstruction_mse", "mode_share"])
def test_the_simulation_runs_and_intervals_hold_what_they_are_about(metric):
    done = subprocess.run(
        [sys.executable, SCRIPT, "--seeds", "100", "--only", metric], capture_output=True, text=True, check=True
    )
    rows = [line.split("|") for line in done.stdout.splitlines() if line.startswith(f"| {metric}")]
    assert rows
    # 100 repetitions of 95 %: fewer than 85 would happen once in ten thousand times
    assert all(float(row[5].split("±")[0]) >= 85 for row in rows)


def test_the_document_names_its_command_and_has_a_row_for_every_interval():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert "python benchmarks/interval_coverage.py --write docs/interval-coverage.md" in text
    table = text.partition("| metric |")[2]
    for metric in ("kid", "inception_score", "precision", "recall", "density", "coverage", "mode_share", "mode_kl",
                   "fid (plug-in)", "fid (debiased)", "reconstruction_mse", "share_generated", "fid_infinity",
                   "cmmd", "mind", "vendi", "mifid", "authenticity", "memorization_ct", "aggregate_posterior_gap",
                   "total_correlation", "mig", "dci_disentanglement", "dci_completeness", "dci_informativeness",
                   "linear_probe_accuracy", "attribute_direction_accuracy", "interpolation_realism", "log_likelihood",
                   "approximation_gap", "amortization_gap"):  # fmt: skip
        assert f"| {metric}" in table
