"""However a table lies there, the same people make the same counts."""

import os
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from genaudit.errors import GenauditError
from genaudit.tables.coding import code_tables
from genaudit.tables.columns import TableColumns
from genaudit.tables.csv_files import CsvSource, dialect_of
from genaudit.tables.duckdb_files import DuckdbSource
from genaudit.tables.embedded import EMBEDDED
from genaudit.tables.opening import open_table
from genaudit.tables.source import check_columns

COLUMNS = TableColumns(group=("race",), truth="reoffended", decision="flagged")
COMPAS = [[[[990, 805], [532, 1369]], [[1139, 349], [461, 505]]]]


def counts(source, columns):
    check_columns(source.facts, columns)
    return code_tables(source.read(columns, lambda _: None), columns).tables[0]


def rows_of_compas():
    cells = pd.read_csv("genaudit/tables/data/compas.csv")
    rows = cells.loc[cells.index.repeat(cells["count"])].drop(columns="count")
    return rows.sample(frac=1, random_state=3).reset_index(drop=True)


@pytest.fixture(scope="module")
def rows():
    return rows_of_compas()


def by_pandas(path):
    return CsvSource(path=path, dialect=dialect_of(path))


def by_duckdb(path):
    dialect = dialect_of(path)
    return DuckdbSource(path=path, names=dialect.header, dialect=dialect)


BOTH = pytest.mark.parametrize("reader", [by_pandas, by_duckdb])


def test_the_embedded_table_has_the_published_counts():
    columns = TableColumns(group=("race",), truth="reoffended", decision="flagged", weight="count")
    table = counts(open_table("compas"), columns)
    assert table.groups == ("Black", "White")
    assert table.counts.tolist() == COMPAS
    assert not table.weighted


@pytest.mark.parametrize(("name", "people"), [("compas", 6150), ("berkeley-admissions", 4526), ("kidney-stones", 700),
                                              ("death-penalty", 674)])  # fmt: skip
def test_every_embedded_table_says_where_it_is_from_and_what_to_beware_of(name, people):
    facts = open_table(name).facts
    assert facts.source
    assert facts.summary.endswith(".")
    assert all(caveat.endswith(".") for caveat in facts.caveats)
    frame = pd.read_csv(f"genaudit/tables/data/{name}.csv")
    assert frame["count"].sum() == people


def test_the_margins_of_the_embedded_tables_are_the_published_ones():
    def rate(table, yes, **where):
        frame = pd.read_csv(f"genaudit/tables/data/{table}.csv")
        for name, value in where.items():
            frame = frame[frame[name] == value]
        return frame.loc[frame[yes] == "yes", "count"].sum(), frame["count"].sum()

    assert rate("berkeley-admissions", "admitted", sex="male") == (1198, 2691)
    assert rate("berkeley-admissions", "admitted", sex="female") == (557, 1835)
    assert rate("kidney-stones", "success", treatment="A") == (273, 350)
    assert rate("kidney-stones", "success", treatment="B") == (289, 350)
    assert rate("death-penalty", "death", defendant="White") == (53, 483)
    assert rate("death-penalty", "death", defendant="Black") == (15, 191)


def test_a_frame_and_every_kind_of_file_give_the_same_counts(rows, tmp_path):
    rows.to_csv(tmp_path / "t.csv", index=False)
    rows.to_parquet(tmp_path / "t.parquet")
    sources = [
        open_table(rows),
        open_table(rows.astype("category")),
        by_pandas(tmp_path / "t.csv"),
        by_duckdb(tmp_path / "t.csv"),
        open_table(tmp_path / "t.parquet"),
        open_table(str(tmp_path / "t.csv")),
    ]
    assert all(counts(source, COLUMNS).counts.tolist() == COMPAS for source in sources)


def test_the_order_of_rows_and_of_columns_changes_nothing(rows):
    turned = rows.iloc[::-1, ::-1]
    assert counts(open_table(turned), COLUMNS).counts.tolist() == COMPAS


