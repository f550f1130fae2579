"""The comparison for people: one file, no request, no script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from markupsafe import Markup

from genaudit_reports.comparison.figures import number_figures
from genaudit_reports.comparison.page import page
from genaudit_reports.html_report import environment, policy, stylesheet

if TYPE_CHECKING:
    from genaudit.values.comparison import Comparison


def html_files(comparison: Comparison) -> dict[str, bytes]:
    """``comparison.html``, and beside it each chart as ``charts/NAME.vl.json``."""
    style = stylesheet()
    template = environment().get_template("comparison.html")
    text = template.render(style=Markup(style), policy=policy(style), **page(comparison))  # noqa: S704 - our file
    charts = {
        f"charts/{figure.name}.vl.json": (json.dumps(figure.spec, indent=1, allow_nan=False) + "\n").encode()
        for figure in number_figures(comparison)
    }
    return {"comparison.html": text.encode(), **charts}
