"""A record as a real run of the VAE on the coloured digits writes it, with its sheets of images."""

from dataclasses import replace

import numpy as np
from digit_sheets import TRAINING, write_sheets
from records import record as small_record

from genaudit.values.findings import Finding, Verdict
from genaudit.values.results import Direction, EvaluationProtocol, Failure, Interval, MetricResult, Series, Unavailable
from genaudit.values.run import (
    ComponentInfo,
    Environment,
    MetricDescription,
    PluginStatus,
    RunRequest,
    Stage,
    TrainingCurve,
)

HIGHER, LOWER, NONE = Direction.HIGHER, Direction.LOWER, Direction.NONE
JACKKNIFE = "jackknife over 20 blocks of both sides, centred on the plug-in value"
CLUSTERS = "normal, standard error over 397 independent source images"
GENERATED = (0.52, 0.49, 0.64, 0.37, 0.70, 0.30, 0.79, 0.22, 0.62, 0.38)
MODES = (0.103, 0.081, 0.096, 0.101, 0.072, 0.094, 0.091, 0.086, 0.171, 0.105)

# metric, view, title, summary, unit, direction, bounds, value, interval, n generated, n reference, details, note
NUMBERS = (
    ("fid", "", "Fréchet distance", "Distance of two Gaussians in the features of the digits network, 64-d.",
     "squared feature units", LOWER, (0.0, None), 4.11, (3.94, 4.28), 10_000, 2_000,
     {"debiased": 4.06, "debiased_low": 3.89, "debiased_high": 4.23, "bias_if_normal": 0.04},
     "The 2,000 reference images were made from 400 source items: read the debiased value."),
    ("fid", "low-level", "Fréchet distance, low-level features", "The same of colours and edges, 96-d.",
     "squared feature units", LOWER, (0.0, None), 14.32, (14.02, 14.63), 10_000, 2_000,
     {"debiased": 14.3, "debiased_low": 14.0, "debiased_high": 14.6}, ""),
    ("fid", "reconstructions", "Fréchet distance of reconstructions", "What encoding and decoding alone cost.",
     "squared feature units", LOWER, (0.0, None), 0.912, (0.861, 0.963), 1_985, 2_000,
     {"debiased": 0.79, "debiased_low": 0.739, "debiased_high": 0.841}, ""),
    ("fid", "aggregate-posterior", "Fréchet distance of the aggregate posterior", "Decoded codes of training images.",
     "squared feature units", LOWER, (0.0, None), 0.641, (0.602, 0.680), 10_000, 2_000,
     {"debiased": 0.60, "debiased_low": 0.561, "debiased_high": 0.639}, ""),
    ("kid", "", "Kernel distance", "Squared maximum mean discrepancy under a cubic kernel, unbiased.",
     "squared MMD", LOWER, (None, None), 0.0412, (0.0395, 0.0429), 10_000, 2_000, {"standard_error": 0.0009}, ""),
    ("inception_score", "", "Inception score", "Sure of each image's class, and of all classes together.",
     "classes", HIGHER, (1.0, 10.0), 7.64, (7.58, 7.70), 10_000, 2_000, {"reference": 9.61}, ""),
    ("precision", "", "Precision", "Share of generated images that lie among real ones, k = 3.",
     "fraction", HIGHER, (0.0, 1.0), 0.781, (0.763, 0.798), 2_000, 2_000, {}, ""),
    ("density", "", "Density", "How many real neighbourhoods hold a generated image, k = 5; 1 is expected.",
     "real balls per k", HIGHER, (0.0, None), 0.613, (0.594, 0.632), 2_000, 2_000,
     {"expected_of_a_perfect_model": 1.0}, ""),
    ("recall", "", "Recall", "Share of real images that the model can reach, k = 3.",
     "fraction", HIGHER, (0.0, 1.0), 0.846, (0.836, 0.856), 2_000, 2_000, {"standard_error": 0.005}, ""),
    ("coverage", "", "Coverage", "Share of real images with a generated neighbour, k = 5.",
     "fraction", HIGHER, (0.0, 1.0), 0.631, (0.618, 0.644), 2_000, 2_000, {"expected_of_a_perfect_model": 0.9687}, ""),
    ("mode_count", "", "Modes", "Classes that the model makes at least once.",
     "classes", HIGHER, (0.0, 10.0), 10.0, None, 10_000, 0,
     {"largest_unseen_share": 0.0003, "smallest_share": 0.072}, ""),
    ("mode_kl", "", "Divergence of the mix of modes", "Divergence of the classes from the data's mix.",
     "nats", LOWER, (0.0, None), 0.0262, (0.0229, 0.0297), 10_000, 2_000, {"expected_under_equality": 0.0027}, ""),
    ("reconstruction_mse", "", "Reconstruction error", "Mean squared difference of held-out images, values in [0, 1].",
     "squared grey levels", LOWER, (0.0, 1.0), 0.00582, (0.00561, 0.00603), 1_985, 1_985, {"median": 0.0047}, ""),
    ("psnr", "", "Peak signal-to-noise ratio", "Reconstruction error on a logarithmic scale.",
     "decibels", HIGHER, (0.0, None), 22.35, (22.20, 22.51), 1_985, 1_985, {"mean_of_psnr": 23.2}, ""),
    ("ssim", "", "Structural similarity", "Likeness of means, contrasts and patterns in windows.",
     "similarity", HIGHER, (-1.0, 1.0), 0.8923, (0.8889, 0.8957), 1_985, 1_985, {}, ""),
    ("elbo", "", "Evidence lower bound", "Lower bound of the log-likelihood of held-out images.",
     "nats per image", HIGHER, (None, None), -186.42, (-187.13, -185.71), 0, 1_985, {},
     "Grey levels serve as probabilities here, so the bound is a training objective and no log-density."),
    ("elbo_reconstruction", "", "Reconstruction term", "Expected log-likelihood of the image given its code.",
     "nats per image", HIGHER, (None, None), -172.42, (-173.10, -171.74), 0, 1_985, {}, ""),
    ("elbo_kl", "", "KL term", "How far the codes of an image are from the prior.",
     "nats per image", NONE, (0.0, None), 14.00, (13.82, 14.18), 0, 1_985, {}, ""),
    ("active_units", "", "Active units", "Latent dimensions whose mean code varies with the image.",
     "dimensions", NONE, (0.0, 16.0), 11.0, None, 0, 1_985, {}, ""),
    ("interpolation_smoothness", "", "Evenness of interpolations", "Longest step over mean step; 1 is even.",
     "ratio", LOWER, (1.0, 16.0), 1.62, (1.55, 1.69), 500, 0, {"length_over_chord": 1.31}, ""),
)  # fmt: skip


