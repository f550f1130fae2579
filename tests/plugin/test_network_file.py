"""A network from a file gives the numbers that it gave in memory, and reading a hostile file runs nothing."""

import hashlib
import os
import zipfile

import pytest
import torch
from networks import Edges, Named, exported_file, torchscript_file, with_entry, with_graph

from genaudit.errors import WeightsError
from genaudit.plugin.network_file import load_network

CPU = torch.device("cpu")
IMAGES = torch.rand(5, 3, 16, 16, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("write", "kind"), [(torchscript_file, "torchscript"), (exported_file, "exported")])
def test_a_program_gives_what_the_network_gave(tmp_path, write, kind):
    path = write(tmp_path / "network")
    found = load_network(path, CPU)
    assert found.kind == kind
    assert found.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    with torch.no_grad():
        assert torch.allclose(found.program(IMAGES), Edges()(IMAGES), rtol=1e-6)  # torch may fuse float32 products


def test_a_program_may_have_several_named_outputs_and_parts_without_gradients(tmp_path):
    class Frozen(Named):
        def forward(self, images):
            with torch.no_grad():
                return super().forward(images.flip(3))

    found = load_network(exported_file(tmp_path / "network.pt2", Frozen().eval()), CPU).program(IMAGES)
    expected = Frozen()(IMAGES)
    assert list(found) == ["features", "logits"]
    assert all(torch.equal(found[name], expected[name]) for name in expected)


@pytest.mark.parametrize("content", [b"", b"PK\3\4 cut short", b"no zip file"])
def test_what_is_no_program_is_refused_with_the_way_to_save_one(tmp_path, content):
    path = tmp_path / "network.pt"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"neither TorchScript nor a \.pt2 file.*torch\.jit\.trace"):
        load_network(path, CPU)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(WeightsError, match=r"Cannot read the network .*gone\.pt: No such file"):
        load_network(tmp_path / "gone.pt", CPU)


class Hostile:
    """Runs a command when it is unpickled."""

    def __reduce__(self):
        return os.system, ("touch hacked",)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder in which a file ``hacked`` would appear."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert not (tmp_path / "hacked").exists()


def test_a_pickle_is_refused_and_not_read(place):
    torch.save({"network": Hostile()}, place / "network.pt")
    with pytest.raises(WeightsError, match="it is a pickle"):
        load_network(place / "network.pt", CPU)


def test_a_torchscript_file_whose_constants_are_a_pickle_is_refused(place):
    torch.save(Hostile(), place / "other.pt")
    with zipfile.ZipFile(place / "other.pt") as archive:
        hostile = next(archive.read(name) for name in archive.namelist() if name.endswith("data.pkl"))
    with_entry(torchscript_file(place / "network.pt"), "constants.pkl", lambda _: hostile)
    with pytest.raises(WeightsError, match="Refused the network"):
        load_network(place / "network.pt", CPU)


def a_node_calls_the_shell(model):
    model["graph_module"]["graph"]["nodes"][0]["target"] = "torch.os.system"


def an_argument_is_a_function(model):
    model["graph_module"]["graph"]["nodes"][0]["inputs"][0]["arg"] = {"as_operator": "torch.os.system"}


def a_size_is_code(model):
    sizes = model["graph_module"]["graph"]["tensor_values"]["images"]["sizes"]
    sizes[0] = {"as_expr": {"expr_str": "__import__('os').system('touch hacked')", "hint": None}}


def a_name_is_code(model):
    model["graph_module"]["graph"]["inputs"][-1]["as_tensor"]["name"] = "x):\n  __import__('os').system('touch hacked')"


def a_structure_names_a_class(model):
    signature = model["graph_module"]["module_call_graph"][0]["signature"]
    signature["in_spec"] = signature["in_spec"].replace("null", '{\\"__enum__\\": \\"antigravity:x\\"}', 1)


def a_parameter_is_an_attribute_of_everything(model):
    model["graph_module"]["signature"]["input_specs"][0]["buffer"]["buffer_name"] = "__class__.forward"


@pytest.mark.parametrize(
    "change",
    [
        a_node_calls_the_shell,
        an_argument_is_a_function,
        a_size_is_code,
        a_name_is_code,
        a_structure_names_a_class,
        a_parameter_is_an_attribute_of_everything,
    ],
)
def test_a_graph_that_holds_more_than_data_is_refused(place, change):
    path = with_graph(exported_file(place / "network.pt2"), change)
    with pytest.raises(WeightsError, match=r"its graph holds .* which is no data\."):
        load_network(path, CPU)


def test_guards_and_example_inputs_are_not_even_read(place):
    torch.save((Hostile(),), place / "example.pt")
    path = exported_file(place / "network.pt2")
    with_entry(path, "data/sample_inputs/model.pt", lambda _: (place / "example.pt").read_bytes())
    with_graph(path, lambda model: model.update(guards_code=["__import__('os').system('touch hacked')"]))
    assert load_network(path, CPU).program(IMAGES).shape == (5, 6)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"use_pickle": false', '"use_pickle": true'), ('"path_name": "weight_0"', '"path_name": "opaque_obj_0"')],
)
def test_a_pickled_tensor_or_object_is_refused(place, old, new):
    path = exported_file(place / "network.pt2")
    with_entry(path, "data/weights/model_weights_config.json", lambda text: text.replace(old.encode(), new.encode()))
    with pytest.raises(WeightsError, match=r"is stored as a pickle or an object"):
        load_network(path, CPU)


def test_compiled_code_is_refused(place):
    path = with_entry(exported_file(place / "network.pt2"), "data/aotinductor/model/x.so", lambda _: b"\x7fELF")
    with pytest.raises(WeightsError, match=r"'data/aotinductor/model/x\.so' is neither a graph nor a plain tensor"):
        load_network(path, CPU)


def test_the_format_of_older_torch_is_refused_with_the_way_to_export_again(place):
    with zipfile.ZipFile(place / "old.pt2", "w") as archive:
        archive.writestr("serialized_exported_program.json", "{}")
        archive.writestr("serialized_state_dict.pt", b"")
    with pytest.raises(WeightsError, match=r"written by torch before 2\.8.*torch\.export\.save"):
        load_network(place / "old.pt2", CPU)


@pytest.mark.parametrize("size", [300, 3000])
def test_a_program_that_is_cut_short_is_refused(tmp_path, size):
    path = exported_file(tmp_path / "network.pt2")
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(WeightsError, match="Refused the network"):
        load_network(path, CPU)
