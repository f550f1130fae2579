"""The embedded evaluator is pinned, reads well, ranks corruptions, and does not depend on how it is run."""

import hashlib
import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest
import torch
from safetensors import safe_open
from scipy.ndimage import gaussian_filter
from torch.nn import functional

from genaudit.datasets.colored_digits import ColoredDigits
from genaudit.extractors import DIGITS, IDENTITY, genaudit_extractors
from genaudit.extractors import train_digits as recipe
from genaudit.extractors.digits import SHAPES, WEIGHTS, build
from genaudit.plugin.options import NoOptions
from genaudit.stats.frechet import frechet_distance_of_rows

DIGEST = "62802ece0c2eef620b83319aacb661485a94d2674dc9d63b58eef84d2698efdb"


@pytest.fixture(scope="module")
def data():
    return ColoredDigits()


@pytest.fixture(scope="module")
def extractor():
    return build(NoOptions(), torch.device("cpu"))


def read(extractor, images):
    outputs = extractor.extract(torch.from_numpy(np.ascontiguousarray(images)))
    return {name: tensor.numpy() for name, tensor in outputs.items()}


@pytest.fixture(scope="module")
def distance(extractor, data):
    """Distance of images to the reference in one output of the extractor."""
    reference = read(extractor, data.split("evaluation").images)

    def of(images, output="features"):
        return frechet_distance_of_rows(read(extractor, images)[output], reference[output])

    return of


def levels(pixels):
    return np.floor(np.clip(pixels, 0, 255) + 0.5).astype(np.uint8)


def test_the_weights_are_those_of_every_published_number(extractor):
    content = (files("genaudit.extractors") / WEIGHTS).read_bytes()
    assert hashlib.sha256(content).hexdigest() == DIGEST
    assert extractor.weights_digest == DIGEST


def test_the_network_has_the_parameters_that_the_documentation_counts(extractor):
    counted = {name: tensor.numel() for name, tensor in extractor.weights.items() if not name.startswith("scale.")}
    assert sum(counted.values()) == 89_964
    assert {name.removesuffix(".weight") for name in counted if name.endswith(".weight")} == set(SHAPES)


def test_the_file_says_what_it_was_made_from(data):
    with safe_open(str(files("genaudit.extractors") / WEIGHTS), "np") as file:
        facts = file.metadata()
    assert facts["data_digest"] == data.balanced("train").digest
    assert {"recipe", "seed", "torch", "numpy", "holdout_digit_accuracy"} <= set(facts)


def test_the_hold_out_is_read_with_the_stated_accuracy(extractor, data):
    holdout = data.split("holdout")
    outputs = read(extractor, holdout.images)
    assert np.mean(outputs["logits"].argmax(1) == holdout.labels["digit"]) > 0.97
    assert np.array_equal(outputs["colour_logits"].argmax(1), holdout.labels["colour"])


def test_outputs_are_float64_of_the_dimensions_in_the_spec(extractor):
    outputs = extractor.extract(torch.zeros(3, *DIGITS.input_shape, dtype=torch.uint8))
    assert {name: tensor.shape[1] for name, tensor in outputs.items()} == DIGITS.outputs
    assert {tensor.dtype for tensor in outputs.values()} == {torch.float64}


@pytest.mark.parametrize("output", ["features", "low_level"])
def test_the_mean_variance_of_a_dimension_is_one_over_the_training_images(extractor, data, output):
    rows = read(extractor, data.balanced("train").images)[output]
    assert rows.var(0, ddof=1).mean() == pytest.approx(1, rel=1e-6)  # the scale was computed with other summation


def test_features_are_those_of_the_network_that_was_trained(extractor, data):
    images = torch.from_numpy(data.split("holdout").images[:50])
    trained = recipe.convolved_features(extractor.weights, images.double() / 255) * extractor.weights["scale.features"]
    found = extractor.extract(images)["features"]
    assert torch.abs(found - trained).max() <= 1e-13 * trained.max()  # float64 sums in another order