def rich_record(folder=None, **changes):
    """The record; with a folder, its sheets are drawn into ``folder/samples``."""
    images = write_sheets(folder) if folder else ()
    fields = {
        "request": RunRequest(
            plugin="vae",
            dataset="colored-digits",
            extractor="digits",
            profile="standard",
            samples=10_000,
            seed=0,
            metrics=(),
            options={"kid.degree": 3, "precision.k": 3, "coverage.k": 5, "vae.latent_dim": 16},
            command="genaudit run --plugin vae --dataset colored-digits --profile standard --seed 0",
        ),
        "environment": Environment(
            python="3.11.7",
            platform="Linux-6.1-x86_64",
            device="cpu",
            threads=2,
            git="4f1c2d9e0b7a",
            versions={"torch": "2.13.0", "numpy": "2.4.0", "scipy": "1.18.0"},
        ),
        "generator": ComponentInfo(
            name="vae",
            version="0.1.0",
            distribution="genaudit 0.1.0",
            digest="4f1c" * 16,
            licence="Apache-2.0",
            summary="Convolutional variational autoencoder with a 16-dimensional latent space.",
            source="Kingma and Welling 2014",
            capabilities=("Sampler", "Reconstructor", "Posterior", "Likelihood"),
            facts={"parameters": 156_000, "image_shape": "3 x 16 x 16"},
        ),
        "dataset": ComponentInfo(
            name="colored-digits",
            version="1",
            distribution="genaudit 0.1.0",
            digest="a90b" * 16,
            licence="CC-BY-4.0",
            summary="Handwritten digits in orange or blue.",
            facts={"train": 6_000, "evaluation": 2_000, "holdout": 1_985},
        ),
        "extractor": ComponentInfo(
            name="digits",
            version="1",
            distribution="genaudit 0.1.0",
            digest="77aa" * 16,
            summary="A small convolutional network, trained on colour-balanced digits.",
        ),
        "metrics": (*map(_description, NUMBERS), _modes_description()),
        "results": (*map(_result, NUMBERS), *_mode_results(), *_share_results()),
        "findings": _findings(),
        "not_available": (
            Unavailable(
                component="bits_per_dim",
                reason_code="not-a-density",
                reason="The likelihood 'bernoulli' on soft grey levels is not a density of images",
                hint="Choose a likelihood that is a density: --set vae.likelihood=continuous-bernoulli",
            ),
            Unavailable(
                component="cycle_consistency",
                reason_code="needs-capability",
                reason="vae translates nothing",
                hint="A generator with the capability Translator.",
            ),
        ),
        "failures": (),
        "series": (_histogram(), _steps()),
        "images": images,
        "training": _training(),
        "stages": (
            Stage(name="generated", seconds=2.31, items=10_000),
            Stage(name="reference", seconds=0.42, items=2_000),
            Stage(name="reconstructions", seconds=0.55, items=1_985),
            Stage(name="neighbours", seconds=1.9, items=2_000),
            Stage(name="metrics", seconds=4.2),
            Stage(name="audits", seconds=0.02),
        ),
        "plugins": (
            PluginStatus(name="vae", distribution="genaudit", version="0.1.0", state="loaded"),
            PluginStatus(name="metrics", distribution="genaudit", version="0.1.0", state="loaded"),
        ),
        "memory_peak_mib": 934.0,
    }
    return replace(small_record(), **{**fields, **changes})


