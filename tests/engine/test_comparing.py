"""Runs side by side: what a change means, and what may not be compared."""

from dataclasses import replace

import pytest
from records import record, result

import genaudit
from genaudit.errors import BadOption, ComparisonError, UnknownName
from genaudit.values.comparison import Reading
from genaudit.values.results import Direction, EvaluationProtocol, Failure, Unavailable
from genaudit.values.run import AuditDescription


def run(*results, plugin="vae", **changes):
    made = record(results=results, not_available=(), failures=(), **changes)
    return replace(made, request=replace(made.request, plugin=plugin), run_id=f"run of {plugin}")


def readings(comparison):
    return {number.metric: number.cells[1].change.reading for number in comparison.numbers}


def test_a_change_is_read_in_the_metrics_own_direction():
    up, none = {"direction": Direction.HIGHER}, {"direction": Direction.NONE}
    first = run(
        result("fid", 4.0, interval=(3.9, 4.1)),
        result("recall", 0.5, interval=(0.4, 0.6), **up),
        result("spread", 1.0, interval=(0.9, 1.1), **none),
        result("kid", 0.1, interval=(0.0, 0.2)),
        result("mode_count", 10.0, interval=None, **up),
    )
    second = run(
        result("fid", 3.0, interval=(2.9, 3.1)),
        result("recall", 0.2, interval=(0.15, 0.25), **up),
        result("spread", 2.0, interval=(1.9, 2.1), **none),
        result("kid", 0.2, interval=(0.1, 0.3)),
        result("mode_count", 9.0, interval=None, **up),
        plugin="dcgan",
    )
    comparison = genaudit.compare([first, second])
    assert readings(comparison) == {
        "fid": Reading.BETTER,
        "recall": Reading.WORSE,
        "spread": Reading.DIFFERENT,
        "kid": Reading.OPEN,
        "mode_count": Reading.NO_INTERVAL,
    }
    fid = comparison.numbers[0].cells[1].change
    assert fid.difference == pytest.approx(-1.0)
    # √(0.1² + 0.1²) on either side
    assert (fid.interval.low, fid.interval.high) == pytest.approx((-1.1414214, -0.8585786), abs=1e-6)
    assert comparison.changes == 4
    assert comparison.expected_by_chance == pytest.approx(0.2)


def test_a_run_without_a_number_says_why():
    needs = Unavailable(component="elbo", reason_code="needs-capability", reason="A GAN has no posterior.")
    broken = Failure(component="kid", stage="metric", error="ValueError: odd")
    first = run(result("fid"), result("elbo"), result("kid"), result("mind"))
    second = record(results=(result("fid"),), not_available=(needs,), failures=(broken,))
    third = run(result("fid"), result("elbo"), result("kid"), result("mind"))
    comparison = genaudit.compare([first, second, third], ["a", "b", "c"])
    missing = {number.metric: number.cells[1].reason for number in comparison.numbers if number.cells[1].value is None}
    assert missing == {
        "elbo": "A GAN has no posterior.",
        "kid": "failed in metric: ValueError: odd",
        "mind": "not among the numbers of this run",
    }


def test_numbers_of_unlike_protocols_are_refused_with_the_field_and_both_values():
    first = run(result("fid", protocol=EvaluationProtocol(extractor="digits", samples=1_000)), result("kid"))
    second = run(result("fid", protocol=EvaluationProtocol(extractor="digits", samples=2_000)), result("kid"))
    with pytest.raises(ComparisonError, match=r"samples is '1000' in run vae 1 and '2000' in run vae 2"):
        genaudit.compare([first, second])
    comparison = genaudit.compare([first, second], skip_unlike=True)
    assert [number.metric for number in comparison.numbers] == ["kid"]
    assert [(item.metric, item.field, item.first, item.second) for item in comparison.unlike] == [
        ("fid", "samples", "1000", "2000")
    ]


