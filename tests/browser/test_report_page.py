import pytest
from rich_records import rich_record

pytestmark = pytest.mark.browser

NAMES = ("rich", "troubled", "hostile", "empty", "compared")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
"""Axe need not describe the thousands of elements that it finds nothing wrong with: that takes most of its time."""
WIDTH = "document.documentElement.scrollWidth"


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("rich", "light"),
        ("rich", "dark"),
        ("troubled", "dark"),
        ("hostile", "light"),
        ("empty", "light"),
        ("compared", "light"),
        ("judged", "dark"),
        ("large", "light"),
    ],
)
def test_axe_finds_nothing(opened, name, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(name, color_scheme=scheme).page
    # what is behind a disclosure must be accessible too
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    found = Axe().run(page, options=EVERY_RULE)
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in found.response["violations"]] == []


def test_axe_finds_nothing_on_the_page_of_500_metrics_and_1000_groups(opened):
    """Contrast is left to the smaller pages, whose colours are the same: it would take a minute more."""
    from axe_playwright_python.sync_playwright import Axe

    page = opened("largest").page
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    found = Axe().run(page, options={**EVERY_RULE, "rules": {"color-contrast": {"enabled": False}}})
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in found.response["violations"]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_telephone(opened, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = opened("rich", viewport={"width": 360, "height": 800}, color_scheme=scheme).page
    found = Axe().run(page, options=EVERY_RULE)
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in found.response["violations"]] == []


def test_axe_finds_nothing_in_forced_colours(opened):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(opened("rich", forced_colors="active").page)
    assert [item["id"] for item in found.response["violations"]] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_silent_and_asks_for_nothing_but_itself(opened, pages, name):
    seen = opened(name)
    seen.page.mouse.wheel(0, 20_000)
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith("data:")] == [pages[name].as_uri()]


def test_images_are_decoded_under_the_policy(opened):
    widths = opened("rich").page.eval_on_selector_all("img", "all => all.map(one => one.naturalWidth)")
    assert len(widths) == 5 + 2 * 12  # the originals are two halves
    assert min(widths) >= 16


def test_the_style_is_applied_under_the_policy(opened):
    page = opened("rich").page
    assert page.evaluate("getComputedStyle(document.querySelector('.found')).borderLeftWidth") == "4px"


def test_light_and_dark_are_two_themes(opened):
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    assert opened("rich", color_scheme="light").page.evaluate(colour) == "rgb(251, 250, 247)"
    assert opened("rich", color_scheme="dark").page.evaluate(colour) == "rgb(17, 19, 24)"


def test_charts_follow_the_theme(opened):
    fill = "getComputedStyle(document.querySelector('#chart-mode_share .wide [fill^=\"var(--blue\"]')).fill"
    assert opened("rich", color_scheme="light").page.evaluate(fill) == "rgb(0, 114, 178)"
    assert opened("rich", color_scheme="dark").page.evaluate(fill) == "rgb(86, 169, 228)"


def test_without_scripts_every_metric_and_its_value_is_visible_text(opened):
    record = rich_record()
    page = opened("rich", java_script_enabled=False).page
    rows = page.locator("table.numbers").first.locator("tbody tr:not(.more):not(.family)")
    texts = rows.all_inner_texts()
    titles = {text.name: text.title for text in record.metrics if not text.view}
    whole = [result for result in record.results if not result.group]
    assert len(texts) == len(whole)
    for result in whole:
        assert any(titles[result.metric] in text for text in texts), result.metric
        assert page.locator(f'data[value="{result.value}"]').first.is_visible()


def test_numbers_in_the_page_are_those_of_the_record_to_the_digits_shown(opened):
    shown = opened("rich").page.eval_on_selector_all(
        "td.value data", "all => all.map(one => [Number(one.value), one.textContent])"
    )
    assert len(shown) > 20
    for value, text in shown:
        digits = text.replace("\u202f", "").replace("\u2212", "-")
        decimals = len(digits.partition(".")[2])
        # half a unit of the last digit, and one part in 10^9 for the halves themselves
        assert abs(float(digits) - value) <= 0.5 * 10**-decimals * (1 + 1e-9), text


