"""Whether generated images lie nearer to the training images than fresh data do, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.content.scored import items
from genaudit_reports.content.wording import with_interval
from genaudit_reports.number_format import percent

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

SHEETS = ("nearest_training_images", "nearest_reference_images")
METRIC = "nearest_neighbour_distance"
OF_TRAINING = (
    "Look for the same picture twice: a memorised image stands above its own copy, at a distance far below those of "
    "held-out images. Distances are those of the extractor, so what it does not see they do not count."
)
OF_REFERENCE = (
    "Look for the same picture twice: where the reference is what the model was trained on, an image above its own "
    "copy was memorised. Whether it is, these sets do not say."
)


def nearest_sentences(record: RunRecord) -> list[str]:
    """How to look at the images beside their nearest, then what was measured of all of them."""
    shown = {sheet.name for sheet in record.images}
    if SHEETS[0] not in shown:
        return [OF_REFERENCE] if SHEETS[1] in shown else []
    found = next((result for result in record.results if result.metric == METRIC and not result.group), None)
    return [OF_TRAINING, *(_measured(found) if found else ())]


def copying_sentence(record: RunRecord) -> str:
    """What the first screen says where the samples are copies, or lie nearer to the training set than fresh data do."""
    found = next((result for result in record.results if result.metric == METRIC and not result.group), None)
    if found is None:
        return ""
    said, what = [], items(record)
    copies, fresh = (found.details.get(name, 0.0) for name in ("exact_copies", "exact_copies_held_out"))
    if copies > fresh:
        said.append(
            f"{percent(copies)} of them coincide with a training item in these features; of held-out {what} "
            f"{percent(fresh)} do."
        )
    if found.interval and found.interval.high < 1:
        said.append(
            f"In the median they lie {with_interval(found)} times as far from the training {what} as held-out {what} "
            "do: nearer than fresh data lie."
        )
    return " ".join(said)


def _measured(result: MetricResult) -> list[str]:
    details = result.details
    farther = f"In the median, generated images lie {with_interval(result)} times as far from the training images as "
    said = [f"{farther}held-out images do{_conclusion(result)}"]
    copies, fresh = details.get("exact_copies"), details.get("exact_copies_held_out")
    if copies is not None and fresh is not None:
        said.append(
            "None of them coincides with a training image."
            if not copies
            else f"{percent(copies)} of them coincide with a training image in these features; of held-out images "
            f"{percent(fresh)} do."
        )
    return said


def _conclusion(result: MetricResult) -> str:
    interval, details = result.interval, result.details
    copied = details.get("exact_copies", 0.0) > details.get("exact_copies_held_out", 0.0)
    no_sign = "A median does not see copies that are less than half." if copied else "That is no sign of copying."
    if interval is None:
        return "."
    if interval.high < 1:
        return ": nearer than fresh data lie, as where a model has memorised part of what it saw."
    if interval.low > 1:
        rather = no_sign if copied else f"{no_sign[:-1]}; the samples miss the data rather."
        return f": farther than fresh data lie. {rather}"
    return f": as near as fresh data lie, because the interval holds 1. {no_sign}"
