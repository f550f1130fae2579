"""Which numbers belong together: the order in which a reader meets them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Metrics that answer one question."""

    key: str
    title: str
    metrics: tuple[str, ...]


FAMILIES = (
    Family(
        key="distance",
        title="Distance to the data",
        metrics=("fid", "fid_infinity", "kid", "cmmd", "mind"),
    ),
    Family(
        key="diversity",
        title="Fidelity and diversity",
        metrics=(
            "inception_score", "precision", "density", "recall", "coverage", "vendi", "ndb", "birthday_support",
            "intra_class_fid", "classification_accuracy_score", "kid_by_group", "recall_by_group", "coverage_by_group",
        ),
    ),
    Family(
        key="modes",
        title="Modes",
        metrics=("mode_count", "mode_kl", "missing_modes", "mode_share", "conditional_accuracy", "high_quality_rate"),
    ),
    Family(
        key="memorisation",
        title="Memorisation",
        metrics=(
            "authenticity", "authenticity_by_group", "memorization_ratio_by_group", "memorization_ct", "mifid",
            "nearest_neighbour_distance",
        ),
    ),
    Family(
        key="reconstruction",
        title="Reconstruction",
        metrics=("reconstruction_mse", "reconstruction_mae", "psnr", "ssim", "ms_ssim", "lpips"),
    ),
    Family(
        key="likelihood",
        title="Likelihood",
        metrics=(
            "elbo", "elbo_reconstruction", "elbo_kl", "iwae", "log_likelihood", "variational_gap", "approximation_gap",
            "amortization_gap", "bits_per_dim",
        ),
    ),
    Family(
        key="latent",
        title="Latent space",
        metrics=(
            "active_units", "latent_mutual_information", "total_correlation", "aggregate_posterior_gap", "mig",
            "dci_disentanglement", "dci_completeness", "dci_informativeness", "linear_probe_accuracy",
            "attribute_direction_accuracy", "ppl", "interpolation_smoothness", "interpolation_realism",
            "style_mixing_consistency", "noise_input_effect", "truncation_tradeoff",
        ),
    ),
    Family(
        key="translation",
        title="Translation",
        metrics=("cycle_consistency", "identity_preservation", "translation_accuracy", "attribute_flip_rate"),
    ),
)  # fmt: skip

OTHER = Family(key="other", title="Other metrics", metrics=())
"""Metrics of plugins that this version has not heard of."""


def family_of(metric: str) -> Family:
    """The family of a metric.

    >>> family_of("recall").key, family_of("a_strangers_metric").key
    ('diversity', 'other')
    """
    return next((family for family in FAMILIES if metric in family.metrics), OTHER)


def place(metric: str) -> tuple[int, int]:
    """Where a metric stands in the order of families; the unknown come last, in the record's order."""
    for position, family in enumerate(FAMILIES):
        if metric in family.metrics:
            return position, family.metrics.index(metric)
    return len(FAMILIES), 0
