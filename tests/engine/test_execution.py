import dataclasses
import json
import math
import sys
from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch
from PIL import Image
from safetensors.torch import save_file
from tiny import tiny_catalog

import genaudit
from genaudit.engine.building import stored_state
from genaudit.engine.execution import execute
from genaudit.engine.plan import make_plan
from genaudit.engine.progress import RunObserver
from genaudit.engine.request import RunInputs
from genaudit.errors import GenauditError, IncompleteRun, PluginError, WeightsError
from genaudit.plugin.specs import MetricSpec, ReporterSpec, TrackerSpec
from genaudit.values.results import Direction, Estimate, Interval
from genaudit.values.unfinished import assembled


class Recorder(RunObserver):
    """Remembers what it was told."""

    def __init__(self):
        self.seen = []

    def stage_started(self, name, total):
        self.seen.append(("started", name, total))

    def stage_advanced(self, name, items, note=""):
        self.seen.append(("advanced", name, items))

    def result(self, result):
        self.seen.append(("result", getattr(result, "metric", None), None))

    def warning(self, message):
        self.seen.append(("warning", message, None))


@pytest.fixture
def run(catalog, tmp_path):
    def go(*, world=catalog, observer=None, **changes):
        given = {
            "plugin": "tiny-vae",
            "dataset": "tiny",
            "samples": 120,
            "out": tmp_path / "runs",
            "formats": ("json", "csv"),
            "options": {} if "metrics" in changes else {"interpolation_smoothness.paths": 20},
        }
        inputs = RunInputs(**{**given, "retrain": changes.get("plugin", "tiny-vae") == "tiny-vae", **changes})
        return execute(make_plan(inputs, world), world, observer or RunObserver())

    return go


def test_a_run_leaves_everything_in_its_folder(run):
    finished = run()
    names = {path.relative_to(finished.folder).as_posix() for path in finished.folder.rglob("*") if path.is_file()}
    assert {"run.json", "metrics.jsonl", "results.csv", "samples.npz", "samples/generated.png"} <= names
    assert finished.exit_code == 0
    assert genaudit.load(finished.folder) == genaudit.load(finished.reports["json"])
    assert np.load(finished.folder / "samples.npz")["images"].shape == (120, 3, 4, 4)


def test_every_result_carries_an_interval_or_a_reason_n_and_a_protocol(run):
    for result in run().record.results:
        assert math.isfinite(result.value)
        assert (result.interval is None) == bool(result.reason_without), result.metric
        assert result.n > 0, result.metric
        assert result.unit, result.metric
        if result.interval:
            assert result.interval.low <= result.value <= result.interval.high, result.metric


def test_what_is_made_as_often_as_samples_are_is_compared_at_one_size_only(run):
    record = run(metrics=("fid",)).record
    sizes = {
        view: record.result("fid", view).protocol.samples for view in ("", "aggregate posterior", "reconstructions")
    }
    assert sizes == {"": 120, "aggregate posterior": 120, "reconstructions": 0}


def test_protocols_say_which_features_and_which_images_were_compared(run):
    record = run().record
    fid, elbo = record.result("fid").protocol, record.result("elbo").protocol
    assert (fid.extractor, fid.reference) == ("tiny-net", "tiny/evaluation")
    assert (elbo.extractor, elbo.reference) == ("", "tiny/holdout")
    assert fid.reference_digest != elbo.reference_digest
    assert record.result("precision").protocol.parameters["k"] == 3


@pytest.mark.parametrize("batch_size", [1, 7, 64])
def test_the_batch_size_changes_no_number(run, batch_size):
    expected = {(r.metric, r.group): r.value for r in run(batch_size=256).record.results}
    found = {(r.metric, r.group): r.value for r in run(batch_size=batch_size).record.results}
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)  # float64 sums in another order


def test_another_seed_gives_other_samples(run):
    assert run(seed=0).record.value("fid") != run(seed=1).record.value("fid")


