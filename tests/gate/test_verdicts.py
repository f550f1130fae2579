"""A run against a baseline: directions, levels, what is not judged and why, unlike protocols, drift, trainings."""

from dataclasses import replace

import gate_records
import pytest
from gate_records import PROTOCOL, number, run

from genaudit.errors import BadOption, UnknownName
from genaudit.gate.baseline import updated
from genaudit.gate.comparability import Incomparable
from genaudit.gate.settings import gate_settings
from genaudit.gate.verdicts import PairedError, gate
from genaudit.values.findings import Verdict
from genaudit.values.gate import GateLevel
from genaudit.values.results import Direction, Failure, Unavailable

OTHER = "o" * 64
"""The digest of other weights: without it, equal numbers would be the same run again."""


def baseline_of(*results, **changes):
    return updated(None, [run(*results, **changes)], "first")[0]


def verdict_of(before, after, settings=None, **changes):
    limits = gate_settings(settings or {})
    report = gate(
        updated(None, [run(before)], "first", settings=limits)[0], [run(after, weights=OTHER)], limits, **changes
    )
    return report.change(after.metric, after.group)


def test_the_direction_is_the_metrics_own():
    assert verdict_of(number("fid", 5.0), number("fid", 6.0)).verdict is Verdict.FAIL
    assert verdict_of(number("fid", 5.0), number("fid", 4.0)).verdict is Verdict.PASS
    assert verdict_of(number("recall", 0.8, 0.001), number("recall", 0.6, 0.001)).verdict is Verdict.FAIL
    assert verdict_of(number("recall", 0.6, 0.001), number("recall", 0.8, 0.001)).verdict is Verdict.PASS
    assert verdict_of(number("elbo", -180.0), number("elbo", -200.0)).verdict is Verdict.FAIL
    assert verdict_of(number("elbo", -180.0), number("elbo", -160.0)).verdict is Verdict.PASS


def test_the_sentence_of_a_failure_holds_change_interval_values_and_tolerance():
    found = verdict_of(number("fid", 12.1, 0.05), number("fid", 12.84, 0.05), {"default": {"rel": 0.03}})
    assert found.sentence == (
        "fid is 6.1 % worse (95 % interval 5 % to 7.3 % worse), 12.84 after 12.1; "
        "the whole interval lies beyond the tolerance of 3 % of the baseline."
    )


def test_an_open_case_says_how_many_items_would_decide():
    found = verdict_of(number("fid", 10.0, 0.4), number("fid", 10.2, 0.4))
    assert found.verdict is Verdict.INCONCLUSIVE
    # 1000 ((1.96 + 0.8416) * 0.4 * sqrt 2 / 0.5)^2
    assert found.n_needed == 10_047
    assert "about 11,000 items on both sides instead of 1,000 would decide" in found.sentence


def test_the_worst_comes_first_and_the_largest_of_it():
    values = {"kept": 1.0, "much": 1.5, "some": 1.2, "far": 3.0, "open": 1.1}
    errors = dict.fromkeys(values, 0.001) | {"open": 0.1}
    before = [number(name, 1.0, errors[name]) for name in values]
    after = [number(name, value, errors[name]) for name, value in values.items()]
    report = gate(baseline_of(*before), [run(*after, weights=OTHER)], gate_settings({}))
    assert [one.name for one in report.worst_first] == ["far", "much", "some", "open", "kept"]
    assert set(report.worst_first) == set(report.changes)


def test_both_sides_are_uncertain():
    found = verdict_of(number("fid", 10.0, 0.3), number("fid", 10.0, 0.4))
    assert found.interval.standard_error == pytest.approx(0.5)


def test_an_improvement_beyond_the_tolerance_passes_and_asks_for_an_update():
    assert "consider updating the baseline" in verdict_of(number("fid", 5.0), number("fid", 4.0)).advice
    assert verdict_of(number("fid", 5.0), number("fid", 4.95)).advice == ""


def test_levels_decide_what_a_failure_costs():
    worse = (number("fid", 5.0), number("fid", 6.0))
    for level, code, verdict in (
        ("error", 1, Verdict.FAIL),
        ("warn", 0, Verdict.FAIL),
        ("off", 0, Verdict.DESCRIBED),
    ):
        settings = gate_settings({"metrics": {"fid": {"level": level}}})
        report = gate(baseline_of(worse[0]), [run(worse[1], weights=OTHER)], settings)
        assert (report.exit_code, report.change("fid").verdict) == (code, verdict)


