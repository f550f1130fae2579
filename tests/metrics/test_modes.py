from __future__ import annotations

import math

import numpy as np
import pytest

from genaudit.errors import NotApplicable
from genaudit.metrics.modes import missing_modes, mode_count, mode_kl, mode_share
from genaudit.metrics.options import ModeCountOptions
from genaudit.plugin.options import NoOptions
from genaudit.stats.seeds import generator
from genaudit.values.observations import ClassPair

NAMES = ("cat", "dog", "bird", "fish")
RNG = generator(0, "metric")


def read(counts):
    """Probabilities whose most probable class has these counts, with some doubt."""
    rows = np.repeat(np.eye(len(counts)), counts, axis=0)
    return 0.8 * rows + 0.2 / len(counts)


def pair(generated, reference=(100, 100, 100, 100)):
    return ClassPair(generated=read(generated), reference=read(reference), classes=NAMES)


def divergence(classes):
    return mode_kl(classes, options=NoOptions(), rng=RNG)


def test_g44_three_of_four_modes():
    classes = pair((50, 30, 20, 0))
    captured = mode_count(classes, options=ModeCountOptions(), rng=RNG)
    assert captured.value == 3
    assert captured.details["classes"] == 4
    assert captured.details["largest_unseen_share"] == pytest.approx(1 - 0.05 ** (1 / 100))
    assert divergence(classes).value == pytest.approx(0.3566413471, abs=1e-9)


def test_g44_half_of_the_modes_is_ln_2():
    assert divergence(pair((70, 70, 0, 0))).value == pytest.approx(math.log(2))


def test_missing_modes_are_named():
    found = missing_modes(pair((50, 0, 20, 0)), options=ModeCountOptions(), rng=RNG)
    assert found.value == 2
    assert found.note == "Read from no generated item: dog, fish."
    assert missing_modes(pair((1, 1, 1, 1)), options=ModeCountOptions(), rng=RNG).note == ""


def test_a_minimum_count_is_an_option():
    classes = pair((50, 30, 20, 1))
    assert mode_count(classes, options=ModeCountOptions(minimum=2), rng=RNG).value == 3
    found = missing_modes(classes, options=ModeCountOptions(minimum=2), rng=RNG)
    assert found.note == "Read from fewer than 2 generated items: fish."


def test_counts_have_a_reason_and_no_interval():
    found = mode_count(pair((1, 1, 1, 1)), options=ModeCountOptions(), rng=RNG)
    assert "largest unseen share" in found.reason_without
    assert found.details["largest_unseen_share"] == pytest.approx(1 - 0.05 ** (1 / 4))


def test_each_class_has_its_share_beside_the_references():
    found = mode_share(pair((50, 30, 20, 0), (10, 20, 30, 40)), options=NoOptions(), rng=RNG)
    assert [each.group for each in found] == ["class=cat", "class=dog", "class=bird", "class=fish"]
    assert [each.value for each in found] == [0.5, 0.3, 0.2, 0]
    assert [each.details["reference_share"] for each in found] == [0.1, 0.2, 0.3, 0.4]
    assert found[3].interval.low == 0
    assert found[3].interval.high == pytest.approx(0.037, abs=1e-3)


def test_expected_divergence_under_equality_is_what_chance_shows():
    rng = generator(0, "multinomial")
    shown = [divergence(pair(rng.multinomial(500, [0.25] * 4), rng.multinomial(800, [0.25] * 4))) for _ in range(300)]
    expected = 3 / 2 * (1 / 500 + 1 / 800)
    assert shown[0].details["expected_under_equality"] == pytest.approx(expected)
    values = [each.value for each in shown]
    assert np.mean(values) == pytest.approx(expected, abs=3 * np.std(values) / 300**0.5)


