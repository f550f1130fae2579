"""Which weights come with the plugin."""

from __future__ import annotations

from pathlib import Path

from genaudit_cyclegan.options import CycleGanOptions, Pix2PixOptions

CYCLEGAN_FILE = "orange-blue.safetensors"
"""The file beside this module; trained with the default options."""
PIX2PIX_FILE = "thin-to-thick.safetensors"
"""Likewise."""


def shipped(options: CycleGanOptions) -> Path | None:
    """The weights that were trained with these very options, or None.

    >>> shipped(CycleGanOptions()).name
    'orange-blue.safetensors'
    >>> shipped(CycleGanOptions(domains="thickness"))
    """
    return Path(__file__).with_name(CYCLEGAN_FILE) if options == CycleGanOptions() else None


def shipped_pairs(options: Pix2PixOptions) -> Path | None:
    """The weights that were trained with these very options, or None.

    >>> shipped_pairs(Pix2PixOptions()).name
    'thin-to-thick.safetensors'
    """
    return Path(__file__).with_name(PIX2PIX_FILE) if options == Pix2PixOptions() else None
