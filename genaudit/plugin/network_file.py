"""A user's own network from a file: a TorchScript program, or a program of ``torch.export`` (``.pt2``).

Both are programs, so the trust that they need is that of a program, not that of a table of numbers. What is ruled out
here is that *reading* the file runs Python: TorchScript is read by torch's own interpreter, which builds no Python
object, and a ``.pt2`` file goes through ``genaudit.plugin.exported_program``, which lets neither pickles nor names of
Python functions through. What is not ruled out is what a program may do when it is *run*: take time and memory without
end and, in TorchScript, read or write a file through one of torch's operators. Give a file only if you would run its
author's code.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genaudit.errors import WeightsError
from genaudit.plugin.exported_program import OLDER, cleaned_archive
from genaudit.plugin.loading import one_line
from genaudit.values.regular_file import read_regular

if TYPE_CHECKING:
    from pathlib import Path

    import torch

TORCHSCRIPT, EXPORTED = "torchscript", "exported"
SAVE = "Save the network with torch.jit.trace(network, example).save(FILE), or with torch.export.save(program, FILE)."


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedNetwork:
    """A program on its device."""

    program: Callable[..., Any]
    """Called with tensors; a TorchScript program is in evaluation mode, an exported one in the mode of its export."""
    digest: str
    """SHA-256 of the file."""
    kind: str
    """``torchscript`` or ``exported``."""


def load_network(path: Path, device: torch.device) -> LoadedNetwork:
    """The network of a file, on a device; see above for the trust that it needs.

    Args:
        path: A TorchScript file, or a ``.pt2`` file of torch 2.8 or newer. What it is is told by its content.
        device: Where its tensors are put.

    Raises:
        WeightsError: It cannot be read, is neither of the two, or is damaged; a pickle (``torch.save``) is refused.
    """
    try:
        content = read_regular(path)
    except OSError as error:
        raise WeightsError(f"Cannot read the network {path}: {error.strerror}.", SAVE) from error
    kind = kind_of(content, path)
    load = _load_torchscript if kind == TORCHSCRIPT else _load_exported
    try:
        with warnings.catch_warnings():  # torch would rather have another format; users have the one that they have
            warnings.simplefilter("ignore")
            program = load(content, device)
    except WeightsError as error:
        raise WeightsError(f"Refused the network {path}: {error.message}.", error.hint) from error
    except Exception as error:  # whatever a damaged or hostile file makes a reader raise
        raise WeightsError(f"Refused the network {path}: {one_line(error)}.", SAVE) from error
    return LoadedNetwork(program=program, digest=hashlib.sha256(content).hexdigest(), kind=kind)


def kind_of(content: bytes, path: Path) -> str:
    """``torchscript`` or ``exported``, by the names of the entries alone; nothing of it is interpreted.

    Raises:
        WeightsError: It is neither.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise WeightsError(f"Refused the network {path}: it is neither TorchScript nor a .pt2 file.", SAVE) from error
    entries = {name.partition("/")[2] for name in names}
    if "archive_format" in entries or OLDER in names:
        return EXPORTED
    if "constants.pkl" in entries and any(name.startswith("code/") for name in entries):
        return TORCHSCRIPT
    found = "it is a pickle (torch.save), which holds no program, and reading it could run any code"
    if "data.pkl" not in entries:
        found = "it is neither TorchScript nor a .pt2 file"
    raise WeightsError(f"Refused the network {path}: {found}.", SAVE)


def _load_torchscript(content: bytes, device: torch.device) -> Callable[..., Any]:
    torch: Any = importlib.import_module("torch")  # not before a network is asked for
    program: Callable[..., Any] = torch.jit.load(io.BytesIO(content), map_location=device).eval()
    return program


def _load_exported(content: bytes, device: torch.device) -> Callable[..., Any]:
    export: Any = importlib.import_module("torch.export")
    program = export.load(io.BytesIO(cleaned_archive(content)))
    if device.type != "cpu":
        passes: Any = importlib.import_module("torch.export.passes")
        program = passes.move_to_device_pass(program, device)
    module: Callable[..., Any] = program.module()
    return module