def test_a_second_run_in_the_same_second_overwrites_nothing(run):
    first, second = run(metrics=("fid",)), run(metrics=("fid",))
    assert first.folder != second.folder
    assert (first.folder / "run.json").exists()


def test_training_is_watched_and_its_curve_is_kept(run):
    observer = Recorder()
    curve = run(observer=observer).record.training
    assert curve.loss == (9.0, 8.0, 7.0, 6.0)
    assert curve.validation_loss == (6.5,)
    assert ("started", "training", 4) in observer.seen
    assert sum(items for what, name, items in observer.seen if (what, name) == ("advanced", "training")) == 4


def test_losses_of_a_training_have_the_unit_that_the_generator_says(run, installed):
    spec = next(spec for spec in tiny.SPECS if spec.name == "tiny-vae")
    own = dataclasses.replace(spec, name="squared-vae", loss_unit="squared error")
    done = run(world=tiny_catalog(installed, own), plugin="squared-vae", retrain=True, metrics=("fid",))
    assert done.record.training.unit == "squared error"
    assert run(metrics=("fid",)).record.training.unit == "nats per image"


def test_progress_counts_every_generated_image_once(run):
    observer = Recorder()
    run(observer=observer, batch_size=50)
    assert ("started", "generated", 120) in observer.seen
    assert sum(items for what, name, items in observer.seen if (what, name) == ("advanced", "generated")) == 120


def test_weights_from_a_file_are_used_and_named(run, tmp_path):
    state = {"decoder": torch.zeros(5, 48, dtype=torch.float64), "bias": torch.full((48,), -20.0, dtype=torch.float64)}
    save_file(state, tmp_path / "mine.safetensors")
    finished = run(weights=tmp_path / "mine.safetensors", retrain=False)
    assert np.load(finished.folder / "samples.npz")["images"].max() == 0
    assert finished.record.request.weights == "mine.safetensors"
    assert len(finished.record.generator.digest) == 64


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32])
def test_weights_of_fewer_bits_are_widened_exactly_and_the_record_says_how_they_were_stored(run, tmp_path, kind):
    third = torch.full((5, 48), 1 / 3, dtype=kind)
    state = {"decoder": third, "bias": torch.zeros(48, dtype=kind)}
    save_file(state, tmp_path / "narrow.safetensors")
    save_file({name: tensor.double() for name, tensor in state.items()}, tmp_path / "wide.safetensors")
    narrow, wide = (run(weights=tmp_path / f"{name}.safetensors", retrain=False) for name in ("narrow", "wide"))
    images = [np.load(finished.folder / "samples.npz")["images"] for finished in (narrow, wide)]
    assert np.array_equal(*images)
    said = {torch.float16: "float16", torch.bfloat16: "bfloat16", torch.float32: None}[kind]
    assert narrow.record.generator.facts.get("weights stored as") == said
    assert "weights stored as" not in wide.record.generator.facts


def test_a_generator_is_given_widened_weights_in_its_own_type(tmp_path):
    """A plugin that copies tensors as they are need not know of float16."""
    save_file({"w": torch.ones(2, dtype=torch.float16), "n": torch.ones(1, dtype=torch.int64)}, tmp_path / "w")

    class Own:
        def state(self):
            return {"w": torch.zeros(2, dtype=torch.float32), "n": torch.zeros(1, dtype=torch.int64)}

    assert {name: tensor.dtype for name, tensor in stored_state(tmp_path / "w", Own()).items()} == {
        "w": torch.float32, "n": torch.int64,
    }  # fmt: skip


