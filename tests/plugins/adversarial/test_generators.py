"""The generators of the adversarial family keep their contracts, and refuse what does not fit."""

import importlib
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from judging import CPU, data, latents
from watching import Watcher

import genaudit_dcgan
import genaudit_gans
import genaudit_stylegan
from genaudit.datasets import plane
from genaudit.plugin import capabilities
from genaudit.plugin.components import LabelledImages
from genaudit.plugin.options import NoOptions
from genaudit_gans import DIGITS
from genaudit_gans.conditional import ConditionalGan

PLUGINS = (genaudit_gans, genaudit_dcgan, genaudit_stylegan)
SPECS = {spec.name: spec for plugin in PLUGINS for spec in plugin.genaudit_generators()}
PARAMETERS = {
    "gan": 90_048,
    "cgan": 110_275,
    "ring-gan": 8_642,
    "grid-gan": 8_642,
    "random-pairing": 17_251,
    "dcgan": 100_035,
    "stylegan": 101_939,
}
"""Learnt numbers of each generator."""
NOT_LEARNT = re.compile("running|num_batches|mean_style")


def loaded(path):
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)


def default(name):
    return loaded(SPECS[name].options)()


def built(name, **changes):
    return loaded(SPECS[name].target)(replace(default(name), **changes), CPU)


def labels(name, count):
    return (torch.arange(count) % 10,) if name == "cgan" else ()


def few(name, count, split="evaluation"):
    if SPECS[name].data_kind == "vector":
        whole = plane.build_ring(NoOptions()).split(split)
        return LabelledImages(images=whole.images[:count])
    whole = data().split(split)
    return LabelledImages(images=whole.images[:count], labels={"digit": whole.labels["digit"][:count]})


def fitted(name, seed=0, budget=3):
    model, watcher = built(name, batch_size=32), Watcher()
    model.fit(few(name, 100), few(name, 50, "holdout"), budget=budget, seed=seed, progress=watcher)
    return model, watcher


@pytest.fixture(params=SPECS)
def name(request):
    return request.param


def test_the_declared_capabilities_are_there_and_no_other_is_claimed(name):
    model = built(name)
    for capability in SPECS[name].capabilities:
        assert isinstance(model, capabilities.CAPABILITIES[capability])
    assert isinstance(model, capabilities.ClassConditional) == ("ClassConditional" in SPECS[name].capabilities)


def test_generators_have_the_parameters_that_the_documentation_counts(name):
    state = built(name).state()
    learnt = [tensor for key, tensor in state.items() if not NOT_LEARNT.search(key)]
    assert sum(tensor.numel() for tensor in learnt) == PARAMETERS[name]


def test_items_are_float32_of_the_declared_shape(name):
    model = built(name)
    made = model.decode(latents(10, *model.latent_shape), *labels(name, 10))
    assert made.dtype == torch.float32
    assert made.shape == (10, *SPECS[name].image_shape)
    if SPECS[name].data_kind == "image":
        assert 0 <= float(made.min()) <= float(made.max()) <= 1


def test_batch_size_changes_no_item_in_8_bits(name):
    model, asked = built(name), labels(name, 60)
    z = latents(60, *model.latent_shape)
    together = model.decode(z, *asked)
    parts = [model.decode(z[i : i + 7], *(each[i : i + 7] for each in asked)) for i in range(0, 60, 7)]
    # full layers sum in another order for another batch: float64 roundings, far below a float32's
    assert torch.allclose(torch.cat(parts), together, atol=1e-6)


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("name", ["dcgan", "stylegan"])
def test_batch_size_changes_no_bit_of_a_convolution(name, size):
    model, z = built(name), latents(64, 64)
    apart = torch.cat([model.decode(part) for part in torch.split(z, size)])
    assert torch.equal(model.decode(z), apart)


def test_items_are_differentiable_in_z(name):
    model = built(name)
    z = latents(4, *model.latent_shape).requires_grad_()
    (gradient,) = torch.autograd.grad(model.decode(z, *labels(name, 4)).sum(), z)
    assert bool(torch.isfinite(gradient).all())
    assert float(gradient.abs().sum()) > 0


