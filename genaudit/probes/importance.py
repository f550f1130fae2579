"""Importance weights of codes drawn from the posterior, of which bounds on the evidence are made."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from genaudit.errors import NotApplicable
from genaudit.probes import HOLDOUT
from genaudit.probes.conditioning import attribute_of_classes, true_labels
from genaudit.probes.context import Observed, ProbeContext
from genaudit.probes.posterior import Batch, as_data, encoded, log_likelihood
from genaudit.stats.seeds import generator, standard_normal_rows
from genaudit.values.observations import LogWeights

DRAWS_TOGETHER = 16
"""Draws of an image's code that come from one stream; part of what a seed means."""


def log_weights(context: ProbeContext) -> Observed:
    """``log p(x | z) + log p(z) - log q(z | x)`` of draws of z from the posterior of held-out images chosen at random.

    A draw depends on the seed, the image's number and its own: on neither the batch, nor how many images or draws there
    are. As many are made as the metric has that asks for the most.
    """
    draws = max(context.demanded("log_weights", "k", default=64))
    chosen = chosen_images(context, max(context.demanded("log_weights", "images", default=128)))
    found = []
    for start, count in context.batches(len(chosen.rows)):
        found.append(_of_images(context, chosen.part(start, count), draws))
        context.progress(count)
    return Observed(value=chosen.weighed(np.concatenate(found)), items=len(chosen.rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Some held-out images in random order, by their numbers in the split."""

    context: ProbeContext
    rows: NDArray[np.int64]
    images: NDArray[np.uint8]
    classes: NDArray[np.int64] | None
    clusters: NDArray[np.int64] | None

    def part(self, start: int, count: int) -> Chosen:
        """Some of them."""
        some = slice(start, start + count)
        return replace(
            self,
            rows=self.rows[some],
            images=self.images[some],
            classes=None if self.classes is None else self.classes[some],
            clusters=None if self.clusters is None else self.clusters[some],
        )

    def batch(self) -> Batch:
        """All of them as the model reads them."""
        seen = as_data(self.context, self.images, lambda size: self.noise("dequantisation", (1, size), 1)[:, 0])
        return Batch(images=seen, classes=self.classes)

    def noise(self, what: str, shape: tuple[int, int], block: int) -> NDArray[np.float64]:
        """Standard normal numbers ``(n, *shape)``: the first rows of an endless table of each image."""
        seed = self.context.seed
        tables = [standard_normal_rows(seed, f"importance-{what}-{row}", 0, *shape, block=block) for row in self.rows]
        return np.stack(tables)

    def weighed(self, log_weights: NDArray[np.float64]) -> LogWeights:
        """What was found of each, with what a metric has to know of it."""
        made = self.context.generator
        return LogWeights(
            log_weights=log_weights,
            likelihood=made.likelihood,
            data_space=made.data_space,
            dimensions=int(np.prod(self.context.image_shape)),
            clusters=self.clusters,
            given="" if self.classes is None else attribute_of_classes(self.context) or "",
        )


def chosen_images(context: ProbeContext, count: int) -> Chosen:
    """Held-out images drawn at random; the first are the same, however many there are.

    Raises:
        NotApplicable: The likelihood is no density of images, or classes that the model wants are not known.
    """
    _refuse_without_density(context)
    split = context.split(HOLDOUT)
    classes = true_labels(context, split, context.generator.encode, context.generator.log_likelihood)
    rows = generator(context.seed, "importance-images").permutation(len(split.images))[:count]
    return Chosen(
        context=context,
        rows=rows,
        images=split.images[rows],
        classes=None if classes is None else classes[rows],
        clusters=None if split.clusters is None else split.clusters[rows],
    )


def _refuse_without_density(context: ProbeContext) -> None:
    if context.generator.data_space == "soft":
        raise NotApplicable(
            "not-a-density",
            f"The likelihood '{context.generator.likelihood}' on soft grey levels is not a density of images, so that "
            "importance weights bound no log-likelihood.",
            "Choose a likelihood that is a density, such as continuous-bernoulli.",
        )


def _of_images(context: ProbeContext, chosen: Chosen, draws: int) -> NDArray[np.float64]:
    """Log-weights ``(n, draws)`` of draws from each image's posterior."""
    batch = chosen.batch()
    mean, log_variance = encoded(context, batch)
    noise = chosen.noise("codes", (draws, mean.shape[1]), DRAWS_TOGETHER)
    return weights_of_draws(context, batch, mean, log_variance, torch.from_numpy(noise).to(mean))


def weights_of_draws(
    context: ProbeContext, batch: Batch, mean: torch.Tensor, log_variance: torch.Tensor, noise: torch.Tensor
) -> NDArray[np.float64]:
    """Log-weights ``(n, k)`` of the codes that noise ``(n, k, d)`` makes of diagonal Gaussians ``(n, d)``.

    The model is asked about no more items at once than a batch has.
    """
    n, draws = noise.shape[:2]
    z = mean[:, None] + noise * torch.exp(log_variance / 2)[:, None]
    # of the standard normal prior over the posterior: both have the same power of 2 pi
    ratio = 0.5 * (noise**2 + log_variance[:, None] - z**2).sum(dim=2)
    codes, owners = z.flatten(0, 1).to(torch.float32), np.arange(n).repeat(draws)
    nats = []
    for start, count in context.batches(len(codes)):
        nats.append(log_likelihood(context, batch.of(owners[start : start + count]), codes[start : start + count]))
    found: NDArray[np.float64] = np.concatenate(nats).reshape(n, draws) + ratio.cpu().numpy()
    return found
