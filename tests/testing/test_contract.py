"""Each check finds the generator that breaks it, says what to mend, and passes what is sound."""

import re
import warnings

import numpy as np
import pytest
import torch

from genaudit.errors import UnknownName
from genaudit.plugin.manager import load_plugins
from genaudit.testing import CHECKS, Nonconformity, Verdict, conformance, run_checks
from genaudit.testing.contract.subject import subject_of

NAMES = [check.name for check in CHECKS]


@pytest.fixture(scope="module")
def everything():
    return load_plugins(load=["broken", "genaudit.testing.doubles"])


def results(catalog, name, only=None, **settings):
    chosen = [check for check in CHECKS if only in {None, check.name} or (only == "quick" and check.name != NAMES[0])]
    return {result.check: result for result in run_checks(subject_of(name, catalog, settings), chosen)}


BROKEN = {
    "breaks-light-import": r"Importing broken, the module of the entry point, imports torch, numpy.* Import it in",
    "breaks-licence-and-source": r"The spec has no licence\. Fill it in",
    "breaks-options-round-trip": r"Option 'names' is \('a,b',\), and \('a', 'b'\) when it is given as 'a,b'",
    "breaks-build": r"FileNotFoundError: the weights are not in the wheel in '__init__', line \d+ of broken\.py\. The",
    "breaks-build-2": r"It raised BaseException: a panic of another language in '__init__', line \d+ of broken\.py",
    "breaks-capabilities": r"It declares Reconstructor and has no 'reconstruct'\. Write it, or take",
    "breaks-capabilities-2": r"It has everything of Trainable and does not declare it.* Add 'Trainable'",
    "breaks-capabilities-3": r"'latent_shape' is 3\. Give a tuple of whole numbers from 1, such as \(3,\)",
    "breaks-capabilities-4": r"'data_space' is 'continuous_dequantized'; allowed: soft, continuous_dequantised, d",
    "breaks-shapes": r"'decode' returned shape \(6, 1, 4, 4\) for 6 items; allowed: \(6, 3, 4, 4\)\. Mend the method",
    "breaks-shapes-2": r"'encode' returned mean \(6, 3\) and log-variance \(6, 1\) .* two tensors of one shape",
    "breaks-dtypes": r"'decode' returned torch\.float64\. End it with '\.float\(\)'",
    "breaks-dtypes-2": r"'decode' returned torch\.uint8\. Divide levels by 255: '\.float\(\) / 255'",
    "breaks-dtypes-3": r"'decode' returned torch\.complex64\. Return real numbers",
    "breaks-dtypes-4": r"'encode \(mean\)' returned torch\.int64; allowed: a floating type",
    "breaks-ranges": r"'decode' returned values from .* allowed: \[0, 1\]\. Scale them",
    "breaks-ranges-2": r"'decode' returned NaN or infinity\. Look for",
    "breaks-ranges-3": r"'decode' returned NaN or infinity for 11 of 64 latents with a coordinate of ±4, which",
    "breaks-repeatable": r"'decode' answered the same question in two ways\. Draw nothing",
    "breaks-repeatable-2": r"'decode' of a second instance answered otherwise\. Initialise weights from",
    "breaks-batch-size": r"'decode' moved by .* when 1 items were asked at a time instead of 6\. Evaluate with \.eval",
    "breaks-heeds-latents": r"'decode' gave the same image for different latents\. Use z",
    "breaks-heeds-latents-2": r"'decode' gave the same images for other labels\. Use labels",
    "breaks-heeds-latents-3": r"'map' with truncation 0 gave other styles .* Return mean \+ truncation \*",
    "breaks-global-randomness": r"'decode' changed the global random state of torch\. Make a generator",
    "breaks-global-randomness-2": r"'decode' changed the global random state of numpy\. Make a generator",
    "breaks-global-randomness-3": r"Building it changed the global random state of Python\. Make a generator",
    "breaks-global-randomness-4": r"'decode' changed the global random state of torch\. Make a generator",
    "breaks-no-gradients": r"'decode' returned a tensor that requires gradients .* Call \.requires_grad_\(False\)",
    "breaks-no-network": r"It tried to connect to \('192\.0\.2\.1', 80\)\. Bring the weights",
    "breaks-no-network-2": r"It tried to connect to weights\.invalid\. Bring the weights",
    "breaks-weights-round-trip": r"'load_state' did not take over what it was given|'state' must hold every weight",
    "breaks-weights-round-trip-2": r"'load_state' took tensors of another shape\. Raise ValueError",
    "breaks-likelihood-integrates-to-one": r"integrates to exp\(-33\.1\) over 48 dimensions, not to 1\. Return nats",
    "breaks-likelihood-integrates-to-one-2": r"integrates to exp\(-33\.1\) over 48 dimensions",
    "breaks-likelihood-integrates-to-one-3": r"integrates to exp\(-530\) over 768 dimensions, not to 1",
    "breaks-likelihood-integrates-to-one-4": r"integrates to exp\(-0\.834\) over 768 dimensions, not to 1",
    "breaks-likelihood-integrates-to-one-5": r"integrates to exp\(-2\.12e\+03\) over 3072 dimensions, not to 1",
}
"""Double to what the check says of it; 48 ln(2π 0.04) / 2 = -33.1, of 768 it is -530, of 3,072 it is -2,121."""

