"""Texts from plugins, data sets, files and errors, made harmless for a terminal: they are shown, never obeyed."""

from __future__ import annotations

import json
import re
import unicodedata

LONGEST_LINE = 4_000
"""Characters of a line; a message that lists every metric is shorter."""

_WORD_JOINER = "\u2060"
"""A format character that shows nothing and turns nothing around: our own intervals hold it."""
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Control and format characters (bidi overrides are among them), surrogates, private use, unassigned."""
_BREAKS = re.compile("\r\n|[\t\n\v\f\r\u0085\u2028\u2029]")


def printable(text: object, limit: int = LONGEST_LINE) -> str:
    r"""The text in one line without control characters and bidi overrides, cut with an ellipsis.

    What follows an escape character stays: it is then a text like any other.

    >>> printable("\x1b[2Ja\u202eb\x9b\n c")
    '[2Jab  c'
    >>> printable("x" * 9, limit=4)
    'xxx…'
    """
    # Cut before looking at each character: a plugin may hand in megabytes.
    whole = str(text)
    raw = whole[: 4 * limit]
    if raw.isprintable():
        kept = raw
    else:
        lines = _BREAKS.sub(" ", raw)
        kept = lines.translate({ord(character): None for character in set(lines) if not _is_wanted(character)})
    return kept if len(kept) <= limit and len(whole) <= 4 * limit else kept[: limit - 1] + "…"


def printable_lines(text: str) -> str:
    r"""A text of several lines, each printable.

    >>> printable_lines("one\x07\ntwo")
    'one\ntwo'
    """
    return "\n".join(printable(line) for line in text.split("\n"))


def printable_json(text: str) -> str:
    r"""The same JSON value, with every character escaped that could steer a terminal; JSON of a program's own making.

    >>> printable_json('{"a": "\x9b31m\u202e"}')
    '{"a": "\\u009b31m\\u202e"}'
    """
    unwanted = {c for c in set(text) if c != "\n" and not _is_wanted(c)}
    return text.translate({ord(c): json.dumps(c)[1:-1] for c in unwanted}) if unwanted else text


def _is_wanted(character: str) -> bool:
    return character == _WORD_JOINER or unicodedata.category(character) not in _UNWANTED
