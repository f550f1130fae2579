"""The gallery shows every generator that comes with genaudit, in pictures that a repository can bear."""

import re
import sys
from pathlib import Path

import pytest
from PIL import Image

from genaudit.plugin.manager import load_plugins

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
PICTURES = ROOT / "docs" / "gallery"
LARGEST = 25_000


def names():
    return sorted(one.spec.name for one in load_plugins().all("generator") if one.origin.startswith("genaudit "))


def shown():
    return [name for name in names() if name not in FROM_FILES]


FROM_FILES = {"samples", "torchscript", "exported", "callable", "diffusers"}
"""Generators that make what a user gives them."""


def test_every_generator_has_a_section_with_command_picture_and_values():
    assert re.findall(r"^## (.+)$", PAGE, flags=re.MULTILINE) == shown()
    for section in PAGE.split("\n## ")[1:]:
        name = section.partition("\n")[0]
        assert f"`genaudit run -p {name} --profile smoke`<!-- report of {name} -->" in section
        assert f"](gallery/{name}.png)" in section
        assert section.count("\n| `") >= 2, "headline values"


def test_pictures_are_small_and_of_few_colours():
    assert {path.stem for path in PICTURES.iterdir()} == set(shown())
    for path in PICTURES.iterdir():
        assert path.stat().st_size < LARGEST, path.name
        with Image.open(path) as picture:
            assert picture.mode == "P", path.name


def test_the_first_images_stand_in_rows_in_their_order(monkeypatch, tmp_path):
    import numpy as np

    monkeypatch.syspath_prepend(ROOT / "docs" / "making")
    import thumbnails
    from records import record

    from genaudit.values.run import ImageSheet

    (tmp_path / "samples").mkdir()
    levels = np.arange(64, dtype=np.uint8).reshape(8, 8)
    Image.fromarray(np.kron(levels, np.ones((2, 2), dtype=np.uint8))).save(tmp_path / "samples" / "generated.png")
    sheet = ImageSheet(name="generated", path="samples/generated.png", caption="", columns=8, rows=8, tile=(2, 2))
    made = thumbnails.thumbnail(record(images=(sheet,)), tmp_path, None)
    seen = np.asarray(made.convert("L"))[::4, ::4]
    assert seen.shape == (4, 16)
    assert np.array_equal(seen.ravel(), np.arange(64))
    sys.modules.pop("thumbnails")


def test_points_of_the_data_and_of_the_generator_stand_side_by_side(monkeypatch, tmp_path):
    import numpy as np

    monkeypatch.syspath_prepend(ROOT / "docs" / "making")
    import thumbnails
    from records import record

    np.savez(tmp_path / "samples.npz", images=np.array([[0.0, 0.0], [9.0, 9.0]], dtype=np.float32))
    made = thumbnails.thumbnail(record(), tmp_path, np.array([[0.0, 0.0], [1.0, 1.0]], dtype=np.float32))
    colours = {colour: count for count, colour in made.convert("RGB").getcolors()}
    assert colours[thumbnails.INK["data"]] == 8
    assert colours[thumbnails.INK["generated"]] == 4  # the other point lies outside the picture
    sys.modules.pop("thumbnails")


@pytest.mark.parametrize("name", ["example", "gallery"])
def test_the_pages_are_made_by_environments_of_tox(name):
    assert f"[testenv:{name}]" in (ROOT / "tox.ini").read_text(encoding="utf-8")
