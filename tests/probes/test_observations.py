import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import tiny
import torch
from tiny_context import tiny_context

from genaudit.errors import NotApplicable, PluginError
from genaudit.metrics.options import EvidenceOptions, InterpolationOptions, PrecisionRecallOptions
from genaudit.probes import (
    attributes,
    generation,
    neighbours,
    pairs,
    paths,
    posterior,
    reconstruction,
    reference,
    training,
)
from genaudit.probes.contract import checked_images, quantised
from genaudit.values.observations import FeaturePair


@pytest.fixture
def context():
    specs = {spec.name: spec for spec in tiny.SPECS}
    return tiny_context(
        extractor_origin="Plugin 'net' (net-world 2.0)",
        dataset_origin="Plugin 'data' (data-world 3.0)",
        annotator_origins={"light": "Plugin 'reader' (r 4.0)", "tone": "Plugin 'rule' (r 4.0)"},
        annotators={
            "light": (specs["light-reader"], tiny.LightAnnotator()),
            "tone": (specs["tone-rule"], tiny.ToneAnnotator()),
        },
    )


def test_samples_do_not_depend_on_the_batch_size_and_a_longer_run_starts_alike(context):
    one = generation.generate(context).value
    other = generation.generate(replace(context, batch_size=7, samples=80)).value
    assert (one.first_images == other.first_images[:50]).all()
    assert np.allclose(one.outputs["features"], other.outputs["features"][:50], rtol=1e-12)


class ChunkSensitive(tiny.TinyExtractor):
    """Its last bits depend on how many images it sees at once, as those of a matrix product do."""

    def extract(self, images):
        outputs = super().extract(images)
        return {name: rows * (1 + 1e-9 * len(images)) for name, rows in outputs.items()}


@pytest.mark.parametrize("batch_size", [1, 7, 64, 128, 129, 500])
def test_the_extractor_sees_the_same_chunks_at_any_batch_size(context, batch_size):
    sensitive = replace(context, extractor=ChunkSensitive(), samples=300)
    expected = generation.generate(replace(sensitive, batch_size=300)).value
    found = generation.generate(replace(sensitive, batch_size=batch_size)).value
    assert (found.outputs["features"] == expected.outputs["features"]).all()
    assert (found.attributes["light"] == expected.attributes["light"]).all()


def test_latents_are_standard_normal(context):
    z = generation.latents(context, "latents", 0, 20_000).double()
    assert z.shape == (20_000, 5)
    assert abs(float(z.mean())) < 4 / math.sqrt(100_000)  # four standard errors
    assert abs(float(z.var()) - 1) < 4 * math.sqrt(2 / 100_000)


def test_quantisation_rounds_half_up_and_never_wraps():
    levels = quantised(torch.tensor([0.0, 0.5 / 255, 0.49 / 255, 1.0]))
    assert levels.tolist() == [0, 1, 0, 255]


def test_values_a_hair_outside_the_range_are_clipped_and_more_is_refused(context):
    nearly = torch.full((2, *tiny.SHAPE), 1.00005)
    assert float(checked_images(context, nearly, 2, "decode").max()) == 1
    with pytest.raises(PluginError, match=r"values in \[1\.1, 1\.1\]"):
        checked_images(context, nearly * 1.1, 2, "decode")


def test_the_reference_keeps_its_labels_and_clusters(context):
    readings = reference.read_reference(context).value
    split = context.dataset.split("evaluation")
    assert (readings.labels["tone"] == split.labels["tone"]).all()
    assert (readings.clusters == split.clusters).all()
    assert (readings.attributes["tone"].argmax(axis=1) == split.labels["tone"]).all()


def test_classes_know_the_true_labels_where_the_data_set_has_them(context):
    generated, real = generation.generate(context).value, reference.read_reference(context).value
    classes = pairs.classes(context, generated, real).value
    assert classes.classes == ("dark", "bright")
    assert np.allclose(classes.generated.sum(axis=1), 1)
    assert (classes.reference_labels == real.labels["light"]).all()


def test_softmax_of_large_logits_is_finite():
    assert pairs.softmax(np.array([[1e4, 0.0]])).tolist() == [[1.0, 0.0]]


