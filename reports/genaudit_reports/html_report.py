"""The page for people: no request, complete without a script, readable on paper and on a telephone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from genaudit.values.serialisation import indented
from genaudit_reports import charts, safe_text
from genaudit_reports.abridged import abridged
from genaudit_reports.audit.page import is_audit
from genaudit_reports.audit.page import page as audit_page
from genaudit_reports.content.kinds import by_kind
from genaudit_reports.layout import Folder, Layout, OneFile
from genaudit_reports.number_format import count, restyled
from genaudit_reports.page import page
from genaudit_reports.sorting import numeric_columns, sort_key

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.values.record import RunRecord


def html_files(record: RunRecord, folder: Path) -> dict[str, bytes]:
    """``report.html``, and beside it each chart as ``charts/NAME.vl.json`` for those who want to draw it again."""
    return {"report.html": html_report(record, folder), **_specifications(record)}


def html_folder(record: RunRecord, folder: Path) -> dict[str, bytes]:
    """``report/index.html`` with its style, script and images as files in the same folder, and the charts as above."""
    layout = Folder()
    index = html_report(record, folder, layout)
    beside = {f"report/{path}": content for path, content in layout.files.items()}
    return {"report/index.html": index, **beside, **_specifications(record)}


def html_report(record: RunRecord, folder: Path, layout: Layout | None = None) -> bytes:
    """The page of a record; images are read from its run folder. The same record gives the same bytes."""
    layout = layout or OneFile()
    record, cut_at = abridged(record)
    with ThreadPoolExecutor(1) as beside:  # another process draws the charts meanwhile
        template = beside.submit(environment().get_template, "audit.html" if is_audit(record) else "report.html")
        context = audit_page(record) if is_audit(record) else page(record, folder, layout)
    return template.result().render(**layout.parts(), **context, cut_at=cut_at).encode()


def _specifications(record: RunRecord) -> dict[str, bytes]:
    return {f"charts/{name}.vl.json": indented(spec).encode() for name, spec in charts(record).items()}


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
    made.filters |= {
        "name": safe_text.name,
        "prose": safe_text.prose,
        "restyled": restyled,
        "told": safe_text.told,
        "sort_key": sort_key,
        "count": count,
    }
    made.globals |= {"numeric_columns": numeric_columns, "by_kind": by_kind}
    return made