def test_interval_covers_the_divergence_of_the_mixes():
    """100 seeds away from equality: at least 88 intervals hold the truth."""
    p, q = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.1, 0.2, 0.3, 0.4])
    truth = float((p * np.log(p / q)).sum())
    rng = generator(0, "coverage")
    found = [divergence(pair(rng.multinomial(400, p), rng.multinomial(400, q))).interval for _ in range(100)]
    assert sum(each.low <= truth <= each.high for each in found) >= 88


def test_order_of_items_does_not_matter():
    classes = pair((50, 30, 20, 10), (40, 30, 20, 10))
    turned = ClassPair(generated=classes.generated[::-1], reference=classes.reference[::-1], classes=NAMES)
    assert divergence(turned).value == divergence(classes).value


def test_skewed_proportions_are_worse():
    assert divergence(pair((130, 90, 90, 90))).value < divergence(pair((250, 50, 50, 50))).value


def test_a_class_that_the_reference_lacks_is_said():
    with pytest.raises(NotApplicable, match="no reference item is read as fish") as raised:
        divergence(pair((1, 1, 1, 1), (10, 10, 10, 0)))
    assert raised.value.reason_code == "class-not-in-reference"


HUNDRED = [str(number) for number in range(100)]


def drawn(seed, n, k=5):
    labels = generator(seed, "labels").integers(k, size=n)
    return np.eye(k)[labels]


def test_equal_mixes_have_an_interval_that_holds_zero_and_has_width():
    found = divergence(
        ClassPair(
            generated=np.eye(5)[np.arange(500) % 5], reference=np.eye(5)[np.arange(500) % 5], classes=tuple("abcde")
        )
    )
    assert found.value == 0
    assert 0 < found.interval.high < 0.05


def test_many_classes_the_debiased_interval_holds_the_divergence_of_the_populations_and_the_value_is_above_it():
    """Of 100 equal classes the plug-in value is .05 by chance: no interval around it could hold 0."""
    found = [
        divergence(
            ClassPair(
                generated=drawn(2 * seed, 2_000, 100), reference=drawn(2 * seed + 1, 2_000, 100), classes=tuple(HUNDRED)
            )
        )
        for seed in range(40)
    ]
    assert min(each.interval.low for each in found) > 0
    assert all("about samples of these sizes" in each.interval.method for each in found)
    mean = np.mean([each.value for each in found])
    # at least 88 of 100 of the intervals hold what they are about
    assert sum(each.interval.low <= mean <= each.interval.high for each in found) >= 36
    assert sum(each.details["debiased_low"] <= 0 <= each.details["debiased_high"] for each in found) >= 36


def test_few_items_a_class_have_no_interval_but_a_reason():
    found = divergence(ClassPair(generated=drawn(0, 20), reference=drawn(1, 500), classes=tuple("abcde")))
    assert found.interval is None
    assert "fewer than 10 items a class" in found.reason_without
    assert found.details["debiased"] < found.value


def test_copies_in_the_reference_widen_the_interval_if_they_are_known():
    reference, clusters = np.repeat(drawn(2, 60), 5, axis=0), np.repeat(np.arange(60), 5)
    generated = drawn(3, 5_000)
    classes = tuple("abcde")
    known = divergence(
        ClassPair(generated=generated, reference=reference, classes=classes, reference_clusters=clusters)
    )
    naive = divergence(ClassPair(generated=generated, reference=reference, classes=classes))
    assert known.value == naive.value
    assert known.interval.high > naive.interval.high


def test_a_reference_with_fixed_shares_narrows_the_interval():
    reference = np.eye(5)[np.arange(500) % 5]
    generated = drawn(4, 500)[:, ::-1] * 1.0
    pair_of = {"generated": generated, "reference": reference, "classes": tuple("abcde")}
    fixed = divergence(ClassPair(**pair_of, reference_strata=np.arange(500) % 5))
    assert fixed.interval.width <= divergence(ClassPair(**pair_of)).interval.width


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_fewest_items_have_a_value_and_a_reason(n):
    found = divergence(ClassPair(generated=drawn(0, n), reference=drawn(1, 500), classes=tuple("abcde")))
    assert found.value > 0
    assert found.reason_without
