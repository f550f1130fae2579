import pytest
import torch

from genaudit.errors import GenauditError
from genaudit.extractors.pixels import build
from genaudit.plugin.options import NoOptions


def test_pixels_are_levels_between_0_and_1_channel_by_channel():
    images = torch.arange(12, dtype=torch.uint8).reshape(1, 3, 2, 2)
    features = build(NoOptions(), torch.device("cpu")).extract(images)["features"]
    assert features.dtype == torch.float64
    assert (features * 255).tolist() == [pytest.approx(list(range(12)))]


def test_images_of_too_many_levels_are_refused_with_a_size_that_fits():
    with pytest.raises(GenauditError, match=r"at most 4,096 levels, and these have 12,288.*--resize 32"):
        build(NoOptions(), torch.device("cpu")).extract(torch.zeros(1, 3, 64, 64, dtype=torch.uint8))
