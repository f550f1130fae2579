"""Declarations are checked before a table is read."""

import pytest

from genaudit.audits import table_options as options


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        (options.SamplingOptions, {"population": {"A": 0.6, "B": 0.5}}, "sum to 1, not to 1.1"),
        (options.SamplingOptions, {"population": {"A": 1.5, "B": -0.5}}, r"lie in \[0, 1\]"),
        (options.SamplingOptions, {"population": {}}, r"lie in \[0, 1\]"),
        (options.GroupRatesOptions, {"min_count": 40}, "min_count <= warn_count"),
        (options.DisparitiesOptions, {"primary": "fpr_difference"}, "No difference 'fpr_difference'"),
        (options.DisparitiesOptions, {"tolerance": 0.1}, "needs the primary"),
        (
            options.DisparitiesOptions,
            {"primary": "demographic_parity_difference", "tolerance": 0.0},
            "above 0 and at most 1",
        ),
        (options.DisparitiesOptions, {"permutations": 10}, "at least 99 permutations"),
        (options.BaseRatesOptions, {"prevalence": 1.0}, r"\(0, 1\)"),
        (options.CostsOptions, {"fp": 1.0}, "give fp and fn"),
        (options.CostsOptions, {"fp": 1.0, "fn": -1.0}, r"fn is a cost from 0 to 1e\+100, not -1.0"),
        (options.CostsOptions, {"fp": 1e308, "fn": 1e308}, r"fp is a cost from 0 to 1e\+100, not 1e\+308"),
        (options.CostsOptions, {"fp": 1.0, "fn": float("nan")}, r"fn is a cost from 0 to 1e\+100, not nan"),
        (options.CostsOptions, {"fp": 1.0, "fn": 2.0, "tn": 1.5}, "fp > tn"),
        (options.CostsOptions, {"actions": {"inbox": (0.0, 1.0)}}, "at least two actions"),
        (options.CostsOptions, {"actions": {"a": (0.0, 1.0), "b": (-1.0, 0.0)}}, "cost if no of b"),
        (options.CostsOptions, {"third": 0.2}, "give their costs too, fp and fn"),
        (options.CostsOptions, {"fp": 1.0, "fn": 1.0, "actions": {"Yes": (0.0, 1.0)}}, "cannot be called 'Yes'"),
        (options.CostsOptions, {"who_pays": {"fp": "the state"}}, "no cost was declared at all"),
        (options.CostsOptions, {"fp": 1.0, "fn": 1.0, "who_pays": {"judge": "x"}}, "there are fp, fn, tp, tn$"),
        (options.CostsOptions, {"fp": 1.0, "fn": 1.0, "who_pays": {"fpp": "x"}}, "did you mean 'fp'"),
        (options.CostsOptions, {"fp": 1.0, "fn": 1.0, "who_pays": {"tp": " "}}, "nobody is named who pays for 'tp'"),
        (options.FeedbackOptions, {"discovery": {"A": 0.0}}, r"\(0, 1\]"),
        (options.ScreenOptions, {"withheld": 1.0}, "withheld"),
    ],
)
def test_a_declaration_that_cannot_be_meant_is_refused(kind, given, said):
    with pytest.raises(ValueError, match=said):
        kind(**given)


def test_nothing_is_declared_by_default():
    assert options.SamplingOptions().population is None
    assert options.DisparitiesOptions().tolerance is None
    assert options.CostsOptions().fp is None
    assert options.ConfoundingOptions().role is None
    assert options.BaseRatesOptions().prevalence is None
