"""Options of the generator."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class BlobOptions:
    """How a blob looks."""

    sharpness: float = 1.0
    """Above 0; 1 is a Gaussian."""

    def __post_init__(self):
        if not self.sharpness > 0:
            raise ValueError(f"sharpness is {self.sharpness}; allowed are numbers above 0")
