"""The shipped weights are what the README says, and the recipe makes such weights again."""

import json

import pytest
import torch
from judging import CPU, data, distance, divergence_of_classes, precision_and_recall, read, sampled
from safetensors import safe_open
from safetensors.torch import load, load_file

from genaudit_adversarial.checkpoint import checkpoint
from genaudit_dcgan import DCGAN
from genaudit_dcgan.checkpoints import shipped
from genaudit_dcgan.model import build
from genaudit_dcgan.options import DcganOptions

LIMIT = 230_000
"""Bytes of the shipped file."""


def shipped_model():
    model = build(DcganOptions(), CPU)
    model.load_state(load_file(shipped(DcganOptions())))
    return model


def check_quality(model):
    outputs = read(sampled(model, 10_000))
    assert 2.0 < distance(outputs["features"]) < 4.6  # 3.2, 3.2 and 3.6 with three seeds; unseen real digits have .5
    precision, recall = precision_and_recall(outputs["features"])
    assert recall == pytest.approx(0.81, abs=0.09)  # .83, .79, .83
    assert precision == pytest.approx(0.56, abs=0.12)  # .56 with the shipped weights
    assert divergence_of_classes(outputs["logits"]) < 0.08  # .034, .027, .037


def test_the_shipped_weights_have_the_quality_that_the_readme_states():
    check_quality(shipped_model())


def test_damaged_weights_miss_it():
    """The figures above are no accident of the test."""
    model = shipped_model()
    sound = distance(read(sampled(model, 1000))["features"])
    draws = torch.Generator().manual_seed(1)
    weight = model.state()["layers.3.weight"]
    model.load_state({**model.state(), "layers.3.weight": weight + 0.1 * torch.randn(weight.shape, generator=draws)})
    assert distance(read(sampled(model, 1000))["features"]) > 1.5 * sound


def test_the_shipped_file_says_what_it_was_made_from_and_carries_its_training_curve():
    path = shipped(DcganOptions())
    with safe_open(str(path), "np") as file:
        facts = file.metadata()
    assert DcganOptions(**json.loads(facts["options"])) == DcganOptions()
    assert (facts["name"], facts["version"], facts["steps"], facts["seed"]) == ("dcgan", "1", "1500", "0")
    assert facts["data_digest"] == data().split("train").digest
    assert path.stat().st_size < LIMIT
    curve = json.loads(facts["training_curve"])
    assert len(curve["loss"]) == 1500
    assert curve["validation_steps"][-1] == 1500


@pytest.mark.slow
def test_the_recipe_makes_weights_of_the_same_quality():
    content = checkpoint(DCGAN, DcganOptions(), build(DcganOptions(), CPU), ("colored-digits", data()), seed=1)
    model = build(DcganOptions(), CPU)
    model.load_state(load(content))
    check_quality(model)
