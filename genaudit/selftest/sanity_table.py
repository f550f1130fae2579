"""The table of sanity checks: one flaw a row; those of two sets after Räisä et al. 2025, arXiv 2505.22450."""

from __future__ import annotations

from genaudit.selftest import worlds
from genaudit.selftest.sanity_check import Reaction, SanityCheck
from genaudit.selftest.sanity_codes import OF_CODES

RISES, FALLS, STAYS = Reaction.RISES, Reaction.FALLS, Reaction.STAYS
FARTHER = {"fid": RISES, "kid": RISES}
OUTLIER = "one far item has a huge ball (Naeem et al. 2020)"
NO_TRAINING_SET = "compares distributions, does not know copies (Meehan et al. 2020)"
SCALE = "balls of high-dimensional shells hold their inside (Khayatkhoei and AbdAlmageed 2023, arXiv 2306.09618)"
DROWNED = "63 even dimensions drown one (Räisä et al. 2025)"
SIZES = "depends on the number of items (Kynkäänniemi et al. 2019)"

SANITY = (
    SanityCheck(
        name="mean shift",
        story="the mean moves by 2 standard deviations, d = 8",
        world=worlds.mean_shift,
        expected={"precision": FALLS, "recall": FALLS, "density": FALLS, "coverage": FALLS, **FARTHER},
    ),
    SanityCheck(
        name="outlier among real items",
        story="a generator apart from the data; one real item lies in its midst",
        world=worlds.real_outlier,
        expected={"precision": STAYS, "recall": STAYS, "density": STAYS, "coverage": STAYS, "fid": STAYS, "kid": STAYS},
        known={"precision": OUTLIER, "density": f"{OUTLIER}; by 1/k and no more"},
    ),
    SanityCheck(
        name="outlier among generated items",
        story="a generator apart from the data; one of its items lies amid the real ones",
        world=worlds.generated_outlier,
        expected={"precision": STAYS, "recall": STAYS, "density": STAYS, "coverage": STAYS, "fid": STAYS, "kid": STAYS},
        known={"recall": OUTLIER},
    ),
    SanityCheck(
        name="uniform noise",
        story="noise fills the box of data with heavy tails, d = 8",
        world=worlds.uniform_noise,
        expected={"precision": Reaction.VANISHES, "recall": FALLS, "density": FALLS, "coverage": FALLS, **FARTHER},
        known={
            "precision": f"the balls of items in the tails hold noise; {OUTLIER}",
            "recall": "scattered generated items have huge balls (Naeem et al. 2020)",
        },
    ),
    SanityCheck(
        name="narrower",
        story="the spread falls to a third, d = 8",
        world=worlds.narrower,
        expected={
            "precision": Reaction.NO_FALL,
            "recall": FALLS,
            "density": STAYS,
            "coverage": FALLS,
            **FARTHER,
        },
        known={"density": "not bounded by 1: rewards crowding at the centre (Räisä et al. 2025)"},
    ),
    SanityCheck(
        name="wider",
        story="the spread doubles, d = 8",
        world=worlds.wider,
        expected={"precision": FALLS, "recall": Reaction.NO_FALL, "density": FALLS, "coverage": FALLS, **FARTHER},
    ),
    SanityCheck(
        name="simultaneous mode dropping",
        story="nine of ten modes shrink from 10 % to 2 % each",
        world=worlds.simultaneous_dropping,
        expected={"precision": STAYS, "recall": FALLS, "coverage": FALLS, **FARTHER},
        known={"recall": "few items of a mode suffice to cover it (Naeem et al. 2020)"},
    ),
    SanityCheck(
        name="sequential mode dropping",
        story="five of ten modes are gone",
        world=worlds.sequential_dropping,
        expected={"precision": STAYS, "recall": FALLS, "coverage": FALLS, **FARTHER},
    ),
    SanityCheck(
        name="mode invention",
        story="half of the generated items are in modes without data",
        world=worlds.invention,
        expected={"precision": FALLS, "recall": STAYS, "density": FALLS, **FARTHER},
    ),
    SanityCheck(
        name="mode collapse",
        story="twenty items, repeated with hardly any change",
        world=worlds.collapse,
        expected={"precision": STAYS, "recall": FALLS, "coverage": FALLS, **FARTHER},
    ),
    SanityCheck(
        name="hypersphere",
        story="a sphere in 64 dimensions shrinks to half its radius",
        world=worlds.hypersphere,
        expected={"precision": FALLS, "recall": FALLS, "density": FALLS, "coverage": FALLS, **FARTHER},
        known={
            "precision": SCALE,
            "density": SCALE,
            "coverage": SCALE,
            "kid": "for short vectors (u·v / d near 0) the kernel is almost linear and sees the mean alone",
        },
    ),
    SanityCheck(
        name="disjoint dimension",
        story="one of 64 dimensions no longer overlaps",
        world=worlds.disjoint_dimension,
        expected={
            **dict.fromkeys(("precision", "recall", "density", "coverage"), Reaction.VANISHES),
            **FARTHER,
        },
        known=dict.fromkeys(("precision", "recall", "density", "coverage"), DROWNED),
    ),
    SanityCheck(
        name="copies",
        story="the generator hands out the real items",
        world=worlds.copies,
        expected={"precision": FALLS, "coverage": FALLS, **FARTHER},
        known=dict.fromkeys(("precision", "coverage", "fid", "kid"), NO_TRAINING_SET),
    ),
    SanityCheck(
        name="fewer items",
        story="60 instead of 600 items a side, d = 16",
        world=worlds.fewer_items,
        expected={
            "fid": STAYS,
            "fid debiased": STAYS,
            "kid": STAYS,
            "precision": STAYS,
            "recall": STAYS,
            "coverage": STAYS,
        },
        known={
            "fid": "biased upwards for few items (Bińkowski et al. 2018); read the debiased value",
            "precision": SIZES,
            "recall": SIZES,
        },
    ),
    SanityCheck(
        name="other order",
        story="the same items, shuffled",
        world=worlds.other_order,
        expected={"fid": STAYS, "kid": STAYS, "precision": STAYS, "recall": STAYS, "density": STAYS, "coverage": STAYS},
    ),
    *OF_CODES,
)
"""One flaw each; expectations without a known weakness must be met."""
