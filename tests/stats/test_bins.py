"""Golden case G46, bins, and shares of clustered items."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.stats.bins import clustered_share_variance, compare_bins, k_means, nearest_centre
from genaudit.stats.seeds import generator


def test_g46_two_proportions():
    found = compare_bins([100, 900], [150, 850])
    assert found.z[0] == pytest.approx(-3.3806170, abs=1e-6)
    assert found.p_values[0] == pytest.approx(7.2323e-4, abs=1e-8)


def test_g46_four_bins_differ_and_their_divergence():
    found = compare_bins([200, 150, 150, 0], [250, 250, 250, 250])
    assert found.different() == 4
    assert found.divergence == pytest.approx(0.0976516056, abs=1e-9)
    assert compare_bins([1, 1], [2, 0]).divergence == pytest.approx(0.2157615543, abs=1e-9)


def test_a_bin_that_is_empty_on_both_sides_does_not_differ():
    assert compare_bins([5, 0, 5], [5, 0, 5]).p_values.tolist() == [1, 1, 1]
    with pytest.raises(ValueError, match="same bins"):
        compare_bins([1, 2], [1, 2, 3])


def test_equal_multinomials_differ_in_one_bin_of_twenty():
    rng = generator(0, "multinomial")
    counts = [compare_bins(rng.multinomial(2000, [0.02] * 50), rng.multinomial(2000, [0.02] * 50)) for _ in range(40)]
    rate = np.mean([found.different() / 50 for found in counts])
    assert rate == pytest.approx(0.05, abs=0.015)  # three standard errors of 2,000 tests


def test_means_find_separated_groups_in_any_order():
    rng = generator(0, "groups")
    middles = np.array([[0, 0], [9, 0], [0, 9], [9, 9]])
    rows = np.repeat(middles, 30, axis=0) + 0.1 * rng.standard_normal((120, 2))
    for each in (rows, rows[rng.permutation(120)]):
        centres = k_means(each, 4, rng=generator(1, "starts"))
        assert np.sort(nearest_centre(middles, centres)).tolist() == [0, 1, 2, 3]
        assert np.bincount(nearest_centre(each, centres)).tolist() == [30] * 4


def test_the_same_seed_finds_the_same_centres():
    rows = generator(0, "rows").standard_normal((200, 3))
    assert (k_means(rows, 7, rng=generator(0, "s")) == k_means(rows, 7, rng=generator(0, "s"))).all()


def test_more_bins_than_different_rows_are_refused():
    with pytest.raises(ValueError, match="only 1 different rows for 2 bins"):
        k_means(np.ones((5, 2)), 2, rng=generator(0, "s"))
    with pytest.raises(ValueError, match="1 to 5 bins, not 6"):
        k_means(np.eye(5), 6, rng=generator(0, "s"))


def test_whole_clusters_in_one_bin_raise_the_variance_by_their_size():
    rng = generator(0, "clusters")
    of_cluster = rng.integers(4, size=300)
    bins, clusters = np.repeat(of_cluster, 5), np.repeat(np.arange(300), 5)
    alone, shares = clustered_share_variance(bins, 4, np.arange(1500)), np.bincount(bins) / 1500
    assert alone == pytest.approx(shares * (1 - shares) / 1499, rel=1e-9)
    assert clustered_share_variance(bins, 4, clusters) == pytest.approx(5 * alone, rel=0.01)
