"""Numbers of groups: what holds for all groups of a metric is said once."""

import re
from dataclasses import replace

from records import record, result

from genaudit_reports.content.kinds import MANY_DEFINITIONS, by_kind
from genaudit_reports.content.metric_rows import briefly, metric_row
from genaudit_reports.html_report import html_report

GROUPS = ("digit=0", "digit=1", "digit=2")


def _table(*results):
    held = record(results=results)
    return by_kind(briefly([metric_row(held, one) for one in results]))


def test_one_kind_holds_the_rows_of_one_metric_in_their_order():
    table = _table(*(result(name, 0.5, group) for group in GROUPS for name in ("fid", "recall")))
    assert [(kind.head.metric, [row.group for row in kind.rows]) for kind in table.kinds] == [
        ("fid", list(GROUPS)),
        ("recall", list(GROUPS)),
    ]


def test_the_unit_is_said_by_the_kind_if_all_rows_share_it_and_else_by_each_row():
    alike = _table(*(result("fid", 0.5, group, unit="nats") for group in GROUPS)).kinds[0]
    assert (alike.unit, {row.unit for row in alike.rows}) == ("nats", {""})
    unlike = _table(result("fid", 0.5, GROUPS[0], unit="nats"), result("fid", 0.5, GROUPS[1], unit="bits")).kinds[0]
    assert (unlike.unit, [row.unit for row in unlike.rows]) == ("", ["nats", "bits"])


def test_a_note_of_every_row_is_said_once_and_a_note_of_one_row_beside_it():
    noted = [replace(result("fid", 0.5, group), note="Few images.") for group in GROUPS]
    (kind,) = _table(*noted).kinds
    assert (kind.note, {row.note for row in kind.rows}) == ("Few images.", {""})
    (kind,) = _table(result("fid", 0.5, GROUPS[0]), noted[1]).kinds
    assert (kind.note, [row.note for row in kind.rows]) == ("", ["", "Few images."])


def test_a_note_of_several_metrics_stands_above_the_table_with_their_names():
    table = _table(*(replace(result(name, 0.5, GROUPS[0]), note="Few images.") for name in ("fid", "recall")))
    assert table.notes == (("Fréchet distance; Recall", "Few images."),)
    assert [kind.note for kind in table.kinds] == ["", ""]


def test_definitions_that_differ_are_not_said_as_one():
    same = _table(*(result("fid", 0.5, group) for group in GROUPS)).kinds[0]
    assert same.head.about.definition.startswith("fid/")
    first, second = result("fid", 0.5, GROUPS[0]), result("fid", 0.5, GROUPS[1])
    other = replace(second, protocol=replace(second.protocol, reference="another"))
    assert _table(first, other).kinds[0].head.about.definition == MANY_DEFINITIONS


def test_paths_and_attributes_of_the_latent_space_stand_in_its_section_and_nowhere_else(tmp_path):
    results = [result(name, 0.25, "digit", (0.2, 0.3)) for name in ("linear_probe_accuracy", "a_strangers_metric")]
    shown = html_report(record(results=results), tmp_path).decode()
    latent, further = (
        shown[shown.index(f'<h2 id="{name}"') :].split("</section>")[0] for name in ("latent", "further")
    )
    assert ("linear_probe_accuracy" in latent, "a_strangers_metric" in latent) == (True, False)
    assert ("linear_probe_accuracy" in further, "a_strangers_metric" in further) == (False, True)
    assert 'href="#latent"' in shown


def test_the_page_shows_each_group_with_value_interval_and_n_under_one_title(tmp_path):
    shown = html_report(record(results=[result("fid", 0.25, group, (0.2, 0.3)) for group in GROUPS]), tmp_path).decode()
    further = shown[shown.index('id="further"') :]
    assert further.count('<span class="title">Fréchet distance</span>') == 1
    rows = re.findall(r'<tr role="row" class="one">.*?</tr>', further, re.DOTALL)
    assert [re.search(r'scope="row"[^>]*>([^<]+)<', row)[1] for row in rows] == ["digit 0", "digit 1", "digit 2"]
    assert len(rows) == 3
    assert all('<data value="0.25">' in row and '<data value="0.2 0.3">' in row for row in rows)
    assert all("10\u202f000" in row for row in rows)
