"""The page of a judged run: the verdict first, and every number against its baseline."""

import re
from dataclasses import replace

import pytest
from gate_records import number, run

from genaudit.gate.baseline import updated
from genaudit.gate.settings import gate_settings
from genaudit.gate.verdicts import gate
from genaudit.values.results import Direction
from genaudit_reports.content.headline_changes import REACH, headline_change
from genaudit_reports.content.metric_rows import headline_blocks
from genaudit_reports.figures import figures
from genaudit_reports.figures.changes import FARTHEST
from genaudit_reports.html_report import html_report

BEFORE = run(number("fid", 5.0, 0.02), number("kid", 1.0, 0.2), number("recall", 0.8))


@pytest.fixture
def judged():
    after = run(number("fid", 7.0, 0.02), number("kid", 1.0, 0.2), number("recall", 0.8), weights="o" * 64)
    return replace(after, gate=gate(updated(None, [BEFORE], "first release")[0], [after]))


def text_of(record, tmp_path):
    return re.sub(r"\s+", " ", html_report(record, tmp_path).decode())


def test_the_verdict_is_the_first_statement(judged, tmp_path):
    text = text_of(judged, tmp_path)
    first = re.search(r'<p class="statement[^>]*>(.*?)</p>', text).group(1)
    assert "FAIL." in first
    assert "1 of 3 gated metrics is worse than the baseline (fid)" in first
    assert "No baseline was compared" not in text
    assert 'href="#change"' in text


def test_every_number_stands_beside_its_baseline(judged, tmp_path):
    text = text_of(judged, tmp_path)
    row = re.search(r'<th scope="row">fid</th>(.*?)</tr>', text[text.index('<h2 id="change">') :]).group(1)
    cells = [re.sub("<.*?>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
    assert cells[:3] == ["7.00", "5.00", "2.00"]
    assert cells[-1] == "✗ FAIL"
    assert "Baseline of 2026-11-20: first release." in text


def headline(text, metric_title):
    """The cells of a row of the headline table, as text."""
    table = text[text.index('<table class="numbers') :].split("</table>")[0]
    row = next(part for part in table.split('<tr role="row">') if f'<span class="title">{metric_title}</span>' in part)
    return [
        re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", cell)).replace("\u2060", "").replace("\u00a0", " ").strip()
        for cell in re.findall(r'<td role="cell"[^>]*>(.*?)</td>', row)
    ]


def test_the_headline_table_has_baseline_change_and_verdict(judged, tmp_path):
    text = text_of(judged, tmp_path)
    *_, baseline, change, verdict = headline(text, "fid")[:6]
    assert baseline == "baseline 5.000"
    assert change == "change 2.00 worse 1.94 – 2.06"
    assert verdict == "verdict ✗ FAIL"
    change, verdict = headline(text, "kid")[4:6]
    assert change == "change unchanged 0.6 better – 0.6 worse"
    assert re.fullmatch(r"verdict \? INCONCLUSIVE about \d+ \d+ items would decide", verdict)
    assert text.index('id="numbers"') < text.index('id="change"')


def test_the_plot_of_a_change_is_in_units_of_its_tolerance(judged):
    rows = {row.metric: row.change for block in headline_blocks(judged) for row in block.rows}
    assert rows["fid"].moved.value == 100.0  # 8 tolerances, drawn at the edge
    assert rows["recall"].moved.value == 50.0
    assert rows["recall"].moved.high == pytest.approx(50 + 50 * 1.96 * 0.01 * 2**0.5 / 0.04 / REACH, abs=0.01)


def test_better_off_by_new_and_rounding_are_said_in_words():
    free = {"direction": Direction.NONE}
    settings = gate_settings({"metrics": {"step": {"rel": 0.1}}})
    before = run(number("kid", 2.0), number("step", 1.0, **free), number("fid", 3.0, None))
    after = run(number("kid", 1.0), number("step", 0.5, **free), number("fid", 3.0 + 1e-13, None), number("mind", 1.0))
    report = gate(updated(None, [before], "first release", settings=settings)[0], [after], settings)
    said = {one.metric: headline_change(report, one) for one in after.results}
    assert (said["kid"].amount, said["kid"].range) == ("1.000 better", "0.972\u00a0–\u2060\u00a01.028")
    assert (said["step"].amount, said["step"].word) == ("off by 0.500", "FAIL")
    assert (said["mind"].baseline, said["mind"].word, said["mind"].moved) == ("–", "NEW", None)
    assert (said["fid"].amount, said["fid"].word, said["fid"].range) == ("unchanged", "DESCRIBED", "")


def test_a_number_that_no_baseline_keeps_is_not_compared():
    free = number("step", 1.0, direction=Direction.NONE)
    report = gate(updated(None, [BEFORE], "first release")[0], [replace(BEFORE, results=(*BEFORE.results, free))])
    assert headline_change(report, free).word == "NOT COMPARED"


HIDDEN = '<span class="visually-hidden">In its range</span>'


def test_columns_that_would_be_empty_are_not_there(judged, tmp_path):
    other = run(number("mind", 1.0))
    none = replace(other, gate=gate(updated(None, [BEFORE], "first release")[0], [other]))
    for text in (text_of(BEFORE, tmp_path), text_of(none, tmp_path)):
        assert ">Verdict</th>" not in text.split("</table>")[0]
        assert HIDDEN in text, "no number of these has a range, so the heading would stand above nothing"
    kept = replace(BEFORE, metrics=tuple(replace(one, bounds=(0.0, 100.0)) for one in BEFORE.metrics))
    assert "<span>In its range</span>" in text_of(kept, tmp_path)
    assert "In its range</span>" not in text_of(judged, tmp_path).split("</table>")[0]


def test_many_failures_are_counted_above_and_listed_below(tmp_path):
    names = [f"metric_{index}" for index in range(7)]
    before, after = (run(*(number(name, value, 0.01) for name in names)) for value in (1.0, 2.0))
    after = replace(after, generator=replace(after.generator, digest="o" * 64))
    text = text_of(replace(after, gate=gate(updated(None, [before], "first release")[0], [after])), tmp_path)
    top = text[: text.index('id="numbers"')]
    assert top.count("✗ FAIL: ") == 4
    assert "3 more: see the change against the baseline." in top
    assert text[text.index('id="change"') :].count("✗ FAIL</td>") >= 7


def test_the_chart_is_in_units_of_the_tolerance(judged):
    (figure,) = [one for one in figures(judged) if one.name == "gate_changes"]
    values = {value["name"]: value for value in figure.spec["data"]["values"]}
    assert values["✗ fid"]["value"] == FARTHEST  # 8 tolerances, drawn at the edge
    assert values["✓ recall"]["value"] == 0.0
    assert values["✓ recall"]["high"] == pytest.approx(1.96 * 0.01 * 2**0.5 / 0.04, rel=1e-3)
    assert values["✗ fid"]["failed"]


def test_without_a_gate_the_page_says_so(tmp_path):
    text = text_of(BEFORE, tmp_path)
    assert "No baseline was compared: this page describes and passes no verdict." in text
    assert 'id="change"' not in text
