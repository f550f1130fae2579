"""Distributions of codes, codebook, code sequences and principal components, each against what is known of it."""

import itertools

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles
from sklearn.decomposition import PCA

from genaudit.datasets.colored_digits import ColoredDigits
from genaudit.plugin.components import LabelledImages
from genaudit.stats.seeds import generator, standard_normal_rows
from genaudit_adversarial.streams import without_draws
from genaudit_autoencoders.codebook import Codebook
from genaudit_autoencoders.linear import build_pca
from genaudit_autoencoders.options import PcaOptions, VqVaeOptions
from genaudit_autoencoders.priors import Priors
from genaudit_autoencoders.quantised import build as build_quantised
from genaudit_autoencoders.sequences import CodePrior

CPU = torch.device("cpu")


def codes(count=4000):
    """Two clusters of correlated codes, a quarter and three quarters of all."""
    rng = generator(0, "codes")
    spread = rng.normal(size=(count, 3)) @ np.array([[1, 0.5, 0], [0, 1, 0], [0, 0, 0.2]])
    return spread + np.where(rng.random(count) < 0.25, -6.0, 4.0)[:, None]


def fitted(rows):
    priors = without_draws(lambda: Priors(rows.shape[1])).double()
    priors.fit(torch.from_numpy(rows), generator(0, "fit"))
    return priors


def drawn(priors, prior, count=20_000):
    z = torch.from_numpy(standard_normal_rows(0, "drawn", 0, count, priors.latents(prior)))
    return priors.codes(z, prior).numpy()


@pytest.mark.parametrize("prior", ["normal", "mixture"])
def test_drawn_codes_have_mean_and_covariance_of_the_codes(prior):
    rows = codes()
    made = drawn(fitted(rows), prior)
    # twenty thousand draws: a standard error of a mean is 0.03, of a variance below one per cent
    assert made.mean(axis=0) == pytest.approx(rows.mean(axis=0), abs=0.12)
    assert np.cov(made.T) == pytest.approx(np.cov(rows.T), rel=0.05, abs=0.1)


def test_only_the_mixture_has_two_clusters():
    priors = fitted(codes())
    between = [((made := drawn(priors, prior)[:, 2]) > -3) & (made < 2) for prior in ("mixture", "normal")]
    assert between[0].mean() < 0.001
    assert between[1].mean() > 0.1


def test_the_last_latent_chooses_the_component_with_its_share():
    priors = fitted(codes())
    z = torch.zeros(1001, 4, dtype=torch.float64)
    z[:, 3] = torch.special.ndtri(torch.linspace(0.0005, 0.9995, 1001, dtype=torch.float64))
    left = priors.codes(z, "mixture")[:, 2] < 0
    assert float(left.double().mean()) == pytest.approx(0.25, abs=0.02)  # the share of the cluster: 4000 coin tosses


def test_long_codes_have_a_mixture_with_a_variance_for_each_unit():
    rng = generator(0, "long")
    rows = rng.normal(size=(500, 40)) * np.linspace(0.1, 2, 40)
    rows[:, :5] = 0  # units that no image activates
    priors = fitted(rows)
    assert priors.mixture.factors.shape == (20, 40)
    made = drawn(priors, "mixture", 5000)
    assert np.isfinite(made).all()
    assert made.std(axis=0)[5:] == pytest.approx(rows.std(axis=0)[5:], rel=0.15)
    assert made.std(axis=0)[:5].max() < 0.05


def test_the_standard_prior_is_the_latent_itself():
    z = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
    assert torch.equal(without_draws(lambda: Priors(3)).codes(z, "standard"), z)


def small_prior(count=3):
    prior = without_draws(lambda: CodePrior(count))
    draws = torch.Generator().manual_seed(0)
    prior.draw_first(draws)
    with torch.no_grad():
        prior.head.weight.normal_(0, 1, generator=draws)
    return prior.double().requires_grad_(requires_grad=False)


def log_probability(prior, rows):
    return prior(rows).log_softmax(dim=2).gather(2, rows[:, :, None])[:, :, 0].sum(dim=1)


