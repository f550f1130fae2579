"""Networks from files and functions by name become samplers, and what does not fit is said with the option to set."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch

import genaudit
from genaudit.errors import BadOption, GenauditError, WeightsError
from genaudit.stats.seeds import generator
from genaudit_files.function import build as build_callable
from genaudit_files.network import build_exported, build_torchscript
from genaudit_files.program_options import CallableOptions, NetworkOptions

CPU = torch.device("cpu")
SHAPES = {"latent_shape": (4,), "image_shape": (3, 16, 16)}


class Net(torch.nn.Module):
    """Four numbers to an image, within [-1, 1]."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.from_numpy(generator(0, "net").normal(size=(4, 768))).float())

    def forward(self, z):
        return torch.tanh(z @ self.weight).reshape(-1, 3, 16, 16)


class Conditional(torch.nn.Module):
    def forward(self, z, labels):
        return (0 * z[:, :1, None, None] + labels[:, None, None, None] / 2).expand(-1, 3, 16, 16)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch would rather have another format; users have this one
        torch.jit.trace(Net(), torch.zeros(2, 4)).save(folder / "net.pt")
        labelled = torch.jit.trace(Conditional(), (torch.zeros(2, 4), torch.zeros(2, dtype=torch.int64)))
        labelled.save(folder / "given.pt")
    torch.export.save(torch.export.export(Net(), (torch.zeros(64, 4),)), folder / "net.pt2")
    torch.save({"weight": torch.zeros(2)}, folder / "weights.pt")
    (folder / "words.pt").write_text("not a network")
    return folder


def network(files, name="net.pt", build=build_torchscript, **changes):
    return build(NetworkOptions(**{**SHAPES, "file": str(files / name), "range": (-1.0, 1.0), **changes}), CPU)


def test_torchscript_and_exported_give_the_networks_own_images(files):
    z = torch.from_numpy(generator(0, "z").normal(size=(70, 4))).float()
    expected = (Net()(z).detach() + 1) / 2
    for built in (network(files), network(files, "net.pt2", build_exported)):
        assert torch.allclose(built.decode(z).detach(), expected, atol=1e-6)  # float32 in another order
        assert len(built.digest) == 64


def test_images_do_not_depend_on_how_many_are_asked_for(files):
    z = torch.from_numpy(generator(0, "z").normal(size=(70, 4))).float()
    built = network(files)
    assert torch.equal(built.decode(z), torch.cat([built.decode(part) for part in z.split(7)]))


def test_a_program_is_differentiable_in_the_latents(files):
    z = torch.zeros(3, 4, requires_grad=True)
    network(files).decode(z).sum().backward()
    assert float(z.grad.abs().min()) > 0


def test_a_run_of_a_torchscript_file_has_numbers_and_the_files_digest(files, tmp_path):
    record = genaudit.run(
        plugin="torchscript", samples=60, metrics=["fid"], formats=("json",), out=tmp_path,
        options={
            "torchscript.file": str(files / "net.pt"), "torchscript.latent_shape": "4",
            "torchscript.image_shape": "3,16,16", "torchscript.range": "-1,1",
        },
    )  # fmt: skip
    assert record.value("fid") > 1
    assert record.generator.digest == network(files).digest
    assert record.generator.summary == "TorchScript program net.pt: latents of 4 in, 3×16×16 out."


class Bright(Net):
    """The same within [0, 1]."""

    def forward(self, z):
        return torch.sigmoid(z @ self.weight).reshape(-1, 3, 16, 16)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("0,255", "are at most 1 of 255, so that they are black to any network"),
        ("-1,1", "lie between 128 and 255 of 0 to 255, in half of the range or less"),
        ("0,1", None),
    ],
)
def test_a_range_that_is_too_wide_is_a_warning_of_the_run(tmp_path, stated, said):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # as above
        torch.jit.trace(Bright(), torch.zeros(2, 4)).save(tmp_path / "bright.pt")
    record = genaudit.run(
        plugin="torchscript", samples=60, metrics=["fid"], formats=("json",), out=tmp_path,
        options={
            "torchscript.file": str(tmp_path / "bright.pt"), "torchscript.latent_shape": "4",
            "torchscript.image_shape": "3,16,16", "torchscript.range": stated,
        },
    )  # fmt: skip
    found = [warning for warning in record.warnings if "generated images" in warning]
    expected = f"All levels of the 60 generated images {said}. Is what the generator is told of black and white true"
    assert [warning.startswith(expected) for warning in found] == ([True] if said else [])


