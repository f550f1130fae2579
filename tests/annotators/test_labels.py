"""Labels that somebody assigned to generated images: read by name, by number or in order, or refused."""

import numpy as np
import pytest

from genaudit.annotators.confusion_cells import confusion_of
from genaudit.annotators.label_options import LabelOptions
from genaudit.errors import GenauditError

COLOURS = ("orange", "blue")
NAMES = ("a/1.png", "a/2.png", "b/1.png")


def given(path, text, *, names=(), samples=3, items=0, attribute="colour", levels=COLOURS, **options):
    path.write_text(text, encoding="utf-8")
    chosen = LabelOptions(file=str(path), **options)
    return chosen.given(attribute, levels, samples=samples, items=items, names=names)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "labels.csv"


def test_rows_without_a_name_stand_in_the_order_of_the_images(path):
    assert given(path, "colour,digit\nblue,6\norange,7\nblue,6\n").codes.tolist() == [1, 0, 1]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_rows_with_a_file_may_stand_in_any_order(path, mark):
    text = f"\ufefffile{mark}colour\nb/1.png{mark}blue\na/2.png{mark}orange\n\na/1.png{mark}orange\n"
    assert given(path, text, names=NAMES, items=3).codes.tolist() == [0, 0, 1]


def test_rows_with_a_number_likewise(path):
    assert given(path, "index,colour\n2,orange\n0,blue\n1,blue\n").codes.tolist() == [1, 1, 0]


def test_of_a_larger_set_only_the_images_that_are_used_need_a_label(path):
    text = "file,colour\na/1.png,blue\na/2.png,orange\n"
    assert given(path, text, names=NAMES, items=3, samples=2).codes.tolist() == [1, 0]
    assert given(path, "colour\nblue\nblue\norange\n", items=3, samples=2).codes.tolist() == [1, 1]


def test_whole_numbers_of_a_parquet_file_are_levels_too(tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    place = tmp_path / "labels.parquet"
    pandas.DataFrame({"digit": [6, 7, 6]}).to_parquet(place)
    found = LabelOptions(file=str(place)).given("digit", ("6", "7"), samples=3, items=0, names=())
    assert found.codes.tolist() == [0, 1, 0]


def test_the_name_in_every_protocol_changes_with_the_file(path):
    one = given(path, "colour\nblue\nblue\norange\n").annotator
    other = given(path, "colour\nblue\nblue\nblue\n").annotator
    assert one.startswith("labels ")
    assert one != other


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("colour\nblue\norange\n", "holds 2 labels for 3 generated images"),
        ("file,colour\na/1.png,blue\na/2.png,blue\n", "no row for file 'b/1.png'; 1 of 3"),
        ("file,colour\na/1.png,blue\na/2.png,blue\nc.png,blue\n", "file 'c.png', which is no generated image; 1 of 3"),
        ("file,colour\na/1.png,blue\na/2.png,blue\na/1.png,blue\n", "labels file 'a/1.png' twice"),
        ("index,colour\n0,blue\n1,blue\n3,blue\n", "index '3', which is no generated image"),
        ("index,file,colour\n0,a/1.png,blue\n", "a column 'file' and a column 'index'"),
        ("colour\nblue\nred\nblue\n", "gives 'a/2.png' the colour 'red'; 1 of 3 labels are no level"),
        ("colour,digit\nblue,1\n,2\nblue,3\n", "gives 'a/2.png' no colour; 1 of 3 lack one"),
        ("color\nblue\nblue\nblue\n", "'colour'. Did you mean 'color'"),
        ("colour,colour\nblue,blue\n", "column 'colour' twice"),
        ("colour\n", "hold no row"),
        ("", "hold no row"),
        ("colour,digit\nblue\n", "Row 1 .* has 1 cells, and the header 2"),
        ('colour\n"blue\n', "Cannot read the labels"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_first_row_that_does_not(path, text, why):
    with pytest.raises(GenauditError, match=why):
        given(path, text, names=NAMES, items=3)


def test_files_cannot_be_named_where_images_have_no_names(path):
    with pytest.raises(GenauditError, match="the generated images have no names"):
        given(path, "file,colour\na,blue\n", samples=1)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    options = LabelOptions(file=str(tmp_path / "nothing.csv"))
    with pytest.raises(GenauditError, match=r"Cannot read the labels .*nothing\.csv"):
        options.given("colour", COLOURS, samples=1, items=0, names=())


def test_without_a_confusion_nobody_knows_how_often_the_labels_err(path):
    assert given(path, "colour\nblue\nblue\norange\n").confusion is None


def test_a_confusion_is_given_by_cells_or_by_a_file(path, tmp_path):
    cells = ("colour=orange/orange:97", "colour=orange/blue:3", "colour=blue/blue:50", "digit=6/6:1")
    assert confusion_of(cells, "colour", COLOURS).tolist() == [[97, 3], [0, 50]]
    file = tmp_path / "errors.csv"
    file.write_text("attribute,truth,label,count\ncolour,orange,orange,97\ncolour,orange,blue,3\ncolour,blue,blue,50\n")
    found = given(
        path, "colour\nblue\nblue\norange\n", confusion=(str(file),), by="two people", measured_on="200 of them"
    )
    assert found.confusion.tolist() == [[97, 3], [0, 50]]
    assert (found.method, found.measured_on) == ("two people", "200 of them")
    assert confusion_of(cells, "stroke", ("thin", "thick")) is None


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("colour=orange/red:3",), "names the colour 'red'"),
        (("colour=orange/blue:3", "colour=orange/blue:4"), "gives colour=orange/blue twice"),
        (("colour=orange/blue:-3",), "counts '-3' images"),
        (("colour=orange/blue:0.5",), "counts '0.5' images"),
        (("colour=orange/blue:3", "orange"), "Cannot read the cell 'orange'"),
    ],
)
def test_a_confusion_that_cannot_be_read_is_refused(cells, why):
    with pytest.raises(GenauditError, match=why):
        confusion_of(cells, "colour", COLOURS)


