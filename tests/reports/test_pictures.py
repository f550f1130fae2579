import base64
import io
import os
from dataclasses import replace

import pytest
from digit_sheets import write_sheets
from PIL import Image
from records import record

from genaudit.values.run import ColumnLabel, ImageSheet
from genaudit_reports.pictures import pictures


def sheet(path="samples/real.png", name="real", **changes):
    fields = {"caption": "Two tiles.", "columns": 2, "rows": 1, "tile": (4, 4)}
    return ImageSheet(name=name, path=path, **{**fields, **changes})


def draw(folder, name, colours=("red", "blue")):
    (folder / "samples").mkdir(exist_ok=True)
    image = Image.new("RGB", (8, 4), colours[0])
    image.paste(colours[1], (4, 0, 8, 4))
    image.save(folder / "samples" / f"{name}.png")


def test_a_sheet_is_embedded_with_a_gap_between_its_tiles(tmp_path):
    draw(tmp_path, "real")
    shown = pictures(record(images=(sheet(),)), tmp_path)["real"]
    assert shown.uri.startswith("data:image/")
    assert (shown.width, shown.height) == (9, 4)
    assert shown.alternative == "Real: 2 images in 1 rows of 2."


def test_pixels_survive_embedding(tmp_path):
    draw(tmp_path, "real")
    shown = pictures(record(images=(sheet(),)), tmp_path)["real"]
    image = Image.open(io.BytesIO(base64.b64decode(shown.uri.split(",")[1]))).convert("RGBA")
    assert [image.getpixel((x, 2)) for x in (0, 3, 4, 5)] == [
        (255, 0, 0, 255),
        (255, 0, 0, 255),
        (0, 0, 0, 0),
        (0, 0, 255, 255),
    ]


@pytest.mark.parametrize("path", ["../secret.png", "/etc/hostname", "samples/../../secret.png"])
def test_a_path_that_leaves_the_run_folder_is_refused(tmp_path, path):
    draw(tmp_path, "x")
    Image.new("RGB", (8, 4)).save(tmp_path / "secret.png")
    folder = tmp_path / "run"
    folder.mkdir()
    shown = pictures(record(images=(sheet(path),)), folder)["real"]
    assert shown.uri == ""
    assert shown.missing == "The image cannot be shown: its path leaves the run folder."


def test_a_link_out_of_the_run_folder_is_refused(tmp_path):
    Image.new("RGB", (8, 4)).save(tmp_path / "secret.png")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "real.png").symlink_to(tmp_path / "secret.png")
    assert pictures(record(images=(sheet("real.png"),)), folder)["real"].uri == ""


@pytest.mark.parametrize("special", ["pipe", "folder"])
def test_what_is_no_regular_file_is_refused_and_not_waited_for(tmp_path, special):
    path = tmp_path / "real.png"
    os.mkfifo(path) if special == "pipe" else path.mkdir()
    shown = pictures(record(images=(sheet("real.png"),)), tmp_path)["real"]
    assert shown.missing == "The image cannot be shown: it is not a regular file."


def tiles_of(shown):
    """Opacity of the middle of each of two tiles."""
    image = Image.open(io.BytesIO(base64.b64decode(shown.uri.split(",")[1]))).convert("RGBA")
    return [image.getpixel((x, 2))[3] for x in (1, 6)]


def test_an_empty_place_is_clear_and_no_black_image(tmp_path):
    draw(tmp_path, "generated", ("red", "black"))
    one = record(images=(sheet("samples/generated.png", "generated"),))
    alone = pictures(replace(one, request=replace(one.request, samples=1)), tmp_path)["generated"]
    assert tiles_of(alone) == [255, 0]
    assert alone.alternative.startswith("Generated: one image")
    # the same pixels, if two images were made: the second one is black
    assert tiles_of(pictures(one, tmp_path)["generated"]) == [255, 255]


