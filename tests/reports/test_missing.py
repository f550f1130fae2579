"""What has no number is told in words that a reader knows."""

from dataclasses import replace

from records import record, result

from genaudit.values.results import Unavailable
from genaudit_reports.audit.group_numbers import numbers_of
from genaudit_reports.content.missing import missing
from genaudit_reports.html_report import html_report

LACKING = Unavailable(
    component="psnr",
    reason_code="needs-capability",
    reason="Generator 'dcgan' is no Reconstructor.",
    hint="A generator with the capability Reconstructor.",
    title="Peak signal-to-noise ratio",
)


def test_what_is_not_available_is_called_by_its_title_and_not_by_its_identifier():
    (row,) = missing(record(not_available=(LACKING,))).not_applicable
    assert (row.title, row.component) == ("Peak signal-to-noise ratio", "psnr")


def test_a_capability_that_a_remedy_names_is_explained_in_the_words_of_the_contract(tmp_path):
    held = record(not_available=(LACKING,))
    assert missing(held).capabilities == [("Reconstructor", "Maps images to themselves through a bottleneck.")]
    shown = html_report(held, tmp_path).decode()
    assert "<strong>Reconstructor</strong>: Maps images to themselves through a bottleneck." in shown


def test_capabilities_of_a_model_of_points_are_explained_with_points():
    held = record(not_available=(LACKING,))
    of_points = replace(held, generator=replace(held.generator, facts={"dimensions": 2}))
    assert missing(of_points).capabilities == [("Reconstructor", "Maps points to themselves through a bottleneck.")]


def test_no_capability_is_explained_that_nobody_misses():
    other = Unavailable(component="fid", reason_code="too-few-samples", reason="There are 5.", hint="A Sampler.")
    assert missing(record(not_available=(other,))).capabilities == []


def test_a_flag_in_a_remedy_stands_in_one_piece(tmp_path):
    asked = Unavailable(component="fid", reason_code="no-weights", reason="None.", hint="Give --population-source.")
    shown = html_report(record(not_available=(asked,)), tmp_path).decode()
    assert '<code class="flag">--population-source</code>' in shown


def test_a_note_of_several_listed_numbers_of_an_audit_is_said_once():
    why = "A limit of a stated mechanism."
    shares = [result("feedback_share", 0.5, f"a {number}", None, reason_without=why) for number in range(3)]
    numbers = numbers_of([*shares, result("crude_difference", 0.1, "a − b")], ())
    assert numbers.notes == (("Feedback share", why),)
    assert [row.cells[0].note for row in numbers.listed] == ["", "", "", ""]
