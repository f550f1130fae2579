"""The simulation of table audits runs, and its document has the rows that it makes."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "benchmarks" / "audit_calibration.py"
DOCUMENT = ROOT / "docs" / "audit-calibration.md"


def made(*arguments):
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout


def rows(text):
    """First two cells of every row: what, and of which data."""
    cells = [line.split(" | ") for line in text.splitlines() if re.match(r"\| (?!interval of|test of|-)", line)]
    return [(row[0], row[1]) for row in cells]


def test_the_document_has_the_rows_of_the_benchmark_and_names_its_command():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert rows(text) == rows(made("--replicates", "10"))
    assert len(rows(text)) == 63
    assert "python benchmarks/audit_calibration.py --write docs/audit-calibration.md" in text


def test_what_the_document_says_of_intervals_and_tests_is_on_target():
    text = DOCUMENT.read_text(encoding="utf-8")
    intervals, _, tests = text.partition("| test of something true |")
    covered = [float(row.split("|")[4].split("±")[0]) for row in intervals.splitlines() if row.count("|") == 7
               and "±" in row]  # fmt: skip
    assert len(covered) == 51
    assert min(covered) > 93
    permuted = [row for row in tests.splitlines() if "(permutation)" in row]
    assert all(float(row.split("|")[4].split("±")[0]) < 6 for row in permuted)


def test_the_simulation_finds_what_it_documents():
    row = next(line for line in made("--replicates", "400", "--only", "Newcombe)").splitlines() if "of two" in line)
    # 400 replicates of 95 %: fewer than 91 % would happen once in a thousand times
    assert float(row.split("|")[4].split("±")[0]) >= 91
