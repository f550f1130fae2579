"""The inception score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics.influences import of_items
from genaudit.stats import information
from genaudit.stats.intervals import normal_interval
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from genaudit.metrics.options import InceptionScoreOptions
    from genaudit.values.observations import ClassPair, Floats


def inception_score(classes: ClassPair, *, options: InceptionScoreOptions, rng: np.random.Generator) -> Estimate:
    """The mean score of the splits, as published, with the interval of what it estimates.

    A split's score is biased downwards for its size, so the value is about samples of one split's size and not about
    the generator at infinitely many; the score of all items together is in the details.
    """
    p = classes.generated
    if len(p) < 2 * options.splits:
        raise NotApplicable(
            "too-few-samples",
            f"{options.splits} splits need {2 * options.splits} items, and there are {len(p)}.",
            "Generate more, or --set inception_score.splits=1.",
        )
    order = rng.permutation(len(p)) if options.shuffle else np.arange(len(p))
    found = information.inception_score(p[order], options.splits)
    interval = normal_interval(
        found.value,
        found.standard_error,
        how=f"influence functions; about samples of {found.rows_per_split:,}",
        bounds=(1.0, float(p.shape[1])),
    )
    return Estimate(
        value=found.value,
        interval=interval,
        n_generated=len(p),
        parameters={"items_per_split": found.rows_per_split},
        details={
            "one_split": found.one_split,
            **_deviation(found, options.ddof),
            "standard_error": found.standard_error,
            **_of_reference(classes.reference),
        },
        note=f"Mean over {options.splits} splits: value and interval are about samples of {found.rows_per_split:,}, "
        f"and lie below the score of all {len(p):,} together."
        if options.splits > 1
        else "",
        influences=of_items(found.influences[np.argsort(order)]),
    )


def _deviation(found: information.InceptionScore, ddof: int) -> dict[str, float]:
    """The published "±"; none of a single split with divisor 0."""
    if found.splits <= ddof:
        return {}
    return {"split_standard_deviation": found.split_deviation * math.sqrt(found.splits / (found.splits - ddof))}


def _of_reference(p: Floats) -> dict[str, float]:
    """The reference's own score, which a generator would do well to reach."""
    return {"reference_one_split": information.inception_score(p, 1).value} if len(p) >= 2 else {}
