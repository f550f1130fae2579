"""What numbers among the options of metrics may be."""

from __future__ import annotations


def within(name: str, value: float, low: float, high: float | None = None) -> None:
    """Nothing, if an option lies from ``low`` to ``high``, or has no upper limit and is at least ``low``.

    Raises:
        ValueError: It does not, or is no number; the message names it and says what is allowed.

    >>> within("fid.blocks", 10, 3, 100)
    """
    if value < low or (high is not None and value > high) or value != value:  # noqa: PLR0124 - not a number
        allowed = f"{low} or more" if high is None else f"{low} to {high}"
        raise ValueError(f"{name} is {value}; allowed is {allowed}")
