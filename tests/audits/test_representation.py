"""Shares of groups: as read and corrected, described or judged, and what they are held against."""

from dataclasses import replace

import pytest
from count_tables import values
from group_tables import BLURRED, SHARP, table

from genaudit.audits.options import RepresentationOptions
from genaudit.audits.representation import representation
from genaudit.errors import NotApplicable
from genaudit.stats.seeds import generator
from genaudit.values.findings import Verdict


def audit(*tables, **options):
    return representation(tables, options=RepresentationOptions(**options), rng=generator(0, "audit"))


def finding(outcome, group):
    return next(found for found in outcome.findings if found.group == group)


def test_shares_as_read_are_counts_over_their_row_with_wilson_intervals():
    shares = values(audit(table([[81, 182]], [[50, 50]])), "share_generated")
    one = shares["digit=0, colour=orange"]
    assert one.value == pytest.approx(81 / 263)
    assert (one.interval.low, one.interval.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)  # Newcombe 1998, table I
    assert one.n_generated == 263
    assert one.details["confident"] == pytest.approx(184 / 263)


def test_the_share_in_all_images_says_what_it_hangs_on_too():
    """CLEAM's example: read .610 by a reader right for .947 and .983; 2 and 5 per cent worse, .652 and .674."""
    outcome = audit(table([[6100, 3900]], [[5, 5]], confusion=BLURRED))
    one = values(outcome, "share_corrected")["colour=orange"]
    assert one.value == pytest.approx(0.638, abs=1e-3)
    assert one.details["if_readers_miss_2_per_cent_more"] == pytest.approx(0.652, abs=1e-3)
    assert one.details["if_readers_miss_5_per_cent_more"] == pytest.approx(0.674, abs=1e-3)


def test_corrected_shares_are_those_of_the_published_example_and_say_what_they_hang_on():
    outcome = audit(table([[6100, 3900], [3900, 6100]], [[5, 5], [5, 5]], confusion=BLURRED))
    one = values(outcome, "share_corrected")["digit=0, colour=orange"]
    assert one.value == pytest.approx(0.6376, abs=5e-5)
    assert one.details["as_read"] == pytest.approx(0.61)
    assert one.details["if_readers_miss_2_per_cent_more"] > one.value
    assert one.details["if_readers_miss_5_per_cent_more"] > one.details["if_readers_miss_2_per_cent_more"]
    plain = values(outcome, "share_generated")["digit=0, colour=orange"].interval
    assert one.interval.width > plain.width  # the reader's errors and the few labelled images are counted


def test_a_reader_without_errors_corrects_nothing():
    outcome = audit(table([[790, 210], [300, 700]], [[5, 5], [5, 5]], confusion=SHARP))
    corrected, plain = (values(outcome, f"share_{kind}") for kind in ("corrected", "generated"))
    assert {group: one.value for group, one in corrected.items()} == pytest.approx(
        {group: one.value for group, one in plain.items()}
    )


def test_shares_of_levels_in_all_images_stand_beside_those_within_rows():
    outcome = audit(table([[790, 210], [300, 700]], [[5, 5], [5, 5]], confusion=SHARP))
    assert values(outcome, "share_corrected")["colour=orange"].value == pytest.approx(1090 / 2000)
    assert values(outcome, "share_reference")["colour=orange"].value == 0.5


def test_a_reader_whose_errors_nobody_measured_gives_shares_as_read_that_are_never_judged():
    outcome = audit(table([[790, 210]], [[5, 5]]), reference="uniform", tolerance=0.01)
    assert values(outcome, "share_corrected") == {}
    missing = next(item for item in outcome.unavailable if item.component == "share_corrected")
    assert missing.reason_code == "no_confusion_matrix"
    assert {found.verdict for found in outcome.findings} == {Verdict.DESCRIBED}
    assert "errors are not taken out" in finding(outcome, "colour=orange").rule
    assert any("uncorrected" in caveat for caveat in outcome.findings[0].caveats)


def test_a_reader_that_hardly_separates_is_not_corrected_for():
    weak = [[60, 40], [45, 55]]  # sensitivity + specificity - 1 = 0.15
    outcome = audit(table([[790, 210]], [[5, 5]], confusion=weak), reference="uniform", tolerance=0.9)
    assert values(outcome, "share_corrected") == {}
    missing = next(item for item in outcome.unavailable if item.component == "share_corrected")
    assert missing.reason_code == "ill_conditioned_classifier"
    assert "0.150 of a possible 1, at least 0.2 is needed" in missing.reason
    assert {found.verdict for found in outcome.findings} == {Verdict.DESCRIBED}


