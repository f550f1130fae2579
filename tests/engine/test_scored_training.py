"""A third set, what the generator was trained on, gives two scored sets the metrics of memorisation."""

import numpy as np
import pytest
from crops import crop_folders

import genaudit
from genaudit.cli import main
from genaudit.datasets.scored import RowsOnDemand
from genaudit.errors import GenauditError
from genaudit.sets.stored_set import open_set
from genaudit.stats.seeds import generator

MEMORISATION = ["authenticity", "memorization_ct", "mifid", "nearest_neighbour_distance"]


def gaussian(name, n=400, d=4):
    return generator(0, "scored-training", name).normal(size=(n, d))


TRAINING, FRESH = gaussian("training"), gaussian("fresh")


def scored(generated, **given):
    return genaudit.score(generated, FRESH, MEMORISATION, training=TRAINING, **given)


def test_a_fresh_sample_is_no_nearer_to_the_training_set_than_held_out_data():
    record = scored(gaussian("generated"))
    interval = record.result("memorization_ct").interval
    assert interval.low < 0 < interval.high
    assert record.value("nearest_neighbour_distance") == pytest.approx(1, abs=0.1)  # 400 and 400 distances
    assert record.result("authenticity").protocol.reference_digest == open_set(TRAINING).digest


def test_copies_of_the_training_set_are_caught():
    copies = TRAINING + 1e-6 * gaussian("noise")
    record = scored(copies)
    assert record.value("memorization_ct") < -10
    assert record.value("authenticity") < 0.01
    assert record.value("nearest_neighbour_distance") < 1e-4


def test_the_order_of_the_sets_changes_no_distance():
    record, other = scored(gaussian("generated")), scored(gaussian("generated")[::-1])
    assert record.value("authenticity") == other.value("authenticity")


def test_other_numbers_are_those_without_a_training_set():
    generated = gaussian("generated")
    with_it = genaudit.score(generated, FRESH, ["kid", "recall"], training=TRAINING)
    without = genaudit.score(generated, FRESH, ["kid", "recall"])
    for name in ("kid", "recall"):
        assert with_it.result(name).value == without.result(name).value
        assert with_it.result(name).definition == without.result(name).definition


def test_a_large_set_is_read_by_places():
    rows = RowsOnDemand(open_set(TRAINING))[np.array([5, 2, 399])]
    assert len(rows) == 3
    assert np.array_equal(rows[1:3], TRAINING[[2, 399]].astype(rows[1:3].dtype))


def test_folders_of_images_show_the_training_images_that_are_nearest(tmp_path, capsys):
    china, flower = crop_folders(tmp_path, count=24, size=16)
    words = ["score", str(china), str(flower), "--training", str(china), "--extractor", "pixels"]
    assert main([*words, "--metrics", "authenticity", "-o", str(tmp_path / "runs"), "--format", "json"]) == 0
    said = capsys.readouterr()
    assert "The generated set is the training set: every item is a copy." in said.err
    (run,) = (tmp_path / "runs").iterdir()
    record = genaudit.load(run)
    assert record.value("authenticity") == 0
    assert any("training images" in sheet.caption for sheet in record.images)
    assert f"--training {china}" in record.request.command


@pytest.mark.parametrize(
    ("training", "options", "said"),
    [
        (TRAINING[:, :2], {}, "The training features have 2 dimensions, the reference features 4."),
        (np.zeros((3, 8, 8, 3), dtype=np.uint8), {}, "The training set (training array in memory) holds images"),
        (TRAINING, {"labels": "a.csv", "reference_labels": "b.csv"}, "Labels of a training set are not read."),
    ],
)
def test_a_training_set_that_does_not_fit_is_refused(training, options, said):
    with pytest.raises(GenauditError) as caught:
        genaudit.score(gaussian("generated"), FRESH, training=training, **options)
    assert said in str(caught.value)