FURTHER = {
    "breaks-build", "breaks-build-2", "breaks-light-import", "breaks-dtypes-2", "breaks-dtypes-3",
}  # fmt: skip
"""Doubles that cannot but break other promises too, as levels of 255 are no values of [0, 1]."""


def test_there_is_a_broken_double_for_every_check():
    assert {re.sub(r"breaks-|-\d$", "", name) for name in BROKEN} == set(NAMES)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_found_and_the_author_is_told_what_to_mend(everything, name):
    check = re.sub(r"breaks-|-\d$", "", name)
    result = results(everything, name, only=check)[check]
    assert result.verdict is Verdict.BROKEN
    assert re.search(BROKEN[name], result.said), result.said


@pytest.mark.parametrize(
    "name",
    [name for name in BROKEN if name not in FURTHER],
)
def test_a_broken_promise_breaks_no_other(everything, name):
    check = re.sub(r"breaks-|-\d$", "", name)
    also = {"breaks-repeatable": {"batch-size", "weights-round-trip"}, "breaks-capabilities": set(NAMES)}.get(
        name.removesuffix("-3"), set()
    )
    found = {key for key, one in results(everything, name, only="quick").items() if one.verdict is Verdict.BROKEN}
    assert found - also == {check} - also


def test_what_a_module_prints_is_no_import_of_it(tmp_path, monkeypatch, capsys):
    (tmp_path / "talkative.py").write_text(
        "from genaudit.plugin import GeneratorSpec, hookimpl\n"
        "print('torch numpy')\n"
        "@hookimpl\n"
        "def genaudit_generators():\n"
        "    return [GeneratorSpec(name='talkative', summary='Talks.', target='talkative:Model')]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    found = results(load_plugins(load=["talkative"]), "talkative", only="light-import")
    assert found["light-import"].verdict is Verdict.KEPT, found["light-import"].said


def test_a_module_that_takes_long_to_import_is_found(tmp_path, monkeypatch):
    (tmp_path / "sluggish.py").write_text(
        "import time\n"
        "from genaudit.plugin import GeneratorSpec, hookimpl\n"
        "time.sleep(0.2)\n"
        "@hookimpl\n"
        "def genaudit_generators():\n"
        "    return [GeneratorSpec(name='sluggish', summary='Sleeps.', target='sluggish:Model')]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("genaudit.testing.contract.declared.LONG", 0.1)
    found = results(load_plugins(load=["sluggish"]), "sluggish", only="light-import")["light-import"]
    assert re.search(
        r"Importing sluggish, the module of the entry point, takes \d\.\d s; allowed: up to 0\.1", found.said
    )


def test_what_cannot_be_built_is_asked_nothing(everything):
    found = results(everything, "breaks-build", only="quick")
    assert found["shapes"].verdict is Verdict.NOT_APPLICABLE
    assert found["shapes"].said.startswith("It cannot be built (FileNotFoundError")


@pytest.mark.parametrize(
    "name", ["keeps-likelihood", "keeps-labels", "keeps-told-likelihood", "keeps-weights", "keeps-strictly"]
)
def test_what_is_sound_is_found_sound(everything, name):
    assert [one for one in results(everything, name, only="quick").values() if one.verdict is Verdict.BROKEN] == []


INTEGRAL = "likelihood-integrates-to-one"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("keeps-likelihood", ""),
        ("keeps-told-likelihood", ""),
        ("keeps-large-likelihood", ""),
        ("keeps-larger-likelihood", "Estimated from 256 of 3,072 dimensions: a constant of less than"),
        ("keeps-speckled-likelihood", "Estimated from 256 of 3,072 dimensions: a constant of less than"),
    ],
)
def test_the_likelihood_of_a_gaussian_integrates_to_one(everything, name, said):
    found = results(everything, name, only=INTEGRAL)[INTEGRAL]
    assert found.verdict is Verdict.KEPT, found.said
    assert found.said.startswith(said)
    assert bool(found.said) == bool(said)


