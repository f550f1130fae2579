"""Generators whose flaw is known, and which number notices it; every margin is against real held-out images.

One run of 1,000 images each. Figures in comments are those of seed 0, to show how far the margins are from them.
"""

import hashlib

import numpy as np
import pytest
import torch

import genaudit
from genaudit.datasets.colored_digits import ORANGE_SHARE, ColoredDigits
from genaudit.extractors.digits import DigitsExtractor
from genaudit.plugin.manager import load_plugins
from genaudit.stats.seeds import generator
from genaudit.testing.doubles import genaudit_generators
from genaudit.testing.doubles.drawn import holdout, skewer
from genaudit.testing.doubles.options import DropperOptions, PpcaOptions, SkewerOptions
from genaudit.testing.doubles.ppca import Ppca, fitted
from genaudit.testing.doubles.ppca import build as build_ppca

MODULE = "genaudit.testing.doubles"
MEMORISATION = ("authenticity", "nearest_neighbour_distance", "memorization_ct", "mifid")
OTHERS = ("fid", "kid", "mode_kl", "mode_count", "precision", "recall", "density", "coverage")
GAPS = ("variational_gap", "approximation_gap", "amortization_gap")
ASKED = {"ppca": ("elbo", "iwae", "log_likelihood", *GAPS), "copier": MEMORISATION + OTHERS}
"""What a double is asked for, if not the second group."""
AUDITED = ("holdout", "skewer")
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def reads_once():
    """The embedded network, which need not read a batch again that it has read in another run: the same numbers."""
    extract, known = DigitsExtractor.extract, {}

    def remembered(self, images):
        key = hashlib.sha256(images.numpy().tobytes()).digest()
        if key not in known:
            known[key] = extract(self, images)
        return {name: rows.clone() for name, rows in known[key].items()}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DigitsExtractor, "extract", remembered)
        yield


@pytest.fixture(scope="module")
def score(tmp_path_factory, reads_once):
    """A function of a double's name (and options) and a metric's to its value in a run of 1,000 images."""
    records = {}

    def of(name, metric=None, **options):
        key = (name, tuple(options.items()))
        if key not in records:
            records[key] = genaudit.run(
                plugin=f"double-{name}", load=(MODULE,), samples=1_000, formats=("json",), **_asked(name),
                out=tmp_path_factory.mktemp("runs"), options={f"double-{name}.{key}": v for key, v in options.items()},
            )  # fmt: skip
            assert not records[key].failures
        return records[key].value(metric) if metric else records[key]

    return of


def _asked(name):
    if name not in AUDITED:
        return {"metrics": ASKED.get(name, OTHERS)}
    wanted = OTHERS if name == "skewer" else OTHERS + MEMORISATION  # audits are made only if no metric is named
    return {"skip": sorted(set(load_plugins().names("metric")) - set(wanted))}


def amplification(record):
    """By how much the commoner colour of a digit is commoner among the generated images, over the eight digits."""
    return record.result("bias_amplification", group="colour within digit")


def test_doubles_are_loaded_only_on_request():
    assert not [name for name in load_plugins().names("generator") if name.startswith("double-")]
    asked = load_plugins(load=[MODULE])
    assert [name for name in asked.names("generator") if name.startswith("double-")] == sorted(
        spec.name for spec in genaudit_generators()
    )


def test_real_held_out_images_are_the_floor(score):
    assert score("holdout", "fid") < 0.9  # 0.64
    assert score("holdout", "density") > 0.9  # 1.08
    assert score("holdout", "coverage") > 0.9  # 0.95
    assert score("holdout", "mode_kl") < 0.01  # 0.002
    interval = amplification(score("holdout")).interval
    assert interval.low < 0 < interval.high  # -0.04 to 0.02


def test_the_copier_is_caught_by_the_memorisation_metrics_alone(score):
    assert score("copier", "authenticity") == 0  # 0.60 for unseen images
    assert score("copier", "nearest_neighbour_distance") == 0
    assert score("copier", "memorization_ct") < score("holdout", "memorization_ct") - 10  # -20.9 against -0.2
    assert score("copier", "mifid") > 1e6 * score("holdout", "mifid")
    for fidelity in ("precision", "recall", "density", "coverage"):
        assert score("copier", fidelity) > score("holdout", fidelity) - 0.03  # it looks as good as real images do


def test_the_dropper_is_caught_by_the_mix_of_classes_and_by_recall(score):
    assert score("dropper", "mode_kl") > score("holdout", "mode_kl") + 0.2  # 0.29, -ln 0.7 = 0.36 without misreading
    assert score("dropper", "recall") < score("holdout", "recall") - 0.1  # 0.65 against 0.82
    assert score("dropper", "coverage") < score("holdout", "coverage") - 0.15  # 0.71 against 0.95
    assert score("dropper", "fid") > 3 * score("holdout", "fid")  # 5.2 against 0.64
    assert score("dropper", "precision") > score("holdout", "precision") - 0.05  # what it gives is real


def test_the_skewer_is_caught_by_the_amplification_audit_with_what_was_injected(score):
    for injected, found in ((0.1, score("skewer")), (-0.2, score("skewer", amplification=-0.2))):
        interval = amplification(found).interval
        assert interval.low < injected < interval.high  # 0.06 to 0.11
        assert not interval.low < 0 < interval.high
    assert score("skewer", "mode_kl") == pytest.approx(score("holdout", "mode_kl"), abs=0.01)  # digits are untouched
    assert score("skewer", "precision") > score("holdout", "precision") - 0.02


