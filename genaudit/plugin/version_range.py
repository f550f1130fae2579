"""Which versions of genaudit a distribution says that it was made for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from genaudit.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

REQUIREMENT = re.compile(r"genaudit\s*(?:\[[^\]]*\])?\s*\(?([^();]*)\)?\s*(;.*)?", re.IGNORECASE)


def unmet_range(head: Iterable[tuple[str, str]], version: str = VERSION) -> str:
    """The range that ``Requires-Dist: genaudit…`` names, if this version lies outside of it; empty if it is met.

    An installer keeps to it when it installs the plugin, and not when genaudit itself is exchanged later. What is
    required under a condition only (an extra) does not count, and neither does a range that cannot be read.

    >>> unmet_range([("Requires-Dist", "genaudit>=0.1,<0.2")], "0.1.4"), unmet_range([], "0.1.4")
    ('', '')
    >>> unmet_range([("Requires-Dist", "genaudit <0.2,>=0.1")], "0.2.0")
    '<0.2,>=0.1'
    """
    for field, value in head:
        found = REQUIREMENT.fullmatch(value) if field == "Requires-Dist" else None
        if found and found[1].strip() and not found[2] and not _lies_in(version, found[1]):
            return found[1].strip()
    return ""


def _lies_in(version: str, text: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(text).contains(version, prereleases=True)
    except InvalidSpecifier:
        return True
