"""Rows become features and an outcome: numbers as they are, few texts as columns of 0 and 1."""

import numpy as np
import pandas as pd
import pytest

import genaudit
from genaudit.errors import GenauditError
from genaudit.stats.seeds import generator
from genaudit.tables.coding import code_tables
from genaudit.tables.columns import TableColumns
from genaudit.tables.csv_files import CsvSource, dialect_of
from genaudit.tables.features import feature_columns, read_features
from genaudit.tables.opening import open_table

FRAME = pd.DataFrame(
    {
        "g": ["a", "b", "a", "b", "a"],
        "d": ["no", "yes", None, "yes", "no"],
        "age": [20, 30.5, 40, None, 60],
        "job": ["x", "y", "z", "x", None],
        "member": [True, False, True, True, False],
        "name": ["p", "q", "r", "s", "t"],
        "one": [1, 1, 1, 1, 1],
    }
)
ALL = TableColumns(group=("g",), decision="d", features=("all",))


def features_of(source, columns=ALL):
    coded = code_tables(source.read(columns, lambda _: None), columns)
    return read_features(source, columns, coded)


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    FRAME.to_csv(folder / "t.csv", index=False)
    FRAME.to_csv(folder / "semicolons.csv", index=False, sep=";", decimal=",")
    FRAME.to_parquet(folder / "t.parquet")
    by_pandas = CsvSource(path=folder / "t.csv", dialect=dialect_of(folder / "t.csv"))
    paths = (folder / name for name in ("t.csv", "semicolons.csv", "t.parquet"))
    return [open_table(FRAME), by_pandas, *map(open_table, paths)]


def test_every_kind_of_file_gives_the_same_features(sources):
    for source in sources:
        table, remarks = features_of(source)
        assert table.names == ("age", "job × x", "job × y", "job × z", "member", "name × p", "name × q",
                               "name × r", "name × s", "name × t")  # fmt: skip
        assert table.values.tolist() == [0, 1, 1, 0]
        assert np.array_equal(table.features[:, 0], [20, 30.5, np.nan, 60], equal_nan=True)
        assert np.array_equal(table.features[:, 1], [1, 0, 1, np.nan], equal_nan=True)
        assert remarks == ("Left out of the screen, with more than 20 values that are no numbers, or one alone: one.",)


def test_a_score_makes_the_outcome():
    columns = TableColumns(group=("g",), score="age", threshold=30, features=("job",))
    table, _ = features_of(open_table(FRAME), columns)
    assert table.values.tolist() == [0, 1, 1, 1]


def test_all_stands_for_every_column_without_another_role():
    columns = TableColumns(group=("g",), truth="member", decision="d", features=("all",))
    assert feature_columns(open_table(FRAME).facts, columns) == ("age", "job", "name", "one")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (TableColumns(group=("g",), decision="d", features=("aeg",)), r"No column 'aeg'\. Did you mean 'age'"),
        (TableColumns(group=("g",), decision="d", features=("d",)), "'d' is what the features are compared with"),
        (TableColumns(group=("g",), decision="d", weight="age", features=("job",)), "needs one row a person"),
    ],
)
def test_features_that_are_none_are_refused(columns, said):
    with pytest.raises(GenauditError, match=said):
        feature_columns(open_table(FRAME).facts, columns)


def test_too_many_values_for_the_memory_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr("genaudit.tables.features.MOST_VALUES", 10)
    with pytest.raises(GenauditError, match="5 rows of 5 features are more than the 10 values"):
        features_of(open_table(FRAME))


def test_the_screen_finds_what_was_planted_and_says_how_much_is_chance():
    rng = generator(3, "planted association")
    n, names = 600, [f"noise {number}" for number in range(40)]
    frame = pd.DataFrame(rng.normal(size=(n, 40)), columns=names)
    frame["planted"] = rng.normal(size=n)
    frame["d"] = (frame["planted"] + rng.normal(size=n) > 0).astype(int)
    frame["g"] = np.where(rng.random(n) < 0.5, "a", "b")
    record = genaudit.audit(frame, group="g", decision="d", features="all", options={"disparities.permutations": 99})
    assert record.value("replicated_associations") == 1
    assert [one.group for one in record.results if one.metric == "replicated_correlation"] == ["planted"]
    plain = genaudit.audit(frame, group="g", decision="d", options={"disparities.permutations": 99})
    assert "screen" not in {audit.name for audit in plain.audits}
