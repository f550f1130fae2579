import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from records import record, result
from rich_records import rich_record, troubled_record

from genaudit.values.results import Unavailable
from genaudit.values.run import MetricDescription
from genaudit_reports import svg
from genaudit_reports.html_report import html_files, html_folder, html_report
from genaudit_reports.layout import Folder


class Reader(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.ids, self.texts, self.skipping = [], [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        self.skipping = tag in {"style", "title", "script"}

    def handle_endtag(self, tag):
        self.skipping = False

    def handle_data(self, data):
        if not self.skipping:
            self.texts.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.texts))


@pytest.fixture
def without_charts(monkeypatch, tmp_path):
    """A machine on which charts cannot be drawn; also much faster."""
    worker = tmp_path / "no_worker.py"
    worker.write_text("raise ModuleNotFoundError(\"No module named 'vl_convert'\")\n")
    monkeypatch.setattr(svg, "WORKER", worker)


def test_the_same_record_gives_the_same_bytes(rich, run_folder, page):
    assert html_report(rich, run_folder).decode() == page


def test_the_page_is_small(page):
    assert len(page.encode()) < 1_000_000


def test_a_page_about_points_does_not_say_that_they_are_images(tmp_path, without_charts):
    rich = rich_record()
    points = replace(rich, generator=replace(rich.generator, facts={"dimensions": "2"}), images=())
    text = Reader(html_report(points, tmp_path).decode()).text
    for said in (
        "Share of each class among generated points; whiskers are 95",
        "If points were drawn again from the same model",
        "Most numbers count generated points; reconstruction and likelihood count held-out points",
        "a training share counts training points",
        "a peak in the middle, that most changes there",
    ):
        assert said in text, said
    assert "its contents" in text


def test_the_aggregate_posterior_is_explained_where_there_is_one(page, tmp_path, without_charts):
    assert "the aggregate posterior starts from the codes of training images" in page
    rich = rich_record()
    left = tuple(each for each in rich.results if each.group != "aggregate-posterior")
    without = html_report(replace(rich, results=left), tmp_path).decode()
    assert "so their distance is what encoding and decoding cost. Where these" in without


def test_a_small_record_makes_a_page_below_a_hundred_kilobytes(tmp_path, without_charts):
    assert len(html_report(record(), tmp_path)) < 100_000


def test_the_page_asks_for_nothing_but_itself(page):
    tags = Reader(page).tags
    assert not {"iframe", "object", "embed", "form"} & {tag for tag, _ in tags}
    assert [attrs for tag, attrs in tags if tag == "script"] == [{}]  # its own, inside it
    sources = [value for _, attrs in tags for name, value in attrs.items() if name in {"src", "href"}]
    assert all(value.startswith(("data:", "#")) for value in sources)
    assert "url(" not in re.sub(r"url\(#c\d+-\w+\)", "", page)


def test_the_policy_allows_its_own_style_script_and_images_alone(page):
    policy = next(attrs["content"] for tag, attrs in Reader(page).tags if tag == "meta" and "http-equiv" in attrs)
    digest = r"'sha256-[\w+/]{43}='"
    assert re.fullmatch(
        rf"default-src 'none'; img-src data:; style-src {digest}; script-src {digest}; base-uri 'none'; "
        "form-action 'none'",
        policy,
    )
    assert not [attrs for _, attrs in Reader(page).tags if "style" in attrs]


def test_the_page_has_one_heading_one_main_a_language_and_unique_ids(page):
    reader = Reader(page)
    names = [tag for tag, _ in reader.tags]
    assert (names.count("h1"), names.count("main")) == (1, 1)
    assert ("html", {"lang": "en"}) in reader.tags
    assert len(reader.ids) == len(set(reader.ids))


def test_every_metric_of_the_whole_set_is_there_with_its_value(page, rich):
    values = [attrs["value"] for tag, attrs in Reader(page).tags if tag == "data"]
    for one in rich.results:
        if not one.group:
            assert str(one.value) in values


