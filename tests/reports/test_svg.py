import re
import xml.etree.ElementTree as ET

import pytest

from genaudit_reports import svg
from genaudit_reports.figures.theme import BLUE, NARROW, axis, chart


@pytest.fixture(scope="module")
def drawing():
    """Two bars with hostile names, as the renderer gives it."""
    values = [{"name": "<script>alert(1)</script>", "n": 3}, {"name": '" onload="x', "n": 5}]
    layer = {
        "mark": {"type": "bar", "clip": True},
        "encoding": {
            "x": {"field": "name", "type": "nominal", "axis": axis()},
            "y": {"field": "n", "type": "quantitative"},
        },
    }
    return svg.render([chart(values, [layer], width=NARROW, height=200)])[0]


def test_colours_become_variables_that_know_both_themes(drawing):
    tidied = svg.tidy(drawing, "c1")
    assert f'fill="var(--blue,{BLUE})"' in tidied
    assert BLUE not in tidied.replace(f"var(--blue,{BLUE})", "")


def test_labels_classes_and_styles_of_the_renderer_stay_behind(drawing):
    root = ET.fromstring(svg.tidy(drawing, "c1"))  # noqa: S314 - our own drawing
    names = {name for element in root.iter() for name in element.attrib} - {"aria-hidden", "focusable"}
    assert names <= svg.ATTRIBUTES
    assert root.get("aria-hidden") == "true"


def test_texts_are_escaped(drawing):
    tidied = svg.tidy(drawing, "c1")
    assert "<script" not in tidied
    assert "&lt;script&gt;" in tidied


def test_ids_carry_the_prefix_so_that_drawings_in_one_page_do_not_collide(drawing):
    first, second = svg.tidy(drawing, "c1"), svg.tidy(drawing, "c2")
    ids = re.findall(r' id="([^"]+)"', first)
    assert ids
    assert not set(ids) & set(re.findall(r' id="([^"]+)"', second))
    assert set(re.findall(r"url\(#([^)]+)\)", first)) == set(ids)


def test_nothing_to_draw_starts_no_child():
    assert svg.render([]) == []


def test_a_renderer_that_breaks_is_reported_in_words(monkeypatch, tmp_path):
    worker = tmp_path / "worker.py"
    worker.write_text("raise MemoryError('heap')\n")
    monkeypatch.setattr(svg, "WORKER", worker)
    with pytest.raises(svg.ChartsUnavailable, match="the renderer failed: MemoryError: heap"):
        svg.render([{}])


def test_a_renderer_that_aborts_the_process_takes_only_the_child(monkeypatch, tmp_path):
    worker = tmp_path / "worker.py"
    worker.write_text("import os; os.abort()\n")
    monkeypatch.setattr(svg, "WORKER", worker)
    with pytest.raises(svg.ChartsUnavailable, match="the renderer failed"):
        svg.render([{}])


def test_a_missing_renderer_is_named(monkeypatch, tmp_path):
    worker = tmp_path / "worker.py"
    worker.write_text("raise ModuleNotFoundError(\"No module named 'vl_convert'\")\n")
    monkeypatch.setattr(svg, "WORKER", worker)
    with pytest.raises(svg.ChartsUnavailable, match="vl-convert-python is not installed"):
        svg.render([{}])


def test_a_specification_cannot_fetch_a_file_or_a_page():
    spec = {"data": {"url": "https://example.invalid/data.csv"}, "mark": "bar", "encoding": {}}
    with pytest.raises(svg.ChartsUnavailable):
        svg.render([spec])
