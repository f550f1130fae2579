"""A run that was ended from outside, as a record: what it was asked for, and what it had answered by then.

A run writes what it is asked for before it asks anything (``begun.json``: a record without numbers), and appends every
answer the moment it is known (``metrics.jsonl``). The two together are a record, whenever and however the run ends.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from genaudit.values.findings import Finding
from genaudit.values.results import NOT_REACHED, Failure, MetricResult, Series, Unavailable
from genaudit.values.run import ImageSheet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import TypeAdapter

    from genaudit.values.record import RunRecord
    from genaudit.values.run import AuditDescription

BEGUN = "begun.json"
"""The record of a run that has not answered anything yet; taken away when ``run.json`` is written."""
ANSWERS = "metrics.jsonl"
"""What a run appends to, answer by answer, before it can write its record."""
PART = "part"
"""Key of a line that says which part of a record it holds; the others are that part's fields."""
MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The last line of what one metric or audit had to say."""

    component: str
    group: str = ""


Part = MetricResult | Finding | Series | Unavailable | Failure | ImageSheet | Answered
KINDS: dict[str, Any] = {
    kind.__name__: kind for kind in (MetricResult, Finding, Series, Unavailable, Failure, ImageSheet, Answered)
}
"""What a line of ``metrics.jsonl`` may hold, by its ``PART``."""


def not_reached(asked: Iterable[tuple[str, str]]) -> tuple[Unavailable, ...]:
    """Why there is no number of components, each with its view or table, that a run did not come to.

    >>> [item.reason_code for item in not_reached([("fid", ""), ("fid", "low-level")])]
    ['not-reached', 'not-reached']
    """
    return tuple(
        Unavailable(
            component=component,
            group=group,
            reason_code=NOT_REACHED,
            reason="The run ended before it was computed.",
            hint="Run it again to the end.",
        )
        for component, group in asked
    )


def assembled(begun: RunRecord, lines: str) -> RunRecord:
    """The record of what is there.

    Args:
        begun: What was asked for: a record whose ``not_available`` lists all of it as not reached.
        lines: What was appended since, a JSON object a line. A line that cannot be read, such as a last one that is
            cut off, is left out, and a warning of the record names it.
    """
    parts, damaged = _parts(lines)
    done = {(part.component, part.group) for part in parts if isinstance(part, Answered)}
    waiting = [item for item in begun.not_available if (item.component, item.group) not in done]
    unavailable = tuple(dict.fromkeys((*(part for part in parts if isinstance(part, Unavailable)), *waiting)))
    left = sum(item.reason_code == NOT_REACHED for item in unavailable)
    return replace(
        begun,
        results=tuple(part for part in parts if isinstance(part, MetricResult)),
        images=tuple(part for part in parts if isinstance(part, ImageSheet)),
        findings=tuple(part for part in parts if isinstance(part, Finding)),
        series=tuple(part for part in parts if isinstance(part, Series)),
        not_available=unavailable,
        failures=tuple(part for part in parts if isinstance(part, Failure)),
        audits=tuple(_with_answers(audit, parts, waiting) for audit in begun.audits),
        warnings=(*begun.warnings, _ended(len(done), left), *_left_out(damaged)),
        complete=False,
    )


def _parts(lines: str) -> tuple[list[Part], list[int]]:
    """Every line that can be read, and the numbers of those that cannot."""
    parts, damaged = [], []
    for number, line in enumerate(lines.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            parts.append(_part(line))
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            damaged.append(number)
    return parts, damaged


def _part(line: str) -> Part:
    plain = json.loads(line)
    kind = KINDS[plain.pop(PART)]
    found: Part = _adapter(kind).validate_json(json.dumps(plain), strict=True)
    return found


def _ended(done: int, left: int) -> str:
    return (
        f"This run was ended from outside before it was done, or it still goes on: {done} of {done + left} metrics and "
        "audits had answered when this was read"
    )


def _left_out(damaged: list[int]) -> tuple[str, ...]:
    if not damaged:
        return ()
    named = ", ".join(map(str, damaged[:MOST_NAMED])) + (", …" if len(damaged) > MOST_NAMED else "")
    if len(damaged) == 1:
        return (f"Line {named} of {ANSWERS} is cut off or damaged, and was left out",)
    return (f"{len(damaged)} lines of {ANSWERS} ({named}) are damaged, and were left out",)


def _with_answers(audit: AuditDescription, parts: Iterable[Part], waiting: Iterable[Unavailable]) -> AuditDescription:
    """The audit with what it gave and what it lacks: what was appended since the answers of another ended."""
    mine: list[Part] = []
    since: list[Part] = []
    for part in parts:
        if not isinstance(part, Answered):
            since.append(part)
            continue
        mine += since if part.component == audit.name else []
        since = []
    gave = dict.fromkeys(part.metric for part in mine if isinstance(part, MetricResult))
    lacks = dict.fromkeys(
        item.component
        for item in (*mine, *(item for item in waiting if item.component == audit.name))
        if isinstance(item, Unavailable)
    )
    return replace(audit, gave=tuple(gave), lacks=tuple(lacks))


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - one of KINDS
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
