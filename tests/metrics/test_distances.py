from __future__ import annotations

import numpy as np
import pytest

from genaudit.errors import NotApplicable
from genaudit.metrics.distances import frechet_distance, kernel_distance
from genaudit.metrics.options import FrechetOptions, KernelOptions
from genaudit.stats.frechet import frechet_distance_of_rows
from genaudit.stats.kernels import polynomial_mmd
from genaudit.stats.seeds import generator
from genaudit.values.observations import FeaturePair


def normal(name, count=600, dimension=8, scale=1.0, shift=0.0):
    return generator(0, name).standard_normal((count, dimension)) * scale + shift


def pair(generated=None, reference=None, clusters=None):
    return FeaturePair(
        generated=normal("x") if generated is None else generated,
        reference=normal("y") if reference is None else reference,
        reference_clusters=clusters,
    )


def fid(features, seed=0, **options):
    return frechet_distance(features, options=FrechetOptions(**options), rng=generator(seed, "fid"))


def kid(features, seed=0, **options):
    return kernel_distance(features, options=KernelOptions(**options), rng=generator(seed, "kid"))


BOTH = pytest.mark.parametrize("metric", [fid, kid])


def test_frechet_value_is_the_plug_in_distance_inside_its_interval():
    x, y = normal("x", shift=0.3), normal("y", 400)
    found = fid(pair(x, y))
    assert found.value == pytest.approx(frechet_distance_of_rows(x, y), rel=1e-10)
    assert found.interval.low < found.value < found.interval.high
    assert found.interval.method == (
        "t interval, 9 degrees of freedom; jackknife over 10 blocks of both sides, centred on the plug-in value"
    )
    assert (found.n_generated, found.n_reference) == (600, 400)


def test_frechet_details_hold_the_debiased_value_and_the_expected_bias():
    found = fid(pair())
    # (d + d(d+1)/4)(1/n + 1/m) for d = 8; the eigenvalues are those of a sample of 600, a few per cent off
    assert found.details["bias_if_normal"] == pytest.approx(26 * 2 / 600, rel=0.1)
    # one draw of a weighted sum of 44 squares (8 of weight 1, 36 of weight 1/2): its spread is 0.22 of its mean
    assert found.value == pytest.approx(26 * 2 / 600, rel=0.35)
    assert found.details["debiased_low"] < 0 < found.details["debiased_high"]
    assert found.details["debiased"] < found.value


def test_frechet_details_hold_the_ranks_of_both_covariances():
    flat = normal("y", 400)
    flat[:, 3] = flat[:, 0]
    found = fid(pair(normal("x", 5), flat)).details
    assert (found["rank_generated"], found["rank_reference"]) == (4, 7)


def test_frechet_divisor_is_an_option():
    found = fid(pair(np.array([[0.0], [2.0]]), np.array([[0.0], [4.0]])))
    assert found.value == pytest.approx(3, abs=1e-12)
    assert found.reason_without == "A jackknife needs at least 3 independent items on both sides."
    assert fid(pair(np.array([[0.0], [2.0]]), np.array([[0.0], [4.0]])), ddof=0).value == pytest.approx(2, abs=1e-12)