def troubled_record(folder=None):
    """A run that stopped early, with a failure and a warning."""
    return rich_record(
        folder,
        complete=False,
        failures=(
            Failure(component="ppl", stage="metric", error="RuntimeError: out of memory", hint="Use a smaller batch."),
        ),
        warnings=("plugin 'broken' of broken-plugin 0.3 could not be loaded: ImportError: No module named 'nothing'",),
    )


def _description(number):
    metric, view, title, summary, unit, direction, bounds, *_ = number
    return MetricDescription(
        name=metric,
        view=view,
        title=title,
        summary=summary,
        unit=unit,
        direction=direction.value,
        bounds=bounds,
        formula="|m₁ − m₂|² + tr S₁ + tr S₂ − 2 tr (S₁S₂)^½" if metric == "fid" else "",
        meaning=f"{title} says how the model does on average; a difference within the interval is noise.",
        caveat="It cannot see a model that copies its training images.",
        source="Heusel et al. 2017, eq. 6",
        version="1",
    )


def _modes_description():
    return replace(
        _description(NUMBERS[10]),
        name="mode_share",
        title="Share of each mode",
        summary="How often each class is made.",
    )


def _result(number):
    metric, view, _, _, unit, direction, _, value, bounds, n, m, details, note = number
    method = JACKKNIFE if metric == "fid" else CLUSTERS
    return MetricResult(
        metric=metric,
        version="1",
        value=value,
        unit=unit,
        direction=direction,
        group=view,
        seconds=0.08,
        note=note,
        interval=Interval(low=bounds[0], high=bounds[1], level=0.95, method=method) if bounds else None,
        reason_without="" if bounds else "A count of what was seen is no mean over items.",
        n_generated=n,
        n_reference=m,
        protocol=_protocol(),
        details=details,
    )


def _protocol():
    return EvaluationProtocol(
        extractor="digits",
        extractor_digest="77aa" * 16,
        preprocessing="16 x 16, uint8",
        reference_digest="a90b" * 16,
        reference="colored-digits/evaluation",
        parameters={"ddof": 1, "blocks": 20},
        versions={"torch": "2.13.0"},
    )