def test_neighbours_compare_equally_many_of_each_side_at_every_k_asked_for(context):
    rng = np.random.Generator(np.random.Philox(0))
    features = FeaturePair(generated=rng.normal(size=(50, 3)), reference=rng.normal(size=(30, 3)))
    asked = (PrecisionRecallOptions(k=3), PrecisionRecallOptions(k=7), PrecisionRecallOptions(k=40))
    found = neighbours.neighbours(replace(context, demands={"neighbours": asked}), features).value
    assert set(found.hits) == {3, 7}  # 40 neighbours need 41 items
    assert len(found.hits[3].inside_real) == len(found.hits[3].covered) == 30


def test_a_choice_of_rows_is_random_and_is_everything_if_all_are_wanted():
    assert neighbours.chosen_rows(0, "x", 5, 9).tolist() == [0, 1, 2, 3, 4]
    chosen = neighbours.chosen_rows(0, "x", 1_000, 300)
    assert len(set(chosen.tolist())) == 300
    assert abs(chosen.mean() - 499.5) < 4 * 289 / 300**0.5  # four standard errors of a random choice: not the first 300


def test_neighbours_of_a_sorted_set_are_compared_with_a_random_choice_of_it(context):
    rng = np.random.Generator(np.random.Philox(0))
    sides = [np.repeat([0.0, 100.0], 500)[:, None] + rng.normal(size=(1000, 3)) for _ in range(2)]
    features = FeaturePair(generated=sides[0][rng.permutation(1000)[:200]], reference=sides[1])
    hits = neighbours.neighbours(context, features).value.hits[3]
    assert hits.inside_real.mean() > 0.8  # the first 200 reference rows hold one of the two classes: precision 0.5


def test_reconstructions_lie_beside_their_originals(context):
    made = reconstruction.reconstruct(context)
    split = context.dataset.split("holdout")
    assert np.allclose(made.value.pairs.originals * 255, split.images)
    assert made.value.pairs.reconstructions.shape == split.images.shape
    shown = made.pictures["reconstructions"]
    assert (shown.images[: shown.columns] == split.images[: shown.columns]).all()


def test_reconstructions_are_counted_by_what_their_images_truly_show(context):
    made = reconstruction.reconstruct(context).value
    before = training.holdout_features(context).value
    after = reconstruction.readings(context, made).value
    (table,) = reconstruction.attribute_counts(context, after, before).value
    truth = tiny.TinyDataset().split("holdout").labels
    assert (table.t, table.a) == context.dataset_spec.pairs[0]
    assert (table.task.sum(axis=(1, 2)) == np.bincount(truth[table.a])).all()
    assert (table.attribute.sum(axis=(1, 2)) == np.bincount(truth[table.t])).all()
    read = after.attributes[table.t].argmax(axis=1)
    assert (table.task.sum(axis=(0, 1)) == np.bincount(read, minlength=2)).all()
    assert table.training.sum() == 60


def test_of_a_large_split_as_many_are_reconstructed_as_memory_holds(context, monkeypatch):
    monkeypatch.setattr(reconstruction, "MOST_BYTES", 4 * 48 * 12)
    monkeypatch.setattr(reconstruction, "FEWEST", 10)
    made = reconstruction.reconstruct(context)
    split = context.dataset.split("holdout")
    assert made.items == 12
    assert np.allclose(made.value.pairs.originals * 255, split.images[:12])
    assert (made.value.pairs.clusters == split.clusters[:12]).all()
    after = reconstruction.readings(context, made.value).value
    (table,) = reconstruction.attribute_counts(context, after, training.holdout_features(context).value).value
    assert table.task.sum() == 12


def test_reconstructions_that_are_their_images_are_told_of(context):
    mirror = SimpleNamespace(reconstruct=lambda images: images)
    assert reconstruction.reconstruct(context).remarks == ()
    assert reconstruction.reconstruct(replace(context, generator=mirror)).remarks == (reconstruction.EQUAL,)


def test_reconstructions_of_unlabelled_images_cannot_be_counted(context):
    made, before = reconstruction.reconstruct(context).value, training.holdout_features(context).value
    after = reconstruction.readings(context, made).value
    with pytest.raises(NotApplicable, match="known of held-out ones"):
        reconstruction.attribute_counts(context, after, replace(before, groups={}))


