"""The metrics of scikit-learn that compare true labels with predicted ones and give one number."""

from __future__ import annotations

import inspect
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genaudit.audits.label_metric_options import PREFIX
from genaudit.errors import BadOption, unknown_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LABELS = {("y_true", "y_pred"), ("labels_true", "labels_pred"), ("y1", "y2")}
"""How such a metric calls what it compares."""


@dataclass(frozen=True, slots=True)
class LabelMetric:
    """A metric that is asked as ``function(y_true, y_pred)``."""

    name: str
    function: Callable[..., Any]
    takes_weights: bool

    def __call__(
        self, y_true: NDArray[np.int64], y_pred: NDArray[np.int64], sample_weight: NDArray[np.float64]
    ) -> float:
        """The value, or NaN where scikit-learn says that it is undefined: it would give 0 and a warning."""
        from sklearn.exceptions import UndefinedMetricWarning

        given = {"sample_weight": sample_weight} if self.takes_weights else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", UndefinedMetricWarning)
            try:
                return float(self.function(y_true, y_pred, **given))
            except (UndefinedMetricWarning, ValueError):
                return math.nan


def label_metric(name: str) -> LabelMetric:
    """The metric of a name such as ``sklearn:f1_score``.

    Raises:
        UnknownName: scikit-learn has no such metric of labels.
        BadOption: It has one of that name, of scores or of something else.

    >>> label_metric("sklearn:f1_score").takes_weights
    True
    """
    import sklearn.metrics

    own = name.removeprefix(PREFIX)
    function = getattr(sklearn.metrics, own, None) if own in sklearn.metrics.__all__ else None
    if function is None:
        raise unknown_name("metric of labels", own, _names(), "scikit-learn's, with the prefix sklearn:.",
                           listed="Such as")  # fmt: skip
    parameters = _parameters(function)
    if tuple(parameters[:2]) not in LABELS:
        raise BadOption(
            f"{name} does not compare true labels with predicted ones; it takes ({', '.join(parameters[:3])}).",
            "An audit of a table knows labels: sklearn:f1_score, sklearn:matthews_corrcoef, …",
        )
    metric = LabelMetric(own, function, "sample_weight" in parameters)
    _check_number(metric)
    return metric


def _check_number(metric: LabelMetric) -> None:
    import numpy as np

    truth, decision = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    try:
        metric(truth, decision, np.ones(4))
    except TypeError as error:
        raise BadOption(f"{PREFIX}{metric.name} does not give one number.", "Name a metric that does.") from error


def _parameters(function: object) -> list[str]:
    try:
        return list(inspect.signature(function).parameters) if callable(function) else []
    except ValueError:  # built in
        return []


def _names() -> list[str]:
    import sklearn.metrics

    return [
        name for name in sklearn.metrics.__all__ if tuple(_parameters(getattr(sklearn.metrics, name))[:2]) in LABELS
    ]