def test_labels_are_for_the_conditional_one_alone(name):
    model = built(name)
    given = () if name == "cgan" else (torch.zeros(2, dtype=torch.int64),)
    with pytest.raises(ValueError, match="needs a label" if name == "cgan" else "takes no labels"):
        model.decode(latents(2, *model.latent_shape), *given)


def test_the_conditional_one_makes_something_else_of_another_label():
    model = built("cgan")
    z = latents(3, 64)
    assert isinstance(model, ConditionalGan)
    assert model.classes == DIGITS
    assert not torch.equal(model.decode(z, torch.tensor([1, 2, 3])), model.decode(z, torch.tensor([3, 2, 1])))


def test_weights_go_out_and_in_unchanged(name):
    model = built(name)
    other = {key: tensor + 1 for key, tensor in model.state().items()}
    before = model.decode(latents(3, *model.latent_shape), *labels(name, 3))
    model.load_state(other)
    assert all(torch.equal(tensor, other[key]) for key, tensor in model.state().items())
    assert not torch.equal(model.decode(latents(3, *model.latent_shape), *labels(name, 3)), before)


def test_training_twice_gives_the_same_bits_and_another_seed_gives_others(name):
    (first, watched), (second, again), (third, _) = fitted(name), fitted(name), fitted(name, seed=1)
    assert all(torch.equal(tensor, second.state()[key]) for key, tensor in first.state().items())
    assert watched.losses == again.losses
    assert watched.epochs == again.epochs
    assert any(not torch.equal(tensor, third.state()[key]) for key, tensor in first.state().items())


def test_training_reports_every_step_and_leaves_the_process_as_it_was(name):
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    _, watcher = fitted(name)
    assert watcher.steps == [(step, 3) for step in (1, 2, 3)]
    assert watcher.epochs[-1][0] == 3
    assert watcher.threads == {1}
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


def test_other_data_are_refused(name):
    wrong = LabelledImages(images=np.zeros((4, 1, 28, 28), np.uint8))
    with pytest.raises(ValueError, match=r"is trained on .* not on \(4, 1, 28, 28\)"):
        built(name).fit(wrong, wrong, budget=1, seed=0, progress=Watcher())


def test_the_conditional_one_is_not_trained_without_digits():
    unlabelled = LabelledImages(images=data().split("evaluation").images[:8])
    with pytest.raises(ValueError, match="labels 'digit'"):
        built("cgan").fit(unlabelled, unlabelled, budget=1, seed=0, progress=Watcher())


def test_only_the_default_options_have_shipped_weights(name):
    shipped = loaded(SPECS[name].checkpoint)
    assert shipped(default(name)).is_file()
    assert shipped(replace(default(name), steps=10)) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"latent_dim": 0}, "latent_dim is 0; allowed: a whole number from 1"),
        ({"steps": 0}, "steps is 0; allowed: a whole number from 1"),
        ({"batch_size": 1}, "allowed: from 2"),
        ({"learning_rate": -1.0}, "allowed: a finite number above 0"),
        ({"learning_rate": float("nan")}, "allowed: a finite number above 0"),
    ],
)
def test_options_that_make_no_sense_are_refused_with_what_is_allowed(name, wrong, said):
    with pytest.raises(ValueError, match=said):
        replace(default(name), **wrong)


@pytest.mark.parametrize("name", ["gan", "dcgan", "stylegan"])
def test_penalties_and_averages_that_make_no_sense_are_refused(name):
    with pytest.raises(ValueError, match="r1 is nan; allowed: a finite number from 0"):
        replace(default(name), r1=float("nan"))
    with pytest.raises(ValueError, match=r"allowed: from 0 \(none\) and below 1"):
        replace(default(name), average=1.0)


@pytest.mark.parametrize("plugin", [plugin.__name__ for plugin in PLUGINS])
def test_specs_options_and_checkpoints_are_light(plugin):
    program = (
        f"import sys, {plugin}, {plugin}.options, {plugin}.checkpoints; "
        "sys.exit(bool({'torch', 'scipy', 'safetensors'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
