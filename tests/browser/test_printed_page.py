"""The pages on paper, in both sizes that printers hold."""

import re

import pytest

pytestmark = pytest.mark.browser

PAPERS = {"A4": (210, 297), "Letter": (215.9, 279.4)}
"""Width and height in millimetres."""
MARGIN = 14
PIXELS_A_MILLIMETRE = 96 / 25.4


@pytest.fixture
def on_paper(opened):
    """``on_paper("example", "A4")``: the page as wide as that paper is between its margins, in the print style."""

    def start(name, paper):
        width = int((PAPERS[paper][0] - 2 * MARGIN) * PIXELS_A_MILLIMETRE)
        page = opened(name, viewport={"width": width, "height": 1000}).page
        page.emulate_media(media="print")
        return page

    return start


@pytest.mark.parametrize("paper", list(PAPERS))
@pytest.mark.parametrize("name", ["example", "rich", "judged", "troubled", "audit", "compared"])
def test_paper_holds_a_report_on_at_most_twenty_pages(on_paper, name, paper):
    data = on_paper(name, paper).pdf(format=paper, margin=dict.fromkeys(("top", "bottom", "left", "right"), "14mm"))
    assert len(re.findall(rb"/Type\s*/Page[^s]", data)) <= 20


@pytest.mark.parametrize("paper", list(PAPERS))
@pytest.mark.parametrize(
    "name", ["example", "rich", "judged", "troubled", "hostile", "audit", "hostile audit", "compared"]
)
def test_nothing_on_paper_is_wider_than_the_paper(on_paper, name, paper):
    page = on_paper(name, paper)
    too_wide = """all => all.filter(one => one.checkVisibility() && !one.closest('.visually-hidden'))
        .filter(one => one.getBoundingClientRect().right > innerWidth + 1 || one.scrollWidth > innerWidth + 1)
        .map(one => one.outerHTML.slice(0, 120))"""
    assert page.eval_on_selector_all("body *:not(svg *)", too_wide) == []


@pytest.mark.parametrize("paper", list(PAPERS))
@pytest.mark.parametrize("name", ["example", "audit"])
def test_no_row_and_no_chart_is_cut_by_the_end_of_a_page(on_paper, name, paper):
    """What may not break, and is lower than a page, is not broken."""
    page = on_paper(name, paper)
    height = (PAPERS[paper][1] - 2 * MARGIN) * PIXELS_A_MILLIMETRE
    kept = page.eval_on_selector_all(
        "tr, figure",
        """all => all.filter(one => one.checkVisibility())
        .map(one => [getComputedStyle(one).breakInside, one.getBoundingClientRect().height])""",
    )
    assert len(kept) > 50
    assert {rule for rule, _ in kept} == {"avoid"}
    assert max(tall for _, tall in kept) < height
    together = page.eval_on_selector_all(
        "table",
        """all => all.filter(one => one.checkVisibility()).flatMap(table => {
            const rows = [...table.querySelectorAll('tr')].filter(one => one.checkVisibility());
            let start = 0, heights = [];
            rows.forEach((row, at) => {
                if (getComputedStyle(row).breakAfter === 'avoid' && at + 1 < rows.length) return;
                heights.push(row.getBoundingClientRect().bottom - rows[start].getBoundingClientRect().top);
                start = at + 1;
            });
            return heights;
        })""",
    )
    assert max(together) < height  # rows that stay together are not so many that they cannot
    heads = page.eval_on_selector_all(
        "thead", "all => all.filter(one => one.checkVisibility()).map(one => getComputedStyle(one).display)"
    )
    assert set(heads) == {"table-header-group"}  # which is what a browser repeats on every page of a table


def test_paper_shows_explanations_and_leaves_the_data_of_charts_to_the_files(on_paper):
    page = on_paper("example", "A4")
    assert page.locator("#numbers ~ table .about-words").first.is_visible()
    assert page.locator("#numbers ~ table .about .source").first.is_visible()
    assert page.locator(".chart svg:visible").count() >= 8
    assert page.locator(".chart table:visible").count() == 0


def test_charts_that_cannot_be_drawn_leave_their_tables_on_paper(on_paper):
    page = on_paper("example", "A4")
    page.evaluate("document.querySelectorAll('.drawing').forEach(one => one.remove())")
    assert page.locator(".chart table:visible").count() == page.locator(".chart").count()
