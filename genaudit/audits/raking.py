"""What a table says of a population of which only margins are known: raked weights, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.audits.adjustment import variables
from genaudit.audits.cells import MANY, UNSQUARED, described, number_of, told_apart
from genaudit.errors import NotApplicable
from genaudit.stats.proportions import score_interval, wilson_interval
from genaudit.stats.raking import kish, rake, raked_share
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.audits.table_options import RakingOptions
    from genaudit.stats.raking import Raked
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding
    from genaudit.values.results import Interval

MOST_WEIGHTS = 200
"""Combinations of which each has a weight in the record; of more only their range is said."""
LABELS = (
    "Raking mends margins and not labels, and keeps the associations of the table: it supposes that within each "
    "combination the people of the table are like those who are not in it."
)


def raking(
    table: CountTable,
    *,
    options: RakingOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """Weights that give a table all declared margins at once, and shares of decisions under them.

    People of whom a level of a margin is not known have no weight; they are left out and counted.

    Args:
        table: Counts; its columns of groups and of strata may have margins.
        options: Share of each level of some of them, level of the intervals, smallest effective number; without
            margins nothing is said.
        rng: Not used; every audit is given one.

    Raises:
        NotApplicable: Margins are of columns that this table lacks, nobody is of a level that has a share, or no
            weights of the combinations that are there meet all margins.
    """
    if not options.margins:  # asked of another table of the same audit, which says it all
        return AuditOutcome(values=(), findings=())
    cells = _cells_of(table, options.margins)
    raked = rake(cells.counts.sum(axis=1), cells.margins)
    if raked is None:
        raise NotApplicable(
            "no_convergence",
            "No weights of the combinations that are in the table meet all margins: some combinations have nobody.",
            "Give fewer margins, or put levels into classes.",
        )
    worth = None if cells.squares is None else kish(raked.weights, cells.counts.sum(1), cells.squares.sum(1))
    found = [*_weights(cells, raked), *_worth(worth, raked), *_shares(cells, raked, options)]
    values, missing = told_apart(found)
    findings = tuple(_findings(table, cells, raked, values, worth, options))
    return AuditOutcome(values=values, findings=findings, unavailable=missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """Combinations of the levels of all columns that have a margin."""

    names: tuple[str, ...]
    levels: list[tuple[str, ...]]
    """Of each cell its level of every column."""
    counts: NDArray[np.float64]
    """``(cells, 2)``: decision no and yes."""
    squares: NDArray[np.float64] | None
    """Of the weights; the counts where nothing is weighted, None if they are not known."""
    margins: list[tuple[NDArray[np.int64], NDArray[np.float64]]]
    shares: Mapping[str, Mapping[str, float]]
    left_out: float


def margin_levels(table: CountTable) -> dict[str, list[str]]:
    """Every column of groups and of strata to its level in each ``(stratum, group)``, strata first."""
    groups = table.group_levels or tuple((level,) for level in table.groups)
    strata = table.levels or tuple((level,) for level in table.strata)
    every = [(*stratum, *group) for stratum in strata for group in groups]
    names = (*(variables(table) or ("",)), *(table.crossed or (table.group,)))
    return {name: [levels[place] for levels in every] for place, name in enumerate(names) if name}


def _cells_of(table: CountTable, declared: Mapping[str, Mapping[str, float]]) -> _Cells:
    there = margin_levels(table)
    shares = {name: declared[name] for name in there if name in declared}
    if len(shares) < len(declared):
        raise NotApplicable("not_declared", "Margins were declared of columns that are not in this table.")
    by_row = list(zip(*(there[name] for name in shares), strict=True))
    decided = table.counts.sum(axis=2).reshape(-1, 2)
    squared = decided if not table.weighted else None if table.squares is None else table.squares.sum(axis=2)
    levels = list(dict.fromkeys(by_row))
    index = list(map(levels.index, by_row))
    counts, squares = np.zeros((len(levels), 2)), np.zeros((len(levels), 2))
    np.add.at(counts, index, decided)
    if squared is not None:
        np.add.at(squares, index, squared.reshape(-1, 2))
    known = np.array([all(one in shares[name] for one, name in zip(level, shares, strict=True)) for level in levels])
    kept = known & (counts.sum(axis=1) > 0)
    if not kept.any():
        raise NotApplicable("missing_group", "Nobody in the table has a level of every margin.")
    levels = [level for level, keep in zip(levels, kept, strict=True) if keep]
    margins = [_margin([level[place] for level in levels], name, shares[name]) for place, name in enumerate(shares)]
    return _Cells(
        names=tuple(shares), levels=levels, counts=counts[kept], squares=None if squared is None else squares[kept],
        margins=margins, shares=shares, left_out=float(counts[~known].sum()),
    )  # fmt: skip


def _margin(
    of_cells: list[str], name: str, shares: Mapping[str, float]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The level of each cell by its place, and the declared share of each level."""
    levels = list(shares)
    unseen = [level for level in levels if shares[level] > 0 and level not in of_cells]
    if unseen:
        raise NotApplicable(
            "empty_cell",
            f"Nobody in the table has {name}={unseen[0]}: no weight makes up for people who were never seen.",
            "Leave that level out of --margin and say so in --population-source, or put levels into classes.",
        )
    return np.array([levels.index(level) for level in of_cells]), np.array([shares[level] for level in levels])


def _name(names: tuple[str, ...], levels: tuple[str, ...]) -> str:
    return ", ".join(f"{name}={level}" for name, level in zip(names, levels, strict=True))


