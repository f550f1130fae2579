"""Means of weights that no float could hold, and how many of them count."""

from __future__ import annotations

import math

import numpy as np
import pytest

from genaudit.stats.importance import effective_draws, jackknife_of_log_mean, log_mean_exp
from genaudit.stats.seeds import generator


def test_both_agree_with_the_definition_where_weights_can_be_held():
    rows = generator(0, "weights").normal(0, 2, (5, 40))
    weights = np.exp(rows)
    assert log_mean_exp(rows) == pytest.approx(np.log(weights.mean(axis=1)), rel=1e-12)
    assert effective_draws(rows) == pytest.approx(weights.sum(axis=1) ** 2 / (weights**2).sum(axis=1), rel=1e-12)


@pytest.mark.parametrize("shift", [-1e5, 0.0, 1e5])
def test_a_shift_of_all_logarithms_is_a_shift_of_the_mean_and_of_nothing_else(shift):
    rows = np.array([[0.0, math.log(3), math.log(5)]])
    assert log_mean_exp(rows + shift)[0] == pytest.approx(math.log(3) + shift, rel=1e-12)
    assert effective_draws(rows + shift)[0] == pytest.approx(81 / 35, rel=1e-9)  # 1e5 leaves eleven digits


def test_equal_weights_all_count_and_one_that_outweighs_the_others_counts_alone():
    assert effective_draws(np.full((1, 64), -2000.0))[0] == pytest.approx(64, rel=1e-12)
    assert effective_draws([[0.0, -900.0]])[0] == 1


def test_the_mean_lies_between_the_mean_of_logarithms_and_the_largest():
    rows = generator(0, "weights").normal(-2000, 30, (20, 64))
    found = log_mean_exp(rows)
    assert (rows.mean(axis=1) < found).all()
    assert (found < rows.max(axis=1)).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [([1.0, 2.0], r"\(2,\)"), ([[]], r"\(1, 0\)"), ([[0.0, 1.0], [0.0, -math.inf]], "item 1 of 2 is not finite")],
)
@pytest.mark.parametrize("ask", [log_mean_exp, effective_draws])
def test_what_is_no_table_of_finite_logarithms_is_refused(ask, given, said):
    with pytest.raises(ValueError, match=said):
        ask(given)


def test_the_jackknife_finds_bias_and_variance_of_the_logarithm_of_a_mean():
    rows = generator(0, "weights").normal(0, 0.5, (4000, 16))
    bias, variance = jackknife_of_log_mean(rows)
    found = log_mean_exp(rows)
    # weights exp(N(0, 1/4)) have the mean exp(1/8); the error of the mean of 4,000 rows is 0.002
    assert bias.mean() == pytest.approx(found.mean() - 0.125, abs=0.007)
    assert (bias <= 0).all()
    assert variance.mean() == pytest.approx(found.var(), rel=0.1)  # 2 % of chance, and what weights of such tails hide


def test_a_jackknife_of_one_draw_is_refused():
    with pytest.raises(ValueError, match="2 draws or more"):
        jackknife_of_log_mean([[0.0]])
