"""Shares under truncation in the report: one chart an attribute, every truncation in its table."""

from records import record, result

from genaudit_reports.content.groups import groups
from genaudit_reports.content.truncation import truncated_tables
from genaudit_reports.figures.truncation import truncation_figures


def swept(levels=("8", "9", "0")):
    return record(
        results=tuple(
            result(
                "share_truncated",
                value,
                group=f"truncation={psi}, digit={level}",
                interval=(value - 0.02, value + 0.02),
                details={"in_training": 1 / len(levels)},
            )
            for psi, first in (("0.3", 0.8), ("0.7", 0.5), ("1", 0.4))
            for level, value in zip(levels, (first, (1 - first) / 2, (1 - first) / 2), strict=False)
        ),
        failures=(),
    )


def test_levels_are_rows_and_the_most_changed_are_named():
    (table,) = truncated_tables(swept())
    assert (table.attribute, table.truncations, table.base, table.least) == ("digit", (0.3, 0.7, 1.0), 1.0, 0.3)
    assert [row.label for row in table.rows] == ["8", "9", "0"]
    assert "Most changed: 8" in table.finding


def test_of_two_levels_one_row_is_enough():
    assert [row.label for row in truncated_tables(swept(("8", "9")))[0].rows] == ["8"]


def test_the_chart_marks_the_ends_and_its_table_holds_every_truncation():
    (figure,) = truncation_figures(swept())
    assert figure.name == "share_under_truncation_digit"
    ends = next(one for one in figure.spec["data"]["values"] if one["level"] == "8" and one.get("base"))
    assert (ends["base"], ends["least"], ends["training"]) == (0.4, 0.8, 1 / 3)
    assert figure.columns == ("digit", "Training data", "At 1", "At 0.7", "At 0.3", "Interval at 0.3")


def test_numbers_in_the_chart_are_not_listed_again():
    assert groups(swept()).numbers == ()


def test_a_telephone_gets_fewer_marks_on_the_axis_so_that_none_touch():
    (figure,) = truncation_figures(swept())

    def marks(spec):
        return spec["layer"][0]["encoding"]["x"]["axis"]["tickCount"]

    assert (marks(figure.spec), marks(figure.narrow)) == (5, 3)
