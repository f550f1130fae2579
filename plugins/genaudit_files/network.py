"""A generator network from a file; the trust that such a file needs is said in ``genaudit.plugin.network_file``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from genaudit.errors import WeightsError
from genaudit.plugin.network_file import EXPORTED, TORCHSCRIPT, load_network
from genaudit_files.program import Program

if TYPE_CHECKING:
    import torch

    from genaudit_files.program_options import NetworkOptions


def build_torchscript(options: NetworkOptions, device: torch.device) -> Program:
    """The network of a TorchScript file.

    Raises:
        WeightsError: The file is no TorchScript program.
        BadOption: The program does not do what the options say.
    """
    return _build(options, device, TORCHSCRIPT)


def build_exported(options: NetworkOptions, device: torch.device) -> Program:
    """The network of a ``.pt2`` file; as above."""
    return _build(options, device, EXPORTED)


def _build(options: NetworkOptions, device: torch.device, kind: str) -> Program:
    loaded = load_network(Path(options.file), device)
    if loaded.kind != kind:
        raise WeightsError(f"{options.file} is not {kind} but {loaded.kind}.", f"Give --plugin {loaded.kind}.")
    for weights in getattr(loaded.program, "parameters", list)():
        weights.requires_grad_(requires_grad=False)  # no batch keeps the graph of what is only evaluated
    return Program(kind, loaded.program, options, device, loaded.digest).tried()
