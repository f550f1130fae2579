"""What has no number: what does not apply, what a run ended before, and what broke. They never look alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.plugin import capabilities
from genaudit.values.results import NOT_REACHED
from genaudit_reports.content.audit_titles import TITLES
from genaudit_reports.content.grouping import described, unsaid
from genaudit_reports.content.scored import items
from genaudit_reports.number_format import restyled
from genaudit_reports.safe_text import LONGEST_NAME, LONGEST_PROSE, clean, sentence

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import Failure, Unavailable

MOST = 200
NEEDS_CAPABILITY = "needs-capability"


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
    items: str = "images"
    """What the model makes, in the words of the page."""

    @property
    def by_reason(self) -> list[tuple[Absent, ...]]:
        """What does not apply, those of one reason and one remedy together."""
        found: dict[tuple[str, str, str], list[Absent]] = {}
        for item in self.not_applicable:
            found.setdefault((item.code, item.why, item.remedy), []).append(item)
        return [tuple(items) for items in found.values()]

    @property
    def capabilities(self) -> list[tuple[str, str]]:
        """What the capabilities are that a remedy names."""
        named = " ".join(item.remedy for item in self.not_applicable if item.code == NEEDS_CAPABILITY)
        texts = ((name, re.sub(r"\bimages\b", self.items, text)) for name, text in _capabilities())
        return [(name, text) for name, text in texts if re.search(rf"\b{name}\b", named)]


def _capabilities() -> list[tuple[str, str]]:
    """Name and meaning of each, from the words of the contract itself."""
    kinds = (kind for kind in vars(capabilities).values() if isinstance(kind, type) and kind.__doc__)
    own = (kind for kind in kinds if kind.__module__ == capabilities.__name__)
    return [(kind.__name__, sentence(str(kind.__doc__).partition("\n")[0].partition(":")[0])) for kind in own]


def missing(record: RunRecord) -> Missing:
    """Every ``Unavailable`` and every ``Failure`` of the record."""
    absent = [
        _absent(record, item, item.reason_code, restyled(sentence(item.reason))) for item in record.not_available[:MOST]
    ]
    return Missing(
        not_applicable=tuple(item for item in absent if item.code != NOT_REACHED),
        not_reached=tuple(item for item in absent if item.code == NOT_REACHED),
        failed=tuple(_absent(record, item, item.stage, item.error) for item in record.failures[:MOST]),
        items=items(record),
    )


def _absent(record: RunRecord, item: Unavailable | Failure, code: str, why: str) -> Absent:
    text = described(record, item.component, item.group)
    own = text is not None and text.view in {"", item.group}  # the text of another view would misname it
    title = (text.title if text and own else "") or getattr(item, "title", "") or TITLES.get(item.component, "")
    title = clean(title, LONGEST_NAME)
    return Absent(
        title=title,
        component=clean(item.component, LONGEST_NAME),
        group=unsaid(item.group, title),
        code=clean(code, LONGEST_NAME),
        why=clean(why, LONGEST_PROSE),
        remedy=sentence(item.hint),
    )
