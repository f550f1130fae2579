"""People of whom nobody wrote down a group, or one of several attributes: described, and compared with nobody."""

import pandas as pd
import pytest
from count_tables import codes, said, table, values

import genaudit
from genaudit.audits.data_profile import data_profile
from genaudit.audits.disparities import disparities
from genaudit.audits.impossibility import impossibility
from genaudit.audits.label_metric_options import LabelMetricsOptions
from genaudit.audits.label_metrics import label_metrics
from genaudit.audits.sampling import check_population
from genaudit.audits.table_options import DisparitiesOptions, ImpossibilityOptions
from genaudit.plugin.options import NoOptions
from genaudit.stats.seeds import generator

LEVELS = (("A", "f"), ("A", "m"), ("A", "(missing)"), ("(missing)", "f"))
CROSSED = table(
    [(60, 40, 30, 70), (62, 38, 28, 72), (5, 95, 90, 10), (9, 91, 80, 20)],
    [" × ".join(levels) for levels in LEVELS],
    group="race × sex",
    crossed=("race", "sex"),
    group_levels=LEVELS,
)
"""Who lacks an attribute is treated quite unlike the others."""


def rng():
    return generator(0, "unnamed")


def test_the_largest_difference_is_between_groups_that_somebody_wrote_down():
    outcome = disparities(CROSSED, options=DisparitiesOptions(permutations=99, bootstraps=100), rng=rng())
    assert values(outcome, "false_positive_rate_difference")[""].value == pytest.approx(0.02)
    left = codes(outcome, "false_positive_rate_difference")
    assert left == {
        ("false_positive_rate_difference", f"race × sex={group}"): "missing_group"
        for group in ("A × (missing)", "(missing) × f")
    }
    assert "100 people without sex: no group to compare with." in {item.reason for item in outcome.unavailable}


def test_metrics_of_labels_and_equalities_are_not_compared_with_them_either():
    outcome = label_metrics(CROSSED, options=LabelMetricsOptions(names=("sklearn:f1_score",)), rng=rng())
    assert set(values(outcome, "sklearn_f1_score_difference")) == {"race × sex=A × f − race × sex=A × m"}
    assert "race × sex=A × (missing)" in values(outcome, "sklearn_f1_score")
    assert "(missing)" not in said(outcome)
    tied = impossibility(CROSSED, options=ImpossibilityOptions(), rng=rng())
    assert "People without a race or sex are left out here." in said(tied)
    assert not any("(missing)" in value.estimate.group for value in tied.values)


def test_the_profile_counts_everybody_who_lacks_one_of_the_attributes():
    outcome = data_profile(CROSSED, options=NoOptions(), rng=rng())
    assert "400 people without race or sex: 2 rows of their own, which are compared with nobody." in said(outcome)


def test_a_population_of_combinations_needs_no_share_of_them():
    check_population(CROSSED, {"A × f": 0.5, "A × m": 0.5})
    rows = [
        (race, sex, n % 2, n % 3 == 0)
        for race, sex in (("A", "f"), ("A", "m"), ("B", "f"), ("B", None))
        for n in range(40)
    ]
    frame = pd.DataFrame(rows, columns=["race", "sex", "y", "d"])
    population = {"A × f": 0.3, "A × m": 0.3, "B × f": 0.4, "B × m": 0}
    record = genaudit.audit(frame, group=["race", "sex"], truth="y", decision="d", reference=population)
    assert record.value("share_sampled", group="race × sex=A × f") == pytest.approx(1 / 3)