def _share(metric, group, value, n, **more):
    around = 1.96 * (value * (1 - value) / n) ** 0.5
    fields = {
        "interval": Interval(low=max(0, value - around), high=min(1, value + around), level=0.95, method="Wilson"),
        "reason_without": "",
        "unit": "fraction",
        "direction": NONE,
        "n_generated": n,
        "n_reference": 0,
        "details": {},
        "note": "",
        "version": "1",
        "seconds": 0.01,
        "protocol": _protocol(),
    }
    return MetricResult(metric=metric, group=group, value=value, **{**fields, **more})


def _mode_results():
    return (
        _share(
            "mode_share",
            f"class={digit}",
            share,
            10_000,
            n_reference=2_000,
            details={"reference_share": 0.1, "reference_low": 0.0876, "reference_high": 0.1139},
        )
        for digit, share in enumerate(MODES)
    )


def _share_results():
    for digit, (before, after) in enumerate(zip(TRAINING, GENERATED, strict=True)):
        for colour, real, made in (("orange", before, after), ("blue", 1 - before, 1 - after)):
            group = f"digit={digit}, colour={colour}"
            yield _share("share_generated", group, round(made, 3), int(10_000 * MODES[digit]))
            yield _share(
                "share_reference",
                group,
                round(real, 3),
                600,
                interval=None,
                n_generated=0,
                n_reference=600,
                reason_without="Every training image is counted; nothing is sampled.",
            )


def _findings():
    caveats = (
        "Colour was read by a rule on pixels, right for 1,985 of 1,985 labelled images of colored-digits/holdout.",
        "Digit was read by the extractor's classifier, right for 1,931 of 1,985 images of colored-digits/holdout.",
        "69% of the generated images have a reading of digit with a probability above 0.9; the others are ambiguous.",
        "Intervals cover the sampling of images from this model, not retraining it.",
    )
    common = {
        "audit": "representation",
        "attribute": "colour",
        "value": 0.79,
        "interval": None,
        "caveats": caveats,
        "verdict": Verdict.DESCRIBED,
        "rule": "No tolerance was set: described, not judged.",
    }
    yield_first = Finding(
        group="",
        statement="Share of colour within digit, 10 estimated: in 8 it lies nearer to an even mix than the training "
        "share (2, 3, 4, 5, 6, 7, 8, 9); in 2 the interval includes the training share.",
        **common,
    )
    rows = [
        Finding(
            group=f"digit={digit}, colour=orange",
            statement=f"Of 1,000 generated images of digit {digit}, about {1000 * after:.0f} are orange "
            f"({1000 * after - 27:.0f} to {1000 * after + 27:.0f}); in the training data {1000 * before:.0f} are.",
            **common,
        )
        for digit, (before, after) in enumerate(zip(TRAINING, GENERATED, strict=True))
    ]
    return (yield_first, *rows)


def _histogram():
    edges = np.linspace(0, 0.03, 31)
    middle = (edges[:-1] + edges[1:]) / 2
    counts = 1_985 * middle**1.4 * np.exp(-middle / 0.0022)
    return Series(
        name="reconstruction_error",
        title="Reconstruction error of each image",
        kind="histogram",
        x_label="mean squared error of an image",
        y_label="images",
        x=tuple(map(float, edges)),
        y=tuple(map(float, np.round(counts / counts.sum() * 1_985))),
    )


def _steps():
    places = (np.arange(16) + 0.5) / 16
    return Series(
        name="step_length",
        title="Length of a step along the path",
        x_label="position on the path, from 0 to 1",
        y_label="step length over the path's mean step",
        x=tuple(map(float, places)),
        y=tuple(map(float, np.round(0.78 + 0.42 * np.sin(np.pi * places), 4))),
    )


def _training():
    steps = np.arange(1, 3_001)
    rng = np.random.Generator(np.random.PCG64(0))
    loss = 186 + 345 * np.exp(-steps / 60) + 40 * np.exp(-steps / 500) + rng.normal(0, 3.5, len(steps))
    at = steps[93::94]
    held = 187.5 + 40 * np.exp(-at / 480) + rng.normal(0, 0.4, len(at))
    return TrainingCurve(
        steps=tuple(map(int, steps)),
        loss=tuple(map(float, np.round(loss, 3))),
        origin="shipped with the plugin",
        validation_steps=tuple(map(int, at)),
        validation_loss=tuple(map(float, np.round(held, 3))),
    )
