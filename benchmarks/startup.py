"""What commands that compute nothing cost above a bare interpreter.

usage: python benchmarks/startup.py [--runs 9]

Median CPU and wall milliseconds of fresh processes, a bare interpreter's taken off.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time

COMMANDS = ("--version", "--help", "run --help", "plugins list", "metrics list", "run -p vae --dry-run")


def milliseconds(arguments: list[str]) -> tuple[float, float]:
    """CPU and wall milliseconds of one fresh process."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1000 * cpu, 1000 * (ended - began)


def median(arguments: list[str], runs: int) -> tuple[float, float]:
    """Medians over several processes."""
    cpu, wall = zip(*(milliseconds(arguments) for _ in range(runs)), strict=True)
    return statistics.median(cpu), statistics.median(wall)


def main() -> None:
    """Measure every command and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    os.environ["PYTHONDONTWRITEBYTECODE"] = ""
    bare = median(["-c", "pass"], runs)
    print(f"{'above a bare interpreter of':30} {bare[0]:7.0f} CPU ms {bare[1]:7.0f} wall ms")
    for words in COMMANDS:
        cpu, wall = median(["-m", "genaudit", *words.split()], runs)
        print(f"{words:30} {cpu - bare[0]:7.0f} CPU ms {wall - bare[1]:7.0f} wall ms")


if __name__ == "__main__":
    main()
