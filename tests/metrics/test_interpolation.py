from __future__ import annotations

import numpy as np
import pytest

from genaudit.errors import NotApplicable
from genaudit.metrics.interpolation import interpolation_smoothness
from genaudit.plugin.options import NoOptions
from genaudit.stats.seeds import generator
from genaudit.values.observations import LatentPaths


def unevenness(points):
    """The metric of paths through points ``(paths, points, d)``."""
    steps = np.linalg.norm(np.diff(points, axis=1), axis=2)
    chords = np.linalg.norm(points[:, -1] - points[:, 0], axis=1)
    paths = LatentPaths(step_lengths=steps, chord_lengths=chords, interpolation="lerp")
    return interpolation_smoothness(paths, options=NoOptions(), rng=generator(0))


def lines(count=12, points=11):
    ends = generator(0, "ends").standard_normal((count, 1, 3))
    return ends * np.linspace(0, 1, points)[None, :, None]


def test_straight_even_paths_have_1_and_the_length_of_their_chord():
    found = unevenness(lines())
    assert found.value == pytest.approx(1, abs=1e-12)
    assert found.details["length_over_chord"] == pytest.approx(1, abs=1e-12)
    assert found.n_generated == 12
    assert found.parameters == {"paths": 12, "interpolation": "lerp", "steps": 10}


def test_g50_semicircles_are_even_and_longer_than_their_chord():
    angle = np.linspace(0, np.pi, 11)
    found = unevenness(np.stack([np.cos(angle), np.sin(angle)], axis=1)[None].repeat(3, axis=0))
    assert found.value == pytest.approx(1, abs=1e-12)
    assert found.details["length_over_chord"] == pytest.approx(1.5643446504, abs=1e-9)


def test_a_jump_makes_it_worse_up_to_the_number_of_steps():
    assert 1 < unevenness(lines() ** 3).value <= 10
    jump = np.where(np.arange(11)[None, :, None] > 4, 1.0, 0.0).repeat(12, axis=0).repeat(3, axis=2)
    assert unevenness(jump).value == pytest.approx(10)


def test_order_direction_and_scale_of_paths_do_not_matter():
    points = lines() ** 3
    value = unevenness(points).value
    assert unevenness(points[::-1, ::-1] * 7).value == pytest.approx(value, rel=1e-12)


def test_interval_is_over_paths():
    found = unevenness(lines() + 0.05 * generator(0, "noise").standard_normal((12, 11, 3)))
    assert found.interval.low < found.value < found.interval.high
    assert "12 independent items" in found.interval.method


def test_the_mean_step_at_each_position_is_drawn():
    (series,) = unevenness(lines()).series
    assert series.name == "step_length"
    assert series.y == pytest.approx([1.0] * 10)
    assert (series.x[0], series.x[-1]) == pytest.approx((0.05, 0.95))


def test_paths_without_motion_are_left_out_and_said():
    points = lines()
    points[:2] = 0
    found = unevenness(points)
    assert found.n_generated == 10
    assert found.note == "2 paths along which no image changes are left out."
    with pytest.raises(NotApplicable, match="No image changes"):
        unevenness(points[:2])
