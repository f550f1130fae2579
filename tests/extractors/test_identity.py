"""Vectors stay as they are."""

import pytest
import torch

from genaudit.extractors.identity import build
from genaudit.plugin.options import NoOptions


def test_vectors_are_their_own_features():
    vectors = torch.tensor([[0.1, 2.0], [3.0, -4.0]])
    features = build(NoOptions(), torch.device("cpu")).extract(vectors)["features"]
    assert features.dtype == torch.float64
    assert torch.equal(features, vectors.double())


def test_images_are_refused():
    with pytest.raises(ValueError, match="images need an extractor"):
        build(NoOptions(), torch.device("cpu")).extract(torch.zeros(2, 3, 16, 16))
