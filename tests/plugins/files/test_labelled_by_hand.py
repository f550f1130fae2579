"""Labels that people gave to a set of images take the place of an annotator in a run, with or without their errors."""

import numpy as np
import pytest

import genaudit
from genaudit.datasets.colored_digits import ColoredDigits
from genaudit.engine.plan import make_plan
from genaudit.engine.request import RunInputs
from genaudit.errors import GenauditError
from genaudit.plugin.manager import load_plugins

COLOURS = np.array(["orange", "blue"])
ERRORS = "colour=orange/orange:95,colour=orange/blue:5,colour=blue/blue:100,colour=blue/orange:0"


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """Held-out digits, and labels of their colour of which each twentieth of the orange ones is wrong."""
    split, place = ColoredDigits().split("holdout"), tmp_path_factory.mktemp("labelled")
    np.save(place / "images.npy", split.images[:400])
    colour = split.labels["colour"][:400].copy()
    orange = np.flatnonzero(colour == 0)
    colour[orange[::20]] = 1
    rows = "\n".join(f"{number},{COLOURS[code]}" for number, code in enumerate(colour))
    (place / "labels.csv").write_text(f"index,colour\n{rows}\n")
    return place, len(orange) / 400


def options(place, **more):
    return {"samples.path": str(place / "images.npy"), "labels.file": str(place / "labels.csv"), **more}


@pytest.fixture(scope="module")
def records(labelled, tmp_path_factory):
    place, _ = labelled
    out = tmp_path_factory.mktemp("runs")
    unknown = [metric for metric in load_plugins().names("metric") if metric != "kid_by_group"]
    return [
        genaudit.run(
            plugin="samples", annotators=["colour=labels"], options=options(place, **more), skip=unknown, out=out,
            formats=("json",),
        )
        for more in ({}, {"labels.confusion": ERRORS, "labels.by": "two people"})
    ]  # fmt: skip


def test_without_their_errors_shares_are_uncorrected_and_not_judged(records, labelled):
    plain = records[0]
    assert plain.value("share_generated", group="colour=orange") == pytest.approx(labelled[1], abs=0.03)
    assert not [result for result in plain.results if result.metric == "share_corrected"]
    codes = {item.reason_code for item in plain.not_available if item.component == "share_corrected"}
    assert "no_confusion_matrix" in codes


def test_with_them_the_share_is_corrected_to_what_it_is(records, labelled):
    found = records[1].result("share_corrected", group="colour=orange")
    assert found.interval.low <= labelled[1] <= found.interval.high
    assert found.value == pytest.approx(labelled[1], abs=0.005)  # 5 of 100 against each twentieth: near, not equal
    assert found.value > records[1].value("share_generated", group="colour=orange")


def test_whoever_labelled_is_named_with_the_error(records):
    said = {caveat for finding in records[1].findings for caveat in finding.caveats}
    assert any("Colour was read by two people, right for 195 of 200" in caveat for caveat in said)


def test_groups_of_the_kernel_distance_are_the_labels(records):
    groups = {result.group for result in records[0].results if result.metric == "kid_by_group"}
    assert groups == {"colour=orange", "colour=blue"}


def test_labels_that_do_not_fit_are_refused_before_anything_is_computed(labelled, tmp_path):
    place, _ = labelled
    (tmp_path / "few.csv").write_text("colour\norange\n")
    inputs = RunInputs(
        plugin="samples",
        annotators=("colour=labels",),
        options=options(place) | {"labels.file": str(tmp_path / "few.csv")},
        out=tmp_path,
    )
    with pytest.raises(GenauditError, match="holds 1 labels for 400 generated images"):
        make_plan(inputs, load_plugins())
