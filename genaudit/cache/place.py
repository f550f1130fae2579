"""Where a cache lies unless somebody names another place."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "GENAUDIT_CACHE"
FEATURES = "features"
"""The folder of a cache in which features lie, a folder for each way of making them."""
MANIFEST = "manifest.json"
"""Beside the blocks of such a folder: how its features were made."""
PART = ".part"
"""The end of the name of a file that is being written; one that stays is of a process that was killed."""


def cache_folder() -> Path:
    """``GENAUDIT_CACHE``, else ``XDG_CACHE_HOME/genaudit``, else ``~/.cache/genaudit``."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "genaudit"
