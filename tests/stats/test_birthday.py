"""Golden case G47, and supports that are known."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.stats.birthday import chance_of_coincidence, coincidences, even_chance_sample, support_of_even_chance
from genaudit.stats.seeds import generator


def test_g47():
    assert chance_of_coincidence(365, 22) == pytest.approx(0.4756953, abs=1e-7)
    assert chance_of_coincidence(365, 23) == pytest.approx(0.5072972, abs=1e-7)
    assert [even_chance_sample(n) for n in (1000, 10_000, 160_000)] == [38, 119, 472]
    assert support_of_even_chance(400) == pytest.approx(1.154e5, rel=1e-3)
    assert chance_of_coincidence(3, 4) == 1
    with pytest.raises(ValueError, match="at least 1"):
        chance_of_coincidence(0, 4)


def test_repeated_prototypes_are_counted():
    rng = generator(0, "prototypes")
    prototypes = 10 * rng.standard_normal((80, 4))
    rows = prototypes[rng.integers(80, size=600)] + 0.01 * rng.standard_normal((600, 4))
    found = coincidences(rows, 0.5)
    assert found.possible == 600 * 599 // 2
    assert found.support == pytest.approx(80, rel=4 * found.relative_error)
    assert found.relative_error < 0.1


def test_pairs_of_one_cluster_are_not_looked_at():
    rows = np.repeat(np.arange(6.0)[:, None], 2, axis=0)
    assert coincidences(rows, 0.5).pairs == 6
    apart = coincidences(rows, 0.5, np.arange(12) // 2)
    assert (apart.pairs, apart.possible, apart.support) == (0, 60, np.inf)
    assert coincidences(rows, 1.0, np.arange(12) // 2).pairs == 20


def test_order_changes_nothing_and_one_cluster_is_refused():
    rows = generator(0, "rows").standard_normal((1500, 2))
    one, other = coincidences(rows, 0.1), coincidences(rows[::-1], 0.1)
    assert (one.pairs, one.relative_error) == (other.pairs, pytest.approx(other.relative_error, rel=1e-12))
    with pytest.raises(ValueError, match="different clusters"):
        coincidences(rows, 0.1, np.zeros(1500))
