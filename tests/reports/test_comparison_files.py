"""The comparison as page, table and JSON."""

import csv
import io
import json
import re

import pytest
from records import record, result

import genaudit
from genaudit.values.results import Direction, EvaluationProtocol
from genaudit.values.run import MetricDescription
from genaudit_reports.comparison.csv_file import COLUMNS, csv_file
from genaudit_reports.comparison.figures import along, chip, number_figures, title_of
from genaudit_reports.comparison.html_file import html_files
from genaudit_reports.comparison.json_file import json_file
from genaudit_reports.comparison.page import page

HOSTILE = '<script>alert(1)</script>"onload=x\0\u202e'


def compared(*labels):
    first = record(results=(result("fid", 4.0, interval=(3.9, 4.1)), result("share", 0.25, group="digit=6")))
    second = record(
        results=(
            result("fid", 3.0, interval=(2.9, 3.1)),
            result("share", 0.25, group="digit=6"),
            result("recall", 0.5, interval=(0.4, 0.6), direction=Direction.HIGHER),
            result("recall", 0.5, group="x", protocol=EvaluationProtocol(samples=5)),
        )
    )
    third = record(results=(result("recall", 0.7, interval=(0.6, 0.8), direction=Direction.HIGHER),))
    return genaudit.compare([first, second, third], labels or ("a", "b", "c"))


def test_every_number_of_the_comparison_is_on_the_page():
    text = html_files(compared())["comparison.html"].decode()
    values = [float(value) for value in re.findall(r'<data value="([^"]*)">', text)]
    assert sorted(values) == [0.25, 0.25, 0.5, 0.7, 3.0, 4.0]
    assert "better: −1.00" in text
    assert "A GAN" not in text
    assert "not among the numbers of this run" in text


def test_the_first_sentences_name_what_became_better_and_worse():
    def run(distance, share):
        higher = {"direction": Direction.HIGHER}
        return record(
            results=(
                result("fid", distance, interval=(distance - 0.1, distance + 0.1)),
                result("recall", share, interval=(share - 0.01, share + 0.01), **higher),
            )
        )

    said = page(genaudit.compare([run(5.0, 0.8), run(4.0, 0.6)], ("old", "new")))
    assert said["title"] == "old and new side by side on colored-digits"
    assert said["lead"][1:3] == ["new is better than old in Fréchet distance.", "new is worse than old in Recall."]


def test_names_are_text_and_never_markup():
    text = html_files(compared(HOSTILE, "b", "c"))["comparison.html"].decode()
    assert "<script>alert" not in text
    assert text.count("<script") == 1  # the page's own
    assert "\0" not in text
    assert "\u202e" not in text


def test_what_two_runs_define_differently_is_said_once_in_words():
    def run(items):
        one = EvaluationProtocol(samples=5, parameters={"items_of_each_group": items})
        groups = (result("kid_by_group", 0.5, group=name, protocol=one) for name in ("a=1", "a=2"))
        return record(results=(result("fid", 4.0), *groups))

    text = html_files(genaudit.compare([run(496), run(497)], ("x", "y")))["comparison.html"].decode()
    said = re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", text[text.index('id="unlike"') :])
    assert said == [("kid_by_group (a=1), kid_by_group (a=2)", "Items of each group: 496 in x, 497 in y.")]


def test_labels_that_are_numbers_draw_a_curve_and_names_draw_rows():
    def x_of(files):
        return json.loads(files["charts/compare-fid.vl.json"])["layer"][-1]["encoding"]["x"]["field"]

    assert x_of(html_files(compared("50", "500", "3000"))) == "run"
    assert x_of(html_files(compared("a", "b", "c"))) == "value"


def course(labels, values):
    """Runs with these labels, in which a distance takes these values."""
    runs = [record(results=(result("fid", value, interval=(value - 0.1, value + 0.1)),)) for value in values]
    return genaudit.compare(runs, labels)


def fid_curve(labels, values):
    return number_figures(course(labels, values))[0]


def test_a_curve_is_told_from_its_first_run_to_its_last_with_where_it_turned():
    assert fid_curve(["100", "200", "300"], [9.0, 4.0, 5.0]).finding == (
        "Fréchet distance goes from 9.00 at 100 to 5.00 at 300; lowest at 200, 4.00."
    )
    assert fid_curve(["100", "200"], [9.0, 4.0]).finding == "Fréchet distance goes from 9.00 at 100 to 4.00 at 200."
    assert fid_curve(["a", "b", "c"], [9.0, 4.0, 5.0]).finding == (
        "Fréchet distance is lowest in b, 4.00, and highest in a, 9.00."
    )


def test_runs_that_agree_to_the_digits_shown_have_neither_lowest_nor_highest():
    assert fid_curve(["a", "b"], [4.0, 4.0001]).finding == "Fréchet distance is 4.00 in all of them."


def test_a_number_of_an_audit_is_called_as_in_the_report_of_a_run():
    runs = [record(results=(result("bias_amplification_t_to_a", 0.1, "colour"),)) for _ in range(2)]
    (number,) = genaudit.compare(runs, ["a", "b"]).numbers
    assert title_of(number) == "Bias amplification, task to attribute"


@pytest.mark.parametrize(
    ("labels", "scale"),
    [(["100", "200", "300"], None), (["60", "700", "3000"], "log"), (["0", "700", "3000"], None)],
)
def test_labels_of_many_sizes_lie_on_a_logarithmic_axis_and_the_page_says_so(labels, scale):
    curve = course(labels, [9.0, 4.0, 5.0])
    figure = number_figures(curve)[0]
    assert figure.spec["layer"][0]["encoding"]["x"]["scale"].get("type") == scale
    assert ("on a logarithmic axis" in along(curve)) == bool(scale)
    assert figure.spec["layer"][0]["encoding"]["x"]["axis"]["values"] == [float(label) for label in labels]


def test_a_view_that_the_title_names_is_not_named_twice():
    text = record(
        metrics=(
            MetricDescription(
                name="fid", view="low-level", title="Fréchet distance, low-level features", summary="", unit="",
                direction="lower", bounds=(0.0, None), formula="", meaning="", caveat="", source="", version="1",
            ),
        ),
        results=(result(group="low-level"), result(group="other")),
    )  # fmt: skip
    named, other = genaudit.compare([text, text], ["a", "b"]).numbers
    assert (chip(named), chip(other)) == ("", "other")


def test_csv_has_a_row_a_number_and_run():
    rows = list(csv.DictReader(io.StringIO(csv_file(compared("=1+1", "b", "c")).decode())))
    assert tuple(rows[0]) == COLUMNS
    fid = [row for row in rows if row["metric"] == "fid"]
    assert [(row["run"], row["value"], row["change"], row["reading"]) for row in fid] == [
        ("'=1+1", "4.0", "", ""),
        ("b", "3.0", "-1.0", "better"),
        ("c", "", "", ""),
    ]
    assert fid[1]["change_low"] == pytest.approx("-1.1414213562373094", abs=0) or float(
        fid[1]["change_low"]
    ) == pytest.approx(-1.14142136, abs=1e-6)


def test_json_reads_back_with_the_numbers():
    plain = json.loads(json_file(compared()))
    assert plain["schema_version"] == 1
    assert [run["label"] for run in plain["runs"]] == ["a", "b", "c"]
    assert plain["numbers"][0]["cells"][1]["change"]["reading"] == "better"
