"""What deciding hard does to a share, even if nothing else is wrong: the floor under observed amplification."""

from __future__ import annotations

import math

from scipy import special


def bayes_optimal_shift(prior: float, separation: float) -> float:
    """How much more often the best possible hard decision says "yes" than "yes" is true (Leino et al. 2019).

    Two classes are seen as normal variables with unit variance whose means lie ``d`` apart. The decision with the
    fewest errors puts its threshold ``τ = ln(p / (1 - p)) / d`` nearer to the rarer class:
    ``β = p Φ(d/2 + τ) + (1 - p) Φ(-d/2 + τ) - p``, above 0 for p > 1/2 and any finite d.

    Args:
        prior: Share p of "yes", between 0 and 1.
        separation: d, above 0.

    Raises:
        ValueError: A share or a separation outside of that.

    >>> [round(bayes_optimal_shift(p, d), 7) for p, d in ((0.6, 1), (0.6, 0.5), (0.7, 1), (0.5, 1))]
    [0.0753711, 0.1984145, 0.1284854, 0.0]
    """
    if not (0 < prior < 1 and separation > 0):
        raise ValueError(f"a share between 0 and 1 and a separation above 0 are needed, not {prior} and {separation}")
    threshold = math.log(prior / (1 - prior)) / separation
    half = separation / 2
    return float(prior * special.ndtr(half + threshold) + (1 - prior) * special.ndtr(threshold - half) - prior)


def separation_of(accuracy: float) -> float:
    """The distance d at which the halfway threshold is right this often for either class: ``2 Φ⁻¹(accuracy)``.

    Raises:
        ValueError: Not above 1/2, the accuracy of guessing, or not below 1.

    >>> round(separation_of(0.975), 4)
    3.9199
    """
    if not 0.5 < accuracy < 1:
        raise ValueError(f"an accuracy between 1/2 and 1 is needed, not {accuracy}")
    return 2 * float(special.ndtri(accuracy))
