"""Differences between groups in words: what differs, what the test says of it, and who was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.audits.cells import MANY, chance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.stats.label_permutation import PermutationTest
    from genaudit.values.results import Interval

SMALL_GROUPS = (
    ". The test is of the largest difference alone, and small groups lie far apart by chance; the interval weighs each "
    "pair by its own people, and leaves 0 out"
)
"""Where a test finds nothing in groups of which two surely differ."""


def title(kind: str, rate: str) -> str:
    """The rate, and behind it what its equality is called.

    >>> title("equal_opportunity", "true_positive_rate"), title("accuracy", "accuracy")
    ('True positive rate (equal opportunity)', 'Accuracy')
    """
    name = rate.replace("_", " ").capitalize()
    return name if kind == rate else f"{name} ({kind.replace('_', ' ')})"


def listed(groups: Sequence[str]) -> str:
    """The first of many names, and how many more there are."""
    more = f" and {len(groups) - MANY:,} more" if len(groups) > MANY else ""
    return f"{', '.join(groups[:MANY])}{more}"


def said_of_test(test: PermutationTest | None, untested: str, adjusted: float | None, interval: Interval | None) -> str:
    """What a permutation test says, behind a semicolon.

    Args:
        test: Of the largest difference; None if there is none.
        untested: Why there is none.
        adjusted: Its p-value, adjusted for the number of differences; None if it was not.
        interval: The interval of the largest difference, which may leave out 0 though the test finds nothing.
    """
    if test is None:
        return f"; not tested, because {untested}"
    least = test.p_value * (test.permutations + 1) < 1.5
    sign = "≤" if least else "="
    said = f"; p {sign} {chance(test.p_value)} by {test.permutations:,} permutations of the groups"
    if adjusted is not None:
        said += f" ({chance(adjusted)} adjusted for the number of differences)"
    contrary = interval is not None and interval.low > 0 and test.p_value > 1 - interval.level
    return said + (SMALL_GROUPS if contrary else "")
