"""A generator whose images do not depend on latents alone is named in the record."""

import broken
import pytest
import torch
from tiny import tiny_catalog
from tiny_context import tiny_context

from genaudit.engine.execution import execute
from genaudit.engine.plan import make_plan
from genaudit.engine.progress import RunObserver
from genaudit.engine.request import RunInputs
from genaudit.probes.repetition import unrepeatable

DOUBLES = {spec.name: spec for spec in broken.genaudit_generators()}


@pytest.fixture
def warnings_of(installed, tmp_path):
    def go(name):
        world = tiny_catalog(installed, *DOUBLES.values())
        inputs = RunInputs(plugin=name, dataset="tiny", samples=40, metrics=("fid",), formats=("json",), out=tmp_path)
        return execute(make_plan(inputs, world), world, RunObserver()).record.warnings

    return go


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("breaks-repeatable", "for the same latents when they were asked for a second time: they moved by up to 0.0"),
        ("breaks-batch-size", "for the same latents when fewer were asked for together: they moved by up to 0."),
    ],
)
def test_a_generator_that_answers_the_same_latents_otherwise_is_named(warnings_of, name, said):
    (warning,) = warnings_of(name)
    assert warning.startswith("Plugin 'tiny' (tiny-world 1.0) gave other items ")
    assert said in warning


@pytest.mark.parametrize("name", ["tiny-sampler", "keeps-labels"])
def test_a_generator_that_heeds_latents_and_classes_alone_is_not_named(warnings_of, name):
    assert warnings_of(name) == ()


def test_one_that_moves_global_random_numbers_is_warned_of_once(warnings_of):
    (warning,) = warnings_of("breaks-global-randomness")
    assert "moved the global random numbers of torch" in warning


@pytest.mark.parametrize(("step", "found"), [(1e-3, True), (1e-5, False)])
def test_what_moves_by_more_than_rounding_is_found(step, found):
    """1e-5 a call is what an order of addition in float32 does; 1e-3 is a quarter of a grey level."""

    class Drifting:
        latent_shape, calls = (3,), 0

        def decode(self, z):
            self.calls += 1
            return torch.full((len(z), 3, 4, 4), 0.5 + step * self.calls)

    assert bool(unrepeatable(tiny_context(generator=Drifting()))) is found


@pytest.mark.parametrize("shape", [(3,), None])
def test_a_generator_that_cannot_be_asked_is_not_doubted_here(shape):
    class Failing:
        latent_shape = shape

        def decode(self, z):
            raise RuntimeError("no decoder today")

    assert unrepeatable(tiny_context(generator=Failing())) == ""
