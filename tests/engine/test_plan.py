import dataclasses
import re
import subprocess
import sys

import pytest
import tiny
from tiny import SHAPE, tiny_catalog

from genaudit.engine.plan import make_plan
from genaudit.engine.request import RunInputs
from genaudit.errors import BadOption, GenauditError, OutputError, PluginError, UnknownName, WeightsError
from genaudit.plugin.specs import GeneratorSpec, MetricSpec
from genaudit.values.results import Direction


@pytest.fixture
def plan(catalog, tmp_path):
    def make(**changes):
        given = {"plugin": "tiny-sampler", "dataset": "tiny", "out": tmp_path / "runs"}
        return make_plan(RunInputs(**{**given, **changes}), catalog)

    return make


def test_a_plan_says_what_will_be_done(plan):
    made = plan(samples=200)
    assert made.request.samples == 200
    assert made.request.extractor == "tiny-net"
    assert made.headline.startswith("tiny-sampler on tiny: 200 images, ")


def test_a_generator_may_name_the_data_that_it_is_for(installed, tmp_path):
    own = GeneratorSpec(
        name="own",
        summary="",
        target="tiny:build_vae",
        options="tiny:TinyOptions",
        capabilities=("Sampler",),
        image_shape=SHAPE,
        checkpoint="tiny:shipped",
        dataset="tiny",
    )
    world = tiny_catalog(installed, own)
    made = make_plan(RunInputs(plugin="own", out=tmp_path / "runs"), world)
    assert (made.dataset.spec.name, made.request.dataset) == ("tiny", "tiny")
    with pytest.raises(GenauditError, match="colored-digits"):  # which the others mean; its images are larger
        make_plan(RunInputs(plugin="tiny-sampler", out=tmp_path / "runs"), world)


def test_one_of_a_kind_is_not_a_plural_and_nothing_missing_is_not_counted(plan):
    made = plan(samples=1, metrics=("mode_count",))
    assert made.headline == "tiny-sampler on tiny: 1 image, 1 metric and 0 audits in tiny-net features; seed 0"


@pytest.mark.parametrize(("profile", "samples"), [("smoke", 1_000), ("standard", 10_000), ("full", 50_000)])
def test_a_profile_sets_the_number_of_images(plan, profile, samples):
    assert plan(profile=profile).request.samples == samples


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"plugin": "tiny-vea"}, UnknownName, "Did you mean 'tiny-vae'"),
        ({"dataset": "tony"}, UnknownName, "Did you mean 'tiny'"),
        ({"extractor": "tiny-nt"}, UnknownName, "Did you mean 'tiny-net'"),
        ({"metrics": ("fit",)}, UnknownName, "Did you mean 'fid'"),
        ({"skip": ("fit",)}, UnknownName, "Did you mean 'fid'"),
        ({"profile": "smoky"}, UnknownName, "Did you mean 'smoke'"),
        ({"formats": ("htm",)}, UnknownName, "Did you mean 'html'"),
        ({"options": {"tiny-sampler.gian": 2}}, BadOption, "did you mean 'gain'"),
        ({"options": {"tiny-samplr.gain": 2}}, GenauditError, "tiny-sampler"),
        ({"options": {"tiny-sampler.latent_dim": 0}}, BadOption, "at least 1, not 0"),
        ({"options": {"tiny-sampler.latent_dim": "many"}}, BadOption, "latent_dim"),
        ({"options": {"precision.k": 0}}, BadOption, "k"),
        ({"samples": 0}, BadOption, "--samples 0"),
        ({"samples": 10**20}, BadOption, "GiB of memory.  Allowed here: up to "),
        ({"seed": -1}, BadOption, "--seed -1"),
        ({"batch_size": 0}, BadOption, "--batch-size 0"),
        ({"device": "gpu"}, BadOption, "No device 'gpu'"),
        ({"device": "mps"}, BadOption, "mps has no float64"),
        ({"metrics": ("fid",), "skip": ("fid",)}, BadOption, "No metric is left"),
        ({"retrain": True}, WeightsError, "not Trainable"),
        ({"plugin": "vae"}, GenauditError, "shape"),
        ({"plugin": "tiny-vae"}, WeightsError, "--retrain"),
    ],
)
def test_what_cannot_be_met_is_refused_with_what_is_allowed(plan, changes, error, said):
    with pytest.raises(error, match=re.escape(said)):
        plan(**changes)


def test_weights_and_retrain_exclude_each_other(plan, tmp_path):
    with pytest.raises(WeightsError, match="exclude"):
        plan(plugin="tiny-vae", weights=tmp_path / "w.safetensors", retrain=True)


def test_a_file_in_place_of_the_output_folder_is_found_before_work_starts(plan, tmp_path):
    (tmp_path / "runs").write_text("")
    with pytest.raises(OutputError, match="not a folder"):
        plan(out=tmp_path / "runs" / "deeper")


def test_missing_capabilities_make_metrics_unavailable_with_the_reason(plan):
    missing = {(item.component, item.group): item for item in plan().unavailable}
    assert missing["elbo", ""].reason_code == "needs-capability"
    assert "Posterior" in missing["elbo", ""].hint
    assert missing["fid", "reconstructions"].reason == "Generator 'tiny-sampler' is no Reconstructor."
    assert ("fid", "") not in missing


