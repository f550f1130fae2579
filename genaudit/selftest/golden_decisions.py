"""Golden cases of tables of decisions: rates, base rates, forced rates, costs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from genaudit.audits.base_rates import base_rates
from genaudit.audits.costs import costs
from genaudit.audits.disparities import disparities
from genaudit.audits.group_rates import group_rates
from genaudit.audits.impossibility import impossibility
from genaudit.audits.raking import raking
from genaudit.audits.sampling import sampling
from genaudit.audits.table_options import (
    BaseRatesOptions,
    CostsOptions,
    DisparitiesOptions,
    GroupRatesOptions,
    ImpossibilityOptions,
    RakingOptions,
    SamplingOptions,
)
from genaudit.selftest.decision_tables import COMPAS, EVERYBODY, numbers, table
from genaudit.selftest.golden_case import GoldenCase
from genaudit.stats.decision_costs import Costs, lower_envelope, reject_band
from genaudit.stats.predictive_values import forced_false_positive_rate, positive_predictive_value

PROPUBLICA = "counts of ProPublica 2016"
RATES = ("false_positive_rate", "false_negative_rate", "positive_predictive_value", "negative_predictive_value",
         "prevalence")  # fmt: skip
DOCUMENTED = table([(0, 2, 1, 1), (1, 0, 2, 3), (1, 2, 3, 2)], "abc")
"""The example of fairlearn's documentation, counted."""
USERS = table([(116_350, 0, 13_650, 0), (787_350, 0, 82_650, 0)], ("black", "white"))
"""Of 1,000,000 people 13 % are black; 10.5 % and 9.5 % use drugs."""
PER_USER = table([(116_350, 0, 7_150, 6_500), (787_350, 0, 73_950, 8_700)], ("black", "white"))
"""The same people; 5 % and 1 % are arrested, for what 10.5 % and 9.5 % do."""
ARRESTED = table([(428, 0, 0, 0), (572, 0, 0, 0)], ("black", "others"))
LEVELS = (("f", "young"), ("f", "old"), ("m", "young"), ("m", "old"))
ANSWERED = replace(
    table([(20, 20, 0, 0), (7, 3, 0, 0), (14, 6, 0, 0), (18, 2, 0, 0)], [" × ".join(level) for level in LEVELS]),
    group="sex × age", crossed=("sex", "age"), group_levels=LEVELS,
)  # fmt: skip
"""Odds ratio 4 of sex and age; raked to halves it stays, so the cells become 1/3, 1/6, 1/6, 1/3 of everybody."""


def _rates(group: str) -> list[float]:
    keys = [(rate, f"g={group}") for rate in RATES]
    return numbers(group_rates, COMPAS, GroupRatesOptions(), keys)


def _documented() -> list[float]:
    names = ("true_positive_rate", "false_positive_rate", "selection_rate")
    keys = [(rate, f"g={group}") for rate in names for group in "abc"]
    return numbers(group_rates, DOCUMENTED, GroupRatesOptions(min_count=1), keys)


def _documented_differences() -> list[float]:
    keys = [("demographic_parity_difference", ""), ("demographic_parity_ratio", ""), ("equalized_odds_difference", "")]
    return numbers(disparities, DOCUMENTED, DisparitiesOptions(min_count=1, permutations=99, bootstraps=100), keys)


def _identity() -> list[float]:
    """How far the false positive rate of each group is from what the three others force."""
    names = ("prevalence", "positive_predictive_value", "true_positive_rate", "false_positive_rate")
    found = [
        numbers(group_rates, COMPAS, GroupRatesOptions(), [(name, f"g={group}") for name in names])
        for group in ("Black", "White")
    ]
    return [forced_false_positive_rate(pi, ppv, tpr) - fpr for pi, ppv, tpr, fpr in found]


def _forced() -> list[float]:
    at = "g=Black at the prevalence of White"
    return numbers(impossibility, COMPAS, ImpossibilityOptions(), [("forced_fpr", at), ("forced_ppv", at)])


def _deployed(prevalence: float) -> list[float]:
    key = ("ppv_at_prevalence", "g=all")
    return numbers(base_rates, EVERYBODY, BaseRatesOptions(prevalence=prevalence), [key])


def _twice() -> list[float]:
    first = positive_predictive_value(0.0015, 1.0, 0.01) or 0.0
    return [first, positive_predictive_value(first, 0.98, 0.03) or 0.0]


