"""Specs of the audits of a user's table, in the order in which a reader needs them."""

from __future__ import annotations

from genaudit.plugin import AuditSpec
from genaudit.stats.rates import RATES

OPTIONS = "genaudit.audits.table_options"

DATA_PROFILE = AuditSpec(
    name="data_profile",
    title="What is in the table",
    summary="People of each group, where the table comes from, and what it lacks.",
    target="genaudit.audits.data_profile:data_profile",
    needs=("count_table",),
    values={
        "group_count": "People of the group, or the sum of their weights",
        "effective_people": "(Σ w)² / Σ w²: how many people a weighted table is worth",
    },
    meaning="Says what every other number of the audit rests on.",
    caveat="Who is missing from the table altogether is not in the table.",
    source="Kish 1965, effective sample size.",
)

SAMPLING = AuditSpec(
    name="sampling",
    title="Sampling against a population",
    summary="Shares of the groups in the table against those of a declared population.",
    target="genaudit.audits.sampling:sampling",
    options=f"{OPTIONS}:SamplingOptions",
    needs=("count_table",),
    values={
        "share_sampled": "People of the group / people with a group, with Wilson's interval",
        "share_population": "The declared share",
        "sampling_weight": "Declared share / share in the table: as a weight of every row it mends the composition",
        "representation_p_value": "Exact multinomial test where its tables can be enumerated (up to 200,000), else "
        "Pearson's Σ (O - E)² / E",
        "effective_people_reweighted": "(Σ w)² / Σ w² under these weights: what the reweighted table is worth",
    },
    meaning="Shows whether the table over- or under-represents a group, and what weighting would cost.",
    caveat="Weights mend the composition and not the labels, and never who was not seen at all. A small p-value says "
    "that the composition differs, not why.",
    source="Wilson 1927; Pearson 1900; Kish 1965.",
)

GROUP_RATES = AuditSpec(
    name="group_rates",
    title="Rates of each group",
    summary="How often each group is flagged, wrongly flagged, missed and rightly left alone.",
    target="genaudit.audits.group_rates:group_rates",
    options=f"{OPTIONS}:GroupRatesOptions",
    needs=("count_table",),
    values={name: rate.text for name, rate in RATES.items()},
    meaning="Shows on which group which error falls, and how sure that is.",
    caveat="The truth is what was written down (a re-arrest, not a re-offence), with its own errors; a rate whose "
    "denominator is empty is undefined and never 0.",
    source="Wilson 1927, score interval of a proportion; Newcombe 1998, method 3; Kish 1965 for weights.",
)

COMPARED = {
    "demographic_parity": "selection rates",
    "equal_opportunity": "true positive rates",
    "false_positive_rate": "false positive rates",
    "equalized_odds": "true and of false positive rates, the larger of both",
    "positive_predictive_value": "positive predictive values",
    "negative_predictive_value": "negative predictive values",
    "accuracy": "accuracies",
}

DISPARITIES = AuditSpec(
    name="disparities",
    title="Differences between groups",
    summary="How far rates lie apart between groups: each pair, the largest difference, and a test of it.",
    target="genaudit.audits.disparities:disparities",
    options=f"{OPTIONS}:DisparitiesOptions",
    needs=("count_table",),
    values={
        name: text
        for kind, what in COMPARED.items()
        for name, text in (
            (f"{kind}_difference", f"Largest minus smallest of {what}; of a pair, first minus second"),
            (f"{kind}_ratio", f"Smallest over largest of {what.partition(',')[0]}; of a pair, first over second"),
        )
    },
    meaning="The largest difference is judged against the tolerance that was declared for the primary, on its whole "
    "interval; everything else is described.",
    caveat="The largest difference of a sample is above 0 under exact equality, too: read its test and the value "
    "expected under equality. Pairs are not adjusted for their number. A difference says nothing about its cause.",
    source="Newcombe 1998 (differences, method 10); Donner and Zou 2012 (ratios); Bonferroni over pairs for the "
    "largest; permutation of group labels, multivariate hypergeometric, within the truth where the rate is; Benjamini "
    "and Hochberg 1995 over all but the primary.",
)

TABLE_AUDITS = (DATA_PROFILE, SAMPLING, GROUP_RATES, DISPARITIES)
