"""Golden case G50 and the geometry of interpolation."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.stats.paths import length_over_chord, lerp, slerp, step_unevenness
from genaudit.stats.seeds import generator

TENTHS = np.linspace(0, 1, 11)


def steps_and_chord(points):
    return np.linalg.norm(np.diff(points, axis=0), axis=1)[None], [np.linalg.norm(points[-1] - points[0])]


def test_g50_length_over_chord_of_a_line_and_of_a_semicircle():
    line = np.outer(TENTHS, [3.0, 4.0])
    semicircle = np.stack([np.cos(np.pi * TENTHS), np.sin(np.pi * TENTHS)], axis=1)
    assert length_over_chord(*steps_and_chord(line)) == pytest.approx(1, abs=1e-12)
    assert length_over_chord(*steps_and_chord(semicircle)) == pytest.approx(1.5643446504, abs=1e-9)


def test_ends_of_both_interpolations_are_the_ends():
    a, b = (generator(0, name).standard_normal((20, 8)) for name in "ab")
    for path in (lerp(a, b, [0, 1]), slerp(a, b, [0, 1])):
        np.testing.assert_allclose(path[:, 0], a, rtol=0, atol=1e-14)
        np.testing.assert_allclose(path[:, 1], b, rtol=0, atol=1e-14)


def test_slerp_keeps_the_norm_and_takes_even_steps():
    a, b = (generator(0, name).standard_normal((20, 8)) for name in "ab")
    a, b = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in (a, b))
    path = slerp(a, b, TENTHS)
    np.testing.assert_allclose(np.linalg.norm(path, axis=2), 1, rtol=1e-13)
    np.testing.assert_allclose(step_unevenness(np.linalg.norm(np.diff(path, axis=1), axis=2)), 1, rtol=1e-12)


@pytest.mark.parametrize("factor", [1.0, 2.0, -1.0, 0.0, 1 + 1e-12])
def test_slerp_of_parallel_opposite_and_zero_vectors_is_the_straight_line(factor):
    a = generator(0, "a").standard_normal((5, 4))
    np.testing.assert_allclose(slerp(a, factor * a, TENTHS), lerp(a, factor * a, TENTHS), rtol=1e-9, atol=1e-12)


def test_slerp_of_almost_parallel_vectors_is_smooth():
    a = np.array([[1.0, 0.0]])
    for angle in (1e-5, 1e-6, 2e-7, 5e-8, 1e-9):
        b = np.array([[np.cos(angle), np.sin(angle)]])
        middle = slerp(a, b, [0.5])[0, 0]
        np.testing.assert_allclose(middle, [np.cos(angle / 2), np.sin(angle / 2)], rtol=0, atol=1e-14)


def test_unevenness_of_one_jump_is_the_number_of_steps():
    assert step_unevenness([[0, 0, 5, 0], [2, 2, 2, 2], [0, 0, 0, 0]]).tolist() == [4, 1, 1]


def test_paths_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        slerp(np.zeros((2, 3)), np.zeros((3, 3)), [0.5])
    with pytest.raises(ValueError, match="finite and not negative"):
        step_unevenness([[1.0, np.nan]])
    with pytest.raises(ValueError, match="above 0"):
        length_over_chord([[1.0, 1.0]], [0.0])