def _users() -> list[float]:
    forward, reverse = "conditional_forward", "conditional_reverse"
    found = numbers(
        base_rates, USERS, BaseRatesOptions(),
        [(forward, "g=black, y=yes"), (forward, "g=white, y=yes"), (reverse, "g=black, y=yes")],
    )  # fmt: skip
    return [found[0] / found[1], found[2], found[2] / found[0]]


def _stopped() -> list[float]:
    """Of 1,000 stops: hits and innocent people, first of one group alone and then of everybody."""
    found = []
    for stopped, group in (
        (table([(0, 116_350, 0, 13_650), (0, 787_350, 0, 82_650)], ("black", "white")), "black"),
        (table([(0, 903_700, 0, 96_300)], ("all",)), "all"),
    ):
        hits = numbers(group_rates, stopped, GroupRatesOptions(), [("positive_predictive_value", f"g={group}")])
        innocent = numbers(base_rates, stopped, BaseRatesOptions(), [("burden", f"g={group}")])
        found += [1000 * share for share in (*hits, *innocent)]
        if group == "black":
            found += numbers(base_rates, stopped, BaseRatesOptions(), [("burden_share", "g=black")])
    return found


def _arrested() -> list[float]:
    """Share of one group in the arrests, and its arrests for each user over those of the others."""
    reverse = numbers(base_rates, PER_USER, BaseRatesOptions(), [("conditional_reverse", "g=black, d=yes")])
    keys = [("true_positive_rate", f"g={group}") for group in ("black", "white")]
    black, white = numbers(group_rates, PER_USER, GroupRatesOptions(), keys)
    return [*reverse, black / white]


def _reweighted() -> list[float]:
    options = SamplingOptions(population={"black": 0.13, "others": 0.87})
    keys = [("sampling_weight", "g=black"), ("sampling_weight", "g=others"), ("effective_people_reweighted", "")]
    return numbers(sampling, ARRESTED, options, keys)


def _raked() -> list[float]:
    options = RakingOptions(margins={"sex": {"f": 0.5, "m": 0.5}, "age": {"young": 0.5, "old": 0.5}})
    keys = [("raking_weight", f"sex={sex}, age={age}") for sex, age in LEVELS]
    return numbers(
        raking, ANSWERED, options, [*keys, ("effective_people_raked", ""), ("selection_rate_raked", "")]
    )  # fmt: skip


def _window(group: str) -> list[float]:
    keys = [("break_even_low", f"g={group}"), ("break_even_high", f"g={group}")]
    return numbers(costs, COMPAS, CostsOptions(), keys)