def test_a_counter_of_the_model_may_be_an_integer_of_another_size_and_no_float(tmp_path):
    class Own:
        def state(self):
            return {"seen": torch.zeros(1, dtype=torch.int64)}

    save_file({"seen": torch.full((1,), 7, dtype=torch.int32)}, tmp_path / "w")
    assert stored_state(tmp_path / "w", Own())["seen"].item() == 7
    save_file({"seen": torch.full((1,), 7.5)}, tmp_path / "w")
    with pytest.raises(WeightsError, match="'seen' holds float32; the model takes int64 there"):
        stored_state(tmp_path / "w", Own())


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"decoder": torch.zeros(4, 48), "bias": torch.zeros(48)}, r"decoder is \(4, 48\), expected \(5, 48\)"),
        ({"decoder": torch.full((5, 48), torch.nan), "bias": torch.zeros(48)}, "NaN"),
        ({"other": torch.zeros(1)}, "do not fit"),
        (
            {"decoder": torch.zeros(5, 48), "bias": torch.zeros(48, dtype=torch.int32)},
            "'bias' holds int32; the model takes float16",
        ),
        ({"decoder": torch.zeros(5, 48) > 0, "bias": torch.zeros(48)}, "'decoder' holds bool; the model takes float16"),
        (
            {"decoder": torch.zeros(5, 48) + 0j, "bias": torch.zeros(48)},
            "'decoder' holds complex64; the model takes float16",
        ),
    ],
)
def test_weights_that_do_not_fit_are_refused_with_the_reason(run, tmp_path, state, said):
    save_file(state, tmp_path / "mine.safetensors")
    with pytest.raises(WeightsError, match=said):
        run(weights=tmp_path / "mine.safetensors", retrain=False)


def test_weights_of_other_options_that_do_not_fit_say_how_to_set_them(run, tmp_path):
    said = {"options": json.dumps({"latent_dim": 7, "gain": 1.0})}
    save_file({"decoder": torch.zeros(7, 48), "bias": torch.zeros(48)}, tmp_path / "mine.safetensors", metadata=said)
    with pytest.raises(WeightsError, match="do not fit") as refused:
        run(weights=tmp_path / "mine.safetensors", retrain=False)
    assert refused.value.hint == "It was trained with other options: add --set tiny-vae.latent_dim=7."


def test_a_refused_run_leaves_no_empty_folder(run, tmp_path):
    with pytest.raises(GenauditError):
        run(plugin="liar")
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_plugin_that_cannot_be_built_leaves_its_traceback(run, tmp_path):
    with pytest.raises(PluginError, match=r"The traceback is in .*log\.txt"):
        run(plugin="never")
    (folder,) = (tmp_path / "runs").iterdir()
    assert "the model's file is gone" in (folder / "log.txt").read_text()
    assert "tiny.py" in (folder / "log.txt").read_text()


@pytest.mark.parametrize(
    ("plugin", "said"),
    [
        ("raising", "failed at stage generated: RuntimeError: no decoder today"),
        ("leaving", "failed at stage generated: SystemExit: 0"),
        ("panicking", "failed at stage generated: BaseException: a panic of another language"),
        ("nan", "returned NaN or infinity in 120 of 120 images"),
        ("shape", r"returned shape (120, 1, 4, 4); allowed: (120, 3, 4, 4)"),
        ("range", "returned values in [2, 2]; allowed: values in [0, 1]"),
        ("list", "returned list; allowed: a tensor"),
    ],
)
def test_a_generator_that_breaks_its_contract_is_named_and_ends_with_exit_3(run, plugin, said):
    finished = run(plugin=plugin)
    assert finished.exit_code == 3
    errors = {failure.component: failure.error for failure in finished.record.failures}
    assert said in errors["fid"]
    assert "Plugin 'tiny' (tiny-world 1.0)" in errors["fid"]
    assert finished.record.unavailable["elbo"].reason_code == "needs-capability"


