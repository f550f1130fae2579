"""Golden case G26, exact nearest distances, and the data-copying statistic's null."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import mannwhitneyu

from genaudit.stats import copying
from genaudit.stats.copying import data_copying, mann_whitney_z, nearest_among, nearest_sources
from genaudit.stats.medians import median_error
from genaudit.stats.seeds import generator


def test_g26():
    low, high = np.arange(10.0), np.arange(10.0, 20.0)
    assert mann_whitney_z(low, high) == pytest.approx(-3.7418483, abs=1e-6)
    assert mann_whitney_z(high, low) == pytest.approx(3.8174412, abs=1e-6)
    half = mann_whitney_z(np.arange(10.0), np.arange(10.0))  # U = 50: every tie counts one half
    assert half == pytest.approx(0.0377964, abs=1e-6)


def test_pairs_are_counted_as_scipy_counts_them():
    rng = generator(0, "u")
    a, b = rng.integers(20, size=40).astype(float), rng.integers(25, size=30).astype(float)
    u = mannwhitneyu(a, b).statistic
    assert mann_whitney_z(a, b) == pytest.approx((u - 599.5) / np.sqrt(1200 * 71 / 12), rel=1e-12)


def test_nearest_distances_are_exact_in_any_tile(monkeypatch):
    rng = generator(0, "near")
    x, y = 1000 + rng.standard_normal((60, 5)), 1000 + rng.standard_normal((90, 5))
    y[40] = x[7]
    monkeypatch.setattr(copying, "ROWS", 16)
    monkeypatch.setattr(copying, "COLUMNS", 32)
    distance, index = nearest_among(x, y)
    assert distance == pytest.approx(cdist(x, y).min(axis=1), rel=1e-12)
    assert (index == cdist(x, y).argmin(axis=1)).all()
    assert distance[7] == 0


def test_siblings_are_passed_over():
    rows = np.array([[0.0], [0.1], [5.0], [5.1]])
    distance, index = nearest_among(rows, rows, [0, 0, 1, 1], [0, 0, 1, 1])
    assert distance == pytest.approx([5, 4.9, 4.9, 5])
    assert index.tolist() == [2, 2, 1, 1]
    with pytest.raises(ValueError, match="another cluster"):
        nearest_among(rows, rows, [0] * 4, [0] * 4)


def test_the_statistic_of_fresh_data_is_standard_normal_and_its_error_says_so():
    rng = generator(0, "null")
    found = []
    for _ in range(150):
        cells = rng.integers(3, size=400)
        distances = rng.exponential(1 + cells)
        found.append(data_copying(distances[:200], distances[200:], cells[:200], cells[200:]))
    values = np.array([each.value for each in found])
    weight_of_thirds = 3**-0.5  # three independent cells of equal weight
    assert abs(values.mean()) < 3 * weight_of_thirds / 150**0.5 + 0.03  # the half of the continuity correction
    # the spread of 150 draws is known to 6 %
    assert values.std() == pytest.approx(weight_of_thirds, rel=0.18)
    assert np.mean([each.standard_error for each in found]) == pytest.approx(values.std(), rel=0.2)


def test_copies_are_far_below_0_and_small_cells_do_not_count():
    rng = generator(0, "copies")
    cells = np.repeat([0, 1], [195, 5])
    found = data_copying(0.1 * rng.exponential(size=200), rng.exponential(size=200), cells, cells)
    assert found.value < -8
    assert found.nearer > 0.85
    assert found.cells == 1
    with pytest.raises(ValueError, match="no cell holds 300"):
        data_copying(np.ones(200), np.ones(200), cells, cells, smallest=300)


def test_clusters_widen_the_error():
    rng = generator(0, "clusters")
    held_out = np.repeat(rng.exponential(size=60), 5)
    cells = np.zeros(300, dtype=np.int64)
    one = data_copying(rng.exponential(size=300), held_out, cells, cells)
    aware = data_copying(rng.exponential(size=300), held_out, cells, cells, np.arange(300) // 5)
    assert aware.standard_error > 1.3 * one.standard_error


def test_the_error_of_a_median_is_that_of_the_normal_one():
    rng = generator(0, "median")
    values = rng.standard_normal(2000)
    # sqrt(pi / 2n), from a bootstrap of 200 draws of one sample
    assert median_error(values, rng=rng) == pytest.approx((np.pi / 4000) ** 0.5, rel=0.3)
    repeated, ids = np.repeat(values, 4), np.repeat(np.arange(2000), 4)
    assert median_error(repeated, ids, rng=rng) == pytest.approx((np.pi / 4000) ** 0.5, rel=0.3)
    assert median_error(repeated, rng=rng) < 0.75 * (np.pi / 4000) ** 0.5
    with pytest.raises(ValueError, match="at least 2 units"):
        median_error([1.0, 2.0], [0, 0], rng=rng)


def test_the_nearest_of_each_source_are_those_of_every_pair():
    rng = generator(0, "sources")
    x, y, sources = 1000 + rng.standard_normal((4, 5)), 1000 + rng.standard_normal((90, 5)), np.arange(90) // 3
    distance, index = nearest_sources(x, y, sources, keep=3)
    of_source = cdist(x, y).reshape(4, 30, 3).min(axis=2)
    assert distance == pytest.approx(np.sort(of_source, axis=1)[:, :3], rel=1e-12)
    assert (sources[index] == np.argsort(of_source, axis=1)[:, :3]).all()
    assert distance == pytest.approx(np.take_along_axis(cdist(x, y), index, axis=1), rel=1e-12)


def test_there_are_no_more_nearest_sources_than_sources():
    distance, index = nearest_sources([[0.0]], [[0.0], [0.5], [2.0]], [1, 1, 2], keep=3)
    assert (distance.tolist(), index.tolist()) == ([[0.0, 2.0]], [[0, 2]])
    assert nearest_sources([[0.0]], [[0.0], [0.5], [2.0]], keep=2)[1].tolist() == [[0, 1]]
    with pytest.raises(ValueError, match="look among"):
        nearest_sources([[0.0]], np.empty((0, 1)), keep=2)
