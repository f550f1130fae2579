"""The distance at infinity, the Gaussian discrepancy and the sliced distance, and the Vendi score."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.errors import NotApplicable
from genaudit.metrics.discrepancy import cmmd
from genaudit.metrics.extrapolation import fid_infinity
from genaudit.metrics.options import (
    ExtrapolationOptions,
    GaussianDiscrepancyOptions,
    SlicedOptions,
    VendiOptions,
)
from genaudit.metrics.sliced import mind
from genaudit.metrics.vendi import vendi
from genaudit.stats.frechet import frechet_distance_of_rows
from genaudit.stats.seeds import generator
from genaudit.values.observations import FeaturePair

OPTIONS = {
    fid_infinity: ExtrapolationOptions,
    cmmd: GaussianDiscrepancyOptions,
    mind: SlicedOptions,
    vendi: VendiOptions,
}
EVERY = pytest.mark.parametrize("metric", OPTIONS, ids=lambda metric: metric.__name__)
DISTANCE = pytest.mark.parametrize("metric", [fid_infinity, cmmd, mind], ids=lambda metric: metric.__name__)


def normal(name, count=500, dimension=6, shift=0.0):
    return generator(0, name).standard_normal((count, dimension)) + shift


def ask(metric, x, y, clusters=None, **options):
    pair = FeaturePair(generated=x, reference=y, reference_clusters=clusters)
    return metric(pair, options=OPTIONS[metric](**options), rng=generator(0, "metric"))


@EVERY
def test_the_interval_holds_its_own_point(metric):
    found = ask(metric, normal("x", shift=0.3), normal("y", 400))
    assert found.interval.low < found.value < found.interval.high
    assert found.n_reference in {400, min(400, found.n_generated)}


@EVERY
def test_order_of_rows_changes_no_value(metric):
    x, y = normal("x"), normal("y", shift=0.2)
    one, other = ask(metric, x, y), ask(metric, x[::-1], y[::-1])
    # the line goes through random parts of the set: another order is another draw, well inside the standard error
    tolerance = one.details["standard_error"] if metric is fid_infinity else 1e-9
    assert other.value == pytest.approx(one.value, abs=tolerance)


@DISTANCE
@pytest.mark.parametrize("damage", ["noise", "shift", "collapse", "dropped half"])
def test_damage_makes_a_distance_larger(metric, damage):
    x, y = normal("x", shift=0.5), normal("y", shift=0.5)
    worse = {
        "noise": x + normal("noise"),
        "shift": x + 0.4,
        "collapse": x * 0.3,
        "dropped half": x[x[:, 0] > 0.5],
    }[damage]
    # at length 1 the Gaussian discrepancy cannot see a collapse towards the origin, and at a width of 10 only means
    options = {"sigma": 2.0, "normalise": False} if metric is cmmd else {}
    good = ask(metric, x, y, **options)
    assert ask(metric, worse, y, **options).value > good.value + 2 * good.details["standard_error"]


@DISTANCE
def test_a_set_compared_with_itself_is_at_the_bound(metric):
    x = normal("x")
    tolerance = 0.15 if metric is fid_infinity else 1e-9  # what is left of the line's bias
    assert ask(metric, x, x).value == pytest.approx(0, abs=tolerance)


@EVERY
def test_rows_that_are_not_finite_are_named(metric):
    x = normal("x")
    x[17, 3] = np.nan
    with pytest.raises(ValueError, match=r"row 17|finite"):
        ask(metric, x, normal("y"))


@EVERY
def test_one_item_is_too_few(metric):
    with pytest.raises(NotApplicable, match=r"2 |3 "):
        ask(metric, normal("x", 1), normal("y"))


def test_the_distance_at_infinity_lies_below_the_plug_in_distance():
    x, y = normal("x"), normal("y", 4000)
    found = ask(fid_infinity, x, y)
    assert found.details["of_all_items"] == pytest.approx(frechet_distance_of_rows(x, y), rel=1e-9)
    assert found.value < found.details["of_all_items"]
    assert (found.parameters["smallest_size"], found.parameters["largest_size"]) == (50, 500)
    assert found.series[0].y[0] == found.value
    assert found.note == ""


def test_a_line_through_sets_smaller_than_the_dimension_is_said():
    assert "60 items for" not in ask(fid_infinity, normal("x", 600, 30), normal("y", 300, 30)).note
    found = ask(fid_infinity, normal("x", 200, 30), normal("y", 300, 30))
    assert found.note.startswith("The smallest set has 20 items for 30 dimensions")


def test_the_discrepancy_equals_its_definition():
    x, y = normal("x", 30), normal("y", 20)
    u, v = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (x, y))

    def mean(a, b):
        return np.mean([[np.exp(-((p - q) @ (p - q)) / 200) for q in b] for p in a])

    expected = 1000 * (mean(u, u) + mean(v, v) - 2 * mean(u, v))
    assert ask(cmmd, x, y).value == pytest.approx(expected, rel=1e-9)
    assert ask(cmmd, x, y).details["unbiased"] < expected


def test_the_discrepancy_takes_some_items_wherever_they_stand_and_says_how_many():
    """Two halves far apart, one after the other on one side and the other way round on the other: equal sets."""
    halves = np.repeat([[-5.0], [5.0]], 200, axis=0)
    found = ask(cmmd, normal("x", 400) + halves, normal("y", 400) + halves[::-1], items=100)
    assert (found.n_generated, found.n_reference) == (100, 100)
    apart = ask(cmmd, normal("x", 100, shift=-5), normal("y", 100, shift=5)).value
    assert abs(found.details["unbiased"]) < 0.03 * apart


@pytest.mark.parametrize("metric", [cmmd, vendi])
def test_features_without_a_direction_make_it_unavailable(metric):
    x = normal("x")
    x[3] = 0
    with pytest.raises(NotApplicable, match="generated item 3"):
        ask(metric, x, normal("y"))


def test_the_sliced_distance_of_shifted_sets_is_three_times_the_squared_shift():
    x = normal("x")
    # 3 d · |shift|² / d, up to the choice of directions
    found = ask(mind, x, x + 0.5, projections=4000)
    assert found.value == pytest.approx(3 * 6 * 0.25, abs=3 * found.details["projection_error"])


def test_the_larger_set_is_thinned():
    found = ask(mind, normal("x", 900), normal("y", 300))
    assert (found.n_generated, found.n_reference) == (300, 300)


def test_clusters_widen_the_interval():
    y = np.repeat(normal("y", 100), 5, axis=0)
    for metric in (fid_infinity, cmmd, mind):
        blind = ask(metric, normal("x", shift=0.5), y)
        aware = ask(metric, normal("x", shift=0.5), y, clusters=np.arange(500) // 5)
        assert aware.interval.width > blind.interval.width


def test_vendi_falls_with_collapse_and_names_the_score_of_the_reference():
    x, y = normal("x"), normal("y", shift=0.1)
    full, collapsed = ask(vendi, x, y), ask(vendi, x * [1, 0.1, 0.1, 0.1, 0.1, 0.1], y)
    assert full.value == pytest.approx(6, abs=0.1)
    assert collapsed.value < full.value - 2 * full.details["standard_error"]
    assert full.details["reference"] == pytest.approx(ask(vendi, y, x).value, rel=1e-12)
    assert ask(vendi, x, y, q=float("inf")).value < ask(vendi, x, y, q=2.0).value < full.value


def test_few_items_have_a_vendi_score_without_an_interval():
    """Of two items both influences are equal whatever they are: an interval of no width would be claimed."""
    for count, reason in ((2, "It needs 5 independent items; there are 2."), (4, "there are 4."), (5, "")):
        rows = generator(0, "few").normal(size=(count, 3))
        found = vendi(FeaturePair(generated=rows, reference=rows), options=VendiOptions(), rng=generator(0, "metric"))
        assert reason in found.reason_without
        assert (found.interval is None) == bool(reason)


@pytest.mark.parametrize("size", [0.0, 1e-300])
def test_a_row_without_a_length_has_no_direction_and_is_named(size):
    rows = normal("x", 8)
    rows[3] *= size
    with pytest.raises(NotApplicable, match="Features of generated item 3 have no length"):
        ask(vendi, rows, normal("y", 8))