@pytest.mark.parametrize(
    ("plugin", "said"),
    [
        ("never", r"Plugin 'tiny' \(tiny-world 1\.0\) failed at stage build of generator 'never': OSError"),
        ("liar", "declares Sampler but has no 'latent_shape'"),
        ("shapeless", r"'latent_shape' of generator 'shapeless' is None; allowed: a tuple of whole numbers from 1"),
        ("misspelt", "'data_space' .* is 'continuous_dequantized'; allowed: soft, continuous_dequantised, discrete"),
    ],
)
def test_a_generator_that_cannot_be_built_is_an_error_that_names_plugin_and_stage(run, plugin, said):
    with pytest.raises(PluginError, match=said):
        run(plugin=plugin)


def fine(features, *, options, rng):
    return Estimate(value=float(len(features.generated)), reason_without="a count", n_generated=len(features.generated))


def broken(features, *, options, rng):
    raise ZeroDivisionError("nothing to divide by")


def not_an_estimate(features, *, options, rng):
    return [0.5]


def not_finite(features, *, options, rng):
    return Estimate(value=math.nan, reason_without="none")


def metric(name, target):
    return MetricSpec(
        name=name,
        title=name,
        summary=name,
        target=f"{__name__}:{target}",
        needs=("features",),
        unit="images",
        direction=Direction.NONE,
    )


def test_one_broken_metric_costs_no_other(run, installed, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    specs = [metric(name, name) for name in ("fine", "broken", "not_an_estimate", "not_finite")]
    finished = run(world=tiny_catalog(installed, *specs))
    assert finished.record.value("fine") == 120
    errors = {failure.component: failure.error for failure in finished.record.failures}
    assert errors["broken"] == "ZeroDivisionError: nothing to divide by"
    assert "not float" in errors["not_an_estimate"]
    assert "must be finite" in errors["not_finite"]
    assert finished.exit_code == 3


def interrupting(features, *, options, rng):
    raise KeyboardInterrupt


def test_an_interrupted_run_keeps_what_is_finished(run, installed, tmp_path):
    world = tiny_catalog(installed, metric("zz-interrupting", "interrupting"))
    with pytest.raises(KeyboardInterrupt):
        run(world=world, metrics=("fid", "zz-interrupting", "kid"))
    (folder,) = (tmp_path / "runs").iterdir()
    record = genaudit.load(folder)
    assert record.value("fid") >= 0
    assert not record.complete
    assert {name for name, item in record.unavailable.items() if item.reason_code == "not-reached"} == {
        "zz-interrupting",
        "kid",
    }
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert "fid" in {line.get("metric") for line in lines}
    assert not (folder / "begun.json").exists()


def test_a_disk_that_fills_up_leaves_what_was_finished_to_be_reported(run, installed, tmp_path, monkeypatch):
    def filling(features, *, options, rng):
        (log,) = (tmp_path / "runs").glob("*/metrics.jsonl")
        log.rename(log.with_suffix(".kept"))
        log.symlink_to("/dev/full")  # the kernel's own disk without room

    monkeypatch.setattr(sys.modules[__name__], "filling", filling, raising=False)
    world = tiny_catalog(installed, metric("zz-filling", "filling"))
    with pytest.raises(IncompleteRun, match=r"No space left on device.*What was finished: genaudit report") as stop:
        run(world=world, metrics=("fid", "zz-filling", "kid"))
    assert stop.value.exit_code == 3
    (folder,) = (tmp_path / "runs").iterdir()
    (folder / "metrics.kept").replace(folder / "metrics.jsonl")
    record = genaudit.load(folder)
    assert record.value("fid") >= 0
    assert not record.complete
    assert set(record.unavailable) >= {"zz-filling", "kid"}


def test_what_a_run_appends_holds_all_that_its_record_does(run):
    finished = run()
    finished.record.save(finished.folder / "kept.json")
    begun = replace(finished.record, results=(), findings=(), series=(), not_available=(), failures=(), images=())
    lines = (finished.folder / "metrics.jsonl").read_text(encoding="utf-8")
    found = assembled(begun, lines)
    for name in ("results", "findings", "series", "not_available", "failures", "images"):
        assert getattr(found, name) == getattr(finished.record, name), name
    assert {sheet.name for sheet in found.images} >= {"real", "generated"}


def exploding_report(record, folder):
    raise OSError("disk full of dreams")


def test_a_broken_reporter_is_a_failure_in_the_record_and_the_numbers_stay(run, installed):
    spec = ReporterSpec(name="dreams", summary="", target=f"{__name__}:exploding_report", filename="dreams.txt")
    finished = run(world=tiny_catalog(installed, spec), formats=("json", "dreams"))
    assert finished.exit_code == 3
    assert genaudit.load(finished.folder).failures[-1].error == "OSError: disk full of dreams"


def report_in_parts(record, folder):
    return {"parts.txt": b"main", "charts/one.vl.json": b"{}"}


def report_that_escapes(record, folder):
    return {"parts.txt": b"main", "../../escaped.txt": b"out"}


def report_over_the_log(record, folder):
    return {"parts.txt": b"main", "metrics.jsonl": b""}


def report_without_its_file(record, folder):
    return {"other.txt": b""}


def test_a_reporter_may_write_several_files(run, installed):
    spec = ReporterSpec(name="parts", summary="", target=f"{__name__}:report_in_parts", filename="parts.txt")
    finished = run(world=tiny_catalog(installed, spec), formats=("parts",))
    assert finished.reports["parts"].read_bytes() == b"main"
    assert (finished.folder / "charts" / "one.vl.json").read_bytes() == b"{}"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("report_that_escapes", "escaped.txt"),
        ("report_over_the_log", "metrics.jsonl"),
        ("report_without_its_file", "holds 'parts.txt'"),
    ],
)
def test_a_reporter_stays_in_the_run_folder_and_leaves_the_engines_files_alone(run, installed, target, said):
    spec = ReporterSpec(name="parts", summary="", target=f"{__name__}:{target}", filename="parts.txt")
    finished = run(world=tiny_catalog(installed, spec), formats=("parts",), metrics=("fid",))
    assert said in finished.record.failures[-1].error
    assert not list(finished.folder.parent.parent.glob("escaped.txt"))
    assert (finished.folder / "metrics.jsonl").read_text()


