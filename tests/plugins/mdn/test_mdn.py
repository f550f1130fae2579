"""The network gives a density of t for each x, draws from it, and finds the branches of an inverse problem."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import load, load_file
from scipy import integrate

from genaudit.errors import UnknownName
from genaudit.plugin import capabilities
from genaudit.plugin.components import LabelledImages
from genaudit.stats.seeds import standard_normal_rows
from genaudit_mdn import INVERSE_PROBLEM, MDN, genaudit_datasets, genaudit_generators
from genaudit_mdn.checkpoints import shipped
from genaudit_mdn.data import NOISE, SPLITS, InverseProblem
from genaudit_mdn.model import build
from genaudit_mdn.options import MdnOptions
from genaudit_mdn.train import trained

CPU = torch.device("cpu")
ENTROPY = -1.283
"""Of t given x, nats: log 0.2 - H(x), H(x) = -0.327 from a histogram of two million draws."""


class Watcher:
    def __init__(self):
        self.losses, self.epochs, self.threads = [], [], set()

    def step(self, step, total, loss):
        self.losses.append(loss)
        self.threads.add(torch.get_num_threads())

    def epoch(self, step, validation_loss):
        self.epochs.append((step, validation_loss))


@pytest.fixture(scope="module")
def data():
    return InverseProblem()


@pytest.fixture(scope="module")
def model():
    made = build(MdnOptions(), CPU)
    made.load_state(load_file(shipped(MdnOptions())))
    return made


def loss(model, data):
    return -float(model.log_density(torch.from_numpy(data.split("holdout").images)).mean())


def points(model, count=4000):
    return model.decode(torch.from_numpy(standard_normal_rows(0, "mdn-test", 0, count, 3)).float())


def fitted(data, seed=0, budget=5):
    made, watcher = build(MdnOptions(), CPU), Watcher()
    made.fit(data.split("train"), data.split("holdout"), budget=budget, seed=seed, progress=watcher)
    return made, watcher


def test_the_hooks_bring_model_and_data():
    assert genaudit_generators() == [MDN]
    assert genaudit_datasets() == [INVERSE_PROBLEM]
    assert INVERSE_PROBLEM.splits == SPLITS
    assert MDN.dataset == INVERSE_PROBLEM.name  # so that a run needs no --dataset
    assert all(isinstance(build(MdnOptions(), CPU), capabilities.CAPABILITIES[name]) for name in MDN.capabilities)


def test_points_lie_along_the_curve(data):
    x, t = data.split("evaluation").images.T
    assert np.abs(x - t - 0.3 * np.sin(2 * np.pi * t)).max() <= NOISE + 1e-6
    assert (t.min(), t.max()) == (pytest.approx(0, abs=0.01), pytest.approx(1, abs=0.01))
    assert data.split("train").digest != data.split("evaluation").digest
    with pytest.raises(UnknownName, match="Installed: evaluation, holdout, train"):
        data.split("test")


def test_the_density_of_t_integrates_to_one_at_every_x(model):
    def density(t, x):
        return float(model.log_density(torch.tensor([[x, t]], dtype=torch.float64)).exp())

    for x in (0.05, 0.5, 0.9):
        assert integrate.quad(density, -2, 3, args=(x,), limit=400, points=[0.2, 0.5, 0.8])[0] == pytest.approx(
            1, abs=1e-6
        )


def test_the_shipped_weights_are_as_near_to_the_truth_as_the_readme_states(model, data):
    assert sum(tensor.numel() for tensor in model.state().values()) == 5_520
    assert ENTROPY < loss(model, data) < -1.02


def test_a_single_normal_cannot_say_that_there_are_three_answers(data):
    one = build(MdnOptions(components=1), CPU)
    one.load_state(load(trained(MdnOptions(components=1))))
    assert loss(one, data) > -0.75


def test_drawn_points_have_the_branches_of_the_data(model, data):
    made, real = points(model).numpy(), data.split("evaluation").images
    for rows in (made, real):
        middle = rows[np.abs(rows[:, 0] - 0.5) < 0.05, 1]
        # at x = 0.5 the answers lie around 0.19, 0.5 and 0.81
        assert ((middle > 0.32) & (middle < 0.38)).mean() < 0.12
        assert (middle < 0.3).mean() > 0.2
        assert (middle > 0.7).mean() > 0.2
    assert np.quantile(made[:, 0], [0.1, 0.5, 0.9]) == pytest.approx(np.quantile(real[:, 0], [0.1, 0.5, 0.9]), abs=0.03)


@pytest.mark.parametrize("size", [1, 7])
def test_batch_size_changes_no_point(model, size):
    z = torch.from_numpy(standard_normal_rows(0, "mdn-test", 0, 64, 3)).float()
    together = model.decode(z)
    assert together.dtype == torch.float32
    assert together.shape == (64, 2)
    # float64 products of another size may differ in their last bits; as float32 they are alike
    assert torch.equal(torch.cat([model.decode(part) for part in torch.split(z, size)]), together)


def test_damaged_weights_are_further_from_the_truth(model, data):
    draws = torch.Generator().manual_seed(0)
    spoilt = build(MdnOptions(), CPU)
    spoilt.load_state(
        {name: rows + 0.1 * torch.randn(rows.shape, generator=draws) for name, rows in model.state().items()}
    )
    assert loss(spoilt, data) > loss(model, data) + 0.1


def test_training_twice_gives_the_same_bits_and_leaves_the_process_alone(data):
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    (first, watched), (second, again) = fitted(data), fitted(data)
    assert all(torch.equal(tensor, second.state()[name]) for name, tensor in first.state().items())
    assert watched.losses == again.losses
    assert watched.epochs[-1][0] == 5
    assert watched.threads == {1}
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)
    other = fitted(data, seed=1)[0].state()
    assert not torch.equal(other["layers.0.weight"], first.state()["layers.0.weight"])


def test_what_cannot_be_trained_on_is_refused(data):
    wrong = LabelledImages(images=np.zeros((4, 3, 16, 16), np.uint8))
    with pytest.raises(ValueError, match=r"points \(n, 2\), not on \(4, 3, 16, 16\)"):
        build(MdnOptions(), CPU).fit(wrong, wrong, budget=1, seed=0, progress=Watcher())
    with pytest.raises(ValueError, match="allowed: a whole number from 1"):
        fitted(data, budget=0)
    with pytest.raises(ValueError, match="not class-conditional"):
        build(MdnOptions(), CPU).decode(torch.zeros(2, 3), torch.zeros(2))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"components": 0}, "components is 0"),
        ({"hidden": 0}, "hidden is 0"),
        ({"learning_rate": -1.0}, "learning_rate"),
    ],
)
def test_options_that_are_not_allowed_are_refused(given, said):
    with pytest.raises(ValueError, match=said):
        MdnOptions(**given)


def test_only_the_default_options_have_shipped_weights():
    assert shipped(MdnOptions()).stat().st_size < 30_000
    assert shipped(MdnOptions(components=3)) is None


def test_specs_options_and_checkpoints_are_light():
    program = (
        "import sys, genaudit_mdn, genaudit_mdn.options, genaudit_mdn.checkpoints; "
        "sys.exit(bool({'torch', 'scipy', 'safetensors'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.slow
def test_the_recipe_makes_weights_of_the_same_quality(data):
    made = build(MdnOptions(), CPU)
    made.load_state(load(trained(MdnOptions(), seed=1)))
    assert ENTROPY < loss(made, data) < -1.0