def test_a_missing_or_broken_file_says_so(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnot really")
    images = (sheet("gone.png"), sheet("broken.png", "generated"))
    shown = pictures(record(images=images), tmp_path)
    assert shown["real"].missing == "The image cannot be shown: there is no such file in the run folder."
    assert shown["generated"].missing == "The image cannot be shown: it is not a readable PNG file."


def test_originals_and_reconstructions_of_one_shape_are_shown_pair_by_pair(tmp_path):
    draw(tmp_path, "originals")
    draw(tmp_path, "reconstructions", ("orange", "green"))
    images = (sheet("samples/originals.png", "originals"), sheet("samples/reconstructions.png", "reconstructions"))
    shown = pictures(record(images=images), tmp_path)
    assert list(shown) == ["originals"]
    assert (shown["originals"].width, shown["originals"].height) == (9, 9)


def wide(folder, name, columns=16):
    """A sheet of one row whose column number c has the red level 10 c."""
    (folder / "samples").mkdir(exist_ok=True)
    image = Image.new("RGB", (4 * columns, 4))
    for column in range(columns):
        image.paste((10 * column, 0, 0), (4 * column, 0, 4 * column + 4, 4))
    image.save(folder / "samples" / f"{name}.png")
    return sheet(f"samples/{name}.png", name, columns=columns)


def reds(half, row=0):
    image = Image.open(io.BytesIO(base64.b64decode(half.uri.split(",")[1]))).convert("RGB")
    return [image.getpixel((5 * column + 1, 5 * row + 1))[0] for column in range(8)]


def test_a_wide_sheet_is_shown_in_two_halves_which_stand_below_one_another_where_a_page_is_narrow(tmp_path):
    shown = pictures(record(images=(wide(tmp_path, "orange_to_blue"),)), tmp_path)["orange_to_blue"]
    assert shown.uri == ""
    assert [reds(half) for half in shown.halves] == [list(range(0, 80, 10)), list(range(80, 160, 10))]
    assert [(half.width, half.height) for half in shown.halves] == [(39, 4), (39, 4)]
    assert shown.alternative == "Orange to blue: 16 images in 1 rows of 16."
    assert pictures(record(images=(wide(tmp_path, "interpolations", 11),)), tmp_path)["interpolations"].halves == ()


def test_wide_originals_keep_their_reconstructions_below_them_in_each_half(tmp_path):
    images = (wide(tmp_path, "originals"), wide(tmp_path, "reconstructions"))
    shown = pictures(record(images=images), tmp_path)["originals"]
    assert [reds(half, row) for half in shown.halves for row in (0, 1)] == [
        *[list(range(0, 80, 10))] * 2,
        *[list(range(80, 160, 10))] * 2,
    ]


def test_originals_and_reconstructions_of_two_shapes_stay_two_sheets(tmp_path):
    draw(tmp_path, "originals")
    draw(tmp_path, "reconstructions")
    images = (
        sheet("samples/originals.png", "originals"),
        replace(sheet("samples/reconstructions.png", "reconstructions"), columns=1, rows=1, tile=(4, 8)),
    )
    assert list(pictures(record(images=images), tmp_path)) == ["originals", "reconstructions"]


def test_all_sheets_of_a_run_take_less_than_a_quarter_of_a_megabyte(tmp_path):
    shown = pictures(record(images=write_sheets(tmp_path)), tmp_path)
    assert list(shown)[:4] == ["real", "generated", "reconstructions", "interpolations"]
    cells = [cell for picture in shown.values() for _, cells in picture.cells for cell in cells]
    assert len(cells) == 24
    halves = [half for picture in shown.values() for half in picture.halves]
    assert sum(len(one.uri) for one in (*shown.values(), *cells, *halves)) < 250_000


def labelled(**changes):
    labels = (ColumnLabel(group="worst", name="no. 7", value=0.25), ColumnLabel(group="best", name="no. 3", value=1e-9))
    return sheet(labels=labels, **changes)


def test_columns_that_have_labels_are_shown_one_by_one(tmp_path):
    draw(tmp_path, "real")
    shown = pictures(record(images=(labelled(),)), tmp_path)["real"]
    assert [(group, [(cell.name, cell.value) for cell in cells]) for group, cells in shown.cells] == [
        ("worst", [("no. 7", "0.25")]),
        ("best", [("no. 3", "1.0 × 10⁻⁹")]),
    ]
    (_, (red,)), (_, (blue,)) = shown.cells
    colours = [
        Image.open(io.BytesIO(base64.b64decode(cell.uri.split(",")[1]))).convert("RGB").getpixel((2, 2))
        for cell in (red, blue)
    ]
    assert colours == [(255, 0, 0), (0, 0, 255)]
    assert red.alternative == "Worst, no. 7: 0.25."


@pytest.mark.parametrize("wrong", [{"columns": 3}, {"tile": (5, 5)}])
def test_labels_that_do_not_fit_the_sheet_are_left_out(tmp_path, wrong):
    draw(tmp_path, "real")
    shown = pictures(record(images=(labelled(**wrong),)), tmp_path)["real"]
    assert shown.cells == ()
    assert shown.uri


def test_a_sheet_of_one_image_is_described_as_one(tmp_path):
    draw(tmp_path, "generated")
    one = sheet("samples/generated.png", "generated", columns=1, rows=1, tile=(4, 8))
    shown = pictures(record(images=(one,)), tmp_path)["generated"]
    assert shown.alternative == "Generated: one image."
