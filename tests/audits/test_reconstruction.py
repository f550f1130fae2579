"""Amplification of reconstructions in both directions: what was put in comes out, and a reader's errors are no bias."""

import numpy as np
import pytest

from genaudit.audits.options import ReconstructionOptions
from genaudit.audits.reconstruction import reconstruction
from genaudit.stats.seeds import generator
from genaudit.values.counts import ReconstructedCounts
from genaudit.values.findings import Verdict

TRAINING = [[800, 200], [200, 800]]  # digit 0 goes with orange, digit 1 with blue
GROUP = "colour within digit, reconstructions"
KEPT = [[[400, 0], [0, 100]], [[100, 0], [0, 400]]]


def counts(task=KEPT, attribute=KEPT, training=TRAINING, **effects):
    return ReconstructedCounts(
        t="digit",
        a="colour",
        task=np.array(task),
        attribute=np.array(attribute),
        training=np.array(training),
        **effects,
    )


def audit(table, **options):
    return reconstruction((table,), options=ReconstructionOptions(**options), rng=generator(0, "reconstruction"))


def value(outcome, name):
    return next(one.estimate for one in outcome.values if one.name == name)


def test_what_the_known_colour_pulls_the_digit_to_is_amplification_a_to_t():
    """Of 500 orange images 40 of the 100 ones become noughts; blue ones stay: (.08 + .08 + 0 + 0) / 4."""
    outcome = audit(counts(task=[[[400, 0], [40, 60]], [[100, 0], [0, 400]]]))
    found = value(outcome, "bias_amplification_a_to_t")
    assert (found.group, found.value) == (GROUP, pytest.approx(0.04))
    assert found.interval.low > 0.02
    assert found.details["read_otherwise"] == pytest.approx(0.04)
    assert value(outcome, "bias_amplification_t_to_a").value == 0


def test_what_the_known_digit_pulls_the_colour_to_is_amplification_t_to_a_and_may_be_negative():
    """Of 500 noughts 50 of the 400 orange ones become blue, against the link: -(.1 + .1 + 0 + 0) / 4."""
    outcome = audit(counts(attribute=[[[350, 50], [0, 100]], [[100, 0], [0, 400]]]))
    found = value(outcome, "bias_amplification_t_to_a")
    assert found.value == pytest.approx(-0.05)
    assert found.interval.high < 0
    said = next(one.statement for one in outcome.findings if one.attribute == "colour")
    assert "show the colour that training links with their digit less often than the images do" in said


def test_its_error_is_that_of_fresh_images():
    """400 draws of 500 orange and 500 blue images, of which a share changes: spread and mean error agree."""
    rng = generator(0, "draws")
    shares = [[0.78, 0.02, 0.05, 0.15], [0.2, 0.0, 0.03, 0.77]]
    drawn = []
    for _ in range(400):
        task = [rng.multinomial(500, share).reshape(2, 2) for share in shares]
        drawn.append(value(audit(counts(task=task)), "bias_amplification_a_to_t"))
    values = np.array([one.value for one in drawn])
    errors = np.array([one.details["standard_error"] for one in drawn])
    truth = ((0.05 - 0.02) + (0.05 - 0.02) + (0.0 - 0.03) + (0.0 - 0.03)) / 4
    assert values.mean() == pytest.approx(truth, abs=4 * values.std() / 20)
    assert errors.mean() == pytest.approx(values.std(), rel=0.12)  # 400 draws know a spread to 3.5 %


def test_images_of_one_source_widen_the_interval():
    moved = [[[400, 0], [40, 60]], [[100, 0], [0, 400]]]
    alone, together = (
        value(audit(counts(task=moved, task_design_effect=effect)), "bias_amplification_a_to_t") for effect in (1, 4)
    )
    assert together.details["standard_error"] == pytest.approx(2 * alone.details["standard_error"])


def test_nothing_that_changes_shows_no_spread_and_no_link_has_no_value():
    unchanged = value(audit(counts()), "bias_amplification_a_to_t")
    assert (unchanged.value, unchanged.interval) == (0, None)
    assert "shows no spread" in unchanged.reason_without
    outcome = audit(counts(training=[[500, 500], [500, 500]]))
    assert outcome.values == ()
    assert {item.reason_code for item in outcome.unavailable} == {"below_min_n"}
    assert {item.component for item in outcome.unavailable} == {
        "bias_amplification_a_to_t",
        "bias_amplification_t_to_a",
    }


@pytest.mark.parametrize(("tolerance", "verdict"), [(0.1, Verdict.PASS), (0.01, Verdict.FAIL)])
def test_a_tolerance_is_judged_on_the_whole_interval(tolerance, verdict):
    outcome = audit(counts(task=[[[400, 0], [40, 60]], [[100, 0], [0, 400]]]), tolerance=tolerance, tolerance_by="us")
    found = next(one for one in outcome.findings if one.attribute == "digit")
    assert (found.verdict, found.rule) == (verdict, f"At most {tolerance:g}, set by us.")


@pytest.mark.parametrize("wrong", [{"min_cell": 0}, {"level": 0.0}, {"tolerance": -0.1}])
def test_options_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ReconstructionOptions(**wrong)
