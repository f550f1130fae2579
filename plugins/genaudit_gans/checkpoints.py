"""Which weights come with the plugin: those of every generator's default options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from genaudit_gans.options import CganOptions, GanOptions, GridGanOptions, RandomPairingOptions, RingGanOptions

if TYPE_CHECKING:
    from genaudit_adversarial.options import GameOptions


def shipped_gan(options: GameOptions) -> Path | None:
    """The weights of ``gan`` with these very options, or None.

    >>> shipped_gan(GanOptions()).name, shipped_gan(GanOptions(steps=10))
    ('gan.safetensors', None)
    """
    return _file("gan") if options == GanOptions() else None


def shipped_cgan(options: GameOptions) -> Path | None:
    """The weights of ``cgan`` with these very options, or None."""
    return _file("cgan") if options == CganOptions() else None


def shipped_ring(options: GameOptions) -> Path | None:
    """The weights of ``ring-gan`` with these very options, or None."""
    return _file("ring-gan") if options == RingGanOptions() else None


def shipped_grid(options: GameOptions) -> Path | None:
    """The weights of ``grid-gan`` with these very options, or None."""
    return _file("grid-gan") if options == GridGanOptions() else None


def shipped_random_pairing(options: RandomPairingOptions) -> Path | None:
    """The weights of ``random-pairing`` with these very options, or None."""
    return _file("random-pairing") if options == RandomPairingOptions() else None


def _file(name: str) -> Path:
    return Path(__file__).with_name(f"{name}.safetensors")
