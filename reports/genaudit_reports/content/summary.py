"""The first sentences of the page: what the run found, made from its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.results import NOT_REACHED
from genaudit_reports.content.debiased import ZERO, debiased
from genaudit_reports.content.families import family_of, place
from genaudit_reports.content.grouping import described, pairs_of, whole_set
from genaudit_reports.content.modes import mode_sentences, near_modes_sentence
from genaudit_reports.content.nearest import copying_sentence
from genaudit_reports.content.scored import is_scored, items
from genaudit_reports.content.translation import translation_sentences
from genaudit_reports.content.wording import enumeration, plural, with_interval
from genaudit_reports.number_format import count, plain, restyled
from genaudit_reports.safe_text import LONGEST_NAME, clean, sentence

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

NO_DIFFERENCE = "; 0 would be no difference"
MOST_NAMED = 5
MOST_MODES = 2
MOST_WARNINGS = 12
SMALL_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing to know, with a sign and a word, so that no colour has to say it."""

    sign: str
    word: str
    kind: str
    """``problem``, ``attention`` or ``plain``."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What stands in the box at the top."""

    problems: tuple[Statement, ...]
    lead: str
    """The sentence in large type."""
    more: tuple[str, ...]
    warnings: tuple[Statement, ...]


def summary(record: RunRecord) -> Summary:
    """Trouble first, then the distance to the data, then what is made too often or too seldom."""
    lead, *rest = _distance(record)
    return Summary(
        problems=tuple(_problems(record)),
        lead=lead,
        more=tuple(text for text in (*rest, " ".join(mode_sentences(record, most=MOST_MODES, rest=False))) if text),
        warnings=tuple(
            Statement(sign="!", word="Note", kind="attention", text=restyled(sentence(text)))
            for text in record.warnings[:MOST_WARNINGS]
        ),
    )


def _problems(record: RunRecord) -> list[Statement]:
    found = []
    if not record.complete:
        left = sum(item.reason_code == NOT_REACHED for item in record.not_available)
        lacks = f"; {plural(left, 'metric or audit was', 'metrics and audits were')} not reached" if left else ""
        text = f"The run stopped before it was done{lacks}. What follows is what it had found by then."
        found.append(Statement(sign="!", word="Incomplete", kind="problem", text=text))
    if record.failures:
        text = _failed(record) + (" The other numbers stand." if record.results else "")
        found.append(Statement(sign="✗", word="Failed", kind="problem", text=text))
    return found


def _failed(record: RunRecord) -> str:
    """Each component once, with the count of its views or groups that failed."""
    places: dict[str, list[str]] = {}
    for failure in record.failures:
        places.setdefault(clean(failure.component, LONGEST_NAME), []).append(failure.group)
    names = [f"{name}, in {_places(groups)}," if len(groups) > 1 else name for name, groups in places.items()]
    said = enumeration(names[:MOST_NAMED], len(names)).replace(",,", ",").rstrip(",")
    return f"{plural(len(names), 'component', 'components')} failed: {said}."


def _places(groups: list[str]) -> str:
    number = SMALL_NUMBERS.get(len(groups), count(len(groups)))
    return f"{number} groups" if any(pairs_of(group) for group in groups) else f"{number} views"


def _distance(record: RunRecord) -> tuple[str, ...]:
    first = _first_number(record)
    if first is None:
        return (_why_none(record),)
    text = described(record, first.metric)
    title = clean(text.title, LONGEST_NAME) if text else clean(first.metric, LONGEST_NAME)
    if first.metric != "fid" and family_of(first.metric).key == "translation":
        return tuple(translation_sentences(record)) or (f"{title} is {with_interval(first)}.",)
    space = clean(first.protocol.extractor, LONGEST_NAME)
    if first.metric != "fid":
        return (f"{title} is {with_interval(first)}, from {_images(record, first)}.",)
    where = f", in the features of the extractor {space}" if space else ""
    data = "the reference set" if is_scored(record) else "the data"
    distance = f"a {_lower_first(title)} of {with_interval(first)}"
    lead = f"{_images(record, first).capitalize()} lie at {distance} from {data}{where}{_debiased(first)}."
    near_modes = near_modes_sentence(record)  # a small distance says nothing of the places between the modes
    told = (lead, copying_sentence(record), _among(record))
    return (near_modes, *told) if near_modes else told


def _among(record: RunRecord) -> str:
    """Precision and recall in natural frequencies, with what a perfect model would have; empty without both."""
    found = {one.metric: one for one in record.results if one.metric in {"precision", "recall"} and not one.group}
    if len(found) < 2:
        return ""
    made, real = (_of_a_hundred(found[name]) for name in ("precision", "recall"))
    things = items(record)
    return (
        f"Of 100 generated {things} about {made} lie among real ones in these features (precision), and of 100 "
        f"real {things} about {real} lie among generated ones (recall)."
    )


def _of_a_hundred(result: MetricResult) -> str:
    ideal, interval = result.details.get("expected_of_a_perfect_model"), result.interval
    around = f"{plain(100 * interval.low, 0)} to {plain(100 * interval.high, 0)}" if interval else ""
    perfect = "" if ideal is None else f"a perfect model: {plain(100 * ideal, 0)}"
    aside = "; ".join(filter(None, (around, perfect)))
    return plain(100 * result.value, 0) + (f" ({aside})" if aside else "")


def _why_none(record: RunRecord) -> str:
    """Failures first: what broke could have been a number, what does not apply could not."""
    if record.failures:
        rest = ", and the rest does not apply here" if record.not_available else ""
        return f"No number could be computed: what was tried failed{rest}."
    if not record.complete:
        return "This run has no numbers: it stopped before the first was computed."
    why = "nothing of what was asked applies here" if record.not_available else "nothing was measured"
    return f"This run has no numbers: {why}."


def _debiased(result: MetricResult) -> str:
    """The second half of the lead: never the plug-in value alone where there is a better one."""
    better = debiased(result)
    if better is None:
        return NO_DIFFERENCE
    text = f"; without small-sample bias, at {better.said()}"
    return f"{text}, {ZERO}" if better.holds_zero else text + NO_DIFFERENCE


def _images(record: RunRecord, result: MetricResult) -> str:
    return f"{count(result.n)} {'generated' if result.n_generated else 'reference'} {items(record)}"


def _lower_first(title: str) -> str:
    """The title inside a sentence; a name such as FID or Fréchet keeps its capital."""
    word = title.split(" ", 1)[0]
    return title if word.isupper() or word in {"Fréchet", "Wasserstein"} else title[0].lower() + title[1:]


def _first_number(record: RunRecord) -> MetricResult | None:
    results = sorted(whole_set(record), key=lambda result: place(result.metric))
    return results[0] if results else (record.results[0] if record.results else None)
