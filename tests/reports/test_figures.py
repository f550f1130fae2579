import json
from dataclasses import replace

from records import record, result
from rich_records import rich_record

from genaudit.values.results import Series
from genaudit.values.run import TrainingCurve
from genaudit_reports.figures import figures
from genaudit_reports.figures.curves import series_figure
from genaudit_reports.figures.training import binned

MOST_MARKS = 2_000


def named(one_record):
    return {figure.name: figure for figure in figures(one_record)}


def test_a_record_without_curves_has_no_charts():
    assert figures(record(results=(result(),))) == []


def test_every_chart_has_a_finding_a_caption_a_table_and_two_widths(rich):
    for figure in figures(rich):
        assert figure.finding.endswith(".")
        assert figure.caption
        assert all(len(row) == len(figure.columns) for row in figure.rows)
        assert figure.spec["width"] > figure.narrow["width"]


def test_specifications_are_plain_json_with_few_marks(rich):
    for figure in figures(rich):
        text = json.dumps(figure.spec, allow_nan=False)
        assert json.loads(text) == figure.spec
        assert len(figure.spec["data"]["values"]) * len(figure.spec["layer"]) < MOST_MARKS


def test_three_thousand_steps_are_drawn_as_a_few_hundred_bins_with_the_same_mean(rich):
    rows = binned(rich.training)
    assert len(rows) <= 150
    mean = sum(rich.training.loss) / len(rich.training.loss)
    # bins are of one size but for the last
    assert abs(sum(row["mean"] for row in rows) / len(rows) - mean) < 0.01 * mean
    assert max(row["high"] for row in rows) == max(rich.training.loss)


def test_the_training_chart_says_what_lies_above_its_axis(rich):
    figure = named(rich)["training_curve"]
    assert "The first 91 steps lie above the axis, at up to" in figure.caption


def test_the_training_prose_gives_the_first_and_the_last_loss_as_they_were(rich):
    first, last = rich.training.loss[0], rich.training.loss[-1]
    assert named(rich)["training_curve"].finding.startswith(
        f"The training loss (nats per image) went from {first:.1f} at step 1 to {last:.1f} at step 3\u202f000. "
        "Its mean over the last 150 steps is 185.8."
    )


def test_the_last_steps_of_a_curve_are_counted_as_steps_where_only_every_tenth_loss_was_kept(rich):
    given = rich.training
    steps = tuple(10 * step for step in given.steps)
    finding = named(replace(rich, training=replace(given, steps=steps)))["training_curve"].finding
    assert "Its mean over the last 1\u202f500 steps is 185.8." in finding


def test_a_loss_of_thousands_has_the_axis_of_the_text(rich):
    axes = [layer["encoding"]["y"]["axis"] for layer in named(rich)["training_curve"].spec["layer"][:2]]
    assert all("'\u202f')" in axis["labelExpr"] for axis in axes)


def test_the_names_of_25_modes_stand_upright_on_a_telephone_and_aslant_on_a_wide_page():
    modes = tuple(
        result("mode_share", 0.04, group=f"class={column}{row}", details={"reference": 0.04})
        for row in range(1, 6)
        for column in "abcde"
    )
    figure = named(record(results=modes))["mode_share"]
    angles = [spec["layer"][0]["encoding"]["x"]["axis"]["labelAngle"] for spec in (figure.spec, figure.narrow)]
    assert angles == [-50, -90]


def test_a_unit_of_many_words_stands_in_the_training_prose_as_a_remark():
    curve = TrainingCurve(
        steps=(1, 2), loss=(3.0, 2.0), validation_steps=(), validation_loss=(), unit="weighted sum of the losses"
    )
    figure = named(record(training=curve))["training_curve"]
    assert figure.finding.startswith("The training loss (weighted sum of the losses) went from 3")
    assert figure.caption == "Loss over 2 steps: weighted sum of the losses."


def test_only_a_curve_whose_mean_says_something_has_a_line_of_it(rich):
    """The mean over a sweep of sample sizes or truncations is no number of anything."""
    sweep = Series(name="sweep", title="A sweep", x_label="n", y_label="distance", x=(1.0, 2.0), y=(3.0, 1.0))
    drawn = named(record(results=(result(),), series=(sweep,)))["sweep"]
    assert len(drawn.spec["layer"]) == 1
    steps = named(rich)["step_length"]
    assert len(steps.spec["layer"]) == 2
    assert steps.caption.endswith("The dashed line is the mean step.")


def test_a_short_curve_without_validation_is_drawn_whole():
    curve = TrainingCurve(steps=(1, 2, 3), loss=(3.0, 2.0, 1.0), validation_steps=(), validation_loss=())
    figure = named(record(training=curve))["training_curve"]
    assert "above the axis" not in figure.caption
    assert len(figure.rows) == 3


def test_a_thousand_modes_are_drawn_as_the_thirty_that_differ_most():
    modes = tuple(
        result("mode_share", place / 1e6, f"class={place}", (0.0, 1.0), details={"reference_share": 0.001})
        for place in range(1_000)
    )
    figure = named(record(results=modes))["mode_share"]
    assert len(figure.spec["data"]["values"]) == 30
    assert "Shown are the 30 of 1000 that differ most from the data." in figure.caption
    assert len(figure.rows) == 1_000


def test_low_level_features_have_no_place_on_the_axis_of_the_others(rich):
    figure = named(rich)["fid_views"]
    assert [row[0] for row in figure.rows] == ["aggregate posterior", "reconstructions", "samples"]


