"""Which unit tells which factor: known answers, turned codes, sources that are never split, and what is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import tiny
from tiny_context import tiny_context

from genaudit.errors import NotApplicable
from genaudit.metrics import factors as metrics
from genaudit.metrics.latent_options import FactorOptions
from genaudit.plugin.options import NoOptions
from genaudit.probes import posterior
from genaudit.probes.factors import factor_classifiers, labelled_codes
from genaudit.stats.seeds import generator
from genaudit.values.latents import KnownFactor, LabelledCodes
from genaudit.values.observations import Posteriors


def world(count=400, *, noise=0.3, units=4, seed=0, clusters=None):
    """Unit 0 names the shape of three, unit 1 the size of two, all others carry the prior."""
    rng = generator(seed, "factors")
    shape, size = rng.integers(3, size=count), rng.integers(2, size=count)
    means = np.zeros((count, units))
    means[:, 0], means[:, 1] = 1.5 * (shape - 1), 2 * size - 1
    means += noise * rng.normal(size=means.shape)
    return LabelledCodes(
        means=means,
        log_variances=np.full(means.shape, 2 * math.log(noise)),
        factors=(
            KnownFactor(name="shape", levels=("round", "square", "long"), labels=shape),
            KnownFactor(name="size", levels=("small", "large"), labels=size),
        ),
        clusters=clusters,
    )


def turned(codes, angle=math.pi / 4):
    """The first two units turned; all posteriors have one width, so that they stay what they are."""
    turn = np.eye(codes.means.shape[1])
    turn[:2, :2] = [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    return replace(codes, means=codes.means @ turn.T)


def gap(codes):
    return metrics.mig(codes, options=NoOptions(), rng=generator(0))


def read(codes, **changes):
    return factor_classifiers(tiny_context(**changes), codes).value


def probed(codes):
    found = metrics.linear_probe_accuracy(read(codes), options=FactorOptions(), rng=generator(0))
    return {one.group: one for one in found}


def dci(codes, **changes):
    found = read(codes, **changes)
    return {
        name: getattr(metrics, f"dci_{name}")(found, options=FactorOptions(), rng=generator(0))
        for name in ("disentanglement", "completeness", "informativeness")
    }


def test_one_unit_for_each_factor_has_the_gap_of_its_information():
    codes = world(2000, noise=0.05)
    found = gap(codes)
    assert found.value == pytest.approx(1, abs=0.03)
    assert found.details["shape_best_unit"] == pytest.approx(math.log(3), abs=0.02)
    assert found.details["size"] == pytest.approx(1, abs=0.03)
    assert found.parameters == {"latent_units": 4, "factors": "shape, size"}
    assert found.n_reference == 2000


def test_a_factor_that_two_units_tell_alike_has_no_gap():
    codes = world(noise=0.05)
    twice = replace(
        codes,
        means=np.column_stack([codes.means, codes.means[:, :2]]),
        log_variances=np.column_stack([codes.log_variances, codes.log_variances[:, :2]]),
    )
    assert gap(twice).value == pytest.approx(0, abs=1e-9)
    assert dci(twice)["completeness"].value < 0.8 * dci(codes)["completeness"].value


def test_turning_codes_mixes_factors_and_hides_nothing_from_a_line():
    codes = world()
    assert gap(turned(codes)).value < 0.3 * gap(codes).value
    straight, mixed = dci(codes), dci(turned(codes))
    assert straight["disentanglement"].value > 0.9
    assert straight["completeness"].value > 0.9
    assert mixed["disentanglement"].value < 0.6
    assert mixed["completeness"].value < 0.7
    for attribute in ("shape", "size"):
        assert probed(turned(codes))[attribute].value == pytest.approx(probed(codes)[attribute].value, abs=0.01)


def test_the_gap_is_the_mean_of_what_each_image_adds_so_that_runs_can_be_compared_by_images():
    codes = replace(world(400, noise=0.3), clusters=np.arange(400) // 4 + 7)
    found = gap(codes)
    terms = np.array(found.terms)
    assert terms.mean() == pytest.approx(found.value, abs=1e-12)
    assert found.clusters == tuple(np.arange(400) // 4)
    sums = np.add.reduceat((terms - found.value) / 400, np.arange(0, 400, 4))
    assert found.interval.standard_error == pytest.approx(math.sqrt(100 / 99 * float(sums @ sums)))


def test_noise_in_codes_lowers_what_can_be_read():
    accuracy = [probed(world(noise=noise))["shape"].value for noise in (0.1, 0.7, 2)]
    assert accuracy == sorted(accuracy, reverse=True)
    told = [dci(world(noise=noise))["informativeness"].value for noise in (0.1, 0.7, 2)]
    assert told == sorted(told, reverse=True)
    assert gap(world(noise=0.1)).value > gap(world(noise=1)).value


def test_order_of_images_and_of_units_does_not_matter():
    codes = world()
    back = replace(
        codes,
        means=codes.means[::-1, ::-1],
        log_variances=codes.log_variances[::-1, ::-1],
        factors=tuple(replace(one, labels=one.labels[::-1]) for one in codes.factors),
    )
    assert gap(back).value == pytest.approx(gap(codes).value, abs=1e-9)
    for name in ("disentanglement", "completeness"):
        assert dci(back)[name].value == pytest.approx(dci(codes)[name].value, abs=1e-2)  # an optimum to its tolerance


def test_codes_that_hold_nothing_are_read_as_often_as_the_most_common_level():
    codes = world(1000)
    nothing = replace(codes, means=generator(0, "nothing").normal(size=codes.means.shape))
    found = probed(nothing)["shape"]
    assert found.interval.low < found.details["most_common_level"] < found.interval.high + 0.05
    share = np.bincount(codes.factors[0].labels).max() / 1000
    assert found.details["most_common_level"] == share
    assert gap(nothing).value < 0.05


def test_renders_of_one_source_never_stand_on_both_sides():
    # every source has a label of its own that says nothing of others: only its own renders could tell it
    rng = generator(0, "sources")
    sources = np.repeat(np.arange(60), 5)
    means = rng.normal(size=(60, 50)).repeat(5, axis=0) + 0.01 * rng.normal(size=(300, 50))
    labels = rng.integers(2, size=60).repeat(5)
    factor = KnownFactor(name="side", levels=("left", "right"), labels=labels)
    codes = LabelledCodes(means=means, log_variances=means * 0, factors=(factor,), clusters=sources)
    assert abs(probed(codes)["side"].value - 0.5) < 0.2
    assert probed(replace(codes, clusters=None))["side"].value > 0.7


def test_renders_of_one_source_widen_every_interval():
    codes = world(60, noise=0.5)
    many = replace(
        codes,
        means=codes.means.repeat(5, axis=0),
        log_variances=codes.log_variances.repeat(5, axis=0),
        factors=tuple(replace(one, labels=one.labels.repeat(5)) for one in codes.factors),
        clusters=np.repeat(np.arange(60), 5),
    )
    alone = replace(many, clusters=None)
    assert gap(many).interval.width > 1.5 * gap(alone).interval.width
    assert dci(many)["informativeness"].interval.width > 1.5 * dci(alone)["informativeness"].interval.width
    assert probed(many)["shape"].interval.width > 1.5 * probed(alone)["shape"].interval.width


def test_the_interval_of_the_gap_holds_that_of_many_images_in_at_least_90_of_100_repetitions():
    truth = gap(world(20_000, noise=0.6, units=3, seed=1000)).value
    held = 0
    for seed in range(100):
        found = gap(world(400, noise=0.6, units=3, seed=seed))
        held += found.interval.low <= truth <= found.interval.high
    assert held >= 90


def test_notes_say_how_few_factors_there_are_and_which_go_together():
    codes = world()
    assert gap(codes).note == dci(codes)["disentanglement"].note == "Coarse: about shape and size, and no other factor."
    assert dci(codes)["completeness"].note == dci(codes)["informativeness"].note == ""
    shape = codes.factors[0].labels
    tied = replace(codes, factors=(codes.factors[0], replace(codes.factors[1], labels=(shape > 0).astype(int))))
    assert "Shape and size go together here (100% of the smaller entropy)" in gap(tied).note
    assert probed(codes)["size"].note == ""


def test_one_factor_is_nothing_to_keep_apart():
    codes = world()
    alone = replace(codes, factors=codes.factors[:1])
    with pytest.raises(NotApplicable, match="2 known factors or more; here is shape"):
        gap(alone)
    for metric in (metrics.dci_disentanglement, metrics.dci_completeness, metrics.dci_informativeness):
        with pytest.raises(NotApplicable, match="here is shape"):
            metric(read(alone), options=FactorOptions(), rng=generator(0))
    assert set(probed(alone)) == {"shape"}


def test_what_the_model_was_told_counts_as_no_factor_of_its_codes():
    told = replace(world(), given="size")
    with pytest.raises(NotApplicable, match="here is shape; size was told to the model"):
        gap(told)
    assert "was told the true size" in probed(told)["size"].note
    with pytest.raises(NotApplicable, match="here is shape; size was told to the model"):
        dci(told)


def test_one_unit_has_no_second_best_and_one_source_no_other():
    codes = world(units=2)
    narrow = replace(codes, means=codes.means[:, :1], log_variances=codes.log_variances[:, :1])
    with pytest.raises(NotApplicable, match="no second best"):
        gap(narrow)
    with pytest.raises(NotApplicable, match="nothing to spread"):
        metrics.dci_completeness(read(narrow), options=FactorOptions(), rng=generator(0))
    lonely = replace(codes, clusters=np.zeros(400, dtype=int))
    for ask in (gap, read):
        with pytest.raises(NotApplicable, match=r"2 sources|of other sources"):
            ask(lonely)


def test_importance_is_what_is_lost_when_a_unit_is_taken_from_another_image():
    codes = world(2000, noise=0.05)
    size = read(codes).classifiers[1]
    # of two levels another image has the same one half of the time: then nothing is lost, else all
    assert size.lost == pytest.approx([0, 0.5, 0, 0], abs=0.03)
    assert size.correct.all()


def test_units_of_noise_cost_completeness_next_to_nothing_however_few_images():
    few, many = dci(world(150, noise=0.5, units=8)), dci(world(5000, noise=0.5, units=8))
    assert few["completeness"].value > 0.9
    assert many["completeness"].value > 0.99
    assert few["disentanglement"].value > 0.95


def test_codes_that_are_all_one_have_no_importance():
    codes = world()
    with pytest.raises(NotApplicable, match="No unit tells anything"):
        dci(replace(codes, means=np.zeros(codes.means.shape)))


def test_a_level_that_no_other_source_has_is_no_accuracy_and_costs_no_other():
    codes = world(40)
    single = np.zeros(40, dtype=int)
    single[0] = 1
    lone = replace(codes, factors=(codes.factors[0], replace(codes.factors[1], labels=single)))
    found = probed(lone)
    assert found["size"].reason == (
        "Without a part of the sources a classifier needs rows of at least 2 classes, not of 1."
    )
    assert found["shape"].value > 0.5


def test_labels_come_from_the_data_set_and_those_of_one_level_are_left_out():
    context = tiny_context()
    found = labelled_codes(context, posterior.posteriors(context).value).value
    assert [one.name for one in found.factors] == ["light", "tone"]
    assert found.factors[0].levels == ("dark", "bright")
    assert np.array_equal(found.factors[1].labels, context.dataset.split("holdout").labels["tone"])
    assert dci(found)["informativeness"].value > 0.8
    unlabelled = replace(context, dataset_spec=replace(context.dataset_spec, attributes={}))
    with pytest.raises(NotApplicable, match="differs between images"):
        labelled_codes(unlabelled, posterior.posteriors(context).value)


def test_a_run_gives_the_same_at_any_batch_size():
    values = []
    for size in (16, 7):
        context = tiny_context(batch_size=size)
        codes = labelled_codes(context, posterior.posteriors(context).value).value
        values.append([gap(codes).value, probed(codes)["tone"].value, *(one.value for one in dci(codes).values())])
    assert values[0] == pytest.approx(values[1], rel=1e-9)


@pytest.mark.parametrize("penalty", [0.0, -1.0, float("inf"), float("nan")])
def test_a_penalty_that_means_nothing_is_refused(penalty):
    with pytest.raises(ValueError, match=f"penalty is {penalty}"):
        FactorOptions(penalty=penalty)


def test_the_penalty_is_that_of_the_options():
    codes = world()
    asked = {"factor_classifiers": (FactorOptions(penalty=1e4),)}
    lost = [read(codes, **changes).classifiers[0].lost.max() for changes in ({}, {"demands": asked})]
    assert lost[1] < 0.1 < lost[0]


def test_posteriors_are_those_that_were_observed():
    context = tiny_context()
    found = Posteriors(means=np.zeros((30, 2)), log_variances=np.ones((30, 2)), draws=np.zeros((1, 30, 2)))
    codes = labelled_codes(context, found).value
    assert codes.means is found.means
    assert codes.given == ""
    assert tiny.SPLITS["holdout"] == len(codes.means)