def test_pieces_of_a_file_are_added_up(rows, tmp_path, monkeypatch):
    monkeypatch.setattr("genaudit.tables.csv_files.CHUNK", 1_000)
    rows.to_csv(tmp_path / "t.csv", index=False)
    seen = []
    cells = by_pandas(tmp_path / "t.csv").read(COLUMNS, seen.append)
    assert seen == [1000] * 6 + [150]
    assert code_tables(cells, COLUMNS).tables[0].counts.tolist() == COMPAS


@BOTH
def test_a_spreadsheets_csv_with_mark_semicolons_and_decimal_commas_is_read(reader, tmp_path):
    text = '\ufeff"Straße";wahr;score;w\r\n"Am; Markt";1;0,5;1,5\r\n"Am; Markt";0;0,1;2,5\r\nHof;1;0,9;1\r\n'
    (tmp_path / "t.csv").write_bytes(text.encode())
    columns = TableColumns(group=("Straße",), truth="wahr", score="score", threshold=0.5, weight="w")
    source = reader(tmp_path / "t.csv")
    assert source.facts.columns == ("Straße", "wahr", "score", "w")
    table = counts(source, columns)
    assert table.groups == ("Am; Markt", "Hof")
    assert table.counts.tolist() == [[[[2.5, 0], [0, 1.5]], [[0, 0], [0, 1.0]]]]
    assert table.squares.tolist() == [[[[6.25, 0], [0, 2.25]], [[0, 0], [0, 1.0]]]]
    assert table.weighted


@BOTH
def test_fields_with_line_breaks_quotes_and_hostile_names_are_values_like_others(reader, tmp_path):
    text = '"g"",",y,d\n"a\nb",1,1\n"say ""no""",0,1\n\'; DROP TABLE x; --,1,0\n=1+1,0,0\n'
    (tmp_path / "a'[b]*.csv").write_text(text)
    source = reader(tmp_path / "a'[b]*.csv")
    columns = TableColumns(group=(source.facts.columns[0],), truth="y", decision="d")
    table = counts(source, columns)
    assert set(table.groups) == {"a b", 'say "no"', "'; DROP TABLE x; --", ":1+1"}
    assert table.total == 4


@BOTH
def test_values_that_read_as_equal_numbers_stay_apart_however_long_the_file_is(reader, tmp_path, monkeypatch):
    monkeypatch.setattr("genaudit.tables.csv_files.CHUNK", 3)
    groups = ("01234", "1234", "01", "1", "1.10", "1.1", "1e3", "1000", "-0", "0", "+0", "0x1", "1_0", "True", "X")
    lines = [f"{group},1,{count % 2}" for count, group in enumerate(groups, 1) for _ in range(count)]
    (tmp_path / "t.csv").write_text("\n".join(["g,y,d", *lines[::2], *lines[1::2]]) + "\n")
    cells = reader(tmp_path / "t.csv").read(TableColumns(group=("g",), truth="y", decision="d"), lambda _: None)
    assert {key[cells.keys.index("g")]: tally.rows for key, tally in cells.tallies.items()} == {
        group: count for count, group in enumerate(groups, 1)
    }


@BOTH
def test_whether_a_comma_is_decimal_is_asked_of_each_column_and_a_doubt_is_refused(reader, tmp_path):
    (tmp_path / "t.csv").write_text("g;y;s;n;m\na;1;0,5;9,500;1,500\na;0;0,25;1,500;900.5\nb;1;0,75;12;3\n")
    source = reader(tmp_path / "t.csv")
    clear = TableColumns(group=("g",), truth="y", score="s", threshold=0.5)
    assert counts(source, clear).counts.tolist() == [[[[1, 0], [0, 1]], [[0, 0], [0, 1]]]]
    for weight, said in (("n", "'n' holds '9,500', whose comma may be"), ("m", "'m' holds '1,500', whose comma may")):
        with pytest.raises(GenauditError, match=said):
            counts(source, TableColumns(group=("g",), decision="y", weight=weight))


@BOTH
@pytest.mark.parametrize("row", ["b,1", "b,1,0,9"])
def test_a_row_of_other_length_than_the_header_is_refused_and_neither_filled_up_nor_cut(reader, tmp_path, row):
    (tmp_path / "t.csv").write_text(f"g,y,d\na,1,1\n\n{row}\nb,0,1\n")
    with pytest.raises(GenauditError, match=r"(?i)cannot read .*t\.csv: .*line:? 4"):
        counts(reader(tmp_path / "t.csv"), TableColumns(group=("g",), truth="y", decision="d"))


