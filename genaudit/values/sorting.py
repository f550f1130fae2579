"""The order in which people expect values that were read as text."""

from __future__ import annotations


def sort_key(text: str) -> tuple[int, float, str]:
    """Numbers by size and in front, texts by the alphabet.

    >>> sorted(["b", "10", "9", "a"], key=sort_key)
    ['9', '10', 'a', 'b']
    """
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text
