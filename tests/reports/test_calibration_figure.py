"""The chart of what a score means: the numbers of the record, at the mean scores of their people."""

import pandas as pd
import pytest

import genaudit
from genaudit_reports.audit.calibration_figure import calibration_figure
from genaudit_reports.content.grouping import is_audit_name
from genaudit_reports.html_report import html_report

QUICK = {"disparities.permutations": 99, "disparities.bootstraps": 100}


def audited(score, threshold, **more):
    frame = pd.DataFrame({"race": ["A", "B"] * 300, "risk": [place % 29 / 29 for place in range(600)]})
    frame["decile"] = (frame["risk"] * 10).astype(int)
    frame["ill"] = [int((place * 7) % 11 < 11 * risk) for place, risk in enumerate(frame["risk"])]
    return genaudit.audit(frame, group="race", truth="ill", score=score, threshold=threshold, options=QUICK, **more)


@pytest.fixture(scope="module")
def record():
    return audited("risk", 0.5, cost={"fp": 1, "fn": 1, "third": 0.2})


def test_points_are_the_shares_of_the_record_with_their_intervals(record):
    figure = calibration_figure("race", record)
    drawn = [row for row in figure.spec["data"]["values"] if "share" in row]
    results = [one for one in record.results if one.metric == "positive_share_at_score"]
    assert len(drawn) == len(results) == 20
    for row, result in zip(drawn, results, strict=True):
        assert (row["score"], row["share"]) == (result.details["mean_score"], result.value)
        assert (row["low"], row["high"]) == (result.interval.low, result.interval.high)
    assert figure.rows[0][:2] == ("A", "0 to 0.1")
    assert figure.finding.startswith("Shares of positives at one score differ most at risk 0.")


def test_probabilities_alone_have_the_line_on_which_they_are_the_share(record):
    figure = calibration_figure("race", record)
    assert [row for row in figure.spec["data"]["values"] if "says" in row] == [
        {"says": 0.0, "score": 0.0}, {"says": 1.0, "score": 1.0}
    ]  # fmt: skip
    deciles = calibration_figure("race", audited("decile", 5))
    assert not [row for row in deciles.spec["data"]["values"] if "says" in row]
    assert "grey line" not in deciles.caption


def test_without_scores_there_is_no_chart():
    plain = genaudit.audit("compas", group="race", truth="reoffended", decision="flagged", options=QUICK)
    assert calibration_figure("race", plain) is None


def test_the_page_has_the_chart_and_the_numbers_of_the_audit_are_its_own(record, tmp_path):
    text = html_report(record, tmp_path).decode()
    assert "What a score means in each group" in text
    assert "Shares of positives at one score differ most" in text
    assert "A perfectly calibrated score would show about" in text
    calibration = next(audit for audit in record.audits if audit.name == "calibration")
    assert all(map(is_audit_name, (*calibration.values, "cheapest_action_share")))
