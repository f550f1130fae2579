"""A run of a generator is a table: its images counted as read, never judged, refused where it is damaged."""

import json

import numpy as np
import pytest

import genaudit
from genaudit.errors import GenauditError
from genaudit.tables.cells import Tally
from genaudit.tables.columns import TableColumns
from genaudit.tables.opening import open_table
from genaudit.tables.run_counts import COUNTS, counts_json
from genaudit.values.counts import AttributeReading, LevelCounts


def reading(attribute, levels, confusion):
    return AttributeReading(
        attribute=attribute, levels=levels, annotator="reader", method="a rule on pixels",
        confusion=None if confusion is None else np.array(confusion), measured_on="toy/evaluation" if confusion else "",
    )  # fmt: skip


READINGS = (reading("digit", ("3", "8"), [[90, 10], [5, 95]]), reading("colour", ("orange", "blue"), None))
UNASKED = LevelCounts(
    readings=READINGS,
    levels=np.array([[0, 0], [0, 1], [1, 0], [1, 1]]),
    generated=np.array([40, 60, 30, 0]),
    training=np.array([50, 50, 20, 80]),
)
ASKED = LevelCounts(
    readings=READINGS,
    levels=UNASKED.levels,
    generated=UNASKED.generated,
    training=UNASKED.training,
    asked="digit",
    asked_levels=np.array([[0, 0, 0], [0, 0, 1], [1, 0, 1], [1, 1, 0]]),
    asked_counts=np.array([40, 50, 10, 30]),
)


@pytest.fixture
def folder(tmp_path):
    def made(counts=UNASKED, text=None):
        path = tmp_path / "toy-run"
        path.mkdir(exist_ok=True)
        (path / COUNTS).write_text(text or counts_json(counts, generator="toy", dataset="toys"), encoding="utf-8")
        return path

    return made


def tallies(path, *keys):
    cells = open_table(path).read(TableColumns(group=keys[:1], decision=keys[-1], strata=keys[1:-1]), lambda _: None)
    return {key: tally.weight for key, tally in cells.tallies.items()}


def test_generated_images_are_counted_by_what_was_read(folder):
    assert tallies(folder(), "colour", "digit") == {
        ("orange", "3"): 40, ("orange", "8"): 30, ("blue", "3"): 60,
    }  # fmt: skip


def test_training_images_stand_beside_them_where_the_set_is_named(folder):
    assert tallies(folder(), "set", "colour") == {
        ("generated", "orange"): 70, ("generated", "blue"): 60, ("training", "orange"): 70, ("training", "blue"): 130,
    }  # fmt: skip


def test_what_was_asked_for_is_a_truth(folder):
    found = tallies(folder(ASKED), "colour", "asked digit", "digit")
    assert found == {
        ("orange", "3", "3"): 40, ("blue", "3", "3"): 50, ("blue", "8", "3"): 10, ("orange", "8", "8"): 30,
    }  # fmt: skip
    assert tallies(folder(ASKED), "colour", "as asked") == {
        ("orange", "yes"): 70, ("blue", "yes"): 50, ("blue", "no"): 10,
    }  # fmt: skip


def test_a_row_counts_as_many_images_as_it_says(folder):
    cells = open_table(folder()).read(TableColumns(group=("colour",), decision="digit"), lambda _: None)
    assert cells.tallies[("orange", "3")] == Tally(40, 40.0, 40.0)


def test_the_audit_of_a_run_says_who_read_and_what_was_not_taken_out(folder):
    record = genaudit.audit(folder(ASKED), group="colour", truth="asked digit", decision="digit", positive="8")
    assert record.value("true_positive_rate", "colour=orange") == 1.0  # all 30 orange eights that were asked for
    assert record.value("true_positive_rate", "colour=blue") == 0.0  # none of 10 blue ones: all were read as 3
    said = " ".join(record.warnings)
    assert "Digit was read by a rule on pixels, right for 185 of 200 labelled images of toy/evaluation." in said
    assert "Colour was read by a rule on pixels, whose errors were not measured." in said
    assert "What is called people here are images." in said


def test_nothing_is_judged_on_labels_as_read(folder):
    with pytest.raises(GenauditError, match="--tolerance judges nothing of toy-run"):
        genaudit.audit(
            folder(),
            group="colour",
            decision="digit",
            positive="8",
            primary="demographic_parity_difference",
            tolerance=0.5,
        )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"schema": 2}, "schema 1"),
        ({"columns": ["digit", "count"]}, "do not begin with 'set'"),
        ({"columns": [1, 2]}, "no list of names"),
        ({"rows": []}, "no row"),
        ({"rows": [["generated", "3", "orange"]]}, "row 1 has not 4 cells"),
        ({"rows": [["generated", 3, "orange", 1]]}, "row 1 holds a level that is no text"),
        ({"rows": [["generated", "3", "orange", -1]]}, "row 1 counts -1 images"),
        ({"rows": [["generated", "3", "orange", True]]}, "row 1 counts True images"),
        ({"rows": [["generated", "3", "orange", 1e400]]}, "row 1 counts inf images"),
        ({"readers": "nobody"}, "readers are no list"),
    ],
)
def test_a_damaged_file_is_refused_with_what_is_wrong(folder, change, why):
    document = json.loads(counts_json(UNASKED, generator="toy", dataset="toys")) | change
    with pytest.raises(GenauditError, match=why):
        _ = open_table(folder(text=json.dumps(document))).facts


@pytest.mark.parametrize("text", ["{", "[]", "\x00", "[" * 100_000])
def test_what_is_no_file_of_counts_is_refused(folder, text):
    with pytest.raises(GenauditError, match="Cannot use"):
        _ = open_table(folder(text=text)).facts


def test_readers_of_a_strange_shape_are_said_to_be_unmeasured(folder):
    document = json.loads(counts_json(UNASKED, generator="toy", dataset="toys"))
    document["readers"] = [{"attribute": "digit", "method": "x", "confusion": [["a"]]}, {"confusion": [[1], []]}]
    caveats = open_table(folder(text=json.dumps(document))).facts.caveats
    assert [caveat.endswith("errors were not measured.") for caveat in caveats[:2]] == [True, True]


@pytest.mark.parametrize(
    ("file", "why"),
    [("counts.csv", "folder of an audit"), ("run.json", "a run that kept no counts"), ("x.txt", "is a folder")],
)
def test_other_folders_are_refused_with_what_they_are(tmp_path, file, why):
    (tmp_path / file).write_text("{}")
    with pytest.raises(GenauditError, match=why):
        open_table(tmp_path)
