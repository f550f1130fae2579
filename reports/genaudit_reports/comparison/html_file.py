"""The comparison for people: one file, or a folder of page, style and script; no request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.serialisation import indented
from genaudit_reports.comparison.figures import number_figures
from genaudit_reports.comparison.page import page
from genaudit_reports.html_report import environment
from genaudit_reports.layout import Folder, Layout, OneFile

if TYPE_CHECKING:
    from genaudit.values.comparison import Comparison


def html_files(comparison: Comparison) -> dict[str, bytes]:
    """``comparison.html``, and beside it each chart as ``charts/NAME.vl.json``."""
    return {"comparison.html": _rendered(comparison, OneFile()), **_specifications(comparison)}


def html_folder(comparison: Comparison) -> dict[str, bytes]:
    """``comparison/index.html`` with style and script as files in the same folder, and the charts as above."""
    layout = Folder()
    index = _rendered(comparison, layout)
    beside = {f"comparison/{path}": content for path, content in layout.files.items()}
    return {"comparison/index.html": index, **beside, **_specifications(comparison)}


def _rendered(comparison: Comparison, layout: Layout) -> bytes:
    template = environment().get_template("comparison.html")
    return template.render(**layout.parts(), **page(comparison)).encode()


def _specifications(comparison: Comparison) -> dict[str, bytes]:
    return {f"charts/{figure.name}.vl.json": indented(figure.spec).encode() for figure in number_figures(comparison)}
