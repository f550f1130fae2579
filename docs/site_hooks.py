"""What the site adds to the pages of this folder: the README of every plugin, and the changelog.

In the repository the pages link to those files where they lie; in the site the links lead to the copies.
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
PLUGIN_README = re.compile(r"\]\(\.\./plugins/(\w+)/README\.md\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The pages that lie outside this folder."""
    for readme in sorted((ROOT / "plugins").glob("*/README.md")):
        text = readme.read_text(encoding="utf-8")
        files.append(File.generated(config, f"plugins/{readme.parent.name}.md", content=text))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    files.append(File.generated(config, "changelog.md", content=changelog))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - mkdocs' names
    """Links to a plugin's README lead to its page here."""
    return PLUGIN_README.sub(r"](plugins/\1.md)", markdown).replace("](../CHANGELOG.md)", "](changelog.md)")
