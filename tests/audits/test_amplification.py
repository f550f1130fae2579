"""Amplification of what training links: its size, its direction, and what is undefined."""

import math
from dataclasses import replace

import numpy as np
import pytest
from count_tables import values
from group_tables import BLURRED, SHARP, table

from genaudit.audits.amplification import amplification
from genaudit.audits.options import AmplificationOptions
from genaudit.stats.seeds import generator
from genaudit.values.findings import Verdict

MEAN = "colour within digit"
TRAINING = [[700, 300], [300, 700], [500, 500]]


def audit(*tables, **options):
    return amplification(tables, options=AmplificationOptions(**options), rng=generator(0, "audit"))


def missing(outcome, name):
    return {item.reason_code for item in outcome.unavailable if item.component == name}


def test_a_link_that_became_stronger_by_a_tenth_is_measured_as_that():
    outcome = audit(table([[800, 200], [200, 800], [500, 500]], TRAINING, confusion=SHARP))
    found = values(outcome, "bias_amplification")
    assert found[MEAN].value == pytest.approx(0.1, abs=1e-9)
    assert found[MEAN].interval.low < 0.1 < found[MEAN].interval.high
    assert found[MEAN].details["pairs"] == 4  # digit 2 is not linked with a colour
    assert set(found) == {MEAN, "digit=0, colour=orange", "digit=1, colour=orange"}
    assert found["digit=1, colour=orange"].value == pytest.approx(0.1, abs=1e-9)
    assert found["digit=1, colour=orange"].details["direction"] == -1


def test_the_sentence_says_which_way_and_how_many_of_1000():
    for generated, way in (([[800, 200], [200, 800]], "stronger"), ([[600, 400], [400, 600]], "weaker")):
        found = audit(table(generated, TRAINING[:2], confusion=SHARP)).findings[0]
        said = found.statement
        assert f"the link is {way} among generated images" in said
        assert f"100 {'more' if way == 'stronger' else 'fewer'} (" in said
        assert "the mean of sign(p_training - p_reference) (p_generated - p_training)" in found.caveats[-1]


def test_a_change_within_chance_has_no_direction_in_words():
    said = audit(table([[71, 29], [30, 70]], TRAINING[:2], confusion=SHARP)).findings[0].statement
    assert "neither surely stronger nor surely weaker" in said


def test_misreadings_hide_a_part_of_the_link_and_are_taken_out():
    """Shares of .8 and .2 as a reader right for .947 and .983 sees them: read plainly, the link would be weaker."""
    seen = np.array([[8000, 2000], [2000, 8000]]) @ (np.array(BLURRED) / 1000)
    seen = np.rint(seen).astype(int)
    corrected = values(audit(table(seen, [[80, 20], [20, 80]], confusion=BLURRED)), "bias_amplification")[MEAN]
    plain = values(audit(table(seen, [[80, 20], [20, 80]])), "bias_amplification")[MEAN]
    assert corrected.value == pytest.approx(0, abs=1e-3)  # counts are rounded to whole images
    assert plain.value < -0.02
    assert "uncorrected" in plain.note


def test_mals_is_the_published_number_and_names_what_was_never_generated():
    generated = [[0, 10], [40, 30], [0, 0]]
    outcome = audit(table(generated, [[30, 10], [10, 30], [30, 10]], confusion=SHARP), min_count=1)
    found = values(outcome, "bias_amplification_mals")[MEAN]
    assert found.value == pytest.approx(-0.5357143, abs=1e-7)  # golden case G04
    assert found.note == "Left out, because one side never shows it: digit 2."


def test_what_the_generator_was_asked_for_needs_no_reading_of_the_digit():
    asked = [[900, 100], [300, 700], [500, 500]]
    outcome = audit(table([[800, 200], [200, 800], [500, 500]], TRAINING, confusion=SHARP, asked=asked))
    assert values(outcome, "bias_amplification_t_to_a")[MEAN].value == pytest.approx(0.1)
    without = audit(table([[800, 200], [200, 800], [500, 500]], TRAINING, confusion=SHARP))
    assert missing(without, "bias_amplification_t_to_a") == {"needs-capability"}