def _weights(cells: _Cells, raked: Raked) -> Iterator[AuditValue]:
    people = cells.counts.sum(axis=1)
    for level, weight, count in zip(cells.levels, raked.weights.tolist(), people.tolist(), strict=True):
        if len(cells.levels) <= MOST_WEIGHTS:
            yield AuditValue(
                name="raking_weight",
                unit="ratio",
                estimate=Estimate(
                    value=weight,
                    reason_without="A consequence of the declared margins and the counts.",
                    n_reference=round(count),
                    group=_name(cells.names, level),
                    details={"steps": float(raked.steps), "largest_deviation": raked.deviation},
                ),
            )


def _worth(worth: float | None, raked: Raked) -> Iterator[AuditValue | Unavailable]:
    name = "effective_people_raked"
    if worth is None:
        yield Unavailable(component=name, reason_code="no_squares", reason=UNSQUARED)
        return
    details = {"smallest_weight": float(raked.weights.min()), "largest_weight": float(raked.weights.max())}
    reason = "A consequence of the weights and the counts."
    estimate = Estimate(value=worth, reason_without=reason, n_reference=round(worth), details=details)
    yield AuditValue(name=name, unit="people", estimate=estimate)


def _shares(cells: _Cells, raked: Raked, options: RakingOptions) -> Iterator[AuditValue | Unavailable]:
    """The share of yes among everybody, and within each level of every margin."""
    yield _share(cells, raked, options, "", np.ones(len(cells.levels), dtype=bool))
    for place, name in enumerate(cells.names):
        for level in cells.shares[name]:
            among = np.array([levels[place] == level for levels in cells.levels])
            if cells.shares[name][level] > 0:
                yield _share(cells, raked, options, f"{name}={level}", among)


def _share(
    cells: _Cells, raked: Raked, options: RakingOptions, group: str, among: NDArray[np.bool_]
) -> AuditValue | Unavailable:
    name = "selection_rate_raked"
    people = cells.counts.sum(axis=1)
    squares = people if cells.squares is None else cells.squares.sum(axis=1)
    weights = raked.weights * among
    worth = kish(weights, people, squares) if (weights @ people) > 0 else 0.0
    if worth < options.min_count:
        reason = (
            f"The people are worth {worth:,.3g} under these weights: fewer than {options.min_count}, not estimable."
        )
        return Unavailable(component=name, reason_code="below_min_n", reason=reason, group=group)
    share, error = raked_share(raked, cells.margins, cells.counts, cells.squares, among)
    inside = among & (raked.weights > 0)
    plain = float(cells.counts[inside, 1].sum() / people[inside].sum())
    known = cells.squares is not None
    interval = _interval(share, error, worth, options.level) if known else None
    reason = UNSQUARED if not known else "The margins explain the answers wholly: nothing is left that varies."
    estimate = Estimate(
        value=share,
        interval=interval,
        reason_without="" if interval else reason,
        n_reference=round(worth),
        group=group,
        details={"unweighted": plain},
    )
    return AuditValue(name=name, unit="fraction", estimate=estimate)


def _interval(share: float, error: float, worth: float, level: float) -> Interval | None:
    """Wilson's interval at the number of people that the linearised error is worth: near 0 a normal one is too short.

    If all have the same answer there is no error to go by, and the people are worth Kish's number.
    """
    if share in {0.0, 1.0}:
        return wilson_interval(share * worth, worth, level)
    if error == 0:
        return None
    how = "linearised residuals after the margins"
    return score_interval(share, error, how=how, degrees_of_freedom=max(worth - 1, 1.0), level=level)


def _findings(
    table: CountTable,
    cells: _Cells,
    raked: Raked,
    values: tuple[AuditValue, ...],
    worth: float | None,
    options: RakingOptions,
) -> Iterator[Finding]:
    people = cells.counts.sum(axis=1)
    for (index, declared), name in zip(cells.margins, cells.names, strict=True):
        shares = np.bincount(index, people, minlength=len(declared)) / people.sum()
        listed = ", ".join(
            f"{level} {100 * share:.1f} % of the table against {100 * known:.1f} %"
            for level, share, known in list(zip(cells.shares[name], shares, declared, strict=True))[:MANY]
        )
        yield described("raking", table, f"Margin {name}: {listed}.")
    source = f" Margins: {options.population_source.rstrip('.')}." if options.population_source else ""
    effective = "" if worth is None else f"; {people.sum():,.0f} people are then worth {worth:,.0f} (Kish)"
    yield described(
        "raking",
        table,
        f"Weights between {raked.weights.min():.2f} and {raked.weights.max():.2f} give the table all margins of "
        f"{' and '.join(cells.names)} at once{effective}.{source}",
    )
    overall = next(
        (one.estimate for one in values if one.name == "selection_rate_raked" and not one.estimate.group), None
    )
    if overall:
        around = ""
        if overall.interval:
            around = f" ({100 * overall.interval.low:.1f} to {100 * overall.interval.high:.1f})"
        yield described(
            "raking",
            table,
            f"With these weights {100 * overall.value:.1f} %{around} of everybody have {table.flag}; "
            f"in the table as it is {100 * overall.details['unweighted']:.1f} %.",
        )
    if cells.left_out:
        said = (
            f"Without a level of one of the margins, and so without a weight: {number_of(cells.left_out, spec=',.6g')}."
        )
        yield described("raking", table, said)
    yield described("raking", table, LABELS)
