"""Directions of the latent space that should change one attribute, and what a step along them does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.special import ndtr

from genaudit.errors import NotApplicable
from genaudit.probes.conditioning import asked_labels, attribute_of_classes
from genaudit.probes.context import Observed
from genaudit.probes.contract import levels
from genaudit.probes.generation import decoded
from genaudit.probes.reading import Reader
from genaudit.stats.seeds import standard_normal_rows
from genaudit.stats.softmax_regression import fit_softmax_regression
from genaudit.values.latents import AttributeMoves, MovedAttribute
from genaudit.values.observations import Floats, Integers

if TYPE_CHECKING:
    from genaudit.probes.context import ImageReadings, ProbeContext

MOST_FITTED = 2000
"""Generated images that a classifier of latents is fitted to, the first ones; fewer in a small run."""
IMAGES = 500
STEP = 3.0
LEAST = 10
"""Images of a level below which none is moved towards it."""


def attribute_moves(context: ProbeContext, generated: ImageReadings) -> Observed:
    """Attributes of generated images before and after a step from their own level towards another.

    A linear classifier of latents is fitted to what is read from the first generated images; those after them are moved
    along the normal of the plane between two levels (Shen et al. 2020, section 2.2), and all once in random directions.
    """
    asked = max(context.demanded("attribute_moves", "images", default=IMAGES))
    options = context.demands.get("attribute_moves", ())
    step = max([one.step for one in options if hasattr(one, "step")] or [STEP])
    moved = min(asked, context.samples // 2)
    fitted = min(MOST_FITTED, context.samples - moved)
    rows = standard_normal_rows(context.seed, "latents", 0, fitted + moved, prod(context.generator.latent_shape))
    read = {name: generated.attributes[name].argmax(axis=1)[: len(rows)] for name in context.paired_annotators}
    if not read:
        raise NotApplicable("needs-annotator", "No annotator reads an attribute of the pairs of the data set.")
    drawn = _Drawn(rows=rows, fitted=fitted, step=step, read=read)
    left_out = {name: why for name in read if (why := _not_sought(context, name, read[name][:fitted]))}
    anywhere = standard_normal_rows(context.seed, "random-directions", 0, moved, rows.shape[1])
    anywhere /= np.linalg.norm(anywhere, axis=1, keepdims=True)
    sought = [name for name in read if name not in left_out]
    at_random = _read_moved(context, drawn, anywhere) if sought else {}
    found = tuple(_moved(context, drawn, name, at_random) for name in sought)
    return Observed(
        value=AttributeMoves(moved=found, left_out=left_out),
        items=moved * (len(found) + 1) if found else 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """Latents of generated images, the first of which a classifier is fitted to, and what is read from all."""

    rows: Floats
    fitted: int
    step: float
    read: Mapping[str, Integers]


def _not_sought(context: ProbeContext, name: str, read: Integers) -> tuple[str, str] | None:
    """A code and the reason why no direction is sought for an attribute; None if one is."""
    if name == attribute_of_classes(context):
        return "asked-for", f"The model is asked for the {name} of an image, so that its latent does not decide it."
    if len(_shown(read)) < 2:
        return "too-few-samples", (
            f"Of {len(read):,} generated images {LEAST} or more are read as one level at most: there is no other one "
            "to move them to."
        )
    return None


def _shown(read: Integers) -> Integers:
    return np.flatnonzero(np.bincount(read) >= LEAST)


def _moved(context: ProbeContext, drawn: _Drawn, name: str, at_random: Mapping[str, Integers]) -> MovedAttribute:
    reader, fitted = context.annotators[name][0], drawn.fitted
    known, before = drawn.read[name][:fitted], drawn.read[name][fitted:]
    classifier = fit_softmax_regression(drawn.rows[:fitted], known, len(reader.levels))
    target = _targets(context, name, before, _shown(known))
    normals = ((classifier.weights[:, target] - classifier.weights[:, before]) / classifier.scale[:, None]).T
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    after = _read_moved(context, drawn, normals / np.where(lengths > 0, lengths, 1.0))
    others = [other for other in drawn.read if other != name]
    return MovedAttribute(
        attribute=name,
        levels=reader.levels,
        before=before,
        target=target,
        after=after[name],
        at_random=at_random[name],
        kept={other: after[other] == drawn.read[other][fitted:] for other in others},
        kept_at_random={other: at_random[other] == drawn.read[other][fitted:] for other in others},
        told_apart=float((classifier.read(drawn.rows[fitted:]) == before).mean()),
        fitted_to=fitted,
    )


def _targets(context: ProbeContext, name: str, before: Integers, shown: Integers) -> Integers:
    """Another level for each image, drawn by its number among those that are generated."""
    uniform = ndtr(standard_normal_rows(context.seed, f"targets-{name}", 0, len(before), 1)[:, 0])
    others = [shown[shown != level] for level in before]
    return np.array([each[int(share * len(each))] for each, share in zip(others, uniform, strict=True)], dtype=np.int64)


def _read_moved(context: ProbeContext, drawn: _Drawn, directions: Floats) -> dict[str, Integers]:
    """Attribute to the level ``(n,)`` that is read once the latents have moved."""
    moved = drawn.rows[drawn.fitted :] + drawn.step * directions
    shape, reader = tuple(context.generator.latent_shape), Reader(context)
    for start, count in context.batches(len(moved)):
        z = torch.from_numpy(moved[start : start + count]).to(context.device, torch.float32)
        labels = asked_labels(context, "latents", drawn.fitted + start, count)
        reader.read(levels(context, decoded(context, z.reshape(count, *shape), labels)))
    readings = reader.readings()
    return {name: readings.attributes[name].argmax(axis=1) for name in drawn.read}