def test_sheets_show_the_first_images_in_order(run):
    finished = run()
    sheets = {sheet.name: sheet for sheet in finished.record.images}
    assert set(sheets) == {
        "real",
        "generated",
        "reconstructions",
        "worst_reconstructions",
        "interpolations",
        "nearest_training_images",
    }
    real = np.asarray(Image.open(finished.folder / sheets["real"].path))
    first = tiny.TinyDataset().split("evaluation").images[0].transpose(1, 2, 0)
    assert (real[:4, :4] == first).all()


def test_the_python_interface_refuses_what_it_does_not_know():
    with pytest.raises(GenauditError, match="No argument 'sampels'"):
        genaudit.run("vae", sampels=3)
    with pytest.raises(GenauditError, match="list of names"):
        genaudit.run("vae", metrics="fid")


def single_precision(features, *, options, rng):
    return Estimate(value=np.float32(0.5), reason_without="none", n_generated=np.int64(7), note="half a pair: \udcff")


def text_for_a_number(features, *, options, rng):
    return Estimate(value=0.5, reason_without="none", n_generated=1, parameters={"a": np.ones(3)})


def twice(features, *, options, rng):
    return [Estimate(value=0.5, reason_without="none", n_generated=1)] * 2


def meddling(features, *, options, rng):
    features.generated[:] = 0
    return Estimate(value=0.5, reason_without="none", n_generated=1)


def test_numpy_scalars_and_half_surrogates_are_kept_as_numbers_and_text(run, installed):
    record = run(world=tiny_catalog(installed, metric("single", "single_precision")), metrics=("single",)).record
    assert record.value("single") == 0.5
    assert record.result("single").note == "half a pair: \\udcff"


def five(features, *, options, rng):
    return Estimate(value=5.0, reason_without="none", n_generated=1)


