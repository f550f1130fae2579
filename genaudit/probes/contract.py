"""The contract of images at the boundary to a generator, and the one way in which they become 8-bit levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from genaudit.errors import PluginError
from genaudit.probes.context import blaming

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from genaudit.plugin.components import Annotator
    from genaudit.probes.context import ProbeContext

RANGE_TOLERANCE = 1e-4
"""How far rounding in a plugin's own scaling may leave [0, 1]; such values are clipped."""


def checked_images(context: ProbeContext, images: object, count: int, stage: str) -> torch.Tensor:
    """The images (or vectors, which may have any finite value) of a generator, if they keep the contract.

    Raises:
        PluginError: They are no tensor, of another type or shape, not finite or outside [0, 1]; the message names the
            plugin, its distribution and the stage.
    """
    if not isinstance(images, torch.Tensor):
        raise _broken(context, stage, f"returned {type(images).__name__}", "a tensor")
    if images.dtype is not torch.float32:
        remedy = "end it with '.float()'" if images.dtype.is_floating_point else "scale them, then '.float()'"
        raise _broken(context, stage, f"returned {images.dtype}", f"torch.float32 ({remedy})")
    expected = (count, *context.image_shape)
    if tuple(images.shape) != expected:
        raise _broken(context, stage, f"returned shape {tuple(images.shape)}", f"{expected}")
    finite = torch.isfinite(images)
    if not bool(finite.all()):
        bad = int((~finite.flatten(1).all(dim=1)).sum())
        raise _broken(context, stage, f"returned NaN or infinity in {bad} of {count} images", "finite values")
    if context.dataset_spec.data_kind == "vector":
        return images
    low, high = float(images.min()), float(images.max())
    if low < -RANGE_TOLERANCE or high > 1 + RANGE_TOLERANCE:
        raise _broken(context, stage, f"returned values in [{low:.4g}, {high:.4g}]", "values in [0, 1]")
    return images.clamp(0, 1)


def checked_numbers(context: ProbeContext, numbers: object, stage: str) -> torch.Tensor:
    """What a generator says beside images (styles, codes, nats), if it is a tensor of a floating type.

    Raises:
        PluginError: It is not; the message names the plugin, its distribution and the stage.
    """
    if not isinstance(numbers, torch.Tensor):
        raise _broken(context, stage, f"returned {type(numbers).__name__}", "a tensor")
    if not numbers.dtype.is_floating_point:
        raise _broken(context, stage, f"returned {numbers.dtype}", "a floating type, such as torch.float32")
    return numbers


def extracted(context: ProbeContext, images: torch.Tensor) -> dict[str, NDArray[np.float64]]:
    """What the extractor says of 8-bit images, if it keeps its spec.

    Raises:
        PluginError: It raised, left an output away, or gave another shape or values that are not finite.
    """
    if context.store is None:
        return _checked(context, _said(context, images), len(images))
    block = context.store.block(images.cpu().numpy())
    kept = context.store.read(block)
    outputs = _said(context, images) if kept is None else kept
    checked = _checked(context, outputs, len(images))
    if kept is None and not context.randomness.moved_by(context.extractor_origin):
        context.store.keep(block, outputs)
    return checked


def _said(context: ProbeContext, images: torch.Tensor) -> dict[str, NDArray[Any]]:
    """The extractor's outputs in float32 if they are, and else in float64."""
    origin = context.extractor_origin
    with torch.no_grad(), blaming(origin, "extract"), context.randomness.watched(origin):
        # what it writes into is its own, and how the images lay in memory before changes no bit of what it says
        said = context.extractor.extract(images.clone(memory_format=torch.contiguous_format))
        return {
            name: (tensor if tensor.dtype == torch.float32 else tensor.double()).detach().cpu().numpy()
            for name, tensor in said.items()
        }


def _checked(context: ProbeContext, said: Mapping[str, NDArray[Any]], count: int) -> dict[str, NDArray[np.float64]]:
    outputs = {name: rows.astype(np.float64) for name, rows in said.items()}
    for name, dimension in context.extractor_spec.outputs.items():
        rows = outputs.get(name)
        if rows is None:
            raise PluginError(f"{context.extractor_origin} broke its contract in 'extract': no output '{name}'.")
        expected = (count, dimension or rows.shape[-1])
        if rows.shape != expected or not np.isfinite(rows).all():
            raise PluginError(
                f"{context.extractor_origin} broke its contract in 'extract': '{name}' has shape {rows.shape} or "
                f"values that are not finite; allowed: {expected}, finite."
            )
    return outputs


def annotated(
    context: ProbeContext,
    attribute: str,
    annotator: Annotator,
    pixels: NDArray[np.uint8],
    outputs: Mapping[str, NDArray[np.float64]],
) -> NDArray[np.float64]:
    """An annotator's probabilities ``(n, levels)``, if it keeps its contract.

    Raises:
        PluginError: It raised, or gave another shape or values that are not finite.
    """
    origin = context.annotator_origins[attribute]
    with blaming(origin, "annotate"), context.randomness.watched(origin):
        own = {name: rows.copy() for name, rows in outputs.items()}
        read = np.asarray(annotator.annotate(pixels.copy(), own), dtype=np.float64)
    expected = (len(pixels), len(context.annotators[attribute][0].levels))
    if read.shape != expected or not np.isfinite(read).all():
        raise PluginError(
            f"{origin} broke its contract in 'annotate': shape {read.shape} or values that are not finite; "
            f"allowed: {expected}, finite."
        )
    return read


def levels(context: ProbeContext, items: torch.Tensor) -> torch.Tensor:
    """What the extractor reads of checked items: 8-bit levels of images, vectors as they are."""
    return items.to(torch.float32) if context.dataset_spec.data_kind == "vector" else quantised(items)


def continuous_levels(context: ProbeContext, items: torch.Tensor) -> torch.Tensor:
    """Levels from 0 to 255 that are not rounded, float32; vectors as they are."""
    return items.to(torch.float32) if context.dataset_spec.data_kind == "vector" else items.to(torch.float32) * 255


def quantised(images: torch.Tensor) -> torch.Tensor:
    """8-bit levels of images in [0, 1], rounded half up: ``floor(255 x + 1/2)``.

    >>> quantised(torch.tensor([0.0, 0.5, 1.0])).tolist()
    [0, 128, 255]
    """
    return (images.double() * 255 + 0.5).floor().to(torch.uint8)


def as_unit_range(images: torch.Tensor) -> torch.Tensor:
    """Float32 images in [0, 1] of 8-bit levels."""
    return images.to(torch.float32) / 255


def _broken(context: ProbeContext, stage: str, found: str, allowed: str) -> PluginError:
    return PluginError(
        f"{context.generator_origin} broke its contract in '{stage}': it {found}; allowed: {allowed}.",
        "Mend the plugin, or see what it may return in genaudit.plugin.capabilities.",
    )
