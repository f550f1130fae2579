"""From combinations of values to count tables: what yes means, who is in which group, what could not be used."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import GenauditError
from genaudit.tables.cells import Key, Tally
from genaudit.tables.columns import TableColumns
from genaudit.tables.row_weights import weighs_people
from genaudit.values.counts import MISSING_LEVEL, CountTable
from genaudit.values.printable import printable
from genaudit.values.scores import ScoreCounts
from genaudit.values.sorting import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from genaudit.tables.cells import Cells
    from genaudit.tables.score_scale import ScoreScale  # noqa: TC004 - an annotation of a field, read by nothing

MOST_GROUPS = 100
"""Groups that one table may have: they are compared in pairs, and nobody reads ten thousand intervals."""
MOST_STRATA = 1_000
LONGEST_LEVEL = 60
YES_AND_NO = (("1", "0"), ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("1", "-1"))
"""Pairs of values, in lower case, of which the first means yes without being told."""
TIMES = " × "


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedTables:
    """Count tables, one for every way to form groups, and what a reader must know of how they came about."""

    tables: tuple[CountTable, ...]
    """One for each group column; of several, one more for their combinations."""
    remarks: tuple[str, ...]
    rows: int
    used: int
    """Rows of which truth and decision are known."""
    yes: Mapping[str, frozenset[str]]
    """Column of truth or decision to the values that mean yes."""


def code_tables(cells: Cells, columns: TableColumns, *, source: str = "", caveats: Sequence[str] = ()) -> CodedTables:
    """The count tables of what was read.

    Args:
        cells: Combinations of the values of ``columns.keys``.
        columns: Which column is what.
        source: Where the table comes from.
        caveats: What a reader must know of it.

    Raises:
        GenauditError: Yes and no cannot be told apart, there are too many groups, or nothing is left; all that is
            wrong with the columns in one message.
    """
    yes = _meanings(cells, columns)
    _check_numbers_of_levels(cells, columns)
    kept, remarks = _complete(cells, columns)
    if not kept:
        raise _nobody_left(cells, columns, source or "the table")
    weighted, said = weighs_people(columns.weight, columns.weight_kind, list(kept.values()))
    remarks += said
    parts: list[tuple[str, ...]] = [(name,) for name in columns.group]
    if len(columns.group) > 1:
        parts.append(columns.group)
    facts = _Facts(cells.keys, columns, yes, kept, cells.tallies, cells.scale)
    tables = tuple(facts.table(part, source=source, caveats=(*caveats, *remarks), weighted=weighted) for part in parts)
    return CodedTables(
        tables=tables, remarks=tuple(remarks), rows=cells.rows, used=sum(tally.rows for tally in kept.values()), yes=yes
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    keys: tuple[str, ...]
    columns: TableColumns
    yes: Mapping[str, frozenset[str]]
    kept: Mapping[Key, Tally]
    every: Mapping[Key, Tally]
    """With those of whom truth or decision is unknown: they have groups as well."""
    scale: ScoreScale | None

    def table(self, part: tuple[str, ...], *, source: str, caveats: tuple[str, ...], weighted: bool) -> CountTable:
        columns, decision = self.columns, self.columns.decision or self.columns.score
        groups, group_of = self._levels(part, self.every)
        strata, stratum_of = self._levels(columns.strata, self.kept, every=False)
        several = len(columns.strata) > 1
        counts = np.zeros((len(strata), len(groups), 2, 2))
        squares = np.zeros_like(counts)
        for key, tally in self.kept.items():
            truth = int(self._is_yes(key, columns.truth)) if columns.truth else 0
            decided = int(self._is_yes(key, decision))
            place = (stratum_of[self._part(key, columns.strata)], group_of[self._part(key, part)], truth, decided)
            counts[place] += tally.weight
            squares[place] += tally.squares
        return CountTable(
            group=_name(part),
            groups=groups,
            truth=_plain(columns.truth),
            decision=_plain(columns.outcome),
            counts=counts,
            stratum=_name(columns.strata),
            strata=strata,
            crossed=tuple(map(level_name, part)) if len(part) > 1 else (),
            group_levels=tuple(tuple(map(level_name, levels)) for levels in group_of) if len(part) > 1 else (),
            held=tuple(map(level_name, columns.strata)) if several else (),
            levels=tuple(tuple(map(level_name, levels)) for levels in stratum_of) if several else (),
            weighted=weighted,
            squares=squares if weighted else None,
            positive_truth=_joined(self.yes.get(columns.truth, ("yes",))),
            positive_decision=_joined(self.yes[decision]) if columns.decision else "",
            source=source,
            caveats=caveats,
            scores=self._scores(part, group_of, weighted=weighted) if self.scale else None,
            incomplete=self._incomplete(part, group_of),
        )

    def _incomplete(self, part: tuple[str, ...], group_of: Mapping[tuple[str, ...], int]) -> NDArray[np.float64] | None:
        """Those of whom truth or decision is unknown, by group and by what is known."""
        found = np.zeros((len(group_of), 3, 3))
        decision = self.columns.decision or self.columns.score
        for key, tally in self.every.items():
            if key not in self.kept:
                truth = self._no_yes_unknown(key, self.columns.truth) if self.columns.truth else 0
                found[group_of[self._part(key, part)], truth, self._no_yes_unknown(key, decision)] += tally.weight
        return found if found.any() else None

    def _no_yes_unknown(self, key: Key, column: str) -> int:
        return 2 if key[self.keys.index(column)] is None else int(self._is_yes(key, column))

    def _scores(self, part: tuple[str, ...], group_of: Mapping[tuple[str, ...], int], *, weighted: bool) -> ScoreCounts:
        scale, columns = self.scale, self.columns
        assert scale is not None  # noqa: S101 - asked only where there is one
        place_of_score = self.keys.index(columns.score)
        sums = np.zeros((4, len(group_of), 2, len(scale.bounds) + 1))
        for key, tally in self.kept.items():
            truth = int(self._is_yes(key, columns.truth)) if columns.truth else 0
            place = (group_of[self._part(key, part)], truth, int(key[place_of_score] or 0))
            sums[:, *place] += (tally.weight, tally.scores, tally.score_squares, tally.squares)
        sums[1:3] = _steady(sums[1:3])
        return ScoreCounts(
            score=level_name(columns.score),
            bounds=scale.bounds,
            bins=scale.bins,
            bin_names=scale.bin_names,
            probabilities=scale.probabilities,
            people=sums[0],
            sums=sums[1],
            square_sums=sums[2],
            weight_squares=sums[3] if weighted else None,
            declared=scale.declared,
            distinct=scale.distinct,
        )

    def _part(self, key: Key, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(key[self.keys.index(name)] or MISSING_LEVEL for name in names)

    def _is_yes(self, key: Key, column: str) -> bool:
        return key[self.keys.index(column)] in self.yes[column]

    def _levels(
        self, names: tuple[str, ...], people: Iterable[Key], *, every: bool = True
    ) -> tuple[tuple[str, ...], dict[tuple[str, ...], int]]:
        """Names of the levels of some columns together, and the place of each combination of values.

        With ``every``, combinations that nobody is in are levels too: an empty group is listed, not dropped.
        """
        seen: set[tuple[str, ...]] = {self._part(key, names) for key in people}
        if every and len(names) > 1:
            each = [sorted({level[place] for level in seen}, key=_order) for place in range(len(names))]
            product: list[tuple[str, ...]] = [()]
            for levels in each:
                product = [(*front, level) for front in product for level in levels]
            seen = set(product)
        ordered = sorted(seen, key=lambda level: tuple(map(_order, level)))
        return _distinct(ordered), {level: place for place, level in enumerate(ordered)}


def _steady(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of scores in 12 digits: the last ones of a float depend on the order in which rows were added up."""
    return np.array([float(f"{total:.12g}") for total in sums.ravel()]).reshape(sums.shape)


