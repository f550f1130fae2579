"""What answers look like: shapes, types, ranges."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np
import torch

from genaudit.probes.contract import RANGE_TOLERANCE
from genaudit.stats.seeds import standard_normal_rows
from genaudit.testing.contract.subject import ITEMS
from genaudit.testing.contract.verdicts import Nonconformity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from genaudit.testing.contract.subject import Question, Subject

FAR = 4.0
"""Beyond it lies one coordinate of a latent in 16,000: 200 of those of 50,000 latents of 64 numbers."""
FAR_LATENTS = 64


def shapes(subject: Subject) -> None:
    """Every answer is a tensor of the shape that the capability says."""
    codes: tuple[int, ...] = ()
    for question, answer in _answers(subject):
        if not isinstance(answer, torch.Tensor):
            raise Nonconformity(f"'{question.name}' returned {type(answer).__name__}. Return a torch tensor.")
        expected = (ITEMS, *question.shape)
        fits = len(answer.shape) == len(expected) and all(
            isinstance(wanted, str) or found == wanted for found, wanted in zip(answer.shape, expected, strict=True)
        )
        if not fits:
            said = ", ".join(map(str, expected))
            raise Nonconformity(
                f"'{question.name}' returned shape {tuple(answer.shape)} for {ITEMS} items; allowed: ({said}). "
                "Mend the method, or the spec's image_shape."
            )
        if question.name.startswith("encode"):
            shape = tuple(answer.shape)
            if codes and shape != codes:
                raise Nonconformity(
                    f"'encode' returned mean {codes} and log-variance {shape} for {ITEMS} images; allowed: two tensors "
                    "of one shape (n, d). A variance that is shared must be expanded to every dimension."
                )
            codes = shape


def dtypes(subject: Subject) -> None:
    """Images are float32, drawn ones uint8 (vectors float64), and everything else floating."""
    for question, answer in _answers(subject):
        found = answer.dtype
        if question.kind == "image" and found is not torch.float32:
            remedy = "End it with '.float()'" if found.is_floating_point else "Divide levels by 255: '.float() / 255'"
            remedy = "Return real numbers" if found.is_complex else remedy
            raise Nonconformity(f"'{question.name}' returned {found}. {remedy}: images are float32 in [0, 1].")
        drawn = torch.uint8 if subject.spec.data_kind == "image" else torch.float64
        if question.kind == "drawn" and found is not drawn:
            raise Nonconformity(f"'{question.name}' returned {found}; allowed: {drawn}. Convert the array once.")
        if question.kind == "number" and not found.is_floating_point:
            raise Nonconformity(f"'{question.name}' returned {found}; allowed: a floating type.")


def ranges(subject: Subject) -> None:
    """No answer holds NaN or infinity, and images lie in [0, 1]."""
    for question, answer in _answers(subject):
        if answer.is_complex():
            raise Nonconformity(f"'{question.name}' returned {answer.dtype}, which has no range. Return real numbers.")
        values = answer.double()
        if not bool(torch.isfinite(values).all()):
            raise Nonconformity(
                f"'{question.name}' returned NaN or infinity. Look for a logarithm or a division without a bound."
            )
        low, high = float(values.min()), float(values.max())
        is_image = question.kind == "image" and subject.spec.data_kind == "image"
        if is_image and not (low >= -RANGE_TOLERANCE and high <= 1 + RANGE_TOLERANCE):
            raise Nonconformity(
                f"'{question.name}' returned values from {low:.4g} to {high:.4g}; allowed: [0, 1]. Scale them: "
                "(x + 1) / 2 after a tanh, x / 255 of levels."
            )
    if subject.has("Sampler"):
        _check_far_latents(subject)


def _check_far_latents(subject: Subject) -> None:
    """Latents of which one coordinate is far out, as some are in every long run, have images too."""
    made = subject.instance
    shape = tuple(made.latent_shape)
    rows = standard_normal_rows(0, "conformance-far", 0, FAR_LATENTS, prod(shape))
    index = np.arange(FAR_LATENTS)
    if rows.size:
        rows[index, (index // 2) % rows.shape[1]] = np.where(index % 2, -FAR, FAR)
    z = torch.from_numpy(rows).to(subject.device, torch.float32).reshape(FAR_LATENTS, *shape)
    conditional = subject.has("ClassConditional")
    labels = (torch.arange(FAR_LATENTS, device=subject.device) % len(made.classes),) if conditional else ()
    with torch.no_grad():
        bad = int((~torch.isfinite(made.decode(z, *labels)).flatten(1).all(dim=1)).sum())
    if bad:
        raise Nonconformity(
            f"'decode' returned NaN or infinity for {bad} of {FAR_LATENTS} latents with a coordinate of ±{FAR:g}, "
            "which a long run meets. Look for a logarithm, a root or an exponential without a bound."
        )


def _answers(subject: Subject) -> Iterator[tuple[Question, Tensor]]:
    for question in subject.questions:
        with torch.no_grad():
            yield question, question.ask(subject.instance, slice(0, ITEMS))
