"""Which weights come with the plugin."""

from __future__ import annotations

from pathlib import Path

from genaudit_mdn.options import MdnOptions

SHIPPED = "mdn.safetensors"
"""The file beside this module; trained with the default options."""


def shipped(options: MdnOptions) -> Path | None:
    """The weights that were trained with these very options, or None.

    >>> shipped(MdnOptions()).name
    'mdn.safetensors'
    >>> shipped(MdnOptions(components=1))
    """
    return Path(__file__).with_name(SHIPPED) if options == MdnOptions() else None
