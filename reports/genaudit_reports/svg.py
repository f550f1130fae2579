"""Vega-Lite specifications to SVG that can stand in a page: themed, with ids of its own and one accessible name."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET  # reads only what our own child process wrote
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from genaudit_reports.palette import themed

if TYPE_CHECKING:
    from collections.abc import Sequence

WORKER = Path(__file__).with_name("svg_worker.py")
LONGEST_SECONDS = 120
NAMESPACE = "{http://www.w3.org/2000/svg}"

ELEMENTS = {"svg", "g", "path", "line", "rect", "circle", "text", "tspan", "defs", "clipPath"}
ATTRIBUTES = {
    "width", "height", "viewBox", "fill", "stroke", "stroke-width", "stroke-miterlimit", "stroke-dasharray",
    "stroke-linecap", "stroke-linejoin", "opacity", "fill-opacity", "stroke-opacity", "transform", "d", "x", "y", "x1",
    "x2", "y1", "y2", "r", "cx", "cy", "dx", "dy", "text-anchor", "font-family", "font-size", "font-weight",
    "font-style", "clip-path", "id", "display",
}  # fmt: skip
"""All that charts need: labels, classes and styles of the renderer stay behind."""
MEASURES = {"d", "transform", "x", "y", "x1", "x2", "y1", "y2", "r", "cx", "cy", "width", "height", "stroke-width"}
FONT = "system-ui, sans-serif"
USUAL = {
    "opacity": "1", "fill-opacity": "1", "stroke-opacity": "1", "stroke-width": "1", "x": "0", "y": "0", "x1": "0",
    "y1": "0", "x2": "0", "y2": "0", "text-anchor": "start", "transform": "translate(0,0)", "font-family": FONT,
    "font-weight": "normal", "stroke-dasharray": "", "display": "inline",
}  # fmt: skip
"""Values that hold without being said; the font is said once, of the whole drawing."""
INHERITED = {"fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "text-anchor"}


class ChartsUnavailable(Exception):
    """Charts cannot be drawn here; the message says why in words for the page."""


def render(specs: Sequence[dict[str, Any]]) -> list[str]:
    """One SVG text for each specification.

    Raises:
        ChartsUnavailable: The renderer is not installed, crashed or took too long.
    """
    if not specs:
        return []
    try:
        done = subprocess.run(  # noqa: S603 - our own file, by this interpreter, without a shell
            [sys.executable, "-P", str(WORKER)],
            input=json.dumps(list(specs)),
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=LONGEST_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ChartsUnavailable(f"the renderer did not answer ({type(error).__name__})") from error
    if done.returncode:
        raise ChartsUnavailable(_reason(done.stderr))
    texts: list[str] = json.loads(done.stdout)
    return texts


def _reason(stderr: str) -> str:
    if "No module named 'vl_convert'" in stderr:
        return "vl-convert-python is not installed"
    last = stderr.strip().splitlines()[-1:] or ["no message"]
    return f"the renderer failed: {last[0][:200]}"


def tidy(svg: str, prefix: str) -> Markup:
    """The SVG's drawing alone, its colours mapped to the page's variables and its ids made unique by ``prefix``.

    Returns:
        An ``svg`` element without a role: the figure around it carries the name.
    """
    root = ET.fromstring(svg)  # noqa: S314 - our own child process wrote it
    _clean(root, prefix)
    width, height = root.get("width", "0"), root.get("height", "0")
    body = "".join(_serialised(child) for child in root)
    return Markup(  # noqa: S704 - every element and attribute was checked against the lists above, texts are escaped
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{FONT}" '
        f'aria-hidden="true" focusable="false">{body}</svg>'
    )


def _clean(element: ET.Element, prefix: str) -> None:
    for child in list(element):
        if child.tag.removeprefix(NAMESPACE) not in ELEMENTS or _is_empty(child):
            element.remove(child)
        else:
            _clean(child, prefix)
    for name, value in list(element.attrib.items()):
        if name not in ATTRIBUTES:
            del element.attrib[name]
        elif name in {"fill", "stroke"}:
            element.set(name, themed(value))
        elif name == "id":
            element.set(name, f"{prefix}-{value}")
        elif name == "clip-path":
            element.set(name, re.sub(r"#(\w+)", rf"#{prefix}-\1", value))
        elif name in MEASURES:
            element.set(name, _short(value))
    _leave_out_what_is_usual(element)


def _leave_out_what_is_usual(element: ET.Element) -> None:
    """Attributes that say what holds without them, and groups that say nothing at all."""
    for name, value in list(element.attrib.items()):
        if USUAL.get(name) == value:
            del element.attrib[name]
    _say_once(element)
    for place, child in reversed(list(enumerate(element))):
        if child.tag == f"{NAMESPACE}g" and not child.attrib:
            element.remove(child)
            for offset, grandchild in enumerate(list(child)):
                element.insert(place + offset, grandchild)


def _say_once(element: ET.Element) -> None:
    """What all parts of a group say alike is said by the group."""
    parts = list(element)
    if element.tag != f"{NAMESPACE}g" or len(parts) < 2:
        return
    for name in sorted(INHERITED & set(parts[0].attrib)):
        values = {part.get(name) for part in parts}
        if len(values) == 1:
            element.set(name, values.pop() or "")
            for part in parts:
                del part.attrib[name]


def _is_empty(element: ET.Element) -> bool:
    """The invisible frames that the renderer puts around every group."""
    return element.get("class") in {"background", "foreground"} and element.get("fill") is None


def _short(numbers: str) -> str:
    """Coordinates to a tenth of a pixel: the bytes behind it cannot be seen."""
    return re.sub(r"\d+\.\d{2,}", lambda match: f"{float(match[0]):.1f}".removesuffix(".0"), numbers)


def _serialised(element: ET.Element) -> str:
    for part in element.iter():
        part.tag = part.tag.removeprefix(NAMESPACE)
    return ET.tostring(element, encoding="unicode", short_empty_elements=True).replace(" />", "/>")
