"""Metrics of scikit-learn by group: the same as from rows, with an interval, and without its silent zeros."""

import numpy as np
import pytest
import sklearn.metrics
from count_tables import values

from genaudit.audits.label_metric_options import LabelMetricsOptions
from genaudit.audits.label_metrics import label_metrics
from genaudit.audits.sklearn_metrics import label_metric
from genaudit.errors import BadOption, NotApplicable, UnknownName
from genaudit.stats.seeds import generator
from genaudit.values.counts import CountTable

BLACK, WHITE = [[990, 805], [532, 1369]], [[1139, 349], [461, 505]]
ALL = ("sklearn:f1_score", "sklearn:matthews_corrcoef", "sklearn:balanced_accuracy_score", "sklearn:jaccard_score",
       "sklearn:cohen_kappa_score", "sklearn:mutual_info_score", "sklearn:zero_one_loss")  # fmt: skip


def table(*confusions, **more):
    groups = tuple("abcdefg"[: len(confusions)])
    return CountTable(group="g", groups=groups, truth="y", decision="d", counts=np.array([confusions], float), **more)


def audited(given, *names, **options):
    options = LabelMetricsOptions(names=names, **options)
    return label_metrics(given, options=options, rng=generator(0, "unused"))


def rows_of(confusion):
    pairs = [
        (truth, decision) for truth in (0, 1) for decision in (0, 1) for _ in range(int(confusion[truth][decision]))
    ]
    return np.array(pairs).T


@pytest.mark.parametrize("name", ALL)
def test_four_counts_give_what_all_rows_give(name):
    outcome = audited(table(BLACK, WHITE), name)
    function = getattr(sklearn.metrics, name.removeprefix("sklearn:"))
    found = values(outcome, name.replace(":", "_"))
    for group, confusion in (("g=a", BLACK), ("g=b", WHITE)):
        # sums of a few thousand weights in another order
        assert found[group].value == pytest.approx(function(*rows_of(confusion)), rel=1e-12)


def test_the_f1_score_is_its_closed_form():
    found = values(audited(table(BLACK, WHITE), "sklearn:f1_score"), "sklearn_f1_score")
    assert found["g=a"].value == pytest.approx(2 * 1369 / (2 * 1369 + 805 + 532), rel=1e-14)


def test_the_standard_error_is_that_of_leaving_out_every_person_in_turn():
    small = [[7, 4], [3, 9]]
    rows = rows_of(small)
    without = np.array([sklearn.metrics.f1_score(*np.delete(rows, person, axis=1)) for person in range(23)])
    error = np.sqrt(22 / 23 * ((without - without.mean()) ** 2).sum())
    interval = values(audited(table(small, WHITE), "sklearn:f1_score"), "sklearn_f1_score")["g=a"].interval
    assert interval.width == pytest.approx(2 * 1.959963984540054 * error, rel=1e-9)
    assert "jackknife" in interval.method


def test_for_accuracy_the_interval_is_that_of_a_proportion():
    # the jackknife of a mean is its standard error with n - 1
    interval = values(audited(table(BLACK, WHITE), "sklearn:accuracy_score"), "sklearn_accuracy_score")["g=a"].interval
    share, n = (990 + 1369) / 3696, 3696
    assert interval.width == pytest.approx(2 * 1.959963984540054 * np.sqrt(share * (1 - share) / (n - 1)), rel=1e-9)


def test_intervals_hold_as_often_as_they_say():
    rng = generator(5, "coverage of the jackknife")
    shares = np.array([0.45, 0.1, 0.12, 0.33])
    truth = 2 * 0.33 / (2 * 0.33 + 0.1 + 0.12)
    metric = label_metric("sklearn:f1_score")
    assert metric.takes_weights
    held = 0
    for _ in range(60):
        drawn = rng.multinomial(400, shares).reshape(2, 2)
        interval = values(audited(table(drawn, WHITE), "sklearn:f1_score"), "sklearn_f1_score")["g=a"].interval
        held += interval.low <= truth <= interval.high
    # 60 draws at 95 %: fewer than 51 would happen once in 1,000 times
    assert held >= 51


