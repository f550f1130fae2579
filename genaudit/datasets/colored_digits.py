"""``colored-digits``: real handwritten digits in two colours whose shares are known exactly.

1,797 digits are split at random by digit, never by image: 1,000 for training, 400 as reference, 397 held out; each
is rendered 6, 5 and 5 times with another position, size, slant and brightness. Every split has the same shares of
colour within a digit, so that the reference is the distribution that the training images come from.

Colour is assigned by image within each digit class: a random ``round(p n)`` of the class's n images are orange, the
rest blue. By image and not by source digit, because n is then about 600 instead of 100 and the share in the split
differs from p by at most 1/(2n); and because each source digit then appears in both colours, so that the colour says
something about the class and nothing about the handwriting.

A third label, ``stroke``, is no part of the design and follows from the grey image: heavy if its mean pixel has at
least 0.295 of the light of its brightest one, as half of the training images have, 40 to 69 % of those of a digit.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.datasets.rendering import Augmentation, Floats, affine_resample
from genaudit.errors import unknown_name
from genaudit.plugin.components import LabelledImages
from genaudit.stats.ink import HEAVY, ink_share
from genaudit.stats.seeds import generator

if TYPE_CHECKING:
    from genaudit.plugin.options import NoOptions

ORANGE_SHARE = (0.5, 0.5, 0.7, 0.3, 0.8, 0.2, 0.9, 0.1, 0.7, 0.3)
"""P(orange | digit 0 .. 9); two digits without a preference, and 0.5 in all."""
BALANCED_SHARE = (0.5,) * 10
"""The share with which the evaluator is trained: it must not learn colour as evidence for the digit."""
COLOURS = {"orange": (1.0, 0.55, 0.10), "blue": (0.15, 0.45, 1.0)}
DOMAINS = (*COLOURS, "thin", "thick")
"""What an image can be made to look like without becoming another digit."""
SPLITS = {"train": (1000, 6), "evaluation": (400, 5), "holdout": (397, 5)}
"""Number of digits, renders of each."""
SIZE = 16
"""Pixels a side of a rendered image."""
FIELD = 8.0
"""Source pixels a side that an image shows: the digit fills it, and a strong shift takes it a little over the edge."""
INK = {"plain": (1.6, 0.5), "thin": (1.6, 0.7), "thick": (2.5, 0.2)}
"""Contrast and the grey that becomes half ink: makes a soft enlargement look like strokes of some width.