def test_a_conditional_network_makes_what_it_is_asked_for(files):
    built = network(files, "given.pt", range=(0.0, 1.0), classes=("a", "b", "c"))
    images = built.decode(torch.zeros(3, 4), torch.tensor([0, 1, 2]))
    assert images[:, 0, 0, 0].tolist() == [0, 0.5, 1]
    with pytest.raises(ValueError, match="conditional on a, b, c: give a label for each latent"):
        built.decode(torch.zeros(3, 4))


def test_a_conditional_network_without_classes_says_which_option_is_missing(files):
    with pytest.raises(BadOption, match="the program failed on 64 latents") as why:
        network(files, "given.pt")
    assert "torchscript.classes if it takes labels" in why.value.hint


@pytest.mark.parametrize(
    ("name", "build", "said"),
    [
        ("words.pt", build_torchscript, "it is neither TorchScript nor a .pt2 file"),
        ("weights.pt", build_torchscript, r"it is a pickle \(torch.save\)"),
        ("net.pt2", build_torchscript, "is not torchscript but exported"),
        ("net.pt", build_exported, "is not exported but torchscript"),
    ],
)
def test_a_file_that_is_something_else_is_refused(files, name, build, said):
    with pytest.raises(WeightsError, match=said):
        network(files, name, build)


@pytest.mark.parametrize(
    ("changes", "said", "hint"),
    [
        ({"range": (0.0, 1.0)}, "gave values from -1 to 1; the options say 0 to 1", "torchscript.range"),
        ({"image_shape": (1, 16, 16)}, r"gave shape \(64, 3, 16, 16\) for 64 latents", "torchscript.image_shape"),
        ({"latent_shape": (5,)}, r"shape \(5,\): RuntimeError: mat1 and mat2 shapes", "torchscript.latent_shape"),
    ],
)
def test_what_the_program_does_otherwise_is_said_with_the_option(files, changes, said, hint):
    with pytest.raises(BadOption, match=said) as why:
        network(files, **changes)
    assert hint in why.value.hint


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"latent_shape": ()}, "latent_shape is"),
        ({"latent_shape": (99999999999, 99999)}, r"latent_shape is .* numbers; allowed: up to 16,777,216"),
        ({"image_shape": (16, 16)}, "image_shape is"),
        ({"range": (1.0, 0.0)}, "range is"),
        ({"classes": ("a", "a")}, "two or more different names"),
        ({"batch": 0}, "batch is 0"),
        ({"file": "nowhere.pt"}, "there is no file nowhere.pt$"),
        ({"file": "/"}, "there is no file /: it is a folder"),
    ],
)
def test_options_that_cannot_be_are_refused_before_torch_is_loaded(files, changes, said):
    with pytest.raises(ValueError, match=said):
        NetworkOptions(**{**SHAPES, "file": str(files / "net.pt"), **changes})


SOURCE = """
import torch

def draw(z):
    return torch.sigmoid(z).mean(1)[:, None, None, None].expand(-1, 3, 16, 16).numpy()

def noisy(z):
    return torch.rand(len(z), 3, 16, 16)

def broken(z):
    return torch.sigmoid(z).mean(1)[:, None, None, None].expand(-1, 3, 16, 16) * torch.nan

number = 3
"""


@pytest.fixture
def module(tmp_path):
    (tmp_path / "my_models.py").write_text(SOURCE)
    yield tmp_path
    sys.modules.pop("my_models", None)


