"""Which weights come with the plugin."""

from __future__ import annotations

from pathlib import Path

from genaudit_dcgan.options import DcganOptions

SHIPPED = "dcgan.safetensors"
"""The file beside this module; trained with the default options."""


def shipped(options: DcganOptions) -> Path | None:
    """The weights that were trained with these very options, or None.

    >>> shipped(DcganOptions()).name
    'dcgan.safetensors'
    >>> shipped(DcganOptions(r1=0.0))
    """
    return Path(__file__).with_name(SHIPPED) if options == DcganOptions() else None
