"""Intervals of further metrics hold the mean over repetitions, which is what a sample of the same size would show."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from genaudit.metrics import memorisation
from genaudit.metrics.birthday import birthday_support
from genaudit.metrics.discrepancy import cmmd
from genaudit.metrics.extrapolation import fid_infinity
from genaudit.metrics.intra_class import intra_class_fid
from genaudit.metrics.options import (
    BirthdayOptions,
    DataCopyingOptions,
    ExtrapolationOptions,
    GaussianDiscrepancyOptions,
    IntraClassOptions,
    MemorisationDistanceOptions,
    SlicedOptions,
    VendiOptions,
)
from genaudit.metrics.sliced import mind
from genaudit.metrics.vendi import vendi
from genaudit.plugin.options import NoOptions
from genaudit.probes.training import nearest_training
from genaudit.stats.seeds import generator
from genaudit.values.observations import ClassPair, FeaturePair, SplitFeatures

torch.set_num_threads(1)
NO_MODEL = SimpleNamespace(generator=None, seed=0)
SEEDS = 100
METRICS = (
    "fid_infinity", "cmmd", "mind", "vendi", "birthday_support", "intra_class_fid", "mifid", "authenticity",
    "memorization_ct", "nearest_neighbour_distance",
)  # fmt: skip


class Readings:
    def __init__(self, rows):
        self.outputs = {"features": rows}
        self.first_images = rows[:0]


def once(seed):
    """Every metric on fresh N(0.3, I) against N(0, I), all against one training set."""
    rng = generator(seed, "coverage")
    x, y, fresh = (rng.standard_normal((200, 4)) + shift for shift in (0.3, 0.0, 0.0))
    pair = FeaturePair(generated=x, reference=y)
    training = SplitFeatures(features=generator(0, "training").standard_normal((300, 4)))
    held_out = SplitFeatures(features=fresh)
    nearest = nearest_training(NO_MODEL, training, held_out, Readings(x)).value
    classes = ClassPair(
        generated=np.eye(2)[(x[:, 0] > 0).astype(int)],
        reference=np.eye(2)[(y[:, 0] > 0).astype(int)],
        classes=("low", "high"),
    )

    def ask(metric, *observed, options):
        return metric(*observed, options=options, rng=generator(seed, "metric"))

    return {
        "fid_infinity": ask(fid_infinity, pair, options=ExtrapolationOptions(points=8)),
        "cmmd": ask(cmmd, pair, options=GaussianDiscrepancyOptions(sigma=1.0, normalise=False)),
        "mind": ask(mind, pair, options=SlicedOptions(projections=50)),
        "vendi": ask(vendi, pair, options=VendiOptions()),
        "birthday_support": ask(birthday_support, pair, options=BirthdayOptions(threshold=0.8)),
        "intra_class_fid": ask(intra_class_fid, pair, classes, options=IntraClassOptions())[0],
        "mifid": ask(memorisation.mifid, pair, training, held_out, options=MemorisationDistanceOptions()),
        "authenticity": ask(memorisation.authenticity, nearest, options=NoOptions()),
        "memorization_ct": ask(
            memorisation.memorization_ct, nearest, training, held_out, pair, options=DataCopyingOptions(cells=3)
        ),
        "nearest_neighbour_distance": ask(memorisation.nearest_neighbour_distance, nearest, options=NoOptions()),
    }


@pytest.fixture(scope="module")
def repetitions():
    return [once(seed) for seed in range(SEEDS)]


@pytest.mark.parametrize("name", METRICS)
def test_at_least_88_of_100_intervals_hold_the_mean(repetitions, name):
    found = [each[name] for each in repetitions]
    values = np.array([each.value for each in found])
    # the support is one over a share that is unbiased
    mean = 1 / np.mean(1 / values) if name == "birthday_support" else values.mean()
    assert sum(each.interval.low <= mean <= each.interval.high for each in found) >= 88
    # and they are not wide for nothing: below twice the width of an ideal one
    assert np.mean([each.interval.width for each in found]) < 2 * 3.92 * values.std(ddof=1)