@pytest.mark.parametrize(
    ("name", "width"),
    [("rich", 320), ("rich", 390), ("rich", 768), ("rich", 1024), ("judged", 320), ("judged", 390), ("judged", 800),
     ("judged", 1280), ("example", 320), ("example", 390), ("hostile", 320), ("troubled", 320), ("large", 360),
     ("audit", 320), ("audit", 360), ("audit", 1024), ("hostile audit", 320), ("compared", 360)],
)  # fmt: skip
def test_no_width_needs_horizontal_scrolling(opened, name, width):
    page = opened(name, viewport={"width": width, "height": 800}).page
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate(WIDTH) <= width


def test_a_telephone_gets_charts_of_its_own(opened):
    page = opened("rich", viewport={"width": 390, "height": 800}).page
    assert page.locator("#chart-mode_share .slim").is_visible()
    assert not page.locator("#chart-mode_share .wide").is_visible()


def test_every_chart_has_one_name_that_says_what_it_shows(opened):
    page = opened("rich").page
    names = [chart.get_attribute("aria-label") for chart in page.get_by_role("img").all() if chart.is_visible()]
    charts = [name for name in names if name]
    assert len(charts) == 6
    assert all(name.endswith(".") and any(sign.isdigit() for sign in name) for name in charts)


@pytest.mark.parametrize("name", ["hostile", "hostile audit"])
def test_hostile_texts_run_no_script_and_turn_no_text_around(opened, name):
    seen = opened(name)
    assert "owned" not in seen.page.title().replace("document.title='owned'", "")
    assert seen.page.locator("script").count() == 1  # the page's own, at its end
    assert seen.page.evaluate("document.body.lastElementChild.tagName") == "SCRIPT"
    assert seen.page.locator("[onload]").count() == 0
    assert seen.complaints == []
    unwanted = r"/[\u202a-\u202e\u2066-\u2069\u0000]/"
    assert seen.page.evaluate(f"{unwanted}.test(document.documentElement.outerHTML)") is False


def test_the_first_screen_holds_the_finding_and_both_sheets(opened):
    page = opened("rich", viewport={"width": 1280, "height": 800}).page
    for selector in (".found .lead", '.sheet img[alt^="Real"]', '.sheet img[alt^="Generated"]'):
        box = page.locator(selector).bounding_box()
        assert box["y"] + box["height"] <= 800


def test_the_card_and_the_sheets_end_together_without_a_large_empty_place(opened):
    page = opened("rich", viewport={"width": 1100, "height": 900}).page
    ends = page.eval_on_selector_all(
        ".first > .found, .first > .sheet", "all => all.map(one => one.getBoundingClientRect().bottom)"
    )
    assert max(ends) - min(ends) < 1
    caption = page.locator(".first > .sheet figcaption").first.bounding_box()
    # a caption may take two lines more or less than in another run
    assert ends[0] - (caption["y"] + caption["height"]) < 120


@pytest.mark.parametrize("width", [390, 1100])
def test_the_note_on_source_items_is_read_beside_n_without_opening_anything(opened, width):
    page = opened("rich", viewport={"width": width, "height": 900}).page
    note = page.locator("table.numbers").first.locator(".note", has_text="made from 400 source items").first
    assert note.is_visible()
    assert "The 2\u202f000 reference images were made" in note.inner_text()
    count = page.locator("table.numbers").first.locator("td.count").first.bounding_box()
    assert 0 < note.bounding_box()["y"] - count["y"] < 160


def test_real_and_generated_are_shown_at_one_size(opened):
    page = opened("rich").page
    real, generated = (page.locator(f'.sheet img[alt^="{name}"]').bounding_box() for name in ("Real", "Generated"))
    assert (real["width"], real["height"], real["y"]) == (generated["width"], generated["height"], generated["y"])


