"""Trackers keep what the record says: read back by their own readers."""

import sys
import types

import pytest
from records import record, result

import genaudit_trackers
from genaudit_trackers.flat_record import numbers_of, parameters_of
from genaudit_trackers.options import MlflowOptions, TensorBoardOptions, WandbOptions

RESULTS = (result(), result("share", 0.5, group="digit=6, colour=orange", interval=None))
EXPECTED = {
    "genaudit/fid": 4.11,
    "genaudit/fid.ci_low": 3.94,
    "genaudit/fid.ci_high": 4.28,
    "genaudit/fid.n": 10_000.0,
    "genaudit/share.digit 6 colour orange": 0.5,
    "genaudit/share.digit 6 colour orange.n": 10_000.0,
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "run.json").write_text("{}")
    return tmp_path


def test_numbers_are_flat_with_interval_and_n_below_each():
    assert numbers_of(record(results=RESULTS)) == EXPECTED


def test_long_and_hostile_values_are_cut_and_cleaned():
    found = parameters_of(record(run_id="x" * 10_000 + "\0"))
    assert len(found["run_id"]) <= 6_000
    assert found["plugin"] == "vae"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # tensorboard's own, of its protocol buffers
def test_tensorboard_reads_every_scalar_back(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    from genaudit_trackers.to_tensorboard import track

    track(record(results=RESULTS), folder, TensorBoardOptions(step=500))
    events = EventAccumulator(str(folder / "tensorboard"))
    events.Reload()
    found = {name: events.Scalars(name)[0] for name in events.Tags()["scalars"]}
    assert {name: event.step for name, event in found.items()} == dict.fromkeys(found, 500)
    values = {name: event.value for name, event in found.items()}
    # an event file holds float32
    assert values == pytest.approx({name.replace(" ", "_"): value for name, value in EXPECTED.items()}, rel=1e-6)


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")  # mlflow's own
def test_mlflow_reads_metrics_parameters_and_artifacts_back(folder, monkeypatch):
    monkeypatch.chdir(folder)
    from mlflow import MlflowClient

    from genaudit_trackers.to_mlflow import track

    uri = f"sqlite:///{folder / 'runs.db'}"
    for _ in range(2):  # a second run finds the experiment
        track(record(results=RESULTS), folder, MlflowOptions(uri=uri))
    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name("genaudit")
    first, second = client.search_runs([experiment.experiment_id])
    assert first.data.metrics == second.data.metrics == EXPECTED
    assert first.data.params["plugin"] == "vae"
    assert first.info.status == "FINISHED"
    assert [item.path for item in client.list_artifacts(first.info.run_id)] == ["run.json"]


def test_wandb_is_told_offline_unless_the_user_says_otherwise(folder, monkeypatch):
    """The program is a stand-in that keeps what it is told: the real one is 60 MB and a service."""
    told = {}

    class Run:
        def __init__(self):
            self.summary = {}

        def save(self, path, base_path, policy):
            told.setdefault("files", []).append(path)

        def finish(self):
            told["finished"] = True

    def init(**given):
        told.update(given)
        told["run"] = Run()
        return told["run"]

    monkeypatch.setitem(sys.modules, "wandb", types.SimpleNamespace(init=init))
    monkeypatch.delitem(sys.modules, "genaudit_trackers.to_wandb", raising=False)
    from genaudit_trackers.to_wandb import track

    track(record(results=RESULTS), folder, WandbOptions())
    assert (told["mode"], told["project"], told["finished"]) == ("offline", "genaudit", True)
    assert told["run"].summary == EXPECTED
    assert told["files"] == [str(folder / "run.json")]


def test_wandb_mode_is_checked_before_any_work():
    with pytest.raises(ValueError, match="mode is offline or online"):
        WandbOptions(mode="disabled")


def test_every_tracker_says_what_installs_it():
    specs = list(genaudit_trackers.genaudit_trackers())
    assert {spec.name: spec.install for spec in specs} == {
        "tensorboard": "genaudit[tensorboard]",
        "mlflow": "genaudit[mlflow]",
        "wandb": "genaudit[wandb]",
    }
