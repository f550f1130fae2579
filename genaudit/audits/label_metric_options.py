"""Which further metrics of labels are computed; light, so that options are checked before anything is loaded."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "sklearn:"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMetricsOptions:
    """Metrics of labels from scikit-learn, group by group."""

    names: tuple[str, ...] = ()
    """Such as ``sklearn:f1_score``: any of its metrics that compare true labels with predicted ones."""
    min_count: int = 10
    """Fewest people of a group below which nothing is estimated of it."""
    warn_count: int = 30
    """Fewest people of a group below which a value carries a warning."""
    level: float = 0.95
    """Level of the intervals."""

    def __post_init__(self) -> None:
        without = [name for name in self.names if not name.startswith(PREFIX) or name == PREFIX]
        if without:
            raise ValueError(f"'{without[0]}' does not say where the metric is from: write {PREFIX}f1_score")
        if len(set(self.names)) < len(self.names):
            raise ValueError("a metric is named twice")
        if not 1 <= self.min_count <= self.warn_count:
            raise ValueError(f"1 <= min_count <= warn_count is needed, not {self.min_count} and {self.warn_count}")
        if not 0 < self.level < 1:
            raise ValueError(f"level lies in (0, 1), not {self.level}")