def test_the_same_weights_and_latents_with_the_same_numbers_pass_however_wide_the_intervals_are():
    noisy = number("fid", 5.0, 2.0)
    report = gate(baseline_of(noisy), [run(noisy)])
    assert report.verdict is Verdict.PASS
    assert "The weights and the latents are those of the baseline, and so are the numbers." in report.warnings


def test_other_numbers_from_the_same_weights_and_latents_are_said_and_judged():
    report = gate(baseline_of(number("fid", 5.0)), [run(number("fid", 6.0))])
    assert report.verdict is Verdict.FAIL
    assert any("yet fid differ" in text and "not deterministic" in text for text in report.warnings)


def test_a_number_without_an_interval_is_described_and_inconclusive_once_it_is_named():
    bare = number("ndb", 38.0, None)
    assert verdict_of(bare, number("ndb", 90.0, None)).verdict is Verdict.DESCRIBED
    named = verdict_of(bare, number("ndb", 90.0, None), {"metrics": {"ndb": {"level": "error"}}})
    assert named.verdict is Verdict.INCONCLUSIVE
    assert named.sentence == (
        "ndb has no interval, and bare numbers are not compared: A count has no interval; 90 after 38."
    )


@pytest.mark.parametrize("settings", [None, {"metrics": {"recall": {"level": "error"}}}])
def test_a_number_that_has_lost_its_interval_is_never_passed_over(settings):
    """Copies of one image have no spread: recall is then 0, without an interval."""
    limits = gate_settings(settings or {})
    before = baseline_of(number("recall", 0.8), number("fid", 5.0))
    collapsed = run(
        number("recall", 0.0, None, reason_without="Halves show no spread."), number("fid", 5.0), weights=OTHER
    )
    report = gate(before, [collapsed], limits)
    found = report.change("recall")
    assert (found.verdict, found.missing, report.exit_code) == (Verdict.INCONCLUSIVE, True, 3)
    assert found.sentence == (
        "recall had an interval in the baseline and has none now, so nothing shows that it keeps its tolerance: "
        "Halves show no spread; 0 after 0.8."
    )
    assert report.sentence == (
        "None of 2 gated metrics is shown to be worse than the baseline, and not all are shown to keep their "
        "tolerance; 1 without an interval (recall)."
    )


def test_a_metric_that_is_new_is_described():
    report = gate(baseline_of(number("fid", 5.0)), [run(number("fid", 5.0), number("kid", 1.0))])
    assert report.change("kid").verdict is Verdict.DESCRIBED
    assert "is new" in report.change("kid").sentence
    assert "Not in the baseline, so nothing of it is gated: kid. --update-baseline accepts it." in report.warnings
    assert report.exit_code == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "kid was not measured: it was not asked for"),
        (
            {"failures": (Failure(component="kid", stage="metric", error="ValueError: broken"),)},
            "it failed: ValueError",
        ),
        (
            {"not_available": (Unavailable(component="kid", reason_code="too-few-samples", reason="Too few."),)},
            "kid was not measured: Too few",
        ),
    ],
)
def test_a_metric_that_vanished_is_missing_and_never_a_pass(changes, said):
    report = gate(baseline_of(number("fid", 5.0), number("kid", 1.0)), [run(number("fid", 5.0), **changes)])
    found = report.change("kid")
    assert found.missing
    assert said in found.sentence
    assert report.exit_code == 3
    assert "1 not measured (kid)" in report.sentence


def test_a_metric_that_vanished_and_is_off_costs_nothing():
    settings = gate_settings({"metrics": {"kid": {"level": "off"}}})
    report = gate(baseline_of(number("fid", 5.0), number("kid", 1.0)), [run(number("fid", 5.0))], settings)
    assert report.exit_code == 0


def test_a_metric_that_is_named_and_that_neither_side_has_is_said():
    missing = Unavailable(component="lpips", reason_code="no-weights", reason="It needs a trained network.")
    settings = gate_settings({"metrics": {"lpips": {"level": "error"}}})
    report = gate(baseline_of(number("fid", 5.0)), [run(number("fid", 5.0), not_available=(missing,))], settings)
    assert (
        "[gate.metrics] names lpips, and neither the baseline nor this run has it, so nothing of it is gated: "
        "It needs a trained network."
    ) in report.warnings


