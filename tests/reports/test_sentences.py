from dataclasses import replace

import pytest
from records import record, result
from rich_records import rich_record, troubled_record

from genaudit.values.results import Failure, Unavailable
from genaudit.values.run import ImageSheet
from genaudit_reports.content.groups import groups
from genaudit_reports.content.modes import mode_sentences
from genaudit_reports.content.nearest import nearest_sentences
from genaudit_reports.content.shares import share_tables
from genaudit_reports.content.summary import summary
from genaudit_reports.content.views import view_sentence


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2060", "")


def test_the_lead_gives_the_distance_its_interval_its_n_and_its_space():
    assert plain(summary(rich_record()).lead) == (
        "10 000 generated images lie at a Fréchet distance of 4.11 (95 % interval 3.94 – 4.28) from the data, "
        "in the features of the extractor digits; without small-sample bias, at 4.06 (3.89 – 4.23); 0 would be "
        "no difference."
    )


def test_what_a_model_of_vectors_makes_is_called_points():
    given = rich_record()
    points = replace(given, generator=replace(given.generator, facts={"dimensions": "2"}))
    assert plain(summary(points).lead).startswith("10 000 generated points lie at a Fréchet distance of 4.11")


def test_points_near_a_mode_are_told_before_which_modes_they_are():
    near = result(
        metric="high_quality_rate",
        value=0.031,
        interval=(0.022, 0.044),
        details={"reference_rate": 0.9915, "modes_reached": 9.0, "modes": 25.0},
    )
    given = record(results=(result(), near))
    told = summary(given)
    assert plain(told.lead) == (
        "3.1 % (2.2 – 4.4 %) of 10 000 generated points lie near a mode; of the data 99.2 % do. "
        "9 of 25 modes are reached."
    )
    assert "Fréchet distance of 4.11" in told.more[0]


def test_precision_and_recall_are_told_in_hundreds_beside_those_of_a_perfect_model():
    of = {"expected_of_a_perfect_model": 0.889}
    precision = result("precision", 0.8, interval=(0.774, 0.824), details=of)
    recall = result("recall", 0.776, interval=(0.727, 0.818), details=of)
    assert plain(summary(record(results=(result(), precision, recall))).more[0]) == (
        "Of 100 generated images about 80 (77 to 82; a perfect model: 89) lie among real ones in these features "
        "(precision), and of 100 real images about 78 (73 to 82; a perfect model: 89) lie among generated ones "
        "(recall)."
    )
    assert summary(record(results=(result(), precision))).more == ()


def test_classes_of_a_mixture_of_points_are_called_modes():
    share = result("mode_share", 0.104, "class=225", (0.087, 0.124), details={"reference_share": 0.137})
    near = result(metric="high_quality_rate", value=0.8, interval=(0.7, 0.9))
    assert plain(mode_sentences(record(results=(share, near)))[0]).startswith(
        "Made less often than in the data: mode 225 (10.4 %"
    )
    assert "class 225" in mode_sentences(record(results=(share,)))[0]


def test_trouble_comes_before_everything_else():
    problems = summary(troubled_record()).problems
    assert [(problem.sign, problem.word) for problem in problems] == [("!", "Incomplete"), ("✗", "Failed")]
    assert problems[1].text.startswith("1 component failed: ppl.")


def test_a_run_without_numbers_says_why():
    absent = (Unavailable(component="fid", reason_code="needs-capability", reason="There is no sampler."),)
    empty = record(results=(), metrics=(), not_available=absent, failures=())
    assert summary(empty).lead == "This run has no numbers: nothing of what was asked applies here."
    stopped = replace(empty, complete=False)
    assert summary(stopped).lead == "This run has no numbers: it stopped before the first was computed."


def test_a_run_in_which_all_failed_says_so_and_claims_no_other_numbers():
    places = (("fid", ""), ("fid", "low-level"), ("kid", ""))
    failures = tuple(Failure(component=name, group=view, stage="metric", error="x") for name, view in places)
    said = summary(record(results=(), failures=failures))
    assert said.problems[0].text == "2 components failed: fid, in two views, and kid."
    assert said.lead == "No number could be computed: what was tried failed, and the rest does not apply here."
    assert said.more == ()


def test_the_groups_in_which_an_audit_failed_are_counted():
    failures = tuple(
        Failure(component="representation", group=f"digit={digit}", stage="audit", error="x") for digit in range(7)
    )
    said = summary(record(failures=failures)).problems[0].text
    assert said == "1 component failed: representation, in 7 groups. The other numbers stand."


def views(samples, reconstructions):
    """A record of two views of unequal n, whose plug-in values say the opposite of the debiased ones."""
    plug_ins = ("", 2.0, samples), ("reconstructions", 9.0, reconstructions)
    return record(
        results=tuple(
            result(value=plug_in, group=group, interval=(plug_in - 0.1, plug_in + 0.1), details=of(*bounds))
            for group, plug_in, bounds in plug_ins
        )
    )


