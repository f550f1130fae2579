"""The shipped weights are what the README says, and the recipes make such weights again."""

import json
import math

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load, load_file
from scipy.linalg import subspace_angles

from genaudit.datasets.colored_digits import ColoredDigits
from genaudit.extractors import digits as digits_extractor
from genaudit.plugin.options import NoOptions
from genaudit.stats.frechet import frechet_distance_of_rows
from genaudit.stats.seeds import generator, standard_normal_rows
from genaudit_autoencoders.checkpoints import FILES, shipped
from genaudit_autoencoders.train import recipes, trained

CPU = torch.device("cpu")
LIMIT = 720_000
"""Bytes of all shipped files together."""


@pytest.fixture(scope="module")
def data():
    return ColoredDigits()


@pytest.fixture(scope="module")
def extractor():
    return digits_extractor.build(NoOptions(), CPU)


@pytest.fixture(scope="module")
def reference(data, extractor):
    return extractor.extract(torch.from_numpy(data.split("evaluation").images))["features"].numpy()


def loaded(name, state=None, **changes):
    _, options, build = recipes()[name]
    model = build(options(**changes), CPU)
    model.load_state(load_file(shipped(options())) if state is None else state)
    return model


def eight_bit(images):
    return (images * 255 + 0.5).floor().to(torch.uint8)


def held_out(data):
    return torch.from_numpy(data.split("holdout").images).float() / 255


def samples(model, data, count=3000):
    z = torch.from_numpy(standard_normal_rows(0, "test", 0, count, *model.latent_shape)).float()
    if not hasattr(model, "classes"):
        return eight_bit(model.decode(z)), None
    shares = data.split("evaluation").labels["digit"]
    labels = torch.from_numpy(shares[generator(0, "asked").integers(len(shares), size=count)])
    return eight_bit(model.decode(z, labels)), labels


def distance(model, data, extractor, reference):
    return frechet_distance_of_rows(extractor.extract(samples(model, data)[0])["features"].numpy(), reference)


def reconstruction_error(model, data):
    images = held_out(data)
    return float(((model.reconstruct(images) - images) ** 2).mean())


def check(name, model, data, extractor, reference):
    """What the README states, within the spread of two seeds and the small-sample bias of 3,000 images."""
    distances, errors = QUALITY[name]
    assert distances[0] < distance(model, data, extractor, reference) < distances[1]
    if errors:
        assert errors[0] < reconstruction_error(model, data) < errors[1]


QUALITY = {
    "autoencoder": ((0.8, 2.8), (0.0045, 0.0065)),
    "pca": ((17, 23), (0.0110, 0.0125)),
    "linear-autoencoder": ((17, 23), (0.0112, 0.0128)),
    "denoising-autoencoder": ((1.3, 4.5), (0.0060, 0.0090)),
    "sparse-autoencoder": ((1.8, 4.5), (0.0035, 0.0055)),
    "beta-vae": ((9.0, 25.0), (0.0100, 0.0190)),
    "cvae": ((0.8, 3.0), None),
    "vq-vae": ((2.0, 6.0), (0.0038, 0.0060)),
}
"""Name to the range of the distance and of the mean squared reconstruction error."""


@pytest.mark.parametrize("name", QUALITY)
def test_shipped_weights_have_the_quality_that_the_readme_states(name, data, extractor, reference):
    check(name, loaded(name), data, extractor, reference)


def test_where_codes_are_drawn_from_decides_how_good_samples_are(data, extractor, reference):
    by_prior = {
        prior: distance(loaded("autoencoder", prior=prior), data, extractor, reference)
        for prior in ("mixture", "normal", "standard")
    }
    # 1.7, 5.8 and 50: the encoder has never heard of N(0, I)
    assert 2 * by_prior["mixture"] < by_prior["normal"]
    assert 4 * by_prior["normal"] < by_prior["standard"]


def test_the_linear_autoencoder_spans_the_subspace_of_the_principal_components():
    components = loaded("pca").state()["components"].numpy()
    decoder = loaded("linear-autoencoder").state()["decoder.0.weight"].numpy()
    angles = np.rad2deg(subspace_angles(components.T, decoder))
    assert len(angles) == 16
    assert np.median(angles) < 0.7
    assert angles.max() < 3  # .5 here; the pace of the last components varies between seeds
    rng = generator(0, "other")
    assert np.median(np.rad2deg(subspace_angles(components.T, rng.normal(size=(768, 16))))) > 60  # any other subspace


