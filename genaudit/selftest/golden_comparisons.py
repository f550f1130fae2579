"""Golden cases of comparisons between groups: differences, tests, strata, urns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from genaudit.audits.confounding import confounding
from genaudit.audits.disparities import disparities
from genaudit.audits.group_rates import group_rates
from genaudit.audits.table_options import ConfoundingOptions, DisparitiesOptions, GroupRatesOptions
from genaudit.selftest.decision_tables import BERKELEY, COMPAS, STONES, asked, numbers
from genaudit.selftest.golden_case import GoldenCase
from genaudit.stats import multiplicity
from genaudit.stats.goodness_of_fit import fit
from genaudit.stats.label_permutation import permutation_test
from genaudit.stats.seeds import generator
from genaudit.stats.share_differences import newcombe_interval
from genaudit.stats.stratified import cochran_mantel_haenszel
from genaudit.stats.urns import corrected_limit, discovery_limit, replacement_limit, simulate

if TYPE_CHECKING:
    from genaudit.values.counts import CountTable

PAIR = "g=A − B"
PAPER = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
)  # fmt: skip
"""Fifteen p-values of Benjamini and Hochberg 1995, section 3.2."""


def _newcombe() -> tuple[float, float]:
    interval = newcombe_interval((56, 70), (48, 80))
    return interval.low, interval.high


def _rejected() -> list[float]:
    methods = (
        multiplicity.benjamini_hochberg, multiplicity.benjamini_yekutieli, multiplicity.holm, multiplicity.bonferroni,
    )  # fmt: skip
    return [*(float((method(PAPER) <= 0.05).sum()) for method in methods), multiplicity.benjamini_hochberg(PAPER)[3]]


def _tea() -> tuple[float, float]:
    """Two-sided, and the half of it on either side of two groups of one size."""
    p_value = permutation_test([([3, 1], [4, 4])], 200_000, generator(0, "tea")).p_value
    return p_value, p_value / 2


def _crude(table: CountTable) -> list[float]:
    keys = [("selection_rate", "g=A"), ("selection_rate", "g=B")]
    return numbers(group_rates, table, GroupRatesOptions(), keys)


def _wrongly_flagged() -> list[float]:
    options = DisparitiesOptions(permutations=999, bootstraps=100)
    found = asked(disparities, COMPAS, options)["false_positive_rate_difference", ""]
    return [found.value, found.details["p_value"]]


def _crude_tests() -> list[float]:
    crude = BERKELEY.counts.sum(axis=0)[:, 0, ::-1][None]
    n = float(crude.sum())
    # Pearson's chi-square of one table is the statistic with N in place of N - 1
    tests = [cochran_mantel_haenszel(crude, correction=correction) for correction in (False, True)]
    return [test.statistic * n / (n - 1) for test in tests if test]


def _stones() -> list[float]:
    found = asked(confounding, STONES, ConfoundingOptions(role="confounder"))
    standardised = found["backdoor_difference", PAIR].details
    pooled, flag = found["mh_odds_ratio", PAIR].value, found["simpson_reversal", PAIR].value
    return [pooled, standardised["first"], standardised["second"], flag]


def _polya(start: tuple[float, float], moment: str) -> float:
    shares = simulate(start, (1.0, 1.0), 400, 10_000, generator(0, "urn", str(start)))
    return float(shares.mean() if moment == "mean" else shares.var())


COMPARISONS = (
    GoldenCase(
        name="interval of a difference: 56/70 - 48/80",
        compute=_newcombe,
        expected=(0.05243, 0.33387),
        tolerance=1e-5,
        source="Newcombe 1998, method 10",
    ),
    GoldenCase(
        name="p-values at .05: rejected by Benjamini-Hochberg, -Yekutieli, Holm, Bonferroni; fourth adjusted",
        compute=_rejected,
        expected=(4, 3, 3, 3, 0.035625),
        source="Benjamini and Hochberg 1995",
    ),
    GoldenCase(
        name="permutation test of the largest difference: 3 and 1 of 4, 34/70, of which 17/70 on either side",
        compute=_tea,
        expected=(34 / 70, 17 / 70),
        tolerance=0.0045,
        source="Fisher's exact test; four standard errors of 200,000 permutations",
    ),
    GoldenCase(
        name="false_positive_rate_difference: COMPAS, and the p-value of that rate (aequitas 1.1.0 gives .0504)",
        compute=_wrongly_flagged,
        expected=(0.2139250, 0.001),
        tolerance=1e-6,
        source="counts of ProPublica 2016; smallest p-value of 999 permutations",
    ),
    GoldenCase(
        name="exact multinomial test: 3 of 4 heads",
        compute=lambda: fit([3, 1], [0.5, 0.5]).p_value,
        expected=(0.625,),
    ),
    GoldenCase(
        name="selection rates: admissions to Berkeley, men and women",
        compute=partial(_crude, BERKELEY),
        expected=(0.4451877, 0.3035422),
        tolerance=1e-6,
        source="counts of Bickel et al. 1975",
    ),
    GoldenCase(
        name="selection rates: kidney stones, open surgery and puncture",
        compute=partial(_crude, STONES),
        expected=(0.78, 0.8257143),
        tolerance=1e-6,
        source="counts of Charig et al. 1986",
    ),
    GoldenCase(
        name="crude difference and odds ratio: admissions to Berkeley",
        compute=lambda: numbers(
            confounding,
            BERKELEY,
            ConfoundingOptions(),
            [("crude_difference", PAIR), ("crude_odds_ratio", PAIR)],
        ),
        expected=(0.4451877 - 0.3035422, 1.8410800),
        tolerance=1e-6,
        source="counts of Bickel et al. 1975",
    ),
    GoldenCase(
        name="chi-square of one table, plain and corrected: admissions to Berkeley",
        compute=_crude_tests,
        expected=(92.20528, 91.60960),
        tolerance=1e-4,
        source="statsmodels",
    ),
    GoldenCase(
        name="mh_odds_ratio, breslow_day_p_value: admissions to Berkeley, department held fixed",
        compute=lambda: numbers(
            confounding,
            BERKELEY,
            ConfoundingOptions(role="unknown"),
            [("mh_odds_ratio", PAIR), ("breslow_day_p_value", PAIR)],
        ),
        expected=(0.904697, 0.0020715),
        tolerance=1e-5,
        source="statsmodels, StratifiedTable",
    ),
    GoldenCase(
        name="mh_odds_ratio, standardised shares, Simpson's reversal: kidney stones",
        compute=_stones,
        expected=(1.4468466, 0.8325462, 0.778875, 1.0),
        tolerance=1e-6,
        source="statsmodels; counts of Charig et al. 1986",
    ),
    *(
        GoldenCase(
            name=f"Pólya's urn from {start[0]:g} and {start[1]:g}: {moment} of the share",
            compute=partial(_polya, start, moment),
            expected=(expected,),
            tolerance=tolerance,
            source="Beta limit; 10,000 simulated urns of 400 draws",
        )
        for start, mean, variance in (((1.0, 1.0), 0.5, 1 / 12), ((5.0, 1.0), 5 / 6, 5 / 252))
        for moment, expected, tolerance in (("mean", mean, 0.01), ("variance", variance, 0.002))
    ),
    GoldenCase(
        name="feedback_limit_share: equal chances, unequal ones, discounted, Friedman's urn",
        compute=lambda: (
            discovery_limit((5, 1), (0.3, 0.3))[0],
            discovery_limit((5, 1), (0.3, 0.4))[0],
            corrected_limit((0.1, 0.3)),
            replacement_limit(((0.0, 1.0), (1.0, 0.0))),
        ),
        expected=(5 / 6, 0.0, 0.25, 0.5),
    ),
)
