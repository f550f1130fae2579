"""What may be chosen of a double."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PpcaOptions:
    """What may be set with ``--set double-ppca.NAME=VALUE``."""

    latent_dim: int = 16
    """Principal components."""

    def __post_init__(self) -> None:
        if not 1 <= self.latent_dim <= 256:
            raise ValueError(f"latent_dim is {self.latent_dim}; allowed: a whole number from 1 to 256")


@dataclass(frozen=True, slots=True, kw_only=True)
class DropperOptions:
    """What may be set with ``--set double-dropper.NAME=VALUE``."""

    dropped: tuple[int, ...] = (7, 8, 9)
    """Digits of which there is no image."""

    def __post_init__(self) -> None:
        if not set(self.dropped) < set(range(10)):
            raise ValueError(f"dropped is {self.dropped}; allowed: digits from 0 to 9, not all of them")


@dataclass(frozen=True, slots=True, kw_only=True)
class SkewerOptions:
    """What may be set with ``--set double-skewer.NAME=VALUE``."""

    amplification: float = 0.1
    """By how much the share of a digit's commoner colour grows (or shrinks, below 0); shares stay within 0 and 1."""

    def __post_init__(self) -> None:
        if not -0.5 <= self.amplification <= 0.5:
            raise ValueError(f"amplification is {self.amplification}; allowed: a number from -0.5 to 0.5")

    def skewed(self, share: float) -> float:
        """The share of a colour that was ``share``; one half stays one half.

        >>> SkewerOptions(amplification=0.2).skewed(0.7), SkewerOptions(amplification=0.2).skewed(0.1)
        (0.9, 0.0)
        """
        direction = (share > 0.5) - (share < 0.5)
        return round(min(1.0, max(0.0, share + direction * self.amplification)), 12)
