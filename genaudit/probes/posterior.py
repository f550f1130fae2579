"""What the encoder says of data: bounds on the evidence, and samples from where the codes really lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import ndtr

from genaudit.errors import PluginError
from genaudit.probes import HOLDOUT, TRAIN
from genaudit.probes.conditioning import attribute_of_classes, told, true_labels
from genaudit.probes.context import Observed
from genaudit.probes.contract import as_unit_range, checked_numbers, quantised
from genaudit.probes.generation import decoded
from genaudit.probes.neighbours import chosen_rows
from genaudit.probes.reading import Reader
from genaudit.stats.gaussian import kl_to_standard_normal
from genaudit.stats.seeds import standard_normal_rows
from genaudit.values.observations import EvidenceBounds, FeaturePair, PosteriorMeans, Posteriors

if TYPE_CHECKING:
    from collections.abc import Callable

    from genaudit.probes.context import ImageReadings, ProbeContext


def evidence_bounds(context: ProbeContext) -> Observed:
    """Both parts of the evidence lower bound for every image of the holdout split."""
    split = context.split(HOLDOUT)
    classes = true_labels(context, split, context.generator.encode, context.generator.log_likelihood)
    draws = max(context.demanded("evidence_bounds", "draws", default=1))
    log_likelihoods, divergences = [], []
    for start, count in context.batches(len(split.images)):
        batch = _batch(context, split.images, classes, start, count)
        mean, log_variance = encoded(context, batch)
        total = np.zeros(count)
        for draw in range(draws):
            z = _posterior_draws(context, mean, log_variance, f"posterior-{draw}", start)
            total += log_likelihood(context, batch, z.to(torch.float32))
        log_likelihoods.append(total / draws)
        divergences.append(kl_to_standard_normal(mean.cpu().numpy(), log_variance.cpu().numpy()))
        context.progress(count)
    return Observed(
        value=EvidenceBounds(
            log_likelihood=np.concatenate(log_likelihoods),
            kl=np.concatenate(divergences),
            likelihood=context.generator.likelihood,
            data_space=context.generator.data_space,
            dimensions=int(np.prod(context.image_shape)),
            draws=draws,
            clusters=split.clusters,
            given="" if classes is None else attribute_of_classes(context) or "",
        ),
        items=len(split.images),
    )


def posteriors(context: ProbeContext) -> Observed:
    """The posterior of every image of the holdout split, and draws from it."""
    split = context.split(HOLDOUT)
    classes = true_labels(context, split, context.generator.encode)
    draws = max(context.demanded("posteriors", "draws", default=1))
    found: list[list[torch.Tensor]] = []
    for start, count in context.batches(len(split.images)):
        batch = _batch(context, split.images, classes, start, count)
        mean, log_variance = (each.reshape(count, -1) for each in encoded(context, batch))
        codes = [_posterior_draws(context, mean, log_variance, f"posterior-{draw}", start) for draw in range(draws)]
        found.append([mean, log_variance, torch.stack(codes)])
        context.progress(count)
    means, log_variances, drawn = (torch.cat(parts, dim=-2).cpu().numpy() for parts in zip(*found, strict=True))
    return Observed(
        value=Posteriors(means=means, log_variances=log_variances, draws=drawn, clusters=split.clusters),
        items=len(split.images),
    )


def posterior_means(context: ProbeContext, found: Posteriors) -> Observed:  # noqa: ARG001 - a probe's signature
    """Mean of the posterior of every image of the holdout split."""
    return Observed(value=PosteriorMeans(means=found.means, clusters=found.clusters))


def aggregate_posterior_features(context: ProbeContext, reference: ImageReadings) -> Observed:
    """Features of images decoded from the codes of training images instead of from the prior.

    Where this is much nearer to the data than the prior's samples, the decoder is good and the prior does not fit.
    """
    split = context.split(TRAIN)
    rows = chosen_rows(context.seed, "aggregate-posterior-images", len(split.images), context.samples)
    chosen, known = split.images[rows], true_labels(context, split)
    classes = None if known is None else known[rows]
    reader = Reader(context, annotate=False)
    for start, count in context.batches(len(chosen)):
        mean, log_variance = encoded(context, _batch(context, chosen, classes, start, count))
        z = _posterior_draws(context, mean, log_variance, "aggregate-posterior", start)
        labels = None if classes is None else classes[start : start + count]
        reader.read(quantised(decoded(context, z.to(torch.float32), labels)))
    return Observed(
        value=FeaturePair(
            generated=reader.readings().outputs["features"],
            reference=reference.outputs["features"],
            reference_clusters=reference.clusters,
            generated_clusters=None if split.clusters is None else split.clusters[rows],
            reference_strata=reference.strata,
            generated_strata=None if split.strata is None else split.strata[rows],
        ),
        items=len(chosen),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some items of the data as the model reads them."""

    images: torch.Tensor
    classes: NDArray[np.int64] | None = None
    """Of a conditional generator."""

    def of(self, owners: NDArray[np.int64]) -> Batch:
        """The items of these numbers, which may come more than once."""
        images = self.images[torch.from_numpy(owners).to(self.images.device)]
        return Batch(images=images, classes=None if self.classes is None else self.classes[owners])