def test_probabilities_of_all_sequences_sum_to_one():
    prior, every = small_prior(), torch.tensor(list(itertools.product(range(3), repeat=4)))
    assert float(log_probability(prior, every).exp().sum()) == pytest.approx(1, abs=1e-12)


def test_drawn_sequences_have_the_probabilities_of_the_network():
    prior, every = small_prior(), torch.tensor(list(itertools.product(range(3), repeat=3)))
    uniform = torch.from_numpy(generator(0, "uniform").random((20_000, 3)))
    made = prior.drawn(uniform) @ torch.tensor([9, 3, 1])
    shares = torch.bincount(made, minlength=27).double() / 20_000
    four_standard_errors = 4 * 0.5 / 20_000**0.5
    assert torch.allclose(shares, log_probability(prior, every).exp(), atol=four_standard_errors)


def test_a_code_is_the_one_whose_share_holds_the_number():
    prior = small_prior()
    bounds = prior(torch.zeros(1, 1, dtype=torch.int64))[0, 0].softmax(dim=0).cumsum(dim=0)
    found = [int(prior.drawn(torch.tensor([[float(bound) - 1e-9]], dtype=torch.float64))) for bound in bounds]
    assert found == [0, 1, 2]


def test_an_entry_of_the_codebook_is_found_by_brute_force():
    book = without_draws(lambda: Codebook(7, 4))
    draws = torch.Generator().manual_seed(0)
    book.entries.normal_(generator=draws)
    maps = torch.randn(5, 4, 2, 2, generator=draws)
    rows = maps.movedim(1, -1).reshape(-1, 4)
    expected = torch.cdist(rows, book.entries).argmin(dim=1).reshape(5, 2, 2)
    assert torch.equal(book.nearest(maps), expected)
    assert torch.equal(book.nearest(book.looked_up(expected)), expected)


def test_entries_move_to_the_centres_of_clusters_and_none_stays_unused():
    draws = torch.Generator().manual_seed(0)
    book = without_draws(lambda: Codebook(8, 2))
    centres = torch.tensor([[0.0, 0], [10, 0], [0, 10], [10, 10]])
    for _ in range(300):
        which = torch.randint(4, (16, 2, 2), generator=draws)
        maps = (centres[which] + 0.1 * torch.randn(16, 2, 2, 2, generator=draws)).movedim(-1, 1)
        book.follow(maps, book.nearest(maps), draws)
    nearest = torch.cdist(centres, book.entries).min(dim=1).values
    assert float(nearest.max()) < 0.3
    assert float(torch.cdist(book.entries, centres).min(dim=1).values.max()) < 0.5


def test_codes_of_an_image_cost_what_the_network_says_of_them():
    model = build_quantised(VqVaeOptions(codes=5), CPU)
    images = torch.from_numpy(ColoredDigits().split("holdout").images[:6]).float() / 255
    found = model.codes(images)
    assert found.shape == (6, 4, 4)
    expected = log_probability(model._kept.exact.prior, found.flatten(1))
    assert torch.allclose(model.codes_log_probability(found), expected, atol=1e-12)
    assert bool((expected < 0).all())


class Silent:
    def step(self, step, total, loss):
        self.loss = loss

    def epoch(self, step, validation_loss):
        pass


def test_principal_components_are_those_of_scikit_learn():
    split = ColoredDigits().split("holdout")
    few = LabelledImages(images=split.images[:400])
    model, heard = build_pca(PcaOptions(latent_dim=5), CPU), Silent()
    model.fit(few, few, budget=None, seed=0, progress=heard)
    rows = few.images.reshape(400, -1) / 255
    theirs = PCA(5, svd_solver="full").fit(rows)
    ours = model.state()["components"].numpy()
    assert np.rad2deg(subspace_angles(ours.T, theirs.components_.T)).max() < 1e-3  # float32 components
    assert np.abs(ours @ ours.T - np.eye(5)).max() < 1e-6
    left = rows - theirs.inverse_transform(theirs.transform(rows))
    assert heard.loss == pytest.approx((left**2).sum(axis=1).mean())
    codes = model.codes(torch.from_numpy(few.images).float() / 255).numpy()
    assert np.abs(codes) == pytest.approx(np.abs(theirs.transform(rows)), abs=1e-5)
