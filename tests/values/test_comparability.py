"""Which fields keep two numbers from being compared."""

from dataclasses import replace

from records import result

from genaudit.values.comparability import unlike_fields
from genaudit.values.results import EvaluationProtocol


def with_protocol(**changes):
    return result(protocol=EvaluationProtocol(extractor="digits", parameters={"k": 3}, **changes))


def test_another_seed_and_other_library_versions_are_no_obstacle():
    first, second = with_protocol(seed=0, versions={"torch": "2.14"}), with_protocol(seed=7, versions={"torch": "2.15"})
    assert unlike_fields(first, second) == ()
    assert first.definition == second.definition


def test_every_differing_field_is_named_with_both_values():
    first = with_protocol(samples=1_000, reference="colored-digits/evaluation")
    second = replace(with_protocol(samples=2_000), version="2")
    found = {item.field: (item.first, item.second) for item in unlike_fields(first, second)}
    assert found == {
        "version": ("1", "2"),
        "samples": ("1000", "2000"),
        "reference": ("colored-digits/evaluation", "none"),
    }


def test_a_parameter_is_named_by_itself():
    first = with_protocol()
    second = result(protocol=EvaluationProtocol(extractor="digits", parameters={"k": 5, "metric": "cosine"}))
    found = [(item.field, item.first, item.second) for item in unlike_fields(first, second)]
    assert found == [("parameters.k", "3", "5"), ("parameters.metric", "none", "cosine")]
