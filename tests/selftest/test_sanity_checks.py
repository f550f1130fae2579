"""Metrics react to known flaws as they should, or as is known of them."""

from dataclasses import fields, replace

import numpy as np
import pytest

from genaudit.metrics import neighbourhoods
from genaudit.selftest.sanity_check import Reaction, Reading, SanityResult, Verdict, readings, run_check
from genaudit.selftest.sanity_table import SANITY
from genaudit.stats.seeds import generator

BY_NAME = {check.name: check for check in SANITY}


@pytest.mark.parametrize("check", SANITY, ids=lambda check: check.name)
def test_no_metric_reacts_in_an_unexpected_way(check):
    for result in run_check(check):
        assert result.verdict is not Verdict.FAILED, (result.metric, result.clean, result.flawed)


@pytest.mark.parametrize("check", SANITY, ids=lambda check: check.name)
def test_a_known_weakness_belongs_to_an_expectation_and_names_why(check):
    assert set(check.known) <= set(check.expected)
    assert all(check.known.values())


def arrays_of(state):
    """Every array of a world's state, in the order of its fields."""
    return [getattr(state, one.name) for one in fields(state) if isinstance(getattr(state, one.name), np.ndarray)]


@pytest.mark.parametrize("check", SANITY, ids=lambda check: check.name)
def test_a_world_is_finite_and_the_same_every_time(check):
    first, second = (check.world(generator(0, "test")) for _ in range(2))
    for state, again in zip(first, second, strict=True):
        assert arrays_of(state)
        for array, same in zip(arrays_of(state), arrays_of(again), strict=True):
            assert np.isfinite(array).all()
            assert (array == same).all()


def test_of_two_sets_both_have_one_shape():
    compared = [check for check in SANITY if check.read is readings]
    assert len(compared) >= 15
    for check in compared:
        assert all(sets.real.shape == sets.generated.shape for sets in check.world(generator(0, "test")))


@pytest.mark.parametrize(
    ("name", "metric", "story"),
    [
        ("units turned", "total_correlation", Reaction.RISES),
        ("codes apart from the prior", "aggregate_posterior_gap", Reaction.RISES),
        ("encoder off", "amortization_gap", Reaction.RISES),
        ("axes of latents turned", "approximation_gap", Reaction.RISES),
        ("decoder off", "log_likelihood", Reaction.FALLS),
        ("latents of all lengths", "interpolation_realism [slerp]", Reaction.STAYS),
        ("no straight direction", "attribute_direction_accuracy", Reaction.FALLS),
    ],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_codes_and_chains_react_whatever_is_drawn(name, metric, story, seed):
    check = BY_NAME[name]
    clean, flawed = (check.read(state) for state in check.world(generator(seed, "test-worlds", name)))
    assert SanityResult(check=check, metric=metric, clean=clean[metric], flawed=flawed[metric]).reaction is story


def test_the_documented_weaknesses_are_seen():
    known = {
        (result.check.name, result.metric)
        for name in ("outlier among real items", "simultaneous mode dropping", "hypersphere", "copies")
        for result in run_check(BY_NAME[name])
        if result.verdict is Verdict.KNOWN
    }
    assert known >= {
        ("outlier among real items", "precision"),
        ("simultaneous mode dropping", "recall"),
        ("hypersphere", "precision"),
        ("copies", "fid"),
    }


def test_a_metric_that_stopped_reacting_fails(monkeypatch):
    monkeypatch.setattr(neighbourhoods, "recall", neighbourhoods.precision)
    verdicts = {result.metric: result.verdict for result in run_check(BY_NAME["mode collapse"])}
    assert verdicts["recall"] is Verdict.FAILED
    assert verdicts["coverage"] is Verdict.PASSED


@pytest.mark.parametrize(
    ("clean", "flawed", "error", "reaction"),
    [
        (0.5, 0.61, None, Reaction.RISES),
        (0.5, 0.45, None, Reaction.STAYS),
        (0.5, 0.2, None, Reaction.FALLS),
        (1.0, 5.0, 1.0, Reaction.STAYS),
        (1.0, 6.0, 1.0, Reaction.RISES),
    ],
)
def test_shares_move_by_a_tenth_and_distances_by_three_standard_errors(clean, flawed, error, reaction):
    readings = (Reading(value=clean, error=error), Reading(value=flawed, error=error))
    result = SanityResult(check=SANITY[0], metric="precision", clean=readings[0], flawed=readings[1])
    assert result.reaction is reaction


@pytest.mark.parametrize(
    ("wanted", "flawed", "verdict"),
    [
        (Reaction.VANISHES, 0.05, Verdict.PASSED),
        (Reaction.VANISHES, 0.4, Verdict.FAILED),
        (Reaction.NO_FALL, 1.0, Verdict.PASSED),
        (Reaction.NO_FALL, 0.9, Verdict.PASSED),
        (Reaction.NO_FALL, 0.4, Verdict.FAILED),
    ],
)
def test_an_expectation_may_be_a_bound(wanted, flawed, verdict):
    check = replace(SANITY[0], expected={"precision": wanted}, known={})
    result = SanityResult(check=check, metric="precision", clean=Reading(value=0.9), flawed=Reading(value=flawed))
    assert result.verdict is verdict
