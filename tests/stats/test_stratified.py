"""Pooled odds ratios and their tests agree with statsmodels and with published examples."""

import math

import numpy as np
import pytest
from count_tables import BERKELEY, STONES
from statsmodels.stats.contingency_tables import StratifiedTable

from genaudit.stats import stratified
from genaudit.stats.seeds import generator
from genaudit.stats.share_differences import newcombe_interval

UCB = [[list(row[:2]), list(row[2:])] for row in BERKELEY]
KIDNEY = [[[a, n - a], [b, m - b]] for a, n, b, m in STONES]


def random_tables(seed):
    rng = generator(seed, "strata")
    return rng.integers(1, 60, (int(rng.integers(2, 7)), 2, 2)).astype(float)


@pytest.mark.parametrize("seed", range(40))
def test_they_agree_with_statsmodels(seed):
    tables = random_tables(seed)
    oracle = StratifiedTable(list(tables))
    pooled = stratified.mantel_haenszel(tables)
    assert pooled.value == pytest.approx(oracle.oddsratio_pooled, rel=1e-10)
    assert pooled.log_error == pytest.approx(oracle.logodds_pooled_se, rel=1e-10)
    interval = pooled.interval()
    assert (interval.low, interval.high) == pytest.approx(oracle.oddsratio_pooled_confint(), rel=1e-9)
    test, known = stratified.cochran_mantel_haenszel(tables), oracle.test_null_odds()
    assert (test.statistic, test.p_value) == pytest.approx((known.statistic, known.pvalue), rel=1e-9)
    if known.statistic > 0.5:  # nearer to equality statsmodels' correction overshoots 0 and is squared; R stops at 0
        test = stratified.cochran_mantel_haenszel(tables, correction=True)
        known = oracle.test_null_odds(correction=True)
        assert test.statistic == pytest.approx(known.statistic, rel=1e-9)
    for tarone in (False, True):
        test, known = stratified.breslow_day(tables, pooled.value, tarone=tarone), oracle.test_equal_odds(tarone)
        assert (test.statistic, test.p_value) == pytest.approx((known.statistic, known.pvalue), rel=1e-7)


def test_admissions_to_berkeley():
    crude = np.sum(UCB, axis=0)
    assert crude[:, 0] / crude.sum(axis=1) == pytest.approx([0.4451877, 0.3035422], abs=1e-7)
    assert stratified.mantel_haenszel(crude[None]).value == pytest.approx(1.8410800, abs=1e-6)
    pooled = stratified.mantel_haenszel(UCB)
    assert (pooled.value, pooled.interval().low, pooled.interval().high) == pytest.approx((0.90, 0.77, 1.06), abs=5e-3)
    assert stratified.breslow_day(UCB, pooled.value).p_value == pytest.approx(0.002, abs=5e-4)


def test_kidney_stones_are_better_treated_by_surgery_in_both_strata():
    assert stratified.mantel_haenszel(KIDNEY).value == pytest.approx(1.4468466, abs=1e-6)
    both = stratified.standardise(KIDNEY)
    assert (both.first, both.second) == pytest.approx((0.8325462, 0.778875), abs=1e-6)


def test_the_order_of_strata_changes_nothing_and_the_order_of_groups_inverts_the_ratio():
    tables = random_tables(1)
    value = stratified.mantel_haenszel(tables).value
    assert stratified.mantel_haenszel(tables[::-1]).value == pytest.approx(value, rel=1e-12)
    assert stratified.mantel_haenszel(tables[:, ::-1]).value == pytest.approx(1 / value, rel=1e-12)


def test_equal_odds_in_every_stratum_leave_nothing_to_find():
    tables = [[[20, 10], [10, 5]], [[4, 12], [6, 18]]]
    assert stratified.mantel_haenszel(tables).value == pytest.approx(1)
    assert stratified.cochran_mantel_haenszel(tables).p_value == pytest.approx(1)
    assert stratified.breslow_day(tables, 1.0).p_value == pytest.approx(1)


def test_the_cells_that_a_ratio_implies_have_that_ratio():
    tables = random_tables(3)
    row, column, n = tables.sum(axis=2)[:, 0], tables.sum(axis=1)[:, 0], tables.sum(axis=(1, 2))
    for ratio in (1e-3, 0.5, 1.0, 1 + 1e-9, 7.0, 1e4):
        a = stratified._expected(row, column, n, ratio)
        assert a * (n - row - column + a) / ((row - a) * (column - a)) == pytest.approx(ratio, rel=1e-6)


@pytest.mark.parametrize(
    "tables", [[[[0, 5], [0, 9]]], [[[5, 0], [0, 5]]], [[[0, 0], [0, 0]]], [[[5, 5], [0, 0]], [[0, 0], [5, 5]]]]
)
def test_what_cannot_be_pooled_is_none(tables):
    assert stratified.mantel_haenszel(tables) is None


def test_without_variation_there_is_no_test():
    assert stratified.cochran_mantel_haenszel([[[5, 0], [9, 0]]]) is None
    assert stratified.breslow_day([[[5, 5], [5, 5]], [[5, 0], [9, 0]]], 1.0) is None


def test_a_stratum_without_one_group_has_no_overlap():
    assert stratified.standardise([[[5, 5], [5, 5]], [[5, 5], [0, 0]]]) is None
    empty = stratified.standardise([[[5, 5], [2, 8]], [[0, 0], [0, 0]]])  # nobody at all in the second
    assert empty.difference == pytest.approx(0.3)


def test_standardising_over_one_stratum_is_the_plain_difference():
    found = stratified.standardise([[[56, 14], [48, 32]]])
    assert found.difference == pytest.approx(0.2)
    assert found.standard_error == pytest.approx(math.sqrt(0.8 * 0.2 / 70 + 0.6 * 0.4 / 80))


@pytest.mark.parametrize("wrong", [[[1, 2], [3, 4]], [[[1, -2], [3, 4]]], [[[1, math.nan], [3, 4]]]])
def test_tables_of_another_shape_or_without_counts_are_refused(wrong):
    with pytest.raises(ValueError, match=r"tables of shape|finite"):
        stratified.mantel_haenszel(wrong)


@pytest.mark.parametrize("ratio", [0, -1, math.inf, math.nan])
def test_a_ratio_that_is_none_is_refused(ratio):
    with pytest.raises(ValueError, match="above 0"):
        stratified.breslow_day(UCB, ratio)


def test_one_stratum_has_newcombes_interval_and_two_equal_ones_that_of_their_sum():
    one = np.array([[[30.0, 70], [12, 88]]])
    newcombe = newcombe_interval((30, 100), (12, 100))
    alone = stratified.standardised_interval(one)
    assert (alone.low, alone.high) == pytest.approx((newcombe.low, newcombe.high))
    halves = stratified.standardised_interval(np.concatenate([one, one]) / 2)
    assert (halves.low, halves.high) == pytest.approx((newcombe.low, newcombe.high))


def test_a_small_stratum_without_any_yes_is_not_taken_to_be_sure_of_it():
    """0 of 5 and 0 of 95 in one stratum: the delta method has no error there, and covers 84 of 100."""
    tables = [[[0, 5], [0, 95]], [[10, 90], [10, 90]]]
    found, plain = stratified.standardised_interval(tables), stratified.standardise(tables)
    assert found.low < plain.difference < found.high
    assert found.high - plain.difference > 1.3 * 1.96 * plain.standard_error
    assert stratified.standardised_interval([[[0, 5], [0, 0]], [[1, 1], [1, 1]]]) is None