def test_levels_that_no_labelled_image_shows_are_not_corrected_for():
    outcome = audit(table([[790, 210]], [[5, 5]], confusion=[[100, 0], [0, 0]]))
    assert "unmeasured_level" in {item.reason_code for item in outcome.unavailable}


def test_without_a_reference_nothing_is_assessed_and_that_is_said():
    outcome = audit(table([[790, 210]], [[5, 5]], confusion=SHARP))
    assert any("not assessed, because no reference was declared" in text for text in outcome.findings[0].caveats)
    assert values(outcome, "representation_p_value") == {}
    distance = values(outcome, "fairness_discrepancy_tv")["colour"]
    assert "not assessed" in distance.note
    assert distance.parameters["against"] == "the training data"


def test_discrepancies_are_those_of_corrected_shares_beside_chance():
    outcome = audit(table([[4500, 500], [4500, 500]], [[5, 5], [5, 5]], confusion=SHARP), reference="uniform")
    found = {name: values(outcome, f"fairness_discrepancy_{name}")["colour"] for name in ("l1", "l2", "kl", "tv")}
    expected = {"l1": 0.8, "l2": 0.5656854, "kl": 0.3680642, "tv": 0.4}  # golden case G15
    assert {name: one.value for name, one in found.items()} == pytest.approx(expected, abs=1e-6)
    assert found["tv"].details["mean_by_chance"] == pytest.approx(0.004, abs=2e-4)  # sqrt(1 / (2 pi n)), n = 10,000
    assert all(one.interval.low < one.value < one.interval.high for one in found.values())
    assert values(outcome, "representation_p_value")["colour"].value < 1e-12


def test_a_colour_that_is_never_generated_counts():
    outcome = audit(table([[500, 0]], [[5, 5]]), reference="uniform")
    assert values(outcome, "fairness_discrepancy_l1")["colour"].value == 1.0


def test_the_test_of_a_mix_knows_the_readers_errors():
    """Of even shares a reader right for .947 and .983 sees 48 to 52: a test that ignores it rejects the model."""
    seen = [[2410, 2590], [2410, 2590]]
    naive = audit(table(seen, [[5, 5], [5, 5]]), reference="uniform")
    aware = audit(table(seen, [[5, 5], [5, 5]], confusion=BLURRED), reference="uniform")
    assert values(naive, "representation_p_value")["colour"].value < 0.001
    assert values(aware, "representation_p_value")["colour"].value > 0.5


