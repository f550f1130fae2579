"""What a reader must know of a kernel distance: its sign, sets that are not independent, the scale of features."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genaudit.stats.kernels import Discrepancy
    from genaudit.values.results import Interval

LARGE = 100
"""Scalar products a dimension from which on a value is hardly to be read: features of ten and more."""
OFFSET, STEADY = 10, 0.02
"""Scalar products a dimension that are no small ones, and their kernel's spread over its mean that is a small one."""
COPIES = 1e-9
"""Of what equal sets of independent items differ by: below it, items are the same but for rounding."""

ROUNDING = 1e-12
"""Of a kernel's mean, about what its sums over pairs are right to."""

LEGAL = "A value below 0 is legal for an unbiased estimate."
WIDE = "The interval holds 0, where its standard error is too large by up to a factor of 1.4."
ALIKE = (
    "The kernel is the same for every pair, to rounding: the features are all alike, or too small beside the number "
    "that is added to their scalar products. Multiply both sets by one number, if they are not alike."
)
SAME = (
    "Both sets hold the same items, and value and interval are about independent sets: within a set no item is paired "
    "with itself, between these sets each is, so that the value lies below 0 whatever the items are."
)
BELOW = (
    "The whole interval lies below 0, where no distance can be. That is chance in one of forty comparisons of equal "
    "distributions, or the sets are not independent: items are in both, or were made from those of the other."
)


def kernel_note(found: Discrepancy, interval: Interval, value: float, degree: int) -> str:
    """Sentences for the result, of all pairs ``found``, and of the value that is given."""
    product = abs(found.typical) ** (1 / degree)
    if product > OFFSET and found.spread < STEADY * abs(found.typical):
        return (
            f"The kernel is about {found.typical:.1g} for every pair: the features vary little beside an offset that "
            "both sets share. Under this kernel the interval is then far too wide, and beyond ten million times their "
            "spread the value is rounding alone. Subtract one vector, such as the reference's mean, from both sets."
        )
    scale = ""
    if product > LARGE:
        scale = (
            f"Scalar products of features are about {product:.1g} a dimension. The value grows with power "
            f"{2 * degree} of the features' scale and with an offset that both sets share: compare it only with values "
            "of features of the same scale, or divide both sets by one number."
        )
    return " ".join(filter(None, (_about_sign(found, interval, value), scale)))


def _about_sign(found: Discrepancy, interval: Interval, value: float) -> str:
    if max(abs(found.value), found.expected_of_equal_sets) <= ROUNDING * abs(found.typical):
        return ALIKE
    if found.biased <= COPIES * found.expected_of_equal_sets:
        return SAME
    if interval.high < 0:
        return BELOW
    if interval.low > 0:
        return ""
    said = [LEGAL] if value < 0 else []
    said += [WIDE] if interval.method.startswith("t interval") else []
    return " ".join(said)