def encoded(context: ProbeContext, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and log-variance of the posterior, float64.

    Raises:
        PluginError: They differ in shape, are of no floating type or not finite.
    """
    images, ask = batch.images, context.generator.encode
    with context.asking_generator():
        parts = ask(images.clone(), **told(context, ask, batch.classes))
    mean, log_variance = (checked_numbers(context, part, "encode") for part in parts)
    if mean.shape != log_variance.shape or len(mean) != len(images):
        raise PluginError(
            f"{context.generator_origin} broke its contract in 'encode': mean {tuple(mean.shape)} and log-variance "
            f"{tuple(log_variance.shape)} for {len(images)} images; allowed: two tensors of one shape (n, d)."
        )
    if not bool((torch.isfinite(mean) & torch.isfinite(log_variance)).all()):
        raise PluginError(f"{context.generator_origin} broke its contract in 'encode': it returned NaN or infinity.")
    return mean.double(), log_variance.double()


def _batch(
    context: ProbeContext, images: NDArray[np.uint8], classes: NDArray[np.int64] | None, start: int, count: int
) -> Batch:
    rows = slice(start, start + count)
    return Batch(images=_model_input(context, images[rows], start), classes=None if classes is None else classes[rows])


def _model_input(context: ProbeContext, images: NDArray[np.uint8], start: int) -> torch.Tensor:
    """Images as the likelihood's data space wants them: dequantised by image number, or the levels as they are."""
    return as_data(
        context, images, lambda size: standard_normal_rows(context.seed, "dequantisation", start, len(images), size)
    )


def as_data(
    context: ProbeContext, images: NDArray[np.uint8], noise: Callable[[int], NDArray[np.float64]]
) -> torch.Tensor:
    """Images as the likelihood's data space wants them: the levels as they are, or with noise spread over a level.

    Args:
        context: Of the run.
        images: ``(n, c, h, w)`` levels.
        noise: Gives standard normal rows ``(n, size)`` for pixels of that size, where they are wanted.
    """
    if getattr(context.generator, "data_space", "soft") != "continuous_dequantised":
        return as_unit_range(torch.from_numpy(images).to(context.device))
    spread = ndtr(noise(int(np.prod(images.shape[1:])))).reshape(images.shape)
    return torch.from_numpy((images + spread) / 256).to(context.device, torch.float32)


def _posterior_draws(
    context: ProbeContext, mean: torch.Tensor, log_variance: torch.Tensor, stream: str, start: int
) -> torch.Tensor:
    noise = standard_normal_rows(context.seed, stream, start, len(mean), mean.shape[1])
    return mean + torch.from_numpy(noise).to(mean) * torch.exp(log_variance / 2)


def log_likelihood(context: ProbeContext, batch: Batch, z: torch.Tensor) -> NDArray[np.float64]:
    """``log p(x | z)`` of each image and its code, ``(n,)`` float64 nats.

    Raises:
        PluginError: Another shape, no floating type, or values that are not finite.
    """
    images, ask = batch.images, context.generator.log_likelihood
    with context.asking_generator():
        said = ask(images.clone(), z.clone(), **told(context, ask, batch.classes))
    values = checked_numbers(context, said, "log_likelihood")
    if tuple(values.shape) != (len(images),) or not bool(torch.isfinite(values).all()):
        raise PluginError(
            f"{context.generator_origin} broke its contract in 'log_likelihood': shape {tuple(values.shape)} for "
            f"{len(images)} images, or values that are not finite; allowed: ({len(images)},) finite nats."
        )
    rows: NDArray[np.float64] = values.double().cpu().numpy()
    return rows
