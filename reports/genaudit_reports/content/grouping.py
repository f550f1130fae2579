"""Which results are about the whole set, about another view of the model, or about a group."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from genaudit_reports.safe_text import clean

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult
    from genaudit.values.run import MetricDescription

LONGEST_LEVEL = 32
LONGEST_VIEW = 80


def pairs_of(group: str) -> tuple[tuple[str, str], ...]:
    """The attributes and levels of a group; empty for a view or for the whole set.

    >>> pairs_of("digit=6, colour=orange"), pairs_of("reconstructions")
    ((('digit', '6'), ('colour', 'orange')), ())
    """
    parts = [part.partition("=") for part in group.split(", ")]
    if not all(sign for _, sign, _ in parts):
        return ()
    return tuple((clean(key, LONGEST_LEVEL), clean(level, LONGEST_LEVEL)) for key, _, level in parts)


def unsaid(view: str, title: str) -> str:
    """The view to put beside a title: empty if the title says it already.

    >>> unsaid("low-level", "Fréchet distance, low-level features"), unsaid("low-level", "Fréchet distance")
    ('', 'low-level')
    """
    label = clean(view, LONGEST_VIEW)
    plain_view, plain_title = (re.sub(r"[\W_]+", " ", text).casefold() for text in (label, title))
    return "" if f" {plain_view} " in f" {plain_title} " else label


def described(record: RunRecord, metric: str, view: str = "") -> MetricDescription | None:
    """The text about a metric in a view, or about the metric if the view has none of its own."""
    texts = [text for text in record.metrics if text.name == metric]
    own = (text for text in texts if text.view == view or (text.view and view.startswith(f"{text.view}, ")))
    return next(own, texts[0] if texts else None)


def is_audit_value(record: RunRecord, result: MetricResult) -> bool:
    """Whether an audit made the number: its name says so, or it is about a group and no metric of its name is known."""
    if described(record, result.metric) is not None:
        return False
    return is_audit_name(result.metric) or bool(pairs_of(result.group))


def whole_set(record: RunRecord) -> list[MetricResult]:
    """Metrics of the generated set as a whole, which the headline table shows."""
    return [result for result in record.results if not result.group and not is_audit_value(record, result)]


AUDIT_NAMES = (
    "share_", "selection_rate", "true_", "false_", "positive_predictive_value", "negative_predictive_value",
    "prevalence", "accuracy", "demographic_parity", "equal_opportunity", "equalized_odds", "burden", "conditional_",
    "ppv_at_", "forced_fpr", "expected_cost", "break_even", "optimal_threshold", "normalized_expected_cost", "crude_",
    "mh_odds", "cmh_", "breslow_day", "backdoor", "simpson", "bias_amplification", "systematic_bias", "bayes_floor",
    "leakage", "differential_fairness", "fairness_discrepancy", "representation_", "screened_", "replicated_",
    "expected_false", "feedback_", "attribute_flip_share", "attribute_flip_excess",
    "truncation_distance", "truncation_shift", "positive_share_at_score", "calibration_in_the_large",
    "expected_calibration_error", "difference_at_equal_score", "cheapest_action_share",
)  # fmt: skip
"""How the names of audit values begin."""


def is_audit_name(metric: str) -> bool:
    """Whether a name belongs to an audit rather than to a metric.

    >>> is_audit_name("share_generated"), is_audit_name("recall")
    (True, False)
    """
    return metric.startswith(AUDIT_NAMES)
