"""A user's own network as an extractor: TorchScript or torch.export, from a file.

The trust that such a file needs is said in ``genaudit.plugin.network_file``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from genaudit.errors import BadOption, WeightsError
from genaudit.extractors.network_options import NetworkOptions, by_channel
from genaudit.plugin.loading import one_line
from genaudit.plugin.network_file import EXPORTED, TORCHSCRIPT, load_network

SAME = 1e-3
"""Relative difference of two passes over the same image that float32 in another order may make."""
LEARNING = (
    "Save it in evaluation mode: network.eval() before torch.jit.trace or torch.export, so that dropout is off and "
    "batch normalisation does not look at the other images."
)


def build_torchscript(options: NetworkOptions, device: torch.device) -> Network:
    """The network of a TorchScript file.

    Raises:
        WeightsError: The file is no TorchScript program, or the program does not work as an extractor.
        BadOption: Its outputs are not what the options say.
    """
    return _build(options, device, TORCHSCRIPT)


def build_exported(options: NetworkOptions, device: torch.device) -> Network:
    """The network of a ``.pt2`` file; as above."""
    return _build(options, device, EXPORTED)


def _build(options: NetworkOptions, device: torch.device, kind: str) -> Network:
    loaded = load_network(Path(options.file), device)
    if loaded.kind != kind:
        raise WeightsError(f"{options.file} is not {kind} but {loaded.kind}.", f"Give --extractor {loaded.kind}.")
    network = Network(
        program=loaded.program, weights_digest=loaded.digest, options=options, device=device, dimensions={}
    )
    return network.probed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A program with the contract of its input."""

    program: Callable[..., Any]
    weights_digest: str
    """SHA-256 of the file."""
    options: NetworkOptions
    device: torch.device
    dimensions: Mapping[str, int]
    """Output to its dimension, as a first pass showed it."""

    def extract(self, images: Tensor) -> Mapping[str, Tensor]:
        """What the network says of levels ``(n, 3, h, w)``, uint8 or float32 in [0, 255].

        Raises:
            ValueError: The images have not the network's size, and no resize policy was chosen.
        """
        parts = [self._outputs(self._input(part)) for part in torch.split(images, self.options.batch)]
        return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}

    def probed(self) -> Network:
        """The same network with its dimensions, if it treats images one by one and always alike.

        Raises:
            WeightsError: It cannot read the input, or what it says of an image depends on the others or on chance.
            BadOption: Its outputs are not what the options say.
        """
        rng = torch.Generator().manual_seed(0)
        shape = (self.options.batch, 3, *self.options.resizing.size)
        one, other = (torch.rand(shape, generator=rng) * 255 for _ in range(2))
        same = max(1, len(one) // 2)
        other[:same] = one[:same]
        try:
            first, second = (self._outputs(self._scaled(levels)) for levels in (one, other))
        except (RuntimeError, TypeError, AssertionError) as error:  # what a program makes of an input it is not for
            raise WeightsError(
                f"The network {self.options.file} cannot read images {shape}: {one_line(error)}.",
                "Say what it reads: options size, dtype and, if it was made for a fixed number of images, batch.",
            ) from error
        for name, rows in first.items():
            if not torch.allclose(rows[:same], second[name][:same], rtol=SAME, atol=SAME * float(rows.abs().max())):
                raise WeightsError(
                    f"What the network {self.options.file} says of an image changes with the others beside it, or from "
                    "one pass to the next: no number could be trusted.",
                    LEARNING,
                )
        found = {name: rows.shape[1] for name, rows in first.items()}
        if self.options.dim not in {0, found["features"]}:
            raise BadOption(f"The network gives {found['features']} features, and dim is {self.options.dim}.")
        names = self.options.class_names
        if names and found["logits"] != len(names):
            raise BadOption(f"The network gives {found['logits']} logits, and classes names {len(names)}.")
        return Network(
            program=self.program,
            weights_digest=self.weights_digest,
            options=self.options,
            device=self.device,
            dimensions=found,
        )

    def _input(self, images: Tensor) -> Tensor:
        """Levels of the network's size, on its device."""
        resizing = self.options.resizing
        if tuple(images.shape[2:]) != resizing.size:
            resized = np.stack([resizing(image) for image in images.cpu().numpy()])
            images = torch.from_numpy(resized)
        return self._scaled(images)

    def _scaled(self, levels: Tensor) -> Tensor:
        options = self.options
        low, high = options.range
        values = levels.to(self.device, getattr(torch, options.dtype)) / 255 * (high - low) + low
        mean, std = (values.new_tensor(by_channel(given))[:, None, None] for given in (options.mean, options.std))
        return (values - mean) / std

    def _outputs(self, values: Tensor) -> dict[str, Tensor]:
        """The chosen outputs of one batch, which is filled up with its last image so that its size is always one."""
        lacking = self.options.batch - len(values)
        full = torch.cat([values, values[-1:].expand(lacking, -1, -1, -1)]) if lacking else values
        # without these flags an accelerator rounds products to ten bits and may choose another algorithm each time
        with torch.no_grad(), torch.backends.cudnn.flags(benchmark=False, deterministic=True, allow_tf32=False):
            given = self.program(full)
        chosen = {"features": self.options.output} | ({"logits": self.options.logits} if self.options.logits else {})
        return {name: _rows(given, which, name, len(full))[: len(values)] for name, which in chosen.items()}


def _rows(given: object, which: str, name: str, count: int) -> Tensor:
    """One of a program's outputs as ``(n, d)``."""
    outputs: dict[str, object] = {"": given}
    if isinstance(given, Mapping):
        outputs = {str(key): value for key, value in given.items()}
    elif isinstance(given, tuple | list):
        outputs = {str(place): value for place, value in enumerate(given)}
    if which == "" and len(outputs) == 1:
        which = next(iter(outputs))
    option = "output" if name == "features" else name
    if which not in outputs:
        raise BadOption(
            f"The network has no output '{which}'." if which else "The network has several outputs.",
            f"Name one with the option {option}: {', '.join(outputs)}.",
        )
    rows = outputs[which]
    if not isinstance(rows, Tensor) or rows.ndim < 2 or rows.shape[0] != count or rows[0].numel() != rows.shape[1]:
        found = tuple(rows.shape) if isinstance(rows, Tensor) else type(rows).__name__
        raise BadOption(
            f"The output '{which or 'of the network'}' is {found} for {count} images, not (n, d).",
            "Average over space, or flatten, in the network itself.",
        )
    return rows.reshape(count, -1)
