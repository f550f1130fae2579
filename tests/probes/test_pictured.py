"""A picture of a set whose files lie sorted by class shows every class."""

import numpy as np
import pytest

from genaudit.probes.pictured import pictured


def levels(start, count):
    """Images whose level is the number of their class: 20 of each of ten."""
    found = np.repeat(np.arange(10.0), 20)[start : start + count] + 0.4
    return np.broadcast_to(found[:, None, None, None], (len(found), 3, 2, 2)).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_every_class_is_shown_in_the_order_of_the_set(seed):
    shown, caption = pictured(levels, 200, seed, "of the generated set")
    of_class = shown[:, 0, 0, 0]
    assert shown.dtype == np.uint8  # rounded, as people see them
    assert set(of_class.tolist()) == set(range(10))
    assert (np.diff(of_class.astype(int)) >= 0).all()
    assert caption == f"64 of 200 images of the generated set, drawn by seed {seed}, in order."


def test_a_small_set_is_shown_whole():
    shown, caption = pictured(levels, 30, 0, "of the reference set")
    assert len(shown) == 30
    assert caption == "All 30 images of the reference set, in order."


def test_of_points_as_many_are_shown_as_are_kept():
    shown, caption = pictured(lambda start, count: np.zeros((count, 2), np.float32), 3_000, 0, "of the generated set")
    assert shown.shape == (1_000, 2)
    assert caption.startswith("1,000 of 3,000 points")
