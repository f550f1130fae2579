"""Which schema a JSON file has, and what to do where it is not the one that is read here.

A schema grows by fields that have a default, so that files of an earlier version stay readable; its number changes
where one would be misread. It has never changed so far: there is nothing to migrate, and what carries another number
comes from a later genaudit or from elsewhere.
"""

from __future__ import annotations

import json
import math

from genaudit.values.printable import printable
from genaudit.version import VERSION

LONGEST_VALUE = 40


def plain_json(text: str) -> object:
    """The values of a JSON text, every number of it finite.

    Raises:
        ValueError: It is no JSON (NaN and infinities, also 1e999, are none), nested without end, or has a key twice in
            one object, of which one would win unseen; the message says which.

    >>> plain_json('{"a": [1, 2.5]}')
    {'a': [1, 2.5]}
    """
    try:
        return json.loads(text, parse_constant=_refused_number, parse_float=_finite, object_pairs_hook=_once_each)
    except RecursionError as error:
        raise ValueError("its brackets are nested without end") from error


def schema_refusal(plain: object, kind: str, known: int, wrote: str) -> tuple[str, str] | None:
    """Why values of a JSON file are not read as what they should be, and what to do; None if they may be read.

    Args:
        plain: What the file holds.
        kind: What it should be, ``run record`` or ``baseline``.
        known: The schema that this version reads.
        wrote: Key under which the file says which version wrote it.

    >>> schema_refusal({"schema_version": 1}, "run record", 1, "genaudit_version")
    >>> schema_refusal([], "run record", 1, "genaudit_version")
    ('is not a run record: it holds no JSON object', '')
    """
    if not isinstance(plain, dict):
        return f"is not a {kind}: it holds no JSON object", ""
    if "schema_version" not in plain:
        return f"is not a {kind}: it has no schema_version", ""
    schema = plain["schema_version"]
    if type(schema) is not int:  # True is an int too
        shown = printable(json.dumps(schema), LONGEST_VALUE)
        return f"is not a {kind}: its schema_version is {shown}, which is no whole number", ""
    if schema == known:
        return None
    version = plain.get(wrote)
    writer = f"genaudit {printable(version, LONGEST_VALUE)}" if isinstance(version, str) and version else ""
    return (
        f"is a {kind} of schema {printable(schema, LONGEST_VALUE)}, and genaudit {VERSION} reads schema {known}",
        f"A newer genaudit wrote it: read it with {writer or 'that'} or later."
        if schema > known
        else f"Read it with {writer or 'the genaudit'} that wrote it, or make it anew with this one.",
    )


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {printable(json.dumps(key), LONGEST_VALUE)} stands twice in one object")
        found[key] = value
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is beyond every number that is kept")
    return number


def _refused_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")
