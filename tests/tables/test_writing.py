"""The counts as a file: numbers stay what they are, and nothing in it is a formula."""

import numpy as np
import pytest

from genaudit.tables.coding import code_tables
from genaudit.tables.columns import TableColumns
from genaudit.tables.csv_files import CsvSource, dialect_of
from genaudit.tables.duckdb_files import DuckdbSource
from genaudit.tables.writing import counts_csv
from genaudit.values.counts import CountTable


@pytest.mark.parametrize(
    ("group", "written"),
    [
        ("-1", "-1"),
        ("+2.5", "+2.5"),
        ("-1+cmd|x!A1", "'-1+cmd|x!A1"),
        ("=1", "'=1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("a-1", "a-1"),
        ("'=1", "''=1"),
        ("'a", "'a"),
    ],
)
def test_a_group_that_is_a_number_stays_the_same_group_and_a_formula_is_guarded(group, written):
    counts = np.array([[[[3.0, 0], [0, 0]]]])
    table = CountTable(group="g", groups=(group,), truth="y", decision="d", counts=counts)
    assert counts_csv(table).splitlines() == ["g,y,d,count", f"{written},no,no,3"]


NAMES = ("+1+1", "'+1+1", "''+1+1", "+a", "-b", "@c", "-1", "'d", "e", "(missing)", "f - g", '@HYPERLINK("x")')


def sources(path):
    dialect = dialect_of(path)
    return CsvSource(path=path, dialect=dialect), DuckdbSource(path=path, names=dialect.header, dialect=dialect)


def test_counts_that_are_read_again_are_the_same_counts_under_the_same_names(tmp_path):
    """Names like formulas, names like guarded formulas, several columns of groups and of strata."""
    levels = tuple((name, sex) for name in sorted(NAMES, key=lambda name: name == "(missing)") for sex in ("-f", "m"))
    strata = (("@x", "1"), ("@x", "2"), ("y", "1"))
    table = CountTable(
        group="+g × sex", groups=tuple(" × ".join(level) for level in levels), crossed=("+g", "sex"),
        group_levels=levels, truth="y", decision="@d", stratum="s × t", held=("s", "t"),
        strata=tuple(" × ".join(level) for level in strata), levels=strata,
        counts=1.0 + np.arange(3 * len(levels) * 4).reshape(3, len(levels), 2, 2),
    )  # fmt: skip
    path = tmp_path / "counts.csv"
    path.write_text(counts_csv(table), encoding="utf-8")
    columns = TableColumns(group=("+g", "sex"), truth="y", decision="@d", strata=("s", "t"), weight="count")
    for source in sources(path):
        again = code_tables(source.read(columns, lambda rows: None), columns).tables[-1]
        assert set(again.groups) == set(table.groups)
        assert (again.crossed, again.held) == (("+g", "sex"), ("s", "t"))
        place = [again.groups.index(group) for group in table.groups]
        held = [again.strata.index(stratum) for stratum in table.strata]
        assert np.array_equal(again.counts[held][:, place], table.counts)
        assert counts_csv(again).splitlines()[0] == counts_csv(table).splitlines()[0]


def test_a_foreign_file_with_plain_formulas_keeps_its_apostrophes(tmp_path):
    """Nobody guarded these names, and two groups do not become one."""
    path = tmp_path / "t.csv"
    path.write_text("g,d,n\n'=1,1,3\n=1,1,4\n=1,0,4\n")
    columns = TableColumns(group=("g",), decision="d", weight="n")
    for source in sources(path):
        (table,) = code_tables(source.read(columns, lambda rows: None), columns).tables
        assert set(table.groups) == {"':1", ":1"}
