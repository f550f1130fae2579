"""Trackers: a finished run told to a log of experiments. This module is light; a tracker is imported when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.plugin import TrackerSpec, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def genaudit_trackers() -> Iterable[TrackerSpec]:
    """TensorBoard, MLflow, Weights & Biases; each needs its extra."""
    return (
        TrackerSpec(
            name="tensorboard",
            summary="Scalars in a TensorBoard log folder.",
            target="genaudit_trackers.to_tensorboard:track",
            options="genaudit_trackers.options:TensorBoardOptions",
            requires=("tensorboard",),
            install="genaudit[tensorboard]",
        ),
        TrackerSpec(
            name="mlflow",
            summary="Metrics, parameters and reports in an MLflow run.",
            target="genaudit_trackers.to_mlflow:track",
            options="genaudit_trackers.options:MlflowOptions",
            requires=("mlflow",),
            install="genaudit[mlflow]",
        ),
        TrackerSpec(
            name="wandb",
            summary="Summary values, configuration and reports in a Weights & Biases run.",
            target="genaudit_trackers.to_wandb:track",
            options="genaudit_trackers.options:WandbOptions",
            requires=("wandb",),
            install="genaudit[wandb]",
        ),
    )
