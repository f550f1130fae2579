"""What real items score against other real ones: the reach of a perfect model."""

import numpy as np
import pytest

from genaudit.metrics.neighbourhoods import precision, recall
from genaudit.metrics.options import PrecisionRecallOptions
from genaudit.probes.neighbours import LEAST_IN_HALF, real_halves
from genaudit.stats.neighbours import neighbours
from genaudit.stats.seeds import generator
from genaudit.values.observations import Neighbours

K = PrecisionRecallOptions(k=3)


def normal(name, count=1_000, dimension=8):
    return generator(0, name).standard_normal((count, dimension))


def halves(real, clusters=None, ks=(3,)):
    return real_halves(real, clusters, ks, generator(0, "halves"))


def test_a_perfect_model_has_the_precision_and_the_recall_of_one_real_half_against_the_other():
    real, perfect = normal("real"), normal("perfect")
    found = neighbours(real, perfect, [3], rng=generator(0, "blocks"))
    told = halves(real)
    assert told.items == 500
    # 3 standard errors: of 1,000 and of twice 500 items, of which about 0.8 lie inside
    tolerance = 3 * np.sqrt(2 * 0.8 * 0.2 / 1_000)
    assert found.hits[3].inside_real.mean() == pytest.approx(told.shares[3], abs=tolerance)
    assert found.hits[3].inside_generated.mean() == pytest.approx(told.shares[3], abs=tolerance)
    assert told.shares[3] < 0.95  # far enough from 1 for the detail to be worth saying


def test_on_a_line_three_of_four_items_lie_in_the_balls_of_the_others():
    # k = 1: gaps between items are alike, L; the balls at its ends reach min(L, A) and min(L, B) into it, with the gaps
    # A and B beside it. Missed: E(L - A - B)+ / E L for three exponential lengths, which is (1/2)² = 1/4.
    told = halves(generator(0, "line").random((4_000, 1)), ks=(1,))
    assert told.shares[1] == pytest.approx(0.75, abs=0.035)  # 3 standard deviations, .011 each, of simulated lines


def test_renders_of_one_source_stay_in_one_half():
    once = normal("sources", count=200)
    real, sources = np.repeat(once, 5, axis=0), np.repeat(np.arange(200), 5)
    real = real + 1e-6 * normal("jitter", count=1_000)
    assert halves(real).shares[3] > 0.95  # taken as independent, each half finds its own sources in the other
    apart = halves(real, sources)
    assert apart.items == 500
    assert apart.shares[3] == pytest.approx(halves(once, ks=(1,)).shares[1], abs=0.08)  # 3 standard errors of 200


def test_sources_of_unlike_size_give_halves_of_equal_size():
    sources = np.repeat(np.arange(60), np.arange(1, 61))
    told = halves(normal("unlike", count=len(sources)), sources)
    assert LEAST_IN_HALF <= told.items <= len(sources) // 2


@pytest.mark.parametrize("count", [2, 2 * LEAST_IN_HALF - 2])
def test_too_few_items_are_not_halved(count):
    assert halves(normal("few", count=count)) is None
    assert halves(normal("one source"), np.zeros(1_000, dtype=np.int64)) is None


def test_a_k_that_fits_into_no_half_is_left_out():
    real = normal("real", count=2 * LEAST_IN_HALF)
    assert set(halves(real, ks=(3, LEAST_IN_HALF - 1, LEAST_IN_HALF)).shares) == {3, LEAST_IN_HALF - 1}
    assert halves(real, ks=(LEAST_IN_HALF,)) is None


def test_what_was_generated_changes_nothing_of_it_and_it_stands_beside_both_numbers():
    real = normal("real")
    told = halves(real)
    for made in (normal("made"), 3 + normal("made"), 0 * normal("made")):
        found = Neighbours(hits=neighbours(real, made, [3], rng=generator(0, "blocks")).hits, real_halves=told)
        for metric in (precision, recall):
            details = metric(found, options=K, rng=generator(0, "metric")).details
            assert details["expected_of_a_perfect_model"] == told.shares[3]
            assert details["items_of_each_real_half"] == 500


def test_numbers_of_groups_and_too_small_sets_do_without():
    found = neighbours(normal("real"), normal("made"), [3], rng=generator(0, "blocks"))
    assert "expected_of_a_perfect_model" not in precision(found, options=K, rng=generator(0, "metric")).details
