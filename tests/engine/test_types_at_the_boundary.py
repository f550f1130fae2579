"""What a generator is given is float32, whatever it answered before, and what it gives back is held to the same."""

import broken
import pytest
from tiny import tiny_catalog
from tiny_context import tiny_context

from genaudit.engine.execution import execute
from genaudit.engine.plan import make_plan
from genaudit.engine.progress import RunObserver
from genaudit.engine.request import RunInputs
from genaudit.metrics.style_options import PathLengthOptions
from genaudit.probes.small_steps import style_steps

DOUBLES = {spec.name: spec for spec in broken.genaudit_generators()}


@pytest.fixture
def record_of(installed, tmp_path):
    def go(name, *metrics):
        world = tiny_catalog(installed, *DOUBLES.values())
        inputs = RunInputs(plugin=name, dataset="tiny", samples=40, metrics=metrics, formats=("json",), out=tmp_path)
        return execute(make_plan(inputs, world), world, RunObserver()).record

    return go


def test_every_capability_is_asked_in_float32_even_where_the_model_answers_in_float64(record_of):
    record = record_of("keeps-strictly")
    assert record.failures == ()
    found = {(result.metric, result.group) for result in record.results}
    asked = {
        "decode": ("kid", ""),
        "synthesize with noise": ("noise_input_effect", ""),
        "log_likelihood of codes": ("iwae", ""),
        "log_likelihood along chains": ("log_likelihood", ""),
        "reconstruct": ("reconstruction_mse", ""),
        "translate": ("cycle_consistency", "warm to cold"),
    }
    assert {what for what, name in asked.items() if name not in found} == set()


def test_small_steps_between_styles_are_asked_in_float32():
    model = broken.Strict(None, None)
    found = style_steps(tiny_context(generator=model, demands={"style_steps": (PathLengthOptions(paths=4),)})).value
    assert (found.anywhere > 0).all()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("breaks-dtypes", "it returned torch.float64; allowed: torch.float32 (end it with '.float()')"),
        ("breaks-dtypes-2", "it returned torch.uint8; allowed: torch.float32 (scale them, then '.float()')"),
        ("breaks-dtypes-3", "it returned torch.complex64; allowed: torch.float32"),
    ],
)
def test_images_of_another_type_are_refused_as_the_kit_refuses_them(record_of, name, said):
    (failure,) = record_of(name, "kid").failures
    assert said in failure.error


def test_codes_that_are_no_numbers_with_fractions_are_refused(record_of):
    (failure,) = record_of("breaks-dtypes-4", "active_units").failures
    assert "broke its contract in 'encode': it returned torch.int64; allowed: a floating type" in failure.error
