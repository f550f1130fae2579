"""The page of an audit: sections in the order of the record, every number with its interval, n or a reason."""

import re

import pytest

import genaudit
from genaudit_reports import charts
from genaudit_reports.audit.group_numbers import numbers_of
from genaudit_reports.audit.rates_of_groups import predictive_value, rates_by_attribute
from genaudit_reports.html_report import html_report


@pytest.fixture(scope="module")
def record():
    return genaudit.audit(
        "compas", group="race", truth="reoffended", decision="flagged", primary="false_positive_rate_difference",
        tolerance=0.05, tolerance_source="the county", prevalence=0.1, purpose="Who is offered help.",
        options={"disparities.permutations": 99, "disparities.bootstraps": 100},
    )  # fmt: skip


@pytest.fixture(scope="module")
def text(record, tmp_path_factory):
    return html_report(record, tmp_path_factory.mktemp("audit")).decode()


def test_sections_stand_in_the_order_of_the_record(record, text):
    headings = re.findall(r'<h2 id="audit-[^"]+">([^<]+)</h2>', text)
    assert headings == [audit.title for audit in record.audits]
    assert len(headings) >= 4


def test_the_verdict_comes_first_with_who_set_the_tolerance(text):
    found = text[text.index('class="found') : text.index("Before reading any number")]
    assert "1 difference was judged: 1 outside the tolerance that was set." in found
    assert "Outside." in found
    assert "set by the county" in found


def test_caveats_of_the_table_are_said_once_and_before_any_number(text):
    assert text.count("Barenstein") == 1
    assert text.index("Barenstein") < text.index("<h2 id=")


def test_the_purpose_is_printed_or_its_absence(text, tmp_path):
    assert "Intended use, as given: Who is offered help." in text
    bare = genaudit.audit("compas", group="race", decision="flagged")
    assert "No intended use was given: read this as description only." in html_report(bare, tmp_path).decode()


def test_every_rate_is_in_the_page_to_the_digits_of_its_interval(record, text):
    for result in record.results:
        if result.metric == "group_count":  # in the table of groups, as a count
            continue
        assert f'<data value="{result.value}">' in text, (result.metric, result.group)
        if result.interval:
            assert f'<data value="{result.interval.low} {result.interval.high}">' in text


def test_what_is_not_declared_is_listed_with_what_to_give(text):
    assert "<strong>Not assessed.</strong> No population was declared" in text
    assert "sampling.population" in text


def test_groups_stand_beside_one_another_if_they_are_few(record):
    numbers = numbers_of(
        [one for one in record.results if one.metric in {"selection_rate", "accuracy"}], {"race=Black", "race=White"}
    )
    (table,) = numbers.across
    assert (table.attribute, table.groups) == ("race", ("Black", "White"))
    assert [row.title for row in table.rows] == ["Selection rate", "Accuracy"]
    assert [cell.text for cell in table.rows[0].cells] == ["0.588", "0.348"]
    assert numbers.listed == ()


def test_many_groups_are_listed_one_by_one():
    import pandas as pd

    frame = pd.DataFrame(
        {"g": [f"g{number % 12}" for number in range(600)], "d": [number % 2 for number in range(600)]}
    )
    many = genaudit.audit(frame, group="g", decision="d", options={"disparities.permutations": 99})
    numbers = numbers_of(
        [one for one in many.results if one.metric == "selection_rate"], {f"g=g{n}" for n in range(12)}
    )
    assert numbers.across == ()
    assert len(numbers.listed) == 12
    assert "group_rates_g" in charts(many)


def test_the_rates_are_drawn_with_their_intervals(record):
    spec = charts(record)["group_rates_race"]
    drawn = {(row["rate"], row["group"]): row for row in spec["data"]["values"]}
    black = record.result("false_positive_rate", "race=Black")
    row = drawn["False positive rate", "Black"]
    assert (row["value"], row["low"], row["high"]) == (black.value, black.interval.low, black.interval.high)


def test_the_predictive_value_is_drawn_over_all_prevalences_with_this_tables_own(record):
    from genaudit_reports.audit.prevalence_figure import prevalence_figure

    groups = rates_by_attribute(record)["race"]
    figure = prevalence_figure("race", groups, record.request.options)
    own = [row for row in figure.spec["data"]["values"] if "own" in row]
    # at its own prevalence the curve gives back the predictive value of the table: Bayes' rule, exact up to rounding
    for row in own:
        assert row["ppv"] == pytest.approx(record.value("positive_predictive_value", f"race={row['group']}"), abs=1e-12)
    shares = [row["share"] for row in figure.spec["data"]["values"] if "share" in row]
    assert (min(shares), max(shares)) == pytest.approx((1e-4, 0.9))


