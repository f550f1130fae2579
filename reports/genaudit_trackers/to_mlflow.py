"""MLflow: one run with metrics, parameters, and the reports as artifacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow import MlflowClient
from mlflow.entities import Metric, Param

from genaudit_trackers.flat_record import numbers_of, parameters_of

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.values.record import RunRecord
    from genaudit_trackers.options import MlflowOptions

MOST_METRICS, MOST_PARAMETERS = 1_000, 100
"""In one batch."""
REPORTS = ("run.json", "results.csv", "report.html")


def track(record: RunRecord, folder: Path, options: MlflowOptions) -> None:
    """A finished MLflow run; a client of its own leaves no state of the process changed."""
    client = MlflowClient(tracking_uri=options.uri or None)
    known = client.get_experiment_by_name(options.experiment)
    experiment = known.experiment_id if known else client.create_experiment(options.experiment)
    run = client.create_run(experiment, run_name=record.run_id).info
    state = "FAILED"
    try:
        moment = run.start_time
        metrics = [Metric(name, value, moment, 0) for name, value in numbers_of(record).items()]
        for first in range(0, len(metrics), MOST_METRICS):
            client.log_batch(run.run_id, metrics=metrics[first : first + MOST_METRICS])
        parameters = [Param(name, value) for name, value in parameters_of(record).items()]
        for first in range(0, len(parameters), MOST_PARAMETERS):
            client.log_batch(run.run_id, params=parameters[first : first + MOST_PARAMETERS])
        for name in REPORTS:
            if (folder / name).is_file():
                client.log_artifact(run.run_id, str(folder / name))
        state = "FINISHED"
    finally:
        client.set_terminated(run.run_id, state)
