"""[gate] is checked as a whole, and a mistake in it is named with what was meant."""

import pytest

from genaudit.errors import BadOption, UnknownName
from genaudit.gate.settings import GateSettings, gate_settings
from genaudit.values.gate import GateLevel


def test_a_metric_takes_what_it_does_not_say_from_the_default():
    found = gate_settings(
        {"default": {"level": "warn", "rel": 0.1}, "metrics": {"fid": {"level": "error"}, "coverage": {"abs": 0.02}}}
    )
    assert (found.of("fid").level, found.of("fid").rel) == (GateLevel.ERROR, 0.1)
    assert (found.of("coverage").level, found.of("coverage").rel, found.of("coverage").abs) == ("warn", 0.0, 0.02)
    assert found.of("kid") == found.default


def test_without_a_table_every_metric_may_worsen_by_five_per_cent():
    assert gate_settings({}) == GateSettings()
    assert GateSettings().default.allowed(-200.0) == 10.0


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"defualt": {}}, r"no key 'defualt' \(did you mean 'default'\?\)"),
        ({"metrics": {"fid": {"relative": 0.1}}}, r"no key 'relative' of fid"),
        ({"metrics": {"fid": {"rel": -0.1}}}, r"fid.rel = -0.1 is not a number of at least 0"),
        ({"default": {"abs": float("nan")}}, r"default.abs = nan is not a number"),
        ({"default": {"rel": True}}, r"default.rel = True is not a number"),
        ({"default": {"level": "fatal"}}, r"default.level = 'fatal' is not off, warn, error"),
        ({"metrics": {"fid": 0.1}}, r"fid is 0.1, not a table"),
        ({"metrics": []}, r"metrics is \[\], not a table"),
        ({"strict": 1}, r"strict = 1 is not true or false"),
        ({"max_samples": -1}, r"max_samples = -1 is not a whole number of at least 1"),
        ({"drift_from": "last"}, r"drift_from = 'last' is not first or off"),
        ({"metrics": {"share_generated [digit=6]": {"reason": "x"}}}, r"uncorrected share and never gates"),
    ],
)
def test_a_mistake_is_named(table, said):
    with pytest.raises(BadOption, match=said):
        gate_settings(table)


def test_all_mistakes_are_named_at_once():
    with pytest.raises(BadOption, match=r"no key 'a'; .*default.rel = -1"):
        gate_settings({"a": 1, "default": {"rel": -1}})


def test_zero_is_a_tolerance():
    tolerance = gate_settings({"default": {"rel": 0, "abs": 0}}).default
    assert (tolerance.allowed(5.0), tolerance.rule(5.0)) == (0.0, "any real worsening")


def test_the_larger_of_both_tolerances_counts_and_is_named():
    tolerance = gate_settings({"default": {"rel": 0.03, "abs": 0.5}}).default
    assert (tolerance.allowed(10.0), tolerance.rule(10.0)) == (0.5, "0.5")
    assert (tolerance.allowed(-100.0), tolerance.rule(-100.0)) == (3.0, "3 % of the baseline")


def test_a_metric_that_does_not_exist_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match=r"No metric for .*'fdi'. Did you mean 'fid'"):
        gate_settings({"metrics": {"fdi": {}}}).check_names(["fid", "kid"])
