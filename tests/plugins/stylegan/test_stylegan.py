"""What the StyleGAN alone can do: styles, truncation and noise."""

import pytest
import torch
from judging import CPU, data, latents
from watching import Watcher

from genaudit.plugin.components import LabelledImages
from genaudit_adversarial.streams import draw_normal, torch_generator, without_draws
from genaudit_stylegan.checkpoints import shipped
from genaudit_stylegan.model import build
from genaudit_stylegan.network import EqualLinear, StyledLayer, initialised
from genaudit_stylegan.options import StyleganOptions


@pytest.fixture
def model():
    return build(StyleganOptions(), CPU)


def few(name, count):
    return LabelledImages(images=data().split(name).images[:count])


def fitted():
    model = build(StyleganOptions(batch_size=32), CPU)
    model.fit(few("evaluation", 100), few("holdout", 50), budget=4, seed=0, progress=Watcher())
    return model


def test_one_style_in_all_layers_is_what_decoding_does(model):
    z = latents(6, 64)
    styles = model.map(z)[:, None].expand(-1, len(model.noise_shapes), -1)
    assert torch.equal(model.synthesize(styles), model.decode(z))


def test_the_length_of_a_latent_does_not_matter(model):
    z = latents(6, 64)
    # a small number is added to the squared length, so that a latent of length 0 has a style
    assert torch.allclose(model.map(3 * z), model.map(z), atol=1e-6)


def test_truncation_moves_styles_along_the_line_to_their_mean():
    model, z = fitted(), latents(6, 64)
    mean = model.map(z, 0.0)
    assert torch.equal(mean, mean[:1].expand(6, -1))
    assert torch.allclose(model.map(z, 0.25), mean + 0.25 * (model.map(z) - mean), atol=1e-12)


def test_truncated_samples_are_those_of_truncated_styles():
    half = build(StyleganOptions(truncation=0.5), CPU)
    styles = half.map(latents(6, 64), 0.5)[:, None].expand(-1, len(half.noise_shapes), -1)
    assert torch.equal(half.decode(latents(6, 64)), half.synthesize(styles))


def test_the_mean_style_is_the_mean_over_latents():
    model = fitted()
    # 20,000 other latents: each mean is known to a hundredth of the spread of styles
    styles = model.map(latents(20_000, 64))
    assert torch.allclose(model.map(latents(1, 64), 0.0)[0], styles.mean(0), atol=0.05 * float(styles.std()))


def test_noise_has_one_plane_a_layer_and_no_effect_before_training(model):
    styles = model.map(latents(2, 64))[:, None].expand(-1, len(model.noise_shapes), -1)
    noise = [torch.ones(2, *shape) for shape in model.noise_shapes]
    assert torch.equal(model.synthesize(styles, noise), model.synthesize(styles))
    state = dict(model.state())
    model.load_state({**state, "layers.4.noise_strength": torch.ones_like(state["layers.4.noise_strength"])})
    noise[4] = latents(2, 256).reshape(2, *model.noise_shapes[4])
    assert not torch.equal(model.synthesize(styles, noise), model.synthesize(styles))


def test_a_layer_with_styles_of_zero_has_channels_of_mean_0_and_spread_1():
    draws = torch_generator(0, "test")
    layer = without_draws(lambda: StyledLayer(3, 4, 8, enlarged=True))
    draw_normal(layer, draws, 1.0)
    with torch.no_grad():
        layer.style.weight.zero_()
        x = layer(torch.randn(2, 3, 4, 4, generator=draws), torch.zeros(2, 8), None)
    assert x.shape == (2, 4, 8, 8)
    assert torch.allclose(x.mean(dim=(2, 3)), torch.zeros(2, 4), atol=1e-6)
    assert torch.allclose(x.std(dim=(2, 3), correction=0), torch.ones(2, 4), atol=1e-5)


def test_equal_layers_keep_the_second_moment_and_start_from_unit_weights():
    draws = torch_generator(0, "test")
    layer = without_draws(lambda: EqualLinear(400, 400, gain=2.0)).requires_grad_(requires_grad=False)
    draw_normal(layer, draws, 1.0)
    made = layer(torch.randn(500, 400, generator=draws)).relu()
    # 160,000 weights and as many inputs: a few per cent
    assert float(made.square().mean()) == pytest.approx(1.0, rel=0.05)
    weight = initialised(64, 64, 2, draws).layers[1].get_submodule("convolution").weight
    assert float(weight.detach().std()) == pytest.approx(1.0, rel=0.03)  # 36,864 weights: 0.4 % is one standard error


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"truncation": -0.1}, "truncation is -0.1; allowed: a finite number from 0"),
        ({"mixing": 1.5}, "mixing is 1.5; allowed: from 0 to 1"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(given, said):
    with pytest.raises(ValueError, match=said):
        StyleganOptions(**given)


def test_truncation_needs_no_other_weights():
    assert shipped(StyleganOptions(truncation=0.5)) == shipped(StyleganOptions())