def test_every_interval_is_there_with_its_level(page, rich):
    values = [attrs["value"] for tag, attrs in Reader(page).tags if tag == "data"]
    for one in rich.results:
        if not one.group and one.interval:
            assert f"{one.interval.low} {one.interval.high}" in values
    assert "95\u202f% interval" in page


def test_groups_are_described_without_praise_or_blame(page):
    text = Reader(page).text.lower()
    for word in ("fair", "unfair", "unbiased", "bias-free", "compliant", "✓", "80 %"):
        assert word not in text.split(), word
    assert "no intended use was given: read this as description only." in text
    assert text.index("who assigned the labels") < text.index("share of colour orange within each digit")


def test_a_given_purpose_is_quoted(tmp_path, without_charts):
    page = html_report(rich_record(extra={"purpose": "Teaching."}), tmp_path).decode()
    assert "Intended use, as given: Teaching." in page
    assert "No intended use" not in page


def test_what_failed_and_what_does_not_apply_look_different(tmp_path, without_charts):
    page = html_report(troubled_record(), tmp_path).decode()
    assert '<div class="failed">' in page
    assert "RuntimeError: out of memory" in page
    assert "Nothing is wrong here" in page
    assert page.index("Incomplete") < page.index("generated images lie at")


def test_without_the_renderer_there_are_tables_and_a_line_that_says_so(tmp_path, without_charts):
    page = html_report(rich_record(), tmp_path).decode()
    assert "Charts are not drawn, because vl-convert-python is not installed" in page
    assert 'role="img"' not in page
    assert "<details open><summary>Data table" in page


def test_a_metric_of_a_stranger_stands_among_the_others(tmp_path, without_charts):
    stranger = result("their_metric", 0.5, interval=(0.4, 0.6), unit="flops")
    page = html_report(record(results=(stranger,)), tmp_path).decode()
    assert "Their metric" in page
    assert "Other metrics" in page


def test_a_strangers_numbers_by_group_are_listed(tmp_path, without_charts):
    text = MetricDescription(
        name="theirs", view="", title="Their score", summary="", unit="points", direction="higher", bounds=(None, None),
        formula="", meaning="", caveat="", source="", version="1",
    )  # fmt: skip
    results = (result("theirs", 7.25, "part=upper", (7.0, 7.5), unit="points"),)
    page = html_report(record(results=results, metrics=(text,), findings=()), tmp_path).decode()
    assert "Further numbers" in page
    assert "part upper" in page


def test_an_empty_record_still_makes_a_page(tmp_path, without_charts):
    empty = record(results=(), metrics=(), findings=(), not_available=(), failures=(), stages=(), plugins=())
    page = html_report(empty, tmp_path).decode()
    assert "This run has no numbers: nothing was measured." in page
    for heading in ("Numbers</h2>", "Missing</h2>", "Groups</h2>", "Training</h2>", "Latent space</h2>"):
        assert heading not in page


def test_missing_image_files_leave_a_word_in_their_place(tmp_path, without_charts, rich):
    page = html_report(replace(rich, images=rich.images), tmp_path).decode()
    assert page.count("there is no such file in the run folder") == 6


def test_a_view_that_the_title_names_is_not_named_twice(rich):
    from genaudit_reports.content.missing import missing

    absent = tuple(
        Unavailable(component="fid", group=view, reason_code="x", reason="x") for view in ("low-level", "night")
    )
    rows = missing(replace(rich, not_available=absent)).not_applicable
    assert [(row.title, row.group) for row in rows] == [
        ("Fréchet distance, low-level features", ""),
        ("Fréchet distance", "night"),
    ]


def test_a_detail_has_the_digits_of_its_interval_and_not_those_of_its_size():
    from genaudit_reports.content.metric_rows import metric_row

    details = {"debiased": -0.0438291, "debiased_low": -0.48314, "debiased_high": 0.39549}
    row = metric_row(record(), result(value=0.9537, interval=(0.514, 1.393), details=details))
    assert row.details == (("debiased", "\u22120.04 (\u22120.48\u00a0to\u00a00.40)"),)
    alone = metric_row(record(), result(value=0.9537, interval=(0.514, 1.393), details={"debiased": -0.0438291}))
    assert alone.details == (("debiased", "\u22120.04"),)


