"""Questions put to the model or the data, in batches, on the device, each once a run.

Every observation that a metric or an audit may need is listed here with the probe that makes it. The table is light:
the planner reads it before torch is imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

EVALUATION = "evaluation"
HOLDOUT = "holdout"
TRAIN = "train"


def mix_split(splits: Iterable[str]) -> str:
    """The split whose mix of levels generated images are held against: training, or the reference if there is none.

    >>> mix_split(["train", "evaluation"]), mix_split(["evaluation"])
    ('train', 'evaluation')
    """
    return TRAIN if TRAIN in splits else EVALUATION


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSpec:
    """How one observation is made."""

    observation: str
    """The name by which metrics ask for it."""
    target: str
    """``module:function``, called as ``function(context, *needs)`` and returning ``Observed``."""
    needs: tuple[str, ...] = ()
    """Observations that it is made from, in the order of its arguments."""
    capabilities: tuple[str, ...] = ()
    """What the generator must be able to do."""
    instead: str = ""
    """A capability that serves as well as those; empty if none does."""
    output: str = ""
    """The extractor output that it reads; empty if none."""
    split: str = ""
    """The split of the data set that it reads; empty if none."""
    compared: str = ""
    """The split that the observation is compared with, where that is not the first that it reads."""
    pixels: bool = False
    """Whether it has a meaning for images only."""
    domains: bool = False
    """Whether it needs a data set that knows how its images look in another domain."""
    attributes: bool = False
    """Whether it needs pairs of attributes that the data set declares."""
    continuous: bool = False
    """Whether the extractor must read levels that are not rounded."""
    annotated: bool = False
    """Whether at least one attribute must be read from images."""
    sized: bool = False
    """Whether it makes as many items as the run generates: numbers from it are compared at one size only."""


PROBES: dict[str, ProbeSpec] = {
    spec.observation: spec
    for spec in (
        ProbeSpec(
            observation="generated",
            target="genaudit.probes.generation:generate",
            capabilities=("Sampler",),
            instead="DrawnSamples",
            sized=True,
        ),
        ProbeSpec(observation="reference", target="genaudit.probes.reference:read_reference", split=EVALUATION),
        ProbeSpec(
            observation="features",
            target="genaudit.probes.pairs:features",
            needs=("generated", "reference"),
            output="features",
        ),
        ProbeSpec(
            observation="low_level_features",
            target="genaudit.probes.pairs:low_level_features",
            needs=("generated", "reference"),
            output="low_level",
        ),
        ProbeSpec(
            observation="classes",
            target="genaudit.probes.pairs:classes",
            needs=("generated", "reference"),
            output="logits",
        ),
        ProbeSpec(
            observation="asked_classes",
            target="genaudit.probes.pairs:asked_classes",
            needs=("generated",),
            capabilities=("ClassConditional",),
            instead="LabelledSamples",
            output="logits",
        ),
        ProbeSpec(
            observation="mode_distances",
            target="genaudit.probes.pairs:mode_distances",
            needs=("generated", "reference"),
            output="mode_distances",
        ),
        ProbeSpec(
            observation="neighbours",
            target="genaudit.probes.neighbours:neighbours",
            needs=("features",),
            output="features",
        ),
        ProbeSpec(
            observation="training_features",
            target="genaudit.probes.training:training_features",
            output="features",
            split=TRAIN,
        ),
        ProbeSpec(
            observation="holdout_features",
            target="genaudit.probes.training:holdout_features",
            output="features",
            split=HOLDOUT,
        ),
        ProbeSpec(
            observation="nearest_training",
            target="genaudit.probes.training:nearest_training",
            needs=("training_features", "holdout_features", "generated"),
            output="features",
        ),
        ProbeSpec(
            observation="reconstructed",
            pixels=True,
            target="genaudit.probes.reconstruction:reconstruct",
            capabilities=("Reconstructor",),
            split=HOLDOUT,
        ),
        ProbeSpec(
            observation="reconstructions",
            target="genaudit.probes.reconstruction:reconstructions",
            needs=("reconstructed",),
        ),
        ProbeSpec(
            observation="reconstruction_readings",
            target="genaudit.probes.reconstruction:readings",
            needs=("reconstructed",),
        ),
        ProbeSpec(
            observation="reconstruction_features",
            target="genaudit.probes.reconstruction:features",
            compared=EVALUATION,
            needs=("reconstructed", "reconstruction_readings", "reference"),
            output="features",
        ),
        ProbeSpec(
            observation="reconstruction_counts",
            target="genaudit.probes.reconstruction:attribute_counts",
            needs=("reconstruction_readings", "holdout_features"),
            compared=HOLDOUT,
            attributes=True,
        ),
        ProbeSpec(
            observation="aggregate_posterior_features",
            pixels=True,
            target="genaudit.probes.posterior:aggregate_posterior_features",
            needs=("reference",),
            capabilities=("Posterior", "Sampler"),
            output="features",
            split=TRAIN,
            sized=True,
        ),
        ProbeSpec(
            observation="evidence_bounds",
            pixels=True,
            target="genaudit.probes.posterior:evidence_bounds",
            capabilities=("Posterior", "Likelihood"),
            split=HOLDOUT,
        ),
        ProbeSpec(
            observation="log_weights",
            pixels=True,
            target="genaudit.probes.importance:log_weights",
            capabilities=("Posterior", "Likelihood"),
            split=HOLDOUT,
        ),
        ProbeSpec(
            observation="refined_posteriors",
            pixels=True,
            target="genaudit.probes.annealing:refined_posteriors",
            capabilities=("Posterior", "Likelihood"),
            split=HOLDOUT,
        ),
        ProbeSpec(
            observation="annealed_weights",
            pixels=True,
            target="genaudit.probes.annealing:annealed_weights",
            needs=("refined_posteriors",),
            split=HOLDOUT,
        ),
        ProbeSpec(
            observation="posteriors",
            pixels=True,
            target="genaudit.probes.posterior:posteriors",
            capabilities=("Posterior",),
            split=HOLDOUT,
        ),
        ProbeSpec(
            observation="posterior_means",
            target="genaudit.probes.posterior:posterior_means",
            needs=("posteriors",),
        ),
        ProbeSpec(
            observation="aggregate_posterior",
            target="genaudit.probes.aggregate:aggregate_posterior",
            needs=("posteriors",),
        ),
        ProbeSpec(
            observation="labelled_codes",
            target="genaudit.probes.factors:labelled_codes",
            needs=("posteriors",),
        ),
        ProbeSpec(
            observation="factor_classifiers",
            target="genaudit.probes.factors:factor_classifiers",
            needs=("labelled_codes",),
        ),
        ProbeSpec(
            observation="latent_paths",
            target="genaudit.probes.paths:latent_paths",
            capabilities=("Sampler",),
            output="features",
        ),
        ProbeSpec(
            observation="path_midpoints",
            target="genaudit.probes.midpoints:path_midpoints",
            needs=("generated", "reference"),
            capabilities=("Sampler",),
            output="features",
        ),
        ProbeSpec(
            observation="attribute_moves",
            target="genaudit.probes.directions:attribute_moves",
            needs=("generated",),
            capabilities=("Sampler",),
            pixels=True,
            annotated=True,
        ),
        ProbeSpec(
            observation="latent_steps",
            target="genaudit.probes.small_steps:latent_steps",
            capabilities=("Sampler",),
            output="features",
            continuous=True,
        ),
        ProbeSpec(
            observation="style_steps",
            target="genaudit.probes.small_steps:style_steps",
            capabilities=("Sampler", "StyleMapper"),
            output="features",
            continuous=True,
        ),
        ProbeSpec(
            observation="style_mixing",
            target="genaudit.probes.styles:style_mixing",
            capabilities=("Sampler", "StyleMapper"),
            pixels=True,
            annotated=True,
        ),
        ProbeSpec(
            observation="noise_effect",
            target="genaudit.probes.styles:noise_effect",
            capabilities=("Sampler", "StyleMapper"),
            pixels=True,
        ),
        ProbeSpec(
            observation="truncation_sweep",
            target="genaudit.probes.truncation:truncation_sweep",
            needs=("reference",),
            capabilities=("Sampler", "StyleMapper"),
            output="features",
        ),
        ProbeSpec(
            observation="translations",
            pixels=True,
            target="genaudit.probes.translation:translate",
            capabilities=("Translator",),
            split=HOLDOUT,
            domains=True,
        ),
        ProbeSpec(
            observation="translation_readings",
            target="genaudit.probes.translation:readings",
            needs=("translations",),
        ),
        ProbeSpec(
            observation="translation_features",
            target="genaudit.probes.translation:features",
            compared=EVALUATION,
            needs=("translation_readings",),
            output="features",
            split=EVALUATION,
        ),
        ProbeSpec(
            observation="attribute_flips",
            target="genaudit.probes.translation:flips",
            needs=("translation_readings",),
            annotated=True,
        ),
        ProbeSpec(
            observation="truncated_counts",
            target="genaudit.probes.truncation:truncated_counts",
            compared=TRAIN,
            needs=("truncation_sweep", "reference"),
            attributes=True,
        ),
        ProbeSpec(
            observation="flip_counts",
            target="genaudit.probes.translation:flip_counts",
            needs=("attribute_flips",),
        ),
        ProbeSpec(
            observation="attribute_counts",
            target="genaudit.probes.attributes:attribute_counts",
            compared=TRAIN,
            needs=("generated", "reference"),
            attributes=True,
        ),
        ProbeSpec(
            observation="level_counts",
            target="genaudit.probes.attributes:level_counts",
            compared=TRAIN,
            needs=("generated", "reference"),
            attributes=True,
        ),
        ProbeSpec(
            observation="group_codes",
            target="genaudit.probes.grouping:group_codes",
            needs=("generated", "reference"),
            attributes=True,
        ),
    )
}


def all_needs(observation: str) -> tuple[ProbeSpec, ...]:
    """The probe of an observation and of everything that it is made from, nearest last.

    >>> [spec.observation for spec in all_needs("neighbours")]
    ['generated', 'reference', 'features', 'neighbours']
    """
    found: dict[str, ProbeSpec] = {}
    for need in PROBES[observation].needs:
        found |= {spec.observation: spec for spec in all_needs(need)}
    found[observation] = PROBES[observation]
    return tuple(found.values())