def of(value, low=None, high=None):
    return {"debiased": value} | ({} if low is None else {"debiased_low": low, "debiased_high": high})


def test_samples_are_compared_with_reconstructions_by_debiased_values_and_their_intervals():
    assert plain(view_sentence(rich_record())) == (
        "Without small-sample bias, the samples lie at 4.06 (95 % interval 3.89 – 4.23) and the "
        "reconstructions of held-out images at 0.79 (0.74 – 0.84): the samples lie farther."
    )


def test_a_debiased_interval_that_holds_zero_is_no_distance():
    one = views((4.48, 3.47, 5.49), (-0.04383, -0.4831, 0.3955))
    assert plain(view_sentence(one)).endswith(
        "at −0.04 (−0.48 to 0.40), not distinguishable from the data's own distance: the samples lie farther."
    )
    near = views((0.1, -0.2, 0.4), (0.9, 0.8, 1.0))
    assert plain(summary(near).lead).endswith(
        "at 0.10 (−0.20 to 0.40), not distinguishable from the data's own distance."
    )


def test_no_sentence_divides_two_distances():
    for one in (rich_record(), views((4.48, 3.47, 5.49), (0.9, 0.8, 1.0))):
        assert "times" not in " ".join((view_sentence(one), summary(one).lead, *summary(one).more))


def test_overlapping_debiased_intervals_are_not_ranked():
    text = view_sentence(views((2.9, 1.7, 4.0), (1.7, 1.0, 2.4)))
    assert "The intervals overlap" in text
    assert "farther" not in text


def test_reconstructions_that_lie_farther_than_the_samples_are_said_to():
    text = view_sentence(views((1.0, 0.9, 1.1), (2.0, 1.9, 2.1)))
    assert text.endswith(": the reconstructions lie farther than the samples.")


def test_without_debiased_intervals_nothing_is_ranked():
    assert "does not tell which is nearer" in view_sentence(views((9.0,), (1.0,)))
    plug_in_only = record(results=(result(), result(value=0.9, group="reconstructions", interval=(0.8, 1.0))))
    assert view_sentence(plug_in_only) == ""


def test_modes_beyond_their_intervals_are_named_furthest_first():
    over, under, rest = mode_sentences(rich_record())
    assert plain(over) == "Made more often than in the data: class 8 (17.1 %, 16.4 – 17.8 %; data 10.0 %)."
    assert plain(under).startswith("Made less often: class 4 (7.2 %, 6.7 – 7.7 %; data 10.0 %), 1 (8.1 %; data 10.0 %)")
    assert rest == "The other 6 do not differ beyond what sampling explains."


def test_the_data_are_a_sample_too():
    exact = {"reference_share": 0.10}
    sampled = {**exact, "reference_low": 0.06, "reference_high": 0.14}
    share = result("mode_share", 0.12, "class=1", (0.11, 0.13), details=exact)
    other = result("mode_share", 0.10, "class=2", (0.09, 0.11), details=exact)
    assert mode_sentences(record(results=(share, other)))[0].startswith("Made more often")
    assert mode_sentences(record(results=(replace(share, details=sampled), other))) == [
        "No class is made more or less often than in the data beyond what sampling explains."
    ]


def mode(name, value, interval, reference, **changes):
    return result("mode_share", value, f"class={name}", interval, details={"reference_share": reference}, **changes)


def test_a_mode_that_is_never_made_is_named_once_and_counted_once():
    shares = (mode("3", 0.0, (0.0, 0.001), 0.1), mode("4", 0.1, (0.09, 0.11), 0.1), mode("5", 0.2, (0.19, 0.21), 0.1))
    assert [plain(text) for text in mode_sentences(record(results=shares))] == [
        "Not generated at all: class 3.",
        "Made more often than in the data: class 5 (20.0 %, 19.0 – 21.0 %; data 10.0 %).",
        "The other 1 does not differ beyond what sampling explains.",
    ]


def test_a_mode_that_few_images_may_miss_by_chance_is_not_among_the_others():
    shares = (mode("3", 0.0, (0.0, 0.3), 0.1), mode("4", 0.2, (0.1, 0.4), 0.1), mode("5", 0.1, (0.05, 0.3), 0.1))
    assert mode_sentences(record(results=shares)) == [
        "Not generated, as may happen by chance in so small a sample: class 3.",
        "The other 2 do not differ beyond what sampling explains.",
    ]


def test_a_mode_without_an_interval_is_not_said_to_be_alike():
    shares = (mode("4", 0.1, (0.05, 0.3), 0.1), mode("5", 0.9, None, 0.1))
    assert mode_sentences(record(results=shares))[-1] == "1 could not be compared with the data."


