"""The best Gaussian posterior of each image, and chains from it to the true one: log p(x) and what is lost on the way.

The only probe that asks for gradients: of the likelihood in the codes, never in the model's own numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from genaudit.errors import NotApplicable, PluginError
from genaudit.plugin.loading import one_line
from genaudit.probes.conditioning import told
from genaudit.probes.context import Observed, ProbeContext
from genaudit.probes.importance import DRAWS_TOGETHER, chosen_images, weights_of_draws
from genaudit.probes.posterior import Batch, encoded, log_likelihood
from genaudit.stats import refinement
from genaudit.stats.annealing import annealed
from genaudit.stats.seeds import generator
from genaudit.values.observations import AnnealedWeights, RefinedPosteriors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.probes.importance import Chosen

    Floats = NDArray[np.float64]

TOGETHER = 16
"""Images that are worked on at once, whatever the batch: a model that rounds by batch rounds the same."""
DRAWS = 64
"""Draws of an image's code for the bounds."""
CHAINS = "annealed_weights"
OPTIONS = ("refined_posteriors", CHAINS)


def refined_posteriors(context: ProbeContext) -> Observed:
    """The encoder's posterior of held-out images, and the best diagonal Gaussian that descent makes of each.

    Both are weighed with the same noise, which took no part in the descent. All random numbers are of the seed and the
    image's number.
    """
    chosen = chosen_images(context, _images(context))
    _check_differentiable(context, chosen.part(0, 1).batch())
    found = []
    for part in _parts(chosen):
        found.append(_refined(context, part))
        context.progress(len(part.rows))
    before, after, means, log_variances = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    return Observed(
        value=RefinedPosteriors(
            amortised=chosen.weighed(before),
            refined=chosen.weighed(after),
            means=means,
            log_variances=log_variances,
        ),
        items=len(chosen.rows),
    )


def annealed_weights(context: ProbeContext, found: RefinedPosteriors) -> Observed:
    """Chains from refined posteriors to ``p(x | z) p(z)``, for every number of temperatures that is asked for.

    Of as many images as a metric of chains wants: what the encoder loses may be asked of more. A chain's random numbers
    are of the seed, the image's number and its own, so that further chains, images or temperatures leave it as it is.
    """
    chosen = chosen_images(context, min(len(found.means), max(context.demanded(CHAINS, "images", default=16))))
    chains = max(context.demanded(CHAINS, "chains", default=4))
    log_weights, accepted = {}, {}
    for temperatures in context.demanded(CHAINS, "temperatures", default=30):
        parts, begun = [], 0
        for part in _parts(chosen):
            here = slice(begun, begun + len(part.rows))
            parts.append(_annealed(context, part, found.means[here], found.log_variances[here], chains, temperatures))
            begun += len(part.rows)
            context.progress(len(part.rows))
        nats, shares = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        log_weights[temperatures], accepted[temperatures] = chosen.weighed(nats), shares
    return Observed(value=AnnealedWeights(chains=log_weights, accepted=accepted), items=len(chosen.rows) * chains)


def _images(context: ProbeContext) -> int:
    """As many as the metric wants that wants the most, of those that ask for either observation."""
    return max(count for name in OPTIONS for count in context.demanded(name, "images", default=1))


def _parts(chosen: Chosen) -> Iterator[Chosen]:
    for start in range(0, len(chosen.rows), TOGETHER):
        yield chosen.part(start, TOGETHER)


def _refined(context: ProbeContext, part: Chosen) -> tuple[Floats, Floats, Floats, Floats]:
    batch = part.batch()
    mean, log_variance = encoded(context, batch)
    first = mean.cpu().numpy(), log_variance.cpu().numpy()
    joint = _Joint(context=context, batch=batch, owners=np.arange(len(part.rows)).repeat(refinement.DRAWS))
    rngs = [generator(context.seed, "refinement", int(row)) for row in part.rows]
    best = refinement.refined(joint, *first, rngs)
    if not (np.isfinite(best[0]).all() and np.isfinite(best[1]).all()):
        raise _not_finite(context)
    noise = torch.from_numpy(part.noise("bounds", (DRAWS, mean.shape[1]), DRAWS_TOGETHER)).to(mean)
    before = weights_of_draws(context, batch, mean, log_variance, noise)
    means, log_variances = (torch.from_numpy(each).to(mean) for each in best)
    return before, weights_of_draws(context, batch, means, log_variances, noise), *best