def test_of_a_generator_that_is_asked_for_the_colour_the_influence_on_the_digit_is_known():
    """Golden case G04 with p = 1/3: 10 of 40 women painting where training has 30; men as they were."""
    training = [[30, 10], [10, 30]]
    asked = [[10, 10], [30, 30]]
    outcome = audit(table([[10, 10], [30, 30]], training, confusion=SHARP, asked_attribute=asked), min_count=1)
    assert values(outcome, "bias_amplification_a_to_t")[MEAN].value == pytest.approx(-0.25, abs=1e-9)
    assert not missing(outcome, "bias_amplification_a_to_t")


def test_what_no_generated_image_can_tell_is_listed_and_never_a_zero():
    outcome = audit(table([[800, 200], [200, 800], [500, 500]], TRAINING, confusion=SHARP))
    assert missing(outcome, "bias_amplification_a_to_t") == {"needs-truth"}
    assert values(outcome, "bias_amplification_multi") == {}
    assert missing(outcome, "bias_amplification") == {"no_reference_declared"}


def test_against_a_declared_reference_the_mix_itself_may_be_amplified():
    generated = [[900, 100], [600, 400]]
    outcome = audit(table(generated, [[700, 300], [500, 500]], confusion=SHARP), reference="uniform")
    found = values(outcome, "bias_amplification")["colour=orange"]
    assert found.value == pytest.approx(0.75 - 0.6)
    said = next(one.statement for one in outcome.findings if "more often than in equal shares" in one.statement)
    assert "(600 against 500 of 1,000); among generated images this distance is stronger, by 150 more" in said
    assert values(outcome, "systematic_bias")["colour=orange"].value == pytest.approx(0.15)


def test_a_training_mix_that_is_even_has_nothing_to_amplify():
    outcome = audit(table([[900, 100], [600, 400]], [[700, 300], [300, 700]], confusion=SHARP), reference="uniform")
    assert missing(outcome, "bias_amplification") == {"no_direction"}


def test_held_against_training_itself_the_mix_has_no_direction():
    outcome = audit(table([[900, 100], [600, 400]], TRAINING[:2], confusion=SHARP), reference="training")
    assert missing(outcome, "bias_amplification") == {"no_direction"}
    assert "colour within digit" in values(outcome, "bias_amplification")  # pairs are held against the association


def test_leakage_and_differential_fairness_stand_beside_training():
    outcome = audit(table([[8000, 2000], [2000, 8000]], [[70, 30], [30, 70]], confusion=SHARP))
    leak = values(outcome, "leakage_amplification")[MEAN]
    assert leak.value == pytest.approx(0.1, abs=1e-9)
    assert leak.details["relative"] == pytest.approx(0.1 / 1.5)
    differential = values(outcome, "differential_fairness")[MEAN]
    assert differential.value == pytest.approx(math.log(4))
    assert differential.details["amplification"] == pytest.approx(math.log(4) - math.log(7 / 3))


def test_the_best_guess_of_few_images_does_not_flatter_itself():
    """Of 400 images without any link a guess from the same images is right for more than half of them."""
    rng, gains, plain = generator(0, "leak"), [], []
    for _ in range(40):
        drawn = rng.multinomial(400, [0.05] * 20).reshape(10, 2)
        found = values(audit(table(drawn, [[50, 50]] * 10, confusion=SHARP)), "leakage_amplification")[MEAN]
        gains.append(found.value)
        plain.append(found.details["without_halving"])
    assert np.mean(plain) > 0.05
    assert np.mean(gains) == pytest.approx(0, abs=0.015)  # one has a deviation of .025, 40 of .004, three of .012


def test_a_colour_that_a_digit_never_has_makes_no_ratio():
    outcome = audit(table([[800, 0], [200, 800]], [[70, 30], [30, 70]], confusion=SHARP))
    assert missing(outcome, "differential_fairness") == {"empty_cell"}


def test_the_bayes_floor_is_that_of_a_reader_as_good_as_the_measured_one():
    sharp = values(audit(table(TRAINING, TRAINING, confusion=SHARP)), "bayes_floor")[MEAN]
    blurred = values(audit(table(TRAINING, TRAINING, confusion=[[850, 150], [150, 850]])), "bayes_floor")[MEAN]
    assert 0 <= sharp.value < 0.001 < blurred.value
    assert blurred.details["separation"] == pytest.approx(2 * 1.0364, abs=0.01)  # the normal quantile of .85


