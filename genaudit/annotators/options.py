"""Options of the annotators; light, so that they are checked before anything heavy is loaded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeOptions:
    """Options of the annotator that learns from labelled images."""

    penalty: float = 1.0
    """Half of it times the squared weights is added to the loss, above 0."""
    iterations: int = 300
    """Steps of the optimiser, at most."""

    def __post_init__(self) -> None:
        if not self.penalty > 0 or self.iterations < 1:
            raise ValueError(f"penalty > 0 and iterations >= 1 are needed, not {self.penalty} and {self.iterations}")