@pytest.mark.parametrize("text", ["g,y,d\ra,1,1\rb,0,1\r", "g,y,d\na,1,1\rb,0,1\n"])
def test_line_ends_of_carriage_returns_alone_are_refused_in_a_sentence(tmp_path, text):
    (tmp_path / "t.csv").write_bytes(text.encode())
    with pytest.raises(GenauditError, match=r"Cannot read .*t\.csv: new-line character seen in unquoted field\."):
        open_table(tmp_path / "t.csv")


def test_a_parquet_column_with_a_hostile_name_is_read(tmp_path):
    name = 'g"; DROP TABLE x; --'
    pd.DataFrame({name: ["a", "b"], "y": [True, False], "d": [1, 0]}).to_parquet(tmp_path / "t.parquet")
    columns = TableColumns(group=(name,), truth="y", decision="d")
    assert counts(open_table(tmp_path / "t.parquet"), columns).counts.tolist() == [[[[0, 0], [0, 1]], [[1, 0], [0, 0]]]]


@BOTH
def test_whole_weights_are_counts(reader, tmp_path):
    (tmp_path / "t.csv").write_text("g,y,d,n\na,1,1,40\na,0,1,60\nb,1,0,7\n")
    table = counts(reader(tmp_path / "t.csv"), TableColumns(group=("g",), truth="y", decision="d", weight="n"))
    assert table.counts.tolist() == [[[[0, 60], [0, 40]], [[0, 0], [7, 0]]]]
    assert not table.weighted


@BOTH
@pytest.mark.parametrize(
    ("number", "said"),
    [("-3", "holds -3 in row 2, and nobody can be there less than 0 times"),
     ("many", "holds 'many' in row 2, which is not a finite number"),
     ("", "Row 2 has no weight in 'n'"), ("inf", "holds 'inf' in row 2"), ("NaN", "Row 2 has no weight in 'n'"),
     ("1e308", "'n' holds 1e\\+308 in row 2, and at most 9,007,199,254,740,992 people can be counted exactly")],
)  # fmt: skip
def test_a_weight_that_is_none_is_refused(reader, tmp_path, number, said):
    (tmp_path / "t.csv").write_text(f"g,y,d,n\na,1,1,40\nb,0,1,{number}\n")
    columns = TableColumns(group=("g",), truth="y", decision="d", weight="n")
    with pytest.raises(GenauditError, match=said):
        counts(reader(tmp_path / "t.csv"), columns)


@BOTH
def test_a_fraction_of_a_person_is_refused_with_its_row_where_people_are_counted(reader, tmp_path):
    (tmp_path / "t.csv").write_text("g,y,d,n\na,1,1,40\nb,0,1,3\nb,1,1,2.5\nb,1,0,-1\n")
    columns = TableColumns(group=("g",), truth="y", decision="d", weight="n", weight_kind="count")
    with pytest.raises(
        GenauditError, match=r"'n' holds 2\.5 in row 3, and --weight-kind count takes whole numbers"
    ) as it:
        counts(reader(tmp_path / "t.csv"), columns)
    assert "--weight-kind survey" in it.value.hint


@BOTH
def test_whole_numbers_may_be_declared_survey_weights(reader, tmp_path):
    (tmp_path / "t.csv").write_text("g,y,d,w\n" + "a,1,1,4\na,0,1,6\nb,1,0,2\n" * 20)
    columns = TableColumns(group=("g",), truth="y", decision="d", weight="w", weight_kind="survey")
    table = counts(reader(tmp_path / "t.csv"), columns)
    assert table.weighted
    assert table.counts[0, 0, 1, 1] == 80
    assert table.squares[0, 0, 1, 1] == 20 * 16  # 20 people and not 80