@pytest.mark.parametrize(
    ("share", "verdict"), [(0.7, Verdict.PASS), (0.8, Verdict.FAIL), (0.755, Verdict.INCONCLUSIVE)]
)
def test_a_tolerance_is_judged_by_the_whole_interval_and_one_sidedly(share, verdict):
    n = round(1000 * share)
    tables = table([[n, 1000 - n], [1000 - n, n]], TRAINING[:2], confusion=[[10**6, 0], [0, 10**6]])
    outcome = audit(tables, reference="training", tolerance=0.05)
    assert outcome.findings[0].verdict is verdict
    assert ("would decide" in outcome.findings[0].rule) is (verdict is Verdict.INCONCLUSIVE)
    weaker = audit(table([[500, 500]] * 2, TRAINING[:2], confusion=SHARP), reference="training", tolerance=0.05)
    assert weaker.findings[0].verdict is Verdict.PASS


def test_a_mean_that_leaves_a_linked_pair_out_is_no_pass():
    generated, training = [[560, 440], [440, 560], [3, 0]], [[600, 400], [400, 600], [700, 300]]
    declared = {"reference": "uniform", "tolerance": 0.05}
    alone = audit(table(generated[:2], training[:2], confusion=SHARP), **declared).findings[0]
    assert alone.verdict is Verdict.PASS
    found = audit(table(generated, training, confusion=SHARP), **declared).findings[0]
    assert found.value == pytest.approx(alone.value, abs=1e-3)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "2 linked pairs have too few images to be counted" in found.rule
    worse = audit(table([[900, 100], [100, 900], [3, 0]], training, confusion=SHARP), **declared).findings[0]
    assert worse.verdict is Verdict.FAIL


def test_an_uncorrected_amplification_is_never_judged():
    outcome = audit(table([[900, 100]] * 2, TRAINING[:2]), reference="training", tolerance=0.05)
    assert {finding.verdict for finding in outcome.findings} == {Verdict.DESCRIBED}


def test_no_link_in_training_gives_no_number():
    outcome = audit(table([[900, 100]] * 2, [[50, 50]] * 2, confusion=SHARP))
    assert values(outcome, "bias_amplification") == {}
    assert "not estimable" in outcome.findings[0].statement
    assert missing(outcome, "bias_amplification_mals") == {"no_direction"}


def test_three_levels_count_every_pair():
    levels = ("red", "green", "blue")
    confusion = 1000 * np.eye(3, dtype=int)
    outcome = audit(table([[60, 30, 10]] * 2, [[50, 30, 20], [20, 30, 50]], levels, confusion), reference="uniform")
    found = values(outcome, "bias_amplification")
    assert found["digit=0, colour=red"].value == pytest.approx(0.1)
    assert found["digit=0, colour=green"].value == pytest.approx(0)  # .3 lies below a third and stays there
    assert found["digit=1, colour=blue"].value == pytest.approx(-0.4)


@pytest.mark.parametrize("options", [{"min_cell": 0}, {"min_difference": 1.0}])
def test_options_outside_their_range_are_refused(options):
    with pytest.raises(ValueError, match="min_cell"):
        AmplificationOptions(**options)


def test_images_without_a_level_keep_an_amplification_from_being_judged():
    plain = table([[5600, 4400], [4400, 5600]], [[600, 400], [400, 600]], confusion=SHARP)
    declared = {"reference": "uniform", "tolerance": 0.05}
    for undecided, verdict in ((0, Verdict.PASS), (2_000, Verdict.INCONCLUSIVE)):
        found = audit(replace(plain, undecided=undecided), **declared).findings[0]
        assert found.verdict is verdict
    assert "no colour could be told" in " ".join(found.caveats)


def test_a_mean_that_rounds_to_zero_has_no_sign():
    from genaudit.audits.amplification_findings import _signed

    assert [_signed(value) for value in (-0.0004, 0.0004, -0.0006)] == ["0.000", "0.000", "−0.001"]