@pytest.mark.parametrize(
    ("count", "verdict"), [(5000, Verdict.PASS), (6000, Verdict.FAIL), (5520, Verdict.INCONCLUSIVE)]
)
def test_a_tolerance_is_kept_only_by_a_whole_interval(count, verdict):
    generated = [[count // 2, 5000 - count // 2]] * 2
    outcome = audit(
        table(generated, [[5, 5], [5, 5]], confusion=SHARP), reference="uniform", tolerance=0.05, tolerance_by="A. Team"
    )
    found = finding(outcome, "colour=orange")
    assert found.verdict is verdict
    assert "set by A. Team" in found.rule
    assert ("would decide" in found.rule) is (verdict is Verdict.INCONCLUSIVE)


def test_a_declared_population_is_what_shares_are_held_against():
    population = ("colour=orange:0.8", "colour=blue:0.2")
    outcome = audit(
        table([[800, 200]], [[5, 5]], confusion=SHARP),
        reference="population",
        population=population,
        population_source="census",
        tolerance=0.05,
    )
    found = finding(outcome, "colour=orange")
    assert found.verdict is Verdict.PASS
    assert found.rule.startswith("The declared population (census) 0.8, tolerance 0.05")


@pytest.mark.parametrize(
    ("population", "code"),
    [
        (("colour=orange:0.8", "colour=green:0.2"), "unknown_group"),
        (("shape=round:0.8", "shape=flat:0.2"), "no_reference_declared"),
    ],
)
def test_a_population_of_other_levels_is_refused(population, code):
    with pytest.raises(NotApplicable) as why:
        audit(table([[800, 200]], [[5, 5]]), reference="population", population=population)
    assert why.value.reason_code == code


def test_the_training_share_is_exact_and_says_so():
    one = values(audit(table([[50, 50]], [[9, 1]])), "share_reference")["digit=0, colour=orange"]
    assert one.value == 0.9
    assert one.interval is None
    assert "nothing is sampled" in one.reason_without


def test_a_statement_gives_natural_frequencies_beside_the_training_data():
    found = finding(audit(table([[790, 210]], [[90, 10]])), "digit=0, colour=orange")
    assert found.statement == (
        "Of 1,000 generated images of digit 0, about 790 are orange (764 to 814); "
        "in the training data 900 of 1,000 are."
    )
    assert found.verdict is Verdict.DESCRIBED


def test_a_statement_on_corrected_shares_tells_what_was_read():
    outcome = audit(table([[6100, 3900]] * 2, [[9, 1]] * 2, confusion=BLURRED))
    assert "about 638 are orange" in finding(outcome, "digit=0, colour=orange").statement
    assert (
        ", 610 as read; in the training data 900 of 1,000 are." in finding(outcome, "digit=0, colour=orange").statement
    )


def test_the_overview_tells_moves_towards_even_from_moves_away():
    overview = audit(table([[700, 300], [990, 10], [500, 500]], [[9, 1], [9, 1], [5, 5]])).findings[0]
    assert "in 1 it lies nearer to an even mix than the training share (0)" in overview.statement
    assert "in 1 it lies farther from it (1)" in overview.statement
    assert "in 1 the interval includes the training share" in overview.statement


def test_where_all_that_moved_moved_away_the_overview_still_says_from_what():
    overview = audit(table([[990, 10], [500, 500]], [[9, 1], [5, 5]])).findings[0]
    assert "in 1 it lies farther from an even mix than the training share (0); in 1 the" in overview.statement


@pytest.mark.parametrize("count", [0, 9])
def test_a_row_below_the_minimum_count_is_not_estimable_and_said_so(count):
    outcome = audit(table([[count, 0], [50, 50]], [[5, 5], [5, 5]]))
    assert "digit=0, colour=orange" not in values(outcome, "share_generated")
    said = finding(outcome, "digit=0, colour=orange")
    assert said.statement == f"{count} generated images of digit 0: the share of orange is not estimable."
    assert said.value is None


def test_a_small_row_carries_a_warning():
    one = values(audit(table([[10, 10]], [[5, 5]])), "share_generated")["digit=0, colour=orange"]
    assert one.note == "Only 20 images in this row."


def test_a_level_without_training_images_has_no_reference():
    outcome = audit(table([[50, 50]], [[0, 0]]))
    assert values(outcome, "share_reference") == {}
    assert "there are none in the training data" in outcome.findings[2].statement


def test_more_than_two_levels_are_each_stated():
    outcome = audit(table([[30, 30, 40]], [[1, 1, 1]], levels=("red", "green", "blue")))
    levels = ("red", "green", "blue")
    assert [found.group for found in outcome.findings[1:]] == [
        *(f"colour={level}" for level in levels),
        *(f"digit=0, colour={level}" for level in levels),
    ]


def test_findings_say_who_assigned_the_labels_and_how_often_they_were_right():
    caveats = audit(table([[50, 50]], [[5, 5]], confusion=[[95, 5], [5, 95]])).findings[0].caveats
    assert caveats[0] == "Colour was read by a classifier, right for 190 of 200 labelled images of toy/evaluation."


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"min_count": 0}, "min_count"),
        ({"min_count": 40}, "min_count"),
        ({"level": 95}, "level"),
        ({"tolerance": 0.1}, "needs a reference"),
        ({"reference": "uniform", "tolerance": 5.0}, "tolerance lies"),
        ({"reference": "population"}, "given together"),
        ({"reference": "population", "population": ("colour=orange:0.8", "colour=blue:0.1")}, "add up to 0.9"),
        ({"reference": "population", "population": ("orange:0.8",)}, "written attribute=level:0.4"),
        ({"reference": "population", "population": ("c=a:0.5", "c=a:0.5")}, "given twice"),
    ],
)
def test_options_outside_their_range_are_refused(options, why):
    with pytest.raises(ValueError, match=why):
        RepresentationOptions(**options)


@pytest.mark.parametrize(("undecided", "verdict"), [(0, Verdict.PASS), (300, Verdict.INCONCLUSIVE)])
def test_images_without_a_level_keep_a_tolerance_from_being_judged(undecided, verdict):
    """Half orange, half blue: but 300 of 1,000 images are black, and count as orange for want of anything else."""
    counted = replace(table([[500, 500]], [[5, 5]], confusion=SHARP), undecided=undecided)
    found = finding(audit(counted, reference="uniform", tolerance=0.1), "colour=orange")
    assert found.verdict is verdict
    assert any("From 300 of 1,000 generated images no colour could be told" in one for one in found.caveats) is bool(
        undecided
    )
    assert ("could not be told stand in the way" in found.rule) is bool(undecided)
