"""The comparison for people: one file, no request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.serialisation import indented
from genaudit_reports.comparison.figures import number_figures
from genaudit_reports.comparison.page import page
from genaudit_reports.html_report import environment
from genaudit_reports.layout import OneFile

if TYPE_CHECKING:
    from genaudit.values.comparison import Comparison


def html_files(comparison: Comparison) -> dict[str, bytes]:
    """``comparison.html``, and beside it each chart as ``charts/NAME.vl.json``."""
    template = environment().get_template("comparison.html")
    text = template.render(**OneFile().parts(), **page(comparison))
    charts = {f"charts/{figure.name}.vl.json": indented(figure.spec).encode() for figure in number_figures(comparison)}
    return {"comparison.html": text.encode(), **charts}
