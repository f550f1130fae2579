"""Whether a class-conditional generator makes what it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.stats.proportions import wilson_interval
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from genaudit.plugin.options import NoOptions
    from genaudit.values.observations import AskedClasses, Integers


def conditional_accuracy(
    asked_classes: AskedClasses,
    *,
    options: NoOptions,  # noqa: ARG001 - every metric is given options
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> list[Estimate]:
    """The share of items that are read as the class they were asked for, then one estimate a class.

    Raises:
        NotApplicable: The extractor's classifier does not read the generator's classes.
    """
    if asked_classes.classes != asked_classes.read_classes:
        raise NotApplicable(
            "needs-same-classes",
            f"The generator's classes are {', '.join(asked_classes.classes)}, and the extractor reads "
            f"{', '.join(asked_classes.read_classes) or 'none with a name'}.",
            "Use an extractor whose classifier was trained on the generator's classes.",
        )
    asked, read = asked_classes.asked, asked_classes.read.argmax(axis=1)
    whole = _share(asked, read, asked_classes.classes, "")
    by_class = [
        _share(asked[asked == number], read[asked == number], asked_classes.classes, f"class={name}")
        for number, name in enumerate(asked_classes.classes)
        if (asked == number).any()
    ]
    return [whole, *by_class]


def _share(asked: Integers, read: Integers, names: tuple[str, ...], group: str) -> Estimate:
    right = int((asked == read).sum())
    return Estimate(
        value=right / len(asked),
        interval=wilson_interval(right, len(asked)),
        n_generated=len(asked),
        group=group,
        note=_commonest_mistake(asked, read, names),
    )


def _commonest_mistake(asked: Integers, read: Integers, names: tuple[str, ...]) -> str:
    mistakes, counts = np.unique(np.stack([asked, read])[:, asked != read], axis=1, return_counts=True)
    if not len(counts):
        return ""
    most = int(counts.argmax())
    return f"Most often {names[mistakes[0, most]]} is read as {names[mistakes[1, most]]}: {counts[most]} times."
