"""The pools behind ``gate_codes.py``: what two models make of labelled images, of chains and of latents."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch  # noqa: TID253 - it encodes and decodes the pools
from gate_calibration import Rows, Silence, read, shipped

from genaudit.metrics.latent_options import AnnealingOptions
from genaudit.plugin.loading import load_object, load_target
from genaudit.plugin.manager import load_plugins
from genaudit.plugin.options import NoOptions
from genaudit.probes.contract import quantised
from genaudit.stats.annealing import annealed
from genaudit.stats.paths import lerp, slerp
from genaudit.stats.refinement import DRAWS, refined
from genaudit.stats.seeds import generator

Floats = np.ndarray[Any, Any]
CPU = torch.device("cpu")
RENDERS = 5
"""Images of a source."""
CHAINED, LATENTS = 300, 6_000
"""Images of the pool that have chains, latents of the pool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """What one model makes of all images and latents."""

    decode: Any
    means: Floats
    log_variances: Floats
    chains: Floats
    """``(images, chains)``: log-weights of annealing."""
    bounds: tuple[Floats, Floats]
    """``(images, draws)`` of the encoder's posterior and of the refined one."""
    rows: Rows
    """What is read from each latent's image."""
    between: dict[str, Floats]
    """Features of the middle of the path from each latent to that half of the pool away, by kind of path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Images, latents, and the pools of two models."""

    labels: dict[str, Floats]
    levels: dict[str, tuple[str, ...]]
    z: Floats
    extractor: Any
    reference: Rows
    clusters: Floats
    pools: dict[str, Pool]


def make_world() -> World:
    """The shipped continuous Bernoulli VAE, and one that was trained for a quarter of the steps."""
    catalog = load_plugins()
    spec = catalog.generator("vae")
    dataset = load_target(catalog.dataset("colored-digits"))(NoOptions())
    extractor = load_target(catalog.extractor("digits"))(NoOptions(), CPU)
    options = load_object(spec, spec.spec.options, "options")
    known = {"likelihood": "continuous-bernoulli"}
    short = load_target(spec)(options(steps=750, **known), CPU)
    short.fit(dataset.split("train"), dataset.split("holdout"), budget=None, seed=0, progress=Silence())
    models = {"shipped": shipped(spec, lambda: options(**known)), "750 of 3,000 steps": short}
    parts = [renders_of(dataset.split(name)) for name in ("holdout", "evaluation", "train")]
    images = np.concatenate([found for found, _ in parts])
    labels = {name: np.concatenate([found[name] for _, found in parts]) for name in parts[0][1]}
    z = generator(0, "gate-latents").standard_normal((LATENTS, models["shipped"].latent_shape[0]))
    split = dataset.split("evaluation")
    pools = {name: pool_of(model, extractor, images, z) for name, model in models.items()}
    attributes = catalog.dataset("colored-digits").spec.attributes
    return World(
        labels=labels, levels={name: tuple(attributes[name]) for name in labels}, z=z, extractor=extractor,
        reference=read(extractor, torch.from_numpy(split.images)), clusters=split.clusters, pools=pools,
    )  # fmt: skip


def renders_of(split: Any) -> tuple[Floats, dict[str, Floats]]:  # noqa: ANN401
    """Five images of each source, source by source, with their labels."""
    order = np.argsort(split.clusters, kind="stable")
    _, first = np.unique(split.clusters[order], return_index=True)
    rows = order[(first[:, None] + np.arange(RENDERS)).ravel()]
    return split.images[rows], {name: values[rows] for name, values in split.labels.items()}


def pool_of(model: Any, extractor: Any, images: Floats, z: Floats) -> Pool:  # noqa: ANN401
    """Everything of one model that runs take rows of."""

    def decoded(points: Floats) -> Rows:
        with torch.no_grad():
            return read(extractor, quantised(model.decode(torch.from_numpy(points).float())))

    levels = images + generator(0, "gate-dequantisation").random(images.shape)
    pixels = torch.from_numpy(levels / 256).float()
    with torch.no_grad():
        means, logs = (each.double().numpy() for each in model.encode(pixels))
    some = slice(0, CHAINED * RENDERS, RENDERS)  # one image a source
    chains, bounds = chained(model, pixels[some], means[some], logs[some])
    ends = generator(0, "gate-ends").standard_normal(z.shape)
    between = {name: decoded(way(z, ends, [0.5])[:, 0])["features"] for name, way in (("lerp", lerp), ("slerp", slerp))}
    return Pool(decode=decoded, means=means, log_variances=logs, chains=chains, bounds=bounds, rows=decoded(z),
                between=between)  # fmt: skip


def chained(model: Any, pixels: torch.Tensor, means: Floats, logs: Floats) -> tuple[Floats, tuple[Floats, Floats]]:  # noqa: ANN401
    """Log-weights of chains and of draws from both posteriors of each image, found as a run finds them."""
    count, size = means.shape

    def joint(owners: Floats, z: Floats) -> tuple[Floats, Floats]:
        codes = torch.from_numpy(z).float().requires_grad_()
        nats = model.log_likelihood(pixels[owners], codes)
        (slopes,) = torch.autograd.grad(nats.sum(), codes)
        prior = -0.5 * ((z**2).sum(axis=1) + size * math.log(2 * math.pi))
        return nats.detach().double().numpy() + prior, slopes.double().numpy() - z

    def bound(centre: Floats, log_variances: Floats) -> Floats:
        noise = generator(0, "gate-bounds").standard_normal((count, 64, size))
        z = centre[:, None] + noise * np.exp(log_variances / 2)[:, None]
        own = -0.5 * (noise**2 + math.log(2 * math.pi) + log_variances[:, None]).sum(axis=-1)
        return joint(np.arange(count).repeat(64), z.reshape(-1, size))[0].reshape(count, 64) - own

    rngs = [generator(0, "gate-refinement", row) for row in range(count)]
    best = refined(lambda z: joint(np.arange(count).repeat(DRAWS), z), means, logs, rngs)
    options = AnnealingOptions()
    owners = np.arange(count).repeat(options.chains)
    centre, scale = best[0][owners], np.exp(best[1][owners] / 2)

    def target(points: Floats) -> tuple[Floats, Floats]:
        nats, slopes = joint(owners, centre + scale * points)
        return nats + np.log(scale).sum(axis=1), slopes * scale

    rngs = [generator(0, "gate-annealing", row) for row in range(len(owners))]
    found = annealed(target, size, rngs, options.temperatures)
    return found.log_weights.reshape(count, options.chains), (bound(means, logs), bound(*best))