def test_the_worst_reconstructions_are_shown_with_their_errors_and_with_others_for_scale(context):
    made = reconstruction.reconstruct(context)
    pairs = made.value.pairs
    errors = ((pairs.originals.astype(np.float64) - pairs.reconstructions) ** 2).mean(axis=(1, 2, 3))
    order = np.argsort(-errors, kind="stable")
    shown = made.pictures["worst_reconstructions"]
    assert shown.columns == 12
    assert (shown.images[:8] == context.dataset.split("holdout").images[order[:8]]).all()
    assert (shown.images[12:20] == made.value.images[order[:8]]).all()
    assert [label.group for label in shown.labels] == ["worst"] * 8 + ["median"] * 2 + ["best"] * 2
    assert [label.name for label in shown.labels[:8]] == [f"no. {number}" for number in order[:8]]
    # the tensors are float32, the errors of a pixel are their differences in it
    assert [label.value for label in shown.labels[:8]] == pytest.approx(errors[order[:8]], rel=1e-5)


class ExactLinearModel:
    """x = W z + noise of variance s², W with orthogonal columns: its posterior is diagonal and the bound is tight."""

    likelihood = "gaussian"
    data_space = "soft"
    latent_shape = (2,)
    variance = 0.3

    def __init__(self):
        self.w = torch.zeros(48, 2, dtype=torch.float64)
        self.w[0, 0], self.w[7, 1] = 1.5, 0.7

    def encode(self, images):
        scale = (self.w**2).sum(dim=0) + self.variance
        mean = images.double().flatten(1) @ self.w / scale
        return mean, torch.log(self.variance / scale).expand_as(mean)

    def log_likelihood(self, images, z):
        error = images.double().flatten(1) - z.double() @ self.w.T
        return -0.5 * (error**2 / self.variance + math.log(2 * math.pi * self.variance)).sum(dim=1)

    def log_evidence(self, images):
        covariance = self.w @ self.w.T + self.variance * torch.eye(48, dtype=torch.float64)
        normal = torch.distributions.MultivariateNormal(torch.zeros(48, dtype=torch.float64), covariance)
        return normal.log_prob(images.double().flatten(1))


def test_the_bound_of_a_model_with_exact_posterior_is_its_evidence(context):
    model = ExactLinearModel()
    exact = replace(context, generator=model, demands={"evidence_bounds": (EvidenceOptions(draws=400),)})
    bounds = posterior.evidence_bounds(exact).value
    images = torch.from_numpy(context.dataset.split("holdout").images).float() / 255
    difference = bounds.log_likelihood - bounds.kl - model.log_evidence(images).numpy()
    # 400 draws an image: the Monte Carlo error of one image is below 0.1 nats here
    assert np.abs(difference).max() < 0.3
    assert abs(difference.mean()) < 0.03


def test_a_density_sees_dequantised_images_and_soft_targets_see_the_levels(context):
    images = context.dataset.split("holdout").images[:5]
    dequantised = posterior._model_input(context, images, 0).numpy()
    assert (np.floor(dequantised * 256) == images).all()
    soft = posterior._model_input(replace(context, generator=ExactLinearModel()), images, 0)
    assert np.allclose(soft.numpy() * 255, images)


class BadEncoder(ExactLinearModel):
    def encode(self, images):
        mean, log_variance = super().encode(images)
        return mean * torch.nan, log_variance


class BadLikelihood(ExactLinearModel):
    def log_likelihood(self, images, z):
        return super().log_likelihood(images, z)[:1]


@pytest.mark.parametrize(("model", "said"), [(BadEncoder, "'encode'.*NaN"), (BadLikelihood, "'log_likelihood'")])
def test_an_encoder_or_likelihood_that_breaks_its_contract_is_named(context, model, said):
    with pytest.raises(PluginError, match=said):
        posterior.evidence_bounds(replace(context, generator=model()))


def test_posterior_means_are_those_of_held_out_images_at_any_batch_size(context):
    model = ExactLinearModel()
    whole = posterior.posteriors(replace(context, generator=model, batch_size=7)).value
    found = posterior.posterior_means(context, whole).value
    split = context.dataset.split("holdout")
    expected = model.encode(torch.from_numpy(split.images).float() / 255)[0]
    assert np.allclose(found.means, expected.numpy(), rtol=1e-12)
    assert (found.clusters == split.clusters).all()


def test_the_aggregate_posterior_decodes_codes_of_training_images(context):
    real = reference.read_reference(context).value
    features = posterior.aggregate_posterior_features(context, real).value
    assert features.generated.shape == (50, 12)
    rows = neighbours.chosen_rows(context.seed, "aggregate-posterior-images", 60, 50)
    assert (features.generated_clusters == context.dataset.split("train").clusters[rows]).all()


