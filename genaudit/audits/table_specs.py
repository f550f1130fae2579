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

RAKING = AuditSpec(
    name="raking",
    title="Weighted to known margins",
    summary="Weights that give the table several margins of a population at once, what they leave of it, and how many "
    "would be flagged under them.",
    target="genaudit.audits.raking:raking",
    options=f"{OPTIONS}:RakingOptions",
    needs=("count_table",),
    values={
        "raking_weight": "Weight of each combination of levels, by iterative proportional fitting; mean 1",
        "effective_people_raked": "(Σ w)² / Σ w² under these weights: what the raked table is worth",
        "selection_rate_raked": "Σ w · decision yes / Σ w; interval by linearisation: residuals after the margins",
    },
    meaning="Where only margins of the population are known, raking meets them all and keeps the associations of the "
    "table.",
    caveat="It supposes that within each combination those in the table are like those who are not. The associations "
    "between the margins are the table's own, and labels stay as they are.",
    source="Deming and Stephan 1940; Deville, Särndal and Sautory 1993; Kish 1965.",
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

BASE_RATES = AuditSpec(
    name="base_rates",
    title="Base rates and burden",
    summary="Conditionals both ways round, whom wrong flags fall on, and predictive values against the prevalence.",
    target="genaudit.audits.base_rates:base_rates",
    options=f"{OPTIONS}:BaseRatesOptions",
    needs=("count_table",),
    values={
        "conditional_forward": "P(decision yes | group) and P(truth yes | group)",
        "conditional_reverse": "P(group | decision yes) and P(group | truth yes)",
        "burden": "P(truth no | decision yes, group) = 1 - PPV",
        "burden_share": "P(group | decision yes, truth no): whom all wrong flags fall on",
        "ppv_at_prevalence": "π s / (π s + (1 - π) f) with true and false positive rate s and f",
        "npv_at_prevalence": "(1 - π)(1 - f) / ((1 - π)(1 - f) + π (1 - s))",
    },
    meaning="A conditional read the wrong way round is off by the factor P(A) / P(B). What a flag means depends on how "
    "common the truth is where it will be used.",
    caveat="Predictive values at another prevalence suppose that both error rates stay as they are, which they do not "
    "if the people differ in more than prevalence.",
    source="Bayes' theorem; Wilson 1927; MOVER intervals (Donner and Zou 2012) of the likelihood ratio.",
)

IMPOSSIBILITY = AuditSpec(
    name="impossibility",
    title="Equalities that rule each other out",
    summary="What equal predictive values and equal miss rates would force on this table.",
    target="genaudit.audits.impossibility:impossibility",
    options=f"{OPTIONS}:ImpossibilityOptions",
    needs=("count_table",),
    values={
        "forced_fpr": "π/(1 - π) · (1 - PPV)/PPV · (1 - FNR) with the other group's prevalence π",
        "forced_ppv": "The group's predictive value at the other group's prevalence, with its own error rates",
        "forced_fpr_ratio": "Odds of the truth in the first group over those in the second: the ratio of false "
        "positive rates if predictive value and miss rate were equal",
    },
    meaning="Where prevalences differ and somebody is misjudged, predictive value, miss rate and false positive rate "
    "cannot all be equal.",
    caveat="Which equality should be kept is a decision about values that no table makes.",
    source="Chouldechova 2017, eq. 2.6; Kleinberg, Mullainathan and Raghavan 2016.",
)

CALIBRATION = AuditSpec(
    name="calibration",
    title="What a score means in each group",
    summary="Of people with one score, how many are positive in each group, and whether a probability is the share "
    "that it says.",
    target="genaudit.audits.calibration:calibration",
    options=f"{OPTIONS}:CalibrationOptions",
    needs=("count_table",),
    values={
        "positive_share_at_score": "P(truth yes | score in the bin, group), with Wilson's interval; beside it the mean "
        "score of these people",
        "calibration_in_the_large": "Mean score - share of positives; of probabilities alone",
        "expected_calibration_error": "Σ_b n_b/n |mean score - share of positives|; beside it what a perfectly "
        "calibrated score would show (de Moivre's mean distance of each bin), and the chance of so much",
        "difference_at_equal_score": "Σ_b w_b (P(truth yes | b, first) - P(truth yes | b, second)) / Σ_b w_b with "
        "w_b = n₁ n₂ / (n₁ + n₂)",
    },
    meaning="A threshold treats a score alike in every group, which is sound only if the score means the same there. "
    "Thresholds and bands from costs need probabilities that are calibrated in each group.",
    caveat="The error of calibration of a sample is above 0 for a perfect score, too: read it beside its floor. A "
    "departure that was not seen may be there; few people and wide bins hide more. Within a bin scores still differ.",
    source="Wilson 1927; Naeini, Cooper and Hauskrecht 2015 (expected calibration error); de Moivre (mean distance of "
    "a binomial); Mantel and Haenszel 1959; Sato 1989 (interval of their difference).",
)

COSTS = AuditSpec(
    name="costs",
    title="Costs of actions",
    summary="For which costs the decision is worth having, what it costs whom, and when another action is cheaper.",
    target="genaudit.audits.costs:costs",
    options=f"{OPTIONS}:CostsOptions",
    needs=("count_table",),
    values={
        "break_even_low": "FN / TN: the decision beats always saying yes iff c_FP / c_FN is above it",
        "break_even_high": "TP / FP: the decision beats never saying yes iff c_FP / c_FN is below it",
        "action_cost": "What was declared: the cost of an action at a truth, and who pays it",
        "expected_cost": "Σ cells · cost / people, as decided, never yes, always yes and each other action for all",
        "cost_borne": "The part of the expected cost, as decided, of the cells that one who was named pays for",
        "optimal_threshold": "(c_FP - c_TN) / (c_FP - c_TN + c_FN - c_TP); of more actions, where the lower envelope "
        "of their cost lines changes",
        "cheapest_action_share": "People whose score, a probability, lies where the action is the cheapest / people of "
        "the group",
        "normalized_expected_cost": "FNR · PC + FPR · (1 - PC) with PC = π c_FN / (π c_FN + (1 - π) c_FP)",
    },
    meaning="Cost is a property of a decision together with the action that follows it. The window of cost ratios in "
    "which a decision is worth having differs between groups, and needs no declared cost.",
    caveat="Thresholds need probabilities that are calibrated in every group. The expected cost adds what different "
    "people bear as if it were one purse: read who pays.",
    source="Elkan 2001 (thresholds); Chow 1970 (third action); Drummond and Holte 2006 (cost curves); Zou, Huang and "
    "Zhang 2009 (intervals).",
)

CONFOUNDING = AuditSpec(
    name="confounding",
    title="With something held fixed",
    summary="The gap in decisions, crude and with a stratum variable held fixed.",
    target="genaudit.audits.confounding:confounding",
    options=f"{OPTIONS}:ConfoundingOptions",
    needs=("count_table",),
    values={
        "crude_difference": "P(decision yes | first) - P(decision yes | second)",
        "crude_odds_ratio": "a d / (b c) of all strata together",
        "mh_odds_ratio": "Σ(a d / N) / Σ(b c / N), interval by Robins, Breslow and Greenland",
        "cmh_statistic": "(|Σa - ΣE|)² / ΣV with V = r₁ r₂ c₁ c₂ / (N² (N - 1)); beside it with ½ taken off",
        "cmh_p_value": "Chance of such a statistic if the odds ratio is 1 in every stratum",
        "breslow_day_p_value": "Chance of such differences between strata if all have the pooled odds ratio",
        "backdoor_difference": "Σ_z P(z) (P(yes | first, z) - P(yes | second, z)), of weighted people by their weights",
        "simpson_reversal": "1 if more strata have the opposite sign of the crude gap than the same, else 0",
    },
    meaning="Shows whether a gap survives comparing like with like in one respect. Where Breslow and Day's test finds "
    "the strata to disagree, the pooled ratio alone says too little.",
    caveat="Observational. Holding a mediator or a common consequence fixed is wrong, and no table tells these from a "
    "confounder: the role is declared by whoever knows the case.",
    source="Mantel and Haenszel 1959; Robins, Breslow and Greenland 1986; Breslow and Day 1980, eq. 4.30; Pearl 1995.",
)

SCREEN = AuditSpec(
    name="screen",
    title="Spurious associations",
    summary="Which of many features go with an outcome, how many would by chance, and which do so again.",
    target="genaudit.audits.screen:screen",
    options=f"{OPTIONS}:ScreenOptions",
    needs=("feature_table",),
    values={
        "screened_associations": "Features with a Benjamini-Hochberg adjusted p-value of at most alpha",
        "replicated_associations": "Those of them with p at most alpha and the same sign on the withheld items",
        "expected_false_hits": "m · alpha by single tests if nothing is associated; m · alpha² / 2 of them again",
        "replicated_correlation": "Spearman's rank correlation on the withheld items",
    },
    meaning="A wide table holds associations that no other sample shows; those that repeat on others are fewer.",
    caveat="Associations only. A cause, a consequence and a common source look alike here.",
    source="Benjamini and Hochberg 1995; Spearman 1904, p-value by Student's t.",
)

FEEDBACK = AuditSpec(
    name="feedback",
    title="Feedback, an illustration",
    summary="What becomes of the share of a group if looking follows what was found before.",
    target="genaudit.audits.feedback:feedback",
    options=f"{OPTIONS}:FeedbackOptions",
    needs=("count_table",),
    values={
        "feedback_limit_share": "Share of the first group in all discoveries: at the start; in the end if discoveries "
        "alone count, Beta(n_A, n_B) for equal chances, else 0 or 1; and λ_A / (λ_A + λ_B) if a discovery counts with "
        "probability 1 - its group's share",
    },
    meaning="Data that come from acting on earlier data repeat the start, or run away from the truth.",
    caveat="An illustration of a mechanism, no forecast.",
    source="Lum and Isaac 2016; Ensign et al. 2018; Athreya and Karlin 1968.",
)

LIMITS = AuditSpec(
    name="limits",
    title="What no number settles",
    summary="The sentences with which every audit closes.",
    target="genaudit.audits.limits:limits",
    needs=("count_table",),
    meaning="An audit informs a judgement and does not replace it.",
    caveat="The list is not complete.",
)

LABEL_METRICS = AuditSpec(
    name="label_metrics",
    title="Further metrics of labels",
    summary="Metrics that were asked for by name, in each group and between each pair of groups.",
    target="genaudit.audits.label_metrics:label_metrics",
    options="genaudit.audits.label_metric_options:LabelMetricsOptions",
    needs=("count_table",),
    meaning="What scikit-learn computes from the labels of each group, by fairlearn's MetricFrame.",
    caveat="Most such metrics depend on the prevalence, so two groups may differ in them with equal error rates. The "
    "largest difference is not tested: a percentile bootstrap of it is above 0 even under equality.",
    source="fairlearn.metrics.MetricFrame; Efron and Tibshirani 1993, equation 11.5, for the standard error.",
)

TABLE_AUDITS = (
    DATA_PROFILE, SAMPLING, RAKING, GROUP_RATES, DISPARITIES, LABEL_METRICS, BASE_RATES, IMPOSSIBILITY, CALIBRATION,
    COSTS, CONFOUNDING, SCREEN, FEEDBACK, LIMITS,
)  # fmt: skip
