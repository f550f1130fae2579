"""The shipped weights are what the README says, and the recipe makes such weights again."""

import json

import pytest
import torch
from judging import CPU, data, distance, divergence_of_classes, eight_bit, latents, precision_and_recall, read, sampled
from safetensors import safe_open
from safetensors.torch import load, load_file

from genaudit.stats.paths import lerp, slerp
from genaudit_adversarial.checkpoint import checkpoint
from genaudit_stylegan import STYLEGAN
from genaudit_stylegan.checkpoints import shipped
from genaudit_stylegan.model import build
from genaudit_stylegan.options import StyleganOptions

LIMIT = 235_000
"""Bytes of the shipped file."""


def shipped_model():
    model = build(StyleganOptions(), CPU)
    model.load_state(load_file(shipped(StyleganOptions())))
    return model


def check_quality(model):
    outputs = read(sampled(model, 5_000))
    assert 1.8 < distance(outputs["features"]) < 4.2  # 2.6 with the shipped weights, 3.2 and 2.6 of seeds 1 and 2
    precision, recall = precision_and_recall(outputs["features"])
    assert recall == pytest.approx(0.73, abs=0.09)  # .71, .74, .76
    assert precision == pytest.approx(0.62, abs=0.12)  # .65, .56, .63
    assert divergence_of_classes(outputs["logits"]) < 0.06  # .018, .015, .012


def test_layers_do_what_the_readme_says():
    """Coarse layers decide the digit, one fine layer the colour."""
    model = shipped_model()
    own, other = (model.map(latents(300, 64, seed=seed)) for seed in (1, 2))
    base = own[:, None].repeat(1, 5, 1)

    def readings(styles):
        outputs = read(eight_bit(model.synthesize(styles)))
        return outputs["logits"].argmax(axis=1), outputs["colour_logits"].argmax(axis=1)

    digits, colours = readings(base)
    flips = []
    for layer in range(5):
        styles = base.clone()
        styles[:, layer] = other
        flips.append(
            [(after != before).mean() for after, before in zip(readings(styles), (digits, colours), strict=True)]
        )
    assert flips[0][0] > 0.5
    assert flips[3][1] > 0.3
    assert max(flips[layer][1] for layer in (0, 1, 2, 4)) < 0.1


def test_half_way_along_the_line_and_along_the_arc_is_one_image():
    """Latents are scaled to one length first, and both middles point where the sum of the ends does."""
    ends = [latents(50, 64, seed=seed).double().numpy() for seed in (1, 2)]
    model = shipped_model()
    along = [torch.from_numpy(way(*ends, [0.5])[:, 0]).float() for way in (lerp, slerp)]
    assert not torch.allclose(*along)
    line, arc = (model.decode(z) for z in along)
    assert torch.allclose(line, arc, atol=1e-3)  # rounding of float32 latents, after five layers


def test_the_shipped_weights_have_the_quality_that_the_readme_states():
    check_quality(shipped_model())


def test_damaged_weights_miss_it():
    """The figures above are no accident of the test."""
    model = shipped_model()
    sound = distance(read(sampled(model, 1000))["features"])
    draws = torch.Generator().manual_seed(1)
    weight = model.state()["layers.1.convolution.weight"]
    model.load_state(
        {**model.state(), "layers.1.convolution.weight": weight + 1.0 * torch.randn(weight.shape, generator=draws)}
    )
    assert distance(read(sampled(model, 1000))["features"]) > 1.5 * sound


def test_the_shipped_file_says_what_it_was_made_from_and_carries_its_training_curve():
    path = shipped(StyleganOptions())
    with safe_open(str(path), "np") as file:
        facts = file.metadata()
    assert StyleganOptions(**json.loads(facts["options"])) == StyleganOptions()
    assert (facts["name"], facts["version"], facts["steps"], facts["seed"]) == ("stylegan", "1", "2200", "0")
    assert facts["data_digest"] == data().split("train").digest
    assert path.stat().st_size < LIMIT
    curve = json.loads(facts["training_curve"])
    assert len(curve["loss"]) == 1100  # of every second step
    assert curve["validation_steps"][-1] == 2200


@pytest.mark.slow
def test_the_recipe_makes_weights_of_the_same_quality():
    content = checkpoint(STYLEGAN, StyleganOptions(), build(StyleganOptions(), CPU), ("colored-digits", data()), seed=1)
    model = build(StyleganOptions(), CPU)
    model.load_state(load(content))
    check_quality(model)
