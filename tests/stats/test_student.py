"""Student's t against scipy, which the gate does not import."""

import pytest
from scipy import stats

from genaudit.stats.student import quantile, upper_tail

FREEDOM = [1, 2, 3.3, 9, 50, 10_000]


@pytest.mark.parametrize("freedom", FREEDOM)
@pytest.mark.parametrize("t", [-3.0, -0.1, 0.0, 0.5, 2.0, 20.0])
def test_tails_are_those_of_scipy(t, freedom):
    assert upper_tail(t, freedom) == pytest.approx(stats.t.sf(t, freedom), rel=1e-9)


@pytest.mark.parametrize("freedom", FREEDOM)
@pytest.mark.parametrize("probability", [0.0001, 0.025, 0.6, 0.975, 0.9999])
def test_quantiles_are_those_of_scipy(probability, freedom):
    assert quantile(probability, freedom) == pytest.approx(stats.t.ppf(probability, freedom), rel=1e-9)


def test_without_degrees_of_freedom_both_are_normal():
    assert upper_tail(1.2, None) == pytest.approx(stats.norm.sf(1.2), rel=1e-12)
    assert quantile(0.9, float("inf")) == pytest.approx(stats.norm.ppf(0.9), rel=1e-9)


@pytest.mark.parametrize("call", [lambda: upper_tail(1.0, 0), lambda: quantile(1.0, 3), lambda: quantile(0.0, None)])
def test_what_has_no_meaning_is_refused(call):
    with pytest.raises(ValueError, match=r"above 0|lies in"):
        call()