def test_low_level_statistics_are_means_and_deviations_over_space(extractor, data):
    pixels = torch.from_numpy(data.split("holdout").images[:50]).double() / 255
    weights = extractor.weights
    first = functional.conv2d(pixels, weights["conv1.weight"], weights["conv1.bias"], padding=1).relu()
    expected = torch.cat([first.mean((2, 3)), first.std((2, 3), correction=0)], 1) * weights["scale.low_level"]
    found = extractor.extract((pixels * 255).round().to(torch.uint8))["low_level"][:, :32]
    assert torch.abs(found - expected).max() <= 1e-13 * expected.max()  # float64 sums in another order


def test_equal_images_have_equal_outputs_wherever_they_stand(extractor, data):
    image = data.split("holdout").images[7]
    for rows in read(extractor, np.tile(image, (128, 1, 1, 1))).values():
        assert (rows == rows[0]).all()


@pytest.mark.parametrize("size", [1, 7, 64])
def test_batch_size_changes_nothing(extractor, data, size):
    images = data.split("holdout").images[:150]
    together = read(extractor, images)
    parts = [read(extractor, images[start : start + size]) for start in range(0, len(images), size)]
    for name, rows in together.items():
        apart = np.concatenate([part[name] for part in parts])
        assert np.abs(apart - rows).max() <= 1e-12 * np.abs(rows).max()  # float64 sums in another order


def test_thread_count_changes_nothing(extractor, data):
    images = data.split("holdout").images[:150]
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        single = read(extractor, images)["features"]
        torch.set_num_threads(2)
        double = read(extractor, images)["features"]
    finally:
        torch.set_num_threads(before)
    assert np.abs(single - double).max() <= 1e-12 * np.abs(single).max()  # float64 sums in another order


def test_unseen_real_digits_are_nearer_than_any_corruption(distance, data):
    holdout = data.split("holdout").images
    blurred = levels(gaussian_filter(holdout.astype(float), (0, 0, 0.6, 0.6)))
    assert distance(holdout) < 0.7  # measured .56: the distance of 397 digits to 400 others
    assert distance(blurred) > 2 * distance(holdout)


@pytest.mark.parametrize("output", ["features", "low_level"])
def test_more_blur_is_further(distance, data, output):
    holdout = data.split("holdout").images.astype(float)
    blurs = [levels(gaussian_filter(holdout, (0, 0, width, width))) for width in (0.4, 0.7, 1.0, 1.5)]
    found = [distance(images, output) for images in blurs]
    assert found == sorted(found)


@pytest.mark.parametrize("output", ["features", "low_level"])
def test_more_noise_is_further(distance, data, output):
    holdout = data.split("holdout").images.astype(float)
    noise = 255 * np.random.Generator(np.random.Philox(key=5)).standard_normal(holdout.shape)
    found = [distance(levels(holdout + amount * noise), output) for amount in (0.05, 0.1, 0.2, 0.4)]
    assert found == sorted(found)


def test_more_missing_classes_are_further(distance, data):
    holdout = data.split("holdout")
    found = [distance(holdout.images[holdout.labels["digit"] >= lost]) for lost in (0, 1, 3, 5, 9)]
    assert found == sorted(found)
    assert found[1] > 3 * found[0]


def test_skewed_colours_are_further(distance, data):
    holdout = data.split("holdout")
    balanced = distance(data.balanced("holdout").images)
    assert distance(holdout.images) < balanced < distance(holdout.images[holdout.labels["colour"] == 0])


@pytest.mark.parametrize(
    "images",
    [torch.zeros(1, 3, 16, 16).double(), torch.zeros(1, 3, 32, 32, dtype=torch.uint8), torch.zeros(3, 16, 16).byte()],
)
def test_other_images_are_refused(extractor, images):
    with pytest.raises(ValueError, match=r"reads levels \(n, 3, 16, 16\)"):
        extractor.extract(images)


def test_training_is_repeatable_and_leaves_global_random_numbers_alone(data):
    few = data.balanced("evaluation")
    state = torch.get_rng_state()
    first, second = (recipe.train(few, epochs=1) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.slow
def test_the_recipe_reaches_the_stated_accuracy(data):
    digit, colour = recipe.accuracy(recipe.train(data.balanced("train"), seed=1), data.split("holdout"))
    assert digit > 0.965  # .974 to .978 over seeds
    assert colour == 1.0


def test_the_hook_brings_both_extractors_without_torch():
    assert genaudit_extractors()[:2] == [DIGITS, IDENTITY]
    program = "import sys, genaudit.extractors; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