def test_noise_is_caught_by_density_and_coverage(score):
    assert score("noise", "density") < score("holdout", "density") - 0.8  # 0.11 against 1.08
    assert score("noise", "coverage") < 0.05  # 0.006
    assert score("noise", "recall") == 0
    assert score("noise", "fid") > 50 * score("holdout", "fid")  # 87 against 0.64


@pytest.mark.parametrize(
    ("metric", "bound"),
    [("precision", 0), ("recall", 0), ("density", 0), ("coverage", 0), ("mode_count", 1)],
)
def test_the_constant_has_the_worst_value_there_is(score, metric, bound):
    assert score("constant", metric) == bound


def test_the_constant_is_caught_by_every_distance(score):
    for distance in ("fid", "kid", "mode_kl"):
        assert score("constant", distance) > score("holdout", distance) + 1


def test_the_evidence_bound_of_ppca_is_its_likelihood(score):
    record = score("ppca")
    images = torch.from_numpy(ColoredDigits().split("holdout").images).float()
    exact = float(build_ppca(PpcaOptions(), CPU).log_evidence((images + 0.5) / 256).mean())
    # the bound is of images with uniform noise in a level: its variance 1/12 of a level a pixel is in the fit alone
    dequantisation = 768 / 2 / 12 / 256**2 / build_ppca(PpcaOptions(), CPU)._noise
    assert record.result("elbo").interval.low < exact - dequantisation < record.result("elbo").interval.high


def test_every_importance_weight_of_ppca_is_its_likelihood(score):
    found = score("ppca").result("iwae")
    # codes reach the model rounded to float32, which moves a weight by a millionth of a nat
    assert found.value == pytest.approx(found.details["elbo"], abs=1e-6)
    assert found.details["effective_draws"] == pytest.approx(64, abs=1e-6)
    assert 0 <= score("ppca", "variational_gap") < 1e-9


def test_every_annealed_chain_of_ppca_is_its_likelihood_and_no_gap_is_left(score):
    found = score("ppca").result("log_likelihood")
    # slopes at the exact posterior are rounding, after which descent wanders by less than a thousandth of a nat
    assert found.value == pytest.approx(found.details["elbo"], abs=1e-3)
    assert found.details["effective_chains"] == pytest.approx(4, abs=1e-3)
    assert score("ppca", "approximation_gap") == pytest.approx(0, abs=1e-3)
    assert score("ppca", "amortization_gap") == pytest.approx(0, abs=1e-3)


def test_ppca_has_an_exact_posterior():
    model = build_ppca(PpcaOptions(latent_dim=3), CPU)
    images = torch.from_numpy(ColoredDigits().split("holdout").images[:5]).double() / 256
    mean, log_variance = model.encode(images)
    z = torch.from_numpy(generator(0, "anywhere").normal(size=(5, 3)))
    prior = -0.5 * (z**2 + np.log(2 * np.pi)).sum(1)
    posterior = -0.5 * ((z - mean) ** 2 / log_variance.exp() + log_variance + np.log(2 * np.pi)).sum(1)
    # Bayes: whatever z is, p(x | z) p(z) / p(z | x) is p(x)
    assert torch.allclose(model.log_likelihood(images, z) + prior - posterior, model.log_evidence(images), rtol=1e-10)


def test_the_evidence_of_ppca_is_that_of_the_gaussian_it_is():
    rows = generator(0, "rows").normal(size=(400, 6)) @ generator(0, "mix").normal(size=(6, 6))
    fit = fitted(rows, 2)
    covariance = fit.loadings @ fit.loadings.T + fit.noise_variance * np.eye(6)
    found = Ppca(fit, (6,), CPU).log_evidence(torch.from_numpy(rows)).numpy()
    expected = torch.distributions.MultivariateNormal(torch.from_numpy(fit.mean), torch.from_numpy(covariance))
    assert np.allclose(found, expected.log_prob(torch.from_numpy(rows)).numpy(), rtol=1e-10)


def test_more_components_fit_better():
    rows = generator(0, "rows").normal(size=(300, 5)) * [3, 2, 1, 1, 1]
    fits = [Ppca(fitted(rows, q), (5,), CPU).log_evidence(torch.from_numpy(rows)).mean() for q in (1, 2, 3)]
    assert fits == sorted(fits)


def test_the_skew_is_exact():
    split = ColoredDigits().coloured("holdout", tuple(map(SkewerOptions(amplification=0.1).skewed, ORANGE_SHARE)))
    assert (skewer(SkewerOptions(), CPU).images == split.images).all()
    for digit, share in enumerate((0.5, 0.5, 0.8, 0.2, 0.9, 0.1, 1.0, 0.0, 0.8, 0.2)):
        of_digit = split.labels["colour"][split.labels["digit"] == digit]
        assert int((of_digit == 0).sum()) == round(share * len(of_digit))
    assert (skewer(SkewerOptions(amplification=0), CPU).images == holdout(None, CPU).images).all()


@pytest.mark.parametrize(
    ("options", "given", "said"),
    [
        (DropperOptions, {"dropped": tuple(range(10))}, "not all of them"),
        (SkewerOptions, {"amplification": 0.6}, "from -0.5 to 0.5"),
        (PpcaOptions, {"latent_dim": 0}, "from 1 to 256"),
    ],
)
def test_an_option_out_of_range_is_refused(options, given, said):
    with pytest.raises(ValueError, match=said):
        options(**given)