def test_views_of_unequal_n_are_drawn_without_their_bias_and_each_says_its_n(rich):
    figure = named(rich)["fid_views"]
    assert [view["value"] for view in figure.spec["data"]["values"]] == [0.60, 0.79, 4.06]
    assert [row[-1] for row in figure.rows] == ["10\u202f000", "1\u202f985", "10\u202f000"]
    assert "without small-sample bias" in figure.caption


def test_a_histogram_names_its_peak_and_the_exact_median_of_its_metric(rich):
    finding = "Reconstruction error of each image: most often between 0.003 and 0.004"
    assert named(rich)["reconstruction_error"].finding == f"{finding}; half of all lie below 0.00470."
    others = tuple(one for one in rich.results if one.metric != "reconstruction_mse")
    without = named(replace(rich, results=others))["reconstruction_error"]
    assert without.finding == f"{finding}."


def test_a_mean_curve_says_that_it_is_a_mean_and_how_uneven_single_paths_are(rich):
    assert (
        named(rich)["step_length"]
        .finding.replace("\u202f", " ")
        .replace("\u00a0", " ")
        .endswith(
            "That is the mean over all paths; on a single path the longest step is on average "
            "1.62 (95 % interval 1.55 –\u2060 1.69) times the mean step."
        )
    )


def test_tables_of_shares_and_modes_give_the_n_of_each_row(rich):
    drawn = named(rich)
    shares = drawn["share_share_of_colour_orange_within_each_digit"]
    assert shares.columns == ("digit", "Training data", "n", "Generated", "Interval", "n")
    assert (shares.rows[0][2], shares.rows[0][5]) == ("600", "1\u202f030")
    assert drawn["mode_share"].rows[0][3] == "10\u202f000"


def test_curves_of_strangers_are_drawn_and_empty_ones_are_not():
    curve = Series(name="my curve!", title="Mine", x_label="x", y_label="y", x=(0.0, 1.0), y=(1.0, 3.0))
    drawn = named(record(series=(curve, replace(curve, name="nothing", x=(), y=()))))
    assert list(drawn) == ["my_curve"]


def test_names_of_any_length_are_cut_before_they_are_drawn():
    from hostile_records import hostile_record

    for figure in figures(hostile_record()):
        text = json.dumps(figure.spec, ensure_ascii=False)
        assert "\u202e" not in text
        assert "\\u0000" not in text
        assert "W" * 100 not in text


def test_shares_of_two_levels_are_drawn_once():
    names = [name for name in named(rich_record()) if name.startswith("share_")]
    assert names == ["share_share_of_colour_orange_within_each_digit"]


def test_a_corrected_share_is_drawn_beside_what_was_read():
    shares = [
        result("share_corrected", 0.64, f"digit={digit}, colour=orange", (0.6, 0.68), details={"as_read": 0.61})
        for digit in (0, 1)
    ]
    trained = [result("share_reference", 0.7, f"digit={digit}, colour=orange", None, n_generated=0) for digit in (0, 1)]
    figure = named(record(results=(*shares, *trained)))["share_share_of_colour_orange_within_each_digit"]
    assert figure.columns == ("digit", "Training data", "n", "As read", "Generated", "Interval", "n")
    assert figure.rows[0][3] == "61.0\u202f%"
    assert [key.text for key in figure.key] == ["training data", "generated, as read", "generated, corrected"]


def test_a_curve_says_where_it_is_highest_and_where_lowest():
    curve = Series(
        name="truncation_recall", title="Recall of samples", x_label="truncation: 0 all at the mean style",
        y_label="recall", x=(0.3, 0.7, 1.0), y=(0.03, 0.39, 0.65),
    )  # fmt: skip
    found = series_figure(curve)
    assert found.finding == "Recall of samples: highest (0.65) at truncation 1, lowest (0.03) at truncation 0.3."


def test_the_distance_by_number_of_items_is_said_in_items_and_where_its_line_ends():
    curve = Series(
        name="fid_by_items", title="Fréchet distance by number of generated items", x_label="1 / generated items",
        y_label="Fréchet distance", x=(0.0, 0.0001, 0.001), y=(4.7, 4.82, 5.22),
    )  # fmt: skip
    ends = result("fid_infinity", 4.7, interval=(3.9, 5.5))
    found = series_figure(curve, [ends])
    said = found.finding.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2060", "")
    assert said == (
        "From 1 000 generated items the distance is 5.2, from 10 000 it is 4.8; "
        "the line through all sizes ends at 4.7 (95 % interval 3.9 – 5.5)."
    )
    assert "having few items" in found.meaning


def test_shares_of_two_given_sets_stand_beside_the_reference_and_not_beside_training_data():
    protocol = replace(result("share_generated", 0.5).protocol, reference="given/evaluation")
    made = [
        replace(result(name, value, f"tone={tone}"), protocol=protocol)
        for tone in ("dark", "bright")
        for name, value in (("share_generated", 0.5), ("share_reference", 0.9))
    ]
    given = record(results=tuple(made))
    given = replace(given, generator=replace(given.generator, capabilities=("DrawnSamples",)))
    figure = named(given)["share_share_of_each_tone"]
    assert figure.columns[1] == "Reference data"
    assert figure.key[0].text == "reference data"
    assert "of 2 groups the generated share differs from the reference data beyond its interval" in figure.finding
