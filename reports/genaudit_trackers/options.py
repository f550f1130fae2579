"""Options of the trackers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorBoardOptions:
    """Where TensorBoard looks."""

    folder: str = ""
    """Log folder; empty: ``tensorboard`` in the run's own folder."""
    step: int = 0
    """Step at which the numbers stand, such as the training step of a checkpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowOptions:
    """Where MLflow keeps its runs."""

    uri: str = ""
    """Tracking URI; empty: what MLflow itself is set to. Nothing leaves this machine unless it names another."""
    experiment: str = "genaudit"
    """Name of the experiment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WandbOptions:
    """Where Weights & Biases keeps its runs."""

    project: str = "genaudit"
    """Name of the project."""
    mode: str = "offline"
    """``offline`` writes to the run's folder, to be sent with ``wandb sync``; ``online`` sends at once."""

    def __post_init__(self) -> None:
        if self.mode not in {"offline", "online"}:
            raise ValueError(f"mode is offline or online, not {self.mode!r}")
