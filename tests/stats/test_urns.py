"""Urns that are changed by what is drawn from them."""

import numpy as np
import pytest

from genaudit.stats import urns
from genaudit.stats.seeds import generator


@pytest.mark.parametrize(("start", "mean", "variance"), [((1, 1), 0.5, 1 / 12), ((5, 1), 5 / 6, 0.01984)])
def test_polyas_urn_has_a_beta_limit(start, mean, variance):
    shares = urns.simulate(start, (1.0, 1.0), 600, 20_000, generator(0, "polya", *start))
    assert shares.mean() == pytest.approx(mean, abs=0.01)
    assert shares.var() == pytest.approx(variance, abs=0.002)
    found = urns.discovery_limit(start, (0.2, 0.2))
    assert found[0] == pytest.approx(mean)
    assert np.quantile(shares, [0.05, 0.95]) == pytest.approx(found[1:], abs=0.01)


def test_the_limit_is_the_root_that_attracts():
    assert urns.replacement_limit(((1.0, 0.0), (0.0, 0.5))) == 1.0
    assert urns.replacement_limit(((0.5, 0.0), (0.0, 1.0))) == 0.0
    assert urns.replacement_limit(((0.0, 1.0), (1.0, 0.0))) == pytest.approx(0.5)  # Friedman's urn
    assert urns.replacement_limit(((1.0, 1.0), (1.0, 1.0))) == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(5))
def test_any_urn_settles_where_its_drift_is_nought(seed):
    a, b, c, d = generator(seed, "urn").uniform(0.1, 1.0, 4)
    x = 0.5
    for _ in range(20_000):
        x += 0.01 * ((c + d - a - b) * x * x + (a - 2 * c - d) * x + c)
    assert urns.replacement_limit(((a, b), (c, d))) == pytest.approx(x, abs=1e-6)


def test_an_urn_without_a_direction_has_no_limit():
    with pytest.raises(ValueError, match="every share is possible"):
        urns.replacement_limit(((1.0, 0.0), (0.0, 1.0)))


def test_discounting_what_is_looked_at_more_finds_the_ratio_of_the_chances():
    shares = urns.simulate((5, 1), (0.2, 0.6), 20_000, 300, generator(0, "corrected"), corrected=True)
    assert shares.mean() == pytest.approx(urns.corrected_limit((0.2, 0.6)), abs=0.02)


def test_the_path_grows_with_the_stated_power():
    share = urns.expected_path((2.0, 3.0), (0.4, 0.2), np.array([5.0, 1e6]))
    assert share[0] == pytest.approx(0.4)
    n_a = share[1] * 1e6
    assert 1e6 - n_a == pytest.approx(3.0 * (n_a / 2.0) ** 0.5, rel=1e-6)


@pytest.mark.parametrize(("start", "rates"), [((0, 1), (0.1, 0.1)), ((1, 1), (0.0, 0.1))])
def test_urns_begin_with_something(start, rates):
    with pytest.raises(ValueError, match="above 0"):
        urns.discovery_limit(start, rates)