def beside(features, *, options, rng):
    interval = Interval(low=0.6, high=0.9, level=0.95, method="none")
    return Estimate(value=0.5, interval=interval, n_generated=1)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("five", "it gave 5, and declares values from 0.0 to 1.0"),
        ("beside", "it gave 0.5 with an interval from 0.6 to 0.9"),
        ("text_for_a_number", "cannot be kept in a record"),
        ("twice", "two numbers are called odd"),
        ("meddling", "read-only"),
    ],
)
def test_answers_that_no_record_could_hold_are_failures_of_their_metric_alone(run, installed, target, said):
    finished = run(
        world=tiny_catalog(installed, replace(metric("odd", target), bounds=(0.0, 1.0))), metrics=("odd", "kid")
    )
    assert [failure.component for failure in finished.record.failures] == ["odd"]
    assert said in finished.record.failures[0].error
    assert finished.record.value("kid") == run(metrics=("kid",)).record.value("kid")


def test_the_traceback_of_a_failure_is_in_the_log_once(run):
    text = (run(plugin="raising").folder / "log.txt").read_text()
    assert text.count("no decoder today") >= 1
    assert "tiny.py" in text
    # two probes decode, and each failure has the plugin's error and what it became; seventeen metrics needed them
    assert text.count("Traceback (most recent call last)") == 4


def test_trained_weights_stay_in_the_run_folder_and_can_be_used_again(run):
    trained = run()
    again = run(weights=trained.folder / "weights.safetensors", retrain=False)
    assert again.record.value("fid") == trained.record.value("fid")
    assert again.record.training.loss == (9.0, 8.0, 7.0, 6.0)
    assert again.record.warnings == trained.record.warnings


def test_a_disk_that_is_full_costs_samples_and_not_the_record(run, monkeypatch):
    from genaudit.engine import execution

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(execution, "write_sheets", full)
    finished = run()
    assert finished.exit_code == 3
    assert "No space left" in finished.record.failures[-1].error
    assert genaudit.load(finished.folder).value("fid") == finished.record.value("fid")


@pytest.mark.parametrize("function", ["write_sheets", "_write_samples", "publish"])
def test_an_interruption_after_the_numbers_leaves_a_record(run, monkeypatch, tmp_path, function):
    from genaudit.engine import execution

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(execution, function, interrupt)
    with pytest.raises(KeyboardInterrupt):
        run()
    (folder,) = (tmp_path / "runs").iterdir()
    assert genaudit.load(folder).value("fid") > 0


def report_over_the_record(record, folder):
    return {"parts.txt": b"main", "run.json": b"{}"}


def report_over_a_picture(record, folder):
    return {"parts.txt": b"main", "samples/generated.png": b""}


def report_over_another(record, folder):
    return {"parts.txt": b"main", "results.csv": b""}


@pytest.mark.parametrize("target", ["report_over_the_record", "report_over_a_picture", "report_over_another"])
def test_a_reporter_writes_over_nothing_that_others_write(run, installed, target):
    spec = ReporterSpec(name="parts", summary="", target=f"{__name__}:{target}", filename="parts.txt")
    finished = run(world=tiny_catalog(installed, spec), formats=("csv", "parts"), metrics=("fid",))
    assert "files of its own" in finished.record.failures[-1].error
    assert genaudit.load(finished.folder).value("fid") > 0


def test_rendering_again_gives_the_same_bytes(run, installed):
    from genaudit.engine.publishing import render_reports

    finished = run()
    before = (finished.folder / "results.csv").read_bytes()
    render_reports(finished.folder, ["csv"], installed)
    assert (finished.folder / "results.csv").read_bytes() == before
    assert genaudit.load(finished.folder) == finished.record


