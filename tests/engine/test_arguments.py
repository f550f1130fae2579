"""A wrong type in the Python interface is said in words, before anything is loaded."""

from pathlib import Path

import numpy as np
import pytest

import genaudit
from genaudit.engine.arguments import ARGUMENTS, arguments_of
from genaudit.engine.request import RunInputs
from genaudit.errors import BadOption


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"samples": "a"}, "samples is 'a', not a whole number."),
        ({"samples": 20.0}, "samples is 20.0, not a whole number."),
        ({"seed": True}, "seed is True, not a whole number."),
        ({"seed": None}, "seed is None, not a whole number."),
        ({"dataset": None}, "dataset is None, not a text."),
        ({"layout": 3}, "layout is 3, not a text."),
        ({"metrics": "fid"}, "metrics is 'fid', not a list of names."),
        ({"metrics": 7}, "metrics is 7, not a list of names."),
        ({"skip": [1]}, "skip is [1], not a list of names."),
        ({"options": "x"}, "options is 'x', not a mapping of 'component.option' to values."),
        ({"out": 3, "retrain": "no"}, "out is 3, not a path; retrain is 'no', not True or False."),
    ],
)
def test_an_argument_of_a_wrong_type_is_named_with_what_it_may_be(given, said):
    with pytest.raises(BadOption) as caught:
        genaudit.run("vae", **{"profile": "smoke", **given})
    assert (caught.value.message, caught.value.hint) == (said, "See help(genaudit.run).")


def test_arguments_come_in_the_types_of_a_run():
    given = {"samples": np.int64(20), "metrics": (name for name in ["fid"]), "weights": None, "out": "runs"}
    assert arguments_of("run", given) == {"samples": 20, "metrics": ("fid",), "weights": None, "out": Path("runs")}
    assert type(arguments_of("run", given)["samples"]) is int


def test_every_field_of_the_inputs_has_its_rule():
    assert set(ARGUMENTS) == set(RunInputs.__dataclass_fields__)
