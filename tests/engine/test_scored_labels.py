"""Two scored sets with a file of labels each: shares, amplification and quality by group, without a generator."""

import numpy as np
import pytest

import genaudit
from genaudit.errors import GenauditError
from genaudit.stats.seeds import generator
from genaudit.values.findings import Verdict


def rows(name, n):
    return generator(0, "scored-labels", name).normal(size=(n, 3))


def labels(path, **columns):
    """A file of labels: column to how often each level stands in it, in this order."""
    cells = [np.repeat(list(counts), list(counts.values())) for counts in columns.values()]
    lines = [",".join(columns), *(",".join(row) for row in zip(*cells, strict=True))]
    path.write_text("\n".join(lines) + "\n")
    return path


def codes(record, name):
    return {item.reason_code for item in record.not_available if item.component == name}


@pytest.fixture
def scored(tmp_path):
    """The record of 200 generated and 100 reference rows with the labels of two files."""

    def of(generated, reference, **further):
        files = [labels(tmp_path / f"{name}.csv", **one) if isinstance(one, dict) else one
                 for name, one in (("generated", generated), ("reference", reference))]  # fmt: skip
        further = {"metrics": None, "skip": ["fid_infinity"], **further}
        return genaudit.score(
            rows("generated", 200), rows("reference", 100), labels=files[0], reference_labels=files[1], **further
        )

    return of


def test_the_share_of_one_attribute_is_counted_on_both_sides(scored):
    record = scored({"tone": {"dark": 150, "bright": 50}}, {"tone": {"dark": 50, "bright": 50}})
    assert record.value("share_generated", "tone=dark") == 0.75
    assert record.value("share_reference", "tone=dark") == 0.5
    assert record.value("systematic_bias", "tone=bright") == pytest.approx(-0.25)
    reference = record.result("share_reference", "tone=dark")
    assert (reference.interval.low, reference.interval.high) == pytest.approx((0.4038, 0.5962), abs=5e-5)  # Wilson
    said = [finding.statement for finding in record.findings]
    assert any("about 250 are bright" in text and "in the reference data 500 of 1,000 are" in text for text in said)
    assert not any("training" in text for text in said)


def linked(path, n, dark, bright):
    """``n`` dark items of which some are round, and as many bright ones."""
    lines = ["tone,shape"]
    for tone, found in (("dark", dark), ("bright", bright)):
        lines += [f"{tone},round"] * found + [f"{tone},edgy"] * (n - found)
    path.write_text("\n".join(lines))
    return path


def test_a_link_between_two_columns_is_held_against_the_reference(scored, tmp_path):
    """Reference: 40 of 50 dark items are round, 10 of 50 bright ones. Generated: 60 of 100 and 40 of 100."""
    record = scored(linked(tmp_path / "g.csv", 100, 60, 40), linked(tmp_path / "r.csv", 50, 40, 10))
    assert record.value("share_generated", "tone=dark, shape=round") == 0.6
    assert record.value("share_reference", "tone=dark, shape=round") == 0.8
    assert record.value("bias_amplification", "tone=dark, shape=edgy") == pytest.approx(-0.2)