def function(module, name="draw", **changes):
    given = {**SHAPES, "target": f"my_models:{name}", "path": str(module), **changes}
    return build_callable(CallableOptions(**given), CPU)


def test_a_function_that_gives_numpy_is_a_generator(module):
    assert function(module).decode(torch.zeros(2, 4)).unique().tolist() == [0.5]


def test_its_folder_is_on_the_import_path_only_while_it_is_imported(module):
    function(module)
    assert str(module) not in sys.path


def test_the_working_directory_is_not_put_on_the_import_path(module, monkeypatch):
    monkeypatch.chdir(module)
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place not in {"", str(module)}])
    with pytest.raises(BadOption, match="cannot import my_models:draw: ModuleNotFoundError") as why:
        function(module, path="")
    assert "callable.path" in why.value.hint


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("noisy", "the program draws random numbers itself"),
        ("broken", "6,144 of 6,144 values that the program gave are NaN or infinite"),
        ("number", "is int, which cannot be called"),
        ("nothing", "cannot import my_models:nothing: AttributeError"),
    ],
)
def test_what_is_no_generator_is_refused(module, name, said):
    with pytest.raises(BadOption, match=said):
        function(module, name)


@pytest.mark.parametrize("changes", [{"target": "my_models"}, {"target": "a b:c"}, {"path": "/no/such/folder"}])
def test_a_target_that_cannot_be_is_refused_before_anything_is_imported(module, changes):
    with pytest.raises(ValueError, match=r"(target|path) is"):
        CallableOptions(**{**SHAPES, "target": "my_models:draw", **changes})


def test_vectors_are_taken_as_they_are(module):
    (module / "my_models.py").write_text("def draw(z):\n    return 5 * z\n")
    assert function(module, image_shape=(4,)).decode(torch.ones(2, 4)).tolist() == [[5.0] * 4] * 2


def test_a_plan_imports_neither_torch_nor_the_module(module, tmp_path):
    program = f"""
import sys
from genaudit.engine.plan import make_plan
from genaudit.engine.request import RunInputs
from genaudit.plugin.manager import load_plugins
options = {{"callable.target": "my_models:draw", "callable.path": {str(module)!r}, "callable.latent_shape": "4",
           "callable.image_shape": "3,16,16"}}
plan = make_plan(RunInputs(plugin="callable", options=options), load_plugins())
print(plan.generator.spec.summary, "torch" in sys.modules, "my_models" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == "Function my_models:draw: latents of 4 in, 3×16×16 out. False False\n"


def test_a_conditional_program_is_a_class_conditional_generator(module, tmp_path):
    (module / "my_models.py").write_text(
        "def draw(z, labels):\n"
        "    return (0.4 + 0 * z[:, 0] + 0.02 * labels.argmax(1))[:, None, None, None].expand(-1, 3, 16, 16)\n"
    )
    digits = ",".join("0123456789")
    record = genaudit.run(
        plugin="callable", samples=40, metrics=["conditional_accuracy"], formats=("json",), out=tmp_path / "runs",
        options={
            "callable.target": "my_models:draw", "callable.path": str(module), "callable.latent_shape": "4",
            "callable.image_shape": "3,16,16", "callable.classes": digits, "callable.labels": "one-hot",
        },
    )  # fmt: skip
    assert record.generator.capabilities == ("Sampler", "ClassConditional")
    assert record.value("conditional_accuracy") < 0.5  # grey squares are no digits


def test_no_option_is_guessed(installed):
    with pytest.raises(GenauditError, match="option 'latent_shape' must be given"):
        genaudit.run(plugin="torchscript")


def test_numpy_levels_are_brought_to_the_unit_range(module):
    (module / "my_models.py").write_text(
        "import numpy\ndef draw(z):\n    return numpy.full((len(z), 3, 16, 16), 51, dtype=numpy.uint8)\n"
    )
    found = function(module, range=(0.0, 255.0)).decode(torch.zeros(2, 4))
    assert np.allclose(found.numpy(), 0.2)
