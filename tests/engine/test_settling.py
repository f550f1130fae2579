"""A generator or a data set may know its shape and what it can do only once its options are known."""

from dataclasses import dataclass, replace

import pytest
from tiny import SHAPE, tiny_catalog

from genaudit.engine.plan import make_plan
from genaudit.engine.request import RunInputs
from genaudit.errors import BadOption, GenauditError, PluginError
from genaudit.plugin.specs import DatasetSpec, GeneratorSpec
from genaudit.plugin.validation import defects


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeOptions:
    """How large its images are, and what it does when it is asked."""

    size: int = 4
    does: str = "settle"


def settle(spec, options):
    if options.does == "refuse":
        raise GenauditError("There is no such file.", "Give another.")
    if options.does == "raise":
        raise ZeroDivisionError("nothing to divide by")
    if options.does == "rename":
        return replace(spec, name="somebody-else", image_shape=SHAPE)
    if options.does == "forget":
        return None
    return replace(spec, image_shape=(3, options.size, options.size), items=30 if options.does == "hold" else 0)


FLEXIBLE = GeneratorSpec(
    name="flexible",
    summary="As large as it is wanted.",
    target="tiny:build_vae",
    options="test_settling:SizeOptions",
    settle="test_settling:settle",
    capabilities=("Sampler",),
)


@pytest.fixture
def plan(installed, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "test_settling", __import__("sys").modules[__name__])
    catalog = tiny_catalog(installed, FLEXIBLE)

    def make(samples=None, **options):
        given = {f"flexible.{name}": value for name, value in options.items()}
        inputs = RunInputs(plugin="flexible", dataset="tiny", samples=samples, options=given, out=tmp_path / "runs")
        return make_plan(inputs, catalog)

    return make


def test_the_shape_is_that_of_the_options(plan):
    assert plan().generator.spec.image_shape == SHAPE
    with pytest.raises(GenauditError, match=r"makes images of shape \(3, 8, 8\), data set 'tiny' has \(3, 4, 4\)"):
        plan(size=8)


def test_what_the_plugin_refuses_is_said_in_its_own_words(plan):
    with pytest.raises(GenauditError, match="There is no such file"):
        plan(does="refuse")


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("raise", "failed at stage settle of generator 'flexible': ZeroDivisionError: nothing to divide by"),
        ("rename", "it renamed the generator to 'somebody-else'"),
        ("forget", "returned a NoneType, not a GeneratorSpec"),
    ],
)
def test_a_defect_of_the_function_is_its_plugins(plan, does, said):
    with pytest.raises(PluginError, match=said):
        plan(does=does)


def test_all_items_of_a_small_set_are_used_and_that_is_said(plan):
    made = plan(does="hold")
    assert made.request.samples == 30
    assert "'flexible' holds 30 items, fewer than profile standard asks for." in made.warnings


def test_more_items_than_there_are_cannot_be_asked_for(plan):
    assert plan(samples=20, does="hold").request.samples == 20
    with pytest.raises(BadOption, match="--samples 31 is not possible: 'flexible' holds 30 items"):
        plan(samples=31, does="hold")


DATA = DatasetSpec(
    name="elastic",
    summary="As large as it is wanted.",
    target="tiny:build_dataset",
    options="test_settling:SizeOptions",
    settle="test_settling:settle_data",
    extractor="tiny-net",
)


def settle_data(spec, options):
    if options.does == "forget":
        return None
    return replace(spec, image_shape=(3, options.size, options.size), splits={"evaluation": 40})


def test_a_data_set_has_the_shape_and_the_splits_of_its_options(installed, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "test_settling", __import__("sys").modules[__name__])
    catalog = tiny_catalog(installed, DATA)

    def plan(**options):
        given = {f"elastic.{name}": value for name, value in options.items()}
        return make_plan(
            RunInputs(plugin="tiny-sampler", dataset="elastic", options=given, out=tmp_path / "runs"), catalog
        )

    assert plan().dataset.spec.splits == {"evaluation": 40}
    assert plan().options["elastic"].size == 4
    with pytest.raises(GenauditError, match=r"data set 'elastic' has \(3, 8, 8\)"):
        plan(size=8)
    with pytest.raises(BadOption, match="elastic: no option 'sise' \\(did you mean 'size'"):
        plan(sise=8)
    with pytest.raises(PluginError, match="failed at stage settle of dataset 'elastic': returned a NoneType"):
        plan(does="forget")


def test_a_function_that_is_no_path_is_refused_when_the_plugin_is_loaded():
    assert defects(replace(FLEXIBLE, settle="settle"), GeneratorSpec) == [
        "generator 'flexible': settle 'settle' is not of the form 'module:function'"
    ]
