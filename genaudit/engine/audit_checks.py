"""Declarations that name groups, against the groups that there are."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from genaudit.audits.cells import unnamed
from genaudit.audits.raking import margin_levels
from genaudit.errors import BadOption
from genaudit.values.counts import MISSING_LEVEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.values.counts import CountTable

BY_GROUP = {
    ("sampling", "population"): "--population",
    ("base_rates", "prevalence"): "--prevalence",
    ("feedback", "discovery"): "--set feedback.discovery",
    ("feedback", "start"): "--set feedback.start",
}
"""Options that map groups to numbers, as a user writes them."""
OF_SOME = {("base_rates", "prevalence")}
"""Those that may say nothing of a group: it is listed as not assessed."""


def check_against_tables(options: Mapping[str, Any], tables: Sequence[CountTable]) -> None:
    """Nothing, if every group that is declared about exists, and none that exists is forgotten.

    Raises:
        BadOption: Otherwise; all such groups in one message.
    """
    wrong = []
    for (audit, option), flag in BY_GROUP.items():
        declared = getattr(options.get(audit), option, None)
        some = (audit, option) in OF_SOME
        if isinstance(declared, Mapping) and not any(_fits(declared, table, some=some) for table in tables):
            wrong += _misfits(flag, declared, tables, some=some)
    wrong += _wrong_margins(options, tables)
    if wrong:
        raise BadOption(" ".join(wrong))


def _wrong_margins(options: Mapping[str, Any], tables: Sequence[CountTable]) -> list[str]:
    """Levels that a margin names and nobody has, or that it forgets; no table need have every margin's column."""
    wrong = []
    for name, shares in (_margins(options) or {}).items():
        there = next((margin_levels(table)[name] for table in tables if name in margin_levels(table)), [])
        levels = list(dict.fromkeys(there))
        for level in shares:
            if level not in levels:
                near = difflib.get_close_matches(level, levels, n=1)
                question = f"; did you mean '{near[0]}'?" if near else f"; there are {', '.join(levels[:20])}."
                wrong.append(f"--margin {name} names '{level}', which nobody has{question}")
        forgotten = [level for level in levels if level not in shares and level != MISSING_LEVEL]
        if forgotten:
            wrong.append(f"--margin {name} says nothing of {', '.join(map(repr, forgotten[:10]))}; 0 is allowed.")
    return wrong


def _margins(options: Mapping[str, Any]) -> Mapping[str, Mapping[str, float]] | None:
    margins: Mapping[str, Mapping[str, float]] | None = getattr(options.get("raking"), "margins", None)
    return margins


def options_for(table: CountTable, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with which one of several tables is audited: a declaration about other groups is not for it."""
    own = dict(options)
    for audit, option in BY_GROUP:
        declared = getattr(own.get(audit), option, None)
        some = (audit, option) in OF_SOME
        if isinstance(declared, Mapping) and not _fits(declared, table, some=some):
            own[audit] = replace(own[audit], **{option: None})
    margins = _margins(own)
    if margins is None:
        return own
    if own["sampling"].population is None and table.group in margins:  # of one column the margin is the population
        source = own["sampling"].population_source or own["raking"].population_source
        own["sampling"] = replace(own["sampling"], population=margins[table.group], population_source=source)
    if not set(margins) <= set(margin_levels(table)):
        own["raking"] = replace(own["raking"], margins=None)
    return own


def _fits(declared: Mapping[str, float], table: CountTable, *, some: bool) -> bool:
    if some:
        return set(declared) <= set(table.groups)
    return set(declared) | _unnamed(table) == set(table.groups) | {MISSING_LEVEL}


def _unnamed(table: CountTable) -> set[str]:
    """Groups of people of whom nobody wrote down every attribute: they need no share of a population."""
    return {MISSING_LEVEL} | {group for index, group in enumerate(table.groups) if unnamed(table, index)}


def _misfits(flag: str, declared: Mapping[str, float], tables: Sequence[CountTable], *, some: bool) -> list[str]:
    """What is unknown or forgotten, in the table that the declaration is nearest to."""
    nearest = max(tables, key=lambda table: len(set(declared) & set(table.groups)))
    there = f"'{nearest.group}' has the groups {', '.join(nearest.groups[:20])}."
    said = []
    for name in declared:
        if name not in nearest.groups:
            near = difflib.get_close_matches(name, nearest.groups, n=1)
            said.append(f"{flag} names '{name}', which is no group" + (f"; did you mean '{near[0]}'?" if near else "."))
    forgotten = [name for name in nearest.groups if name not in {*declared, *_unnamed(nearest)}]
    if forgotten and not some:
        said.append(f"{flag} says nothing of {', '.join(map(repr, forgotten[:10]))}; 0 is allowed.")
    return [*said, there]
