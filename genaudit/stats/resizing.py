"""Images stretched to another size by a named policy; the name goes into the protocol of every number.

================  ===========================================================================================
policy            what it does
================  ===========================================================================================
tf1-bilinear      bilinear without antialiasing, sampled as TensorFlow 1 did (``align_corners=False``): what the
                  published Inception distances used (torch-fidelity, guided-diffusion)
pil-bicubic       Pillow's antialiased bicubic filter on each channel as float32, clipped to [0, 255] and not
                  rounded (Parmar, Zhang & Zhu 2022, On Aliased Resizing, §4: "clean")
pil-bicubic-8bit  the same filter as Pillow applies it to an 8-bit image: rounded
none              the image must have the size already
================  ===========================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Levels: TypeAlias = "NDArray[np.uint8 | np.float32]"
"""Of images, in [0, 255]."""

TF1, BICUBIC, BICUBIC_8BIT, NONE = "tf1-bilinear", "pil-bicubic", "pil-bicubic-8bit", "none"
STRETCHES = (TF1, BICUBIC, BICUBIC_8BIT)
POLICIES = (*STRETCHES, NONE)
WORDS = {
    TF1: "bilinear as TensorFlow 1 does it, no antialiasing, not rounded",
    BICUBIC: "antialiased bicubic on float32, clipped, not rounded",
    BICUBIC_8BIT: "antialiased bicubic in 8 bits",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resizing:
    """A size and the policy by which images are brought to it.

    >>> import numpy as np
    >>> Resizing(size=(2, 2), policy="pil-bicubic")(np.full((3, 8, 6), 7, dtype=np.uint8))[0].tolist()
    [[7.0, 7.0], [7.0, 7.0]]
    """

    size: tuple[int, int]
    """Height and width."""
    policy: str = BICUBIC

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise ValueError(f"there is no resize policy '{self.policy}'; there are {', '.join(POLICIES)}")

    @property
    def text(self) -> str:
        """What happens to an image, for the protocol: ``stretched to 8×8 by pil-bicubic (…)``."""
        height, width = self.size
        if self.policy == NONE:
            return f"no resize, {height}×{width}"
        return f"stretched to {height}×{width} by {self.policy} ({WORDS[self.policy]})"

    @property
    def rounds(self) -> bool:
        """Whether levels are 8-bit levels afterwards."""
        return self.policy in {BICUBIC_8BIT, NONE}

    def __call__(self, levels: Levels) -> Levels:
        """Levels in [0, 255] ``(c, h, w)`` of the new size: uint8 if the policy rounds, else float32.

        Raises:
            ValueError: The policy is ``none`` and the image has another size.
        """
        if self.policy == NONE and levels.shape[1:] != self.size:
            raise ValueError(f"the image is {levels.shape[1:]}, and the resize policy 'none' wants {self.size}")
        from genaudit.stats import stretching  # needs numpy, which the policies do not

        if levels.shape[1:] == self.size:
            return levels if self.rounds else stretching.unrounded(levels)
        if self.policy == BICUBIC_8BIT:
            return stretching.bicubic_8bit(levels, self.size)
        stretched = stretching.tf1_bilinear if self.policy == TF1 else stretching.bicubic
        return stretched(stretching.unrounded(levels), self.size)
