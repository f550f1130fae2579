"""Training is repeatable, reports what it does, and leaves the process as it was."""

import math

import numpy as np
import pytest
import torch
from watching import Watcher

from genaudit.datasets.colored_digits import ColoredDigits
from genaudit.plugin.components import LabelledImages
from genaudit_vae.model import build
from genaudit_vae.options import LATENT_DIM, VaeOptions

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def splits():
    data = ColoredDigits()
    return data.split("evaluation"), data.split("holdout")


def few(split, count):
    return LabelledImages(images=split.images[:count])


def fitted(splits, likelihood="bernoulli", seed=0, budget=8, count=200):
    model, watcher = build(VaeOptions(likelihood=likelihood), CPU), Watcher()
    model.fit(few(splits[0], count), few(splits[1], 100), budget=budget, seed=seed, progress=watcher)
    return model, watcher


@pytest.mark.parametrize("likelihood", LATENT_DIM)
def test_training_twice_gives_the_same_bits(splits, likelihood):
    (first, watched), (second, again) = (fitted(splits, likelihood) for _ in range(2))
    assert all(torch.equal(tensor, second.state()[name]) for name, tensor in first.state().items())
    assert watched.losses == again.losses
    assert watched.epochs == again.epochs


def test_another_seed_gives_other_weights(splits):
    first, second = (fitted(splits, seed=seed)[0].state() for seed in (0, 1))
    assert not torch.equal(first["decoder.0.weight"], second["decoder.0.weight"])


def test_earlier_weights_do_not_matter(splits):
    fresh, _ = fitted(splits)
    used, _ = fitted(splits, seed=5)
    used.fit(few(splits[0], 200), few(splits[1], 100), budget=8, seed=0, progress=Watcher())
    assert all(torch.equal(tensor, used.state()[name]) for name, tensor in fresh.state().items())


def test_every_step_and_every_epoch_is_reported(splits):
    _, watcher = fitted(splits, budget=9)  # 200 images in batches of 64 are 4 steps an epoch
    assert watcher.steps == [(step, 9) for step in range(1, 10)]
    assert [step for step, _ in watcher.epochs] == [4, 8, 9]
    assert all(map(math.isfinite, watcher.losses))


def test_the_process_is_left_as_it_was(splits):
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    _, watcher = fitted(splits, budget=2)
    assert watcher.threads == {1}
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("likelihood", LATENT_DIM)
def test_a_few_steps_improve_the_bound(splits, likelihood):
    _, watcher = fitted(splits, likelihood, budget=64, count=500)
    assert watcher.epochs[-1][1] < watcher.epochs[0][1]
    assert np.mean(watcher.losses[-8:]) < np.mean(watcher.losses[:8])


def test_other_images_are_refused(splits):
    wrong = LabelledImages(images=np.zeros((4, 1, 28, 28), np.uint8))
    with pytest.raises(ValueError, match=r"images \(n, 3, 16, 16\), not on \(4, 1, 28, 28\)"):
        build(VaeOptions(), CPU).fit(wrong, splits[1], budget=1, seed=0, progress=Watcher())


def test_a_budget_of_nothing_is_refused(splits):
    with pytest.raises(ValueError, match="allowed: from 1"):
        fitted(splits, budget=0)
