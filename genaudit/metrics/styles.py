"""What single layers of a style-based generator decide, and what truncation costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.metrics.averages import averaged
from genaudit.metrics.neighbourhoods import precision, recall
from genaudit.metrics.options import PrecisionRecallOptions
from genaudit.values.results import Estimate, Series

if TYPE_CHECKING:
    from genaudit.metrics.style_options import NoiseOptions, StyleMixingOptions, TruncationOptions
    from genaudit.values.observations import NoiseEffect, SwappedStyles, TruncationSweep


def style_mixing_consistency(
    mixing: tuple[SwappedStyles, ...],
    *,
    options: StyleMixingOptions,  # noqa: ARG001 - they are for the probe
    rng: np.random.Generator,  # noqa: ARG001 - exact from the readings
) -> list[Estimate]:
    """Share of mixed images that are read as one of the two that they were mixed from, one value an attribute."""
    return [_consistency(swapped) for swapped in mixing]


def noise_input_effect(
    effect: NoiseEffect,
    *,
    options: NoiseOptions,  # noqa: ARG001 - they are for the probe
    rng: np.random.Generator,  # noqa: ARG001
) -> Estimate:
    """Mean absolute difference of pixels when the noise of all layers is drawn again."""
    found = averaged(effect.every_layer, bounds=(0.0, 1.0))
    layers = {f"layer_{number}": float(row.mean()) for number, row in enumerate(effect.single_layers)}
    unused = "Less than half a level of 255: the model does not use its noise inputs." if _unused(found) else ""
    return replace(found, n_generated=len(effect.every_layer), details={**found.details, **layers}, note=unused)


def truncation_tradeoff(
    sweep: TruncationSweep, *, options: TruncationOptions, rng: np.random.Generator
) -> list[Estimate]:
    """Precision and recall at each truncation, from equally many samples."""
    asked = PrecisionRecallOptions(k=options.k)
    estimates, curves = [], []
    for name, metric in (("precision", precision), ("recall", recall)):
        found = [metric(neighbours, options=asked, rng=rng) for neighbours in sweep.neighbours]
        estimates += [
            replace(each, group=f"{name}, truncation={truncation:g}", parameters={"truncation": truncation})
            for truncation, each in zip(sweep.truncations, found, strict=True)
        ]
        curves.append(_curve(name, sweep.truncations, [each.value for each in found]))
    return [replace(estimates[0], series=tuple(curves)), *estimates[1:]]


def _consistency(swapped: SwappedStyles) -> Estimate:
    kept, taken = swapped.swapped == swapped.own, swapped.swapped == swapped.other
    layers, pairs = swapped.swapped.shape
    found = averaged((kept | taken).mean(axis=0), bounds=(0.0, 1.0))
    flips = (~kept).mean(axis=1)
    differing = swapped.own != swapped.other
    adopted = (taken & differing).sum(axis=1) / max(1, int(differing.sum()))
    details = {f"flip_rate_layer_{layer}": float(rate) for layer, rate in enumerate(flips)}
    details |= {f"adoption_rate_layer_{layer}": float(rate) for layer, rate in enumerate(adopted)}
    most = int(flips.argmax())
    return replace(
        found,
        n_generated=layers * pairs,
        group=swapped.attribute,
        details={**found.details, **details},
        note=f"Layer {most} changes it most often: in {flips[most]:.0%} of pairs."
        if flips[most] > 0
        else "No single layer changes it.",
        series=(
            Series(
                name=f"style_flips_{swapped.attribute}",
                title=f"How often another style in one layer changes {swapped.attribute}",
                x_label="layer, from coarse to fine",
                y_label=f"share of images read with another {swapped.attribute}",
                x=tuple(float(layer) for layer in range(layers)),
                y=tuple(float(rate) for rate in flips),
            ),
        ),
    )


def _unused(found: Estimate) -> bool:
    return found.value < 0.5 / 255


def _curve(name: str, truncations: tuple[float, ...], values: list[float]) -> Series:
    order = np.argsort(truncations)
    return Series(
        name=f"truncation_{name}",
        title=f"{name.capitalize()} of samples whose styles are moved towards their mean",
        x_label="truncation: 0 all at the mean style, 1 as drawn",
        y_label=name,
        x=tuple(float(truncations[i]) for i in order),
        y=tuple(values[i] for i in order),
    )