def test_no_other_linear_map_reconstructs_better_than_principal_components(data):
    errors = [reconstruction_error(loaded(name), data) for name in ("pca", "linear-autoencoder")]
    assert errors[0] < errors[1] * 1.001  # both are cut off at black and white, where little is to be gained
    assert errors[1] < 1.05 * errors[0]


def test_the_denoising_autoencoder_takes_noise_away(data):
    images = held_out(data)
    noise = torch.from_numpy(generator(0, "noise").normal(size=tuple(images.shape))).float()
    noisy = (images + 0.3 * noise).clamp(0, 1)
    left = {
        name: float(((loaded(name).reconstruct(noisy) - images) ** 2).mean())
        for name in ("denoising-autoencoder", "autoencoder")
    }
    before = float(((noisy - images) ** 2).mean())
    assert left["denoising-autoencoder"] < before / 3  # .050 to about .01
    assert left["denoising-autoencoder"] < left["autoencoder"]


def test_few_units_of_a_sparse_code_are_active(data):
    codes = loaded("sparse-autoencoder").codes(held_out(data))
    assert float((codes > 0).double().mean()) < 0.35
    assert bool((codes >= 0).all())


def test_the_beta_vae_uses_fewer_units_than_the_code_has(data):
    mean, _ = loaded("beta-vae").encode(held_out(data))
    assert 4 <= int((mean.var(dim=0) > 0.1).sum()) <= 12  # 9 of 16 have most of what is known of an image


def test_the_conditional_vae_makes_the_digits_that_it_is_asked_for(data, extractor):
    images, labels = samples(loaded("cvae"), data)
    read = extractor.extract(images)["logits"].argmax(dim=1)
    assert float((read == labels).double().mean()) > 0.93


def test_codes_of_digits_are_likelier_than_codes_in_another_order(data):
    model = loaded("vq-vae")
    codes = model.codes(held_out(data)[:500])
    order = torch.from_numpy(generator(0, "order").permutation(16))
    shuffled = codes.flatten(1)[:, order].reshape(codes.shape)
    nats = [float(model.codes_log_probability(each).mean()) for each in (codes, shuffled)]
    assert nats[0] > nats[1] + 10
    assert -60 < nats[0] < -25
    used = torch.bincount(codes.flatten(), minlength=64).double() / codes.numel()
    assert math.exp(-float((used[used > 0] * used[used > 0].log()).sum())) > 30  # perplexity: most entries are used


@pytest.mark.parametrize("options", FILES)
def test_a_shipped_file_says_what_it_was_made_from(options, data):
    with safe_open(str(shipped(options())), "np") as file:
        facts = file.metadata()
    assert options(**json.loads(facts["options"])) == options()
    assert facts["data_digest"] == data.split("train").digest
    curve = json.loads(facts["training_curve"])
    assert len(curve["steps"]) == len(curve["loss"])
    assert all(map(math.isfinite, curve["loss"]))


def test_all_shipped_files_together_are_small():
    assert sum(shipped(options()).stat().st_size for options in FILES) < LIMIT


def test_a_damaged_decoder_shows_in_samples_and_in_reconstructions(data, extractor, reference):
    """The figures above are no accident of the test: weights with noise miss them."""
    model, draws = loaded("autoencoder"), torch.Generator().manual_seed(1)
    damaged = {
        name: rows + 0.1 * torch.randn(rows.shape, generator=draws) if name.startswith("decoder") else rows
        for name, rows in model.state().items()
    }
    spoilt = loaded("autoencoder", damaged)
    assert reconstruction_error(spoilt, data) > 1.3 * reconstruction_error(model, data)
    assert distance(spoilt, data, extractor, reference) > 1.3 * distance(model, data, extractor, reference)


@pytest.mark.slow
@pytest.mark.parametrize("name", QUALITY)
def test_the_recipe_makes_weights_of_the_same_quality(name, data, extractor, reference):
    check(name, loaded(name, load(trained(name, data, seed=1))), data, extractor, reference)
