"""Texts of plugins and data sets, cut so that any number of them fits on one page; ``run.json`` keeps them whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from genaudit_reports.safe_text import LONGEST_PROSE, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from genaudit.values.record import RunRecord

ROOM = 600_000
"""Bytes of a page that these texts may take together: those of an ordinary run take a tenth."""
LENGTHS = (LONGEST_PROSE, 1_000, 500, 250, 120, 80)
"""Characters of one text: the first at which all of them fit, or the last."""
MOST_LISTED = 300
"""So many numbers of groups and statements a page lists at most."""
TEXTS = {
    "metrics": ("summary", "formula", "meaning", "caveat", "source"),
    "results": ("reason_without", "note"),
    "findings": ("statement", "rule", "caveats"),
    "not_available": ("reason", "hint"),
    "failures": ("error", "hint"),
}
"""Part of a record to those fields of its items that hold what somebody wrote."""


def abridged(record: RunRecord) -> tuple[RunRecord, int]:
    """The record with each of these texts cut to one length, and that length; 0 if all of them are whole.

    A cut text ends in an ellipsis. Few texts may be long, many may not.
    """
    often = Counter(_texts(record))
    tidy = {text: clean(text, LONGEST_PROSE) for text in often}
    length = next((one for one in LENGTHS if _bytes(often, tidy, one) <= ROOM), LENGTHS[-1])
    made = {text: clean(tidy[text], length) for text in often}
    if not any(_is_cut(text, shown) for text, shown in made.items()):
        return record, 0
    return _with(record, lambda text: made[text] if text in made else clean(text, length)), length


def _texts(record: RunRecord) -> Iterator[str]:
    """Every text as often as the page shows it."""
    for part, names in TEXTS.items():
        items = getattr(record, part)
        if part == "results":
            items = (*(one for one in items if not one.group), *[one for one in items if one.group][:MOST_LISTED])
            yield from (one.interval.method for one in items if one.interval)
        elif part != "metrics":
            items = items[:MOST_LISTED]
        for item in items:
            for name in names:
                held = getattr(item, name)
                yield from (held,) if isinstance(held, str) else held


def _bytes(often: Counter[str], tidy: dict[str, str], length: int) -> int:
    return sum(times * len(escape(tidy[text][:length]).encode()) for text, times in often.items())


def _is_cut(text: str, shown: str) -> bool:
    return shown.endswith("…") and not text.endswith("…")


def _with(record: RunRecord, cut: Callable[[str], str]) -> RunRecord:
    changed: dict[str, Any] = {}
    for part, names in TEXTS.items():
        changed[part] = tuple(_one(item, names, cut) for item in getattr(record, part))
    return replace(record, **changed)


def _one(item: Any, names: Iterable[str], cut: Callable[[str], str]) -> Any:  # noqa: ANN401 - any part of a record
    changed: dict[str, Any] = {}
    for name in names:
        held = getattr(item, name)
        changed[name] = cut(held) if isinstance(held, str) else tuple(cut(text) for text in held)
    interval = getattr(item, "interval", None)
    if interval is not None:
        changed["interval"] = replace(interval, method=cut(interval.method))
    return replace(item, **changed)
