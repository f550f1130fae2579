"""Importance weights of codes drawn from the posterior, of which bounds on the evidence are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from genaudit.errors import NotApplicable
from genaudit.probes import HOLDOUT
from genaudit.probes.conditioning import attribute_of_classes, true_labels
from genaudit.probes.context import Observed
from genaudit.probes.posterior import Batch, as_data, encoded, log_likelihood
from genaudit.stats.seeds import generator, standard_normal_rows
from genaudit.values.observations import LogWeights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.probes.context import ProbeContext

DRAWS_TOGETHER = 16
"""Draws of an image's code that come from one stream; part of what a seed means."""


def log_weights(context: ProbeContext) -> Observed:
    """``log p(x | z) + log p(z) - log q(z | x)`` of draws of z from the posterior of held-out images chosen at random.

    A draw depends on the seed, the image's number and its own: on neither the batch, nor how many images or draws there
    are. As many are made as the metric has that asks for the most.
    """
    _refuse_without_density(context)
    split = context.split(HOLDOUT)
    classes = true_labels(context, split, context.generator.encode, context.generator.log_likelihood)
    draws = max(context.demanded("log_weights", "k", default=64))
    images = max(context.demanded("log_weights", "images", default=128))
    rows = generator(context.seed, "importance-images").permutation(len(split.images))[:images]
    found = []
    for start, count in context.batches(len(rows)):
        some = rows[start : start + count]
        found.append(_of_images(context, split.images[some], None if classes is None else classes[some], some, draws))
        context.progress(count)
    return Observed(
        value=LogWeights(
            log_weights=np.concatenate(found),
            likelihood=context.generator.likelihood,
            data_space=context.generator.data_space,
            dimensions=int(np.prod(context.image_shape)),
            clusters=None if split.clusters is None else split.clusters[rows],
            given="" if classes is None else attribute_of_classes(context) or "",
        ),
        items=len(rows),
    )


def _refuse_without_density(context: ProbeContext) -> None:
    if context.generator.data_space == "soft":
        raise NotApplicable(
            "not-a-density",
            f"The likelihood '{context.generator.likelihood}' on soft grey levels is not a density of images, so that "
            "importance weights bound no log-likelihood.",
            "Choose a likelihood that is a density, such as continuous-bernoulli.",
        )


def _of_images(
    context: ProbeContext,
    images: NDArray[np.uint8],
    classes: NDArray[np.int64] | None,
    rows: NDArray[np.int64],
    draws: int,
) -> NDArray[np.float64]:
    """Log-weights ``(n, draws)``; the model is asked about no more items at once than a batch has."""
    seen = as_data(context, images, lambda size: _noise(context, "dequantisation", rows, (1, size), 1)[:, 0])
    mean, log_variance = encoded(context, Batch(images=seen, classes=classes))
    noise = torch.from_numpy(_noise(context, "codes", rows, (draws, mean.shape[1]), DRAWS_TOGETHER)).to(mean)
    z = mean[:, None] + noise * torch.exp(log_variance / 2)[:, None]
    # of the standard normal prior over the posterior: both have the same power of 2 pi
    ratio = 0.5 * (noise**2 + log_variance[:, None] - z**2).sum(dim=2)
    codes, owners = z.flatten(0, 1).to(torch.float32), torch.arange(len(images)).repeat_interleave(draws)
    nats = []
    for start, count in context.batches(len(codes)):
        owner = owners[start : start + count]
        told = None if classes is None else classes[owner.numpy()]
        batch = Batch(images=seen[owner.to(seen.device)], classes=told)
        nats.append(log_likelihood(context, batch, codes[start : start + count]))
    found: NDArray[np.float64] = np.concatenate(nats).reshape(len(images), draws) + ratio.cpu().numpy()
    return found


def _noise(
    context: ProbeContext, what: str, rows: NDArray[np.int64], shape: tuple[int, int], block: int
) -> NDArray[np.float64]:
    """Standard normal numbers ``(n, *shape)``: the first rows of an endless table of each image."""
    tables = [standard_normal_rows(context.seed, f"importance-{what}-{row}", 0, *shape, block=block) for row in rows]
    return np.stack(tables)
