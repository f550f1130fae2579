"""Which weights come with the plugin."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from genaudit_stylegan.options import StyleganOptions

SHIPPED = "stylegan.safetensors"
"""The file beside this module; trained with the default options."""


def shipped(options: StyleganOptions) -> Path | None:
    """The weights that were trained with these very options, or None; truncation is no part of training.

    >>> shipped(StyleganOptions(truncation=0.5)).name
    'stylegan.safetensors'
    >>> shipped(StyleganOptions(mixing=0.0))
    """
    trained = replace(options, truncation=StyleganOptions().truncation)
    return Path(__file__).with_name(SHIPPED) if trained == StyleganOptions() else None
