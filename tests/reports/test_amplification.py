"""Amplification of pairs is drawn once, said in words, and its numbers stand in one place."""

from records import record, result

from genaudit.values.results import EvaluationProtocol
from genaudit_reports.content.amplification import amplification_tables
from genaudit_reports.content.groups import groups
from genaudit_reports.figures import figures

PROTOCOL = EvaluationProtocol(parameters={"direction": "away from equal shares"})
PAIRS = (
    result("bias_amplification", -0.1, "digit=2, colour=orange", (-0.12, -0.08), protocol=PROTOCOL),
    result("bias_amplification", 0.01, "digit=3, colour=orange", (-0.02, 0.04), protocol=PROTOCOL),
    result("bias_amplification", 0.2, "digit=4, colour=orange", (0.15, 0.25), protocol=PROTOCOL),
)
MEAN = result("bias_amplification", 0.04, "colour within digit", (0.01, 0.07), protocol=PROTOCOL)


def test_pairs_stand_in_a_table_with_their_mean():
    (table,) = amplification_tables(record(results=(*PAIRS, MEAN)))
    assert [label for label, _ in table.rows] == ["2 orange", "3 orange", "4 orange"]
    assert table.mean == MEAN
    assert table.direction == "away from equal shares"


def test_the_finding_tells_what_is_sure_from_what_is_not():
    (table,) = amplification_tables(record(results=(*PAIRS, MEAN)))
    assert table.finding.startswith(
        "Links of digit and colour: of 3 links of the training data, 1 is stronger beyond the interval (4 orange), "
        "1 is weaker beyond the interval (2 orange) and 1 shows no sure change. On average 0.040 (95\u202f% interval "
    )


def test_the_chart_holds_every_interval_and_says_which_way_is_which():
    figure = next(one for one in figures(record(results=(*PAIRS, MEAN))) if one.name.startswith("amplification_"))
    low, high = figure.spec["layer"][3]["encoding"]["x"]["scale"]["domain"]
    assert low == -high
    assert high >= 0.25
    assert "right of 0 the link is stronger" in figure.caption
    assert "from equal shares" in figure.caption
    assert [row[0] for row in figure.rows] == ["2 orange", "3 orange", "4 orange", "mean"]


def test_pairs_are_listed_in_the_chart_and_their_mean_among_the_numbers():
    section = groups(record(results=(*PAIRS, MEAN), findings=()))
    assert [row.title for row in section.numbers] == ["Bias amplification"]
    assert section.numbers[0].group == "colour within digit"


def test_without_pairs_there_is_no_chart():
    assert amplification_tables(record(results=(MEAN,))) == []