def test_few_items_for_the_dimension_are_said():
    assert fid(pair()).note == ""
    few = fid(pair(normal("x", 79)))
    assert few.note.startswith("With 79 independent items for 8 dimensions")
    assert f"about {few.details['bias_if_normal']:.2g} if features are normal" in few.note
    sources = fid(pair(clusters=np.arange(600) // 10)).note
    assert sources.startswith("With 60 independent items")
    assert "at least" in sources
    assert "read the debiased value" in few.note


def test_below_one_item_a_dimension_no_value_is_called_debiased():
    # measured for normal features of one distribution, half as many items as dimensions: no interval held the 0
    found = [fid(pair(normal(f"x{seed}", 32, 64), normal(f"y{seed}", 32, 64))) for seed in range(5)]
    assert all(one.details["partly_debiased"] > 3 * one.details["standard_error"] for one in found)
    assert not any("debiased" in one.details or "debiased_low" in one.details for one in found)
    assert all("at least" in one.note and "takes off only part of it" in one.note for one in found)


@BOTH
def test_order_of_rows_changes_no_value(metric):
    x, y = normal("x"), normal("y", shift=0.2)
    assert metric(pair(x[::-1], y[::-1])).value == pytest.approx(metric(pair(x, y)).value, rel=1e-9)


@BOTH
@pytest.mark.parametrize("damage", ["noise", "shift", "collapse", "dropped half"])
def test_damage_makes_it_worse(metric, damage):
    x = normal("x")
    worse = {
        "noise": x + normal("noise", scale=0.7),
        "shift": x + 0.4,
        "collapse": x * 0.3,
        "dropped half": x[x[:, 0] > 0],
    }[damage]
    assert metric(pair(worse)).value > metric(pair(x)).value + 2 * metric(pair(x)).details["standard_error"]


@BOTH
def test_rows_that_are_not_finite_are_named(metric):
    x = normal("x")
    x[17, 3] = np.nan
    with pytest.raises(ValueError, match="row 17"):
        metric(pair(x))


@BOTH
def test_one_item_is_too_few(metric):
    with pytest.raises(NotApplicable, match="2 "):
        metric(pair(normal("x", 1)))


def test_kernel_value_is_the_full_statistic_with_its_error():
    x, y = normal("x", shift=0.5), normal("y")
    found, expected = kid(pair(x, y)), polynomial_mmd(x, y)
    assert found.value == expected.value
    assert found.details["standard_error"] == expected.standard_error
    assert found.note == ""


def test_kernel_distance_of_equal_distributions_says_that_0_is_inside():
    found = kid(pair())
    assert found.interval.low < 0 < found.interval.high
    assert "factor of 1.4" not in found.note
    clustered = FeaturePair(
        generated=pair().generated,
        reference=pair().reference,
        reference_clusters=np.arange(len(pair().reference)) // 2,
    )
    assert "factor of 1.4" in kid(clustered).note


def test_kernel_distance_of_a_set_to_itself_says_why_it_is_below_0():
    x = normal("x", 60)
    for options in ({}, {"subsets": 5, "subset_size": 60}):
        found = kid(pair(x, x[::-1]), **options)
        assert found.value < 0
        assert found.note.startswith("Both sets hold the same items")


def test_an_interval_below_0_is_chance_or_sets_that_are_not_independent():
    x = normal("x", 60)
    found = kid(pair(x, x + 1e-3 * normal("noise", 60)))
    assert found.interval.high < 0
    assert "the sets are not independent" in found.note


@pytest.mark.parametrize(
    ("scale", "offset", "said"),
    [
        (1, 0, ""),
        (1, 3, ""),
        (1e-8, 0, "too small beside the number"),
        (30, 0, "power 6 of the features' scale"),
        (1, 1e3, "Subtract one vector"),
        (1, 1e8, "Subtract one vector"),
    ],
)
def test_kernel_distance_says_when_the_scale_of_the_features_makes_it_unreadable(scale, offset, said):
    x, y = (scale * normal(name, 60, shift=shift) + offset for name, shift in (("x", 0.5), ("y", 0)))
    assert said in kid(pair(x, y)).note
    assert bool(kid(pair(x, y)).note) is bool(said)


def test_published_protocol_draws_subsets_and_is_wider():
    features = pair(normal("x", shift=0.5))
    full, drawn = kid(features), kid(features, subsets=50, subset_size=100)
    assert drawn.value == pytest.approx(full.value, abs=3 * drawn.details["standard_error"])
    assert drawn.value == kid(features, subsets=50, subset_size=100).value
    assert drawn.value != kid(features, seed=1, subsets=50, subset_size=100).value
    assert drawn.interval.width > full.interval.width
    assert drawn.parameters == {"subset_size_used": 100}
    assert drawn.details["full_sample"] == full.value


def test_renders_of_one_item_do_not_raise_the_kernel_distance():
    y = np.repeat(normal("y", 100), 6, axis=0)
    ids = np.repeat(np.arange(100), 6)
    aware, blind = kid(pair(reference=y, clusters=ids)), kid(pair(reference=y))
    assert aware.details["every_pair"] == pytest.approx(blind.value, rel=1e-12)
    assert aware.value < blind.value
    assert aware.interval.width > blind.interval.width