def test_the_skip_link_comes_first_and_leads_to_the_findings(opened):
    page = opened("rich").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the findings"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("name", ["rich", "audit"])
def test_every_link_leads_somewhere(opened, name):
    page = opened(name).page
    targets = page.eval_on_selector_all("a[href^='#']", "all => all.map(one => one.hash.slice(1))")
    assert all(page.locator(f"#{target}").count() == 1 for target in targets)


def test_the_example_is_smaller_than_a_megabyte(pages):
    assert pages["rich"].stat().st_size < 1_000_000
    assert pages["hostile"].stat().st_size < 1_000_000
    assert pages["empty"].stat().st_size < 100_000


def test_an_audit_shows_numbers_that_are_those_of_the_record_to_the_digits_shown(opened):
    shown = opened("audit").page.eval_on_selector_all(
        ".across strong data", "all => all.map(one => [Number(one.value), one.textContent])"
    )
    assert len(shown) > 20
    for value, text in shown:
        digits = text.replace("\u202f", "").replace("\u2212", "-")
        decimals = len(digits.partition(".")[2])
        assert abs(float(digits) - value) <= 0.5 * 10**-decimals * (1 + 1e-9), text


def test_every_chart_of_an_audit_says_its_finding(opened):
    page = opened("audit").page
    names = [chart.get_attribute("aria-label") for chart in page.get_by_role("img").all() if chart.is_visible()]
    assert names
    assert all(name.endswith(".") and any(sign.isdigit() for sign in name) for name in names)


def test_on_a_telephone_the_listed_numbers_of_an_audit_are_stacked_and_not_squeezed(opened):
    """A column of single letters is within the width of the page, too."""
    page = opened("audit", viewport={"width": 360, "height": 800}).page
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    widths = page.eval_on_selector_all(".listed tbody th", "all => all.map(one => one.getBoundingClientRect().width)")
    assert min(widths) > 200
    inner = page.eval_on_selector_all(".listed", "all => all.map(one => one.scrollWidth - one.clientWidth)")
    assert max(inner) <= 0


