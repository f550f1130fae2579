"""What has no number: what does not apply, what a run ended before, and what broke. They never look alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.results import NOT_REACHED
from genaudit_reports.content.audit_titles import TITLES
from genaudit_reports.content.grouping import described, unsaid
from genaudit_reports.number_format import restyled
from genaudit_reports.safe_text import LONGEST_NAME, LONGEST_PROSE, clean, sentence

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """One row."""

    title: str
    """Empty if the record has no words for it: then its identifier stands for it."""
    component: str
    group: str
    """View or group, unless the title says it."""
    code: str
    """Reason code, or the stage in which it broke."""
    why: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Every kind."""

    not_applicable: tuple[Absent, ...]
    failed: tuple[Absent, ...]
    not_reached: tuple[Absent, ...] = ()
    """What the run was asked for and ended before."""

    @property
    def by_reason(self) -> list[tuple[Absent, ...]]:
        """What does not apply, those of one reason and one remedy together."""
        found: dict[tuple[str, str, str], list[Absent]] = {}
        for item in self.not_applicable:
            found.setdefault((item.code, item.why, item.remedy), []).append(item)
        return [tuple(items) for items in found.values()]


def missing(record: RunRecord) -> Missing:
    """Every ``Unavailable`` and every ``Failure`` of the record."""
    absent = [
        _absent(record, item.component, item.group, item.reason_code, restyled(sentence(item.reason)), item.hint)
        for item in record.not_available[:MOST]
    ]
    return Missing(
        not_applicable=tuple(item for item in absent if item.code != NOT_REACHED),
        not_reached=tuple(item for item in absent if item.code == NOT_REACHED),
        failed=tuple(
            _absent(record, item.component, item.group, item.stage, item.error, item.hint)
            for item in record.failures[:MOST]
        ),
    )


def _absent(record: RunRecord, component: str, group: str, code: str, why: str, remedy: str) -> Absent:
    text = described(record, component, group)
    own = text is not None and text.view in {"", group}  # the text of another view would misname it
    title = clean(text.title, LONGEST_NAME) if text and own else TITLES.get(component, "")
    return Absent(
        title=title,
        component=clean(component, LONGEST_NAME),
        group=unsaid(group, title),
        code=clean(code, LONGEST_NAME),
        why=clean(why, LONGEST_PROSE),
        remedy=sentence(remedy),
    )
