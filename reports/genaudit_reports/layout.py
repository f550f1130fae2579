"""Where style, script and images of a page lie: inside it, or as files beside it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from genaudit_reports.palette import style_variables
from genaudit_reports.safe_text import anchor

TEMPLATES = "genaudit_reports.templates"


@cache
def stylesheet() -> str:
    """The palette's variables and the page's rules."""
    return style_variables() + _template("report.css") + _template("print.css")


@cache
def script() -> str:
    """What sorts tables, with its licence: without it a page is complete and its tables stand in their own order."""
    licence = _template("tablesort-licence.txt").partition("quotes\n")[2]
    return f"/*\n{licence}*/\n{_template('tablesort.min.js')}\n{_template('sort.js')}"


def _template(name: str) -> str:
    return files(TEMPLATES).joinpath(name).read_text(encoding="utf-8")


class OneFile:
    """Everything inside the page."""

    def image(self, name: str, kind: str, data: bytes) -> Markup:  # noqa: ARG002 - a data URI has no name
        """The address of an image: the image itself."""
        return Markup(f"data:image/{kind};base64,{base64.b64encode(data).decode()}")  # noqa: S704 - needs no escaping

    def parts(self) -> dict[str, Markup]:
        """Style, script and policy as the template writes them: the policy knows both by their digests."""
        policy = (
            f"default-src 'none'; img-src data:; style-src {_digest(stylesheet())}; script-src {_digest(script())}; "
            "base-uri 'none'; form-action 'none'"
        )
        return {
            "policy": Markup(policy),  # noqa: S704 - our own text, like the next two
            "icon": Markup('<link rel="icon" href="data:,">'),
            "style": Markup(f"<style>{stylesheet()}</style>"),  # noqa: S704
            "script": Markup(f"<script>{script()}</script>"),  # noqa: S704
        }


@dataclass(frozen=True, slots=True)
class Folder:
    """Files beside the page, named by relative addresses: nothing that a policy of the strictest kind forbids."""

    files: dict[str, bytes] = field(default_factory=dict)
    """Path beside the page to content."""

    def image(self, name: str, kind: str, data: bytes) -> Markup:
        """The address of an image, which is kept as a file."""
        path = f"images/{anchor(name)}.{kind}"
        if self.files.get(path, data) != data:  # two names of strangers that differ in signs alone
            path = f"images/{anchor(name)}-{hashlib.sha256(data).hexdigest()[:12]}.{kind}"
        self.files[path] = data
        return Markup(path)  # noqa: S704 - letters, digits and hyphens

    def parts(self) -> dict[str, Markup]:
        """Style, script and policy as the template writes them; ``file:`` is for pages that are opened from a disk."""
        self.files["style.css"] = stylesheet().encode()
        self.files["sort.js"] = script().encode()
        policy = (
            "default-src 'none'; img-src 'self' file:; style-src 'self' file:; script-src 'self' file:; "
            "base-uri 'none'; form-action 'none'"
        )
        return {
            "policy": Markup(policy),  # noqa: S704 - our own text
            "icon": Markup(),
            "style": Markup('<link rel="stylesheet" href="style.css">'),
            "script": Markup('<script src="sort.js"></script>'),
        }


Layout = OneFile | Folder


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
