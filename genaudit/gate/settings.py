"""What the user tolerates: ``[gate]`` of the configuration, checked as a whole."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from genaudit.errors import BadOption, unknown_name
from genaudit.values.gate import GateLevel

if TYPE_CHECKING:
    from collections.abc import Iterable

KEYS = ("baseline", "default", "metrics", "strict", "drift_from", "max_samples")
DRIFT_FROM = ("first", "off")
UNCORRECTED = ("share_generated", "share_reference")
"""Shares as an imperfect reader saw them; a change of theirs may be a change of the reader's errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far a metric may worsen, and what happens when it does."""

    level: GateLevel = GateLevel.ERROR
    rel: float = 0.05
    """Share of the baseline's absolute value."""
    abs: float = 0.0
    """In the metric's unit; the larger of both counts."""
    reason: str = ""
    """Why the project gates it; needed for numbers about groups of people or things."""

    def allowed(self, baseline: float) -> float:
        """The largest worsening that is allowed.

        >>> Tolerance(rel=0.05, abs=1.0).allowed(-186.0), Tolerance(rel=0.05, abs=1.0).allowed(2.0)
        (9.3, 1.0)
        """
        return max(self.abs, self.rel * abs(baseline))

    def rule(self, baseline: float) -> str:
        """How ``allowed`` came about.

        >>> Tolerance(rel=0.03).rule(12.1), Tolerance(rel=0.0, abs=0.02).rule(0.6), Tolerance(rel=0.0).rule(1.0)
        ('3 % of the baseline', '0.02', 'any real worsening')
        """
        if not self.allowed(baseline):
            return "any real worsening"
        return f"{100 * self.rel:.4g} % of the baseline" if self.relative(baseline) else f"{self.abs:.4g}"

    def relative(self, baseline: float) -> bool:
        """Whether it is the share of the baseline that counts."""
        return self.rel * abs(baseline) > self.abs


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSettings:
    """Everything that ``[gate]`` may say."""

    baseline: str = ""
    default: Tolerance = Tolerance()
    """Of every metric that has a direction and an interval and is not named."""
    metrics: Mapping[str, Tolerance] = field(default_factory=dict)
    """Metric, or ``metric [group]``, to its own tolerance."""
    strict: bool = False
    drift_from: str = "first"
    """``first``: twice the tolerance also holds against the oldest kept value; ``off``."""
    max_samples: int = 100_000
    """Generated images, over all runs, that ``--resolve`` may buy."""

    def of(self, name: str) -> Tolerance:
        """The tolerance of a metric."""
        return self.metrics.get(name, self.default)

    def check_names(self, known: Iterable[str]) -> None:
        """Nothing, if every metric that is named exists.

        Raises:
            UnknownName: One does not; the nearest that does is named.
        """
        names = set(known)
        for name in self.metrics:
            if name not in names:
                raise unknown_name("metric for [gate.metrics]:", name, names, listed="There are")


def gate_settings(table: Mapping[str, Any], origin: str = "[gate]") -> GateSettings:
    """The settings that a table of a configuration file describes.

    Args:
        table: ``{"default": {"level": "warn", "rel": 0.05}, "metrics": {"fid": {"level": "error", "abs": 0.1}}}``;
            a metric takes what it does not say from ``default``.
        origin: Where the table stands, for messages.

    Raises:
        BadOption: Something in it does not exist, has another type or is a tolerance below 0; all of it in one message.

    >>> gate_settings({"metrics": {"fid": {"level": "warn", "rel": 0.03}}}).of("fid").rel
    0.03
    """
    wrong = _unknown(table, KEYS, "key")
    default = _tolerance(table.get("default", {}), Tolerance(), "default", wrong)
    named = table.get("metrics", {})
    if not isinstance(named, Mapping):
        wrong.append(f"metrics is {named!r}, not a table")
        named = {}
    metrics = {name: _tolerance(entry, default, name, wrong) for name, entry in named.items()}
    wrong += [
        f"{name} is an uncorrected share and never gates: gate share_corrected, or set its level to off"
        for name, own in metrics.items()
        if name.partition(" [")[0] in UNCORRECTED and own.level is not GateLevel.OFF
    ]
    plain = {
        "baseline": (str, "a path"),
        "strict": (bool, "true or false"),
        "drift_from": (str, " or ".join(DRIFT_FROM)),
        "max_samples": (int, "a whole number of at least 1"),
    }
    given = {key: table[key] for key in plain if key in table}
    wrong += [
        f"{key} = {value!r} is not {plain[key][1]}"
        for key, value in given.items()
        if type(value) is not plain[key][0]
        or (key == "drift_from" and value not in DRIFT_FROM)
        or (key == "max_samples" and isinstance(value, int) and value < 1)
    ]
    if wrong:
        raise BadOption(f"{origin}: {'; '.join(wrong)}.", f"Keys: {', '.join(KEYS)}; see docs/gate.md.")
    return GateSettings(default=default, metrics=metrics, **given)


def _tolerance(entry: object, default: Tolerance, name: str, wrong: list[str]) -> Tolerance:
    if not isinstance(entry, Mapping):
        wrong.append(f"{name} is {entry!r}, not a table such as {{ level = 'warn', rel = 0.05 }}")
        return default
    wrong += _unknown(entry, ("level", "rel", "abs", "reason"), "key", f" of {name}")
    found = replace(default, reason="")
    if {"rel", "abs"} & set(entry):  # a metric that names one kind of tolerance does not inherit the other
        found = replace(found, rel=0.0, abs=0.0)
    for key, value in entry.items():
        if key == "rel":
            found = replace(found, rel=_amount(value, f"{name}.rel", wrong))
        elif key == "abs":
            found = replace(found, abs=_amount(value, f"{name}.abs", wrong))
        elif key == "level" and value in set(GateLevel):
            found = replace(found, level=GateLevel(value))
        elif key == "level":
            wrong.append(f"{name}.level = {value!r} is not {', '.join(GateLevel)}")
        elif key == "reason" and isinstance(value, str):
            found = replace(found, reason=value.strip())
        elif key == "reason":
            wrong.append(f"{name}.reason = {value!r} is not a text")
    return found


def _amount(value: object, name: str, wrong: list[str]) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        wrong.append(f"{name} = {value!r} is not a number of at least 0")
        return 0.0
    return float(value)


def _unknown(table: Mapping[str, Any], allowed: Iterable[str], noun: str, place: str = "") -> list[str]:
    names = list(allowed)
    wrong = []
    for key in table:
        if key not in names:
            near = difflib.get_close_matches(str(key), names, n=1)
            wrong.append(f"no {noun} '{key}'{place}" + (f" (did you mean '{near[0]}'?)" if near else ""))
    return wrong