def test_strict_makes_an_open_case_incomplete():
    before, after = number("fid", 10.0, 0.4), number("fid", 10.2, 0.4)
    assert gate(baseline_of(before), [run(after, weights=OTHER)]).exit_code == 0
    assert gate(baseline_of(before), [run(after, weights=OTHER)], strict=True).exit_code == 3


def test_a_name_that_neither_side_has_is_refused():
    with pytest.raises(UnknownName, match=r"'fidd'. Did you mean 'fid'"):
        verdict_of(number("fid", 5.0), number("fid", 5.0), {"metrics": {"fidd": {}}})


SHARE = {"direction": Direction.NONE, "group": "digit=6, colour=orange"}


def test_a_number_about_groups_gates_only_when_it_is_named_with_a_reason():
    before, after = number("share_corrected", 0.8, **SHARE), number("share_corrected", 0.5, **SHARE)
    name = "share_corrected [digit=6, colour=orange]"
    assert gate(baseline_of(before), [run(after, weights=OTHER)]).changes == ()
    with pytest.raises(BadOption, match="gates only with a reason"):
        verdict_of(before, after, {"metrics": {name: {"abs": 0.1}}})
    reason = {"metrics": {name: {"abs": 0.1, "reason": "The mix of colours is a requirement."}}}
    assert verdict_of(before, after, reason).verdict is Verdict.FAIL
    assert verdict_of(after, before, reason).verdict is Verdict.FAIL  # neither way is better
    assert verdict_of(before, before, reason).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("protocol", "field", "said"),
    [
        ({"samples": 2_000}, "samples", "samples is 1000 in the baseline and 2000 in this run \\(fid\\)"),
        ({"reference_digest": "c" * 64}, "dataset", "the digest of colored-digits/evaluation is d{12} .* c{12}"),
        ({"parameters": {"k": 5}}, "definition", "fid.k is unset in the baseline and 5 in this run"),
    ],
)
def test_unlike_protocols_are_refused_with_field_and_both_values_unless_they_are_allowed(protocol, field, said):
    before, after = number("fid", 5.0), number("fid", 6.0, protocol=replace(PROTOCOL, **protocol))
    with pytest.raises(Incomparable, match=said) as refused:
        verdict_of(before, after)
    assert refused.value.exit_code == 2
    assert f"--allow-mismatch {field}" in refused.value.hint
    report = gate(baseline_of(before), [run(after, weights=OTHER)], allowed=[field])
    assert report.allowed == (field,)
    assert any(text.startswith("Compared although") for text in report.warnings)


def test_another_extractor_data_set_or_version_of_a_metric_is_refused():
    before = number("fid", 5.0)
    other = replace(PROTOCOL, extractor="inception", extractor_digest="f" * 64)
    extractor = replace(run(before).extractor, name="inception", digest="f" * 64)
    with pytest.raises(Incomparable, match=r"extractor is digits \(e{12}\) in the baseline and inception \(f{12}\)"):
        gate(baseline_of(before), [run(number("fid", 5.0, protocol=other), extractor=extractor)])
    dataset = replace(run(before).dataset, name="faces")
    with pytest.raises(Incomparable, match="dataset is colored-digits in the baseline and faces in this run"):
        gate(baseline_of(before), [run(before, dataset=dataset)])
    with pytest.raises(Incomparable, match="the metric's version is fid/1 in the baseline and fid/2"):
        gate(baseline_of(before), [run(number("fid", 5.0, version="2"))])


def test_an_unlike_protocol_of_a_metric_that_is_off_does_not_matter():
    other = number("kid", 1.0, protocol=replace(PROTOCOL, parameters={"subsets": 3}))
    settings = gate_settings({"metrics": {"kid": {"level": "off"}}})
    report = gate(baseline_of(number("fid", 5.0), number("kid", 1.0)), [run(number("fid", 5.0), other)], settings)
    assert report.verdict is Verdict.PASS


def test_another_device_or_library_is_said():
    before = baseline_of(number("fid", 5.0))
    environment = replace(run().environment, device="cuda", versions={"torch": "9.9"})
    report = gate(before, [run(number("fid", 5.0), environment=environment)])
    assert {"device was cpu and is cuda.", "torch was 2.15.0 and is 9.9."} <= set(report.warnings)


def test_an_unknown_field_to_allow_is_refused():
    with pytest.raises(BadOption, match="No field 'n' for --allow-mismatch"):
        verdict_of(number("fid", 5.0), number("fid", 5.0), allowed=["n"])


