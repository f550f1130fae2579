"""Golden cases of shares of groups: intervals, correction for a reader's errors, distance from a mix."""

from __future__ import annotations

import math
from functools import partial

from genaudit.selftest.golden_case import GoldenCase
from genaudit.stats import correction, information, intervals, joint_correction, proportions, units

NEWCOMBE = "Newcombe 1998, table I"
CLEAM = "Rogan and Gladen 1978; Teo et al. 2023 (CLEAM)"
MEASURED = 1_000_000
"""Images behind the reader's matrix: enough that shares of it are exact."""


def _wilson(count: int, total: int) -> tuple[float, float]:
    interval = proportions.wilson_interval(count, total)
    return interval.low, interval.high


def _corrected(read: float, right_for_first: float, right_for_second: float) -> float:
    """True share of the first group of which a share is read, by a reader that is right this often."""
    rows = [
        [right_for_first * MEASURED, (1 - right_for_first) * MEASURED],
        [(1 - right_for_second) * MEASURED, right_for_second * MEASURED],
    ]
    return float(correction.corrected_shares([read * MEASURED, (1 - read) * MEASURED], rows).shares[0])


def _in_all_images(read: float, right_for_first: float, right_for_second: float) -> float:
    """The same of a table of two classes, of the first of which no image is read as the second group."""
    reader = joint_correction.reader_of(
        [
            [right_for_first * MEASURED, (1 - right_for_first) * MEASURED],
            [(1 - right_for_second) * MEASURED, right_for_second * MEASURED],
        ]
    )
    counts = [[0.1 * read * MEASURED, 0.0], [0.9 * read * MEASURED, (1 - read) * MEASURED]]
    found = joint_correction.joint_shares(counts, joint_correction.taken_at_its_word(2), reader)
    return float(found.level_shares[0])


def _t(degrees: int) -> float:
    return intervals.t_interval(0.0, 1.0, degrees, how="golden case").high


SHARES = (
    *(
        GoldenCase(
            name=f"Wilson interval: {count} of {total}",
            compute=partial(_wilson, count, total),
            expected=bounds,
            tolerance=5e-5,
            source=NEWCOMBE,
        )
        for count, total, bounds in (
            (81, 263, (0.2553, 0.3662)),
            (15, 148, (0.0624, 0.1605)),
            (0, 20, (0.0, 0.1611)),
            (1, 29, (0.0061, 0.1718)),
        )
    ),
    *(
        GoldenCase(
            name=f"share_corrected: read {read:g} by a reader right for {first:g} and {second:g}",
            compute=partial(_corrected, read, first, second),
            expected=(expected,),
            tolerance=1e-6,
            source=CLEAM,
        )
        for read, first, second, expected in (
            (0.610, 0.947, 0.983, 0.6376344),
            (0.620, 0.947, 0.983, 0.6483871),
            (0.599, 0.869, 0.885, 0.6419098),
            (0.612, 0.869, 0.885, 0.6591512),
            (0.482, 0.947, 0.983, 0.5),
            (0.854, 0.947, 0.983, 0.9),
            (0.110, 0.947, 0.983, 0.1),
        )
    ),
    *(
        GoldenCase(
            name=f"share_corrected in all images, where a pair falls below 0: read {read:g}",
            compute=partial(_in_all_images, read, 0.947, 0.983),
            expected=(expected,),
            tolerance=1e-6,
            source=CLEAM,
        )
        for read, expected in ((0.610, 0.6376344), (0.482, 0.5))
    ),
    GoldenCase(
        name="divergence from an even mix: (.9, .1), (.8, .2), (1, 0)",
        compute=lambda: [information.kl_divergence([p, 1 - p], [0.5, 0.5]) for p in (0.9, 0.8, 1.0)],
        expected=(0.3680642, 0.1927448, math.log(2)),
        tolerance=1e-6,
    ),
    GoldenCase(
        name="half-width of a 95 % t interval: 2, 9 and 999 degrees of freedom",
        compute=lambda: (_t(2), _t(9), _t(999)),
        expected=(4.302653, 2.262157, 1.962341),
        tolerance=1e-6,
        source="tables of Student's t",
    ),
    GoldenCase(
        name="jackknife of the mean of (0, 1, 5): its standard error, sd / √3",
        compute=lambda: units.jackknife_error([3.0, 2.5, 0.5]),
        expected=(math.sqrt(7 / 3),),
        tolerance=1e-12,
    ),
    GoldenCase(
        name="cluster-robust error: four equal items in two clusters count as two",
        compute=lambda: intervals.mean([0, 0, 1, 1], [0, 0, 1, 1]).standard_error,
        expected=(0.5,),
        tolerance=1e-12,
    ),
)
