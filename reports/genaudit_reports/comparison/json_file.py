"""The comparison for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from genaudit.values.comparison import comparison_to_plain

if TYPE_CHECKING:
    from genaudit.values.comparison import Comparison


def json_file(comparison: Comparison) -> bytes:
    """``comparison.json``: everything that was compared."""
    return (json.dumps(comparison_to_plain(comparison), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
