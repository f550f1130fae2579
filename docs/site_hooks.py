"""What the site adds to the pages of this folder: the README of every plugin, the changelog, the gallery's reports.

In the repository the pages link to those files where they lie; in the site the links lead to the copies. Reports are
linked if ``tox -e gallery`` has made them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
REPORTS = ROOT / "build" / "gallery"
REPORT = re.compile(r"<!-- report of ([\w-]+) -->")
PLUGIN_README = re.compile(r"\]\(\.\./plugins/(\w+)/README\.md\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The pages that lie outside this folder."""
    for readme in sorted((ROOT / "plugins").glob("*/README.md")):
        text = readme.read_text(encoding="utf-8").replace("](../../docs/", "](../")
        files.append(File.generated(config, f"plugins/{readme.parent.name}.md", content=text))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    files.append(File.generated(config, "changelog.md", content=changelog))
    for report in sorted(REPORTS.glob("*.html")):
        files.append(File.generated(config, f"gallery/{report.name}", abs_src_path=str(report)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - mkdocs' names
    """Links to a plugin's README lead to its page here, and the gallery links the reports that there are."""
    linked = REPORT.sub(_report_link, markdown)
    return PLUGIN_README.sub(r"](plugins/\1.md)", linked).replace("](../CHANGELOG.md)", "](changelog.md)")


def _report_link(found: re.Match[str]) -> str:
    name = found[1]
    return f" · [its report](gallery/{name}.html)" if (REPORTS / f"{name}.html").exists() else ""
