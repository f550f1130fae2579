"""Whether a record is about two sets that were given, and what their items are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.safe_text import LONGEST_NAME, clean

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

SET = "DrawnSamples"


def is_scored(record: RunRecord) -> bool:
    """Whether there was no generator to ask, only a set that one had made."""
    return SET in record.generator.capabilities


def items(record: RunRecord) -> str:
    """``images``, ``points`` where a model makes vectors, or ``items`` where features were given."""
    if is_scored(record):
        return "images" if "image_shape" in record.generator.facts else "items"
    return "points" if "dimensions" in record.generator.facts else "images"


def translates(record: RunRecord) -> bool:
    """Whether the model is given images and draws none: it has no latents and no count of samples."""
    return "Translator" in record.generator.capabilities and "Sampler" not in record.generator.capabilities


def compared(record: RunRecord, result: MetricResult) -> str:
    """What generated shares are held against, as an adjective: ``training``, or ``reference`` of two given sets."""
    alone = is_scored(record) and result.protocol.reference.endswith("/evaluation")
    return "reference" if alone else "training"


def title(record: RunRecord) -> str:
    """The page's heading."""
    between = "against" if is_scored(record) else "on"
    return f"{clean(record.generator.name, LONGEST_NAME)} {between} {clean(record.dataset.name, LONGEST_NAME)}"


def subject(record: RunRecord) -> str:
    """What was evaluated, in the line above the heading; a set has no version."""
    name = clean(record.generator.name, LONGEST_NAME)
    if is_scored(record):
        return "a given set" if record.request.profile else "two given sets"
    return f"{name} {clean(record.generator.version, LONGEST_NAME)}"
