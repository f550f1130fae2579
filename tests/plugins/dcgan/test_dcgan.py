"""The DCGAN keeps the contract of its capabilities, the same at any batch size, and refuses what does not fit."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from judging import CPU, data, latents
from watching import Watcher

from genaudit.plugin import capabilities
from genaudit.plugin.components import LabelledImages
from genaudit_dcgan import DCGAN, genaudit_generators
from genaudit_dcgan.checkpoints import shipped
from genaudit_dcgan.model import build
from genaudit_dcgan.options import DcganOptions


@pytest.fixture
def model():
    return build(DcganOptions(), CPU)


def few(name, count):
    return LabelledImages(images=data().split(name).images[:count])


def fitted(seed=0, budget=4):
    model, watcher = build(DcganOptions(batch_size=32), CPU), Watcher()
    model.fit(few("evaluation", 100), few("holdout", 50), budget=budget, seed=seed, progress=watcher)
    return model, watcher


def test_the_hook_brings_the_spec():
    assert genaudit_generators() == [DCGAN]


def test_the_declared_capabilities_are_there(model):
    for name in DCGAN.capabilities:
        assert isinstance(model, capabilities.CAPABILITIES[name])


def test_the_generator_has_the_parameters_that_the_documentation_counts(model):
    state = model.state()
    learnt = [tensor for name, tensor in state.items() if "running" not in name and "num_batches" not in name]
    assert sum(tensor.numel() for tensor in learnt) == 100_035
    assert sum(tensor.numel() for tensor in state.values()) == 100_229  # with the statistics of normalisations


def test_images_are_float32_levels_of_the_declared_shape(model):
    images = model.decode(latents(5, 64))
    assert images.dtype == torch.float32
    assert images.shape == (5, *DCGAN.image_shape)
    assert 0 <= float(images.min()) <= float(images.max()) <= 1


@pytest.mark.parametrize("size", [1, 7])
def test_batch_size_changes_no_image(model, size):
    z = latents(64, 64)
    apart = torch.cat([model.decode(part) for part in torch.split(z, size)])
    assert torch.equal(model.decode(z), apart)


def test_images_are_differentiable_in_z(model):
    z = latents(4, 64).requires_grad_()
    (gradient,) = torch.autograd.grad(model.decode(z).sum(), z)
    assert bool(torch.isfinite(gradient).all())
    assert float(gradient.abs().sum()) > 0


def test_labels_are_refused(model):
    with pytest.raises(ValueError, match="not class-conditional"):
        model.decode(latents(2, 64), torch.zeros(2, dtype=torch.int64))


def test_weights_go_out_and_in_unchanged(model):
    other = {name: tensor + 1 for name, tensor in model.state().items()}
    before = model.decode(latents(3, 64))
    model.load_state(other)
    assert all(torch.equal(tensor, other[name]) for name, tensor in model.state().items())
    assert not torch.equal(model.decode(latents(3, 64)), before)


def test_training_twice_gives_the_same_bits_and_another_seed_gives_others():
    (first, watched), (second, again), (third, _) = fitted(), fitted(), fitted(seed=1)
    assert all(torch.equal(tensor, second.state()[name]) for name, tensor in first.state().items())
    assert (watched.losses, watched.epochs) == (again.losses, again.epochs)
    assert not torch.equal(first.state()["layers.0.weight"], third.state()["layers.0.weight"])


def test_training_reports_every_step_and_leaves_the_process_as_it_was():
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    _, watcher = fitted(budget=5)
    assert watcher.steps == [(step, 5) for step in range(1, 6)]
    assert [step for step, _ in watcher.epochs] == [3, 5]  # 100 images are 3 full batches of 32
    assert watcher.threads == {1}
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


def test_other_images_are_refused(model):
    wrong = LabelledImages(images=np.zeros((4, 1, 28, 28), np.uint8))
    with pytest.raises(ValueError, match=r"images \(n, 3, 16, 16\), not on \(4, 1, 28, 28\)"):
        model.fit(wrong, wrong, budget=1, seed=0, progress=Watcher())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"latent_dim": 0}, "latent_dim is 0; allowed: a whole number from 1"),
        ({"batch_size": 1}, "allowed: from 2"),
        ({"learning_rate": float("nan")}, "allowed: a finite number above 0"),
        ({"r1": -1.0}, "allowed: a finite number from 0"),
        ({"average": 1.0}, r"allowed: from 0 \(none\) and below 1"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(given, said):
    with pytest.raises(ValueError, match=said):
        DcganOptions(**given)


def test_only_the_default_options_have_shipped_weights():
    assert shipped(DcganOptions()).is_file()
    assert shipped(DcganOptions(steps=10)) is None


def test_specs_options_and_checkpoints_are_light():
    program = (
        "import sys, genaudit_dcgan, genaudit_dcgan.options, genaudit_dcgan.checkpoints; "
        "sys.exit(bool({'torch', 'scipy', 'safetensors'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
