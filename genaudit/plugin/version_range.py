"""Which versions of genaudit a distribution says that it was made for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from genaudit.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

OWN = re.compile(r"genaudit(?![\w.-]*\w)", re.IGNORECASE)
"""How a requirement of genaudit begins, and none of ``genaudit-models``."""


class Asked(NamedTuple):
    """What the ``Requires-Dist: genaudit…`` of a distribution mean for this version."""

    unmet: str = ""
    """The range that this version lies outside of; empty if it is met or none is named."""
    unreadable: str = ""
    """A requirement that says nothing, because nobody can read it."""


def asked_of(head: Iterable[tuple[str, str]], version: str = VERSION) -> Asked:
    """What a distribution asks of genaudit, from the fields of its metadata.

    An installer keeps to it when it installs the plugin, and not when genaudit itself is exchanged later. What is
    required under a condition only (an extra) does not count.

    >>> asked_of([("Requires-Dist", "genaudit>=0.1,<0.2")], "0.1.4") == asked_of([], "0.1.4") == Asked()
    True
    >>> asked_of([("Requires-Dist", "genaudit >= 0.1, <0.2")], "0.2.0").unmet
    '<0.2,>=0.1'
    >>> asked_of([("Requires-Dist", "genaudit!!")]).unreadable
    'genaudit!!'
    """
    for field, value in head:
        text = value.strip()
        if field != "Requires-Dist" or not OWN.match(text) or text.lower() == "genaudit":
            continue
        asked = _asked(text, version)
        if any(asked):
            return asked
    return Asked()


def _asked(text: str, version: str) -> Asked:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        required = Requirement(text)
    except InvalidRequirement:
        return Asked(unreadable=text)
    if required.marker or required.specifier.contains(version, prereleases=True):
        return Asked()
    return Asked(unmet=str(required.specifier))
