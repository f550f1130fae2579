"""A plugin that draws from the global random numbers is named in the record, and they are put back."""

import importlib
import random
import sys
from dataclasses import replace

import broken
import numpy as np
import pytest
import torch
from tiny import tiny_catalog

from genaudit.engine.execution import execute
from genaudit.engine.plan import make_plan
from genaudit.engine.progress import RunObserver
from genaudit.engine.request import RunInputs
from genaudit.probes.randomness import GlobalRandomness, left_as_found, moved_since, random_states

DICE = {spec.name: spec for spec in broken.genaudit_generators() if "randomness" in spec.name}


@pytest.fixture
def run(installed, tmp_path):
    def go(name, **changes):
        world = tiny_catalog(installed, *DICE.values())
        inputs = RunInputs(
            plugin=name, dataset="tiny", samples=40, metrics=("fid",), formats=("json",), out=tmp_path, **changes
        )
        return execute(make_plan(inputs, world), world, RunObserver()).record

    return go


@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("breaks-global-randomness", "torch"),  # in decode
        ("breaks-global-randomness-2", "numpy"),
        ("breaks-global-randomness-3", "Python"),  # while it is built
    ],
)
def test_a_plugin_that_draws_from_global_random_numbers_is_named_once_and_they_are_put_back(run, name, library):
    before = random_states()
    record = run(name, batch_size=10)
    assert moved_since(before) == ()
    (warning,) = record.warnings
    assert warning.startswith(f"Plugin 'tiny' (tiny-world 1.0) moved the global random numbers of {library}: ")
    assert record.value("fid") > 0  # the numbers are given all the same


def test_a_plugin_that_draws_from_a_generator_of_its_own_is_not_named(run):
    assert run("tiny-vae", retrain=True).warnings == ()


def test_who_moved_what_is_kept_by_plugin_and_library():
    randomness = GlobalRandomness()
    with left_as_found():
        with randomness.watched("one"):
            torch.rand(1)
        with randomness.watched("other"):
            pass
        with randomness.watched("one"):
            np.random.rand(1)  # noqa: NPY002 - the global one is the point
    (warning,) = randomness.warnings
    assert warning.startswith("one moved the global random numbers of numpy and torch: ")


def test_numbers_are_put_back_after_an_error_too():
    def draws_and_fails():
        random.random()
        torch.rand(1)
        raise RuntimeError

    before = random_states()
    with pytest.raises(RuntimeError), left_as_found():
        draws_and_fails()
    assert moved_since(before) == ()


def test_within_a_stage_draws_go_on():
    """Put back between two calls, every batch of such a plugin would get the same noise."""
    randomness = GlobalRandomness()
    with left_as_found():
        with randomness.watched("one"):
            first = torch.rand(1)
        with randomness.watched("one"):
            second = torch.rand(1)
    assert first != second


MOVES = "import random\nrandom.random()\n"
"""A library that moves the numbers of Python when it is imported, as ``sklearn.datasets`` does."""


@pytest.fixture
def library(tmp_path, monkeypatch):
    (tmp_path / "moves_when_imported.py").write_text(MOVES)
    monkeypatch.syspath_prepend(tmp_path)
    yield "moves_when_imported"
    sys.modules.pop("moves_when_imported", None)


def test_what_an_imported_library_moves_while_a_plugin_is_built_is_not_held_against_it(library):
    randomness = GlobalRandomness()
    with left_as_found():
        assert randomness.watched_build("one", lambda: importlib.import_module(library) and "built") == "built"
    assert randomness.warnings == ()


def test_a_plugin_that_draws_while_it_is_built_is_noted_though_it_imports_something_too(library):
    randomness = GlobalRandomness()

    def draws():
        importlib.import_module(library)
        np.random.rand()  # noqa: NPY002 - the global one is the point

    with left_as_found():
        randomness.watched_build("one", draws)
    (warning,) = randomness.warnings
    assert warning.startswith("one moved the global random numbers of numpy: ")


def test_a_plugin_whose_module_imports_such_a_library_is_not_named(installed, tmp_path, library):
    (tmp_path / "imports_it.py").write_text(f"import {library}\nfrom broken import Sound\n")
    spec = replace(DICE["breaks-global-randomness"], name="imports-it", target="imports_it:Sound")
    world = tiny_catalog(installed, spec)
    inputs = RunInputs(
        plugin="imports-it", dataset="tiny", samples=40, metrics=("fid",), formats=("json",), out=tmp_path / "runs"
    )
    assert execute(make_plan(inputs, world), world, RunObserver()).record.warnings == ()
    del sys.modules["imports_it"]
