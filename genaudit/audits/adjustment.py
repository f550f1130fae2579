"""Which stratum variables are held fixed together, by the role that was declared for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.table_options import Role

if TYPE_CHECKING:
    from genaudit.values.counts import CountTable

TIMES = " × "
ORDER: tuple[Role, ...] = ("confounder", "unknown", "mediator")
"""Causes of both are held fixed first, then what may be one, then what lies on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Some stratum variables that are held fixed together, and what is thought of each."""

    roles: Mapping[str, Role]
    """Variable to its declared role."""
    strata: tuple[str, ...]
    """Combinations of their levels."""
    index: tuple[int, ...]
    """Of each stratum of the table, the place among ``strata`` that it is part of."""

    @property
    def held(self) -> str:
        """``department × year``."""
        return TIMES.join(self.roles)

    @property
    def mediators(self) -> tuple[str, ...]:
        """Variables on the way from group to decision: the back-door formula has no place for them."""
        return self.of("mediator")

    def of(self, role: Role) -> tuple[str, ...]:
        """The variables of a role."""
        return tuple(name for name, own in self.roles.items() if own == role)


def variables(table: CountTable) -> tuple[str, ...]:
    """The stratum variables of a table, one by one."""
    return table.held or ((table.stratum,) if table.stratum else ())


def declared_roles(table: CountTable, declared: Mapping[str, Role] | Role | None) -> dict[str, Role | None]:
    """Each stratum variable with its role; a role without a name is that of every variable.

    Args:
        table: Counts; its stratum variables are asked for.
        declared: Variable to role, one role for all of them, or None.
    """
    if isinstance(declared, Mapping):
        return {name: declared.get(name) for name in variables(table)}
    return dict.fromkeys(variables(table), declared)


def adjustments(table: CountTable, roles: Mapping[str, Role]) -> tuple[Adjustment, ...]:
    """What is held fixed, the narrowest first: causes of both, then with what may be one, then with mediators.

    A gap with confounders alone held fixed is the whole gap between people who are alike in them; with a mediator held
    fixed as well it is the part that does not run through it. Where all variables have one role there is one answer.
    Colliders are held fixed nowhere.

    Args:
        table: Counts over the combinations of its stratum variables.
        roles: Variable to its role.

    >>> from genaudit.values.counts import CountTable
    >>> table = CountTable(
    ...     group="sex", groups=("f", "m"), truth="", decision="admitted", counts=np.ones((4, 2, 2, 2)) * [[1], [0]],
    ...     stratum="department × year", strata=("A × 1973", "A × 1974", "B × 1973", "B × 1974"),
    ...     held=("department", "year"), levels=(("A", "1973"), ("A", "1974"), ("B", "1973"), ("B", "1974")),
    ... )
    >>> [one.held for one in adjustments(table, {"department": "mediator", "year": "confounder"})]
    ['year', 'department × year']
    >>> adjustments(table, {"department": "mediator", "year": "confounder"})[0].strata
    ('1973', '1974')
    """
    found: list[Adjustment] = []
    for last in range(1, len(ORDER) + 1):
        kept = {name: role for name, role in roles.items() if role in ORDER[:last]}
        if kept and (not found or len(kept) > len(found[-1].roles)):
            found.append(_adjustment(table, kept))
    return tuple(found)


def _adjustment(table: CountTable, kept: Mapping[str, Role]) -> Adjustment:
    names = variables(table)
    if len(kept) == len(names):
        return Adjustment(roles=dict(kept), strata=table.strata, index=tuple(range(len(table.strata))))
    places = [place for place, name in enumerate(names) if name in kept]
    parts = [TIMES.join(level[place] for place in places) for level in table.levels]
    strata = tuple(dict.fromkeys(parts))
    return Adjustment(roles=dict(kept), strata=strata, index=tuple(map(strata.index, parts)))


def over(adjustment: Adjustment, by_stratum: np.ndarray) -> np.ndarray:
    """Counts ``(strata of the table, …)`` as ``(strata of the adjustment, …)``.

    >>> one = Adjustment(roles={"year": "confounder"}, strata=("1973", "1974"), index=(0, 1, 0, 1))
    >>> over(one, np.array([1, 2, 3, 4]))
    array([4., 6.])
    """
    summed = np.zeros((len(adjustment.strata), *by_stratum.shape[1:]))
    np.add.at(summed, list(adjustment.index), by_stratum)
    return summed
