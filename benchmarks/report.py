"""What rendering the HTML report costs: a usual record, and one of 500 metrics and 1,000 groups.

usage: OMP_NUM_THREADS=1 python benchmarks/report.py

Printed are the CPU seconds (user and system) of this process and of the child that draws the charts, and the bytes.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from large_records import large_record
from rich_records import rich_record

from genaudit_reports.html_report import html_report


def cpu(who: int) -> float:
    """User and system seconds so far."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Render each record once."""
    print(f"{'record':<8}{'bytes':>10}{'page, s':>10}{'charts, s':>10}")
    for name, make in (("usual", rich_record), ("large", large_record)):
        with tempfile.TemporaryDirectory() as folder:
            record = make(Path(folder))
            own, child = cpu(resource.RUSAGE_SELF), cpu(resource.RUSAGE_CHILDREN)
            page = html_report(record, Path(folder))
            spent = cpu(resource.RUSAGE_SELF) - own, cpu(resource.RUSAGE_CHILDREN) - child
            print(f"{name:<8}{len(page):>10,}{spent[0]:>10.1f}{spent[1]:>10.1f}")


if __name__ == "__main__":
    main()
