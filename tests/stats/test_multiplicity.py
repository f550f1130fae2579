"""Adjusted p-values agree with statsmodels, scipy and the paper's example."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests

from genaudit.stats.multiplicity import benjamini_hochberg, benjamini_yekutieli, bonferroni, holm
from genaudit.stats.seeds import generator

PAPER = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1,
]  # fmt: skip
"""Benjamini and Hochberg 1995, section 3.2."""


def test_the_papers_example():
    methods = (benjamini_hochberg, benjamini_yekutieli, holm, bonferroni)
    assert [int((method(PAPER) <= 0.05).sum()) for method in methods] == [4, 3, 3, 3]
    assert benjamini_hochberg(PAPER)[3] == pytest.approx(0.035625)


@pytest.mark.parametrize("seed", range(20))
def test_they_agree_with_others(seed):
    p = generator(seed, "p-values").random(30) ** 2
    p[3] = p[4]
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p, method="bh"), abs=1e-12)
    assert benjamini_yekutieli(p) == pytest.approx(false_discovery_control(p, method="by"), abs=1e-12)
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-12)
    assert bonferroni(p) == pytest.approx(multipletests(p, method="bonferroni")[1], abs=1e-12)


def test_order_and_emptiness():
    p = np.array([0.04, 0.01, 0.03])
    assert benjamini_hochberg(p[::-1]) == pytest.approx(benjamini_hochberg(p)[::-1])
    assert len(benjamini_hochberg([])) == 0
    assert len(holm([])) == 0


@pytest.mark.parametrize("wrong", [[1.2], [-0.1], [np.nan], [[0.1]]])
def test_what_is_no_p_value_is_refused(wrong):
    with pytest.raises(ValueError, match="p-values"):
        benjamini_hochberg(wrong)
