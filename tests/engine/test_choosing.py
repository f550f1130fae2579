"""What --metrics and --skip ask for."""

import pytest

from genaudit.engine.choosing import chosen
from genaudit.engine.request import RunInputs
from genaudit.errors import BadOption, UnknownName


@pytest.fixture
def names(installed, tmp_path):
    """Names of the metrics and of the audits that take part."""

    def ask(metrics=(), skip=()):
        inputs = RunInputs(plugin="vae", metrics=metrics, skip=skip, out=tmp_path)
        asked = chosen(inputs, installed)
        return [one.spec.name for one in asked.metrics], [one.spec.name for one in asked.audits]

    return ask


def test_without_names_everything_of_a_generator_is_asked(names, installed):
    metrics, audits = names()
    assert len(metrics) == len(installed.all("metric"))
    assert {"representation", "amplification"} <= set(audits)
    assert "group_rates" not in audits  # it is about a table of the user's


@pytest.mark.parametrize(
    ("asked", "metrics", "audits"),
    [
        (("kid",), ["kid"], []),
        (("representation",), [], ["representation"]),
        (("share_corrected",), [], ["representation"]),
        (("share_corrected [colour]", "kid", "share_generated"), ["kid"], ["representation"]),
    ],
)
def test_an_audit_is_asked_for_by_its_name_or_by_one_of_its_numbers(names, asked, metrics, audits):
    assert names(asked) == (metrics, audits)


def test_an_audit_is_left_out_by_its_name(names):
    everything, without = names(), names(skip=("representation", "kid"))
    assert set(everything[1]) - set(without[1]) == {"representation"}
    assert set(everything[0]) - set(without[0]) == {"kid"}


def test_nothing_left_and_names_of_nothing_are_refused(names):
    with pytest.raises(BadOption, match="No metric is left"):
        names(("representation",), ("representation",))
    with pytest.raises(UnknownName, match="No metric 'representaton'"):
        names(("representaton",))
