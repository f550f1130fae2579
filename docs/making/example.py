"""The sample report and its picture, made anew: ``reports/example`` and ``docs/report.png``.

usage: tox -e example          (about a minute; needs Chromium for the picture)

Where only the look of reports changed, ``genaudit report reports/example`` is enough: it makes the page and the table
from the record that is there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from browser import picture_of

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "reports" / "example"
KEPT = ("results.csv", "report.html", "samples")
"""Of the run folder, beside the record; the rest is large, or drawn again from the record."""


def main() -> None:
    """Run, copy, photograph."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GENAUDIT_")}
    with tempfile.TemporaryDirectory() as place:  # outside the checkout: its commit is not the record's business
        command = [sys.executable, "-m", "genaudit", "run", "--plugin", "vae", "--out", place]
        subprocess.run(command, check=True, cwd=place, env=environment)
        (made,) = Path(place).iterdir()
        for name in KEPT:
            _replace(made / name, EXAMPLE / name)
        record = json.loads((made / "run.json").read_text(encoding="utf-8"))
    (EXAMPLE / "run.json").write_text(one_line_an_entry(record), encoding="utf-8")
    picture_of(EXAMPLE / "report.html", 1280, 900).save(ROOT / "docs" / "report.png", optimize=True)


def one_line_an_entry(record: dict[str, Any]) -> str:
    """The record as JSON with each result, text and stage on a line: a quarter smaller, and easy to compare."""
    return "{\n" + ",\n".join(f'"{name}": {_lines(value)}' for name, value in record.items()) + "\n}\n"


def _lines(value: object) -> str:
    entries = [_compact(entry) for entry in value] if isinstance(value, list) else []
    return "[\n" + ",\n".join(entries) + "\n]" if entries else _compact(value)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _replace(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


if __name__ == "__main__":
    main()
