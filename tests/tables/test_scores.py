"""However a table with scores lies there, the same people stand in the same cells of the score."""

import numpy as np
import pandas as pd
import pytest

from genaudit.errors import GenauditError
from genaudit.stats.seeds import generator
from genaudit.tables.coding import code_tables
from genaudit.tables.columns import TableColumns
from genaudit.tables.csv_files import CsvSource, dialect_of
from genaudit.tables.data_frames import FrameSource
from genaudit.tables.duckdb_files import DuckdbSource
from genaudit.tables.opening import open_table
from genaudit.tables.score_scale import TENTHS


def columns(score, threshold, **more):
    return TableColumns(group=("w",), truth="y", score=score, threshold=threshold, **more)


@pytest.fixture(scope="module")
def people():
    """Names of columns are those that a query would use itself."""
    rng = generator(5, "people with scores")
    n = 700
    risk = rng.beta(2, 3, n)
    frame = pd.DataFrame({
        "w": rng.choice(["a", "b"], n), "y": (rng.random(n) < risk).astype(int), "s": risk,
        "k0": np.log(risk / (1 - risk)), "decile": rng.integers(1, 11, n), "n": rng.integers(1, 4, n),
    })  # fmt: skip
    frame.loc[::97, "s"] = np.nan
    return frame


def sources(frame, folder):
    path = folder / "people.csv"
    frame.to_csv(path, index=False)
    dialect = dialect_of(path)
    yield FrameSource(frame=frame)
    yield CsvSource(path=path, dialect=dialect)
    yield DuckdbSource(path=path, names=dialect.header, dialect=dialect)
    parquet = folder / "people.parquet"
    import duckdb

    with duckdb.connect() as connection:
        connection.from_df(frame).write_parquet(str(parquet))
    yield open_table(str(parquet))


def table_of(source, which):
    return code_tables(source.read(which, lambda _: None), which).tables[0]


@pytest.mark.parametrize("weight", ["", "n"])
@pytest.mark.parametrize(("score", "threshold"), [("s", 0.5), ("k0", -0.2), ("decile", 5)])
def test_every_source_counts_the_same_people_in_the_same_cells(people, tmp_path, score, threshold, weight):
    which = columns(score, threshold, weight=weight, cuts=(0.23,))
    first, *others = (table_of(source, which) for source in sources(people, tmp_path))
    for other in others:
        assert other.counts.tolist() == first.counts.tolist()
        assert other.scores.bounds == first.scores.bounds
        assert other.scores.bin_names == first.scores.bin_names
        assert other.scores.people.tolist() == first.scores.people.tolist()
        # sums of scores are rounded to 12 digits, so that the order of rows does not show
        np.testing.assert_allclose(other.scores.sums, first.scores.sums, rtol=1e-11)
        np.testing.assert_allclose(other.scores.square_sums, first.scores.square_sums, rtol=1e-11)


def test_probabilities_have_ten_bins_of_equal_width_and_cells_end_at_cut_and_threshold(people):
    scores = table_of(FrameSource(frame=people), columns("s", 0.55, cuts=(0.23, 0.5))).scores
    assert scores.bounds == tuple(sorted({*TENTHS, 0.23, 0.55}))
    assert scores.bin_names == tuple(f"{k / 10:g} to {(k + 1) / 10:g}" for k in range(10))
    assert scores.probabilities
    known = people.dropna(subset="s")
    counted = np.histogram(known["s"][(known["w"] == "b") & (known["y"] == 1)], bins=np.arange(11) / 10)[0]
    assert scores.binned(scores.people)[1, 1].tolist() == counted.tolist()
    inside = scores.people[0].sum(axis=0)[scores.between(0.23, 0.5)].sum()
    assert inside == ((known["w"] == "a") & (known["s"] >= 0.23) & (known["s"] < 0.5)).sum()
    assert scores.between(0.231, 0.5) is None


def test_few_scores_are_bins_of_their_own_and_other_numbers_are_cut_into_tenths(people):
    deciles = table_of(FrameSource(frame=people), columns("decile", 5)).scores
    assert deciles.bin_names == tuple(map(str, range(1, 11)))
    assert deciles.distinct
    assert not deciles.probabilities
    odds = table_of(FrameSource(frame=people), columns("k0", 0)).scores
    sizes = odds.binned(odds.people).sum(axis=(0, 1))
    assert len(odds.bin_names) == 10
    assert sizes.max() - sizes.min() <= 2


def test_rows_split_into_counts_and_shuffled_make_the_same_cells(people):
    rows = people.loc[people.index.repeat(people["n"])].sample(frac=1, random_state=2).drop(columns="n")
    for score, threshold in (("s", 0.5), ("k0", 0.0)):
        counted = table_of(FrameSource(frame=people), columns(score, threshold, weight="n", weight_kind="count")).scores
        single = table_of(FrameSource(frame=rows), columns(score, threshold)).scores
        assert counted.bounds == single.bounds
        assert counted.people.tolist() == single.people.tolist()
        np.testing.assert_allclose(counted.sums, single.sums, rtol=1e-12)


def test_the_decision_is_yes_from_the_threshold_on_as_before(people):
    table = table_of(FrameSource(frame=people), columns("decile", 4.5))
    assert table.confusion[0, :, 1].sum() == ((people["w"] == "a") & (people["decile"] >= 5)).sum()
    beyond = table_of(FrameSource(frame=people), columns("decile", 99))
    assert beyond.confusion[:, :, 1].sum() == 0


def test_a_score_that_was_declared_a_probability_and_is_none_is_refused_with_its_row(people, tmp_path):
    which = columns("decile", 5, score_kind="probability")
    row = 1 + int(np.argmax(people["decile"] > 1))
    value = people["decile"][row - 1]
    for source in sources(people, tmp_path):
        with pytest.raises(GenauditError, match=rf"'decile' holds {value} in row {row}, and --score-kind prob") as it:
            source.read(which, lambda _: None)
        assert "divide percentages by 100" in it.value.hint
    rank = table_of(FrameSource(frame=people), columns("s", 0.5, score_kind="rank")).scores
    assert not rank.probabilities
    assert rank.declared


@pytest.mark.parametrize("values", [[0.5] * 4, [0.2, 0.2, 0.7, 0.7], [np.nan] * 4])
def test_a_constant_score_or_one_of_two_values_is_a_label(values, tmp_path):
    frame = pd.DataFrame({"w": list("abab"), "y": [0, 1, 1, 0], "s": values})
    for source in sources(frame, tmp_path):
        with pytest.raises(GenauditError, match="so it is a label and not a score"):
            source.read(columns("s", 0.5), lambda _: None)


def test_tables_of_labels_have_no_score():
    which = TableColumns(group=("race",), truth="reoffended", score="flagged", threshold=1.0)
    with pytest.raises(GenauditError, match="compas holds labels and counts, and 'flagged' is no score"):
        open_table("compas").read(which, lambda _: None)
