"""Every autoencoder keeps the contract of its capabilities, the same at any batch size."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from watching import Watcher

from genaudit.datasets.colored_digits import ColoredDigits
from genaudit.plugin import capabilities
from genaudit.plugin.components import LabelledImages
from genaudit.stats.seeds import standard_normal_rows
from genaudit_autoencoders import SPECS, genaudit_generators
from genaudit_autoencoders.checkpoints import FILES, shipped
from genaudit_autoencoders.options import (
    AutoencoderOptions,
    BetaVaeOptions,
    CvaeOptions,
    DenoisingOptions,
    PcaOptions,
    SparseOptions,
    VqVaeOptions,
)
from genaudit_autoencoders.train import recipes

CPU = torch.device("cpu")
NAMES = [spec.name for spec in SPECS]
PARAMETERS = {
    "autoencoder": 39_255,
    "pca": 18_788,
    "linear-autoencoder": 31_092,
    "denoising-autoencoder": 39_255,
    "sparse-autoencoder": 77_175,
    "beta-vae": 39_683,
    "cvae": 34_451,
    "vq-vae": 45_587,
}


@pytest.fixture(scope="module")
def data():
    split = ColoredDigits().split("holdout")
    return LabelledImages(images=split.images[:300], labels={"digit": split.labels["digit"][:300]})


@pytest.fixture(scope="module")
def images(data):
    return torch.from_numpy(data.images[:40]).float() / 255


def built(name, **changes):
    spec, options, build = recipes()[name]
    return spec, build(options(**changes), CPU)


def fitted(name, data, seed=0, budget=3):
    _, model = built(name)
    watcher = Watcher()
    model.fit(data, data, budget=budget, seed=seed, progress=watcher)
    return model, watcher


def latents(model, count=64):
    return torch.from_numpy(standard_normal_rows(0, "test", 0, count, *model.latent_shape)).float()


def labels_for(model, count=64):
    return torch.arange(count) % 10 if hasattr(model, "classes") else None


@pytest.fixture(scope="module")
def trained(data):
    return {name: fitted(name, data) for name in NAMES}


def test_the_hook_brings_the_specs():
    assert genaudit_generators() == list(SPECS)
    assert len(SPECS) == len(FILES) == 8


@pytest.mark.parametrize("name", NAMES)
def test_the_declared_capabilities_are_there(name):
    spec, model = built(name)
    for capability in spec.capabilities:
        assert isinstance(model, capabilities.CAPABILITIES[capability])


@pytest.mark.parametrize("name", NAMES)
def test_the_networks_have_the_numbers_that_the_documentation_counts(name):
    _, model = built(name)
    assert sum(tensor.numel() for tensor in model.state().values()) == PARAMETERS[name]


@pytest.mark.parametrize("name", NAMES)
def test_batch_size_changes_no_image(name, trained, images):
    model, _ = trained[name]
    z, labels = latents(model), labels_for(model)
    together = model.decode(z, labels)
    assert together.dtype == torch.float32
    assert together.shape == (64, 3, 16, 16)
    assert 0 <= float(together.min()) <= float(together.max()) <= 1
    for size in (1, 7):
        parts = torch.split(torch.arange(64), size)
        apart = torch.cat([model.decode(z[rows], None if labels is None else labels[rows]) for rows in parts])
        assert torch.equal(apart, together)
    if hasattr(model, "reconstruct"):
        told = () if labels is None else (labels[: len(images)],)
        parts = zip(*(torch.split(each, 7) for each in (images, *told)), strict=True)
        assert torch.equal(torch.cat([model.reconstruct(*part) for part in parts]), model.reconstruct(images, *told))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "vq-vae"])
def test_images_are_differentiable_in_the_latent(name, trained):
    model, _ = trained[name]
    z = latents(model, 4).requires_grad_()
    (gradient,) = torch.autograd.grad(model.decode(z, labels_for(model, 4)).sum(), z)
    assert bool(torch.isfinite(gradient).all())
    assert float(gradient.abs().sum()) > 0


@pytest.mark.parametrize("name", [name for name in NAMES if name != "cvae"])
def test_labels_are_refused_where_there_are_no_classes(name):
    _, model = built(name)
    with pytest.raises(ValueError, match="not class-conditional"):
        model.decode(latents(model, 2), torch.zeros(2, dtype=torch.int64))


def test_the_conditional_model_needs_a_label():
    _, model = built("cvae")
    for ask in (model.decode, lambda z: model.encode(torch.zeros(2, 3, 16, 16)), model.reconstruct):
        with pytest.raises(ValueError, match="needs a label for every image"):
            ask(latents(model, 2))
    with pytest.raises(ValueError, match="needs a label for every image"):
        model.log_likelihood(torch.zeros(2, 3, 16, 16), latents(model, 2))


@pytest.mark.parametrize("name", NAMES)
def test_training_twice_gives_the_same_bits(name, data, trained):
    (first, watched), (second, again) = trained[name], fitted(name, data)
    assert all(torch.equal(tensor, second.state()[key]) for key, tensor in first.state().items())
    assert watched.losses == again.losses
    assert watched.epochs == again.epochs
    assert np.isfinite([*watched.losses, *(loss for _, loss in watched.epochs)]).all()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "pca"])
def test_another_seed_gives_other_weights(name, data, trained):
    first, other = trained[name][0].state(), fitted(name, data, seed=1)[0].state()
    assert not all(torch.equal(tensor, other[key]) for key, tensor in first.items())


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_reported_once_in_order(name, trained):
    _, watcher = trained[name]
    total = {"pca": 1, "vq-vae": 6}.get(name, 3)
    assert watcher.steps == [(step, total) for step in range(1, total + 1)]
    assert watcher.epochs[-1][0] == total


@pytest.mark.parametrize("name", NAMES)
def test_the_process_is_left_as_it_was(name, data):
    threads, state, legacy = torch.get_num_threads(), torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    fitted(name, data, budget=1)
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)
    assert (np.random.get_state()[1] == legacy).all()  # noqa: NPY002 - that nobody has drawn from it is the point


@pytest.mark.parametrize("name", NAMES)
def test_weights_go_out_and_in_and_others_are_refused(name, trained):
    model, (_, fresh) = trained[name][0], built(name)
    fresh.load_state(model.state())
    z, labels = latents(model, 8), labels_for(model, 8)
    assert torch.equal(fresh.decode(z, labels), model.decode(z, labels))
    first = next(iter(model.state()))
    with pytest.raises(ValueError, match="has shape"):
        fresh.load_state({**model.state(), first: torch.zeros(3, 3)})


@pytest.mark.parametrize("name", NAMES)
def test_other_images_are_refused(name):
    wrong = LabelledImages(images=np.zeros((4, 1, 28, 28), np.uint8))
    with pytest.raises(ValueError, match=r"images \(n, 3, 16, 16\), not on \(4, 1, 28, 28\)"):
        fitted(name, wrong)


def test_digits_are_needed_for_classes(data):
    with pytest.raises(ValueError, match="labels 'digit'"):
        fitted("cvae", LabelledImages(images=data.images))


@pytest.mark.parametrize("name", ["autoencoder", "denoising-autoencoder", "sparse-autoencoder", "beta-vae", "vq-vae"])
def test_a_few_steps_improve_the_loss(name, data):
    _, watcher = fitted(name, data, budget=40)
    assert np.mean(watcher.losses[30:40]) < np.mean(watcher.losses[:10])


def test_a_posterior_mean_decoded_is_the_reconstruction(trained, images):
    model, _ = trained["beta-vae"]
    mean, log_variance = model.encode(images)
    assert mean.shape == log_variance.shape == (40, 16)
    assert torch.equal(model.decode(mean), model.reconstruct(images))
    nats = model.log_likelihood(images, mean)
    x, p = images.double(), model.decode(mean).double()
    expected = (x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(1)
    assert torch.allclose(nats, expected, rtol=1e-5)  # decode gives float32


def test_the_conditional_posterior_and_likelihood_are_those_of_the_class(trained, images):
    model, _ = trained["cvae"]
    labels = labels_for(model, 40)
    mean, log_variance = model.encode(images, labels)
    assert mean.shape == log_variance.shape == (40, 8)
    assert torch.equal(model.decode(mean, labels), model.reconstruct(images, labels))
    x, p = images.double(), model.decode(mean, labels).double()
    expected = (x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(1)
    nats = model.log_likelihood(images, mean, labels)
    assert torch.allclose(nats, expected, rtol=1e-5)  # decode gives float32
    other = (labels + 1) % 10
    assert not torch.equal(model.encode(images, other)[0], mean)
    assert not torch.equal(model.log_likelihood(images, mean, other), nats)


def test_the_classes_that_are_asked_for_change_the_image(trained):
    model, _ = trained["cvae"]
    z = latents(model, 1)
    made = [model.decode(z, torch.tensor([label])) for label in (3, 8)]
    assert not torch.equal(*made)


@pytest.mark.parametrize(
    ("options", "given", "said"),
    [
        (AutoencoderOptions, {"latent_dim": 0}, "allowed: a whole number from 1 to 256"),
        (AutoencoderOptions, {"prior": "uniform"}, "allowed: mixture, normal, standard"),
        (AutoencoderOptions, {"steps": 0}, "allowed: a whole number from 1"),
        (PcaOptions, {"prior": "none"}, "allowed: mixture, normal, standard"),
        (DenoisingOptions, {"noise": 0.0}, "noise is 0.0; allowed: a finite number above 0"),
        (SparseOptions, {"sparsity": -1.0}, "sparsity is -1.0; allowed"),
        (BetaVaeOptions, {"beta": float("nan")}, "beta is nan; allowed"),
        (CvaeOptions, {"latent_dim": 999}, "allowed: a whole number from 1 to 256"),
        (VqVaeOptions, {"codes": 1}, "allowed: a whole number from 2 to 256"),
        (VqVaeOptions, {"prior_steps": 0}, "prior_steps is 0"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(options, given, said):
    with pytest.raises(ValueError, match=said):
        options(**given)


def test_one_file_serves_every_distribution_of_codes_and_no_other_options():
    for options in FILES:
        assert shipped(options()).is_file()
    assert shipped(AutoencoderOptions(prior="normal")) == shipped(AutoencoderOptions(prior="standard"))
    assert shipped(replace(SparseOptions(), sparsity=1.0)) is None


def test_specs_options_and_checkpoints_are_light():
    program = (
        "import sys, genaudit_autoencoders, genaudit_autoencoders.options, genaudit_autoencoders.checkpoints; "
        "sys.exit(bool({'torch', 'scipy', 'sklearn', 'safetensors'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
