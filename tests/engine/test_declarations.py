"""A population that does not fit the data set is refused before anything is computed."""

import pytest

from genaudit.engine.plan import make_plan
from genaudit.engine.request import RunInputs
from genaudit.errors import BadOption
from genaudit.plugin.manager import load_plugins

CATALOG = load_plugins()


def plan(population, tmp_path):
    options = {"representation.reference": "population", "representation.population": population}
    return make_plan(RunInputs(plugin="vae", out=tmp_path, options=options), CATALOG)


def test_a_population_of_the_data_sets_levels_is_planned(tmp_path):
    planned = plan("colour=orange:0.6,colour=blue:0.4", tmp_path)
    assert planned.options["representation"].population == ("colour=orange:0.6", "colour=blue:0.4")


@pytest.mark.parametrize(
    ("population", "why"),
    [
        ("shape=round:0.6,shape=flat:0.4", "about shape; the data have digit, colour"),
        ("colour=orange:0.6,colour=green:0.4", "names orange, green; its levels are orange, blue"),
        ("colour=orange:0.6,colour=blue:0.5", "add up to 1.1"),
    ],
)
def test_a_population_of_others_is_refused(population, why, tmp_path):
    with pytest.raises(BadOption, match=why):
        plan(population, tmp_path)
