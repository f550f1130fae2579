"""Options of the audits; light, so that they are checked before anything heavy is loaded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationOptions:
    """When a share is shown, and when it is shown with a warning."""

    min_count: int = 10
    """Fewest images of a row below which its shares are not estimable."""
    warn_count: int = 30
    """Fewest images of a row below which its shares carry a warning."""
    level: float = 0.95
    """Level of the intervals."""

    def __post_init__(self) -> None:
        if not 1 <= self.min_count <= self.warn_count:
            raise ValueError(f"1 <= min_count <= warn_count is needed, not {self.min_count} and {self.warn_count}")
        if not 0 < self.level < 1:
            raise ValueError(f"level lies in (0, 1), not {self.level}")
