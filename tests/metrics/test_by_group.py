"""Quality within groups: at one size for all, worse where a group was damaged, and no number for a tiny group."""

import numpy as np
import pytest

from genaudit.metrics import by_group, distances
from genaudit.metrics.options import GroupOptions, KernelOptions
from genaudit.stats.seeds import generator
from genaudit.values.observations import FeaturePair, GroupCodes, NearestTraining
from genaudit.values.results import Estimate, Unavailable

SIZES = {"large": (600, 500), "small": (150, 120)}


def world(shift=0.0, sizes=SIZES):
    """Two groups of normal features; the generated items of the small one are shifted."""
    rng = generator(0, "by-group")
    made, real, codes = [], [], ([], [])
    for number, (n, m) in enumerate(sizes.values()):
        made.append(rng.normal(shift if number == 1 else 0.0, 1, size=(n, 4)))
        real.append(rng.normal(size=(m, 4)))
        codes[0].append(np.full(n, number))
        codes[1].append(np.full(m, number))
    one = GroupCodes(
        attribute="kind", levels=tuple(sizes), generated=np.concatenate(codes[0]), reference=np.concatenate(codes[1])
    )
    return FeaturePair(generated=np.concatenate(made), reference=np.concatenate(real)), (one,)


def answers(measure, pair, codes, **options):
    found = measure(pair, codes, options=GroupOptions(**options), rng=generator(0, "choice"))
    return {one.group: one for one in found}


MEASURES = (by_group.kid_by_group, by_group.recall_by_group, by_group.coverage_by_group)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_group_is_compared_with_as_many_items_as_the_smallest_has(measure):
    found = answers(measure, *world())
    assert {(one.n_generated, one.n_reference) for one in found.values()} == {(120, 120)}
    assert {one.parameters["items_of_each_group"] for one in found.values()} == {120}
    assert all(one.interval is not None for one in found.values())


def test_groups_of_one_distribution_are_alike_whatever_their_sizes():
    """At their own sizes coverage of the large group would be far higher, although nothing is wrong with the small."""
    found = answers(by_group.coverage_by_group, *world())
    one, other = found["kind=large"], found["kind=small"]
    assert one.interval.low <= other.interval.high
    assert other.interval.low <= one.interval.high
    expected = one.details["expected_of_a_perfect_model"]
    assert {other.details["expected_of_a_perfect_model"]} == {expected}


def test_a_damaged_group_is_worse_and_the_other_is_not():
    before, after = (answers(by_group.kid_by_group, *world(shift)) for shift in (0.0, 1.0))
    assert after["kind=small"].value > after["kind=large"].value + 0.1
    assert after["kind=large"].value == pytest.approx(before["kind=large"].value)
    for measure in (by_group.recall_by_group, by_group.coverage_by_group):
        hit = answers(measure, *world(2.0))
        assert hit["kind=small"].value < hit["kind=large"].value - 0.2


def test_one_group_that_needs_no_choice_has_the_metrics_own_value():
    pair, _ = world()
    everything = GroupCodes(
        attribute="kind", levels=("all",), generated=np.zeros(620, int), reference=np.zeros(620, int)
    )
    same = FeaturePair(generated=pair.generated[:620], reference=pair.reference)
    found = answers(by_group.kid_by_group, same, (everything,))["kind=all"]
    expected = distances.kernel_distance(same, options=KernelOptions(), rng=generator(0, "any"))
    assert found.value == pytest.approx(expected.value, rel=1e-12)
    assert (found.interval.low, found.interval.high) == pytest.approx((expected.interval.low, expected.interval.high))


def test_a_group_with_too_few_items_has_no_number_and_limits_nobody():
    found = answers(by_group.kid_by_group, *world(sizes={"large": (600, 500), "small": (600, 99)}))
    assert isinstance(found["kind=small"], Unavailable)
    assert found["kind=small"].reason_code == "below_min_n"
    assert "600 generated and 99 reference items" in found["kind=small"].reason
    assert found["kind=large"].n_generated == 500


def test_copies_of_one_group_are_seen_in_that_group_alone():
    _, codes = world(sizes={"large": (300, 10), "small": (200, 10)})
    distance = np.where(codes[0].generated == 0, 2.0, 0.0)
    nearest = NearestTraining(
        generated=distance,
        generated_around=np.ones(500),
        generated_around_siblings=np.ones(500),
        held_out=np.ones(5),
        held_out_around=np.ones(5),
        held_out_clusters=None,
        training_items=1000,
    )
    found = answers(by_group.authenticity_by_group, nearest, codes)
    assert (found["kind=large"].value, found["kind=small"].value) == (1.0, 0.0)
    few = answers(by_group.authenticity_by_group, nearest, codes, minimum=250)
    assert isinstance(few["kind=large"], Estimate)
    assert isinstance(few["kind=small"], Unavailable)


def test_the_smallest_group_has_a_least_size():
    with pytest.raises(ValueError, match="10 or more"):
        GroupOptions(minimum=2)
