import numpy as np
import pytest

from genaudit.audits.options import RepresentationOptions
from genaudit.audits.representation import representation
from genaudit.values.counts import AttributeCounts, AttributeReading
from genaudit.values.findings import Verdict


def reading(attribute, levels, right=95, wrong=5):
    confusion = np.full((len(levels), len(levels)), wrong // max(len(levels) - 1, 1))
    np.fill_diagonal(confusion, right)
    return AttributeReading(
        attribute=attribute,
        levels=levels,
        annotator=f"{attribute}-reader",
        method="a classifier",
        confusion=confusion,
        measured_on="toy/evaluation",
    )


def table(generated, training, levels=("orange", "blue")):
    generated, training = np.array(generated), np.array(training)
    return AttributeCounts(
        t=reading("digit", tuple(str(i) for i in range(len(generated)))),
        a=reading("colour", levels),
        generated=generated,
        training=training,
        confident=generated.sum(axis=1) * 7 // 10,
    )


def audit(*tables, **options):
    return representation(tables, options=RepresentationOptions(**options), rng=None)


def values(outcome, name):
    return {value.estimate.group: value.estimate for value in outcome.values if value.name == name}


def test_shares_are_counts_over_their_row_with_wilson_intervals():
    shares = values(audit(table([[81, 182]], [[50, 50]])), "share_generated")
    one = shares["digit=0, colour=orange"]
    assert one.value == pytest.approx(81 / 263)
    assert (one.interval.low, one.interval.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)  # Newcombe 1998, table I
    assert one.n_generated == 263
    assert one.details["confident"] == pytest.approx(184 / 263)


def test_the_training_share_is_exact_and_says_so():
    one = values(audit(table([[50, 50]], [[9, 1]])), "share_reference")["digit=0, colour=orange"]
    assert one.value == 0.9
    assert one.interval is None
    assert "nothing is sampled" in one.reason_without


def test_a_statement_gives_natural_frequencies_beside_the_training_data():
    findings = audit(table([[790, 210]], [[90, 10]])).findings
    assert findings[1].statement == (
        "Of 1,000 generated images of digit 0, about 790 are orange (764 to 814); "
        "in the training data 900 of 1,000 are."
    )
    assert findings[1].verdict is Verdict.DESCRIBED


def test_the_overview_tells_moves_towards_even_from_moves_away():
    overview = audit(table([[700, 300], [990, 10], [500, 500]], [[9, 1], [9, 1], [5, 5]])).findings[0]
    assert "in 1 it lies nearer to an even mix than the training share (0)" in overview.statement
    assert "in 1 it lies farther from it (1)" in overview.statement
    assert "in 1 the interval includes the training share" in overview.statement


@pytest.mark.parametrize("count", [0, 9])
def test_a_row_below_the_minimum_count_is_not_estimable_and_said_so(count):
    outcome = audit(table([[count, 0], [50, 50]], [[5, 5], [5, 5]]))
    assert "digit=0, colour=orange" not in values(outcome, "share_generated")
    said = next(finding for finding in outcome.findings if finding.group == "digit=0, colour=orange")
    assert said.statement == f"{count} generated images of digit 0: the share of orange is not estimable."
    assert said.value is None


def test_a_small_row_carries_a_warning():
    one = values(audit(table([[10, 10]], [[5, 5]])), "share_generated")["digit=0, colour=orange"]
    assert one.note == "Only 20 images in this row."


def test_a_level_without_training_images_has_no_reference():
    outcome = audit(table([[50, 50]], [[0, 0]]))
    assert values(outcome, "share_reference") == {}
    assert "there are none in the training data" in outcome.findings[1].statement


def test_more_than_two_levels_are_each_stated():
    outcome = audit(table([[30, 30, 40]], [[1, 1, 1]], levels=("red", "green", "blue")))
    assert [finding.group for finding in outcome.findings[1:]] == [
        "digit=0, colour=red",
        "digit=0, colour=green",
        "digit=0, colour=blue",
    ]


def test_findings_say_who_assigned_the_labels_and_how_often_they_were_right():
    caveats = audit(table([[50, 50]], [[5, 5]])).findings[0].caveats
    assert caveats[0] == "Colour was read by a classifier, right for 190 of 200 labelled images of toy/evaluation."


@pytest.mark.parametrize("options", [{"min_count": 0}, {"min_count": 40}, {"level": 95}])
def test_options_outside_their_range_are_refused(options):
    with pytest.raises(ValueError, match="min_count|level"):  # noqa: RUF043 - either word
        RepresentationOptions(**options)
