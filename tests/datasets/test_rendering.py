"""The resampler does what cubic convolution is known to do."""

import numpy as np
import pytest

from genaudit.datasets.rendering import Augmentation, affine_resample, cubic_convolution_weights


def placement(count=1, **changed):
    plain = {"shift_x": 0.0, "shift_y": 0.0, "rotation": 0.0, "scale": 1.0, "brightness": 1.0}
    return Augmentation(**{name: np.full(count, value) for name, value in (plain | changed).items()})


@pytest.fixture
def image():
    return np.random.Generator(np.random.Philox(key=3)).random((1, 8, 8))


def test_weights_sum_to_one_and_reproduce_lines_and_parabolas():
    fraction = np.linspace(0, 1, 50, endpoint=False)
    taps = np.array([-1.0, 0.0, 1.0, 2.0])
    weights = np.stack(cubic_convolution_weights(fraction))
    for power in (0, 1, 2):  # third-order accuracy for a = -1/2: exact up to degree 2
        assert np.abs(weights.T @ taps**power - fraction**power).max() < 1e-14  # rounding of four products


def test_the_plain_grid_is_the_image_itself(image):
    assert np.array_equal(affine_resample(image, placement(), size=8, field=8.0), image)


def test_a_shift_of_one_pixel_moves_every_pixel(image):
    moved = affine_resample(image, placement(shift_x=1.0, shift_y=-2.0), size=8, field=8.0)
    assert np.array_equal(moved[0, :-2, 1:], image[0, 2:, :-1])
    assert np.all(moved[0, -2:] == 0)
    assert np.all(moved[0, :, 0] == 0)


def test_a_quarter_turn_is_a_rotated_array(image):
    turned = affine_resample(image, placement(rotation=np.pi / 2), size=8, field=8.0)
    # cos(pi/2) is 6e-17 instead of 0 and positions have an error of the order of 1e-15
    assert np.abs(turned[0] - np.rot90(image[0], -1)).max() < 1e-13


def test_a_larger_scale_covers_more_pixels():
    square = np.ones((1, 8, 8))
    small, large = (affine_resample(square, placement(scale=scale), size=64, field=12.0).sum() for scale in (0.9, 1.1))
    # area goes with the square of the scale; two per cent for the width of an output pixel at the edges
    assert large / small == pytest.approx((1.1 / 0.9) ** 2, rel=0.02)


def test_batches_do_not_change_a_pixel():
    images = np.random.Generator(np.random.Philox(key=4)).random((300, 8, 8))
    turns = placement(300, rotation=0.1, shift_x=0.3)
    together = affine_resample(images, turns, size=16, field=10.0)
    one_by_one = affine_resample(images[299:], turns.rows(slice(299, 300)), size=16, field=10.0)
    assert np.array_equal(together[299:], one_by_one)


def test_no_images_give_no_images():
    assert affine_resample(np.zeros((0, 8, 8)), placement(0), size=16, field=10.0).shape == (0, 16, 16)


def test_what_lies_beyond_the_margin_is_refused(image):
    with pytest.raises(ValueError, match="more than 5 pixels beyond"):
        affine_resample(image, placement(shift_x=9.0), size=8, field=8.0)