def _meanings(cells: Cells, columns: TableColumns) -> dict[str, frozenset[str]]:
    """Column of truth or decision to the values that mean yes."""
    meanings, wrong = {}, []
    for column in dict.fromkeys(filter(None, (columns.truth, columns.decision or columns.score))):
        values = cells.values(column)
        positive = columns.positive.get(column) or columns.positive.get("", ())
        if column == columns.score and not columns.decision:
            meanings[column] = cells.scale.yes if cells.scale else frozenset()
        elif positive:
            unknown = [value for value in positive if value not in values]
            if unknown and values:
                wrong.append(_no_such_value(column, unknown[0], values))
            elif set(positive) >= set(values) and len(values) > 1:
                wrong.append(f"--positive takes every value of '{column}' for yes: {_listed(values)}.")
            meanings[column] = frozenset(positive)
        else:
            found = _known_yes(values)
            if found is None:
                wrong.append(_not_binary(column, values, is_decision=column == columns.decision))
            meanings[column] = frozenset(found or ())
    if wrong:
        raise GenauditError(" ".join(wrong))
    return meanings


def _known_yes(values: Iterable[str]) -> list[str] | None:
    """The values that mean yes, if all values are one of the usual pairs; None if they are not."""
    folded = {value.casefold(): value for value in values}
    for yes, no in YES_AND_NO:
        if set(folded) <= {yes, no}:
            return [folded.get(yes, yes)]
    return None


def _no_such_value(column: str, given: str, values: list[str]) -> str:
    near = difflib.get_close_matches(given, values, n=1)
    question = f" Did you mean '{printable(near[0], LONGEST_LEVEL)}'?" if near else ""
    return f"--positive '{given}' is no value of '{column}'.{question} Its values: {_listed(values)}."


def _not_binary(column: str, values: list[str], *, is_decision: bool) -> str:
    said = f"'{column}' has {len(values):,} values ({_listed(values)}), and which of them mean yes was not said."
    if len(values) > 2 and all(sort_key(value)[0] == 0 for value in values):
        instead = f"write --score {column} --threshold T instead of --decision, or" if is_decision else (
            "a truth is yes or no and no score, so make it that first, or write"
        )  # fmt: skip
        return f"{said} They are numbers, like a score: {instead} --positive {column}=VALUE,…"
    example = printable(values[-1], LONGEST_LEVEL) if values else "VALUE"
    return f"{said} Write --positive '{column}={example}', or several values with commas."