def test_predictive_values_of_published_examples():
    # golden cases G28 (COMPAS at 36.2 %) and G29 (mammography)
    assert predictive_value(0.6259613, 0.3234923, 0.362) == pytest.approx(0.5233378, abs=1e-6)
    assert predictive_value(0.9, 0.09, 0.01) == pytest.approx(0.0917431, abs=1e-6)


def test_cost_curves_meet_the_rates_at_their_ends(record):
    from genaudit_reports.audit.cost_figures import cost_curves

    groups = rates_by_attribute(record)["race"]
    assert cost_curves("race", groups, {}) is None
    figure = cost_curves("race", groups, {"costs.fp": 1.0, "costs.fn": 1.5})
    ends = [row for row in figure.spec["data"]["values"] if "weighted" in row and row.get("group") == "Black"]
    assert [row["cost"] for row in ends] == [
        record.value("false_positive_rate", "race=Black"), record.value("false_negative_rate", "race=Black"),
    ]  # fmt: skip
    assert "race" in figure.columns or figure.columns[1:3] == ("Black", "White")


def test_this_tables_place_on_a_cost_curve_counts_what_right_decisions_cost(record):
    from genaudit_reports.audit.cost_figures import cost_curves

    groups = rates_by_attribute(record)["race"]
    free, priced = (
        cost_curves("race", groups, {f"costs.{name}": cost for name, cost in costs.items()})
        for costs in ({"fp": 1.0, "fn": 2.0}, {"fp": 1.5, "fn": 2.25, "tn": 0.5, "tp": 0.25})
    )
    own = [[row["own"] for row in figure.spec["data"]["values"] if "own" in row] for figure in (free, priced)]
    assert own[0] == pytest.approx(own[1])  # only what errors cost beyond the right decision matters


def test_a_page_without_charts_shows_their_tables(record, tmp_path, monkeypatch):
    from genaudit_reports import page as pages
    from genaudit_reports.svg import ChartsUnavailable

    def unavailable(specs):
        raise ChartsUnavailable("vl-convert is not installed")

    monkeypatch.setattr(pages, "render", unavailable)
    text = html_report(record, tmp_path).decode()
    assert "Charts are not drawn" in text
    assert "<svg" not in text.split("<footer")[0].replace('<svg class="track"', "")


def test_the_same_record_gives_the_same_bytes(record, text, tmp_path):
    assert html_report(record, tmp_path).decode() == text


def test_no_word_promises_what_no_number_can(text):
    for word in ("unbiased", "bias-free", "compliant", "certified", "80 % rule"):
        assert word not in text
    assert not re.search(r"\b(un)?fair\b", text)


def test_a_cell_says_undefined_only_where_that_number_of_that_group_has_a_reason(tmp_path):
    import pandas as pd

    # group c has nobody of whom the truth is no: its false positive rate is undefined, its selection rate is not
    frame = pd.DataFrame(
        [(group, truth, decision) for group, truths in {"a": (0, 1), "b": (0, 1), "c": (1,)}.items()
         for truth in truths for decision in (0, 1) for _ in range(300)],
        columns=["g", "t", "d"],
    )  # fmt: skip
    found = genaudit.audit(frame, group="g", truth="t", decision="d", options={"disparities.permutations": 99})
    rates = [one for one in found.results if one.metric in {"selection_rate", "false_positive_rate"}]
    (table,) = numbers_of(rates, {"g=a", "g=b", "g=c"}, found.not_available).across
    assert [[cell.note for cell in row.cells] for row in table.rows] == [["", "", ""], ["", "", "undefined, see below"]]
    (table,) = numbers_of(rates, {"g=a", "g=b", "g=c"}).across  # nobody said why: nothing was to be computed
    assert table.rows[1].cells[2].note == "–"


def test_a_number_that_belongs_to_no_single_group_is_a_dash_in_its_column(text):
    assert "undefined, see below" not in text  # every rate of this table is defined


def test_a_group_that_is_too_small_for_a_rate_is_counted_all_the_same(tmp_path):
    import pandas as pd

    frame = pd.DataFrame({"g": ["a"] * 100 + ["b"] * 6, "d": [0, 1] * 53})
    small = genaudit.audit(frame, group="g", decision="d", options={"disparities.permutations": 99})
    page = html_report(small, tmp_path).decode()
    assert (
        '<tr><th scope="row">b <span class="quiet">g</span></th><td data-sort="6">6</td>'
        '<td data-sort="">–</td><td data-sort="">–</td></tr>'
    ) in page
