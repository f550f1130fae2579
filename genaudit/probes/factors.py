"""Codes of images of which something is known, and classifiers that read it from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.probes import HOLDOUT
from genaudit.probes.conditioning import attribute_of_classes, true_labels
from genaudit.probes.context import Observed
from genaudit.stats.exchanged_units import read_by_blocks
from genaudit.stats.seeds import generator
from genaudit.stats.units import blocks_of_units, independent_units
from genaudit.values.latents import FactorClassifiers, KnownFactor, LabelledCodes

if TYPE_CHECKING:
    from genaudit.probes.context import ProbeContext
    from genaudit.values.latents import FactorClassifier
    from genaudit.values.observations import Posteriors

BLOCKS = 5
"""Of sources: a classifier for each, and for each pair."""
PENALTY = 1.0


def labelled_codes(context: ProbeContext, found: Posteriors) -> Observed:
    """Posteriors with the attributes of the data set that the holdout split is labelled with.

    Raises:
        NotApplicable: It is labelled with none that differs between images.
    """
    split = context.split(HOLDOUT)
    factors = tuple(
        KnownFactor(name=name, levels=levels, labels=split.labels[name])
        for name, levels in context.dataset_spec.attributes.items()
        if name in split.labels and len(np.unique(split.labels[name])) > 1
    )
    if not factors:
        raise NotApplicable(
            "needs-labels",
            f"No label of the split '{HOLDOUT}' of data set '{context.dataset_spec.name}' differs between images.",
            "A data set whose spec names attributes, and whose splits are labelled with them.",
        )
    told = true_labels(context, split, context.generator.encode) is not None
    return Observed(
        value=LabelledCodes(
            means=found.means,
            log_variances=found.log_variances,
            factors=factors,
            clusters=found.clusters,
            given=(attribute_of_classes(context) or "") if told else "",
        )
    )


def factor_classifiers(context: ProbeContext, codes: LabelledCodes) -> Observed:
    """Each factor as the codes of other sources tell to read it, with every unit in turn taken from other images."""
    asked = context.demands.get("factor_classifiers", ())
    penalty = max([one.penalty for one in asked if hasattr(one, "penalty")] or [PENALTY])
    count = len(codes.means)
    sources = independent_units(count, codes.clusters)
    if sources < 2:
        raise NotApplicable("too-few-samples", f"Codes are read as those of other sources tell; {sources} is there.")
    blocks = blocks_of_units(count, codes.clusters, BLOCKS, generator(context.seed, "factor-blocks"))
    found: list[FactorClassifier] = []
    unread: dict[str, str] = {}
    for factor in codes.factors:
        rng = generator(context.seed, "factor-units", factor.name)
        try:
            found.append(read_by_blocks(codes.means, factor, blocks, penalty, rng))
        except ValueError as error:
            unread[factor.name] = f"Without a part of the sources {error}."
    return Observed(
        value=FactorClassifiers(classifiers=tuple(found), unread=unread, clusters=codes.clusters, given=codes.given)
    )