Of a stroke fainter than that grey less ``0.5 / contrast`` nothing is left: thin strokes lose what thick ones show.
"""


def build(options: NoOptions) -> ColoredDigits:  # noqa: ARG001 - every target of a data set takes options
    """The data set."""
    return ColoredDigits()


@dataclass(frozen=True, slots=True)
class ColoredDigits:
    """The data set; a split is rendered when it is first asked for.

    >>> evaluation = ColoredDigits().split("evaluation")
    >>> evaluation.images.shape, evaluation.images.dtype
    ((2000, 3, 16, 16), dtype('uint8'))
    >>> sixes = evaluation.labels["colour"][evaluation.labels["digit"] == 6]
    >>> float(np.mean(sixes == 0))  # the share of orange
    0.9
    """

    seed: int = 0
    """Draws splits, augmentation, colours and order; the published digests are those of 0."""
    _splits: dict[str, LabelledImages] = field(default_factory=dict, repr=False, compare=False)

    def split(self, name: str) -> LabelledImages:
        """The images of ``train``, ``evaluation`` or ``holdout`` with labels ``digit``, ``colour`` and ``stroke``.

        Clusters are numbers of source digits, 0 to 1796.

        Raises:
            UnknownName: There is no such split.
        """
        if name not in self._splits:
            self._splits[name] = _labelled(_renders(name, self.seed), ORANGE_SHARE, name, self.seed)
        return self._splits[name]

    def balanced(self, name: str) -> LabelledImages:
        """The same renders with both colours equally often in every class: what an evaluator should be trained on."""
        return self.coloured(name, BALANCED_SHARE)

    def coloured(self, name: str, orange_share: tuple[float, ...]) -> LabelledImages:
        """The same renders with another share of orange for each digit: a shift that is known exactly.

        Args:
            name: Name of the split.
            orange_share: ``P(orange | digit 0 .. 9)``; exactly ``round(p n)`` of the n images of a digit are orange.
        """
        return _labelled(_renders(name, self.seed), orange_share, name, self.seed)

    def translation_pairs(self, split: str, source: str, target: str) -> tuple[LabelledImages, LabelledImages]:
        """Every image of a split as it looks in one domain, and the very same images in another.

        All images are in both domains, so that no domain has more of a class than the other. ``orange`` and ``blue``
        change the colour alone, ``thin`` and ``thick`` the strokes alone: each image keeps the colour of its split.

        Args:
            split: Name of the split.
            source: Domain of the first images.
            target: Domain of the second ones: same digit, same position, same brightness.

        Raises:
            UnknownName: There is no such split, or no such domain.
        """
        for given in (source, target):
            if given not in DOMAINS:
                raise unknown_name("domain of colored-digits", given, DOMAINS)
        return self._looking(split, source), self._looking(split, target)

    def _looking(self, split: str, domain: str) -> LabelledImages:
        if domain in COLOURS:
            renders = _renders(split, self.seed)
            return _coloured(renders, np.full(len(renders.digit), list(COLOURS).index(domain)))
        renders = _renders(split, self.seed, ink=domain)
        return _coloured(renders, _colour(renders, ORANGE_SHARE, split, self.seed))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Renders:
    """Digits as grey images, before they are coloured."""

    grey: Floats
    """``(n, 16, 16)`` in [0, 1]."""
    digit: NDArray[np.int64]
    source: NDArray[np.int64]
    as_written: bool = True
    """Whether strokes are as wide as they were written."""


def _digits() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The 1,797 source digits: levels 0 to 16 ``(1797, 8, 8)``, and which digit each is."""
    with (
        (files("genaudit.datasets.data") / "digits.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as data,
    ):
        return data["levels"], data["labels"].astype(np.int64)


def _renders(name: str, seed: int, ink: str = "plain") -> _Renders:
    """All renders of a split, in an order that tells nothing about the digit."""
    if name not in SPLITS:
        raise unknown_name("split of colored-digits", name, SPLITS)
    levels, labels = _digits()
    source = np.repeat(_assignment(labels, seed)[name], SPLITS[name][1])
    source = source[_shuffled(len(source), seed, name, "order")]
    augmentation = _augmentation(len(source), seed, name)
    enlarged = affine_resample(levels[source] / 16, augmentation, size=SIZE, field=FIELD)
    contrast, middle = INK[ink]
    strokes = np.clip((enlarged - middle) * contrast + 0.5, 0, 1)
    grey = strokes * augmentation.brightness[:, None, None]
    return _Renders(grey=grey, digit=labels[source], source=source, as_written=ink == "plain")


def _assignment(labels: NDArray[np.int64], seed: int) -> dict[str, NDArray[np.int64]]:
    """Source digits of each split, at random within a class; the classes' shares are those of the whole set."""
    remaining = {digit: np.flatnonzero(labels == digit) for digit in range(10)}
    for digit, members in remaining.items():
        remaining[digit] = members[_shuffled(len(members), seed, "split", str(digit))]
    chosen = {}
    for name, (count, _) in SPLITS.items():
        sizes = _largest_remainders([len(members) for members in remaining.values()], count)
        parts = [members[:size] for members, size in zip(remaining.values(), sizes, strict=True)]
        remaining = {digit: remaining[digit][size:] for digit, size in enumerate(sizes)}
        chosen[name] = np.concatenate(parts)
    return chosen


def _largest_remainders(sizes: list[int], total: int) -> list[int]:
    """``total`` shared out in proportion to ``sizes``, in whole numbers (Hamilton's method)."""
    quotas = [(size * total) // sum(sizes) for size in sizes]
    remainders = [(size * total) % sum(sizes) for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: total - sum(quotas)]:
        quotas[i] += 1
    return quotas


def _augmentation(count: int, seed: int, name: str) -> Augmentation:
    rng = generator(seed, "colored-digits", name, "augmentation")
    shift_x, shift_y, rotation, scale, brightness = rng.random((5, count))
    return Augmentation(
        shift_x=shift_x - 0.5,
        shift_y=shift_y - 0.5,
        rotation=0.3 * (rotation - 0.5),
        scale=0.9 + 0.2 * scale,
        brightness=0.8 + 0.2 * brightness,
    )


def _colour(renders: _Renders, orange_share: tuple[float, ...], name: str, seed: int) -> NDArray[np.int64]:
    """0 for orange and 1 for blue, with exactly ``round(p n)`` orange images in a class of n."""
    colour = np.ones(len(renders.digit), dtype=np.int64)
    for digit, share in enumerate(orange_share):
        members = np.flatnonzero(renders.digit == digit)
        order = _shuffled(len(members), seed, name, "colour", str(digit))
        colour[members[order[: round(share * len(members))]]] = 0
    return colour


def _shuffled(count: int, seed: int, *names: str) -> NDArray[np.int64]:
    """A random order of ``range(count)``; by sorting uniform draws, whose bits no version of numpy changes."""
    return np.argsort(generator(seed, "colored-digits", *names).random(count), kind="stable")


def _labelled(renders: _Renders, orange_share: tuple[float, ...], name: str, seed: int) -> LabelledImages:
    return _coloured(renders, _colour(renders, orange_share, name, seed))


def _stroke(renders: _Renders) -> dict[str, NDArray[np.int64]]:
    """The label of strokes as they were written; a translation that draws them anew has none."""
    return {"stroke": (ink_share(renders.grey) >= HEAVY).astype(np.int64)} if renders.as_written else {}


def _coloured(renders: _Renders, colour: NDArray[np.int64]) -> LabelledImages:
    palette = np.array(list(COLOURS.values()))
    light = renders.grey[:, None] * palette[colour][:, :, None, None]
    images = np.floor(255 * light + 0.5).astype(np.uint8)
    return LabelledImages(
        images=images,
        labels={"digit": renders.digit, "colour": colour, **_stroke(renders)},
        clusters=renders.source,
        strata=renders.digit * len(COLOURS) + colour,
        digest=hashlib.sha256(images.tobytes()).hexdigest(),
    )
