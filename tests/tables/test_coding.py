"""What yes means, who is in which group, and what could not be used."""

import pytest

from genaudit.errors import GenauditError
from genaudit.tables.cells import Tally, cells_of
from genaudit.tables.coding import code_tables
from genaudit.tables.columns import TableColumns

COLUMNS = TableColumns(group=("g",), truth="y", decision="d")


def cells(*rows, keys=("g", "y", "d")):
    """Each row once."""
    return cells_of(keys, [(row, Tally(1, 1.0, 1.0)) for row in rows])


def coded(*rows, columns=COLUMNS, **more):
    return code_tables(cells(*rows, keys=columns.keys), columns, **more)


@pytest.mark.parametrize(
    ("yes", "no"),
    [("1", "0"), ("True", "False"), ("YES", "no"), ("y", "n"), ("1.0", "0.0"), ("1", "-1")],
)
def test_the_usual_words_for_yes_and_no_need_no_explanation(yes, no):
    table = coded(("a", yes, yes), ("a", no, yes), ("b", no, no)).tables[0]
    assert table.counts.tolist() == [[[[0, 1], [0, 1]], [[1, 0], [0, 0]]]]


def test_other_words_are_refused_until_somebody_says_which_mean_yes():
    rows = (("a", "High", "1"), ("b", "Low", "0"), ("b", "Medium", "0"))
    with pytest.raises(GenauditError, match=r"'y' has 3 values \(High, Low, Medium\).* Write --positive 'y=Medium'"):
        coded(*rows)
    told = TableColumns(group=("g",), truth="y", decision="d", positive={"y": ("High", "Medium")})
    table = coded(*rows, columns=told).tables[0]
    assert table.counts[0].tolist() == [[[0, 0], [0, 1]], [[1, 0], [1, 0]]]
    assert table.positive_truth == "High or Medium"


def test_one_positive_value_for_both_columns_is_enough():
    told = TableColumns(group=("g",), truth="y", decision="d", positive={"": ("bad",)})
    assert coded(("a", "bad", "good"), ("a", "good", "bad"), columns=told).tables[0].counts.tolist() == [
        [[[0, 1], [1, 0]]]
    ]


def test_a_positive_value_that_nobody_has_is_refused_with_the_nearest():
    told = TableColumns(group=("g",), truth="y", decision="d", positive={"y": ("Hihg",)})
    with pytest.raises(GenauditError, match=r"--positive 'Hihg' is no value of 'y'\. Did you mean 'High'"):
        coded(("a", "High", "1"), ("a", "Low", "1"), columns=told)


def test_a_score_where_a_label_is_needed_is_recognised():
    rows = [("a", "1", str(score)) for score in range(1, 11)]
    with pytest.raises(GenauditError, match=r"like a score: write --score d --threshold T instead of --decision"):
        coded(*rows)


def test_both_columns_are_explained_in_one_message():
    with pytest.raises(GenauditError) as refused:
        coded(("a", "p", "u"), ("a", "q", "v"))
    assert "'y' has 2 values" in str(refused.value)
    assert "'d' has 2 values" in str(refused.value)


def test_people_without_a_group_are_a_group():
    found = coded(("a", "1", "1"), (None, "0", "1"), ("NA", "1", "0"))
    assert found.tables[0].groups == ("a", "(missing)")
    assert found.tables[0].counts[0, 1].tolist() == [[0, 1], [1, 0]]
    assert found.remarks == ("2 of 3 rows have no 'g': the level (missing).",)


def test_rows_without_truth_or_decision_are_left_out_and_counted():
    found = coded(("a", None, "1"), ("a", "1", "1"), ("b", "0", None), ("b", "0", "0"))
    assert (found.rows, found.used) == (4, 2)
    assert found.remarks[0].startswith("1 of 4 rows has no 'y' and is left out; ")
    assert found.remarks[1].startswith("1 of 4 rows has no 'd' and is left out; ")
    assert found.tables[0].caveats == found.remarks


def test_a_table_without_a_complete_row_is_refused():
    with pytest.raises(GenauditError, match=r"No row of the table has both 'y' and 'd'\."):
        coded(("a", None, "1"), ("a", "1", None))


def test_a_truth_of_one_kind_alone_is_a_table_too():
    assert coded(("a", "1", "0"), ("b", "1", "1")).tables[0].counts.tolist() == [[[[0, 0], [1, 0]], [[0, 0], [0, 1]]]]
    assert coded(("a", "0", "0"), ("b", "0", "1")).tables[0].counts.tolist() == [[[[1, 0], [0, 0]], [[0, 1], [0, 0]]]]


