"""Associations in wide tables: found, expected by chance, and found again."""

import numpy as np
import pytest
from count_tables import said, values
from scipy.stats import spearmanr

from genaudit.audits.screen import screen
from genaudit.audits.table_options import ScreenOptions
from genaudit.errors import NotApplicable
from genaudit.stats.rank_association import rank_correlations
from genaudit.stats.seeds import generator
from genaudit.values.features import FeatureTable


def wide(n, m, related=0, seed=0):
    rng = generator(seed, "wide table")
    outcome = (rng.random(n) < 0.5).astype(float)
    features = rng.normal(size=(n, m))
    features[:, :related] += 1.5 * outcome[:, None]
    return FeatureTable(names=tuple(f"x{i}" for i in range(m)), features=features, outcome="y", values=outcome)


def audit(of, seed=0, **options):
    return screen(of, options=ScreenOptions(**options), rng=generator(seed, "split"))


def test_correlations_are_scipys():
    of = wide(60, 5, related=1)
    with_gaps = of.features.copy()
    with_gaps[::7, 2] = np.nan
    with_gaps[:, 3] = 4.0
    rho, p, n = rank_correlations(with_gaps, of.values)
    for column in (0, 1, 2, 4):
        kept = ~np.isnan(with_gaps[:, column])
        known = spearmanr(with_gaps[kept, column], of.values[kept])
        assert (rho[column], p[column]) == pytest.approx((known.statistic, known.pvalue), rel=1e-9)
    assert (rho[3], p[3]) == (0, 1)
    assert n.tolist() == [60, 60, 51, 60, 60]


def test_what_is_there_is_found_and_found_again():
    outcome = audit(wide(400, 200, related=5))
    assert values(outcome, "replicated_associations")[""].value == pytest.approx(5, abs=1)
    assert set(values(outcome, "replicated_correlation")) >= {"x0", "x1", "x2", "x3", "x4"}
    assert "none of them says what brings about what" in said(outcome)


def test_by_chance_alone_as_many_pass_a_single_test_as_expected_and_none_of_them_twice():
    hits, again, found = [], [], []
    for seed in range(20):
        outcome = audit(wide(80, 1000, seed=seed), seed)
        hits.append(values(outcome, "screened_associations")[""].details["single_tests"])
        again.append(values(outcome, "replicated_associations")[""].details["single_tests"])
        found.append(values(outcome, "replicated_associations")[""].value)
    expected = values(outcome, "expected_false_hits")[""]
    assert (expected.value, expected.details["repeated"]) == (50, 1.25)
    assert np.mean(hits) == pytest.approx(50, abs=8)  # 20 tables: the mean of 50 ± 7 is known to ± 1.6
    assert np.mean(again) == pytest.approx(1.25, abs=0.9)
    assert np.mean(found) < 0.2


def test_the_split_is_the_seeds():
    assert audit(wide(100, 20)) == audit(wide(100, 20))
    assert audit(wide(100, 20), 1) != audit(wide(100, 20), 2)


def test_order_of_features_changes_no_count():
    of = wide(200, 30, related=3)
    turned = FeatureTable(names=of.names[::-1], features=of.features[:, ::-1], outcome="y", values=of.values)
    for name in ("screened_associations", "replicated_associations"):
        assert values(audit(turned), name)[""].value == values(audit(of), name)[""].value


@pytest.mark.parametrize(
    ("of", "said_so"),
    [
        (wide(15, 3), "at least 10 on each side"),
        (FeatureTable(names=("a",), features=np.ones((50, 1)), outcome="y", values=np.ones(50)), "the same for all"),
    ],
)
def test_what_cannot_be_screened_says_why(of, said_so):
    with pytest.raises(NotApplicable, match=said_so):
        audit(of)