@pytest.mark.parametrize("name", ["keeps-two-peaks", "keeps-spike"])
def test_a_density_that_cannot_be_integrated_is_not_accused(everything, name):
    found = results(everything, name, only=INTEGRAL)[INTEGRAL]
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert found.said.startswith("Not computable here: the density of a pixel has several peaks")


GIVEN = {"samples", "torchscript", "exported", "callable", "diffusers"}
"""Generators that are nothing without what a user gives."""
OURS = sorted(name for name in load_plugins().names("generator") if name not in GIVEN)


@pytest.mark.parametrize("name", OURS)
def test_every_generator_that_comes_with_genaudit_keeps_every_promise(everything, name):
    found = results(everything, name)
    assert [(one.check, one.said) for one in found.values() if one.verdict is Verdict.BROKEN] == []


@pytest.mark.parametrize("name", ["double-ppca", "double-copier", "double-dropper", "double-noise"])
def test_the_doubles_keep_every_promise(everything, name):
    assert [one for one in results(everything, name).values() if one.verdict is Verdict.BROKEN] == []


def test_generators_of_files_keep_every_promise(everything, tmp_path):
    np.save(tmp_path / "drawn.npy", np.zeros((8, 16, 16, 3), dtype=np.uint8))
    found = results(everything, "samples", path=str(tmp_path / "drawn.npy"))
    assert [(one.check, one.said) for one in found.values() if one.verdict is Verdict.BROKEN] == []


def test_a_drawn_set_with_labels_keeps_every_promise_and_is_not_taken_for_a_conditional_model(everything, tmp_path):
    np.save(tmp_path / "drawn.npy", np.zeros((8, 16, 16, 3), dtype=np.uint8))
    (tmp_path / "labels.txt").write_text("round\nsquare\n" * 4)
    found = results(everything, "samples", path=str(tmp_path / "drawn.npy"), labels=str(tmp_path / "labels.txt"))
    assert [(one.check, one.said) for one in found.values() if one.verdict is Verdict.BROKEN] == []


def test_networks_from_files_keep_every_promise(everything, tmp_path):
    network = torch.nn.Sequential(torch.nn.Linear(4, 768), torch.nn.Sigmoid(), torch.nn.Unflatten(1, (3, 16, 16)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch would rather have another format
        torch.jit.trace(network, torch.zeros(2, 4)).save(tmp_path / "torchscript")
    torch.export.save(torch.export.export(network, (torch.zeros(64, 4),)), tmp_path / "exported.pt2")
    (tmp_path / "exported.pt2").rename(tmp_path / "exported")
    for name in ("torchscript", "exported"):
        found = results(everything, name, file=str(tmp_path / name), latent_shape="4", image_shape="3,16,16")
        assert [(one.check, one.said) for one in found.values() if one.verdict is Verdict.BROKEN] == []


test_conformance_of_the_constant = conformance(
    "double-constant",
    load=["genaudit.testing.doubles"],
    expected_failures={"heeds-latents": "it is constant on purpose"},
)


def case(test, name):
    (mark,) = [mark for mark in test.pytestmark if mark.name == "parametrize"]
    (found,) = [case for case in mark.args[1] if case.id == name]
    return found


def test_an_expected_failure_is_strict():
    (mark,) = case(test_conformance_of_the_constant, "heeds-latents").marks
    assert mark.name == "xfail"
    assert mark.kwargs == {"reason": "it is constant on purpose", "strict": True, "raises": Nonconformity}
    assert case(test_conformance_of_the_constant, "shapes").marks == []


def test_a_check_that_does_not_exist_cannot_be_expected_to_fail():
    with pytest.raises(UnknownName, match=r"No check 'heed-latents'\. Did you mean 'heeds-latents'\?"):
        conformance("vae", expected_failures={"heed-latents": "why"})


def test_checks_leave_the_random_state_alone(everything):
    before = torch.get_rng_state()
    results(everything, "double-noise", only="quick")
    assert torch.equal(before, torch.get_rng_state())
