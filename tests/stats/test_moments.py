from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genaudit.stats.moments import finite_rows, moments, scatter, together
from genaudit.stats.seeds import generator


def rows_of(count, dimension=4, seed=0):
    return generator(seed, "rows").standard_normal((count, dimension)) @ np.diag(np.arange(1.0, dimension + 1))


def test_moments_equal_those_of_numpy():
    x = rows_of(3000)
    found = moments(x)
    assert found.count == 3000
    np.testing.assert_allclose(found.mean, x.mean(axis=0), rtol=0, atol=1e-14)  # rounding of 3,000 additions
    np.testing.assert_allclose(found.covariance, np.cov(x.T), rtol=1e-13, atol=1e-13)


def test_covariance_is_exactly_symmetric():
    covariance = (
        together((scatter(part) for part in np.array_split(rows_of(1000), 7)), dimension=4).moments().covariance
    )
    assert np.array_equal(covariance, covariance.T)


def test_a_large_mean_costs_no_digits():
    # E[xx'] - mm' in float32 gives negative variances here, in float64 it loses 12 of 16 digits
    x = rows_of(5000)
    np.testing.assert_allclose(moments(x + 1e6).covariance, moments(x).covariance, rtol=1e-8, atol=1e-8)


def test_float32_rows_are_summed_in_float64():
    x = (rows_of(5000) + 1000).astype(np.float32)
    np.testing.assert_allclose(moments(x).covariance, np.cov(x.astype(np.float64).T), rtol=1e-12, atol=1e-12)


@given(cuts=st.lists(st.integers(0, 200), max_size=5))
@settings(max_examples=30, deadline=None)
def test_merging_shards_gives_the_moments_of_all_rows(cuts):
    x = rows_of(200) + 50
    merged = together((scatter(part) for part in np.split(x, sorted(cuts))), dimension=4).moments()
    np.testing.assert_allclose(merged.mean, moments(x).mean, rtol=1e-14)
    np.testing.assert_allclose(merged.covariance, moments(x).covariance, rtol=1e-12, atol=1e-12)


def test_taking_rows_away_gives_the_moments_of_the_rest():
    x = rows_of(500) + 100
    rest = scatter(x).without(scatter(x[100:200])).moments()
    expected = moments(np.delete(x, np.s_[100:200], axis=0))
    assert rest.count == 400
    np.testing.assert_allclose(rest.mean, expected.mean, rtol=1e-14)
    np.testing.assert_allclose(rest.covariance, expected.covariance, rtol=1e-11, atol=1e-11)


def test_rows_are_left_as_they_were():
    x = rows_of(10)
    before = x.copy()
    moments(x)
    assert np.array_equal(x, before)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_row_that_is_not_finite_is_named(bad):
    x = rows_of(3000)
    x[2100, 1] = bad
    with pytest.raises(ValueError, match="row 2100 "):
        moments(x)
    with pytest.raises(ValueError, match="row 2100 of 3000 is not finite; 1 row in all is not"):
        finite_rows(x)


def test_one_row_has_no_covariance():
    with pytest.raises(ValueError, match="at least 2 rows, not 1"):
        moments([[1.0, 2.0]])


def test_rows_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="two-dimensional"):
        moments([1.0, 2.0])


def test_nothing_is_left_when_all_is_taken_away():
    with pytest.raises(ValueError, match="cannot take 5 rows away from 5"):
        scatter(rows_of(5)).without(scatter(rows_of(5)))
