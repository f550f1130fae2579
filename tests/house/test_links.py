"""Every link of a page to a file of the repository leads to one, and every link to a heading to a heading."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path for pattern in ("*.md", "docs/**/*.md", "plugins/*/*.md", "reports/*/*.md") for path in ROOT.glob(pattern)
)
LINK = re.compile(r"(?<!`)\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def anchors(page):
    """The headings of a page as their addresses."""
    text = FENCED.sub(lambda found: found[0].strip("`"), page.read_text(encoding="utf-8"))
    return {
        re.sub(r"[\s]+", "-", re.sub(r"[^\w\s-]", "", line.lstrip("# ").lower()).strip())
        for line in text.splitlines()
        if re.match(r"#+ ", line)
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page):
    for link in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"https://|mailto:", link):
            continue
        assert not link.startswith("http:"), link
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if heading and target.suffix == ".md":
            assert heading in anchors(target), link
