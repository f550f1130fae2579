"""Quality within groups: at one size for all, worse where a group was damaged, and no number for a tiny group."""

from dataclasses import replace

import numpy as np
import pytest

from genaudit.metrics import by_group, distances
from genaudit.metrics.options import GroupOptions, KernelOptions
from genaudit.stats.seeds import generator
from genaudit.stats.share_differences import ratio_interval
from genaudit.values.observations import FeaturePair, GroupCodes, NearestTraining, SplitFeatures
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


def near(made, fresh, around=1.0, clusters=None):
    return NearestTraining(
        generated=made,
        generated_around=np.full(len(made), around),
        generated_around_siblings=np.full(len(made), around),
        held_out=fresh,
        held_out_around=np.full(len(fresh), around),
        held_out_clusters=clusters,
        training_items=1000,
    )


def memorised(nearest, made, fresh, levels=("large", "small"), **options):
    codes = (GroupCodes(attribute="kind", levels=levels, generated=made, reference=np.zeros(1, int)),)
    held_out = SplitFeatures(features=np.zeros((len(fresh), 1)), groups={"kind": fresh})
    found = by_group.memorization_ratio_by_group(
        nearest, codes, held_out, options=GroupOptions(**options), rng=generator(0, "choice")
    )
    return {one.group: one for one in found}


def test_the_memorisation_ratio_is_that_of_the_shares_too_near():
    """60 of 200 generated and 20 of 100 held-out items lie too near: 0.3 / 0.2, its interval by the formula itself."""
    nearest = near(np.where(np.arange(200) < 60, 0.5, 2.0), np.where(np.arange(100) < 20, 0.5, 2.0))
    found = memorised(nearest, np.zeros(200, int), np.zeros(100, int), levels=("all",))["kind=all"]
    expected = ratio_interval((60, 200), (20, 100))
    assert found.value == pytest.approx(1.5)
    assert (found.interval.low, found.interval.high) == pytest.approx((expected.low, expected.high))


def test_copies_of_one_group_raise_the_ratio_of_that_group_alone_and_a_denser_group_is_no_copy():
    rng = generator(0, "memorised")
    made, fresh = rng.integers(2, size=4000), rng.integers(2, size=3000)
    dense = np.where(fresh == 1, 0.6, 1.0)  # the second group lies denser: its fresh items are nearer
    nearest = near(rng.random(4000) * np.where(made == 1, 0.6, 1.0), rng.random(3000) * dense, around=0.3)
    alike = memorised(nearest, made, fresh)
    assert all(one.interval.low < 1 < one.interval.high for one in alike.values())
    assert alike["kind=small"].details["too_near"] > alike["kind=large"].details["too_near"] + 0.1
    copied = np.where((made == 0) & (np.arange(4000) % 4 == 0), 0.0, nearest.generated)
    found = memorised(replace(nearest, generated=copied), made, fresh)
    assert found["kind=large"].interval.low > 1.3
    assert found["kind=small"].value == pytest.approx(alike["kind=small"].value, abs=0.1)


def test_all_groups_are_asked_with_equally_many_items_and_a_small_one_has_no_value():
    made, fresh = np.repeat([0, 1], [900, 200]), np.repeat([0, 1], [300, 150])
    rng = generator(0, "sizes")
    nearest = near(rng.random(1100), rng.random(450), around=0.5)
    assert {one.n_generated for one in memorised(nearest, made, fresh).values()} == {200}
    assert {one.parameters["held_out_items_of_each_group"] for one in memorised(nearest, made, fresh).values()} == {150}
    few = memorised(nearest, made, fresh, minimum=160)
    assert few["kind=small"].reason_code == "below_min_n"
    assert "200 generated and 150 held-out items" in few["kind=small"].reason
    assert few["kind=large"].n_generated == 900


def test_items_of_one_source_widen_the_interval_and_no_near_item_leaves_nothing_to_divide_by():
    rng = generator(0, "sources")
    fresh = np.repeat(rng.random(60), 5)  # five renders of a source, all alike
    alone, together = (
        memorised(near(rng.random(300), fresh, 0.5, ids), np.zeros(300, int), np.zeros(300, int), levels=("all",))
        for ids in (None, np.repeat(np.arange(60), 5))
    )
    widths = [one["kind=all"].interval.high - one["kind=all"].interval.low for one in (alone, together)]
    assert widths[1] > 1.3 * widths[0]
    none = memorised(near(rng.random(300), 1 + fresh, 0.5), np.zeros(300, int), np.zeros(300, int), levels=("all",))
    assert none["kind=all"].reason_code == "empty_cell"


def test_the_interval_of_the_ratio_holds_it_though_held_out_items_come_in_fives():
    """Shares .25 and .3, renders of a source alike: 300 draws; 2,000 gave 95.7 of 100."""
    rng, held = generator(0, "coverage"), 0
    for _ in range(300):
        of_source = rng.beta(0.6, 1.4, size=(120, 1))
        fresh, made = (rng.random((120, 5)) > of_source).ravel() + 0.0, (rng.random(600) > 0.25) + 0.0
        nearest = near(made, fresh, 0.5, np.repeat(np.arange(120), 5))
        found = memorised(nearest, np.zeros(600, int), np.zeros(600, int), levels=("all",))["kind=all"]
        held += found.interval.low <= 0.25 / 0.3 <= found.interval.high
    assert held >= 274  # 95 of 100, less three standard errors


def test_held_out_items_that_nobody_reads_have_no_ratio():
    nearest = near(np.ones(200), np.ones(200))
    codes = (GroupCodes(attribute="kind", levels=("a",), generated=np.zeros(200, int), reference=np.zeros(1, int)),)
    held_out = SplitFeatures(features=np.zeros((200, 1)))
    (found,) = by_group.memorization_ratio_by_group(
        nearest, codes, held_out, options=GroupOptions(), rng=generator(0, "choice")
    )
    assert (found.group, found.reason_code) == ("kind", "needs-labels")


def test_the_smallest_group_has_a_least_size():
    with pytest.raises(ValueError, match="10 or more"):
        GroupOptions(minimum=2)