def test_on_a_telephone_no_name_in_a_data_table_of_a_chart_falls_into_letters(opened):
    page = opened("audit", viewport={"width": 360, "height": 800}).page
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    widths = page.eval_on_selector_all(
        ".chart .data tbody th", "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert min(widths) > 100
    assert page.evaluate(WIDTH) <= 360


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_telephone_no_number_beside_a_value_is_broken_within(opened, width):
    """0.007 above a lonely 3 reads as another number."""
    page = opened("example", viewport={"width": width, "height": 800}).page
    broken = page.evaluate("""() => [...document.querySelectorAll(".beside .whole")].filter(one => {
        const text = one.firstChild, range = document.createRange();
        return [...text.data.matchAll(/[\\d.]+/g)].some(found => {
            range.setStart(text, found.index);
            range.setEnd(text, found.index + found[0].length);
            return range.getClientRects().length > 1;
        });
    }).map(one => one.textContent)""")
    assert page.locator(".beside .whole").count() > 10
    assert not broken


def test_on_a_telephone_the_compared_runs_are_stacked_and_nothing_scrolls_sideways(opened):
    page = opened("compared", viewport={"width": 360, "height": 800}).page
    inner = page.eval_on_selector_all(".scroll:has(.runs)", "all => all.map(one => one.scrollWidth - one.clientWidth)")
    assert inner == [0]
    assert page.locator(".runs .cell-label").first.is_visible()


def test_tables_of_an_audit_are_sorted_by_value_with_the_keyboard(opened):
    page = opened("audit").page
    for table, cell in ((".across", "td:nth-child(2)"), (".counts", "td:nth-child(2)"), (".listed", "td:nth-child(3)")):
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        header = page.locator(f"table{table}").first.locator("thead th[data-sort-method=number]").first
        header.focus()
        page.keyboard.press("Enter")
        assert header.get_attribute("aria-sort") == "ascending"
        keys = (
            page.locator(f"table{table}")
            .first.locator(f"tbody {cell}")
            .evaluate_all("all => all.map(one => one.dataset.sort)")
        )
        values = [float(key) for key in keys if key]
        assert len(values) > 1
        assert values == sorted(values)


def test_a_table_is_sorted_by_value_with_the_keyboard(opened):
    page = opened("rich").page
    table = page.locator("table.numbers").first
    header = table.locator("thead th", has_text="Value")
    values = "all => all.map(one => Number(one.dataset.sort))"
    family = table.locator("tbody").nth(1)
    before = family.locator("td.value").evaluate_all(values)
    page.locator("table.numbers thead th").first.focus()
    page.keyboard.press("Tab")
    assert header.evaluate("one => one === document.activeElement")
    page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "ascending"
    assert family.locator("td.value").evaluate_all(values) == sorted(before) != before
    page.keyboard.press(" ")
    assert header.get_attribute("aria-sort") == "descending"
    assert family.locator("td.value").evaluate_all(values) == sorted(before, reverse=True)


def test_a_sorted_row_keeps_its_explanation_and_its_family_its_heading(opened):
    page = opened("rich").page
    page.locator("table.numbers thead th", has_text="Metric").first.click()
    rows = page.locator("table.numbers").first.locator("tbody").nth(1).locator("tr")
    kinds = rows.evaluate_all("all => all.map(one => one.className)")
    assert kinds == ["family", *["", "more"] * (len(kinds) // 2)]
    titles = rows.locator(".title").all_inner_texts()
    assert titles == sorted(titles, key=str.lower)
    told = rows.locator("summary .visually-hidden").evaluate_all("all => all.map(one => one.textContent)")
    assert [text.removeprefix(": ").split(",")[0] for text in told] == [title.split(",")[0] for title in titles]


def test_a_telephone_can_sort_too(opened):
    page = opened("rich", viewport={"width": 360, "height": 800}).page
    header = page.locator("table.numbers thead th", has_text="Value").first
    assert header.is_visible()
    header.click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert page.evaluate(WIDTH) <= 360


def test_without_scripts_no_header_offers_to_sort(opened):
    page = opened("rich", java_script_enabled=False).page
    assert page.locator("table.sorts").count() > 3
    assert page.locator("th[tabindex], table.sortable").count() == 0


def test_a_folder_is_fully_styled_from_a_disk(opened, pages):
    seen = opened("folder")
    assert seen.complaints == []
    assert min(seen.page.eval_on_selector_all("img", "all => all.map(one => one.naturalWidth)")) >= 16
    assert seen.page.evaluate("getComputedStyle(document.querySelector('.found')).borderLeftWidth") == "4px"
    seen.page.locator("table.numbers thead th").first.click()
    folder = pages["folder"].parent.as_uri()
    assert all(url.startswith(f"{folder}/") for url in seen.requests)


def test_a_folder_is_fully_styled_under_the_policy_of_a_build_server(browser, pages):
    policy = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';"
    page = browser.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.route("http://reports.test/**", lambda route: route.fulfill(
        path=pages["folder"].parent / route.request.url.removeprefix("http://reports.test/"),
        headers={"Content-Security-Policy": policy},
    ))  # fmt: skip
    page.goto("http://reports.test/index.html")
    widths = page.eval_on_selector_all("img", "all => all.map(one => one.naturalWidth)")
    styled = page.evaluate("getComputedStyle(document.querySelector('.found')).borderLeftWidth")
    page.close()
    assert (len(widths), min(widths) >= 16, styled) == (29, True, "4px")
    # the one thing that this policy forbids is the sorting of tables
    assert all("sort.js" in text or "script" in text.lower() for text in complaints)