@pytest.mark.parametrize(
    ("number", "said"),
    [(-3.0, "holds -3 in row 700,001"), (np.nan, "Row 700,001 has no weight"), (np.inf, "'inf' in row 700,001")],
)
def test_the_row_of_a_bad_weight_is_found_in_long_files_of_any_kind(tmp_path, number, said):
    rows = 700_100  # more than the rows that are held at once
    frame = pd.DataFrame({"g": "a", "d": 1, "n": np.ones(rows)})
    frame.loc[700_000, "n"] = number
    frame.to_csv(tmp_path / "t.csv", index=False)
    columns = TableColumns(group=("g",), decision="d", weight="n")
    message = re.escape(said)
    for table in (tmp_path / "t.csv", frame):
        with pytest.raises(GenauditError, match=message):
            open_table(table).read(columns, lambda _: None)


@pytest.mark.parametrize(
    ("number", "said"), [(-3.0, "holds -3 in row 3"), (np.nan, "Row 3 has"), (2.5, "2.5 in row 3")]
)
def test_the_row_of_a_bad_weight_is_found_in_parquet(tmp_path, number, said):
    duckdb = pytest.importorskip("duckdb")
    frame = pd.DataFrame({"g": list("abc"), "d": [1, 0, 1], "n": [1.0, 2.0, number]})
    duckdb.from_df(frame).write_parquet(str(tmp_path / "t.parquet"))
    columns = TableColumns(group=("g",), decision="d", weight="n", weight_kind="count")
    with pytest.raises(GenauditError, match=said):
        open_table(tmp_path / "t.parquet").read(columns, lambda _: None)


def test_a_pipe_is_refused_because_a_table_is_read_more_than_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for given in ("-", tmp_path / "pipe"):
        with pytest.raises(GenauditError, match="is a pipe, and a table is read more than once"):
            open_table(given)


def test_a_column_that_is_named_twice_for_one_role_is_said_to_be():
    columns = TableColumns(group=("race", "race"), decision="flagged", truth="flagged")
    with pytest.raises(GenauditError, match=r"'race' was named twice for one role.*'flagged' was given two roles"):
        check_columns(open_table("compas").facts, columns)


@BOTH
def test_weights_that_add_up_to_more_than_can_be_counted_are_refused(reader, tmp_path):
    (tmp_path / "t.csv").write_text("g,y,d,n\na,1,1,9e15\nb,0,1,9e15\n")
    columns = TableColumns(group=("g",), truth="y", decision="d", weight="n")
    with pytest.raises(GenauditError, match=r"'n' add up to 1\.8e\+16, and at most 9,007,199,254,740,992 people"):
        counts(reader(tmp_path / "t.csv"), columns)


@BOTH
@pytest.mark.parametrize(
    ("scores", "said"),
    [(("1", "0", "1", "0"), "The score 's' has 2 different values, so it is a label and not a score."),
     (("low", "high", "mid", "low"), "is not a finite number.  Mend the column, name another, or use --decision")],
)  # fmt: skip
def test_labels_where_a_score_is_needed_are_refused(reader, tmp_path, scores, said):
    lines = "".join(f"a,1,{score}\n" for score in scores)
    (tmp_path / "t.csv").write_text(f"g,y,s\n{lines}")
    with pytest.raises(GenauditError, match=said):
        counts(reader(tmp_path / "t.csv"), TableColumns(group=("g",), truth="y", score="s", threshold=0.5))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"\xff\xfeg\0,\0", "is UTF-16 text"), (b"g,y,d\n\xe9,1,1\n", "is not UTF-8"),
     (b"g,y\0,d\n", "is no text")],
)  # fmt: skip
def test_a_file_that_is_no_csv_is_refused_before_it_is_read(tmp_path, content, said):
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(GenauditError, match=said):
        open_table(tmp_path / "t.csv")


def test_an_unknown_table_or_file_is_named_with_what_was_meant(tmp_path):
    with pytest.raises(
        GenauditError, match=r"No table 'compass'\. Did you mean 'compas'\? Embedded: berkeley-admissions"
    ):
        open_table("compass")
    with pytest.raises(GenauditError, match="there is no such file"):
        open_table(tmp_path / "t.csv")
    with pytest.raises(GenauditError, match="is a folder"):
        open_table(tmp_path)
    with pytest.raises(GenauditError, match="not list"):
        open_table([1])


