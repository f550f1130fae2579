import pytest

from genaudit.engine import observing
from genaudit.engine.observing import Observations, ProbeFailure
from genaudit.engine.progress import RunObserver
from genaudit.errors import NotApplicable, PluginError
from genaudit.probes.context import Observed, ProbeContext


@pytest.fixture
def asked(monkeypatch):
    """Probes that count how often they are asked; ``reference`` breaks."""
    calls = []

    def probe(observation):
        def ask(context, *needs):
            calls.append(observation)
            if observation == "reference":
                raise PluginError("the data are gone")
            if observation == "translations":
                raise NotApplicable("needs-domains", "no such domains")
            if observation == "latent_paths":
                raise IndexError("out of paths")
            return Observed(value=(observation, needs), items=3)

        return ask

    monkeypatch.setattr(observing, "_probe", probe)
    return calls


@pytest.fixture
def observations():
    nothing = dict.fromkeys(ProbeContext.__dataclass_fields__)
    context = ProbeContext(**{**nothing, "samples": 5, "generator_origin": "Plugin 'tiny' (tiny-world 1.0)"})
    return Observations(context, RunObserver())


def test_a_probe_runs_once_however_many_metrics_ask(asked, observations):
    first = observations.get("generated")
    assert observations.get("generated") is first
    assert asked == ["generated"]
    assert [(stage.name, stage.items) for stage in observations.stages] == [("generated", 3)]


def test_what_an_observation_is_made_from_is_observed_first(asked, observations):
    observations._seen["reference"] = "real"
    assert observations.get("features") == ("features", (("generated", ()), "real"))


def test_a_probe_that_failed_is_not_asked_again_and_fails_everything_made_from_it(asked, observations):
    for observation in ("features", "classes", "reference"):
        with pytest.raises(ProbeFailure, match="the data are gone"):
            observations.get(observation)
    assert asked.count("reference") == 1
    assert observations.seen("generated") is not None


def test_what_turns_out_not_to_apply_is_no_failure_and_is_not_asked_again(asked, observations):
    for observation in ("translations", "attribute_flips"):
        with pytest.raises(NotApplicable, match="no such domains"):
            observations.get(observation)
    assert asked == ["translations"]


def test_an_unexpected_error_names_the_plugin_and_the_stage(asked, observations):
    with pytest.raises(
        ProbeFailure, match=r"Plugin 'tiny' \(tiny-world 1\.0\) failed at stage latent_paths: IndexError"
    ):
        observations.get("latent_paths")


def test_real_probes_are_found_by_name():
    assert callable(observing._probe("generated"))
