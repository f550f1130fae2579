"""Whether a likelihood has its normalising constant, by integration pixel by pixel.

Given z, pixels are independent in every decoder that is in use. Then ``p(x | z) = Π f_i(x_i)``, and its integral is
``p(x | z) Π ∫ f_i(t) dt / f_i(x_i)``, where each ratio is found by moving one pixel and leaving the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from genaudit.errors import NotApplicable
from genaudit.testing.contract.questions import also_told
from genaudit.testing.contract.verdicts import Nonconformity

if TYPE_CHECKING:
    from genaudit.testing.contract.subject import Subject

Nats = Callable[[Tensor], "np.ndarray[Any, Any]"]
LARGEST = 64
"""Pixels times channels that are integrated over; more would take long."""
SAME = 0.02
"""Nats by which the integral may differ from 0: a missing ln(2π)/2 a pixel is 0.9, the rule's own error far less."""
SUPPORTS = {"continuous_dequantised": ((0.0, 1.0), (-4.0, 5.0)), "discrete": ((0.0, 1.0),)}
"""Intervals over which a density may integrate to one: that of the data, or one that is as good as infinite."""


def integrates_to_one(subject: Subject) -> None:
    """The integral over all images, for one latent."""
    if not subject.has("Likelihood", "Sampler"):
        raise NotApplicable("needs-capability", "It has no Likelihood of latents.")
    made = subject.instance
    dimensions = int(np.prod(subject.spec.image_shape))
    if made.data_space not in SUPPORTS:
        raise NotApplicable("not-a-density", f"Its data space is '{made.data_space}', which is no density.")
    if dimensions > LARGEST:
        raise NotApplicable("too-large", f"It has {dimensions} dimensions; up to {LARGEST} are integrated over.")
    nats, image = _nats(subject), subject.items()[:1]
    _check_independent(nats, image)
    totals = [_log_integral(nats, image, made.data_space, support) for support in SUPPORTS[made.data_space]]
    best = min(totals, key=abs)
    if not abs(best) < SAME:
        raise Nonconformity(
            f"exp('log_likelihood') integrates to exp({best:.3g}) over {dimensions} dimensions, not to 1. Return nats "
            "summed over pixels, with the normalising constant of the distribution."
        )


def _log_integral(nats: Nats, image: Tensor, data_space: str, support: tuple[float, float]) -> float:
    nodes, weights = _rule(data_space, support)
    here = float(nats(image)[0])
    flat = image.flatten(1)
    total = here
    for pixel in range(flat.shape[1]):
        moved = flat.repeat(len(nodes), 1)
        moved[:, pixel] = torch.as_tensor(nodes).to(flat)
        ratios = nats(moved.reshape(-1, *image.shape[1:])) - here
        total += float(np.logaddexp.reduce(ratios + np.log(weights)))
    return total


def _rule(data_space: str, support: tuple[float, float]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Nodes and weights: the 256 levels, or the midpoint rule, which no kink of a density hurts much."""
    if data_space == "discrete":
        return np.arange(256) / 255, np.ones(256)
    low, high = support
    count = int(2000 * (high - low))
    return low + (np.arange(count) + 0.5) / count * (high - low), np.full(count, (high - low) / count)


def _nats(subject: Subject) -> Nats:
    """Images to nats, for one latent, and for one class where the likelihood is told classes."""
    made, z = subject.instance, subject.latents(subject.instance)[:1]
    labels = {name: values[:1] for name, values in also_told(subject, made, "log_likelihood").items()}

    def nats(images: Tensor) -> np.ndarray[Any, Any]:
        n = len(images)
        with torch.no_grad():
            found = made.log_likelihood(
                images, z.expand(n, *z.shape[1:]), **{name: values.expand(n) for name, values in labels.items()}
            )
        rows: np.ndarray[Any, Any] = found.double().cpu().numpy()
        return rows

    return nats


def _check_independent(nats: Nats, image: Tensor) -> None:
    """Refuse to judge a likelihood in which pixels depend on one another given z: the mixed difference is not 0."""
    flat = image.flatten(1)
    if flat.shape[1] < 2:
        return
    corners = flat.repeat(4, 1)
    corners[1, 0] = corners[3, 0] = 0.25
    corners[2, -1] = corners[3, -1] = 0.75
    a, b, c, d = nats(corners.reshape(4, *image.shape[1:]))
    if abs(a - b - c + d) > 1e-3 * max(1.0, abs(a)):
        raise NotApplicable("pixels-depend", "Its pixels depend on one another given z; only products are integrated.")