def test_texts_of_the_record_write_thousands_and_per_cent_as_the_page_does(page):
    assert "right for 1\u202f985 of 1\u202f985 labelled images" in page
    assert "69\u202f% of the generated images" in page


def test_the_distance_in_other_features_is_given_without_its_bias_too(page):
    assert re.search(r"the distance is 14\.32 \(95.% interval [^)]*\); without small-sample bias, 14\.30 \(", page)


def test_n_is_explained_as_what_it_is(page):
    text = Reader(page).text
    assert "count of images behind it" not in text
    assert "generated images, held-out images, paths or training images" in text
    assert "a training share counts training images" in text


def test_a_level_curve_is_not_said_to_mean_even_paths(page):
    assert "images change evenly along a path" not in page
    assert "Being a mean over all paths, the curve does not show how uneven single paths are." in page


def test_hostile_texts_are_shown_and_never_obeyed(tmp_path, without_charts):
    from hostile_records import hostile_record

    page = html_report(hostile_record(tmp_path), tmp_path).decode()
    reader = Reader(page)
    assert [tag for tag, _ in reader.tags].count("script") == 1  # the page's own
    assert not [tag for tag, attrs in reader.tags if any(name.startswith("on") for name in attrs)]
    assert "document.title='owned'" in reader.text
    assert "49" not in re.findall(r"evil(\d+)", reader.text)
    assert not set("\0\u202e\u2066") & set(page)
    assert "W" * 2_001 not in page
    assert len(page.encode()) < 1_000_000


def test_a_template_cannot_use_a_name_that_nobody_set():
    from jinja2 import UndefinedError

    from genaudit_reports.html_report import environment

    with pytest.raises(UndefinedError):
        environment().from_string("{{ nobody }}").render()


def test_every_expression_is_escaped_and_cleaned():
    from genaudit_reports.html_report import environment

    shown = environment().from_string('<p title="{{ x }}">{{ x }}</p>').render(x='<b>\0\u202e"')
    assert shown == '<p title="&lt;b&gt;&#34;">&lt;b&gt;&#34;</p>'


def test_every_chart_lies_beside_the_page_as_a_specification(rich, run_folder, page):
    files = html_files(rich, run_folder)
    assert files.pop("report.html").decode() == page
    assert len(files) >= 6
    for path, text in files.items():
        assert re.fullmatch(r"charts/[\w-]+\.vl\.json", path)
        assert json.loads(text)["$schema"].startswith("https://vega.github.io/schema/vega-lite/")


def test_a_folder_holds_the_page_without_a_style_script_or_image_inside_it(rich, run_folder, page):
    files = html_folder(rich, run_folder)
    index = Reader(files["report/index.html"].decode())
    assert index.text == Reader(page).text
    assert not [tag for tag, attrs in index.tags if tag == "style" or "style" in attrs]
    addresses = [attrs[name] for _, attrs in index.tags for name in ("src", "href") if name in attrs]
    beside = [address for address in addresses if not address.startswith("#")]
    assert len(beside) == 2 + 5 + 24
    assert {f"report/{address}" for address in beside} == {
        path for path in files if path.startswith("report/") and path != "report/index.html"
    }
    assert not [path for path in files if not re.fullmatch(r"(report|charts)/[\w./-]+", path)]


def test_names_of_sheets_that_differ_in_signs_alone_keep_files_of_their_own():
    folder = Folder()
    addresses = [folder.image(name, "png", name.encode()) for name in ("../a b", "a?b", "a?b")]
    assert addresses[0] == "images/a-b.png"
    assert addresses[1] == addresses[2] != addresses[0]
    assert sorted(folder.files.values()) == [b"../a b", b"a?b"]
