"""What a translator makes of images, in sentences: near the truth or not, and what the cycle cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.results import Interval
from genaudit_reports.content.wording import with_interval
from genaudit_reports.number_format import count, interval_range, level, percent, percent_range, rounded_value

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

SHEETS = "translations"
"""How the names of the sheets begin that show a direction each."""
CYCLE = "cycle_consistency"
UNFAITHFUL = (
    "Cycle error alone is not faithfulness: a model that turns one thing into another and back loses nothing on the "
    "way, and neither does one that does nothing."
)


def translation_sentences(record: RunRecord) -> list[str]:
    """Distance to the truth, then what changed that should not, then the cycle and why it is not enough."""
    found = {result.metric: result for result in record.results if not result.group}
    said = (
        _accuracy(found.get("translation_accuracy")),
        _flips(found.get("attribute_flip_rate")),
        _cycle(found.get(CYCLE)),
    )
    return [text for text in said if text]


def _accuracy(result: MetricResult | None) -> str:
    if result is None:
        return ""
    text = (
        f"{count(result.n)} translated images differ from what they truly look like in the other domain by "
        f"{with_interval(result)}, on a scale from 0 to 1"
    )
    untranslated = result.details.get("untranslated")
    return text + (f"; left as they were, by {rounded_value(untranslated)}." if untranslated is not None else ".")


def _flips(result: MetricResult | None) -> str:
    if result is None:
        return ""
    spread = f" ({level(result.interval)} interval {percent_range(result.interval)})" if result.interval else ""
    text = (
        f"In {percent(result.value, result.interval)}{spread} of them something is read otherwise than before that the "
        "translation should leave alone"
    )
    truth = result.details.get("in_true_translations")
    if truth is None:
        return f"{text}."
    return f"{text}; in true translations the same readers see that in {percent(truth)}. {_beyond(result)}".strip()


def _beyond(result: MetricResult) -> str:
    """Whether the model changes more than the readers err, as far as this run can tell."""
    low, high = (result.details.get(f"beyond_them_{end}") for end in ("low", "high"))
    if low is None or high is None or low > high:
        return ""
    apart = interval_range(Interval(low=100 * low, high=100 * high, level=0.95, method=""))
    if low > 0:
        return f"The difference, {apart} percentage points, is the model's: it changes what it shows."
    if high < 0:
        return f"The difference is {apart} percentage points: the model's translations are read more steadily."
    return f"The difference is {apart} percentage points, which may be none."


def _cycle(result: MetricResult | None) -> str:
    if result is None:
        return ""
    return f"Translated there and back, images come back with an error of {with_interval(result)}. {UNFAITHFUL}"
