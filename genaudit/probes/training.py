"""Features of the training and of the holdout split, and how near samples come to what was trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.plugin.capabilities import DrawnSamples
from genaudit.probes import HOLDOUT, TRAIN
from genaudit.probes.closest import beside_nearest, images_at
from genaudit.probes.context import Observed
from genaudit.probes.grouping import levels_of
from genaudit.probes.pairs import class_labels
from genaudit.probes.reading import SomeImages, read_images
from genaudit.stats.copying import nearest_among
from genaudit.stats.seeds import generator
from genaudit.stats.units import some_places
from genaudit.values.observations import NearestTraining, SplitFeatures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.probes.context import ImageReadings, ProbeContext

MOST_TRAINING = 20_000
"""Training items that are looked at; of a larger split a random part, because files often lie sorted by class."""
MOST_HELD_OUT = 2_000
"""Held-out items: the first of a data set, whose order is random; beside a drawn set a random part of them."""
MOST_GENERATED = 2_000
"""Generated items whose nearest training item is sought: the first of a model's own, of a drawn set a random part."""


def training_features(context: ProbeContext) -> Observed:
    """Features of the training split, with its labels and the source of each item."""
    return _split(context, TRAIN)


def holdout_features(context: ProbeContext) -> Observed:
    """Features of the holdout split, likewise: fresh data that nothing was trained on."""
    return _split(context, HOLDOUT)


def nearest_training(
    context: ProbeContext, training: SplitFeatures, held_out: SplitFeatures, generated: ImageReadings
) -> Observed:
    """Distances to the nearest training item, of samples and of held-out items."""
    every = generated.outputs["features"]
    places = None
    if isinstance(context.generator, DrawnSamples):
        places = some_places(len(every), MOST_GENERATED, generator(context.seed, "items-beside-training"))
    rows = every[:MOST_GENERATED] if places is None else every[places]
    among, clusters = training.features, training.clusters
    made, nearest_made = nearest_among(rows, among)
    fresh, nearest_fresh = nearest_among(held_out.features, among)
    of_any = np.arange(len(among))
    of_source = of_any if clusters is None else clusters
    shown = beside_nearest(
        context,
        generated,
        nearest_among(every[: len(generated.first_images)], among)[0],
        training,
        lambda places: _training_images(context, places),
        what="training images",
        scale=f"Of {len(fresh):,} held-out images half lie within {np.median(fresh):.3g} of one, the closest at "
        f"{fresh.min():.3g}.",
    )
    return Observed(
        value=NearestTraining(
            generated=made,
            generated_around=_around(among, of_source, nearest_made),
            generated_around_siblings=_around(among, of_any, nearest_made),
            held_out=fresh,
            held_out_around=_around(among, of_source, nearest_fresh),
            held_out_clusters=held_out.clusters,
            training_items=len(among),
            places=places,
        ),
        items=len(rows),
        pictures={"nearest_training_images": shown} if shown else {},
    )


def _around(among: NDArray[np.float64], clusters: NDArray[np.int64], which: NDArray[np.intp]) -> NDArray[np.float64]:
    """Distance of chosen items to their nearest other one, each sought once however often it was chosen."""
    chosen, back = np.unique(which, return_inverse=True)
    return nearest_among(among[chosen], among, clusters[chosen], clusters)[0][back]


def _training_images(context: ProbeContext, places: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Images of some of the training items that were looked at, by their places among these."""
    images = context.split(TRAIN).images
    return images_at(images, _training_items(context, len(images))[places])


def _training_items(context: ProbeContext, total: int) -> NDArray[np.int64]:
    """Places in the training split of the items that are looked at."""
    return some_places(total, MOST_TRAINING, generator(context.seed, "training-items"))


def _held_out_items(context: ProbeContext, total: int) -> NDArray[np.int64]:
    """Places in the holdout split of the items that are looked at: the first where a model reconstructs them."""
    if not isinstance(context.generator, DrawnSamples):
        return np.arange(min(total, MOST_HELD_OUT))
    return some_places(total, MOST_HELD_OUT, generator(context.seed, "held-out-items"))


def _split(context: ProbeContext, name: str) -> Observed:
    split = context.split(name)
    total = len(split.images)
    kept = (_training_items if name == TRAIN else _held_out_items)(context, total)
    labels = class_labels(context, split.labels)
    images = split.images if len(kept) == len(split.images) else SomeImages(split.images, kept)
    read = read_images(context, images, annotate=name == HOLDOUT)
    groups = {
        attribute: levels_of(context, read.attributes, {key: of[kept] for key, of in split.labels.items()}, attribute)
        for attribute in (*read.attributes, *(context.given if name == HOLDOUT else ()))
        if attribute in read.attributes or attribute in split.labels
    }
    return Observed(
        value=SplitFeatures(
            features=read.outputs["features"],
            labels=None if labels is None else labels[kept],
            clusters=None if split.clusters is None else split.clusters[kept],
            groups=groups,
        ),
        items=len(kept),
    )
