"""What a metric says: a number with its interval, or the reason why there is none."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

Parameter = str | int | float | bool | None
LARGEST_NUMBER = 1e150
"""Beyond it no metric lies; squares and differences of what is below are still finite."""
MOST_COUNTED = 2**53
"""Beyond it a float64 skips whole numbers, and an n is none."""


def is_kept(*numbers: float) -> bool:
    """Whether numbers can be kept in a record: finite, and no larger than can be calculated with.

    >>> is_kept(-0.0, 3.5), is_kept(float("nan")), is_kept(1e308)
    (True, False, False)
    """
    return all(abs(float(number)) <= LARGEST_NUMBER for number in numbers)  # of a float32 the bound would overflow


class Direction(StrEnum):
    """Which way a metric improves."""

    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"
    """The number describes; neither way is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An interval of the stated level around a value.

    Raises:
        ValueError: A bound is not finite or beyond 1e150, the bounds are swapped, the level is outside (0, 1), or the
            standard error is negative.

    >>> Interval(low=1.0, high=2.0, level=0.95, method="normal").width
    1.0
    """

    low: float
    high: float
    level: float
    """Nominal coverage, a fraction in (0, 1)."""
    method: str
    """How the interval was made, in words a reader can look up."""
    standard_error: float | None = None
    """Of the value, where the interval was made from one; it outlives bounds at which the interval is cut off."""
    degrees_of_freedom: float | None = None
    """Of Student's t; None for a normal interval."""

    def __post_init__(self) -> None:
        if not (is_kept(self.low, self.high) and self.low <= self.high):
            raise ValueError(
                f"an interval needs finite bounds in order, none beyond 1e150, not [{self.low}, {self.high}]"
            )
        if self.standard_error is not None and not (is_kept(self.standard_error) and self.standard_error >= 0):
            raise ValueError(f"a standard error is finite and not negative, not {self.standard_error}")
        if not 0 < self.level < 1:
            raise ValueError(f"a level lies in (0, 1), not {self.level}")

    @property
    def width(self) -> float:
        """Distance between the bounds, in the value's unit."""
        return self.high - self.low


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationProtocol:
    """What makes two numbers comparable: two results with different protocols are never compared silently."""

    extractor: str = ""
    """Name of the network whose features were compared; empty if the metric needs none."""
    extractor_digest: str = ""
    """SHA-256 of the extractor's weights."""
    preprocessing: str = ""
    """How images were resized and quantised before they were read."""
    reference: str = ""
    """Data set and split, ``name/split``."""
    reference_digest: str = ""
    """SHA-256 of the reference images."""
    view: str = ""
    """What was compared instead of the generated samples, such as ``reconstructions``; empty for the samples."""
    samples: int = 0
    """Generated images asked for; 0 if the number needs none. Distances are biased by it, so it must agree."""
    dtype: str = "float64"
    """Precision of the arithmetic after the forward pass."""
    seed: int = 0
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    """The metric's own choices: k, subsets, epsilon and the like."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Versions of the libraries that the number depends on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A curve, histogram or bar row that a report may draw; at most a few thousand numbers."""

    name: str
    """Identifier, such as ``training_loss`` or ``reconstruction_error``."""
    title: str
    x_label: str
    y_label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    kind: str = "line"
    """``line`` or ``histogram`` (x holds the left edges and one more right edge)."""

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (*self.x, *self.y))):
            raise ValueError(f"the series '{self.name}' must be finite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Influences:
    """What each item adds to the deviation of a value from its expectation, to first order; every side sums to 0.

    Two runs on the same items are compared by what these differ by: what both share cancels.
    """

    generated: tuple[float, ...]
    generated_clusters: tuple[int, ...] = ()
    """The source item of each; empty if they are independent."""
    generated_strata: tuple[int, ...] = ()
    """Codes whose shares were fixed when the set was drawn; empty for a random sample."""
    reference: tuple[float, ...] = ()
    """Of the reference items; empty if the value is given the reference set, or has none."""
    reference_clusters: tuple[int, ...] = ()
    reference_strata: tuple[int, ...] = ()
    remainder: float = 0.0
    """Standard error of what first order leaves out; it is never taken to cancel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a metric function returns; the engine adds name, version, unit, direction, protocol and time.

    Exactly one of ``interval`` and ``reason_without`` is given.

    Raises:
        ValueError: Value or a detail is not finite, or both or neither of interval and reason are given.
    """

    value: float
    interval: Interval | None = None
    reason_without: str = ""
    """Why there is no interval, as a sentence."""
    n_generated: int = 0
    """Generated images (or pairs, paths, codes: see the unit) behind the value."""
    n_reference: int = 0
    group: str = ""
    """Empty for the whole set, else the group as ``attribute=level`` pairs or the view that was compared."""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    """Choices that belong to the protocol and are not options, such as the size that was compared."""
    details: Mapping[str, float] = field(default_factory=dict)
    """Further numbers that explain the value, each finite; never gated."""
    note: str = ""
    """One sentence that a reader of this value must know."""
    series: tuple[Series, ...] = ()
    """Curves and histograms that belong beside the value."""
    terms: tuple[float, ...] = ()
    """What the value is the mean of, item by item, where it is one: two runs on the same items are compared by them."""
    clusters: tuple[int, ...] = ()
    """The source item of each term; empty if they are independent."""
    influences: Influences | None = None
    """Where the value is no mean, but a smooth function of the items."""
    left_out: tuple[float, ...] = ()
    """The value without one block of items each, where seed and items alone decide which block an item is in."""

    def __post_init__(self) -> None:
        if self.terms and abs(math.fsum(self.terms) / len(self.terms) - self.value) > 1e-9 * max(1.0, abs(self.value)):
            raise ValueError("terms are what the value is the mean of")
        if not is_kept(self.value, *self.details.values()):
            raise ValueError(f"an estimate must be finite, not {self.value} with {dict(self.details)}")
        if (self.interval is None) == (not self.reason_without):
            raise ValueError("an estimate carries an interval or the reason why it has none, and not both")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricResult:
    """One number of a run, with all that is needed to read it.

    Raises:
        ValueError: A number is not finite or beyond 1e150, or a count is negative or beyond 2⁵³.
    """

    metric: str
    version: str
    value: float
    """Always finite: what could not be computed is an ``Unavailable`` or a ``Failure``."""
    unit: str
    direction: Direction
    interval: Interval | None
    reason_without: str
    """Why there is no interval; empty if there is one."""
    n_generated: int
    n_reference: int
    group: str
    protocol: EvaluationProtocol
    seconds: float
    """Time of this metric alone, without the probes that it shares with others; 0 if it was not kept."""
    details: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        if not is_kept(self.value, self.seconds, *self.details.values()):
            raise ValueError(f"value, details and seconds of {self.metric} are finite, and none is beyond 1e150")
        if not (0 <= self.n_generated <= MOST_COUNTED and 0 <= self.n_reference <= MOST_COUNTED):
            raise ValueError(f"{self.metric} counts from 0 to {MOST_COUNTED:,} items on each side")

    @property
    def n(self) -> int:
        """The number of generated items, or of reference items where nothing was generated."""
        return self.n_generated or self.n_reference

    @property
    def definition(self) -> str:
        """``metric/version:hash`` of all that must agree before two values may be compared.

        Seed and library versions are left out: two seeds are two draws of one quantity.
        """
        names = (one.name for one in fields(self.protocol) if one.name not in {"seed", "versions"})
        agreed = {name: getattr(self.protocol, name) for name in names}
        text = json.dumps(agreed, sort_keys=True, allow_nan=False)
        return f"{self.metric}/{self.version}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"


NOT_REACHED = "not-reached"
"""Reason code of what a run was asked for and did not come to: it would apply, and the run ended before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """A component that does not apply here: expected, and part of the result."""

    component: str
    reason_code: str
    """``needs-capability``, ``too-few-samples``, ``not-a-density``, ``no-weights``, ``needs-labels`` …, and
    ``NOT_REACHED``."""
    reason: str
    hint: str = ""
    """What would make it apply."""
    group: str = ""
    title: str = ""
    """What people call it; empty where only its identifier is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A defect in one component; the rest of the run goes on and the exit code says so."""

    component: str
    stage: str
    """``import``, ``hook``, ``build``, ``decode``, ``metric``, ``report`` …"""
    error: str
    hint: str = ""
    group: str = ""
