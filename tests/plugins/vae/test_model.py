"""The VAE keeps the contract of its capabilities, the same at any batch size."""

import numpy as np
import pytest
import torch

from genaudit.datasets.colored_digits import ColoredDigits
from genaudit.plugin import capabilities
from genaudit.stats.seeds import standard_normal_rows
from genaudit_vae import VAE, genaudit_generators
from genaudit_vae.model import build
from genaudit_vae.network import initialised
from genaudit_vae.options import LATENT_DIM, VaeOptions

CPU = torch.device("cpu")


def latents(count, size=16):
    return torch.from_numpy(standard_normal_rows(0, "test-vae", 0, count, size)).float()


@pytest.fixture(scope="module")
def images():
    return torch.from_numpy(ColoredDigits().split("holdout").images[:64]).float() / 255


@pytest.fixture(params=LATENT_DIM)
def model(request):
    return build(VaeOptions(likelihood=request.param), CPU)


def test_the_hook_brings_the_spec():
    assert genaudit_generators() == [VAE]


def test_the_declared_capabilities_are_there(model):
    for name in VAE.capabilities:
        assert isinstance(model, capabilities.CAPABILITIES[name])


@pytest.mark.parametrize(("likelihood", "count"), [("bernoulli", 156_003), ("continuous-bernoulli", 152_915)])
def test_the_network_has_the_parameters_that_the_documentation_counts(likelihood, count):
    state = build(VaeOptions(likelihood=likelihood), CPU).state()
    assert sum(tensor.numel() for tensor in state.values()) == count


def test_images_are_float32_levels_of_the_declared_shape(model):
    images = model.decode(latents(5, *model.latent_shape))
    assert images.dtype == torch.float32
    assert images.shape == (5, *VAE.image_shape)
    assert 0 <= float(images.min()) <= float(images.max()) <= 1


@pytest.mark.parametrize("size", [1, 7])
def test_batch_size_changes_no_image(model, images, size):
    z = latents(64, *model.latent_shape)
    for function, inputs in ((model.decode, z), (model.reconstruct, images)):
        together = function(inputs)
        apart = torch.cat([function(part) for part in torch.split(inputs, size)])
        assert torch.equal(together, apart)


def test_decoding_the_posterior_mean_is_the_reconstruction(model, images):
    mean, log_variance = model.encode(images)
    assert mean.shape == log_variance.shape == (64, *model.latent_shape)
    assert torch.equal(model.decode(mean), model.reconstruct(images))


def test_the_log_likelihood_is_one_float64_an_image_and_sums_over_pixels(model, images):
    z = latents(64, *model.latent_shape)
    nats = model.log_likelihood(images, z)
    assert nats.shape == (64,)
    assert nats.dtype == torch.float64
    one = model.log_likelihood(images[3:4], z[3:4])
    assert float(one) == pytest.approx(float(nats[3]), rel=1e-12)  # float64 sums in another order


def test_images_and_log_likelihood_are_differentiable_in_z(model, images):
    z = latents(4, *model.latent_shape).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda code: model.log_likelihood(images[:4], code), z)
    (gradient,) = torch.autograd.grad(model.decode(z).sum(), z)
    assert bool(torch.isfinite(gradient).all())
    assert float(gradient.abs().sum()) > 0


def test_the_data_space_is_soft_for_the_bernoulli_alone():
    spaces = {name: build(VaeOptions(likelihood=name), CPU).data_space for name in LATENT_DIM}
    assert spaces.pop("bernoulli") == "soft"
    assert set(spaces.values()) == {"continuous_dequantised"}


def test_labels_are_refused(model):
    with pytest.raises(ValueError, match="not class-conditional"):
        model.decode(latents(2, *model.latent_shape), torch.zeros(2, dtype=torch.int64))


def test_weights_go_out_and_in_unchanged(model):
    other = {name: tensor + 0.01 for name, tensor in model.state().items()}
    before = model.decode(latents(3, *model.latent_shape))
    model.load_state(other)
    assert all(torch.equal(tensor, other[name]) for name, tensor in model.state().items())
    assert not torch.equal(model.decode(latents(3, *model.latent_shape)), before)


def test_building_draws_no_global_random_number():
    state = torch.get_rng_state()
    first, second = (build(VaeOptions(), CPU).state() for _ in range(2))
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_initial_weights_have_the_variance_of_the_uniform_distribution():
    network = initialised(16, has_scale=False, draws=torch.Generator().manual_seed(1))
    weight = network.decoder[2].weight.detach().numpy()
    # uniform within b has variance b²/3; 65,536 weights give it to within one per cent (two standard errors: 0.7 %)
    assert np.var(weight) == pytest.approx(1 / 128 / 3, rel=0.01)
