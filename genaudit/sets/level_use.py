"""What is odd about the levels of a whole set of images: black to any network, a part of the range, the same twice."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLACK = 2
"""Of 255: a set in which no level is higher was scaled twice, or holds 0 and 1."""
NARROW = 128
"""Levels between the darkest and the brightest of a set, up to which it was probably scaled to a part of the range."""
MANY = 0.1
"""Share of images that are copies of others, from which a reader must know."""


def narrow_levels(low: float, high: float) -> str:
    """What is odd about images whose levels lie between these, as the end of a sentence; empty if nothing is.

    >>> narrow_levels(0, 255), narrow_levels(127, 255)
    ('', 'lie between 127 and 255 of 0 to 255, in half of the range or less')
    """
    if high <= BLACK:
        return f"are at most {high:g} of 255, so that they are black to any network"
    if high - low <= NARROW:
        return f"lie between {low:g} and {high:g} of 0 to 255, in half of the range or less"
    return ""


class SeenLevels:
    """The range of levels of a set, and how often an image came again, while its images pass by."""

    def __init__(self) -> None:
        self._low, self._high, self._count = 255.0, 0.0, 0
        self._known: set[bytes] = set()

    def take(self, images: NDArray[Any]) -> None:
        """Some images ``(n, 3, h, w)``, levels from 0 to 255."""
        self._low, self._high = min(self._low, float(images.min())), max(self._high, float(images.max()))
        self._known.update(hashlib.blake2b(image.tobytes(), digest_size=16).digest() for image in images)
        self._count += len(images)

    def remarks(self, origin: str, *, links: int = 0) -> list[str]:
        """What a reader of the numbers must know.

        Args:
            origin: What the set is called.
            links: Images that are known to be there again.
        """
        said, odd = [], narrow_levels(self._low, self._high)
        if odd:
            said.append(
                f"All levels in the {origin} {odd}. Were they scaled twice, or in another range than 0 to 255 (uint8) "
                "or 0 to 1 (float)?"
            )
        copies = self._count - len(self._known) - links
        if copies >= MANY * self._count:
            said.append(
                f"{copies:,} of {self._count:,} images in the {origin} are the same as another one before them, pixel "
                "for pixel: intervals take each for an image of its own."
            )
        return said
