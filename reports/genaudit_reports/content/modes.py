"""Which modes the model makes too often or too seldom, beyond what chance explains."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.results import Interval
from genaudit_reports.content.grouping import pairs_of
from genaudit_reports.content.wording import enumeration
from genaudit_reports.number_format import count, percent, percent_range

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

METRIC = "mode_share"
NEAR = "high_quality_rate"
MODE = "mode"
"""What a class is called where the data are a mixture of known modes: points have no other class."""
MOST_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeShare:
    """One mode among generated images."""

    kind: str
    """What a mode is: ``class``, for instance."""
    mode: str
    value: float
    interval: Interval | None
    n: int
    """Generated images whose mode was read."""
    reference: float | None
    """Share in the data; None if unknown."""
    reference_low: float
    reference_high: float
    """Interval of the share in the data, which are a sample too; the share itself if it is exact."""

    @property
    def is_compared(self) -> bool:
        """Whether there is what a comparison needs."""
        return self.interval is not None and self.reference is not None

    @property
    def side(self) -> int:
        """1 if more often than in the data beyond what sampling of both sides explains, -1 if less, 0 if undecided.

        The interval of the difference is made from both intervals (Newcombe 1998, method 10).
        """
        if self.interval is None or self.reference is None:
            return 0
        difference = self.value - self.reference
        below = math.hypot(self.value - self.interval.low, self.reference_high - self.reference)
        above = math.hypot(self.interval.high - self.value, self.reference - self.reference_low)
        return int(difference > below) - int(-difference > above)


def mode_shares(record: RunRecord) -> list[ModeShare]:
    """The share of every mode, in the record's order."""
    found = []
    known_mixture = any(result.metric == NEAR for result in record.results)
    for result in record.results:
        pairs = pairs_of(result.group)
        if result.metric == METRIC and len(pairs) == 1:
            known = result.details.get("reference_share", result.details.get("reference"))
            found.append(
                ModeShare(
                    kind=MODE if known_mixture else pairs[0][0],
                    mode=pairs[0][1],
                    value=result.value,
                    interval=result.interval,
                    n=result.n,
                    reference=known,
                    reference_low=result.details.get("reference_low", known or 0.0),
                    reference_high=result.details.get("reference_high", known or 0.0),
                )
            )
    return found


def mode_sentences(record: RunRecord, *, most: int = MOST_NAMED, rest: bool = True) -> list[str]:
    """What stands out, furthest first, at most ``most`` modes of a kind by name; that nothing does, if so.

    Every mode is counted once: as absent, as made too often, as made too seldom, as no different, or as not compared.
    With ``rest=False`` the last two are left to the section about modes.
    """
    shares = mode_shares(record)
    if not shares:
        return []
    kind = shares[0].kind
    made = [share for share in shares if share.value > 0]
    over, under = _furthest(made, 1), _furthest(made, -1)
    sentences = _absent_sentences(kind, [share for share in shares if share.value == 0], most)
    if over:
        sentences.append(f"Made more often than in the data: {kind} {_named(over, most)}.")
    if under:
        than = "" if over else " than in the data"
        sentences.append(f"Made less often{than}: {kind} {_named(under, most)}.")
    alike = sum(share.is_compared and share.side == 0 for share in made)
    unknown = sum(not share.is_compared for share in made)
    if alike and not sentences:
        sentences.append(f"No {kind} is made more or less often than in the data beyond what sampling explains.")
    elif alike and rest:
        verb = "does" if alike == 1 else "do"
        sentences.append(f"The other {count(alike)} {verb} not differ beyond what sampling explains.")
    if unknown and rest:
        sentences.append(f"{count(unknown)} could not be compared with the data.")
    return sentences


def near_modes_sentence(record: RunRecord) -> str:
    """How many points lie near a mode of a mixture that is known, beside the data's share; empty if nobody counted.

    A distance that is small between two sets of modes says nothing of the places between them.
    """
    found = next((one for one in record.results if one.metric == NEAR and not one.group), None)
    if found is None:
        return ""
    around = f" ({percent_range(found.interval)})" if found.interval else ""
    told = f"{percent(found.value, found.interval)}{around} of {count(found.n)} generated points lie near a mode"
    of_data, reached, modes = (found.details.get(name) for name in ("reference_rate", "modes_reached", "modes"))
    told += "" if of_data is None else f"; of the data {percent(of_data)} do"
    return (
        f"{told}."
        if reached is None or modes is None
        else f"{told}. {count(reached)} of {count(modes)} modes are reached."
    )


def _absent_sentences(kind: str, absent: list[ModeShare], most: int) -> list[str]:
    """Modes that were never made, apart from those that so few images may miss by chance."""
    by_chance = [share.mode for share in absent if share.is_compared and share.side == 0]
    missed = [share.mode for share in absent if share.mode not in by_chance]
    sentences = []
    if missed:
        sentences.append(f"Not generated at all: {kind} {enumeration(missed[:most], len(missed))}.")
    if by_chance:
        names = enumeration(by_chance[:most], len(by_chance))
        sentences.append(f"Not generated, as may happen by chance in so small a sample: {kind} {names}.")
    return sentences


def _furthest(shares: list[ModeShare], side: int) -> list[ModeShare]:
    beyond = [share for share in shares if share.side == side]
    return sorted(beyond, key=lambda share: -abs(share.value - (share.reference or 0.0)))


def _named(shares: list[ModeShare], most: int) -> str:
    texts = [
        f"{share.mode} ({percent(share.value, share.interval)}"
        + (f", {percent_range(share.interval)}" if share.interval and position == 0 else "")
        + f"; data {percent(share.reference or 0.0)})"
        for position, share in enumerate(shares[:most])
    ]
    return enumeration(texts, len(shares))
