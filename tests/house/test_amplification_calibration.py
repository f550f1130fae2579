"""The simulation of the intervals of groups runs, and its document says how it was made."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "benchmarks" / "amplification_coverage.py"
DOCUMENT = ROOT / "docs" / "amplification-calibration.md"


def test_the_simulation_runs_and_its_intervals_hold_the_models_own_numbers():
    done = subprocess.run([sys.executable, SCRIPT, "--draws", "60"], capture_output=True, text=True, check=True)
    rows = [[cell.strip() for cell in line.split("|")] for line in done.stdout.splitlines()]
    held = [float(row[4].split("±")[0]) for row in rows if len(row) > 4 and row[3] == "as in a run (share_corrected)"]
    held += [float(row[4].split("±")[0]) for row in rows if len(row) > 4 and row[1].startswith("bias_amplification")]
    assert len(held) == 30
    assert min(held) >= 80  # 60 draws of 95 %: one of thirty rows would lie below once in two hundred times


def test_the_document_names_its_command_and_has_a_row_for_every_number():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert "python benchmarks/amplification_coverage.py --write docs/amplification-calibration.md" in text
    table = text.partition("| what |")[2]
    for what in ("share of a class", "bias_amplification, mean", "bias_amplification_mals", "leakage_amplification",
                 "differential_fairness"):  # fmt: skip
        assert f"| {what} |" in table