def test_a_generator_of_vectors_is_measured_in_its_own_values(run):
    finished = run(plugin="vector-sampler", dataset="tiny-vectors", samples=2_000)
    record = finished.record
    assert record.failures == ()
    assert record.value("fid") < 0.6  # 40 reference rows of the same distribution; clipped to [0, 1] it would be 48
    assert record.value("interpolation_smoothness") >= 1
    assert record.images == ()
    assert np.load(finished.folder / "samples.npz")["images"].max() > 1
    assert record.unavailable["psnr"].reason_code in {"needs-capability", "needs-pixels"}


def test_a_tracker_is_told_of_the_finished_run_and_one_that_fails_is_a_warning(run, installed):
    told = TrackerSpec(name="told", summary="", target="tiny:remember")
    silent = TrackerSpec(name="silent", summary="", target="tiny:refuse_to_track")
    observer, world = Recorder(), tiny_catalog(installed, told, silent)
    tiny.TOLD.clear()
    finished = run(metrics=("fid",), world=world, track=("silent", "told"), observer=observer)
    assert finished.exit_code == 0
    assert [(finished.record.run_id, True)] == tiny.TOLD
    warnings = [text for what, text, _ in observer.seen if what == "warning"]
    assert warnings == ["Tracker 'silent' of tiny-world 1.0 failed: ConnectionError: nobody answers."]
    stages = [name for what, name, _ in observer.seen if what == "started"]
    assert stages[-2:] == ["telling silent", "telling told"]


def test_a_tracker_whose_program_is_absent_is_refused_before_any_work(run, installed, tmp_path):
    absent = TrackerSpec(
        name="rare", summary="", target="rare:rare", requires=("no_such_module",), install="genaudit[rare]"
    )
    with pytest.raises(PluginError, match=r"pip install 'genaudit\[rare\]'"):
        run(world=tiny_catalog(installed, absent), track=("rare",))
    assert not (tmp_path / "runs").exists()


def test_a_translator_that_samples_nothing_has_the_numbers_of_a_translator_and_reasons_for_the_others(run):
    done = run(plugin="tiny-translator", formats=("json", "csv", "html"))
    assert done.exit_code == 0
    record = done.record
    assert {(found.metric, found.group.partition(", ")[0]) for found in record.results if found.metric == "fid"} == {
        ("fid", "translations")
    }
    assert {found.metric for found in record.results} == {
        "cycle_consistency", "identity_preservation", "translation_accuracy", "attribute_flip_rate", "fid",
        "attribute_flip_share", "attribute_flip_excess",
    }  # fmt: skip
    assert record.value("translation_accuracy") == 0
    assert record.value("cycle_consistency", group="warm to cold") == 0
    assert record.result("attribute_flip_rate").details["read_as_the_target_domain"] == 1
    assert record.result("attribute_flip_rate").protocol.extractor == "tiny-net", "what is read depends on the reader"
    assert record.result("cycle_consistency").protocol.extractor == ""
    reasons = {missing.component: missing.reason for missing in record.not_available}
    assert reasons["precision"] == "Generator 'tiny-translator' is no Sampler."
    assert reasons["psnr"] == "Generator 'tiny-translator' is no Reconstructor."
    assert {sheet.name for sheet in record.images} == {"translations-1", "translations-2"}
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    opening = page[page.index('<section class="first with-strips"') : page.index("</section>")]
    assert opening.count("<img ") == 4, "both directions stand on the first screen, in two halves each"
    assert page.count("<img ") == 4, "and only there"
    assert not (done.folder / "samples.npz").exists()
    distances = [found for found in record.results if found.metric == "fid"]
    assert {found.protocol.reference for found in distances} == {"tiny/evaluation"}
    assert record.result("cycle_consistency").protocol.reference == "tiny/holdout"


def test_a_translator_between_domains_that_the_data_do_not_know_has_no_numbers_and_no_failure_and_is_no_success(run):
    done = run(plugin="stray-translator")
    assert not done.record.results
    assert not done.record.failures
    assert done.exit_code == 3
    reasons = {missing.component: missing.reason for missing in done.record.not_available}
    assert "horse to zebra" in reasons["cycle_consistency"]
