"""A few generated images above the data that they lie nearest to: where a reader looks for copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.probes import EVALUATION
from genaudit.probes.context import Pictures
from genaudit.stats.copying import nearest_among, nearest_sources
from genaudit.stats.seeds import generator
from genaudit.values.observations import SplitFeatures
from genaudit.values.run import ColumnLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from genaudit.probes.context import ImageReadings, ProbeContext
    from genaudit.values.observations import FeaturePair

DRAWN, CLOSEST = 6, 6
"""Images that are drawn by seed, and those that lie nearest of all."""
MOST = 200
"""Generated images whose nearest reference image is sought, the first ones."""
SOURCES = 3
"""Items that are shown below each, each of another source."""


def beside_nearest_reference(context: ProbeContext, pair: FeaturePair, generated: ImageReadings) -> Pictures | None:
    """Generated images above the reference images that they lie nearest to; None for items that are no images."""
    if generated.first_images.ndim != 4:
        return None
    among = SplitFeatures(features=pair.reference, clusters=pair.reference_clusters)
    return beside_nearest(
        context,
        generated,
        nearest_among(pair.generated[:MOST], pair.reference)[0],
        among,
        lambda places: images_at(context.split(EVALUATION).images, places),
        what="reference images",
    )


def images_at(images: NDArray[np.uint8], places: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Single images of a split, read by slices alone: a split may be a folder that is never in memory as a whole."""
    return np.concatenate([images[place : place + 1] for place in places.tolist()])


def beside_nearest(
    context: ProbeContext,
    generated: ImageReadings,
    distances: NDArray[np.float64],
    among: SplitFeatures,
    images: Callable[[NDArray[np.intp]], NDArray[np.uint8]],
    *,
    what: str,
    scale: str = "",
) -> Pictures | None:
    """Generated images drawn by seed, then those nearest to the data, each above its nearest items.

    Args:
        context: The run.
        generated: Its first images and their features.
        distances: ``(n,)`` of the first n generated items to their nearest item.
        among: The items among which was looked.
        images: Their images, by place in ``among``.
        what: What the items are, such as ``training images``.
        scale: A sentence by which a reader can judge a distance.

    Returns:
        A picture of one column a generated image; None for items that are no images.
    """
    shown = min(len(generated.first_images), len(distances))
    if generated.first_images.ndim != 4 or not shown:
        return None
    drawn = np.sort(generator(context.seed, "images-beside-nearest").permutation(shown)[:DRAWN])
    closest = np.argsort(distances[:shown], kind="stable")[:CLOSEST]
    chosen = np.concatenate([drawn, closest])
    found, places = nearest_sources(generated.outputs["features"][chosen], among.features, among.clusters, keep=SOURCES)
    below = images(places.T.ravel())
    several = "nearest of each of its nearest source items" if among.clusters is not None else "nearest"
    return Pictures(
        images=np.concatenate([generated.first_images[chosen], below]),
        columns=len(chosen),
        labels=tuple(
            ColumnLabel(
                group=f"closest to {what}" if place >= len(drawn) else "drawn by seed",
                name=f"no. {number}",
                value=float(nearest),
            )
            for place, (number, nearest) in enumerate(zip(chosen, found[:, 0], strict=True))
        ),
        caption=(
            f"Top row: {len(drawn)} generated images drawn by seed {context.seed} from the first {shown:,} and the "
            f"{len(closest)} of these that lie nearest to any of {len(among.features):,} {what}. Below each: the "
            f"{several}, {places.shape[1]} of them. The number is the distance to the nearest, in feature units."
            f"{scale and ' '}{scale}"
        ),
    )
