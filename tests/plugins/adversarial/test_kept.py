"""Weights of every kept network go out and in unchanged, and what does not fit is refused by name and shape."""

import pytest
import torch
from torch import nn

from genaudit_adversarial.kept import Keeper

CPU = torch.device("cpu")


@pytest.fixture
def model():
    return Keeper(None, nn.Linear(2, 3), CPU)


def test_weights_go_out_and_in_unchanged_and_are_evaluated_in_double_precision(model):
    model.load_state({"weight": torch.full((3, 2), 0.1), "bias": torch.zeros(3)})
    assert torch.equal(model.state()["weight"], torch.full((3, 2), 0.1))
    assert model._kept.exact.weight.dtype == torch.float64
    # the float64 copy holds the float32 number, not the nearest float64 to a tenth
    assert torch.equal(model._kept.exact(torch.ones(2).double()), torch.full((3,), 0.1).double() * 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda state: state.pop("bias"), r"'bias' of shape \(3,\) is missing"),
        (lambda state: state.update({"bias": torch.zeros(4)}), r"'bias' has shape \(4,\); expected \(3,\)"),
        (lambda state: state.update(extra=torch.zeros(2)), r"'extra' of shape \(2,\) is not part of the model"),
    ],
)
def test_weights_that_do_not_fit_are_refused_by_name_and_shape(model, change, said):
    state = dict(model.state())
    change(state)
    with pytest.raises(ValueError, match=said):
        model.load_state(state)