def test_all_wrong_columns_are_named_at_once():
    columns = TableColumns(group=("rase",), truth="reoffended", decision="flaged", strata=("reoffended",))
    with pytest.raises(GenauditError) as refused:
        check_columns(open_table("compas").facts, columns)
    said = str(refused.value)
    assert "No column 'rase' in compas. Did you mean 'race'?" in said
    assert "No column 'flaged' in compas. Did you mean 'flagged'?" in said
    assert "Its columns: race, reoffended, flagged, count." in said
    assert "Column 'reoffended' was given two roles" in said


@BOTH
def test_a_column_that_is_there_twice_is_refused(reader, tmp_path):
    (tmp_path / "t.csv").write_text("g,y,d,g\na,1,1,b\n")
    with pytest.raises(GenauditError, match="has 2 columns 'g': rename all but one"):
        counts(reader(tmp_path / "t.csv"), TableColumns(group=("g",), truth="y", decision="d"))


def test_without_duckdb_csv_is_read_by_pandas_and_parquet_names_the_extra(rows, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)  # to import it fails, whether it is absent or broken
    rows.head(9).to_csv(tmp_path / "t.csv", index=False)
    rows.head(9).to_parquet(tmp_path / "t.parquet")
    assert isinstance(open_table(tmp_path / "t.csv"), CsvSource)
    with pytest.raises(GenauditError, match=r"t.parquet\) needs DuckDB.*  pip install 'genaudit\[tables\]'"):
        open_table(tmp_path / "t.parquet")


def test_a_name_given_as_a_group_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    for module in ("cells", "counting", "duckdb_files"):
        monkeypatch.setattr(f"genaudit.tables.{module}.MOST_CELLS", 50)
    lines = "".join(f"person {number},1,1\n" for number in range(200))
    (tmp_path / "t.csv").write_text(f"name,y,d\n{lines}")
    columns = TableColumns(group=("name",), truth="y", decision="d")
    for source in (by_pandas(tmp_path / "t.csv"), by_duckdb(tmp_path / "t.csv")):
        with pytest.raises(GenauditError, match="it looks like a name, a number or a date"):
            source.read(columns, lambda _: None)


def test_the_digest_is_of_the_content(rows, tmp_path):
    (tmp_path / "a.csv").write_text("g,y\na,1\n")
    (tmp_path / "b.csv").write_text("g,y\na,0\n")
    assert by_pandas(tmp_path / "a.csv").digest() == by_duckdb(tmp_path / "a.csv").digest()
    assert by_pandas(tmp_path / "a.csv").digest() != by_pandas(tmp_path / "b.csv").digest()
    assert open_table(rows).digest() != open_table(rows.iloc[1:]).digest()
    assert len({open_table(name).digest() for name in EMBEDDED}) == len(EMBEDDED)


def test_reading_needs_neither_torch_nor_fairlearn_nor_scikit_learn():
    program = (
        "import sys; from genaudit.tables.opening import open_table; from genaudit.tables.columns import TableColumns; "
        "c = TableColumns(group=('race',), truth='reoffended', decision='flagged', weight='count'); "
        "open_table('compas').read(c, print); print([m for m in ('torch', 'fairlearn', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_embedded_caveats_are_shown_to_whoever_reads_a_number():
    facts = open_table("compas").facts
    assert any("Barenstein" in caveat for caveat in facts.caveats)
    columns = TableColumns(group=("race",), truth="reoffended", decision="flagged", weight="count")
    cells = open_table("compas").read(columns, lambda _: None)
    table = code_tables(cells, columns, source=facts.source, caveats=facts.caveats).tables[0]
    assert table.caveats == facts.caveats
    assert table.source == facts.source


def test_a_folder_of_the_same_name_does_not_hide_an_embedded_table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compas").mkdir()
    assert open_table("compas").facts.columns == ("race", "reoffended", "flagged", "count")


def test_a_column_of_lists_is_refused_by_its_name():
    frame = pd.DataFrame({"g": [["a"], ["b"]], "y": [0, 1], "d": [0, 1]})
    with pytest.raises(GenauditError, match="Column 'g' holds lists"):
        counts(open_table(frame), TableColumns(group=("g",), truth="y", decision="d"))
