"""The page of a judged run: the verdict first, and every number against its baseline."""

import re
from dataclasses import replace

import pytest
from gate_records import number, run

from genaudit.gate.baseline import updated
from genaudit.gate.verdicts import gate
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
    cells = [re.sub("<.*?>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", row)]
    assert cells[:3] == ["7.00", "5.00", "2.00"]
    assert cells[-1] == "✗ FAIL"
    assert "Baseline of 2026-11-20: first release." in text


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
