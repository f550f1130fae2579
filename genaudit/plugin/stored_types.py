"""Whether the numbers of a file of weights are of the kind that a model computes with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

FLOATS = "float16, bfloat16, float32 or float64"


def mistyped(state: Mapping[str, Tensor], own: Mapping[str, Tensor]) -> str:
    """The first tensor of another kind than the model's of its name, as a clause; empty if there is none.

    Kinds are floats of at least 16 bits, complex numbers, integers and truth values. Copying from one kind to another
    would change numbers without a word: truth values become 0 and 1, complex numbers lose a part.

    Args:
        state: What a file holds, by name.
        own: What the model holds; names of which it holds nothing are not judged here.

    >>> import torch
    >>> own = {"w": torch.zeros(2), "seen": torch.zeros(1, dtype=torch.int64)}
    >>> mistyped({"w": torch.zeros(2).double(), "seen": torch.zeros(1, dtype=torch.int32)}, own)
    ''
    >>> mistyped({"w": torch.zeros(2, dtype=torch.int32)}, own)
    "tensor 'w' holds int32; the model takes float16, bfloat16, float32 or float64 there"
    """
    for name, tensor in state.items():
        if name in own and _kind(tensor) != _kind(own[name]):
            wanted = FLOATS if own[name].is_floating_point() else _named(own[name])
            return f"tensor '{printable(name)}' holds {_named(tensor)}; the model takes {wanted} there"
    return ""


def _kind(tensor: Tensor) -> str:
    """A float of 8 bits is a kind of its own: no operation reads it without a scale that the file does not name."""
    if tensor.is_floating_point():
        return "float" if tensor.element_size() > 1 else _named(tensor)
    if tensor.is_complex():
        return "complex"
    return "bool" if _named(tensor) == "bool" else "integer"


def _named(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")