def test_numbers_of_groups_of_other_sizes_are_left_out_and_listed_without_being_asked():
    def of(items, k):
        parameters = {"items_of_each_group": items, "k": k}
        return run(result("recall_by_group", protocol=EvaluationProtocol(parameters=parameters)), result("kid"))

    comparison = genaudit.compare([of(138, 3), of(142, 3)])
    assert [number.metric for number in comparison.numbers] == ["kid"]
    assert [(item.field, item.first, item.second) for item in comparison.unlike] == [
        ("parameters.items_of_each_group", "138", "142")
    ]
    with pytest.raises(ComparisonError, match=r"parameters\.k is '3' in run vae 1 and '5' in run vae 2"):
        genaudit.compare([of(138, 3), of(142, 5)])


def test_an_interval_that_does_not_hold_its_value_makes_no_interval_of_the_change():
    comparison = genaudit.compare([run(result(value=5.0)), run(result())])
    assert readings(comparison) == {"fid": Reading.NO_INTERVAL}


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"records": 1}, BadOption, "at least 2 runs, not 1"),
        ({"labels": ["a"]}, BadOption, "as many different labels"),
        ({"labels": ["a", "a"]}, BadOption, "as many different labels"),
        ({"metrics": ["fdi"]}, UnknownName, "Did you mean 'fid'"),
    ],
)
def test_what_cannot_be_compared_is_said(arguments, error, said):
    records = [run(result())] * arguments.pop("records", 2)
    with pytest.raises(error, match=said):
        genaudit.compare(records, **arguments)


def test_runs_without_a_common_number_are_refused_with_what_each_has():
    with pytest.raises(ComparisonError, match=r"no number in common .*: vae 1 has fid, recall; vae 2 has kid\."):
        genaudit.compare([run(result("fid"), result("recall")), run(result("kid"))])
    with pytest.raises(ComparisonError, match=r"vae 2 has no number"):
        genaudit.compare([run(result("fid")), run()])


def test_runs_of_unlike_things_are_refused_with_the_fields_and_both_values():
    ours = run(result("fid"))
    theirs = run(result("high_quality_rate"), plugin="ring-gan")
    theirs = replace(theirs, request=replace(theirs.request, dataset="ring", extractor="ring-modes"))
    with pytest.raises(ComparisonError) as refused:
        genaudit.compare([ours, theirs])
    assert "dataset is 'colored-digits' in run vae and 'ring' in run ring-gan" in str(refused.value)
    assert "extractor is 'digits' in run vae and 'ring-modes' in run ring-gan" in str(refused.value)
    texts = dict.fromkeys(("title", "summary", "meaning", "caveat", "source", "version"), "")
    table = replace(theirs, audits=(AuditDescription(name="rates", **texts),), results=(result("selection_rate"),))
    said = "subject is 'a generator' in run vae and 'decisions in a table' in run ring-gan"
    with pytest.raises(ComparisonError, match=said):
        genaudit.compare([ours, table])


def test_where_nothing_is_left_without_what_is_unlike_the_field_is_named_too():
    first = run(result("fid", protocol=EvaluationProtocol(samples=1_000)))
    second = run(result("fid", protocol=EvaluationProtocol(samples=2_000)))
    with pytest.raises(ComparisonError, match="samples is '1000' in run vae 1 and '2000' in run vae 2"):
        genaudit.compare([first, second], skip_unlike=True)


def test_a_metric_that_only_one_run_has_is_refused_with_the_others_reason():
    needs = Unavailable(component="elbo", reason_code="needs-capability", reason="A GAN has no posterior.")
    second = record(results=(result("fid"),), not_available=(needs,), failures=())
    with pytest.raises(ComparisonError, match=r"b has no elbo \(A GAN has no posterior\)\."):
        genaudit.compare([run(result("fid"), result("elbo")), second], ["a", "b"], metrics=["elbo"])


def test_the_same_run_twice_is_said():
    comparison = genaudit.compare([run(result()), run(result())])
    assert "vae 2 is the same run as vae 1." in comparison.warnings
    assert readings(comparison) == {"fid": Reading.OPEN}
