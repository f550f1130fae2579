"""The main job on the embedded default: real digits, the shipped VAE, every report."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import genaudit
from genaudit.values.table import COLUMNS


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    return genaudit.run(plugin="vae", profile="smoke", out=tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A smoke run by the command."""
    out = tmp_path_factory.mktemp("command")
    command = [
        sys.executable,
        "-m",
        "genaudit",
        "run",
        "--plugin",
        "vae",
        "--profile",
        "smoke",
        "--json",
        "-o",
        str(out),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (made,) = out.iterdir()
    (made / "stdout.json").write_text(done.stdout)
    return made


def test_everything_applies_but_what_a_bernoulli_vae_on_digits_cannot_have(record):
    by_reason = {}
    for item in record.not_available:
        by_reason.setdefault(item.reason_code, set()).add(f"{item.component} {item.group}".strip())
    assert by_reason == {
        "needs-capability": {
            "conditional_accuracy",
            "bias_amplification_t_to_a colour within digit",
            *("ppl w", "style_mixing_consistency", "noise_input_effect", "truncation_tradeoff"),
            *("cycle_consistency", "identity_preservation", "translation_accuracy", "attribute_flip_rate"),
            *("fid translations", "flips", "truncation"),
        },
        "needs-extractor-output": {"high_quality_rate"},
        "image-too-small": {"ms_ssim"},
        "no-weights": {"lpips"},
        "not-a-density": {
            *("bits_per_dim", "iwae", "variational_gap"),
            *("log_likelihood", "approximation_gap", "amortization_gap"),
        },
        "no_reference_declared": {"representation_p_value colour", "bias_amplification colour"},
        "needs-truth": {"bias_amplification_a_to_t colour within digit"},
    }
    assert record.failures == ()
    assert record.complete


def test_the_folder_of_a_run_is_a_table_to_the_audit(folder):
    found = genaudit.audit(
        folder, group="set", decision="colour", positive="orange", stratum="digit", role="confounder"
    )
    assert found.value("group_count", "set=generated") == 1_000
    assert found.value("group_count", "set=training") == 6_000
    assert found.value("selection_rate", "set=training") == pytest.approx(0.499)  # known of the data
    assert found.dataset.name == folder.name


def test_the_shipped_vae_scores_as_documented(record):
    # 1,000 images: figures of docs and of plugins/genaudit_vae/README.md within the interval that the run itself states
    assert record.result("fid").details["debiased_low"] < 4.6 < record.result("fid").details["debiased_high"]
    assert record.value("elbo") == pytest.approx(-179.7, abs=0.2)  # all 1,985 images, 4 draws each
    assert record.value("elbo_kl") == pytest.approx(14.94, abs=0.01)  # closed form
    assert record.value("elbo") == pytest.approx(record.value("elbo_reconstruction") - record.value("elbo_kl"))
    assert record.value("reconstruction_mse") == pytest.approx(0.00515, abs=1e-5)
    assert record.value("mode_count") == 10
    assert record.value("fid", "reconstructions") < record.value("fid") / 3


def test_what_does_not_depend_on_the_number_of_samples_is_as_in_the_sample_report(record):
    example = genaudit.load(Path(__file__).parents[2] / "reports" / "example")
    known = {(result.metric, result.group, result.definition): result for result in example.results}
    keys = [(result.metric, result.group, result.definition) for result in record.results]
    same = [(result, known[key]) for key, result in zip(keys, record.results, strict=True) if key in known]
    assert {"elbo", "elbo_kl", "reconstruction_mse", "psnr", "ssim"} <= {result.metric for result, _ in same}
    for result, shown in same:  # two machines round a forward pass differently
        assert result.value == pytest.approx(shown.value, rel=1e-6), (result.metric, result.group)


@pytest.mark.slow
def test_the_sample_report_holds_the_numbers_of_the_command_that_it_names(tmp_path):
    example = genaudit.load(Path(__file__).parents[2] / "reports" / "example")
    made = genaudit.run(plugin="vae", out=tmp_path, formats=("json",))
    values = {(result.metric, result.group): result.value for result in made.results}
    # items in another order of magnitude of rounding may change sides of a neighbourhood: a few of 10,000
    assert values == pytest.approx({(one.metric, one.group): one.value for one in example.results}, rel=1e-3, abs=1e-4)


def test_the_shipped_vae_copies_no_training_image_and_teaches_as_well_as_real_ones(record):
    distance = record.result("nearest_neighbour_distance")
    assert distance.interval.low > 1
    assert distance.details["exact_copies"] == 0
    assert record.value("memorization_ct") > 0
    score = record.result("classification_accuracy_score")
    assert score.value > 0.95
    assert score.details["trained_on_real"] > 0.95
    assert record.value("intra_class_fid", "class=0") > 0


def test_shares_of_colour_stand_beside_the_exact_shares_of_the_training_data(record):
    expected = [0.5, 0.5, 0.7, 0.3, 0.8, 0.2, 0.9, 0.1, 0.7, 0.3]
    for digit, share in enumerate(expected):
        group = f"digit={digit}, colour=orange"
        assert record.value("share_reference", group) == pytest.approx(share, abs=1e-3)
        interval = record.result("share_generated", group).interval
        assert 0 < interval.low < record.value("share_generated", group) < interval.high < 1


def test_the_command_and_the_python_interface_give_the_same_numbers(record, folder):
    other = genaudit.load(folder)
    assert {(r.metric, r.group): r.value for r in other.results} == pytest.approx(
        {(r.metric, r.group): r.value for r in record.results},
        rel=1e-11,  # one of the two was rounded to twelve digits
    )


def test_stdout_with_json_is_the_record(folder):
    assert json.loads((folder / "stdout.json").read_text()) == json.loads((folder / "run.json").read_text())


def test_the_run_folder_holds_every_file(folder):
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pictures = {f"samples/{name}.png" for name in ("real", "generated", "reconstructions", "interpolations")}
    assert {"run.json", "metrics.jsonl", "results.csv", "report.html", "samples.npz", *pictures} <= names
    assert any(name.startswith("charts/") and name.endswith(".vl.json") for name in names)
    assert (folder / "report.html").stat().st_size < 1_000_000
    assert np.load(folder / "samples.npz")["images"].shape == (1_000, 3, 16, 16)
    header = (folder / "results.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == ",".join(COLUMNS)


@pytest.mark.parametrize("batch_size", [1, 7, 64])
def test_the_record_is_the_same_for_every_batch_size(tmp_path, record, batch_size):
    options = {"interpolation_smoothness.paths": 10}
    given = {"plugin": "vae", "samples": 100, "options": options, "formats": ("json",)}
    one = genaudit.run(**given, batch_size=256, out=tmp_path)
    other = genaudit.run(**given, batch_size=batch_size, out=tmp_path)
    plain = [
        json.loads((tmp_path / made.run_id / "run.json").read_text(encoding="utf-8"))["results"]
        for made in (one, other)
    ]
    for results in plain:
        for result in results:
            result.pop("seconds")
    assert plain[0] == plain[1]
