"""The wide table that the screen for spurious associations sees."""

import numpy as np
import pytest

from genaudit.values.features import FeatureTable


def table(features, values=(0, 1), names=("a", "b")):
    return FeatureTable(names=names, features=np.array(features, float), outcome="y", values=np.array(values, float))


def test_a_gap_in_a_feature_is_kept_as_a_gap():
    assert np.isnan(table([[1, np.nan], [2, 3]]).features[0, 1])


@pytest.mark.parametrize(
    ("features", "values", "names", "said"),
    [
        ([[1], [2]], (0, 1), ("a", "b"), r"features of shape \(2, 2\)"),
        ([[1, 2], [2, 3]], (0, 1), ("a", "a"), "may not repeat"),
        ([[1, np.inf], [2, 3]], (0, 1), ("a", "b"), "finite"),
        ([[1, 2], [2, 3]], (0, np.nan), ("a", "b"), "finite"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(features, values, names, said):
    with pytest.raises(ValueError, match=said):
        table(features, values, names)
