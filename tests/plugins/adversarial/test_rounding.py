"""What shipped files hold of the numbers of a model."""

import pytest
import torch

from genaudit_adversarial.checkpoint import rounded


def test_float32_is_rounded_by_at_most_two_to_the_minus_eleven_and_counts_stay():
    weights = torch.linspace(0.001, 3, 1000)
    stored = rounded({"w": weights, "batches": torch.tensor(70_000), "scale": torch.ones(2, dtype=torch.float64)})
    assert [tensor.dtype for tensor in stored.values()] == [torch.float16, torch.int64, torch.float64]
    assert float(((stored["w"].float() - weights).abs() / weights).max()) <= 2**-11
    assert int(stored["batches"]) == 70_000


def test_what_was_rounded_once_is_not_rounded_again():
    once = rounded({"w": torch.rand(100, generator=torch.Generator().manual_seed(0))})
    again = rounded({name: tensor.float() for name, tensor in once.items()})
    assert torch.equal(once["w"], again["w"])


def test_a_number_that_is_too_large_is_refused_by_the_name_of_its_tensor():
    with pytest.raises(ValueError, match="'w' holds numbers beyond those of float16"):
        rounded({"w": torch.tensor([70_000.0])})
