"""Multinomial logistic regression against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from genaudit.stats.seeds import generator
from genaudit.stats.softmax_regression import fit_softmax_regression


def data(name="data", count=300, classes=4):
    rng = generator(0, name)
    labels = rng.integers(classes, size=count)
    return rng.standard_normal((count, 5)) + 1.2 * np.eye(5)[labels], labels


def test_it_finds_the_optimum_that_scikit_learn_finds():
    rows, labels = data()
    scaled = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    theirs = LogisticRegression(C=2.0, tol=1e-8, max_iter=1000).fit(scaled, labels)
    mine = fit_softmax_regression(rows, labels, 4, penalty=0.5)
    assert mine.weights == pytest.approx(theirs.coef_.T, abs=2e-3)  # both stop near one optimum
    fresh, _ = data("fresh")
    agree = mine.read(fresh) == theirs.predict((fresh - mine.centre) / mine.scale)
    assert agree.mean() > 0.99


def test_a_class_that_was_never_seen_is_never_read_and_a_constant_feature_says_nothing():
    rows, labels = data(classes=3)
    with_constant = np.column_stack([rows, np.full(len(rows), 7.0)])
    found = fit_softmax_regression(with_constant, labels, 5)
    assert set(found.read(with_constant)) <= {0, 1, 2}
    assert (found.read(with_constant) == fit_softmax_regression(rows, labels, 5).read(rows)).all()


def test_separable_classes_have_an_optimum():
    found = fit_softmax_regression(np.repeat(np.eye(3), 4, axis=0), np.repeat([0, 1, 2], 4), 3)
    assert found.read(np.eye(3)).tolist() == [0, 1, 2]
    assert np.isfinite(found.weights).all()


def test_one_class_and_wrong_labels_are_refused():
    with pytest.raises(ValueError, match="at least 2 classes, not of 1"):
        fit_softmax_regression(np.eye(3), [1, 1, 1], 2)
    with pytest.raises(ValueError, match="labels from 0 to 1"):
        fit_softmax_regression(np.eye(3), [0, 1, 2], 2)
