"""Time and memory of the main job, from the shell prompt to the report on disk.

usage: python benchmarks/main_job.py [--runs 3]

Each line is the median of several fresh processes: wall seconds, CPU seconds, peak resident memory of the process, size
of the HTML report. The last line is a bare interpreter that imports torch: what no run can be faster than.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

JOBS = {
    "standard": ["run", "--plugin", "vae"],
    "smoke": ["run", "--plugin", "vae", "--profile", "smoke"],
    "smoke --retrain": ["run", "--plugin", "vae", "--profile", "smoke", "--retrain"],
}


def measured(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MiB of a command in a fresh process."""
    began = time.perf_counter()
    pid = os.posix_spawn(
        command[0],
        command,
        dict(os.environ),
        file_actions=[(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)],
    )
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command)} left with {os.waitstatus_to_exitcode(status)}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def report_kib(out: str) -> float:
    """Size of the newest HTML report below a folder."""
    sizes = [path.stat().st_size for path in Path(out).glob("*/report.html")]
    return sizes[-1] / 1024 if sizes else 0.0


def main() -> None:
    """Measure every job and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    print(f"{'job':18} {'wall s':>8} {'CPU s':>8} {'MiB':>8} {'HTML KiB':>9}")
    for name, arguments in JOBS.items():
        with tempfile.TemporaryDirectory() as out:
            command = [sys.executable, "-m", "genaudit", *arguments, "--out", out]
            rows = [measured(command) for _ in range(1 if "retrain" in name else runs)]
            wall, cpu, memory = (statistics.median(column) for column in zip(*rows, strict=True))
            print(f"{name:18} {wall:8.1f} {cpu:8.1f} {memory:8.0f} {report_kib(out):9.0f}")
    wall, cpu, memory = measured([sys.executable, "-c", "import torch"])
    print(f"{'import torch':18} {wall:8.1f} {cpu:8.1f} {memory:8.0f}")


if __name__ == "__main__":
    main()