def test_the_first_screen_names_two_modes_of_a_kind_and_counts_the_rest():
    bounds = [(place, 0.05 - place / 1000) for place in range(5)]
    shares = tuple(mode(str(place), value, (value - 0.001, value + 0.001), 0.1) for place, value in bounds)
    first_screen = summary(record(results=(result(), *shares))).more[-1]
    assert plain(first_screen) == (
        "Made less often than in the data: class 4 (4.6 %, 4.5 – 4.7 %; data 10.0 %), 3 (4.7 %; data 10.0 %) "
        "and 3 more."
    )


def test_the_finding_of_a_share_chart_counts_and_names_what_moved():
    (table,) = share_tables(rich_record())
    assert table.title == "Share of colour orange within each digit"
    assert table.finding.startswith("Share of colour orange within each digit: in 8 of 10 groups")


def test_a_group_without_enough_images_is_listed_as_not_estimable():
    results = (
        result("share_generated", 0.5, "digit=1, colour=orange", (0.4, 0.6)),
        result("share_reference", 0.5, "digit=1, colour=orange", None),
        result("share_reference", 0.7, "digit=2, colour=orange", None),
    )
    absent = (
        Unavailable(
            component="share_generated", group="digit=2, colour=orange", reason_code="few", reason="Only 4 images."
        ),
    )
    (table,) = share_tables(record(results=results, not_available=absent))
    assert [(row.label, row.missing) for row in table.rows if row.generated is None] == [("2", "Only 4 images.")]


def test_groups_that_lack_a_number_for_one_reason_are_listed_in_one_line():
    references = [result("share_reference", 0.5, f"digit={digit}, colour=orange", None) for digit in range(4)]
    few = "0 generated images are read as this level, and at least 10 are needed."
    absent = tuple(
        Unavailable(component="share_generated", group=f"digit={digit}, colour=orange", reason_code="few", reason=few)
        for digit in (0, 2, 3)
    )
    generated = result("share_generated", 0.5, "digit=1, colour=orange", (0.4, 0.6))
    section = groups(record(results=(generated, *references), not_available=absent))
    assert section.not_estimable == (("0, 2 and 3", few),)


@pytest.mark.parametrize(
    ("value", "bounds", "conclusion"),
    [
        (0.7, (0.6, 0.8), "nearer than fresh data lie, as where a model has memorised part of what it saw."),
        (1.3, (1.2, 1.4), "farther than fresh data lie. That is no sign of copying; the samples miss the data rather."),
        (1.0, (0.9, 1.1), "as near as fresh data lie, because the interval holds 1. That is no sign of copying."),
    ],
)
def test_distance_to_the_training_images_is_judged_by_held_out_images(value, bounds, conclusion):
    details = {"exact_copies": 0.0, "exact_copies_held_out": 0.0}
    found = result("nearest_neighbour_distance", value, interval=bounds, details=details)
    shown = ImageSheet(name="nearest_training_images", path="x.png", caption="", columns=1, rows=1, tile=(1, 1))
    said = nearest_sentences(record(results=(found,), images=(shown,)))
    assert said[1].endswith(f"held-out images do: {conclusion}")
    assert said[2] == "None of them coincides with a training image."


@pytest.mark.parametrize(("value", "bounds"), [(1.3, (1.2, 1.4)), (1.0, (0.9, 1.1))])
def test_where_some_are_copies_the_median_is_no_sign_of_innocence(value, bounds):
    details = {"exact_copies": 0.02, "exact_copies_held_out": 0.0}
    found = result("nearest_neighbour_distance", value, interval=bounds, details=details)
    shown = ImageSheet(name="nearest_training_images", path="x.png", caption="", columns=1, rows=1, tile=(1, 1))
    said = nearest_sentences(record(results=(found,), images=(shown,)))
    assert said[1].endswith("A median does not see copies that are less than half.")
    assert said[2].startswith("2.0\u202f% of them coincide with a training image")


def test_copies_of_the_training_set_are_told_of_on_the_first_screen():
    copier = {"exact_copies": 1.0, "exact_copies_held_out": 0.0}
    fid, found = (
        result("fid", 0.8, interval=(0.5, 1.1)),
        result("nearest_neighbour_distance", 0.0, interval=(0.0, 0.1), details=copier),
    )
    text = " ".join(summary(record(results=(fid, found))).more)
    assert plain(text).startswith("100.0 % of them coincide with a training item in these features; of held-out")
    assert "times as far from the training images as held-out images do: nearer than fresh data lie." in text
    honest = replace(found, value=1.0, interval=replace(found.interval, high=1.1), details={})
    assert "training" not in " ".join(summary(record(results=(fid, honest))).more)


def test_beside_a_given_reference_nothing_is_said_of_training():
    shown = ImageSheet(name="nearest_reference_images", path="x.png", caption="", columns=1, rows=1, tile=(1, 1))
    (said,) = nearest_sentences(record(results=(), images=(shown,)))
    assert said.endswith("Whether it is, these sets do not say.")
    assert nearest_sentences(record(results=(), images=())) == []
