from __future__ import annotations

import numpy as np
import pytest

from genaudit.stats.halvings import design_effect, halved, halves, items_of_each_half, not_below_chance
from genaudit.stats.seeds import generator


def test_halves_are_disjoint_and_even_and_keep_units_together():
    units = np.repeat(np.arange(25), 4)
    words = halves(100, units, generator(0))
    first, second = words & np.uint64(2**32 - 1), words >> np.uint64(32)
    assert np.array_equal(first ^ second, np.full(100, 2**32 - 1, dtype=np.uint64))
    assert np.array_equal(words, words[::4].repeat(4))
    assert items_of_each_half(words).tolist() == [52] * 32 + [48] * 32


def test_shares_and_differences_are_counted_by_hand():
    seen = halved(np.array([0b11, 0b01 | 0b11 << 32, 0], dtype=np.uint64))
    assert seen.shares[:3].tolist() == [[2 / 3, 1 / 3], [1 / 3, 1 / 3], [0, 0]]
    assert seen.differing[:3].tolist() == pytest.approx([1 / 3, 2 / 3, 0])


def test_what_is_independent_has_a_design_effect_of_1():
    """Each real item is decided by one generated item of its own: as many yeses and noes as items."""
    rng = generator(0, "independent")
    effects = []
    for _ in range(40):
        # an item is in either half in its own way
        words = rng.integers(0, 2**64, 400, dtype=np.uint64)
        effects.append(design_effect(halved(words), 400, together=1.0))
    assert np.mean(effects) == pytest.approx(1.0, abs=4 * np.std(effects) / 40**0.5)  # four standard errors


def test_items_that_share_a_fate_count_once():
    rng = generator(0, "shared")
    alone = rng.integers(0, 2**64, 400, dtype=np.uint64)
    one = design_effect(halved(alone), 400, together=1.0)
    five = design_effect(halved(alone.repeat(5)), 2000, together=1.0)
    assert five == pytest.approx(5 * one, rel=1e-12)


def test_no_change_between_halves_is_an_effect_of_0():
    assert design_effect(halved(np.zeros(9, dtype=np.uint64)), 9, together=0.5) == 0
    mixed = np.array([0, 2**64 - 1], dtype=np.uint64)
    assert design_effect(halved(mixed), 2, together=0.5) == 0


def test_few_items_that_agree_by_chance_do_not_make_a_share_certain():
    assert not_below_chance(0.0, 20) == pytest.approx(0.5)
    assert not_below_chance(0.03, 64) == pytest.approx(0.03 + 0.97 * 20 / 84)
    assert not_below_chance(0.1, 1_000_000) == pytest.approx(0.1, abs=1e-4)
    assert [not_below_chance(effect, 5) for effect in (1.0, 7.5)] == [1.0, 7.5]
