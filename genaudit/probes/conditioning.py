"""Which class every item of a class-conditional generator is asked for."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.special import ndtr

from genaudit.errors import NotApplicable, PluginError
from genaudit.plugin.capabilities import ClassConditional, DrawnSamples, LabelledSamples
from genaudit.probes import EVALUATION
from genaudit.probes.context import blaming
from genaudit.stats.seeds import standard_normal_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from genaudit.plugin.components import LabelledImages
    from genaudit.probes.context import ProbeContext

UNNAMED = ""
"""Stands for the attribute where no attribute of the data set has the classes as its levels; none is called so."""


def attribute_of_classes(context: ProbeContext) -> str | None:
    """The attribute of the data set whose levels are the generator's classes; None if there is none, or no class."""
    return attribute_with(context, getattr(context.generator, "classes", ()))


def attribute_with(context: ProbeContext, classes: Sequence[str]) -> str | None:
    """The attribute of the data set that has these levels, in whatever order each side counts them."""
    levels = context.dataset_spec.attributes.items()
    return next((name for name, found in levels if classes and sorted(found) == sorted(classes)), None)


def class_numbers(levels: Sequence[str], classes: Sequence[str]) -> NDArray[np.int64]:
    """The number of the class that each level is: folders may be sorted by name, and a model counts in its own order.

    >>> class_numbers(["0", "2", "10"], ["0", "10", "2"]).tolist()
    [0, 2, 1]
    """
    return np.array([list(classes).index(level) for level in levels], dtype=np.int64)


def asked_labels(context: ProbeContext, stream: str, start: int, count: int) -> NDArray[np.int64] | None:
    """Classes ``(count,)`` that items ``start`` to ``start + count`` are asked for; None for any other generator.

    Each is drawn by item number with the shares that the classes have in the reference, so that a difference between
    the two sets is the generator's; with equal shares where the reference is not labelled with these classes.
    """
    if not _is_conditional(context.generator):
        return None
    uniform = ndtr(standard_normal_rows(context.seed, f"{stream}-classes", start, count, 1)[:, 0])
    drawn: NDArray[np.int64] = np.searchsorted(np.cumsum(class_shares(context))[:-1], uniform, side="right")
    return drawn.astype(np.int64)


def class_shares(context: ProbeContext) -> NDArray[np.float64]:
    """Shares ``(classes,)`` with which a conditional generator is asked for each class."""
    count = len(context.generator.classes)
    attribute = attribute_of_classes(context)
    if attribute is None:
        return np.full(count, 1 / count)
    labels = context.split(EVALUATION).labels.get(attribute)
    if labels is None or not len(labels):
        return np.full(count, 1 / count)
    numbers = class_numbers(context.dataset_spec.attributes[attribute], context.generator.classes)
    return np.bincount(numbers[labels], minlength=count) / len(labels)


def true_labels(context: ProbeContext, split: LabelledImages, *methods: Callable[..., Any]) -> NDArray[np.int64] | None:
    """The classes of a split's items, as a conditional generator numbers them; None for any other generator.

    Args:
        context: Of the run.
        split: Of the data set.
        methods: Of the generator, that will be asked; if none of them takes labels, there is no need of classes.

    Raises:
        NotApplicable: The generator is conditional, and the data are not labelled with its classes.
    """
    if not _is_conditional(context.generator) or (methods and not any(map(takes_labels, methods))):
        return None
    attribute = attribute_of_classes(context)
    if attribute is None or attribute not in split.labels:
        raise NotApplicable(
            "needs-labels",
            f"{context.generator_origin} is conditional on the classes {', '.join(context.generator.classes)}, and "
            "the data are not labelled with them.",
            "A data set with an attribute of these levels.",
        )
    numbers = class_numbers(context.dataset_spec.attributes[attribute], context.generator.classes)
    return numbers[split.labels[attribute]]


def takes_labels(method: Callable[..., Any]) -> bool:
    """Whether a method of a conditional generator has the parameter ``labels``, and so is given them.

    >>> takes_labels(lambda images, labels: None), takes_labels(lambda images: None)
    (True, False)
    """
    return "labels" in signature(method).parameters


def told(
    context: ProbeContext, method: Callable[..., Any], classes: NDArray[np.int64] | None
) -> dict[str, torch.Tensor]:
    """The argument ``labels`` of a method that is asked about items of these classes; none where it takes none."""
    if classes is None or not takes_labels(method):
        return {}
    return {"labels": torch.tensor(classes, device=context.device)}


def _is_conditional(generator: object) -> bool:
    """Whether it makes what it is asked for; a set that was drawn before may have classes too."""
    named = isinstance(generator, ClassConditional) and bool(generator.classes)
    return named and not isinstance(generator, DrawnSamples)


def labels_by_attribute(context: ProbeContext, count: int) -> Mapping[str, NDArray[np.int64]]:
    """What the first ``count`` generated items were asked for: levels of an attribute, under its name, or classes.

    Raises:
        PluginError: A set that was drawn before gives labels that are no classes of its own.
    """
    labels = asked_labels(context, "latents", 0, count)
    if labels is None and isinstance(context.generator, LabelledSamples):
        with blaming(context.generator_origin, "labels"):
            labels = np.asarray(context.generator.labels(0, count))
        classes = len(context.generator.classes)
        if labels.shape != (count,) or labels.dtype.kind not in "iu" or not ((labels >= 0) & (labels < classes)).all():
            raise PluginError(
                f"{context.generator_origin} broke its contract in 'labels': shape {labels.shape} or numbers outside "
                f"0 to {classes - 1}; allowed: ({count},), an index of a class each."
            )
    if labels is None:
        return {}
    attribute = attribute_of_classes(context)
    if attribute is None:
        return {UNNAMED: labels.astype(np.int64)}
    return {attribute: class_numbers(context.generator.classes, context.dataset_spec.attributes[attribute])[labels]}