def _check_numbers_of_levels(cells: Cells, columns: TableColumns) -> None:
    sizes = {name: _count(cells, name) for name in (*columns.group, *columns.strata)}
    wrong = [
        f"'{name}' has {sizes[name]:,} different values, and at most {MOST_GROUPS} groups are compared: put values "
        "into classes, or name another column."
        for name in columns.group
        if sizes[name] > MOST_GROUPS
    ]
    product = int(np.prod([float(sizes[name]) for name in columns.group]))
    if not wrong and product > MOST_GROUPS:
        wrong.append(
            f"{_name(columns.group)} make {product:,} groups, and at most {MOST_GROUPS} are compared: give fewer "
            "columns with --group."
        )
    strata = int(np.prod([float(sizes[name]) for name in columns.strata]))
    if columns.strata and strata > MOST_STRATA:
        wrong.append(f"{_name(columns.strata)} make {strata:,} strata, and at most {MOST_STRATA:,} are held fixed.")
    if wrong:
        raise GenauditError(" ".join(wrong))


def _count(cells: Cells, name: str) -> int:
    place = cells.keys.index(name)
    return len({key[place] for key in cells.tallies})


def _complete(cells: Cells, columns: TableColumns) -> tuple[dict[Key, Tally], list[str]]:
    """Combinations with a truth and a decision, and how many rows had none."""
    labels = tuple(filter(None, (columns.truth, columns.decision or columns.score)))
    places = [cells.keys.index(name) for name in labels]
    kept = {key: tally for key, tally in cells.tallies.items() if all(key[place] is not None for place in places)}
    remarks = []
    for name, place in zip(labels, places, strict=True):
        gone = sum(tally.rows for key, tally in cells.tallies.items() if key[place] is None)
        if gone:
            left = "is left out" if gone == 1 else "are left out"
            remarks.append(
                f"{_rows(gone, cells.rows)} no '{_plain(name)}' and {left}; if who lacks it depends "
                "on the group, every number is about the others only."
            )
    for name in dict.fromkeys((*columns.group, *columns.strata)):
        place = cells.keys.index(name)
        lacking = sum(tally.rows for key, tally in kept.items() if key[place] is None)
        if lacking:
            remarks.append(f"{_rows(lacking, cells.rows)} no '{_plain(name)}': the level {MISSING_LEVEL}.")
        remarks += _alike(name, {key[place] or MISSING_LEVEL for key in kept})
    return kept, remarks


def _alike(name: str, values: Iterable[str]) -> list[str]:
    """Which of several values that are shown by the same name has which number behind it."""
    ordered = sorted(values, key=_order)
    shown = zip(ordered, _distinct([(value,) for value in ordered]), strict=True)
    numbered = [f"'{_plain(value)}' is {level}" for value, level in shown if level != level_name(value)]
    if not numbered:
        return []
    more = f" and {len(numbered) - 5:,} more" if len(numbered) > 5 else ""
    return [
        (
            f"Values of '{_plain(name)}' that read alike, shortened and without ',' and '=', have a number: "
            f"{', '.join(numbered[:5])}{more}."
        )
    ]


def _nobody_left(cells: Cells, columns: TableColumns, source: str) -> GenauditError:
    outcome = _plain(columns.decision or columns.score)
    if not cells.rows:
        return GenauditError(f"{source} has no rows, only the names of its columns.", "Give a table with people in it.")
    said = f"both '{_plain(columns.truth)}' and '{outcome}'" if columns.truth else f"a '{outcome}'"
    return GenauditError(
        f"No row of {source} has {said}.", "Check the columns; 'NA' and empty fields are missing values."
    )


def _rows(some: int, every: int) -> str:
    return f"{some:,} of {every:,} rows {'has' if some == 1 else 'have'}"


def _order(level: str) -> tuple[int, int, float, str]:
    return (int(level == MISSING_LEVEL), *sort_key(level))


def _distinct(levels: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Names of levels as they are shown, no two alike."""
    found: dict[str, None] = {}
    for level in levels:
        name, again = TIMES.join(map(level_name, level)), 1
        shown = name
        while shown in found:
            again += 1
            shown = f"{name} ({again})"
        found[shown] = None
    return tuple(found)


def level_name(text: str) -> str:
    """A level, or a column, in one line; ``,`` and ``=`` separate the parts of a group's name, so it has none."""
    return printable(text, LONGEST_LEVEL).strip().replace(",", ";").replace("=", ":") or "(blank)"


def _plain(name: str) -> str:
    return printable(name, LONGEST_LEVEL)


def _name(names: tuple[str, ...]) -> str:
    return TIMES.join(level_name(name) for name in names)


def _joined(values: Iterable[str]) -> str:
    return " or ".join(sorted((_plain(value) for value in values), key=sort_key))


def _listed(values: Sequence[str], most: int = 8) -> str:
    shown = [printable(value, 24) for value in values[:most]]
    return ", ".join(shown) + (f", … {len(values) - most:,} more" if len(values) > most else "")
