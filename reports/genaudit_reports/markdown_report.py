"""The gate as Markdown: for a pipeline's step summary and for a comment on a change. No images, never too long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from genaudit.values.findings import Verdict
from genaudit.values.gate import name_of
from genaudit.values.printable import printable
from genaudit.values.results import NOT_REACHED
from genaudit_reports.content.metric_rows import DIRECTIONS
from genaudit_reports.gate_text import NO_BASELINE, NONE, SIGNS, about, change_cells, judged_findings, sign, word
from genaudit_reports.number_format import THIN, TO, TO_BELOW_ZERO, interval_range, rounded_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from genaudit.values.gate import Change, GateReport
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

LARGEST = 256_000
"""Bytes; a step summary of GitHub that grows over 1 MiB is dropped, and several jobs share a page."""
LONGEST_CELL = 300
MOST_NAMED = 20
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$@!])")


def markdown_report(record: RunRecord, folder: Path) -> bytes:  # noqa: ARG001 - every reporter is called with both
    """``summary.md``: the verdict, what failed, and the table; without a baseline what is missing, and the numbers."""
    head = [f"## genaudit: {plain(about(record))}", "", *_findings(record)]
    if record.gate:
        lines = [*head, *_gate(record.gate, record.results)]
    else:
        verdict = NO_BASELINE if judged_findings(record) else f"{NO_BASELINE} This describes and passes no verdict."
        lines = [*head, *_trouble(record), verdict, "", *_numbers(record.results)]
    lines += ["", f"Run `{printable(record.run_id, 120).replace('`', '')}`, genaudit {plain(record.genaudit_version)}."]
    return _cut("\n".join(lines) + "\n")


def _findings(record: RunRecord) -> list[str]:
    """What an audit judged, the worst first, with whose tolerance it was."""
    judged = judged_findings(record)
    lines = [
        f"- {SIGNS[one.verdict]} **{one.verdict.value}** {plain(f'{one.statement} {one.rule}')}"
        for one in judged[:MOST_NAMED]
    ]
    lines += [f"- {len(judged) - MOST_NAMED} more were judged."] if len(judged) > MOST_NAMED else []
    return [*lines, ""] if lines else []


def _trouble(record: RunRecord) -> list[str]:
    """What a reader must know before any number: the run ended early, or something broke."""
    left = [name_of(one.component, one.group) for one in record.not_available if one.reason_code == NOT_REACHED]
    named = f" Not reached: {plain(', '.join(left[:MOST_NAMED]))}" + (", …" if len(left) > MOST_NAMED else ".")
    lines = [] if record.complete else [f"**Incomplete.** The run stopped before it was done.{named if left else ''}"]
    lines += [
        f"- **Failed** {plain(f'{name_of(one.component, one.group)}, in {one.stage}: {one.error}')}"
        for one in record.failures[:MOST_NAMED]
    ]
    more = len(record.failures) - MOST_NAMED
    lines += [f"- {more} more failed."] if more > 0 else []
    return [*lines, ""] if lines else []


def plain(text: object) -> str:
    r"""A text that Markdown shows as it is: no links, mentions, tags or tables come out of it.

    >>> plain("<b>@all|[x](y)")
    '\\<b\\>\\@all\\|\\[x\\](y)'
    """
    return _SPECIAL.sub(r"\\\1", printable(text, LONGEST_CELL * 4))


def _gate(report: GateReport, results: Iterable[MetricResult]) -> list[str]:
    serious = [one for one in report.worst_first if one.missing or one.verdict is Verdict.FAIL]
    accepted = f"{report.baseline}, {report.baseline_created} {report.baseline_git}".strip()
    lines = [f"**{report.verdict.value}.** {plain(report.sentence)}", ""]
    lines += [f"- {sign(one)} **{word(one)}** {plain(one.sentence)}" for one in serious]
    lines += [""] if serious else []
    lines += [f"{plain(report.question)} Baseline: {plain(accepted)} ({plain(report.baseline_reason)}).", ""]
    lines += [*(f"- {plain(text)}" for text in report.warnings), *([""] if report.warnings else [])]
    rows = (
        "metric", "", "value", "its interval", "n", "baseline", "worse by", "interval of that", "tolerance", "verdict",
    )  # fmt: skip
    known = {(one.metric, one.group): one for one in results}
    cells = [_change_cells(one, known.get((one.metric, one.group))) for one in report.worst_first]
    return [*lines, *_table(rows, cells)]


def _change_cells(one: Change, result: MetricResult | None) -> tuple[str, ...]:
    value, *change = (plain(_typed(cell)) for cell in change_cells(one))
    own = (_interval(result), f"{result.n:,}") if result else (NONE, NONE)
    return plain(one.name), DIRECTIONS[one.direction.value][0], value, *own, *change


def _interval(result: MetricResult) -> str:
    known = result.interval
    return _typed(interval_range(known)) if known else plain(result.reason_without[:LONGEST_CELL])


def _typed(number: str) -> str:
    """A number or an interval of the page in characters that survive being pasted elsewhere, as on the terminal."""
    return number.replace(TO, " to ").replace(TO_BELOW_ZERO, " to ").replace(THIN, ",")


def _numbers(results: Iterable[MetricResult]) -> list[str]:
    cells = [
        (
            plain(f"{one.metric} [{one.group}]" if one.group else one.metric),
            DIRECTIONS[one.direction.value][0],
            _typed(rounded_value(one.value, one.interval)),
            _interval(one),
            f"{one.n:,}",
        )
        for one in results
    ]
    return _table(("metric", "", "value", "interval", "n"), cells)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (header, ["---"] * len(header), *rows)]


def _cut(text: str) -> bytes:
    """At most ``LARGEST`` bytes, ending with a whole line."""
    content = text.encode("utf-8", "replace")
    if len(content) <= LARGEST:
        return content
    said = b"\n\nThe rest is left out; it is in run.json.\n"
    return content[: LARGEST - len(said)].rsplit(b"\n", 1)[0] + said
