"""Which weights come with the plugin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from genaudit_vae.options import VaeOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIPPED: Mapping[str, VaeOptions] = {
    "bernoulli.safetensors": VaeOptions(),
    "continuous-bernoulli.safetensors": VaeOptions(likelihood="continuous-bernoulli"),
}
"""File beside this module to the options that it was trained with."""


def shipped(options: VaeOptions) -> Path | None:
    """The weights that were trained with these very options, or None.

    >>> shipped(VaeOptions()).name
    'bernoulli.safetensors'
    >>> shipped(VaeOptions(likelihood="laplace"))
    """
    for name, trained in SHIPPED.items():
        if _trained_alike(options, trained):
            return Path(__file__).with_name(name)
    return None


def _trained_alike(one: VaeOptions, other: VaeOptions) -> bool:
    """Whether both ask for the same training; a latent_dim that is the likelihood's own may be given or not."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("likelihood", "code_size", "steps", "beta", "batch_size", "learning_rate")
    )