class Line:
    """An image whose brightness is the first latent: slerp between two latents moves it."""

    latent_shape = (2,)

    def decode(self, z, labels=None):
        return torch.sigmoid(z[:, 0])[:, None, None, None].expand(-1, *tiny.SHAPE)


def test_steps_of_a_path_add_up_to_at_least_the_way_from_end_to_end(context):
    asked = {"latent_paths": (InterpolationOptions(paths=12, steps=4),)}
    found = paths.latent_paths(replace(context, generator=Line(), demands=asked)).value
    assert found.step_lengths.shape == (12, 4)
    assert (found.step_lengths.sum(axis=1) >= found.chord_lengths - 1e-12).all()
    assert found.interpolation == "slerp"


def test_a_small_run_walks_fewer_paths_unless_their_number_is_given(context):
    def walked(samples, **given):
        asked = {"latent_paths": (InterpolationOptions(steps=2, **given),)}
        made = replace(context, generator=Line(), demands=asked, samples=samples)
        return len(paths.latent_paths(made).value.step_lengths)

    assert [walked(40), walked(1), walked(4000), walked(40, paths=25)] == [10, 2, 500, 25]


def test_linear_paths_are_made_when_asked_for(context):
    asked = {"latent_paths": (InterpolationOptions(paths=3, steps=2, interpolation="lerp"),)}
    made = paths.latent_paths(replace(context, generator=Line(), demands=asked))
    assert made.value.interpolation == "lerp"
    assert made.pictures["interpolations"].images.shape == (9, *tiny.SHAPE)


def test_attribute_counts_add_up_and_the_confusion_is_measured_on_labelled_images(context):
    generated, real = generation.generate(context).value, reference.read_reference(context).value
    (table,) = attributes.attribute_counts(context, generated, real).value
    assert table.generated.sum() == 50
    labels = context.dataset.split("train").labels
    assert table.training[1, 0] == int(((labels["light"] == 1) & (labels["tone"] == 0)).sum())
    assert np.trace(table.a.confusion) == 40
    assert table.a.measured_on == "tiny/evaluation"
    assert (table.confident <= table.generated.sum(axis=1)).all()


class BrokenExtractor(tiny.TinyExtractor):
    def __init__(self, mode):
        self.mode = mode

    def extract(self, images):
        if self.mode == "raises":
            raise RuntimeError("no features today")
        outputs = super().extract(images)
        if self.mode == "absent":
            del outputs["logits"]
        if self.mode == "rows":
            outputs["features"] = outputs["features"][:1]
        if self.mode == "nan":
            outputs["features"] = outputs["features"] * torch.nan
        return outputs


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("raises", "failed at stage extract: RuntimeError: no features today"),
        ("absent", "no output 'logits'"),
        ("rows", r"shape (1, 12)"),
        ("nan", "not finite"),
    ],
)
def test_an_extractor_that_breaks_its_contract_is_blamed_and_not_the_generator(context, mode, said):
    with pytest.raises(PluginError, match=re.escape(said)) as caught:
        generation.generate(replace(context, extractor=BrokenExtractor(mode)))
    assert str(caught.value).startswith("Plugin 'net' (net-world 2.0)")


class BrokenAnnotator:
    def annotate(self, images, outputs):
        return np.ones((len(images), 5))


def test_an_annotator_that_breaks_its_contract_is_blamed(context):
    readers = {**context.annotators, "tone": (context.annotators["tone"][0], BrokenAnnotator())}
    with pytest.raises(PluginError, match=r"Plugin 'rule' \(r 4\.0\) broke its contract in 'annotate'"):
        generation.generate(replace(context, annotators=readers))


class LostDataset:
    def split(self, name):
        raise OSError("disk unplugged")


def test_a_data_set_that_cannot_give_a_split_is_blamed(context):
    with pytest.raises(PluginError, match=r"Plugin 'data' \(data-world 3\.0\) failed at stage split 'evaluation'"):
        reference.read_reference(replace(context, dataset=LostDataset()))


class Float32Likelihood(ExactLinearModel):
    """Weights of a torch.nn module are float32 unless somebody says otherwise."""

    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 48)

    def log_likelihood(self, images, z):
        return -((images.flatten(1) - self.layer(z)) ** 2).sum(dim=1)


def test_a_likelihood_with_float32_weights_is_asked_in_float32(context):
    bounds = posterior.evidence_bounds(replace(context, generator=Float32Likelihood())).value
    assert np.isfinite(bounds.log_likelihood).all()
