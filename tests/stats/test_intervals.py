from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from genaudit.stats.intervals import mean, normal_interval, t_interval
from genaudit.stats.seeds import generator
from genaudit.stats.units import blocks_of_units, cluster_sums, influence_error, jackknife_error


def test_mean_of_independent_items_has_scipys_t_interval():
    x = generator(0, "x").exponential(size=30)
    found = mean(x).interval()
    expected = stats.ttest_1samp(x, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-12)
    assert found.method == "t interval, 29 degrees of freedom; standard error of a mean over 30 independent items"


def test_clusters_of_equal_size_have_the_interval_of_their_means():
    x = generator(0, "x").standard_normal((40, 5))
    found = mean(x.ravel(), np.repeat(np.arange(40), 5))
    assert found.standard_error == pytest.approx(x.mean(axis=1).std(ddof=1) / 40**0.5, rel=1e-12)
    assert (found.units, found.unit) == (40, "clusters")


def test_cluster_identifiers_may_be_any_numbers_in_any_order():
    x = generator(0, "x").standard_normal(60)
    ids = np.repeat(np.arange(12), 5)
    order = generator(0, "order").permutation(60)
    assert mean(x[order], ids[order] * 1000 - 7).standard_error == pytest.approx(mean(x, ids).standard_error, rel=1e-12)


def test_interval_of_clustered_items_covers_and_one_blind_to_clusters_does_not():
    """200 seeds of 25 clusters of 8: 95 % intervals miss 10 on average, 20 or more with probability 0.2 %."""
    rng = generator(0, "clusters")
    ids = np.repeat(np.arange(25), 8)
    aware = blind = 0
    for _ in range(200):
        x = np.repeat(rng.standard_normal(25), 8) + 0.3 * rng.standard_normal(200)
        aware += not mean(x, ids).interval().low <= 0 <= mean(x, ids).interval().high
        blind += not mean(x).interval().low <= 0 <= mean(x).interval().high
    assert aware < 20
    assert blind > 60


def test_intervals_end_at_the_bounds_of_what_is_measured_and_say_so():
    found = normal_interval(0.01, 0.1, how="test", bounds=(0.0, 1.0))
    assert found.low == 0
    assert found.method.endswith("cut off at 0")
    assert t_interval(0.9, 0.1, 5, how="test", bounds=(0.0, 1.0)).high == 1


def test_jackknife_over_single_items_is_the_error_of_the_mean():
    x = generator(0, "x").standard_normal(20)
    left_out = [np.delete(x, i).mean() for i in range(20)]
    assert jackknife_error(left_out) == pytest.approx(x.std(ddof=1) / 20**0.5, rel=1e-10)


def test_blocks_hold_whole_clusters_and_are_even():
    ids = np.repeat(np.arange(47), 3)
    block = blocks_of_units(141, ids, 10, generator(0))
    assert all(len(set(block[ids == i])) == 1 for i in range(47))
    assert set(np.bincount(block)) == {4 * 3, 5 * 3}


def test_blocks_mix_sorted_rows():
    block = blocks_of_units(1000, None, 10, generator(0))
    assert np.bincount(block[:500]).min() > 25  # 50 expected; contiguous blocks would have 0


def test_sums_follow_sorted_identifiers():
    assert cluster_sums([1, 2, 3, 4], [9, 2, 9, 2]).tolist() == [6, 4]


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: mean([1.0]), "at least 2 values"),
        (lambda: mean([1.0, np.nan]), "finite"),
        (lambda: mean([1.0, 2.0], [3, 3]), "at least 2 independent units"),
        (lambda: mean([1.0, 2.0], [3]), "as many cluster identifiers"),
        (lambda: jackknife_error([1.0]), "at least 2 blocks"),
        (lambda: t_interval(0.0, 1.0, 0, how=""), "degree of freedom"),
        (lambda: normal_interval(0.0, float("nan"), how=""), "finite and not negative"),
        (lambda: blocks_of_units(5, None, 1, generator(0)), "at least 2 blocks"),
    ],
)
def test_what_cannot_be_computed_is_refused(call, why):
    with pytest.raises(ValueError, match=why):
        call()


def test_blocks_of_a_stratified_set_hold_every_stratum_alike():
    clusters = np.repeat(np.arange(100), 5)
    strata = np.repeat(np.arange(100) % 10, 5) * 2 + (np.arange(500) % 5 < 2)
    block = blocks_of_units(500, clusters, 10, generator(0), strata)
    table = np.zeros((10, 10), dtype=int)
    np.add.at(table, (block, strata // 2), 1)
    assert (table == 5).all()  # one whole cluster of each of ten classes in every block
    assert all(len(set(block[clusters == cluster])) == 1 for cluster in range(100))


def test_what_differs_between_strata_is_no_sampling_error():
    strata = np.repeat(np.arange(20), 50)
    values = strata * 10.0 + generator(0).normal(size=1000)
    influences = (values - values.mean()) / 1000
    plain, _ = influence_error(influences)
    stratified, units = influence_error(influences, None, strata)
    assert units == 1000
    assert stratified == pytest.approx(1 / 1000**0.5, rel=0.1)  # sd 1 within strata; 900 degrees of freedom
    assert plain > 30 * stratified
