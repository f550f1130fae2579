"""The model card and the columns for programs."""

import io
from dataclasses import replace

import duckdb
import pandas as pd
import pytest
from audit_records import audit_record
from huggingface_hub import ModelCard
from records import record, result

from genaudit.values.results import Direction
from genaudit.values.run import ComponentInfo
from genaudit_reports.card_report import card_report, escaped
from genaudit_reports.parquet_report import parquet_report


def card(**changes):
    return card_report(record(**changes), None).decode()


def test_the_hubs_own_reader_finds_every_number_of_the_whole_set(monkeypatch):
    results = (result(), result("recall", 0.7, direction=Direction.HIGHER), result("share", 0.5, group="digit=6"))
    read = ModelCard(card(results=results), ignore_metadata_errors=False)
    found = {item.metric_type: item for item in read.data.eval_results}
    assert {name: item.metric_value for name, item in found.items()} == {"fid": 4.11, "recall": 0.7}
    assert found["fid"].metric_args["interval"] == [3.94, 4.28]
    assert found["fid"].metric_args["n"] == 10_000
    assert found["fid"].dataset_name == "colored-digits"


def test_every_number_stands_in_a_table_with_interval_n_and_direction():
    text = card(results=(result(), result("mode_count", 10.0, interval=None, direction=Direction.HIGHER)))
    assert "| fid | 4.11 | 3.94" in text
    assert "| 10\u202f000 | lower is better |" in text
    assert "none: a count of what was seen" in text
    assert "Of 1,000 generated sixes" in text


IMAGES = ComponentInfo(
    name="m", version="1", distribution="d 1", capabilities=("Sampler",), facts={"image_shape": "3×16×16"}
)


@pytest.mark.parametrize(
    ("generator", "task"),
    [
        (IMAGES, "unconditional-image-generation"),
        (replace(IMAGES, capabilities=("Translator",)), "image-to-image"),
        (replace(IMAGES, facts={"dimensions": "2"}), "other"),
    ],
)
def test_the_task_is_the_hubs_word_for_what_was_measured(generator, task):
    read = ModelCard(card(generator=generator), ignore_metadata_errors=False)
    assert read.data.pipeline_tag == task
    assert {item.task_type for item in read.data.eval_results} == {task}


def test_the_card_of_an_audit_is_about_the_table():
    text = card_report(audit_record(), None).decode()
    read = ModelCard(text, ignore_metadata_errors=False)
    assert read.data.pipeline_tag == "tabular-classification"
    assert {item.dataset_split for item in read.data.eval_results} == {None}
    assert "# decisions in " in text
    assert "how an image looks" not in text


def test_the_purpose_that_was_given_is_the_intended_use():
    assert "## Intended use\n\nTeaching, and no more.\n" in card(extra={"purpose": "Teaching, and no more."})
    assert "## Intended use\n\nTo be written by the author.\n" in card()


def test_names_cannot_leave_their_cell_nor_the_metadata():
    hostile = "x|y\n---\nlicense: mit <script>"
    text = card(results=(result(group=hostile),))
    read = ModelCard(text, ignore_metadata_errors=False)
    assert read.data.license is None
    assert "<script>" not in text.split("---\n", 2)[2]
    assert "x\\|y --- license: mit \\<script\\>" in text


def test_markdown_signs_are_escaped():
    assert escaped("[a](b)_c_#d&lt;") == "\\[a\\](b)\\_c\\_\\#d\\&lt;"


def test_parquet_holds_the_csvs_columns_with_their_types():
    made = record()
    frame = pd.read_parquet(io.BytesIO(parquet_report(made, None)), engine="pyarrow")
    expected = made.to_frame()
    assert list(frame.columns) == list(expected.columns)
    assert frame["value"].dtype == "float64"
    assert frame.loc[frame["metric"] == "fid", "ci_low"].item() == pytest.approx(3.94, abs=0)
    assert frame["n"].isna().sum() == expected["n"].isna().sum()


def test_a_query_finds_the_numbers_and_null_where_there_is_none(tmp_path):
    made = record()
    (tmp_path / "results.parquet").write_bytes(parquet_report(made, None))
    table = duckdb.read_parquet(str(tmp_path / "results.parquet"))
    assert dict(zip(table.columns, map(str, table.types), strict=True)).items() >= {
        "value": "DOUBLE", "n": "BIGINT", "metric": "VARCHAR",
    }.items()  # fmt: skip
    assert table.filter("metric = 'fid'").project("value, ci_low, n").fetchall() == [(4.11, 3.94, 10_000)]
    assert table.filter("value is null").project("metric, status").fetchall() == [
        ("bits_per_dim", "unavailable"),
        ("kid", "failed"),
    ]