def test_every_pair_of_columns_is_looked_at_and_sets_of_three_are(scored):
    columns = {"a": {"1": 100, "2": 100}, "b": {"x": 50, "y": 150}, "c": {"u": 20, "v": 180}}
    half = {name: {level: count // 2 for level, count in counts.items()} for name, counts in columns.items()}
    record = scored(columns, half)
    groups = {one.group for one in record.results if one.metric == "bias_amplification_multi"}
    assert groups == {"b within sets of a and c", "c within sets of a and b"}
    assert all(abs(one.value) < 1e-12 for one in record.results if one.metric == "bias_amplification_multi")


def test_quality_is_measured_within_groups(scored):
    files = {"tone": {"dark": 100, "bright": 100}}, {"tone": {"dark": 50, "bright": 50}}
    record = scored(*files, options={"coverage_by_group.minimum": 50})
    assert {one.group for one in record.results if one.metric == "coverage_by_group"} == {"tone=dark", "tone=bright"}


def test_without_a_confusion_matrix_nothing_is_judged_and_with_one_shares_are_corrected(scored):
    files = {"tone": {"dark": 150, "bright": 50}}, {"tone": {"dark": 50, "bright": 50}}
    declared = {"representation.reference": "uniform", "representation.tolerance": 0.01}
    plain = scored(*files, options=declared)
    assert {finding.verdict for finding in plain.findings} == {Verdict.DESCRIBED}
    assert codes(plain, "share_corrected") == {"no_confusion_matrix"}
    cells = "tone=dark/dark:947,tone=dark/bright:53,tone=bright/bright:983,tone=bright/dark:17"
    known = scored(*files, options={**declared, "labels.confusion": cells, "labels.by": "two people"})
    assert known.value("share_corrected", "tone=dark") == pytest.approx((0.75 - 0.017) / 0.93)  # Rogan and Gladen
    assert Verdict.FAIL in {finding.verdict for finding in known.findings}
    assert any("read by two people" in text for finding in known.findings for text in finding.caveats)


def test_a_weak_confusion_matrix_is_refused(scored):
    cells = "tone=dark/dark:60,tone=dark/bright:40,tone=bright/bright:55,tone=bright/dark:45"
    with pytest.raises(GenauditError, match=r"0\.150 of a possible 1 .*ill_conditioned_classifier"):
        scored({"tone": {"dark": 200}}, {"tone": {"bright": 100}}, options={"labels.confusion": cells})


def test_a_level_that_one_side_never_shows_is_a_level(scored):
    record = scored({"tone": {"dark": 200}}, {"tone": {"dark": 60, "bright": 40}})
    assert record.value("share_generated", "tone=bright") == 0
    assert record.result("share_generated", "tone=bright").interval.high > 0
    assert not record.failures


def test_an_attribute_of_one_level_has_a_share_and_no_distance(scored):
    record = scored({"tone": {"dark": 200}}, {"tone": {"dark": 100}})
    assert record.value("share_generated", "tone=dark") == 1
    assert codes(record, "fairness_discrepancy_l1") == {"below_min_n"}
    assert not record.failures


def test_a_population_is_declared_of_the_columns(scored):
    files = {"tone": {"dark": 150, "bright": 50}}, {"tone": {"dark": 50, "bright": 50}}
    options = {"representation.reference": "population", "representation.population": "tone=dark:0.6,tone=bright:0.3"}
    with pytest.raises(GenauditError, match=r"add up to 0\.9"):
        scored(*files, options=options)
    options["representation.population"] = "tone=dark:0.6,tone=red:0.4"
    with pytest.raises(GenauditError, match="names dark, red; its levels are bright, dark"):
        scored(*files, options=options)


@pytest.mark.parametrize(
    ("generated", "reference", "why"),
    [
        ({"tone": {"dark": 199}}, {"tone": {"dark": 100}}, "holds 199 labels for 200 generated images"),
        ({"tone": {"dark": 200}}, {"tone": {"dark": 99}}, "holds 99 labels for 100 reference images"),
        ({"tone": {"dark": 200}}, {"colour": {"dark": 100}}, "share no column: tone; colour"),
        (
            {"tone": {"dark": 199, "": 1}, "n": {"1": 200}},
            {"tone": {"dark": 100}},
            "gives image 199 no tone; 1 of 200 lack",
        ),
        (
            {"tone": {"dark": 199, "": 1}},
            {"tone": {"dark": 100}},
            "holds 199 labels for 200 generated images.*Empty lines do not count",
        ),
        ({"tone": {str(n): 1 for n in range(200)}}, {"tone": {"0": 100}}, "has 200 different values, and at most 100"),
        ({"tone": {"a=b": 200}}, {"tone": {"a": 100}}, "in column 'tone' the level 'a=b'. A name has no comma"),
        ({"tone": {"a\x00b": 200}}, {"tone": {"a": 100}}, r"the level 'a\\x00b'"),
        ({"tone": {"a" * 100_000: 200}}, {"tone": {"a": 100}}, "the level 'aaa.*at most 60 characters"),
        ({"a=b": {"dark": 200}}, {"a=b": {"dark": 100}}, "The labels have a column 'a=b'"),
        ({name: {"x": 200} for name in "abcdefg"}, {name: {"x": 100} for name in "abcdefg"}, "share 7 columns"),
        ({"tone": {"dark": 200}}, None, "Labels of the reference set are missing"),
        (None, {"tone": {"dark": 100}}, "Labels of the generated set are missing"),
        ({"tone": {"dark": 200}}, "nothing.csv", "Cannot read the labels"),
    ],
)
def test_labels_that_do_not_fit_are_refused_with_what_does_not(scored, generated, reference, why):
    with pytest.raises(GenauditError, match=why):
        scored(generated, reference)


def test_columns_of_one_file_alone_are_said_to_be_left_out(scored):
    record = scored({"tone": {"dark": 200}, "mood": {"calm": 200}}, {"tone": {"dark": 100}})
    assert any("Labels mood stand in" in text and "alone and are not compared" in text for text in record.warnings)


def test_hostile_levels_are_no_markup_and_no_formula(scored, tmp_path):
    strange = "<script>alert(1)</script>"
    record = scored(
        {"tone": {strange: 100, "@SUM(1)": 100}}, {"tone": {strange: 50, "@SUM(1)": 50}}, out=tmp_path / "runs"
    )
    assert record.value("share_generated", f"tone={strange}") == 0.5
    (folder,) = (tmp_path / "runs").iterdir()
    assert strange not in (folder / "report.html").read_text(encoding="utf-8")


def test_a_change_from_a_sample_has_the_interval_of_a_difference_of_two_samples(scored):
    """Newcombe 1998, method 10: 150 of 200 less 50 of 100."""
    from genaudit.stats.share_differences import newcombe_interval

    record = scored({"tone": {"dark": 150, "bright": 50}}, {"tone": {"dark": 50, "bright": 50}})
    found = record.result("systematic_bias", "tone=bright").interval
    known = newcombe_interval((50, 200), (50, 100))
    assert (found.low, found.high) == pytest.approx((known.low, known.high), abs=1e-12)


def test_the_mean_over_pairs_counts_that_the_reference_is_a_sample(scored, tmp_path):
    """Shares 0.6 and 0.4 of 100 each against 0.8 and 0.2 of 50 each; the mean of four changes."""
    record = scored(linked(tmp_path / "g.csv", 100, 60, 40), linked(tmp_path / "r.csv", 50, 40, 10))
    found = record.result("bias_amplification", "shape within tone")
    error = (found.interval.high - found.interval.low) / 2 / 1.959964
    # each row: 0.24 / 100 + 0.16 / 50; of their mean a quarter of the sum. Half an item added to each cell: 2 %
    assert error == pytest.approx(((0.24 / 100 + 0.16 / 50) / 2) ** 0.5, rel=0.02)


def test_an_empty_path_of_labels_is_refused_and_is_not_taken_for_none(scored):
    with pytest.raises(GenauditError, match="--labels: the path is empty"):
        genaudit.score(rows("generated", 200), rows("reference", 100), labels="")
