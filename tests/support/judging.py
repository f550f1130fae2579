"""The figures of a generator of coloured digits that its README states, computed without an engine."""

from functools import cache

import numpy as np
import torch

from genaudit.datasets.colored_digits import ColoredDigits
from genaudit.extractors import digits as digits_extractor
from genaudit.plugin.options import NoOptions
from genaudit.stats.frechet import frechet_distance_of_rows
from genaudit.stats.neighbours import neighbours
from genaudit.stats.seeds import generator, standard_normal_rows

CPU = torch.device("cpu")
K = 3


@cache
def data():
    return ColoredDigits()


@cache
def extractor():
    return digits_extractor.build(NoOptions(), CPU)


@cache
def reference():
    return read(torch.from_numpy(data().split("evaluation").images))["features"]


def read(images):
    """What the embedded extractor says of 8-bit images."""
    return {name: rows.numpy() for name, rows in extractor().extract(images).items()}


def eight_bit(images):
    return (images * 255 + 0.5).floor().to(torch.uint8)


def latents(count, *shape, seed=0):
    return torch.from_numpy(standard_normal_rows(seed, "test-judging", 0, count, *shape)).float()


def sampled(model, count, labels=None):
    """8-bit images of the first latents of a stream."""
    z = torch.split(latents(count, *model.latent_shape), 500)
    given = [None] * len(z) if labels is None else torch.split(labels[:count], 500)
    return torch.cat([eight_bit(model.decode(part, label)) for part, label in zip(z, given, strict=True)])


def distance(features):
    """Fréchet distance to the evaluation split."""
    return frechet_distance_of_rows(features, reference())


def precision_and_recall(features):
    """With balls to the third neighbour of another source, 2,000 items on either side."""
    n = min(2000, len(features))
    rng, clusters = generator(0, "test-judging"), data().split("evaluation").clusters[:n]
    hits = neighbours(reference()[:n], features[:n], [K], rng=rng, real_clusters=clusters).hits[K]
    return float(hits.inside_real.mean()), float(hits.inside_generated.mean())


def divergence_of_classes(logits):
    """KL divergence of the classes that are read from the uniform mix, in nats."""
    shares = np.bincount(logits.argmax(axis=1), minlength=10) / len(logits)
    seen = shares[shares > 0]
    return float((seen * np.log(10 * seen)).sum())