@pytest.mark.parametrize(
    ("cells", "separation"),
    [
        (("orange/orange:60", "orange/blue:40", "blue/orange:41", "blue/blue:59"), "0.190"),
        (("orange/orange:50", "orange/blue:50", "blue/orange:50", "blue/blue:50"), "0.000"),
    ],
)
def test_a_confusion_that_separates_two_levels_by_less_than_a_fifth_is_refused(cells, separation):
    given_cells = tuple(f"colour={cell}" for cell in cells)
    with pytest.raises(GenauditError, match=rf"too weakly: {separation} .*0\.2 is needed.*ill_conditioned_classifier"):
        confusion_of(given_cells, "colour", COLOURS)


def test_a_confusion_at_a_fifth_is_taken_and_one_without_a_level_is_left_to_the_audit():
    enough = tuple(
        f"colour={cell}" for cell in ("orange/orange:60", "orange/blue:40", "blue/orange:39", "blue/blue:61")
    )
    assert confusion_of(enough, "colour", COLOURS).tolist() == [[60, 40], [39, 61]]
    assert confusion_of(enough[:2], "colour", COLOURS).tolist() == [[60, 40], [0, 0]]


def test_a_confusion_file_needs_its_columns(tmp_path):
    (tmp_path / "errors.csv").write_text("attribute,truth,count\ncolour,orange,3\n")
    with pytest.raises(GenauditError, match="has no column 'label'"):
        confusion_of((str(tmp_path / "errors.csv"),), "colour", COLOURS)


def test_codes_are_numbers_of_levels(path):
    assert given(path, "colour\nblue\nblue\norange\n").codes.dtype == np.int64


@pytest.mark.parametrize("text", ["colour\nblue\norange\nblue\n", "index,colour\n0,blue\n1,orange\n2,blue\n"])
def test_labels_in_the_order_of_files_whose_numbers_have_no_zeros_are_refused(tmp_path, text):
    (tmp_path / "labels.csv").write_text(text)
    options = LabelOptions(file=str(tmp_path / "labels.csv"))
    with pytest.raises(GenauditError, match=r"'10\.png' comes before '2\.png'"):
        options.given("colour", COLOURS, samples=3, items=3, names=("1.png", "10.png", "2.png"))
