"""Rows of a table of numbers: each with its interval, n, direction, and what a reader needs to judge it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from genaudit.values.results import Interval
from genaudit_reports.content.audit_titles import audit_title
from genaudit_reports.content.families import family_of, place
from genaudit_reports.content.grouping import described, unsaid, whole_set
from genaudit_reports.content.headline_changes import HeadlineChange, headline_change
from genaudit_reports.number_format import count, interval_range, level, restyled, rounded_value, seconds, short
from genaudit_reports.safe_text import LONGEST_NAME, LONGEST_PROSE, clean, sentence, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.values.record import RunRecord
    from genaudit.values.results import EvaluationProtocol, MetricResult, Parameter
    from genaudit.values.run import MetricDescription

DIRECTIONS = {
    "higher": ("↑", "higher is better"),
    "lower": ("↓", "lower is better"),
    "none": ("·", "describes only"),
}
MOST_DETAILS = 12
MOST_BESIDE = 2
TECHNICAL = {
    "standard error", "clusters", "bias if normal", "classes", "every pair", "count", "independent units",
    "split standard deviation", "exact images", "rank generated", "rank reference",
}  # fmt: skip
"""Details that only a reader of the formula looks for."""
SHORT_NOTE = 90
"""Characters of a note that may be said again."""
_DIGITS = re.compile(r"\d[\d\u202f.]*")
OF_ONE_KIND = {"debiased", "partly debiased", "median", "largest"}
"""Details in the value's own unit, however small or large they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Where a value lies between its smallest and its largest possible value, in hundredths of the way."""

    low: float
    high: float
    value: float
    ideal: float | None
    """Where a perfect model would lie, if the metric says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The text behind ``what it means``."""

    meaning: str
    caveat: str
    formula: str
    source: str
    interval: str
    """How the interval was made, or why there is none."""
    bounds: str
    definition: str
    protocol: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow:
    """One number."""

    metric: str
    title: str
    summary: str
    group: str
    arrow: str
    direction: str
    value: str
    raw: float
    unit: str
    interval: str
    low: float | None
    high: float | None
    level: str
    reason: str
    n: str
    n_reference: str
    details: tuple[tuple[str, str], ...]
    note: str
    track: Track | None
    about: About
    explained: bool = False
    """Whether the page has explained it before."""
    change: HeadlineChange | None = None
    """Against a baseline; None where none was compared."""

    @property
    def beside(self) -> tuple[tuple[str, str], ...]:
        """The details that stand beside the value; the others wait behind ``what it means``."""
        telling = [pair for pair in self.details if pair[0] not in TECHNICAL]
        return tuple(telling[:MOST_BESIDE])


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The rows of one family."""

    title: str
    rows: tuple[MetricRow, ...]


def headline_blocks(record: RunRecord) -> list[Block]:
    """Every metric of the whole set, by family."""
    results = sorted(whole_set(record), key=lambda result: place(result.metric))
    blocks: dict[str, list[MetricRow]] = {}
    for result in results:
        row = metric_row(record, result)
        if record.gate:
            row = replace(row, change=headline_change(record.gate, result))
        blocks.setdefault(family_of(result.metric).title, []).append(row)
    return [Block(title=title, rows=tuple(rows)) for title, rows in blocks.items()]


def any_compared(blocks: list[Block]) -> bool:
    """Whether a number of these has a baseline, so that the columns for it would not be empty."""
    return any(row.change and row.change.compared for block in blocks for row in block.rows)


def metric_row(record: RunRecord, result: MetricResult) -> MetricRow:
    """The row of one result."""
    text = described(record, result.metric, result.group)
    arrow, direction = DIRECTIONS[result.direction.value]
    interval = result.interval
    title = (clean(text.title, LONGEST_NAME) if text else "") or audit_title(result.metric)
    return MetricRow(
        metric=clean(result.metric, LONGEST_NAME),
        title=title,
        summary=clean(text.summary) if text else "",
        group=unsaid(result.group, title),
        arrow=arrow,
        direction=direction,
        value=rounded_value(result.value, interval),
        raw=result.value,
        unit=clean(result.unit, LONGEST_NAME),
        interval=interval_range(interval) if interval else "",
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        level=level(interval) if interval else "",
        reason=restyled(sentence(result.reason_without)),
        n=count(result.n),
        n_reference=count(result.n_reference) if result.n_generated and result.n_reference else "",
        details=_details(result),
        note=restyled(sentence(result.note)),
        track=_track(result, text),
        about=_about(result, text),
    )


def _details(result: MetricResult) -> tuple[tuple[str, str], ...]:
    """Name and text of each detail; ``x``, ``x_low`` and ``x_high`` are one value with its interval."""
    details = result.details
    shown = []
    for key, value in list(details.items())[:MOST_DETAILS]:
        if key.endswith(("_low", "_high")) and key.rsplit("_", 1)[0] in details:
            continue
        low, high = details.get(f"{key}_low"), details.get(f"{key}_high")
        if low is not None and high is not None and low <= high:
            own = Interval(low=low, high=high, level=0.95, method="")
            shown.append((words(key), f"{rounded_value(value, own)} ({interval_range(own)})"))
        else:
            shown.append((words(key), _detail(key, value, result)))
    return tuple(shown)


def _detail(key: str, value: float, result: MetricResult) -> str:
    return rounded_value(value, result.interval) if _same_scale(key, value, result) else short(value)


def _same_scale(key: str, value: float, result: MetricResult) -> bool:
    """Whether a detail is a value of the same kind, so that it gets as many digits."""
    if key in OF_ONE_KIND:
        return True
    return bool(result.value) and 0.2 < abs(value / result.value) < 5 and not value.is_integer()


def _track(result: MetricResult, text: MetricDescription | None) -> Track | None:
    if text is None or None in text.bounds:
        return None
    smallest, largest = (float(bound) for bound in text.bounds if bound is not None)
    if not smallest < largest or not smallest <= result.value <= largest:
        return None

    def along(value: float) -> float:
        return round(100 * min(1.0, max(0.0, (value - smallest) / (largest - smallest))), 2)

    interval = result.interval
    ideal = next((value for key, value in result.details.items() if key.startswith("expected")), None)
    return Track(
        low=along(interval.low) if interval else along(result.value),
        high=along(interval.high) if interval else along(result.value),
        value=along(result.value),
        ideal=along(ideal) if ideal is not None else None,
    )


def _about(result: MetricResult, text: MetricDescription | None) -> About:
    how = (
        f"{level(result.interval)} interval: {clean(result.interval.method)}"
        if result.interval
        else f"No interval: {clean(result.reason_without)}"
    )
    return About(
        meaning=sentence(text.meaning) if text else "",
        caveat=sentence(text.caveat) if text else "",
        formula=clean(text.formula, LONGEST_PROSE) if text else "",
        source=sentence(text.source) if text else "",
        interval=restyled(sentence(how)),
        bounds=_bounds(text) if text else "",
        definition=clean(result.definition, 120),
        protocol=_protocol(result.protocol, result.seconds),
    )


def briefly(rows: Sequence[MetricRow]) -> list[MetricRow]:
    """The rows of one table; what the first of several says of all of them is not said again."""
    explained: set[tuple[str, ...]] = set()
    noted: dict[str, str] = {}
    found = []
    for row in rows:
        about, note, words = row.about, row.note, (row.metric, row.about.meaning, row.about.formula)
        name = f"{row.title} ({_own_part(row)})" if row.group else row.title
        first = noted.setdefault(_DIGITS.sub("0", note), name)
        if first != name and len(note) > SHORT_NOTE:
            note = f"The note on {first} holds here too."
        if words in explained:
            about = replace(about, meaning="", caveat="", formula="", source="", bounds="")
        found.append(replace(row, about=about, note=note, summary="" if words in explained else row.summary))
        explained.add(words)
    return found


def _own_part(row: MetricRow) -> str:
    """The group without the view that the title says already: ``orange to blue`` of translations."""
    view, comma, rest = row.group.partition(", ")
    return rest if comma and not unsaid(view, row.title) else row.group


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocols:
    """What the protocols of a record say more than once."""

    shared: tuple[tuple[str, str], ...]
    """What holds for all numbers, and what follows from the name of an extractor or of a reference."""
    unsaid: frozenset[tuple[str, str]]
    """Entries that need not be said beside a number any more."""


FOLLOWS = {"its weights": "extractor", "preprocessing": "extractor", "its contents": "reference"}
"""Entry of a protocol to the entry that it follows from."""


def protocols(record: RunRecord) -> Protocols:
    """What need be said only once."""
    every = [dict(_protocol(result.protocol, result.seconds)) for result in record.results]
    if len(every) < 2:
        return Protocols(shared=(), unsaid=frozenset())
    common = set(every[0].items()).intersection(*(one.items() for one in every[1:]))
    shared = [entry for entry in every[0].items() if entry in common and entry[0] != "time"]
    follow = []
    for key, of in FOLLOWS.items():
        found = dict.fromkeys((one[of], one[key]) for one in every if key in one and of in one)
        if len(dict(found)) == len(found):  # one value for each name
            follow += [(key, name, value) for name, value in found if (key, value) not in common]
    return Protocols(
        shared=(*shared, *((f"{key.removeprefix('its ')} of {name}", value) for key, name, value in follow)),
        unsaid=frozenset({*shared, *((key, value) for key, _, value in follow)}),
    )


def _bounds(text: MetricDescription) -> str:
    low, high = text.bounds
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f"at least {rounded_value(low)}" if low is not None else f"at most {rounded_value(high or 0.0)}"
    return f"{rounded_value(low)} to {rounded_value(high)}"


def _protocol(protocol: EvaluationProtocol, duration: float) -> tuple[tuple[str, str], ...]:
    entries = [
        ("extractor", clean(protocol.extractor, LONGEST_NAME)),
        ("its weights", digest(protocol.extractor_digest)),
        ("preprocessing", clean(protocol.preprocessing)),
        ("reference", clean(protocol.reference, LONGEST_NAME)),
        ("its contents", digest(protocol.reference_digest)),
        *((words(key), parameter(value)) for key, value in list(protocol.parameters.items())[:30]),
        ("seed", str(protocol.seed)),
        ("arithmetic", clean(protocol.dtype, LONGEST_NAME)),
        ("versions", clean(", ".join(f"{key} {value}" for key, value in protocol.versions.items()))),
        ("time", seconds(duration) if duration else ""),
    ]
    return tuple((key, value) for key, value in entries if value)


def parameter(value: Parameter) -> str:
    """An option's value as a reader says it.

    >>> parameter(None), parameter(True), parameter(0.01), parameter(10000)
    ('not set', 'yes', '0.01', '10\u202f000')
    """
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return count(value) if isinstance(value, int) else clean(value, LONGEST_NAME)


def digest(sha256: str) -> str:
    """The beginning of a digest, enough to tell two apart.

    >>> digest("4f1c" * 16), digest("")
    ('sha256 4f1c4f1c4f1c…', '')
    """
    text = clean(sha256, LONGEST_NAME).removeprefix("sha256:")
    return f"sha256 {text[:12]}…" if text else ""
