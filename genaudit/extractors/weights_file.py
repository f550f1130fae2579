"""The one reader of network weights that users bring: tensors, and never code."""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import TYPE_CHECKING

import safetensors.torch
import torch

from genaudit.errors import WeightsError
from genaudit.plugin.stored_types import FLOATS
from genaudit.values.regular_file import read_regular

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

LONGEST = 200
"""Characters that are shown of what a library says."""
STARTS = (b"PK", b"\x80")
"""Of what torch saves: a zip file, and before version 1.6 a pickle."""


def read_tensors(path: Path) -> tuple[dict[str, Tensor], str]:
    """Name to tensor, and the SHA-256 of the file.

    A safetensors file is read as such; anything else by torch with ``weights_only=True``, which builds tensors and
    plain containers and refuses every other object.

    Raises:
        WeightsError: The file is missing or damaged, holds something else than named tensors, floats of 8 bits, or NaN
            or infinity.
    """
    hint = "Give the published .pth, or the same tensors as .safetensors."
    try:
        content = read_regular(path)
        read: object = _read(content)
    except Exception as error:  # whatever a damaged or hostile file makes a reader raise
        said = " ".join(str(error).split())[:LONGEST].rstrip(".") or type(error).__name__
        if "weights_only" in said:  # torch goes on to advise how to read it without this protection
            said = "it is damaged, or holds something else than tensors"
        raise WeightsError(f"Refused the weights {path}: {said}.", hint) from error
    if not isinstance(read, dict) or not read:
        raise WeightsError(f"Refused the weights {path}: it holds no named tensors.", hint)
    for name, tensor in read.items():
        if not isinstance(tensor, torch.Tensor):
            raise WeightsError(f"Refused the weights {path}: '{name}' is no tensor.", hint)
        if tensor.is_floating_point() and tensor.element_size() == 1:
            raise WeightsError(f"Refused the weights {path}: '{name}' is of type {tensor.dtype}, not {FLOATS}.", hint)
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise WeightsError(f"Refused the weights {path}: '{name}' holds NaN or infinity.", hint)
    return dict(read), hashlib.sha256(content).hexdigest()


def _read(content: bytes) -> object:
    if content[8:9] == b"{":  # the header of safetensors is JSON behind its length
        return safetensors.torch.load(content)
    if not content.startswith(STARTS):
        raise ValueError("it is no file that torch or safetensors wrote")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # about pickles that torch did not write; they are refused or read
        found: object = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)  # noqa: TID251 - this is the one reader
    return found