DECISIONS = (
    GoldenCase(
        name="FPR, FNR, PPV, NPV, prevalence: COMPAS, Black",
        compute=partial(_rates, "Black"),
        expected=(0.4484680, 0.2798527, 0.6297148, 0.6504599, 0.5143398),
        tolerance=1e-6,
        source=PROPUBLICA,
    ),
    GoldenCase(
        name="FPR, FNR, PPV, NPV, prevalence: COMPAS, White",
        compute=partial(_rates, "White"),
        expected=(0.2345430, 0.4772257, 0.5913349, 0.711875, 0.3936430),
        tolerance=1e-6,
        source=PROPUBLICA,
    ),
    GoldenCase(
        name="TPR, FPR, selection rate: the example of fairlearn's documentation",
        compute=_documented,
        expected=(0.5, 0.6, 0.4, 1.0, 0.0, 2 / 3, 0.75, 0.5, 0.5),
        source="fairlearn, user guide",
    ),
    GoldenCase(
        name="demographic parity difference and ratio, equalized odds: the example of fairlearn's documentation",
        compute=_documented_differences,
        expected=(0.25, 2 / 3, 1.0),
        source="fairlearn, user guide",
    ),
    GoldenCase(
        name="TPR, FPR: COMPAS, all",
        compute=lambda: numbers(
            group_rates,
            EVERYBODY,
            GroupRatesOptions(),
            [("true_positive_rate", "g=all"), ("false_positive_rate", "g=all")],
        ),
        expected=(0.6259613, 0.3234923),
        tolerance=1e-6,
        source=PROPUBLICA,
    ),
    GoldenCase(
        name="FPR = odds · (1 - PPV) / PPV · (1 - FNR): deviation in COMPAS, Black and White",
        compute=_identity,
        expected=(0.0, 0.0),
        tolerance=1e-12,
        source="Chouldechova 2017, eq. 2.6",
    ),
    GoldenCase(
        name="forced_fpr, forced_ppv: COMPAS, Black at the prevalence of White",
        compute=_forced,
        expected=(0.2749084, 0.5103970),
        tolerance=1e-6,
        source="Chouldechova 2017, eq. 2.6, on counts of ProPublica 2016",
    ),
    *(
        GoldenCase(
            name=f"ppv_at_prevalence: COMPAS, all, at {prevalence:g}",
            compute=partial(_deployed, prevalence),
            expected=(expected,),
            tolerance=1e-6,
            source=source,
        )
        for prevalence, expected, source in (
            (3251 / 7214, 0.6135062, PROPUBLICA),
            (0.362, 0.5233378, "rate of Barenstein 2019, arXiv:1906.04711"),
        )
    ),
    GoldenCase(
        name="positive predictive value: mammography at 1 in 100, sensitivity .8 and .9",
        compute=lambda: [positive_predictive_value(0.01, s, f) or 0.0 for s, f in ((0.8, 0.096), (0.9, 0.09))],
        expected=(0.0776398, 0.0917431),
        tolerance=1e-7,
    ),
    GoldenCase(
        name="positive predictive value: one HIV test, then a second",
        compute=_twice,
        expected=(0.1306051, 0.8307197),
        tolerance=1e-7,
        source="Zhang et al., Dive into Deep Learning, section 2.6",
    ),
    GoldenCase(
        name="positive predictive value: a match of 1 in a million among a million others",
        compute=lambda: positive_predictive_value(1 / (1e6 + 1), 1.0, 1e-6) or 0.0,
        expected=(0.5,),
    ),
    GoldenCase(
        name="share among the arrested, arrests per user: five times the rate in .13 of the population",
        compute=_arrested,
        expected=(0.4276316, 4.5238095),
        tolerance=1e-7,
        source="ratio of Human Rights Watch 2009, rates of NSDUH 2013",
    ),
    GoldenCase(
        name="burden: use of .09, only this group stopped",
        compute=lambda: numbers(
            base_rates, table([(0, 910, 0, 90)], ("black",)), BaseRatesOptions(), [("burden", "g=black")]
        ),
        expected=(0.91,),
    ),
    GoldenCase(
        name="of 1,000 stops hits and innocent people: only black people, black among the innocent; everybody",
        compute=_stopped,
        expected=(105.0, 895.0, 116_350 / 903_700, 96.3, 903.7),
        source="rates of NSDUH 2013",
    ),
    GoldenCase(
        name="conditionals both ways: drug use .105 and .095, share .13",
        compute=_users,
        expected=(1.105263, 0.1417445, 1.3499481),
        tolerance=1e-6,
        source="rates of NSDUH 2013",
    ),
    GoldenCase(
        name="sampling weights and effective people: 428 of 1,000 where .13 are expected",
        compute=_reweighted,
        expected=(0.13 / 0.428, 0.87 / 0.572, 733.817),
        tolerance=5e-4,
    ),
    GoldenCase(
        name="raking weights, effective people, raked share: odds ratio 4 raked to even margins",
        compute=_raked,
        expected=(0.75, 1.5, 0.75, 1.5, 80.0, 0.3),
    ),
    GoldenCase(
        name="break-even window FN/TN, TP/FP: COMPAS, Black",
        compute=partial(_window, "Black"),
        expected=(532 / 990, 1369 / 805),
        source=PROPUBLICA,
    ),
    GoldenCase(
        name="break-even window FN/TN, TP/FP: COMPAS, White",
        compute=partial(_window, "White"),
        expected=(461 / 1139, 505 / 349),
        source=PROPUBLICA,
    ),
    GoldenCase(
        name="threshold: costs 10 and 1; bands of a third action at .2 (1, 1) and .5 (10, 1)",
        compute=lambda: (
            Costs(fp=10, fn=1).threshold,
            *(reject_band(0.2, Costs(fp=1, fn=1)) or ()),
            *(reject_band(0.5, Costs(fp=10, fn=1)) or ()),
        ),
        expected=(0.9090909, 0.2, 0.8, 0.5, 0.95),
        tolerance=1e-7,
        source="Elkan 2001; Chow 1970",
    ),
    GoldenCase(
        name="lower envelope: inbox, junk, delete",
        compute=lambda: [
            *(band.high for band in lower_envelope({"inbox": (0, 1), "junk": (10, 0.1), "delete": (100, 0)})),
            lower_envelope({"inbox": (0, 1), "delete": (100, 0)})[0].high,
        ],
        expected=(0.9174312, 0.9988901, 1.0, 0.9900990),
        tolerance=1e-7,
    ),
)
