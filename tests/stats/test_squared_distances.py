"""Products find the pairs, differences decide: every answer is that of the differences."""

import numpy as np
import pytest
from scipy.spatial import distance

from genaudit.stats.neighbours import nearest, neighbours
from genaudit.stats.seeds import generator
from genaudit.stats.squared_distances import SquaredDistances


def rows(name, n, d, offset=0.0):
    return generator(0, "squared", name).normal(size=(n, d)) + offset


@pytest.mark.parametrize("offset", [0.0, 1e6])
@pytest.mark.parametrize("d", [1, 64, 2048])
def test_products_lie_within_the_slack_of_the_differences(d, offset):
    x, y = rows("x", 40, d, offset), rows("y", 50, d, offset)
    pairs, truth = SquaredDistances(x, y), distance.cdist(x, y, "sqeuclidean")
    for block, columns, about in pairs.tiles(16):
        assert np.abs(about - truth[block, columns]).max() <= pairs.slack
    assert pairs.slack < 1e-6 * truth.max()  # a bound, not an excuse


@pytest.mark.parametrize("tile", [7, 64, 1000])
def test_tiles_above_the_diagonal_give_the_neighbours_of_every_row(tile):
    x, clusters = rows("x", 150, 5), np.arange(150) // 3
    truth = distance.cdist(x, x, "sqeuclidean")
    truth[clusters[:, None] == clusters] = np.inf
    found = nearest(x, 6, clusters=clusters, tile=tile)
    assert np.array_equal(found.index, np.argsort(truth, axis=1)[:, :6])
    assert found.squared == pytest.approx(np.sort(truth, axis=1)[:, :6], rel=1e-12)  # sums in another order


def test_a_pair_is_at_the_same_distance_wherever_it_is_asked_for():
    x = rows("x", 300, 700)
    i, j = (side.ravel() for side in np.indices((300, 300)))
    one, other = SquaredDistances(x, x).exact(i, j), SquaredDistances(x, x).exact(j, i)
    assert np.array_equal(one, other)
    assert np.array_equal(one.reshape(300, 300)[7], SquaredDistances(x, x).exact_row(7))
    assert not one.reshape(300, 300).diagonal().any()


def lattice(name, n):
    """Points with many equal distances and many copies."""
    return generator(0, "lattice", name).integers(0, 3, size=(n, 3)).astype(float)


@pytest.mark.parametrize("make", [lattice, lambda name, n: np.zeros((n, 3)), lambda name, n: rows(name, n, 300, 1e5)])
def test_neighbours_among_ties_and_copies_are_those_of_the_full_matrix(make):
    x = make("x", 90)
    full = distance.cdist(x, x, "sqeuclidean")
    np.fill_diagonal(full, np.inf)
    assert np.allclose(nearest(x, 7).squared, np.sort(full, axis=1)[:, :7], rtol=1e-12, atol=0)


@pytest.mark.parametrize("make", [lattice, lambda name, n: np.zeros((n, 3))])
def test_points_on_boundaries_are_counted_as_the_full_matrix_counts_them(make):
    x, y, k = make("x", 80), make("y", 70), 3
    across, own, other = (distance.cdist(*sides, "sqeuclidean") for sides in ((x, y), (x, x), (y, y)))
    np.fill_diagonal(own, np.inf)
    np.fill_diagonal(other, np.inf)
    real, made = np.sort(own, axis=1)[:, k - 1, None], np.sort(other, axis=1)[:, k - 1]
    found = neighbours(x, y, [k], rng=generator(0)).hits[k]
    assert np.array_equal(found.inside_real, (across <= real).any(axis=0))
    assert np.array_equal(found.inside_generated, (across <= made).any(axis=1))
    assert np.array_equal(found.real_balls, (across < real).sum(axis=0))
    assert np.array_equal(found.covered, (across < real).any(axis=1))
