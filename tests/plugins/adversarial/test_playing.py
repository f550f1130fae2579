"""The game: what is drawn, what is averaged, what is told."""

import math

import numpy as np
import pytest
import torch
from torch import nn
from watching import Watcher

from genaudit.plugin.components import LabelledImages
from genaudit_adversarial.discriminator import initialised_discriminator
from genaudit_adversarial.playing import Items, Players, Rules, as_items, batches, play
from genaudit_adversarial.streams import draw_normal, one_thread, torch_generator, without_draws


def rules(**changes):
    given = {
        "steps": 300,
        "batch_size": 128,
        "generator_rate": 0.02,
        "discriminator_rate": 0.02,
        "betas": (0.5, 0.99),
        "r1": 0.0,
        "average": 0.95,
    }
    return Rules(**(given | changes))


class Shift(nn.Module):
    """Adds a learnt number to standard normal draws: the game should find the mean of the data."""

    def __init__(self):
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(1))

    def forward(self, z):
        return z + self.shift


class Slope(nn.Module):
    """A discriminator of the form a x + b: enough to tell two means apart."""

    def __init__(self):
        super().__init__()
        self.line = without_draws(lambda: nn.Linear(1, 1))

    def forward(self, items, labels=None):
        return self.line(items)[:, 0]


def shifted(mean, **changes):
    draws = torch_generator(0, "test")
    items = Items(values=torch.randn(2000, 1, generator=draws) + mean)
    players = Players(
        generator=Shift(), discriminator=Slope(), make=lambda g, n, _, d: g(torch.randn(n, 1, generator=d))
    )
    watcher = Watcher()
    average = play(players, rules(**changes), items, items, draws=torch_generator(0, "play"), progress=watcher)
    return float(average.shift), watcher, players


@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize("same_items", [False, True])
def test_the_generator_finds_the_mean_of_the_data(same_items, paired):
    found, _, _ = shifted(1.5, r1=1.0, same_items=same_items, paired=paired)
    assert found == pytest.approx(1.5, abs=0.3)  # it circles the equilibrium; the penalty and the average damp it


@pytest.mark.parametrize(("same_items", "times"), [(False, 2), (True, 1)])
def test_items_are_made_for_each_player_or_once_for_both(same_items, times):
    made = []

    def make(generator, count, _, draws):
        made.append(generator(torch.randn(count, 1, generator=draws)))
        return made[-1]

    given = rules(steps=3, same_items=same_items)
    players = Players(generator=Shift(), discriminator=Slope(), make=make)
    items = Items(values=torch.zeros(128, 1))
    play(players, given, items, items, draws=torch_generator(0, "play"), progress=Watcher())
    # an epoch is one batch here, and after each the average makes items for the validation loss
    assert len(made) == 3 * (times + 1)


def test_the_loss_of_a_discriminator_that_cannot_tell_is_twice_ln_2():
    _, watcher, _ = shifted(0.0, steps=1)
    assert watcher.losses[0] == pytest.approx(2 * math.log(2), abs=1e-6)  # float32; its first weights are 0


def test_the_loss_of_a_discriminator_that_cannot_tell_which_of_two_is_real_is_ln_2():
    _, watcher, _ = shifted(0.0, steps=1, paired=True)
    assert watcher.losses[0] == pytest.approx(math.log(2), abs=1e-6)  # float32; its first weights are 0


def test_a_paired_game_is_blind_to_what_is_added_to_all_logits():
    """The bias of the discriminator has no gradient: only the difference of two logits counts."""
    _, _, players = shifted(3.0, steps=20, paired=True)
    assert float(players.discriminator.line.bias.detach()) == pytest.approx(0, abs=1e-6)
    _, _, players = shifted(3.0, steps=20)
    assert abs(float(players.discriminator.line.bias.detach())) > 0.01


