"""Options of the audits of a user's table; light, so that they are checked before anything is read."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from genaudit.errors import unknown_name

DIFFERENCES = (
    "demographic_parity_difference",
    "equal_opportunity_difference",
    "false_positive_rate_difference",
    "equalized_odds_difference",
    "positive_predictive_value_difference",
    "negative_predictive_value_difference",
    "accuracy_difference",
)
"""Largest minus smallest over groups: what may be declared as primary."""
OUTCOMES = ("fp", "fn", "tp", "tn")
LARGEST_COST = 1e100
"""Sums and squares of such costs over any number of people are still finite."""
TAKEN = {*OUTCOMES, "third", "third action", "yes", "no"}
"""Words for the decision itself, which no further action may be called."""
Role = Literal["confounder", "mediator", "collider", "unknown"]


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level lies in (0, 1), not {level}")


def _check_counts(min_count: int, warn_count: int) -> None:
    if not 1 <= min_count <= warn_count:
        raise ValueError(f"1 <= min_count <= warn_count is needed, not {min_count} and {warn_count}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingOptions:
    """The population that the table is meant to stand for."""

    population: Mapping[str, float] | None = None
    """Share of each group in the population, such as ``A=0.6,B=0.4``; they sum to 1."""
    population_source: str = ""
    """Where these shares come from: census, register, survey."""
    level: float = 0.95
    """Level of the intervals."""

    def __post_init__(self) -> None:
        _check_level(self.level)
        if self.population is None:
            return
        if not self.population or not all(0 <= share <= 1 for share in self.population.values()):
            raise ValueError("the shares of a population lie in [0, 1]")
        total = math.fsum(self.population.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares of a population sum to 1, not to {total:.6g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RakingOptions:
    """Margins of a population whose composition in combinations nobody knows."""

    margins: Mapping[str, Mapping[str, float]] | None = None
    """Of each column of groups or strata the share of every level, such as ``{"sex": {"f": 0.5, "m": 0.5}}``; on the
    command line ``--margin sex:f=0.5,m=0.5``, once for each."""
    population_source: str = ""
    """Where these shares come from: census, register, survey."""
    level: float = 0.95
    """Level of the intervals."""
    min_count: int = 10
    """Fewest people, as many as the weights are worth, below which a raked share is not estimable."""

    def __post_init__(self) -> None:
        _check_level(self.level)
        _check_counts(self.min_count, self.min_count)
        for name, shares in (self.margins or {}).items():
            total = math.fsum(shares.values())
            if not shares or not all(0 <= share <= 1 for share in shares.values()) or abs(total - 1) > 1e-6:
                raise ValueError(f"the shares of the margin {name} lie in [0, 1] and sum to 1, not to {total:.6g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRatesOptions:
    """When a rate is shown, and when it is shown with a warning."""

    min_count: int = 10
    """Fewest people of a denominator below which a rate is not estimable."""
    warn_count: int = 30
    """Fewest people of a denominator below which a rate carries a warning."""
    level: float = 0.95
    """Level of the intervals."""

    def __post_init__(self) -> None:
        _check_level(self.level)
        _check_counts(self.min_count, self.warn_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisparitiesOptions:
    """What is compared between groups, and how large a difference is tolerated."""

    primary: str | None = None
    """The one difference that was chosen before looking, such as ``false_positive_rate_difference``."""
    tolerance: float | None = None
    """Largest difference of the primary that is tolerated; without one it is described and not judged."""
    tolerance_source: str = ""
    """Who set the tolerance, and why there."""
    permutations: int = 9999
    """Permutations of group labels behind each p-value."""
    bootstraps: int = 2000
    """Multinomial draws behind each bootstrap standard error."""
    level: float = 0.95
    """Level of the intervals."""
    min_count: int = 10
    """Fewest people of a denominator below which a group is left out of a comparison, and listed."""

    def __post_init__(self) -> None:
        _check_level(self.level)
        _check_counts(self.min_count, self.min_count)
        if self.primary is not None and self.primary not in DIFFERENCES:
            raise ValueError(str(unknown_name("difference", self.primary, DIFFERENCES, listed="There are")))
        if self.tolerance is not None and not 0 < self.tolerance <= 1:
            raise ValueError(f"tolerance is a difference of rates, above 0 and at most 1, not {self.tolerance}")
        if self.tolerance is not None and self.primary is None:
            raise ValueError("a tolerance needs the primary that it is for, such as false_positive_rate_difference")
        if self.permutations < 99 or self.bootstraps < 100:
            raise ValueError(
                f"at least 99 permutations and 100 bootstraps are needed, not {self.permutations} and {self.bootstraps}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRatesOptions:
    """Where the decisions will be used."""

    prevalence: Mapping[str, float] | float | None = None
    """Share of positives where the decisions will be used, one for all or of each group, ``A=0.1,B=0.2``; without one
    only this table's is known."""
    level: float = 0.95
    """Level of the intervals."""
    min_count: int = 10
    """Fewest people of a denominator below which a share is not estimable."""

    def __post_init__(self) -> None:
        _check_level(self.level)
        _check_counts(self.min_count, self.min_count)
        given = self.prevalence.values() if isinstance(self.prevalence, Mapping) else (self.prevalence,)
        for share in given:
            if share is not None and not 0 < share < 1:
                raise ValueError(f"prevalence lies in (0, 1), not {share}")

    def prevalence_of(self, level: str) -> float | None:
        """The declared prevalence of a level of the group."""
        return self.prevalence.get(level) if isinstance(self.prevalence, Mapping) else self.prevalence


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpossibilityOptions:
    """When a group is large enough to be asked."""

    min_count: int = 10
    """Fewest people of a denominator below which a group is left out, and listed."""

    def __post_init__(self) -> None:
        _check_counts(self.min_count, self.min_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationOptions:
    """When a share at a score is shown."""

    level: float = 0.95
    """Level of the intervals; a departure is called more than chance where its p-value is below what it leaves."""
    min_count: int = 10
    """Fewest people of a group with a score below which their share is not estimable."""

    def __post_init__(self) -> None:
        _check_level(self.level)
        _check_counts(self.min_count, self.min_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsOptions:
    """What each outcome of a decision costs, in one unit, and who pays for it."""

    fp: float | None = None
    """Cost of a wrong flag: the decision is yes, the truth is no."""
    fn: float | None = None
    """Cost of a miss: the decision is no, the truth is yes."""
    tp: float = 0.0
    """Cost of a right flag."""
    tn: float = 0.0
    """Cost of rightly leaving alone."""
    who_pays: Mapping[str, str] | None = None
    """Who bears each of these costs: of ``fp``, ``fn``, ``tp``, ``tn`` and ``third``; of a further action by its name,
    or by ``NAME/no`` and ``NAME/yes`` where that depends on the truth."""
    third: float | None = None
    """Cost of a third action, such as asking a human, whatever the truth is."""
    actions: Mapping[str, tuple[float, float]] | None = None
    """Cost of each further action if the truth is no and if it is yes, ``inbox=0/1,junk=10/0.1,delete=100/0``; with
    costs of wrong flags and misses they stand beside yes and no."""
    level: float = 0.95
    """Level of the intervals."""
    min_count: int = 10
    """Fewest people of a denominator below which a group is left out, and listed."""

    def __post_init__(self) -> None:
        _check_level(self.level)
        _check_counts(self.min_count, self.min_count)
        if (self.fp is None) != (self.fn is None):
            raise ValueError("a cost of a wrong flag needs one of a miss, and the other way round: give fp and fn")
        single = {"fp": self.fp, "fn": self.fn, "tp": self.tp, "tn": self.tn, "third": self.third}
        named = {f"{name} of {action}": cost for action, pair in (self.actions or {}).items()
                 for name, cost in zip(("cost if no", "cost if yes"), pair, strict=True)}  # fmt: skip
        for name, cost in (single | named).items():
            if cost is not None and not 0 <= cost <= LARGEST_COST:
                raise ValueError(f"{name} is a cost from 0 to {LARGEST_COST:g}, not {cost}")
        if self.fp is not None and self.fn is not None and not (self.fp > self.tn and self.fn > self.tp):
            raise ValueError("a wrong decision costs more than the right one for the same truth: fp > tn and fn > tp")
        self._check_actions()

    def _check_actions(self) -> None:
        """Nothing, if there is a choice between actions, and every cost that somebody pays was declared."""
        further = tuple(self.actions or ())
        if self.fp is None and self.third is not None:
            raise ValueError("a third action is one beside yes and no: give their costs too, fp and fn")
        if self.fp is None and self.actions is not None and len(further) < 2:
            raise ValueError("at least two actions are needed to choose between them")
        taken = [name for name in further if name.casefold() in TAKEN]
        if taken:
            raise ValueError(f"an action cannot be called '{taken[0]}', which is something else here: rename it")
        payable = [*(OUTCOMES if self.fp is not None else ()), *(["third"] if self.third is not None else [])]
        payable += [f"{name}{suffix}" for name in further for suffix in ("", "/no", "/yes")]
        for name, payer in (self.who_pays or {}).items():
            if name not in payable:
                near = difflib.get_close_matches(name, payable, n=1)
                allowed = f"there are {', '.join(payable)}" if payable else "no cost was declared at all"
                allowed = f"did you mean '{near[0]}'?" if near else allowed
                raise ValueError(f"who pays for '{name}' was said, and no such cost was declared; {allowed}")
            if not payer.strip():
                raise ValueError(f"nobody is named who pays for '{name}'")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfoundingOptions:
    """What the stratum variables are thought to be."""

    role: Mapping[str, Role] | Role | None = None
    """One for all stratum variables, or of each, ``department=mediator,year=confounder``: ``confounder`` (a cause of
    both), ``mediator`` (on the way), ``collider`` (a common consequence) or ``unknown``."""
    level: float = 0.95
    """Level of the intervals."""
    min_count: int = 10
    """Fewest people of a group, in all strata together, below which it is left out, and listed."""

    def __post_init__(self) -> None:
        _check_level(self.level)
        _check_counts(self.min_count, self.min_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenOptions:
    """How associations are looked for and tried again."""

    alpha: float = 0.05
    """Level of each test, and share of false discoveries that is accepted among those found."""
    withheld: float = 0.5
    """Share of the items that are kept back to try again what was found on the others."""

    def __post_init__(self) -> None:
        _check_level(self.alpha)
        if not 0.1 <= self.withheld <= 0.9:
            raise ValueError(f"withheld lies in [0.1, 0.9], not {self.withheld}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackOptions:
    """The mechanism that is illustrated: where to look next is decided by what was found before."""

    discovery: Mapping[str, float] | None = None
    """Chance that looking at one of a group finds something, ``A=0.1,B=0.1``; else the prevalence in the table."""
    start: Mapping[str, float] | None = None
    """Discoveries of each group to begin with; else those flagged in the table."""

    def __post_init__(self) -> None:
        if self.discovery is not None and not all(0 < rate <= 1 for rate in self.discovery.values()):
            raise ValueError("chances of a discovery lie in (0, 1]")
        if self.start is not None and not all(math.isfinite(n) and n > 0 for n in self.start.values()):
            raise ValueError("discoveries to begin with are above 0")
