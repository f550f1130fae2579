from __future__ import annotations

import numpy as np
import pytest

from genaudit.errors import NotApplicable
from genaudit.metrics.inception import inception_score
from genaudit.metrics.options import InceptionScoreOptions
from genaudit.stats.seeds import generator
from genaudit.values.observations import ClassPair

NAMES = tuple("abcdefghij")


def score(p, seed=0, **options):
    classes = ClassPair(generated=p, reference=np.eye(10), classes=NAMES)
    return inception_score(classes, options=InceptionScoreOptions(**options), rng=generator(seed, "is"))


def soft(count=1000, concentration=0.1):
    return generator(0, "p").dirichlet(np.full(10, concentration), count)


def test_sorted_classes_are_shuffled_unless_asked_otherwise():
    rows = np.eye(10)[np.repeat(np.arange(10), 100)]
    assert score(rows).value == pytest.approx(9.6, abs=0.1)  # 9.64 in the published shuffle; 0.05 between shuffles
    assert score(rows, shuffle=False).value == pytest.approx(1)
    assert score(rows).details["one_split"] == pytest.approx(10)


def test_the_value_is_about_samples_of_a_splits_size_and_says_so():
    found = score(soft())
    assert found.parameters == {"items_per_split": 100}
    assert "about samples of 100" in found.note
    assert found.interval.low < found.value < found.interval.high
    assert found.value < found.details["one_split"]
    assert score(soft(), splits=1).note == ""


def test_interval_covers_the_expected_score_of_such_samples():
    """100 seeds of 4 splits of 100: at least 88 intervals hold the mean score of many samples of 100."""
    rng = generator(0, "coverage")

    def draw(count):
        return rng.dirichlet(np.full(10, 0.2), count)

    expected = np.mean([score(draw(100), splits=1).value for _ in range(1000)])
    found = [score(draw(400), splits=4).interval for _ in range(100)]
    assert sum(each.low <= expected <= each.high for each in found) >= 88


def test_order_does_not_matter_in_one_split():
    rows = soft()
    assert score(rows[::-1], splits=1).value == pytest.approx(score(rows, splits=1).value, rel=1e-12)


def test_unsure_and_one_sided_readings_score_lower():
    rows = soft()
    assert score(0.5 * rows + 0.05).value < score(rows).value
    assert score(rows[rows.argmax(axis=1) < 3]).value < score(rows).value


def test_the_interval_stays_between_1_and_the_number_of_classes():
    found = score(np.eye(10)[np.arange(1000) % 10], splits=1)
    assert (found.value, found.interval.high) == pytest.approx((10, 10))
    assert score(np.full((100, 10), 0.1)).interval.low == pytest.approx(1)


def test_too_few_items_for_the_splits_are_said():
    with pytest.raises(NotApplicable, match="10 splits need 20 items, and there are 19") as raised:
        score(soft(19))
    assert raised.value.reason_code == "too-few-samples"


def test_the_deviation_of_splits_has_the_divisor_that_is_asked_for():
    p = soft(100)
    scores = [score(part, splits=1).value for part in np.split(p, 5)]
    for ddof in (0, 1):
        found = score(p, splits=5, shuffle=False, ddof=ddof)
        assert found.value == pytest.approx(np.mean(scores))
        assert found.details["split_standard_deviation"] == pytest.approx(np.std(scores, ddof=ddof))
    assert "split_standard_deviation" not in score(p, splits=1, ddof=1).details
