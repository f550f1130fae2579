"""Whether a generator gives the same images for the same latents: asked again, and together with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.errors import GenauditError
from genaudit.probes.conditioning import asked_labels
from genaudit.probes.context import blaming
from genaudit.probes.generation import decoded, latents

if TYPE_CHECKING:
    import torch

    from genaudit.probes.context import ProbeContext

ASKED = 8
"""Latents that are asked for twice."""
OTHERS = slice(1, 6)
"""Those of them that are asked for a third time, in a smaller batch."""
SAME_BATCH = 1e-4
"""How far rounding moves images of [0, 1] (other items: relatively) when the same batch is computed twice: accelerators
add in an order that nobody promises."""
OTHER_BATCH = 1 / 255
"""Likewise of a batch of another size, which other kernels compute, in 16 bits or in those of TF32: one grey level."""


def unrepeatable(context: ProbeContext) -> str:
    """What a record must say of a generator whose images do not depend on latents (and classes) alone; else nothing.

    It costs two batches of 8 latents and one of 5. A generator that cannot be asked is told of where its images are
    needed; one that moves the global random numbers of the process is warned of already.
    """
    try:
        with blaming(context.generator_origin, "decode"):
            z, labels = latents(context, "latents", 0, ASKED), asked_labels(context, "latents", 0, ASKED)
            first, again = (decoded(context, z, labels) for _ in range(2))
            fewer = decoded(context, z[OTHERS], None if labels is None else labels[OTHERS])
    except GenauditError:
        return ""
    if context.randomness.moved_by(context.generator_origin):
        return ""
    moved, moved_by_others = _distance(first, again), _distance(first[OTHERS], fewer)
    if moved > SAME_BATCH:
        return _said(context, moved, "when they were asked for a second time", "keep no state between calls")
    if moved_by_others > OTHER_BATCH:
        return _said(context, moved_by_others, "when fewer were asked for together", "let no item look at the others")
    return ""


def _distance(images: torch.Tensor, others: torch.Tensor) -> float:
    """The largest difference of two values, relative to values beyond 1."""
    one, other = images.double(), others.double()
    return float(((one - other).abs() / one.abs().clamp(min=1)).max())


def _said(context: ProbeContext, moved: float, when: str, remedy: str) -> str:
    return (
        f"{context.generator_origin} gave other items for the same latents {when}: they moved by up to {moved:.2g}. "
        "Its numbers depend on how it was asked, and those of small steps (such as ppl) may be of nothing else. "
        f"Its author should evaluate with .eval(), draw nothing, and {remedy}; 'genaudit plugins check' looks closer."
    )
