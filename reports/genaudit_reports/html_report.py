"""The page for people: one file, no request, no script, readable on paper and on a telephone."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from genaudit_reports import charts, safe_text
from genaudit_reports.audit.page import is_audit
from genaudit_reports.audit.page import page as audit_page
from genaudit_reports.page import page
from genaudit_reports.palette import style_variables

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.values.record import RunRecord

TEMPLATES = "genaudit_reports.templates"


def html_files(record: RunRecord, folder: Path) -> dict[str, bytes]:
    """``report.html``, and beside it each chart as ``charts/NAME.vl.json`` for those who want to draw it again."""
    specs = {f"charts/{name}.vl.json": spec for name, spec in charts(record).items()}
    plain = {path: json.dumps(spec, indent=1, allow_nan=False) + "\n" for path, spec in specs.items()}
    return {"report.html": html_report(record, folder), **{path: text.encode() for path, text in plain.items()}}


def html_report(record: RunRecord, folder: Path) -> bytes:
    """``report.html`` of a record; images are read from its run folder. The same record gives the same bytes."""
    style = stylesheet()
    context = audit_page(record) if is_audit(record) else page(record, folder)
    template = environment().get_template("audit.html" if is_audit(record) else "report.html")
    text = template.render(style=Markup(style), policy=policy(style), **context)  # noqa: S704 - our file
    return text.encode()


def environment() -> Environment:
    """A jinja environment that escapes everything, cleans every text, and stops at a name it does not know."""
    made = Environment(
        autoescape=True,
        finalize=safe_text.shown,
        loader=PackageLoader("genaudit_reports"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {"name": safe_text.name, "prose": safe_text.prose}
    return made


def stylesheet() -> str:
    """The palette's variables and the page's rules."""
    return style_variables() + files(TEMPLATES).joinpath("report.css").read_text(encoding="utf-8")


def policy(style: str) -> str:
    """What the page may load: its own style, known by its digest, and the images inside it. Nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
