"""The sample report and its picture, made anew: ``reports/example`` and ``docs/report.png``.

usage: tox -e example          (about a minute; needs Chromium for the picture)

Where only the look of reports changed, ``genaudit report reports/example`` is enough: it makes the page and the table
from the record that is there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from browser import picture_of

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "reports" / "example"
KEPT = ("run.json", "results.csv", "report.html", "samples")
"""Of the run folder; the rest is large, or drawn again from the record."""


def main() -> None:
    """Run, copy, photograph."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GENAUDIT_")}
    with tempfile.TemporaryDirectory() as place:  # outside the checkout: its commit is not the record's business
        command = [sys.executable, "-m", "genaudit", "run", "--plugin", "vae", "--out", place]
        subprocess.run(command, check=True, cwd=place, env=environment)
        (made,) = Path(place).iterdir()
        for name in KEPT:
            _replace(made / name, EXAMPLE / name)
    picture_of(EXAMPLE / "report.html", 1280, 900).save(ROOT / "docs" / "report.png", optimize=True)


def _replace(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


if __name__ == "__main__":
    main()
