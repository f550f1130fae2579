"""Generators of ``colored-digits`` whose flaw is known, to see which number notices it.

They are no plugins of genaudit: a command that names this module loads them like any other module with hooks.

    genaudit run --load genaudit.testing.doubles --plugin double-copier
"""

from __future__ import annotations

from dataclasses import replace

from genaudit.plugin import GeneratorSpec, hookimpl

_HERE = "genaudit.testing.doubles"

PPCA = GeneratorSpec(
    name="double-ppca",
    title="Probabilistic PCA",
    summary="Probabilistic principal components: its likelihood and its posterior are exact.",
    target=f"{_HERE}.ppca:build",
    options=f"{_HERE}.options:PpcaOptions",
    source="Tipping & Bishop 1999, Probabilistic Principal Component Analysis, section 3",
    capabilities=("Sampler", "Reconstructor", "Posterior", "Likelihood"),
    image_shape=(3, 16, 16),
    licence="Apache-2.0",
)
HOLDOUT = GeneratorSpec(
    name="double-holdout",
    title="Real held-out images",
    summary="Gives real images that no model has seen: the best that any number can be expected to be.",
    target=f"{_HERE}.drawn:holdout",
    source="the data set colored-digits",
    capabilities=("DrawnSamples",),
    image_shape=(3, 16, 16),
    items=1985,
    licence="CC BY 4.0",
)
COPIER = replace(
    HOLDOUT,
    name="double-copier",
    title="Training images",
    summary="Gives training images back: perfect to look at, and nothing new.",
    target=f"{_HERE}.drawn:copier",
    items=6000,
)
DROPPER = replace(
    HOLDOUT,
    name="double-dropper",
    title="Real images without some classes",
    summary="Gives held-out images of some digits only.",
    target=f"{_HERE}.drawn:dropper",
    options=f"{_HERE}.options:DropperOptions",
    settle=f"{_HERE}.drawn:settle_dropper",
)
SKEWER = replace(
    HOLDOUT,
    name="double-skewer",
    title="Real images, colours skewed",
    summary="Gives held-out images in which every digit has more of the colour that it has more often anyway.",
    target=f"{_HERE}.drawn:skewer",
    options=f"{_HERE}.options:SkewerOptions",
)
NOISE = GeneratorSpec(
    name="double-noise",
    title="Noise",
    summary="Draws every pixel by itself, uniformly.",
    target=f"{_HERE}.latents:Noise",
    source="genaudit",
    capabilities=("Sampler",),
    image_shape=(3, 16, 16),
    licence="Apache-2.0",
)
CONSTANT = replace(
    NOISE,
    name="double-constant",
    title="One grey image",
    summary="Draws the same grey image whatever the latent is.",
    target=f"{_HERE}.latents:Constant",
)


@hookimpl
def genaudit_generators() -> list[GeneratorSpec]:
    """All doubles."""
    return [PPCA, HOLDOUT, COPIER, DROPPER, SKEWER, NOISE, CONSTANT]
