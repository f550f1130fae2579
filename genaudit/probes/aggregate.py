"""What the codes of all held-out images are together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from genaudit.errors import NotApplicable
from genaudit.probes.context import Observed
from genaudit.probes.neighbours import chosen_rows
from genaudit.stats.gaussian import kl_to_standard_normal
from genaudit.stats.mixtures import log_ratio_to_mixture
from genaudit.stats.seeds import generator
from genaudit.stats.smoothed_mixtures import held_out_log_densities
from genaudit.stats.units import blocks_of_units, independent_units
from genaudit.values.latents import AggregatePosterior

if TYPE_CHECKING:
    from genaudit.probes.context import ProbeContext
    from genaudit.values.observations import Posteriors

FOLDS = 5
IMAGES = 2000


def aggregate_posterior(context: ProbeContext, found: Posteriors) -> Observed:
    """One code of each image under its own posterior, under those of other sources, under all and under the prior."""
    asked = max(context.demanded("aggregate_posterior", "images", default=IMAGES))
    rows = chosen_rows(context.seed, "aggregate-posterior", len(found.means), min(asked, len(found.means)))
    clusters = None if found.clusters is None else found.clusters[rows]
    sources = independent_units(len(rows), clusters)
    if sources < 2:
        raise NotApplicable("too-few-samples", f"Codes are judged by those of other images, and {sources} is there.")
    means, log_variances, z = found.means[rows], found.log_variances[rows], found.draws[0][rows]
    folds = blocks_of_units(len(rows), clusters, FOLDS, generator(context.seed, "aggregate-posterior-folds"))
    try:
        held_out = held_out_log_densities(z, means, log_variances, folds)
    except ValueError as error:
        raise NotApplicable("no-density", f"The codes have no density: {error}.") from error
    return Observed(
        value=AggregatePosterior(
            joint=held_out.joint,
            units=held_out.units,
            prior=-0.5 * (z * z + math.log(2 * math.pi)),
            divergences=kl_to_standard_normal(means, log_variances),
            above_mixture=log_ratio_to_mixture(z, means, log_variances),
            clusters=clusters,
        ),
        items=len(rows),
    )