class Left(nn.Module):
    """A discriminator that is flat at positive items: logits w max(0, -x)."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, items, labels=None):
        return self.weight * torch.relu(-items)[:, 0]


@pytest.mark.parametrize(("paired", "held"), [(False, False), (True, True)])
def test_a_paired_game_has_the_penalty_at_generated_items_too(paired, held):
    """Real items are all positive, where the slope is 0: only a penalty at generated ones can hold the weight."""

    def weight(r1):
        players = Players(
            generator=Shift(),
            discriminator=Left(),
            make=lambda g, n, _, d: g(torch.randn(n, 1, generator=d) - 5),
        )
        items, given = Items(values=torch.ones(128, 1)), rules(steps=64, r1=r1, paired=paired)
        play(players, given, items, items, draws=torch_generator(0, "play"), progress=Watcher())
        return abs(float(players.discriminator.weight.detach()))

    assert (weight(10.0) < 0.8 * weight(0.0)) is held


def test_without_averaging_the_last_weights_are_kept():
    found, _, players = shifted(1.5, steps=20, average=0.0)
    assert found == float(players.generator.shift.detach())
    slower, _, players = shifted(1.5, steps=20, average=0.9)
    assert 0 < slower < float(players.generator.shift.detach())


def test_rates_that_fall_to_0_move_the_generator_half_as_far():
    """Adam moves by about its rate a step while the gradient keeps its sign: 20 of 20 steps, or 1 + 0.95 + … + 0.05."""
    far, near = (shifted(3.0, steps=20, average=0.0, falling=falling)[0] for falling in (False, True))
    assert near / far == pytest.approx(10.5 / 20, rel=0.1)  # Adam's means lag behind the gradients
    assert shifted(3.0, steps=1, falling=True)[0] == shifted(3.0, steps=1)[0]


def test_the_penalty_flattens_the_discriminator_at_real_items():
    _, _, free = shifted(3.0, steps=64)
    _, _, held = shifted(3.0, steps=64, r1=10.0)
    held_slope, free_slope = (abs(float(each.discriminator.line.weight.detach())) for each in (held, free))
    assert held_slope < free_slope


def test_an_epoch_shows_every_item_at_most_once_in_full_batches():
    seen = list(batches(10, rules(steps=4, batch_size=4), torch_generator(0, "x")))
    assert [len(rows) for rows, _ in seen] == [4] * 4
    assert [ends for _, ends in seen] == [False, True, False, True]
    assert len(set(torch.cat([seen[0][0], seen[1][0]]).tolist())) == 8


def test_fewer_items_than_a_batch_are_one_batch():
    assert [len(rows) for rows, _ in batches(3, rules(steps=2), torch_generator(0, "x"))] == [3, 3]


def test_new_networks_draw_no_global_random_number_and_have_the_stated_spread():
    state = torch.get_rng_state()
    first, second = (initialised_discriminator(24, torch_generator(1, "d")) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(one, other) for one, other in zip(first.parameters(), second.parameters(), strict=True))
    # 18,432 weights: their standard deviation is known to 0.5 % (one standard error)
    assert float(first.layers[2].weight.detach().std()) == pytest.approx(0.02, rel=0.02)
    assert not bool(first.layers[0].bias.any())


def test_normalisations_start_as_the_identity():
    layer = without_draws(lambda: nn.BatchNorm2d(3)).requires_grad_(requires_grad=False)
    draw_normal(layer, torch_generator(0, "n"), 0.0)
    x = torch.randn(4, 3, 2, 2, generator=torch_generator(0, "x"))
    assert torch.allclose(layer.eval()(x), x, atol=1e-4)  # the variance has 1e-5 added


def test_the_discriminator_has_the_parameters_that_the_documentation_counts():
    network = initialised_discriminator(24, torch_generator(0, "d"))
    assert sum(tensor.numel() for tensor in network.parameters()) == 20_473


def test_a_conditional_discriminator_reads_the_label():
    network = initialised_discriminator(8, torch_generator(0, "d"), classes=3)
    images = torch.zeros(4, 3, 16, 16)
    one, other = (network(images, torch.tensor([0, 1, 2, label])) for label in (0, 1))
    assert not torch.equal(one, other)


def test_threads_come_back_after_an_error():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with pytest.raises(RuntimeError), one_thread():
            raise RuntimeError
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_images_become_numbers_from_minus_one_to_one():
    levels = np.zeros((2, 3, 16, 16), np.uint8)
    levels[1] = 255
    items = as_items(LabelledImages(images=levels), "model")
    assert (float(items.values[0].max()), float(items.values[1].min())) == (-1.0, 1.0)


def test_labels_that_are_not_there_are_missed_by_name():
    split = LabelledImages(images=np.zeros((2, 3, 16, 16), np.uint8), labels={"colour": np.zeros(2, np.int64)})
    with pytest.raises(ValueError, match=r"labels 'digit'; there are \['colour'\]"):
        as_items(split, "model", labels="digit")
