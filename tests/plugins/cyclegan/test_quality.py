"""The shipped weights are what the README says, the recipe makes such weights again, and skewed classes spoil it."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load, load_file

from genaudit.datasets.colored_digits import ColoredDigits
from genaudit.extractors import digits as digits_extractor
from genaudit.plugin.options import NoOptions
from genaudit.stats.frechet import frechet_distance_of_rows
from genaudit_cyclegan import model, paired, train
from genaudit_cyclegan.checkpoints import shipped, shipped_pairs
from genaudit_cyclegan.options import CycleGanOptions, Pix2PixOptions

CPU = torch.device("cpu")
EVERY = 2
"""Of so many renders one is translated: the figures hold on half of them, and the time is half."""
FILES = {"cyclegan": (shipped, CycleGanOptions(), 225_000), "pix2pix": (shipped_pairs, Pix2PixOptions(), 115_000)}


@pytest.fixture(scope="module")
def data():
    return ColoredDigits()


@pytest.fixture(scope="module")
def extractor():
    return digits_extractor.build(NoOptions(), CPU)


class Measured:
    """Errors and readings of one direction of a translator on held-out digits."""

    def __init__(self, made, data, extractor, source, target):
        first, second = data.translation_pairs("holdout", source, target)
        x, y = (torch.from_numpy(look.images[::EVERY]).float() / 255 for look in (first, second))
        outputs = made.translate(x, source, target)
        self.error = float((outputs - y).abs().mean())
        self.untranslated = float((x - y).abs().mean())
        self.identity = float((made.translate(y, source, target) - y).abs().mean())
        ways = getattr(made, "directions", ((source, target), (target, source)))
        back = (target, source) in ways
        self.cycle = float((made.translate(outputs, target, source) - x).abs().mean()) if back else None
        before, after, truth = (
            extractor.extract((255 * each + 0.5).floor().to(torch.uint8)) for each in (x, outputs, y)
        )
        read = [found["logits"].argmax(1) for found in (before, after, truth)]
        self.kept, self.truly_kept = (float((read[0] == other).double().mean()) for other in read[1:])
        reference = torch.from_numpy(data.translation_pairs("evaluation", source, target)[1].images[::EVERY])
        rows = extractor.extract(reference)["features"].numpy()
        self.distance, self.floor = (
            frechet_distance_of_rows(found["features"].numpy(), rows) for found in (after, truth)
        )


def loaded(name):
    find, options, _ = FILES[name]
    made = {"cyclegan": model, "pix2pix": paired}[name].build(options, CPU)
    made.load_state(load_file(find(options)))
    return made


@pytest.fixture(scope="module")
def shipped_cyclegan(data, extractor):
    return measured_cyclegan(loaded("cyclegan"), data, extractor)


def measured_cyclegan(made, data, extractor):
    return [Measured(made, data, extractor, *way) for way in (("orange", "blue"), ("blue", "orange"))]


def check_cyclegan(measured):
    for found in measured:
        assert found.error == pytest.approx(0.023, abs=0.006)
        assert found.cycle == pytest.approx(0.024, abs=0.007)
        assert found.identity < 0.03
        assert found.untranslated > 5 * found.error
        assert found.kept > found.truly_kept - 0.012  # .981 and .989 where true translations keep .985
        assert found.distance < found.floor + 0.4


def check_pix2pix(made, data, extractor):
    found = Measured(made, data, extractor, "thin", "thick")
    assert found.cycle is None
    assert found.error < 0.045
    assert found.untranslated > 3 * found.error
    assert found.kept > found.truly_kept - 0.05


def test_the_shipped_cyclegan_has_the_quality_that_the_readme_states(shipped_cyclegan):
    check_cyclegan(shipped_cyclegan)


def test_the_shipped_pix2pix_has_the_quality_that_the_readme_states(data, extractor):
    check_pix2pix(loaded("pix2pix"), data, extractor)


def test_damaged_weights_show_in_the_error_and_in_the_distance(data, extractor, shipped_cyclegan):
    """The figures above are no accident of the test: weights with noise miss them."""
    made = loaded("cyclegan")
    sound = shipped_cyclegan[0]
    draws = torch.Generator().manual_seed(1)
    made.load_state(
        {name: rows + 0.05 * torch.randn(rows.shape, generator=draws) for name, rows in made.state().items()}
    )
    damaged = Measured(made, data, extractor, "orange", "blue")
    assert damaged.error > 1.5 * sound.error
    assert damaged.distance > 2 * sound.distance


@pytest.mark.parametrize("name", FILES)
def test_a_shipped_file_says_what_it_was_made_from(name):
    find, options, limit = FILES[name]
    with safe_open(str(find(options)), "np") as file:
        facts = file.metadata()
    assert type(options)(**json.loads(facts["options"])) == options
    assert (facts["name"], facts["version"], facts["steps"]) == (name, "1", "400")
    assert {"seed", "torch", "data_digest"} <= set(facts)
    curve = json.loads(facts["training_curve"])
    assert curve["steps"] == list(range(1, 401))
    assert all(map(math.isfinite, curve["loss"]))
    assert curve["validation_steps"][-1] == 400
    assert find(options).stat().st_size < limit


@pytest.mark.slow
def test_the_recipe_makes_a_cyclegan_of_the_same_quality(data, extractor):
    made = model.build(CycleGanOptions(), CPU)
    made.load_state(load(train.cyclegan(CycleGanOptions(), data, seed=1)))
    check_cyclegan(measured_cyclegan(made, data, extractor))


@pytest.mark.slow
def test_the_recipe_makes_a_pix2pix_of_the_same_quality(data, extractor):
    made = paired.build(Pix2PixOptions(), CPU)
    made.load_state(load(train.pix2pix(Pix2PixOptions(), data, seed=1)))
    check_pix2pix(made, data, extractor)


@pytest.mark.slow
def test_skewed_classes_teach_it_to_change_digits_while_the_cycle_stays_closed(data, extractor):
    """Cycle error alone is not faithfulness: it is small where every twentieth digit becomes another one."""
    options = replace(CycleGanOptions(), class_skew=1.0, identity_weight=0.0)
    made = model.build(options, CPU)
    made.load_state(load(train.cyclegan(options, data)))
    found = measured_cyclegan(made, data, extractor)
    assert max(one.cycle for one in found) < 0.04
    assert np.mean([one.kept for one in found]) < np.mean([one.truly_kept for one in found]) - 0.04
