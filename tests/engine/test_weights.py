import json
import pickle  # noqa: TID251 - what an attacker would use
import struct

import numpy as np
import pytest
import tiny
import torch
from safetensors.numpy import save_file
from safetensors.torch import save_file as torch_save_file

from genaudit.engine.weights import check_weights, training_curve, weights_warnings
from genaudit.errors import WeightsError


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "weights.safetensors"
    curve = {"steps": [1, 2], "loss": [3.0, 2.0], "validation_steps": [2], "validation_loss": [2.5]}
    save_file({"w": np.ones((2, 3), dtype=np.float32)}, path, metadata={"training_curve": json.dumps(curve)})
    return path


def test_a_sound_file_gives_digest_and_training_curve(sound):
    weights = check_weights(sound)
    assert len(weights.digest) == 64
    curve = training_curve(weights)
    assert curve.loss == (3.0, 2.0)
    assert curve.validation_steps == (2,)
    assert curve.origin == "weights.safetensors"


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ((torch.float32,), ""),
        ((torch.float16, torch.int64), "float16"),
        ((torch.bfloat16, torch.float16), "bfloat16, float16"),
    ],
)
def test_numbers_of_sixteen_bits_are_named(tmp_path, kinds, said):
    path = tmp_path / "w.safetensors"
    torch_save_file({str(kind): torch.ones(2, dtype=kind) for kind in kinds}, path)
    assert check_weights(path).stored_as == said


def test_floats_of_eight_bits_are_refused_from_the_header_with_the_types_that_are_allowed(tmp_path):
    path = tmp_path / "w.safetensors"
    torch_save_file({"ok": torch.ones(2), "w": torch.ones(2).to(torch.float8_e4m3fn)}, path)
    with pytest.raises(WeightsError, match="'w' is of type F8_E4M3; weights are float16, bfloat16, float32 or float64"):
        check_weights(path)


@pytest.mark.parametrize("padding", range(0, 200, 8))
def test_a_sound_file_is_accepted_whatever_its_first_bytes_are(tmp_path, padding):
    path = tmp_path / "w.safetensors"
    save_file({"w": np.ones(1)}, path, metadata={"note": "x" * padding})
    assert check_weights(path).metadata == {"note": "x" * padding}


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"steps": ["x"]}'])
def test_a_curve_that_cannot_be_read_is_none(tmp_path, text):
    path = tmp_path / "w.safetensors"
    save_file({"w": np.ones(1)}, path, metadata={"training_curve": text})
    assert training_curve(check_weights(path)) is None


@pytest.mark.parametrize("start", [b"\x80\x04", b"PK\x03\x04"])
def test_a_pickle_is_refused_unread(tmp_path, start):
    path = tmp_path / "weights.pt"
    path.write_bytes(start + b"anything at all")
    with pytest.raises(WeightsError, match="pickle"):
        check_weights(path)


def test_a_real_pickle_that_would_run_code_is_refused_and_runs_none(tmp_path):
    class Attack:
        def __reduce__(self):
            return (open, (str(tmp_path / "attacked"), "w"))

    path = tmp_path / "weights.bin"
    path.write_bytes(pickle.dumps(Attack()))
    with pytest.raises(WeightsError, match="pickle"):
        check_weights(path)
    assert not (tmp_path / "attacked").exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a safetensors file"),
        (b"short", "not a safetensors file"),
        (struct.pack("<Q", 10**15) + b"{}", "not a safetensors file"),
        (struct.pack("<Q", 2) + b"{]", "header is damaged"),
        (struct.pack("<Q", 2) + b"[]", "not a safetensors file"),
        (struct.pack("<Q", 8) + b'{"w": 1}', "header is damaged"),
    ],
)
def test_a_damaged_header_is_refused(tmp_path, data, said):
    path = tmp_path / "weights.safetensors"
    path.write_bytes(data)
    with pytest.raises(WeightsError, match=said):
        check_weights(path)


def test_a_file_that_is_cut_short_is_refused_with_both_sizes(sound):
    data = sound.read_bytes()
    sound.write_bytes(data[:-4])
    with pytest.raises(WeightsError, match=f"tells of {len(data)} bytes, it has {len(data) - 4}"):
        check_weights(sound)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(WeightsError, match=r"none\.safetensors"):
        check_weights(tmp_path / "none.safetensors")


@pytest.fixture
def described(tmp_path):
    def write(**metadata):
        path = tmp_path / "w.safetensors"
        save_file({"w": np.ones(1)}, path, metadata=metadata)
        return check_weights(path)

    return write


def test_weights_of_another_generator_are_refused(described):
    with pytest.raises(WeightsError, match="weights of generator 'dcgan', and the run is of 'tiny-vae'"):
        weights_warnings(described(name="dcgan"), "tiny-vae", tiny.TinyOptions())


def test_weights_trained_with_other_options_carry_a_warning(described):
    weights = described(name="tiny-vae", options='{"gain": 2.0, "latent_dim": 5, "gone": 1}')
    (warning,) = weights_warnings(weights, "tiny-vae", tiny.TinyOptions())
    assert warning == "w.safetensors was trained with tiny-vae.gain=2.0; this run uses 1.0."


def test_an_option_of_the_file_that_is_a_list_is_compared_like_any_other(described):
    weights = described(name="tiny-vae", options='{"gain": [2]}')
    assert "tiny-vae.gain=[2]" in weights_warnings(weights, "tiny-vae", tiny.TinyOptions())[0]


@pytest.mark.parametrize("options", ["[1]", "{", "null"])
def test_metadata_that_cannot_be_read_are_said_so(described, options):
    assert "cannot be read" in weights_warnings(described(options=options), "tiny-vae", tiny.TinyOptions())[0]


def test_weights_without_metadata_are_taken_as_they_are(described):
    assert weights_warnings(described(), "tiny-vae", tiny.TinyOptions()) == ()


@pytest.mark.parametrize(
    "header",
    [
        b'{"__metadata__": [], "w": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}',
        b'{"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, "4"]}}',
        b'{"w":' + b"[" * 100_000,
    ],
)
def test_a_hostile_header_is_refused_like_a_damaged_one(tmp_path, header):
    path = tmp_path / "weights.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    with pytest.raises(WeightsError, match="header is damaged"):
        check_weights(path)


def test_a_curve_with_a_loss_that_is_not_finite_is_none(tmp_path):
    path = tmp_path / "w.safetensors"
    curve = '{"steps": [1], "loss": [NaN], "validation_steps": [], "validation_loss": []}'
    save_file({"w": np.ones(1)}, path, metadata={"training_curve": curve})
    assert training_curve(check_weights(path)) is None