def test_more_wrong_decisions_lower_the_score():
    scores = [
        values(audited(table([[90, wrong], [wrong, 90]], WHITE), "sklearn:f1_score"), "sklearn_f1_score")["g=a"].value
        for wrong in (5, 20, 60)
    ]
    assert scores == sorted(scores, reverse=True)


def test_the_order_of_groups_changes_no_value():
    one = values(audited(table(BLACK, WHITE), *ALL), "sklearn_matthews_corrcoef")
    other = values(audited(table(WHITE, BLACK), *ALL), "sklearn_matthews_corrcoef")
    assert (one["g=a"].value, one["g=b"].value) == (other["g=b"].value, other["g=a"].value)


def test_each_pair_is_compared_and_the_largest_difference_is_not_tested():
    outcome = audited(table(BLACK, WHITE), "sklearn:f1_score")
    (difference,) = values(outcome, "sklearn_f1_score_difference").items()
    assert difference[0] == "g=a − g=b"
    assert difference[1].interval.low < difference[1].value < difference[1].interval.high
    assert "p_value" not in difference[1].details
    assert "f1_score is highest and lowest with 0.672" in outcome.findings[0].statement


def test_what_scikit_learn_gives_as_zero_with_a_warning_is_undefined_here():
    outcome = audited(table([[40, 0], [0, 0]], WHITE), "sklearn:f1_score")
    assert list(values(outcome, "sklearn_f1_score")) == ["g=b"]
    (missing,) = outcome.unavailable
    assert (missing.group, missing.reason_code) == ("g=a", "empty_cell")


def test_a_group_without_any_error_has_no_interval_of_no_width():
    outcome = audited(table([[630, 0], [0, 270]], WHITE), "sklearn:f1_score")
    perfect = values(outcome, "sklearn_f1_score")["g=a"]
    (difference,) = values(outcome, "sklearn_f1_score_difference").values()
    for one in (perfect, difference):
        assert one.interval is None
        assert one.reason_without.startswith("Leaving any one person out changes nothing")
    assert "with 1 in g=a and" in outcome.findings[0].statement


def test_small_groups_are_suppressed_and_listed():
    outcome = audited(table(BLACK, [[2, 1], [0, 1]], WHITE), "sklearn:f1_score")
    assert list(values(outcome, "sklearn_f1_score")) == ["g=a", "g=c"]
    assert [(item.group, item.reason_code) for item in outcome.unavailable] == [("g=b", "below_min_n")]


def test_weighted_people_have_a_value_and_no_interval():
    weighted = table(np.array(BLACK) / 3, np.array(WHITE) / 3, weighted=True)
    found = values(audited(weighted, "sklearn:f1_score"), "sklearn_f1_score")["g=a"]
    assert found.interval is None
    assert "weights" in found.reason_without
    without_weights = audited(weighted, "sklearn:mutual_info_score")
    assert [item.reason_code for item in without_weights.unavailable] == ["needs_rows"]


def test_a_table_without_a_truth_has_no_such_metric():
    admitted = CountTable(group="g", groups=("a",), truth="", decision="d", counts=np.array([[[[40.0, 60], [0, 0]]]]))
    with pytest.raises(NotApplicable):
        audited(admitted, "sklearn:f1_score")


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("sklearn:f1_scroe", UnknownName, "No metric of labels 'f1_scroe'. Did you mean 'f1_score'?"),
        ("sklearn:roc_auc_score", BadOption, "takes (y_true, y_score, "),
        ("sklearn:confusion_matrix", BadOption, "does not give one number"),
        ("sklearn:__doc__", UnknownName, "No metric of labels '__doc__'"),
    ],
)
def test_a_metric_that_is_none_of_labels_is_refused(name, error, said):
    with pytest.raises(error) as refused:
        label_metric(name)
    assert said in str(refused.value)


def test_where_a_metric_is_from_must_be_said():
    with pytest.raises(ValueError, match="write sklearn:f1_score"):
        LabelMetricsOptions(names=("f1_score",))
