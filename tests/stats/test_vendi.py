"""Golden case G24, the dual form, and influences against a numerical derivative."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.stats.seeds import generator
from genaudit.stats.vendi import vendi_of_features, vendi_of_similarities, vendi_of_spectrum

THREE = [[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("q", "expected"), [(1, 2.1573004834), (2, 1.9480519481), (np.inf, 1.5789473684), (0.5, 2.4203483571)]
)
def test_g24_similarities_at_each_order(q, expected):
    assert vendi_of_similarities(THREE, q) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(("q", "expected"), [(1, 2.8284271247), (2, 2.6666666667), (np.inf, 2)])
def test_g24_labels_at_each_order(q, expected):
    assert vendi_of_spectrum([0.5, 0.25, 0.25], q) == pytest.approx(expected, abs=1e-8)


def test_g24_pairs_of_points_identity_copies_and_equal_correlation():
    points = np.array([0, 0, 10, 10, 20, 20])
    assert vendi_of_similarities(np.exp(-abs(points[:, None] - points))) == pytest.approx(2.9999999959, abs=1e-8)
    assert vendi_of_similarities(np.eye(7)) == pytest.approx(7, abs=1e-9)
    assert vendi_of_similarities(np.ones((5, 5))) == pytest.approx(1, abs=1e-9)
    assert vendi_of_similarities(0.5 + 0.5 * np.eye(4)) == pytest.approx(2.92572656, abs=1e-8)


@pytest.mark.parametrize("q", [0.5, 1, 2, np.inf])
def test_the_dual_form_equals_the_matrix_of_all_pairs(q):
    rows = generator(0, "vendi").standard_normal((30, 6))
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    expected = vendi_of_similarities(unit @ unit.T, q)
    assert vendi_of_features(rows, q).value == pytest.approx(expected, rel=1e-9)
    assert vendi_of_features(3 * rows[::-1], q).value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("q", [0.5, 1, 2, np.inf])
def test_the_standard_error_is_the_spread_of_repetitions(q):
    rng = generator(0, "vendi error")
    scale = np.array([3.0, 1.5, 1.0, 0.7])
    found = [vendi_of_features(rng.standard_normal((300, 4)) * scale + 0.5, q) for _ in range(200)]
    spread = np.std([each.value for each in found], ddof=1)
    # the spread of 200 draws is known to 5 %
    assert 0.85 < np.mean([each.standard_error for each in found]) / spread < 1.15


def test_copies_count_as_one_and_their_source_as_one_unit():
    rows = generator(0, "copies").standard_normal((40, 5))
    once = vendi_of_features(rows)
    twice = vendi_of_features(np.repeat(rows, 2, axis=0), clusters=np.arange(80) // 2)
    assert twice.value == pytest.approx(once.value, rel=1e-9)
    assert twice.standard_error == pytest.approx(once.standard_error, rel=1e-9)
    assert twice.units == 40


def test_rows_without_a_direction_and_wrong_orders_are_refused():
    with pytest.raises(ValueError, match="row 1 has length 0"):
        vendi_of_features([[1.0, 0.0], [0.0, 0.0]])
    with pytest.raises(ValueError, match="above 0"):
        vendi_of_spectrum([1.0], 0)
    with pytest.raises(ValueError, match="sum to 1"):
        vendi_of_spectrum([1.0, 1.0])
    with pytest.raises(ValueError, match="ones on its diagonal"):
        vendi_of_similarities([[2.0]])
