"""What path lengths, styles and points of the plane need is judged before anything runs, with the reason."""

from dataclasses import replace

import pytest
import tiny
from tiny import tiny_catalog

from genaudit.engine.plan import make_plan
from genaudit.engine.request import RunInputs
from genaudit.errors import GenauditError
from genaudit.plugin.specs import GeneratorSpec


def named(name):
    return next(spec for spec in tiny.SPECS if spec.name == name)


STYLED = GeneratorSpec(
    name="styled",
    summary="Layers that decide one thing each.",
    target="styled:Styled",
    capabilities=("Sampler", "StyleMapper"),
    image_shape=tiny.SHAPE,
)


@pytest.fixture
def plan(installed, tmp_path):
    def make(*further, **changes):
        given = {"plugin": "styled", "dataset": "tiny", "out": tmp_path / "runs"}
        return make_plan(RunInputs(**{**given, **changes}), tiny_catalog(installed, STYLED, *further))

    return make


def reasons(made, metric):
    return {missing.reason_code: missing for missing in made.unavailable if missing.component == metric}


def test_path_lengths_need_an_extractor_that_does_not_round(plan):
    missing = reasons(plan(), "ppl")["needs-continuous-extractor"]
    assert missing.reason == "Extractor 'tiny-net' reads 8-bit levels only: rounding would hide such small differences."
    assert not reasons(plan(extractor="pixels"), "ppl")


def test_styles_are_asked_of_style_mappers_alone(plan):
    for metric in ("style_mixing_consistency", "noise_input_effect", "truncation_tradeoff"):
        assert not reasons(plan(), metric)
        assert "needs-capability" in reasons(plan(plugin="tiny-sampler"), metric)


def test_mixing_needs_at_least_one_reader(plan):
    unread = replace(named("tiny"), name="unread", annotators={}, pairs=())
    missing = reasons(plan(unread, dataset="unread"), "style_mixing_consistency")["needs-annotator"]
    assert missing.reason == "Data set 'unread' names no annotator."


def test_points_of_the_plane_have_no_pixels_and_modes_that_are_known(plan):
    made = plan(plugin="ring-gan", dataset="ring")
    assert made.request.extractor == "ring-modes"
    wanted = {"mode_count", "high_quality_rate", "recall", "vendi", "ppl", "fid"}
    assert wanted <= {metric.spec.name for metric in made.metrics}
    assert "needs-extractor-output" in reasons(plan(), "high_quality_rate")


def test_points_and_digits_are_not_mixed_up(plan):
    with pytest.raises(GenauditError, match="'ring-gan' is for vectors, the dataset 'tiny' for images"):
        plan(plugin="ring-gan")
    with pytest.raises(GenauditError, match=r"Extractor 'digits'|extractor 'digits' for images"):
        plan(plugin="ring-gan", dataset="ring", extractor="digits")