def test_several_group_columns_give_each_alone_and_all_combinations_even_empty_ones():
    columns = TableColumns(group=("race", "sex"), truth="y", decision="d")
    rows = (("b", "f", "1", "1"), ("b", "m", "0", "1"), ("w", "m", "1", "0"))
    tables = coded(*rows, columns=columns).tables
    assert [table.group for table in tables] == ["race", "sex", "race × sex"]
    assert tables[2].groups == ("b × f", "b × m", "w × f", "w × m")
    assert tables[2].confusion[2].sum() == 0
    assert all(table.total == 3 for table in tables)


def test_several_stratum_columns_are_held_fixed_together():
    columns = TableColumns(group=("g",), truth="y", decision="d", strata=("s", "t"))
    rows = (("a", "1", "u", "1", "1"), ("a", "2", "u", "0", "1"), ("b", "10", "v", "1", "0"))
    table = coded(*rows, columns=columns).tables[0]
    assert (table.stratum, table.strata) == ("s × t", ("1 × u", "2 × u", "10 × v"))


def test_ten_thousand_groups_are_refused():
    rows = [(f"zip {number}", "1", "1") for number in range(10_000)]
    with pytest.raises(GenauditError, match="'g' has 10,000 different values, and at most 100 groups are compared"):
        coded(*rows)


def test_a_table_without_rows_and_one_without_any_decision_are_told_apart():
    alone = TableColumns(group=("g",), decision="d")
    with pytest.raises(GenauditError, match="the table has no rows, only the names of its columns"):
        coded(columns=alone)
    with pytest.raises(GenauditError, match=r"No row of the table has a 'd'\."):
        coded(("a", None), columns=alone)


def test_a_score_given_for_the_truth_is_named_as_one():
    rows = [("a", f"0.{number}", "1") for number in range(1, 9)]
    with pytest.raises(GenauditError, match="They are numbers, like a score: a truth is yes or no and no score"):
        coded(*rows)


def test_too_many_combinations_of_groups_are_refused():
    columns = TableColumns(group=("g", "h"), truth="y", decision="d")
    rows = [(f"{number % 20}", f"{number}", "1", "1") for number in range(60)]
    with pytest.raises(GenauditError, match="g × h make 1,200 groups, and at most 100 are compared"):
        coded(*rows, columns=columns)


def test_names_of_levels_cannot_break_the_names_of_groups():
    found = coded(("a, b=c", "1", "1"), ("a; b:c", "1", "1"), ("x\x1b[2J\u202e", "0", "0"), ("y" * 500, "0", "0"))
    table = found.tables[0]
    assert found.remarks == (
        "Values of 'g' that read alike, shortened and without ',' and '=', have a number: 'a; b:c' is a; b:c (2).",
    )
    assert table.groups[:2] == ("a; b:c", "a; b:c (2)")
    assert table.groups[2] == "x[2J"
    assert len(table.groups[3]) == 60


def test_a_decision_made_from_a_score_is_called_by_it():
    columns = TableColumns(group=("g",), truth="y", score="decile", threshold=5)
    table = coded(("a", "1", "1"), ("a", "0", "0"), columns=columns).tables[0]
    assert table.decision == "decile ≥ 5"


def test_a_table_without_a_truth_has_everyone_under_no():
    columns = TableColumns(group=("g",), decision="d")
    table = coded(("a", "1"), ("b", "0"), columns=columns).tables[0]
    assert not table.has_truth
    assert table.counts.tolist() == [[[[0, 1], [0, 0]], [[1, 0], [0, 0]]]]


def test_whole_weights_count_people_and_rows_of_one_kind_make_that_worth_saying():
    """400 rows of weight 3 are 1,200 people, or 400 with a survey weight: the reader is told how to say which."""
    columns = TableColumns(group=("g",), truth="y", decision="d", weight="w")
    rows = [(("a", "1", "1"), Tally(100, 300.0, 900.0)), (("b", "0", "1"), Tally(300, 900.0, 2700.0))]
    coded = code_tables(cells_of(columns.keys, rows), columns)
    assert not coded.tables[0].weighted
    assert "'w' holds whole numbers, taken as counts: 400 rows stand for 1,200 people." in coded.remarks[0]
    assert "--weight-kind survey" in coded.remarks[0]
    counted = [(key, Tally(1, tally.weight, tally.weight**2)) for key, tally in rows]
    ones = [(key, Tally(tally.rows, float(tally.rows), float(tally.rows))) for key, tally in rows]
    for quiet in (counted, ones):
        assert not code_tables(cells_of(columns.keys, quiet), columns).remarks


def test_weights_of_nothing_are_refused():
    columns = TableColumns(group=("g",), truth="y", decision="d", weight="w")
    with pytest.raises(GenauditError, match="The weights in 'w' are all 0"):
        code_tables(cells_of(columns.keys, [(("a", "1", "1"), Tally(1, 0.0, 0.0))]), columns)
