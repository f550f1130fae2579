"""Weights that go out and come in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from genaudit.errors import PASSED_ON, NotApplicable
from genaudit.testing.contract.subject import ITEMS
from genaudit.testing.contract.verdicts import Nonconformity

if TYPE_CHECKING:
    from genaudit.testing.contract.subject import Subject


def round_trip(subject: Subject) -> None:
    """A second instance with the first one's tensors answers alike, and tensors of another shape are refused."""
    if not subject.has("Trainable"):
        raise NotApplicable("needs-capability", "It is not Trainable.")
    first, second = subject.built(), subject.built()
    # moved a little, so that an instance that ignores what it is given is found out
    state = {name: tensor.detach().clone() * 1.01 for name, tensor in first.state().items()}
    if not state:
        raise Nonconformity("'state' returned no tensor. Return every weight by its name.")
    first.load_state(state)
    second.load_state(dict(first.state()))
    for question in subject.questions:
        with torch.no_grad():
            one, other = (question.ask(made, slice(0, ITEMS)) for made in (first, second))
        if not torch.equal(one, other):
            raise Nonconformity(
                f"'{question.name}' of an instance that was given another's 'state' answers otherwise. 'state' must "
                "hold every weight and buffer, and 'load_state' take over all of them."
            )
    kept = {name: tensor for name, tensor in first.state().items() if torch.equal(tensor.to(state[name]), state[name])}
    if not kept:
        raise Nonconformity("'load_state' did not take over what it was given: 'state' returns the weights of before.")
    wrong = {name: torch.cat([tensor.reshape(-1)] * 2) for name, tensor in state.items()}
    try:
        second.load_state(wrong)
    except ValueError:
        return
    except PASSED_ON:
        raise
    except BaseException as error:
        raise Nonconformity(
            f"'load_state' raised {type(error).__name__} for tensors of another shape. Raise ValueError and say which."
        ) from error
    raise Nonconformity("'load_state' took tensors of another shape. Raise ValueError and say which does not fit.")
