"""The Fréchet distance at infinitely many generated items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.errors import NotApplicable
from genaudit.stats.extrapolation import extrapolation_sizes, frechet_at_infinity
from genaudit.stats.intervals import t_interval
from genaudit.values.results import Estimate, Series

if TYPE_CHECKING:
    import numpy as np

    from genaudit.metrics.options import ExtrapolationOptions
    from genaudit.stats.extrapolation import Extrapolated
    from genaudit.values.observations import FeaturePair


def fid_infinity(features: FeaturePair, *, options: ExtrapolationOptions, rng: np.random.Generator) -> Estimate:
    """Intercept of the line of Fréchet distances over one over the number of generated items."""
    x, y = features.generated, features.reference
    smallest = max(options.start, 3)
    if len(x) <= smallest or len(y) < 2:
        raise NotApplicable(
            "too-few-samples",
            f"A line over 1/n needs more than {smallest} generated and 2 reference items, not {len(x)} and {len(y)}.",
            "Generate more, or set a smaller fid_infinity.start.",
        )
    sizes = extrapolation_sizes(len(x), options.points, options.start)
    found = frechet_at_infinity(
        x, y, features.generated_clusters, features.reference_clusters, rng=rng, sizes=sizes, blocks=options.blocks
    )
    error = found.standard_error
    how = f"jackknife over {found.blocks} blocks of both sides, the same random orders throughout"
    return Estimate(
        value=found.value,
        interval=None if error is None else t_interval(found.value, error, found.blocks - 1, how=how),
        reason_without="A jackknife needs at least 3 blocks of independent items on both sides."
        if error is None
        else "",
        n_generated=len(x),
        n_reference=len(y),
        parameters={"smallest_size": sizes[0], "largest_size": sizes[-1]},
        details={"of_all_items": found.distances[-1], "slope": found.slope}
        | ({} if error is None else {"standard_error": error}),
        note=_rank_note(sizes[0], x.shape[1]),
        series=(_line(found),),
        left_out=found.left_out,
    )


def _rank_note(smallest: int, dimension: int) -> str:
    if smallest > dimension:
        return ""
    return (
        f"The smallest set has {smallest:,} items for {dimension:,} dimensions: below that, distances leave the line "
        "that is drawn through them. Generate more, or set a larger fid_infinity.start."
    )


def _line(found: Extrapolated) -> Series:
    return Series(
        name="fid_by_items",
        title="Fréchet distance by number of generated items",
        x_label="1 / generated items",
        y_label="Fréchet distance",
        x=(0.0, *(1 / size for size in reversed(found.sizes))),
        y=(found.value, *reversed(found.distances)),
    )
