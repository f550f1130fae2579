"""Which column of a table is what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumns:
    """The roles that a user gives to columns.

    >>> TableColumns(group=("race",), truth="reoffended", decision="flagged", strata=("sex",)).keys
    ('race', 'sex', 'reoffended', 'flagged')
    """

    group: tuple[str, ...]
    """One column, or several whose combinations are groups of their own."""
    truth: str = ""
    """What was the case; empty if no column says it."""
    decision: str = ""
    """What was decided; empty if it is made from ``score``."""
    score: str = ""
    threshold: float | None = None
    """The decision is yes where the score is at least this."""
    score_kind: str = ""
    """``probability``: of truth = yes, in [0, 1]; ``rank``: only the order means something; empty: as the numbers
    look."""
    cuts: tuple[float, ...] = ()
    """Further scores at which people are told apart: where another declared action becomes the cheapest."""
    strata: tuple[str, ...] = ()
    """Columns whose combinations are held fixed."""
    weight: str = ""
    """How many people a row stands for; empty if it is one."""
    weight_kind: str = ""
    """``count``: whole numbers of people; ``survey``: weights of a sample; empty: as the numbers look."""
    features: tuple[str, ...] = ()
    """Columns that are screened for associations with the decision; ``all`` stands for every other column."""
    positive: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column of truth or decision to the values that mean yes; ``""`` stands for either column."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns whose values are told apart, each once; the score stands for a decision."""
        labels = (self.truth, self.decision or self.score)
        return tuple(dict.fromkeys(name for name in (*self.group, *self.strata, *labels) if name))

    @property
    def named(self) -> tuple[str, ...]:
        """Every column that is read."""
        return tuple(dict.fromkeys((*self.keys, *filter(None, (self.weight,)))))

    @property
    def outcome(self) -> str:
        """What the decision is called in sentences."""
        return self.decision or f"{self.score} ≥ {self.threshold:g}"
