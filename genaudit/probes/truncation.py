"""Samples at several truncations, equally many each."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.probes import mix_split
from genaudit.probes.attributes import attribute_reading
from genaudit.probes.context import Observed, Pictures
from genaudit.probes.contract import quantised
from genaudit.probes.generation import latents
from genaudit.probes.neighbours import chosen_rows
from genaudit.probes.reading import Reader
from genaudit.probes.styles import mapped, synthesized
from genaudit.stats.neighbours import neighbours, others_of_each
from genaudit.stats.seeds import generator
from genaudit.values.counts import TruncatedCounts
from genaudit.values.observations import Neighbours, TruncationSweep

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.probes.context import ImageReadings, ProbeContext

SHOWN = 8
DEFAULT = (1.0,)
ITEMS = 1000


def truncation_sweep(context: ProbeContext, reference: ImageReadings) -> Observed:
    """Neighbours between samples at each truncation and equally many reference items, the same ones for all."""
    options = [one for one in context.demands.get("truncation_sweep", ()) if hasattr(one, "truncations")]
    truncations = tuple(dict.fromkeys(each for one in options for each in one.truncations)) or DEFAULT
    n = min(max((one.items for one in options), default=ITEMS), len(reference.outputs["features"]))
    chosen = chosen_rows(context.seed, "truncation-reference", len(reference.outputs["features"]), n)
    real = reference.outputs["features"][chosen]
    clusters = None if reference.clusters is None else reference.clusters[chosen]
    ks = [k for k in context.demanded("truncation_sweep", "k", default=3) if k <= others_of_each(n, clusters)]
    found, shown, levels = [], [], []
    for truncation in truncations:
        made = _samples(context, truncation, n)
        shown.append(made.first_images[:SHOWN])
        levels.append({name: read.argmax(axis=1) for name, read in made.attributes.items()})
        if not ks:
            found.append(Neighbours(hits={}))
            continue
        rng = generator(context.seed, "truncation-blocks")
        found.append(neighbours(real, made.outputs["features"], ks, rng=rng, real_clusters=clusters))
    caption = (
        f"The same {len(shown[0])} latents in each row, styles moved towards their mean by the factors "
        f"{', '.join(f'{each:g}' for each in truncations)} from top to bottom; not hand-picked."
    )
    picture = Pictures(images=np.concatenate(shown), columns=len(shown[0]), caption=caption)
    return Observed(
        value=TruncationSweep(truncations=truncations, neighbours=tuple(found), levels=tuple(levels)),
        items=n * len(truncations),
        pictures={"truncation": picture} if picture.images.ndim == 4 else {},
    )


def truncated_counts(context: ProbeContext, sweep: TruncationSweep, reference: ImageReadings) -> Observed:
    """Levels of every attribute of the data set's pairs that is read from images, at each truncation.

    Raises:
        NotApplicable: No attribute is read, or there is one truncation alone.
    """
    names = [name for name in dict.fromkeys(chain.from_iterable(context.dataset_spec.pairs)) if name in sweep.levels[0]]
    if not names:
        raise NotApplicable(
            "needs-annotator", "Labels of other images say nothing of these.", "An annotator that reads images."
        )
    if len(sweep.truncations) < 2:
        raise NotApplicable(
            "needs-truncations",
            "Samples were drawn at one truncation alone.",
            "Leave truncation_tradeoff in the run, with two truncations or more.",
        )
    labels = context.split(mix_split(context.dataset_spec.splits)).labels
    return Observed(
        value=tuple(
            TruncatedCounts(
                reading=attribute_reading(context, name, reference),
                truncations=sweep.truncations,
                counts=np.stack([_counts(read[name], context, name) for read in sweep.levels]),
                training=_counts(labels[name], context, name),
            )
            for name in names
        )
    )


def _counts(levels: NDArray[np.int64], context: ProbeContext, attribute: str) -> NDArray[np.int64]:
    return np.bincount(levels, minlength=len(context.dataset_spec.attributes[attribute]))


def _samples(context: ProbeContext, truncation: float, count: int) -> ImageReadings:
    reader = Reader(context)
    layers = len(context.generator.noise_shapes)
    for start, size in context.batches(count):
        styles = mapped(context, latents(context, "latents", start, size), truncation)
        reader.read(quantised(synthesized(context, styles[:, None].expand(-1, layers, -1))))
    return reader.readings()
