"""Whether a likelihood has its normalising constant, by integration pixel by pixel.

Given z, pixels are independent in every decoder that is in use. Then ``p(x | z) = Π f_i(x_i)``, and its integral is
``p(x | z) Π ∫ f_i(t) dt / f_i(x_i)``, where each ratio is found by moving one pixel and leaving the others.

Nothing else that a generator is asked would show a constant: every bound is made of the same ``log_likelihood``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from genaudit.errors import NotApplicable
from genaudit.stats.seeds import generator
from genaudit.testing.contract.pixel_integrals import (
    DOUBTFUL,
    LEVELS,
    UNIT,
    WIDE,
    LogRatios,
    Rows,
    Rule,
    by_midpoints,
    over_all_numbers,
    over_levels,
    over_unit_interval,
)
from genaudit.testing.contract.questions import also_told, asked_for
from genaudit.testing.contract.verdicts import Nonconformity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.testing.contract.subject import Subject

Nats = Callable[[Tensor], "np.ndarray[Any, Any]"]
LARGEST = 1_024
"""Pixels times channels up to which all are integrated over."""
DRAWN = 256
"""Dimensions that stand for all of a larger image."""
ERRORS = 8
"""Standard errors of what they stand for, within which nobody is accused."""
SAME = 0.02
"""Nats by which the integral may differ from 0, besides rounding: a missing ln(2π)/2 a pixel is 0.9."""
ROUNDING = 4 * float(np.finfo(np.float32).eps)
"""Of a sum in float32, as a share of it; that of the image's own nats enters once a dimension."""
AT_ONCE = 2**20
"""Numbers of the images that are asked about at once."""
OVER: dict[str, dict[Rule, tuple[float, float] | None]] = {
    "continuous_dequantised": {over_unit_interval: UNIT, over_all_numbers: WIDE},
    "discrete": {over_levels: None},
}
"""What a density may integrate to one over, the range of the data or all numbers, and the interval that is as good."""
CONFIRMED, AGREES = 4, 0.05
"""Pixels in whose densities another rule must find nothing more, but for nats, before a generator is accused."""


def integrates_to_one(subject: Subject) -> str:
    """The integral over all images, for one latent; what was not looked at is returned."""
    if not subject.has("Likelihood", "Sampler"):
        raise NotApplicable("needs-capability", "It has no Likelihood of latents.")
    made = subject.instance
    if made.data_space not in OVER:
        raise NotApplicable("not-a-density", f"Its data space is '{made.data_space}', which is no density.")
    nats, image = _nats(subject), _typical(subject)
    _check_independent(nats, image)
    dimensions, here = image.numel(), float(nats(image)[0])
    pixels, ratios = _chosen(dimensions), _ratios(nats, image, here)
    rounding = SAME + dimensions * ROUNDING * abs(here)
    totals = []
    for rule, interval in OVER[made.data_space].items():
        found, doubt = rule(ratios, pixels)
        total = here + dimensions * float(found.mean())
        margin = rounding + (ERRORS * _standard_error(found, dimensions) if np.isfinite(total) else 0.0)
        if abs(total) < margin and bool((doubt < DOUBTFUL).all()):
            return _said(len(pixels), dimensions, margin)
        _check_computable(ratios, pixels, found, doubt, interval)
        totals.append(total)
    raise Nonconformity(
        f"exp('log_likelihood') integrates to exp({min(totals, key=abs):.3g}) over {dimensions} dimensions, not to 1. "
        "Return nats summed over pixels, with the normalising constant of the distribution."
    )


def _said(integrated: int, dimensions: int, margin: float) -> str:
    """What was not looked at."""
    if integrated == dimensions:
        return ""
    unseen = f"a constant of less than {margin:.2g} nats would not be seen."
    return f"Estimated from {integrated} of {dimensions:,} dimensions: {unseen}"


def _check_computable(
    ratios: LogRatios, pixels: NDArray[np.intp], found: Rows, doubt: Rows, interval: tuple[float, float] | None
) -> None:
    """Refuse to accuse a likelihood whose integrals are in doubt, or of which the slow rule finds more somewhere."""
    some = slice(None, None, -(-len(pixels) // CONFIRMED))
    certain = bool((doubt < DOUBTFUL).all())
    if certain and interval and np.isfinite(found).all():
        certain = bool((by_midpoints(ratios, pixels[some], *interval) < found[some] + AGREES).all())
    if not certain:
        raise NotApplicable(
            "not-computable",
            "Not computable here: the density of a pixel has several peaks, a pole, or is too narrow.",
        )


def _chosen(dimensions: int) -> NDArray[np.intp]:
    """Every dimension, or some of many."""
    if dimensions <= LARGEST:
        return np.arange(dimensions)
    drawn = generator(0, "conformance-pixels").choice(dimensions, DRAWN, replace=False)
    return np.sort(drawn)


def _standard_error(found: Rows, dimensions: int) -> float:
    """Of the sum over all dimensions, from those that were drawn without putting back; 0 of all."""
    left = 1 - len(found) / dimensions
    return float(dimensions * np.sqrt(found.var(ddof=1) * left / len(found))) if left else 0.0


def _typical(subject: Subject) -> Tensor:
    """An image ``(1, c, h, w)`` as likely as can be had: far from it, differences of large numbers are rounded."""
    made, z = subject.instance, subject.latents(subject.instance)[:1]
    with torch.no_grad():
        image: Tensor = made.decode(z.clone(), *(label[:1].clone() for label in asked_for(subject, made)))
    return (image.clamp(0, 1) * (LEVELS - 1)).round() / (LEVELS - 1) if made.data_space == "discrete" else image


def _ratios(nats: Nats, image: Tensor, here: float) -> LogRatios:
    """What moving one pixel at a time does."""
    flat = image.flatten()
    at_once = max(1, AT_ONCE // len(flat))

    def ratios(pixels: NDArray[np.intp], levels: Rows) -> Rows:
        which = torch.as_tensor(np.repeat(pixels, levels.shape[1]))
        wanted = torch.as_tensor(levels.reshape(-1)).to(flat)
        found = np.empty(len(wanted))
        for start in range(0, len(wanted), at_once):
            some = wanted[start : start + at_once]
            moved = flat.repeat(len(some), 1)
            moved[torch.arange(len(some)), which[start : start + at_once]] = some
            found[start : start + at_once] = nats(moved.reshape(-1, *image.shape[1:]))
        return (found - here).reshape(levels.shape)

    return ratios


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
