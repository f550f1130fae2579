"""Predictive values and what they force."""

import numpy as np
import pytest

from genaudit.stats import predictive_values as ppv
from genaudit.stats.seeds import generator

BLACK = {"prevalence": 0.5143398, "ppv": 0.6297148, "fnr": 0.2798527, "fpr": 0.4484680}


@pytest.mark.parametrize(
    ("prevalence", "sensitivity", "false_alarms", "expected"),
    [(0.01, 0.8, 0.096, 0.0776398), (0.01, 0.9, 0.09, 0.0917431), (0.0015, 1.0, 0.01, 0.1306051)],
)
def test_published_examples(prevalence, sensitivity, false_alarms, expected):
    found = ppv.positive_predictive_value(prevalence, sensitivity, false_alarms)
    assert found == pytest.approx(expected, abs=1e-7)


def test_a_second_test_starts_from_the_first_ones_answer():
    first = ppv.positive_predictive_value(0.0015, 1.0, 0.01)
    assert ppv.positive_predictive_value(first, 0.98, 0.03) == pytest.approx(0.8307197, abs=1e-7)


def test_the_prosecutors_match_is_a_coin_toss():
    assert ppv.positive_predictive_value(1 / (1e6 + 1), 1.0, 1e-6) == pytest.approx(0.5)


def test_chouldechovas_identity():
    rng = generator(0, "identity")
    for _ in range(200):
        pi, s, f = rng.uniform(0.01, 0.99, 3)
        value = ppv.positive_predictive_value(pi, s, f)
        assert ppv.forced_false_positive_rate(pi, value, s) == pytest.approx(f, rel=1e-9)


def test_nobody_flagged_has_no_predictive_value():
    assert ppv.positive_predictive_value(0.5, 0.0, 0.0) is None
    assert ppv.negative_predictive_value(0.5, 1.0, 1.0) is None
    assert ppv.predictive_interval(0.5, (0, 10), (0, 10), 0.95) is None


def test_the_interval_reaches_one_where_no_false_positive_was_seen():
    found = ppv.predictive_interval(0.1, (8, 10), (0, 20), 0.95)
    assert found.high == 1
    assert 0 < found.low < 1
    assert ppv.predictive_interval(0.1, (0, 10), (5, 20), 0.95).low == 0


def test_the_interval_holds_the_value_in_about_95_of_100_samples():
    rng = generator(1, "predictive interval")
    pi, s, f, n, m = 0.2, 0.7, 0.1, 120, 300
    truth = ppv.positive_predictive_value(pi, s, f)
    hits, alarms = rng.binomial(n, s, 2000), rng.binomial(m, f, 2000)
    held = [
        (i := ppv.predictive_interval(pi, (float(a), n), (float(b), m), 0.95)).low <= truth <= i.high
        for a, b in zip(hits, alarms, strict=True)
    ]
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize(("prevalence", "value"), [(1.0, 0.5), (0.5, 0.0)])
def test_what_divides_by_nothing_is_refused(prevalence, value):
    with pytest.raises(ValueError, match="needed"):
        ppv.forced_false_positive_rate(prevalence, value, 0.5)
