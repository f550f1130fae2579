"""Options of the audits; light, so that they are checked before anything heavy is loaded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesOptions:
    """What every audit of shares is told: when a share is shown, what it is held against, and who set a tolerance."""

    min_count: int = 10
    """Fewest images of a row below which its shares are not estimable."""
    warn_count: int = 30
    """Fewest images of a row below which its shares carry a warning."""
    level: float = 0.95
    """Level of the intervals."""
    reference: Literal["", "training", "uniform", "population"] = ""
    """What shares are held against. Never assumed: without it they are described beside the training data."""
    population: tuple[str, ...] = ()
    """Shares of the declared population, ``attribute=level:share``, such as ``colour=orange:0.6, colour=blue:0.4``."""
    population_source: str = ""
    """Where the population's shares come from."""
    tolerance: float | None = None
    """Largest deviation that is accepted; none is assumed."""
    tolerance_by: str = ""
    """Who set the tolerance, for the report."""

    def __post_init__(self) -> None:
        if not 1 <= self.min_count <= self.warn_count:
            raise ValueError(f"1 <= min_count <= warn_count is needed, not {self.min_count} and {self.warn_count}")
        if not 0 < self.level < 1:
            raise ValueError(f"level lies in (0, 1), not {self.level}")
        if self.tolerance is not None and not 0 <= self.tolerance < 1:
            raise ValueError(f"tolerance lies in [0, 1), not {self.tolerance}")
        if self.tolerance is not None and not self.reference:
            raise ValueError("a tolerance needs a reference: training, uniform or population")
        if bool(self.population) != (self.reference == "population"):
            raise ValueError("reference=population and population=attribute=level:share,… are given together")
        for attribute, shares in population_shares(self.population).items():
            if not math.isclose(sum(shares.values()), 1, abs_tol=1e-6):
                raise ValueError(f"the population's shares of {attribute} add up to {sum(shares.values()):g}, not to 1")

    def check(self, attributes: Mapping[str, tuple[str, ...]]) -> None:
        """Nothing, if what was declared is about attributes and levels that the data set has.

        Raises:
            ValueError: It names others, or leaves a level out.
        """
        for attribute, shares in population_shares(self.population).items():
            if attribute not in attributes:
                raise ValueError(
                    f"the population is about {attribute}; the data have {', '.join(attributes) or 'no labels'}"
                )
            if set(shares) != set(attributes[attribute]):
                raise ValueError(
                    f"the population of {attribute} names {', '.join(shares)}; its levels are "
                    f"{', '.join(attributes[attribute])}"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationOptions(SharesOptions):
    """Options of the shares of groups; the tolerance is a largest distance from the reference's share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncationShareOptions(SharesOptions):
    """Options of shares under truncation; the tolerance is a largest total variation to the declared reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmplificationOptions(SharesOptions):
    """Options of bias amplification; the tolerance is a largest amplification."""

    min_cell: int = 10
    """Fewest training images of a pair of levels below which it is left out."""
    min_difference: float = 0.01
    """A training share nearer to the reference's than this has no direction that could be amplified."""

    def __post_init__(self) -> None:
        SharesOptions.__post_init__(self)
        if self.min_cell < 1 or not 0 <= self.min_difference < 1:
            raise ValueError(
                f"min_cell >= 1 and min_difference in [0, 1) are needed, not {self.min_cell}, {self.min_difference}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipOptions:
    """Options of the audit of translations."""

    min_count: int = 10
    """Fewest images of a level below which nothing is estimated of it."""
    level: float = 0.95
    """Level of the intervals."""
    tolerance: float | None = None
    """Largest share of changed images, beyond the reader's errors, that is accepted; none is assumed."""
    tolerance_by: str = ""
    """Who set the tolerance, for the report."""

    def __post_init__(self) -> None:
        if self.min_count < 1 or not 0 < self.level < 1:
            raise ValueError(f"min_count >= 1 and level in (0, 1) are needed, not {self.min_count} and {self.level}")
        if self.tolerance is not None and not 0 <= self.tolerance < 1:
            raise ValueError(f"tolerance lies in [0, 1), not {self.tolerance}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconstructionOptions:
    """Options of the bias amplification of reconstructions."""

    min_count: int = 10
    """Fewest held-out images of a level below which nothing is estimated of it."""
    min_cell: int = 10
    """Fewest training images of a pair of levels below which it is left out."""
    min_difference: float = 0.01
    """A training share nearer to that without a link than this has no direction that could be amplified."""
    level: float = 0.95
    """Level of the intervals."""
    tolerance: float | None = None
    """Largest amplification that is accepted; none is assumed."""
    tolerance_by: str = ""
    """Who set the tolerance, for the report."""

    def __post_init__(self) -> None:
        if min(self.min_count, self.min_cell) < 1 or not 0 <= self.min_difference < 1 or not 0 < self.level < 1:
            raise ValueError(
                "min_count and min_cell >= 1, min_difference in [0, 1) and level in (0, 1) are needed, not "
                f"{self.min_count}, {self.min_cell}, {self.min_difference} and {self.level}"
            )
        if self.tolerance is not None and not 0 <= self.tolerance < 1:
            raise ValueError(f"tolerance lies in [0, 1), not {self.tolerance}")


def population_shares(declared: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Attribute to level to declared share.

    Raises:
        ValueError: An entry that is not ``attribute=level:share`` with a share in [0, 1], or a level given twice.

    >>> population_shares(("colour=orange:0.6", "colour=blue:0.4"))
    {'colour': {'orange': 0.6, 'blue': 0.4}}
    """
    found: dict[str, dict[str, float]] = {}
    for entry in declared:
        name, _, number = entry.rpartition(":")
        attribute, sign, level = (part.strip() for part in name.partition("="))
        try:
            share = float(number)
        except ValueError:
            share = math.nan
        if not (attribute and sign and level and 0 <= share <= 1):
            raise ValueError(f"a share of the population is written attribute=level:0.4, not '{entry}'")
        if level in found.setdefault(attribute, {}):
            raise ValueError(f"the population's share of {attribute}={level} is given twice")
        found[attribute][level] = share
    return found
