"""An audit that decides by a score: what was declared reaches the counting, and wrong words are refused."""

import pandas as pd
import pytest

import genaudit
from genaudit.cli import main
from genaudit.errors import GenauditError

QUICK = {"disparities.permutations": 99, "disparities.bootstraps": 100}


@pytest.fixture(scope="module")
def frame():
    rows = range(500)
    return pd.DataFrame(
        {"g": ["a", "b"] * 250, "s": [place % 97 / 97 for place in rows], "y": [place * 7 % 3 // 2 for place in rows]}
    )


def test_people_are_counted_apart_where_a_declared_action_becomes_the_cheapest(frame):
    costs = {"fp": 1, "fn": 2, "third": 0.35}  # the third action is the cheapest from 0.175 up to below 0.65
    record = genaudit.audit(frame, group="g", truth="y", score="s", threshold=0.5, cost=costs, options=QUICK)
    own = frame["s"][frame["g"] == "a"]
    inside = ((own >= 0.175) & (own < 0.65)).sum()
    assert record.value("cheapest_action_share", group="g=a, third action") == inside / len(own)


def test_the_kind_of_a_score_is_in_the_record_and_in_the_command_that_repeats_it(frame, tmp_path, capsys):
    path = tmp_path / "people.csv"
    frame.to_csv(path, index=False)
    words = ["audit", "--table", str(path), "--group", "g", "--truth", "y", "--score", "s", "--threshold", "0.5"]
    quick = ["--set", "disparities.permutations=99", "--format", "json", "-q", "-o", str(tmp_path / "runs")]
    assert main([*words, "--score-kind", "rank", *quick]) == 0
    said = capsys.readouterr().out
    assert "were declared to be no probabilities" in said
    (folder,) = (tmp_path / "runs").iterdir()
    record = genaudit.load(folder)
    assert record.request.options["table.score_kind"] == "rank"
    assert "--score-kind rank" in record.request.command
    assert main([*words, "--score-kind", "percent", *quick]) == 2
    assert "--score-kind 'percent' is neither probability nor rank." in capsys.readouterr().err


def test_a_kind_without_a_score_is_refused(frame):
    with pytest.raises(GenauditError, match="--score-kind is for --score, and no score was named"):
        genaudit.audit(frame, group="g", decision="y", score_kind="rank")


def test_a_decision_that_is_a_label_says_how_its_score_would_be_told():
    record = genaudit.audit("compas", group="race", truth="reoffended", decision="flagged", options=QUICK)
    missing = record.unavailable["calibration"]
    assert missing.reason_code == "no_score"
    assert missing.hint == "Give --score COLUMN with --threshold T instead of --decision."
