"""Whether translations come back, keep what need not change, and are what they should be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics.averages import averaged
from genaudit.metrics.distances import frechet_distance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from genaudit.metrics.options import FrechetOptions
    from genaudit.plugin.options import NoOptions
    from genaudit.values.observations import Floats, Integers
    from genaudit.values.results import Estimate
    from genaudit.values.translations import AttributeFlips, Images, Translation, TranslationFeatures

    Translations = tuple[Translation, ...]

CHUNK = 256
"""Images whose error is computed at once."""


def cycle_consistency(translations: Translations, *, options: NoOptions, rng: np.random.Generator) -> list[Estimate]:  # noqa: ARG001
    """Mean absolute difference of images and of what comes back of them, in all directions and in each."""
    both_ways = [one for one in translations if one.returned is not None]
    if not both_ways:
        raise NotApplicable("one-way", "The model translates one way only, so that nothing comes back.")
    returned = [
        (one.direction, one.inputs, one.returned, one.clusters) for one in both_ways if one.returned is not None
    ]
    moved = {one.direction: absolute_errors(one.inputs, one.outputs) for one in both_ways}
    return _estimates(returned, lambda ways: {"changed_by_translation": _joined_mean(moved, ways)})


def identity_preservation(
    translations: Translations,
    *,
    options: NoOptions,  # noqa: ARG001
    rng: np.random.Generator,  # noqa: ARG001
) -> list[Estimate]:
    """Mean absolute difference of images of the target domain and of what their translation into it makes of them."""
    return _estimates([(one.direction, one.truth, one.kept, one.clusters) for one in translations])


def translation_accuracy(
    translations: Translations,
    *,
    options: NoOptions,  # noqa: ARG001
    rng: np.random.Generator,  # noqa: ARG001
) -> list[Estimate]:
    """Mean absolute difference of translations and of what the images truly look like in the target domain."""
    untranslated = {one.direction: absolute_errors(one.truth, one.inputs) for one in translations}
    return _estimates(
        [(one.direction, one.truth, one.outputs, one.clusters) for one in translations],
        lambda ways: {"untranslated": _joined_mean(untranslated, ways)},
    )


def attribute_flip_rate(
    flips: tuple[AttributeFlips, ...],
    *,
    options: NoOptions,  # noqa: ARG001
    rng: np.random.Generator,  # noqa: ARG001
) -> list[Estimate]:
    """Share of images of which some attribute is read otherwise after translation, and the share for each attribute.

    What the translation is meant to change is left out; how often it succeeds stands in the details.
    """
    kept: dict[str, dict[str, AttributeFlips]] = {}
    for one in flips:
        if not one.translated:
            kept.setdefault(one.attribute, {})[one.direction] = one
    if not kept:
        raise NotApplicable(
            "needs-annotator",
            "No attribute that the translation should leave alone is read from these images.",
            "A data set whose spec names an annotator for such an attribute.",
        )
    anything = _flipped([list(ways.values()) for ways in kept.values()])
    estimates = [replace(anything, details={**anything.details, **_reached(flips)})]
    for attribute, ways in kept.items():
        groups = {attribute: list(ways.values())}
        if len(ways) > 1:
            groups |= {f"{attribute}, {direction}": [one] for direction, one in ways.items()}
        estimates += [replace(_flipped([members]), group=group) for group, members in groups.items()]
    return estimates


def translated_frechet_distance(
    features: tuple[TranslationFeatures, ...], *, options: FrechetOptions, rng: np.random.Generator
) -> list[Estimate]:
    """The Fréchet distance of translations to images of the target domain, in each direction.

    The details hold the same distance of the true translations, which no model can be expected to beat, and of the
    images as they were, which a model that does nothing has.
    """
    found = []
    for one in features:
        estimate = frechet_distance(one.translated, options=options, rng=rng)
        beside = {
            name: frechet_distance(pair, options=options, rng=rng).value
            for name, pair in (("ground_truth", one.truth), ("untranslated", one.untranslated))
        }
        found.append(replace(estimate, group=one.direction, details={**beside, **estimate.details}))
    return found


def absolute_errors(images: Images, others: Images) -> Floats:
    """Mean absolute difference of each image ``(n,)``, in float64.

    Raises:
        ValueError: Shapes differ or there are no images.
    """
    if images.shape != others.shape or images.ndim < 2 or not images.size:
        raise ValueError(
            f"images are compared with images of one shape (n, c, h, w), not {images.shape}, {others.shape}"
        )
    errors = np.empty(len(images))
    for first in range(0, len(errors), CHUNK):
        part = slice(first, first + CHUNK)
        difference = images[part].astype(np.float64) - others[part].astype(np.float64)
        errors[part] = np.abs(difference).mean(axis=tuple(range(1, difference.ndim)))
    return errors


Compared = tuple[str, "Images", "Images", "Integers | None"]
"""Direction, what should be there, what is there, source items."""


def _estimates(
    compared: Sequence[Compared], beside: Callable[[Sequence[str]], Mapping[str, float]] = lambda _: {}
) -> list[Estimate]:
    """The mean error over all directions, then that of each if there are several."""
    errors = {direction: absolute_errors(one, other) for direction, one, other, _ in compared}
    clusters = {direction: ids for direction, _, _, ids in compared}
    groups = [("", list(errors))]
    if len(errors) > 1:
        groups += [(direction, [direction]) for direction in errors]
    estimates = []
    for group, ways in groups:
        values = np.concatenate([errors[way] for way in ways])
        estimate = averaged(values, _joined_clusters([clusters[way] for way in ways]), bounds=(0.0, None))
        details = {**beside(ways), "median": float(np.median(values)), **estimate.details}
        estimates.append(replace(estimate, group=group, details=details, n_generated=len(values)))
    return estimates


def _joined_mean(errors: Mapping[str, Floats], ways: Sequence[str]) -> float:
    return float(np.concatenate([errors[way] for way in ways]).mean())


def _joined_clusters(clusters: Sequence[Integers | None]) -> Integers | None:
    """Source items of several directions in a row: an image is made from the same one in each of them."""
    known = [ids for ids in clusters if ids is not None]
    return np.concatenate(known) if len(known) == len(clusters) else None


def _flipped(attributes: Sequence[Sequence[AttributeFlips]]) -> Estimate:
    """The share of images of which one of several attributes is read otherwise than before."""
    ways = list(zip(*attributes, strict=True))
    after = np.concatenate([np.any([one.after != one.before for one in way], axis=0) for way in ways])
    truth = np.concatenate([np.any([one.truth != one.before for one in way], axis=0) for way in ways])
    clusters = _joined_clusters([way[0].clusters for way in ways])
    rate = averaged(after.astype(np.float64), clusters, bounds=(0.0, 1.0))
    beyond = averaged(after.astype(np.float64) - truth, clusters, bounds=(-1.0, 1.0))
    details = {"in_true_translations": float(truth.mean()), "beyond_them": beyond.value}
    if beyond.interval:
        details |= {"beyond_them_low": beyond.interval.low, "beyond_them_high": beyond.interval.high}
    return replace(rate, details={**details, **rate.details}, n_generated=len(after))


def _reached(flips: Sequence[AttributeFlips]) -> dict[str, float]:
    """How often the attribute that should change is read as the target domain."""
    hits = [one.after == one.levels.index(one.target) for one in flips if one.translated]
    return {"read_as_the_target_domain": float(np.concatenate(hits).mean())} if hits else {}