def test_too_few_samples_make_a_metric_unavailable_with_the_number_needed(plan):
    made = plan(samples=3)
    missing = {item.component: item for item in made.unavailable if not item.group}
    assert missing["density"].reason == "It needs at least 6 images on either side; there are 3."
    assert missing["density"].hint == "--samples 6 or more."
    assert "fid" in {metric.spec.name for metric in made.metrics}


def test_a_request_for_nothing_that_applies_is_refused_with_every_reason(plan):
    with pytest.raises(GenauditError, match="None of the metrics that were asked for applies") as caught:
        plan(metrics=("precision", "elbo"), options={"precision.k": 5_000}, samples=100)
    assert (
        "precision: It needs at least 5001 images on either side; there are 40. A reference of at least 5001 items"
        in str(caught.value)
    )
    assert "elbo: Generator 'tiny-sampler' is no Posterior." in str(caught.value)
    assert {found.spec.name for found in plan(metrics=("fid", "elbo")).metrics} == {"fid"}  # one that applies is enough


def test_a_metric_that_needs_what_nobody_observes_is_unavailable(installed, tmp_path):
    spec = MetricSpec(
        name="tea-leaves", title="", summary="", target="x:y", needs=("tea",), unit="cups", direction=Direction.NONE
    )
    inputs = RunInputs(plugin="tiny-sampler", dataset="tiny", out=tmp_path)
    made = make_plan(inputs, tiny_catalog(installed, spec))
    assert {item.component: item.reason_code for item in made.unavailable}["tea-leaves"] == "unknown-observation"


def test_generator_and_data_of_different_kinds_are_refused(installed, tmp_path):
    spec = GeneratorSpec(name="rows", summary="", target="x:y", data_kind="vector", image_shape=(3,))
    with pytest.raises(GenauditError, match=r"for vectors.*for images"):
        make_plan(RunInputs(plugin="rows", dataset="tiny", out=tmp_path), tiny_catalog(installed, spec))


def test_a_generator_that_is_called_like_a_metric_is_refused(installed, tmp_path):
    spec = GeneratorSpec(name="fid", summary="", target="x:y", image_shape=SHAPE)
    with pytest.raises(PluginError, match="The generator and the metric 'fid' share a name"):
        make_plan(RunInputs(plugin="fid", dataset="tiny", out=tmp_path), tiny_catalog(installed, spec))


def test_options_in_force_are_in_the_request_with_their_defaults(plan):
    options = plan(options={"tiny-sampler.gain": "2.5"}).request.options
    assert options["tiny-sampler.gain"] == 2.5
    assert options["tiny-sampler.latent_dim"] == 5
    assert options["precision.k"] == 3


def test_what_a_plugin_ships_is_asked_for_with_its_options(plan, monkeypatch, tmp_path):
    monkeypatch.setattr(tiny, "SHIPPED", [str(tmp_path / "gone.safetensors")])
    with pytest.raises(WeightsError, match=r"gone\.safetensors"):
        plan(plugin="tiny-vae")


def test_a_plugin_that_fails_to_find_its_weights_is_named(plan, monkeypatch):
    monkeypatch.setattr(tiny, "SHIPPED", [None])
    with pytest.raises(PluginError, match=r"Plugin 'tiny' \(tiny-world 1\.0\) failed at stage checkpoint"):
        plan(plugin="tiny-vae")


def test_planning_imports_no_torch(tmp_path):
    program = (
        "import sys; from genaudit.engine.plan import make_plan; from genaudit.engine.request import RunInputs;"
        "from genaudit.plugin.manager import load_plugins; from pathlib import Path;"
        f"make_plan(RunInputs(plugin='vae', out=Path({str(tmp_path)!r})), load_plugins());"
        "assert 'torch' not in sys.modules and 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_tiny_world_has_the_shape_that_it_declares():
    assert tiny.TinyDataset().split("train").images.shape[1:] == SHAPE


def test_audits_of_a_users_table_take_no_part_in_a_run_and_are_not_missing_either(plan, catalog):
    of_table = {audit.spec.name for audit in catalog.all("audit") if audit.spec.of_table}
    made = plan()
    assert "group_rates" in of_table
    assert not of_table & {audit.spec.name for audit in made.audits}
    assert not of_table & {missing.component for missing in made.unavailable}
    with pytest.raises(BadOption, match="takes no part"):
        plan(options={"group_rates.level": 0.9})


def test_a_translator_asked_for_the_metrics_of_a_sampler_is_refused_with_the_reason(plan):
    with pytest.raises(
        GenauditError, match=r"kid, fid \[low-level\]: Generator 'tiny-translator' is no Sampler"
    ) as caught:
        plan(plugin="tiny-translator", metrics=("kid", "fid [low-level]"))
    assert "A generator with the capability Sampler" in str(caught.value)


def test_the_headline_of_a_translator_promises_no_images(plan):
    assert plan(plugin="tiny-translator").headline.startswith("tiny-translator on tiny: 5 metrics and 1 audit in ")


def test_a_data_set_without_domains_has_no_translations(plan, installed, tmp_path):
    tiny_set = next(spec for spec in tiny.SPECS if spec.name == "tiny")
    plain = dataclasses.replace(tiny_set, name="plain", translations=())
    inputs = RunInputs(plugin="tiny-translator", dataset="plain", out=tmp_path / "runs")
    made = make_plan(inputs, tiny_catalog(installed, plain))
    assert not made.metrics
    codes = {missing.component: missing.reason_code for missing in made.unavailable}
    assert codes["cycle_consistency"] == "needs-domains"