def test_a_slow_slide_below_the_tolerance_fails_once_it_exceeds_twice_the_tolerance():
    accepted = baseline_of(number("fid", 10.0))
    for value in (10.4, 10.8):
        accepted, _ = updated(accepted, [run(number("fid", value), weights=OTHER)], "drifts a little")
    report = gate(accepted, [run(number("fid", 11.2), weights="p" * 64)])
    assert report.verdict is Verdict.FAIL
    assert "it has slid: 12 % worse than on 2026-11-20, beyond twice the tolerance" in report.change("fid").sentence
    off = gate_settings({"drift_from": "off"})
    assert gate(accepted, [run(number("fid", 11.2), weights="p" * 64)], off).verdict is not Verdict.FAIL


def test_paired_errors_see_what_independent_ones_do_not():
    before, after = number("fid", 10.0, 1.0), number("fid", 11.0, 1.0)
    error = {"fid": PairedError(standard_error=0.05, degrees_of_freedom=19, method="blocks")}
    assert verdict_of(before, after).verdict is Verdict.INCONCLUSIVE
    found = verdict_of(before, after, paired=error)
    assert (found.verdict, found.paired) == (Verdict.FAIL, True)


def test_several_trainings_are_one_candidate_whose_spread_counts():
    before = baseline_of(number("fid", 10.0))
    runs = [run(number("fid", value), weights=letter * 64) for value, letter in ((11.0, "a"), (13.0, "b"), (12.0, "c"))]
    report = gate(before, runs)
    found = report.change("fid")
    assert found.value == pytest.approx(12.0)
    # spread 1 / sqrt 3 of the mean, and 1 again because the baseline is one training, taken to vary as much
    assert found.interval.standard_error == pytest.approx((1 / 3 + 1 + 0.01**2 / 3 + 0.01**2) ** 0.5)
    assert found.interval.degrees_of_freedom == pytest.approx(2, abs=0.01)  # three trainings
    assert report.question == (
        "Asked: would other trainings differ from the baseline? Intervals cover 3 trainings; "
        "the baseline is one training, taken to vary as much as these do."
    )


def test_seeds_of_the_same_weights_are_averaged_and_are_no_trainings():
    before = baseline_of(number("fid", 10.0, 0.4))
    report = gate(
        before, [run(number("fid", value, 0.4), weights=OTHER, seed=seed) for seed, value in ((1, 10.0), (2, 10.4))]
    )
    found = report.change("fid")
    assert found.value == pytest.approx(10.2)
    assert found.interval.standard_error == pytest.approx((0.4**2 / 2 + 0.4**2) ** 0.5)
    assert "not training again" in report.question


def test_a_run_that_is_given_twice_is_refused_and_not_counted_as_two():
    again = run(number("fid", 10.0, 0.4), weights=OTHER)
    with pytest.raises(BadOption, match=r"the same weights and the same seed \(0\), so they are one run"):
        gate(baseline_of(number("fid", 10.0, 0.4)), [again, replace(again, run_id="a copy")])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"protocol": replace(PROTOCOL, parameters={"k": 50})}, r"fid\.k is unset in first and 50 in second \(fid\)"),
        ({"protocol": replace(PROTOCOL, samples=50)}, r"samples is 1000 in first and 50 in second \(fid\)"),
        ({"direction": Direction.HIGHER}, r"the better direction is lower in first and higher in second \(fid\)"),
    ],
)
def test_runs_of_unlike_protocols_are_never_averaged_in_any_order(changes, said):
    before = baseline_of(number("fid", 10.0))
    first = run(number("fid", 10.0), weights=OTHER, seed=1, run_id="first")
    second = run(number("fid", 10.0, **changes), weights=OTHER, seed=2, run_id="second")
    with pytest.raises(Incomparable, match=said):
        gate(before, [first, second], allowed=["samples", "definition"])
    with pytest.raises(Incomparable, match="are not averaged"):
        gate(before, [second, first], allowed=["samples", "definition"])
    with pytest.raises(Incomparable, match="are not averaged"):
        updated(None, [first, second], "both")


def test_runs_of_two_generators_or_data_sets_are_no_candidate():
    one = run(number("fid", 10.0), weights="a" * 64, run_id="first")
    for name, what in (("request", "plugin"), ("dataset", "dataset")):
        changed = replace(getattr(one, name), **{"plugin" if name == "request" else "name": "other"})
        other = replace(one, run_id="second", generator=replace(one.generator, digest="b" * 64), **{name: changed})
        with pytest.raises(Incomparable, match=f"{what} is .* in first and other in second"):
            gate(baseline_of(number("fid", 10.0)), [one, other])


