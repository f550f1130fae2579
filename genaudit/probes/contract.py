"""The contract of images at the boundary to a generator, and the one way in which they become 8-bit levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from genaudit.errors import PluginError

if TYPE_CHECKING:
    from genaudit.probes.context import ProbeContext

RANGE_TOLERANCE = 1e-4
"""How far rounding in a plugin's own scaling may leave [0, 1]; such values are clipped."""


def checked_images(context: ProbeContext, images: object, count: int, stage: str) -> torch.Tensor:
    """The images of a generator, if they keep the contract.

    Raises:
        PluginError: They are no tensor, of another shape, not finite or outside [0, 1]; the message names the plugin,
            its distribution and the stage.
    """
    if not isinstance(images, torch.Tensor):
        raise _broken(context, stage, f"returned {type(images).__name__}", "a tensor")
    expected = (count, *context.image_shape)
    if tuple(images.shape) != expected:
        raise _broken(context, stage, f"returned shape {tuple(images.shape)}", f"{expected}")
    finite = torch.isfinite(images)
    if not bool(finite.all()):
        bad = int((~finite.flatten(1).all(dim=1)).sum())
        raise _broken(context, stage, f"returned NaN or infinity in {bad} of {count} images", "finite values")
    low, high = float(images.min()), float(images.max())
    if low < -RANGE_TOLERANCE or high > 1 + RANGE_TOLERANCE:
        raise _broken(context, stage, f"returned values in [{low:.4g}, {high:.4g}]", "values in [0, 1]")
    return images.clamp(0, 1)


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