def _annealed(
    context: ProbeContext, part: Chosen, means: Floats, log_variances: Floats, chains: int, temperatures: int
) -> tuple[Floats, Floats]:
    """Log-weights and shares ``(n, chains)``, found where the refined posterior is the standard normal."""
    n, dimension = means.shape
    owners = np.arange(n).repeat(chains)
    joint = _Joint(context=context, batch=part.batch(), owners=owners)
    centre, scale = means[owners], np.exp(log_variances[owners] / 2)
    volume = np.log(scale).sum(axis=1)

    def target(points: Floats) -> tuple[Floats, Floats]:
        nats, slopes = joint(centre + scale * points)
        return nats + volume, slopes * scale

    rngs = [generator(context.seed, "annealing", int(row), chain) for row in part.rows for chain in range(chains)]
    found = annealed(target, dimension, rngs, temperatures)
    if not np.isfinite(found.log_weights).all():
        raise _not_finite(context)
    return found.log_weights.reshape(n, chains), found.accepted.reshape(n, chains)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joint:
    """``log p(x | z) + log p(z)`` of codes, each of its own image, and the gradient in the code."""

    context: ProbeContext
    batch: Batch
    owners: NDArray[np.int64]
    """``(m,)`` image of each code."""

    def __call__(self, z: Floats) -> tuple[Floats, Floats]:
        nats, slopes = [], []
        for start, count in self.context.batches(len(z)):
            some = slice(start, start + count)
            codes = torch.from_numpy(z[some]).to(self.context.device, torch.float32)
            values, gradient = _nats_and_slopes(self.context, self.batch.of(self.owners[some]), codes)
            nats.append(values.double().cpu().numpy())
            slopes.append(gradient.double().cpu().numpy())
        prior = -0.5 * ((z**2).sum(axis=1) + z.shape[1] * math.log(2 * math.pi))
        return np.concatenate(nats) + prior, np.concatenate(slopes) - z


def _nats_and_slopes(context: ProbeContext, batch: Batch, codes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """``log p(x | z)`` ``(m,)`` and its gradient ``(m, d)``; the model's own numbers collect none.

    Raises:
        PluginError: Another shape.
        NotApplicable: It does not depend on the code by a differentiable way.
    """
    ask, leaf = context.generator.log_likelihood, codes.clone().requires_grad_()
    with context.asking_generator(gradients=True):
        values = ask(batch.images.clone(), leaf.clone(), **told(context, ask, batch.classes))
        if tuple(values.shape) != (len(codes),):
            raise PluginError(
                f"{context.generator_origin} broke its contract in 'log_likelihood': shape {tuple(values.shape)} for "
                f"{len(codes)} images; allowed: ({len(codes)},) finite nats."
            )
        if not values.requires_grad:
            raise _no_gradient("it returns numbers without one")
        (gradient,) = torch.autograd.grad(values.sum(), leaf, allow_unused=True)
    if gradient is None:
        raise _no_gradient("the numbers that it returns do not depend on z")
    return values.detach(), gradient


def _check_differentiable(context: ProbeContext, batch: Batch) -> None:
    """Refuse a model that answers without gradients and cannot answer with them."""
    codes = encoded(context, batch)[0].to(torch.float32)
    log_likelihood(context, batch, codes)  # whatever is wrong without gradients is a breach of the contract
    try:
        _nats_and_slopes(context, batch, codes)
    except RuntimeError as error:  # torch's own: no derivative of an operation, or numbers taken out of the graph
        raise _no_gradient(one_line(error)) from error


def _no_gradient(why: str) -> NotApplicable:
    return NotApplicable(
        "needs-gradient",
        f"The likelihood has no gradient in z: {why}. Neither descent nor annealing has a direction without one.",
        "A 'log_likelihood' made of differentiable operations of torch, without no_grad or detach between z and it.",
    )


def _not_finite(context: ProbeContext) -> PluginError:
    return PluginError(
        f"{context.generator_origin} broke its contract in 'log_likelihood': values or gradients in z that are not "
        "finite, for codes near an image's posterior; allowed: finite nats."
    )