def test_a_number_that_one_seed_could_not_give_is_missing_and_not_taken_from_the_others():
    before = baseline_of(number("fid", 10.0), number("recall", 0.8))
    whole = run(number("fid", 10.0), number("recall", 0.8), weights=OTHER, seed=1)
    lost = Unavailable(component="recall", reason_code="empty", reason="All images are equal.")
    part = run(number("fid", 10.0), not_available=(lost,), weights=OTHER, seed=2, run_id="collapsed")
    for runs in ([whole, part], [part, whole]):
        report = gate(before, runs)
        assert report.change("recall").missing
        assert report.change("recall").sentence.startswith("recall was not measured: All images are equal (collapsed)")
        assert report.exit_code == 3


def test_a_number_that_one_seed_was_not_asked_for_is_that_of_the_others_and_this_is_said():
    before = baseline_of(number("fid", 10.0), number("recall", 0.8))
    whole = run(number("fid", 10.0), number("recall", 0.8), weights=OTHER, seed=1, run_id="whole")
    part = run(number("fid", 10.0), weights=OTHER, seed=2)
    for runs in ([whole, part], [part, whole]):
        report = gate(before, runs)
        assert report.change("recall").verdict is Verdict.PASS
        assert "Not every run was asked for recall: judged by whole alone." in report.warnings


def test_a_number_whose_better_direction_has_turned_is_another_one():
    before = baseline_of(number("fid", 10.0))
    with pytest.raises(Incomparable, match="the better direction is lower in the baseline and higher in this run"):
        gate(before, [run(number("fid", 20.0, direction=Direction.HIGHER), weights=OTHER)])


def test_an_interrupted_run_is_said():
    report = gate(baseline_of(number("fid", 5.0)), [run(number("fid", 5.0), complete=False)])
    assert any("is not complete" in text for text in report.warnings)


def test_every_level_is_a_word_users_write():
    assert [level.value for level in GateLevel] == ["off", "warn", "error"]
    assert gate_records.number("fid", 1.0).interval is not None


def test_a_number_of_uncorrected_shares_never_passes():
    """The same number of corrected shares passes: only what it was made of is in the way."""
    settings = {"metrics": {"bias_amplification [colour]": {"level": "error", "abs": 0.5, "reason": "asked for"}}}
    for corrected, verdict in ((True, Verdict.PASS), (False, Verdict.INCONCLUSIVE)):
        protocol = replace(PROTOCOL, parameters={"corrected": corrected})
        before, after = (
            number("bias_amplification", value, 0.001, "colour", protocol=protocol) for value in (0.1, 0.1)
        )
        found = verdict_of(before, replace(after, value=0.101), settings)
        assert found.verdict is verdict
    assert "shares as read, out of which nobody takes the reader's errors: it never passes" in found.sentence


def test_an_interval_that_holds_fixed_what_a_run_finds_anew_gates_only_if_it_is_named():
    protocol = replace(PROTOCOL, parameters={"held_fixed": "the directions that were found"})
    before, after = (
        number("attribute_direction_accuracy", value, 0.001, "digit", protocol=protocol) for value in (0.9, 0.5)
    )
    before, after = replace(before, direction=Direction.HIGHER), replace(after, direction=Direction.HIGHER)
    found = verdict_of(before, after)
    assert found.verdict is Verdict.DESCRIBED
    assert found.sentence == (
        "attribute_direction_accuracy [digit] has an interval that holds the directions that were found fixed, and "
        "another run finds them anew, so that equal models differ by more than it says: it gates only if it is named; "
        "0.5 after 0.9."
    )
    named = verdict_of(before, after, {"metrics": {"attribute_direction_accuracy [digit]": {"rel": 0.05}}})
    assert named.verdict is Verdict.FAIL


def test_a_gated_number_that_now_holds_something_fixed_is_another_definition_and_no_pass():
    protocol = replace(PROTOCOL, parameters={"held_fixed": "the directions that were found"})
    with pytest.raises(Incomparable, match=r"recall\.held_fixed is unset in the baseline"):
        gate(baseline_of(number("recall", 0.8)), [run(number("recall", 0.1, protocol=protocol), weights=OTHER)])
