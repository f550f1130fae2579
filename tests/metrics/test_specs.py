from __future__ import annotations

import importlib
import inspect
import subprocess
import sys

import pytest

from genaudit.metrics import genaudit_metrics
from genaudit.plugin.specs import MetricSpec

SPECS = tuple(genaudit_metrics())
NAMES = {
    "fid",
    "fid_infinity",
    "kid",
    "cmmd",
    "mind",
    "vendi",
    "ndb",
    "birthday_support",
    "intra_class_fid",
    "classification_accuracy_score",
    "authenticity",
    "memorization_ct",
    "mifid",
    "nearest_neighbour_distance",
    "inception_score",
    "precision",
    "recall",
    "density",
    "coverage",
    "mode_count",
    "mode_kl",
    "mode_share",
    "kid_by_group",
    "recall_by_group",
    "coverage_by_group",
    "authenticity_by_group",
    "memorization_ratio_by_group",
    "missing_modes",
    "conditional_accuracy",
    "high_quality_rate",
    "reconstruction_mse",
    "reconstruction_mae",
    "psnr",
    "ms_ssim",
    "lpips",
    "ssim",
    "elbo",
    "elbo_reconstruction",
    "elbo_kl",
    "iwae",
    "log_likelihood",
    "variational_gap",
    "approximation_gap",
    "amortization_gap",
    "latent_mutual_information",
    "total_correlation",
    "aggregate_posterior_gap",
    "bits_per_dim",
    "interpolation_smoothness",
    "interpolation_realism",
    "linear_probe_accuracy",
    "attribute_direction_accuracy",
    "mig",
    "dci_disentanglement",
    "dci_completeness",
    "dci_informativeness",
    "active_units",
    "ppl",
    "style_mixing_consistency",
    "noise_input_effect",
    "truncation_tradeoff",
    "cycle_consistency",
    "identity_preservation",
    "translation_accuracy",
    "attribute_flip_rate",
}
OBSERVATIONS = {
    "features", "low_level_features", "reconstruction_features", "aggregate_posterior_features", "classes",
    "asked_classes", "mode_distances", "neighbours", "reconstructions", "training_features", "holdout_features",
    "nearest_training", "evidence_bounds", "log_weights", "refined_posteriors", "annealed_weights", "posteriors",
    "posterior_means", "aggregate_posterior", "latent_paths", "path_midpoints", "labelled_codes",
    "factor_classifiers", "attribute_moves", "latent_steps", "style_steps", "style_mixing", "noise_effect",
    "truncation_sweep", "translations", "translation_features", "attribute_flips", "group_codes",
}  # fmt: skip


def load(path):
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)


def test_every_metric_is_listed_under_its_name_and_view_once():
    assert {spec.name for spec in SPECS} == NAMES
    assert len({(spec.name, spec.view) for spec in SPECS}) == len(SPECS)
    assert {spec.view for spec in SPECS if spec.name == "fid"} == {
        "", "low-level", "reconstructions", "aggregate posterior", "translations",
    }  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.name} {spec.view}".strip())
def test_a_spec_says_all_that_a_reader_needs(spec):
    assert isinstance(spec, MetricSpec)
    for text in (spec.title, spec.summary, spec.source, spec.unit, spec.formula, spec.meaning, spec.caveat):
        assert text
    assert set(spec.needs) <= OBSERVATIONS


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.name} {spec.view}".strip())
def test_a_target_takes_its_observations_options_and_a_generator(spec):
    parameters = inspect.signature(load(spec.target)).parameters
    assert len(parameters) == len(spec.needs) + 2
    assert list(parameters)[-2:] == ["options", "rng"]
    load(spec.options)()  # every option has a default


def test_listing_metrics_and_reading_options_loads_no_numerics():
    code = (
        "import sys, genaudit.metrics, genaudit.metrics.options; list(genaudit.metrics.genaudit_metrics());"
        "print(sorted({'numpy', 'scipy', 'torch', 'pandas', 'sklearn'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert printed == "[]\n"


@pytest.mark.parametrize(
    ("options", "field", "bad", "why"),
    [
        ("FrechetOptions", "blocks", 2, "fid.blocks is 2; allowed is 3 to 100"),
        ("FrechetOptions", "ddof", 2, "0 to 1"),
        ("KernelOptions", "subset_size", 1, "kid.subset_size is 1; allowed is 2 or more"),
        ("KernelOptions", "gamma", 0.0, "above 0"),
        ("KernelOptions", "coef0", float("nan"), "0 or more"),
        ("ExtrapolationOptions", "points", 1, "fid_infinity.points is 1; allowed is 2 to 100"),
        ("ExtrapolationOptions", "start", 1, "0 and numbers from 2"),
        ("GaussianDiscrepancyOptions", "sigma", 0.0, "above 0"),
        ("SlicedOptions", "projections", 1, "2 or more"),
        ("VendiOptions", "q", 0.0, "above 0, and inf"),
        ("BinOptions", "bins", 1, "ndb.bins is 1; allowed is 2 or more"),
        ("BinOptions", "alpha", 1.0, "below 1"),
        ("BirthdayOptions", "items", 2, "3 or more"),
        ("BirthdayOptions", "threshold", 0.0, "above 0, or none"),
        ("IntraClassOptions", "minimum", 2, "3 or more"),
        ("DataCopyingOptions", "cells", 0, "1 or more"),
        ("MemorisationDistanceOptions", "threshold", 0.0, "above 0"),
        ("ClassifierOptions", "penalty", 0.0, "above 0"),
        ("MultiscaleOptions", "scales", 6, "1 to 5"),
        ("PerceptualOptions", "weights", "nowhere.pt", "which is no file"),
        ("InceptionScoreOptions", "splits", 0, "1 or more"),
        ("InceptionScoreOptions", "ddof", 2, "0 to 1"),
        ("PrecisionRecallOptions", "k", 0, "1 or more"),
        ("PrecisionRecallOptions", "boundary", "half", "'closed' and 'open'"),
        ("DensityCoverageOptions", "k", 0, "1 or more"),
        ("ModeCountOptions", "minimum", 0, "1 or more"),
        ("PsnrOptions", "average", "median", "'psnr' and 'mse'"),
        ("SsimOptions", "sigma", 0.0, "above 0"),
        ("SsimOptions", "border", "same", "'reflect' and 'valid'"),
    ],
)
def test_an_option_out_of_range_is_refused_with_what_is_allowed(options, field, bad, why):
    with pytest.raises(ValueError, match=why):
        load(f"genaudit.metrics.options:{options}")(**{field: bad})
