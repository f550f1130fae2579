"""Inception-v3 as every published FID reads it: torch-fidelity's network with TensorFlow's resize, in float32.

Weights come from a file that the user names; nothing is downloaded. The 1008 classes are ImageNet's as TensorFlow
numbered them, without names here: they are no modes of anybody's data.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from genaudit.errors import WeightsError
from genaudit.extractors.folding import arranged, folded
from genaudit.extractors.options import SIDE, InceptionOptions
from genaudit.extractors.published_weights import published_weights
from genaudit.extractors.weights_file import read_tensors
from genaudit.plugin.stored_types import mistyped
from genaudit.stats.resizing import TF1
from genaudit.stats.stretching import tf1_matrix

if TYPE_CHECKING:
    from collections.abc import Mapping

PUBLISHED = "Give the published .pth, or the same tensors as .safetensors."
STAGES = {
    "low_level": ("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "MaxPool_1"),
    "features_192": ("Conv2d_3b_1x1", "Conv2d_4a_3x3", "MaxPool_2"),
    "features_768": (
        *("Mixed_5b", "Mixed_5c", "Mixed_5d", "Mixed_6a"),
        *("Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"),
    ),
    "features": ("Mixed_7a", "Mixed_7b", "Mixed_7c"),
}
"""Output to the layers that lead to it from the one before; an output is their mean over space.

torch-fidelity's own ``forward`` does the same behind its resize of 8-bit levels, which leaves room for no other policy.
"""


def build(options: InceptionOptions, device: torch.device) -> Inception:
    """The network with the weights of the options, on a device.

    Raises:
        WeightsError: The file cannot be had or read, or its tensors do not fit the network.
    """
    path = Path(options.weights) if options.weights else published_weights()
    state, digest = read_tensors(path)
    try:
        network = _network(state)
    except RuntimeError as error:
        raise WeightsError(
            f"The weights {path} do not fit Inception: {' '.join(str(error).split())[:300]}…",
            PUBLISHED,
        ) from error
    if wrong := mistyped(state, network.state_dict()):
        raise WeightsError(f"Refused the weights {path}: {wrong}.", PUBLISHED)
    network = network.to(device)
    return Inception(
        network=network if options.as_published else folded(network), weights_digest=digest, options=options
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inception:
    """The network with its weights, in evaluation mode."""

    network: torch.nn.Module
    weights_digest: str
    """SHA-256 of the file of weights."""
    options: InceptionOptions

    def extract(self, images: Tensor) -> Mapping[str, Tensor]:
        """What the network says of levels ``(n, 3, h, w)``, uint8 or float32 in [0, 255], of any size.

        Returns:
            ``features (n, 2048)`` of the last pooling, ``features_768``, ``features_192`` and ``low_level (n, 64)`` of
            earlier ones, averaged over space, and ``logits (n, 1008)`` without their bias; float32.

        Raises:
            ValueError: The images have another type or number of channels.
        """
        if images.dtype not in {torch.uint8, torch.float32} or images.ndim != 4 or images.shape[1] != 3:
            raise ValueError(
                "extractor 'inception' reads levels (n, 3, h, w), uint8 or float32, "
                f"not {images.dtype} {tuple(images.shape)}"
            )
        # without these flags an accelerator rounds products to ten bits and may choose another algorithm each time
        with torch.no_grad(), torch.backends.cudnn.flags(benchmark=False, deterministic=True, allow_tf32=False):
            parts = [self._read(part) for part in torch.split(images, self.options.batch)]
        return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}

    def _read(self, levels: Tensor) -> dict[str, Tensor]:
        """Outputs of one batch, filled up with its last image, unless torch-fidelity's own bits are asked for.

        Products of another size round otherwise, and small ones otherwise for another number of threads.
        """
        lacking = 0 if self.options.as_published else self.options.batch - len(levels)
        full = torch.cat([levels, levels[-1:].expand(lacking, -1, -1, -1)]) if lacking else levels
        return {name: rows[: len(levels)] for name, rows in self._forward(self._stretched(full)).items()}

    def _stretched(self, levels: Tensor) -> Tensor:
        """Levels ``(n, 3, 299, 299)``, float32, on the device of ``levels``."""
        resizing = self.options.resizing
        if tuple(levels.shape[2:]) == resizing.size:
            return levels.float()
        if resizing.policy == TF1:
            return _tf1_as_published(levels) if self.options.as_published else _tf1_by_products(levels, resizing.size)
        images = np.stack([resizing(image) for image in levels.cpu().numpy()])
        return torch.from_numpy(images).float().to(levels.device)

    def _forward(self, levels: Tensor) -> dict[str, Tensor]:
        layers: Any = self.network
        values, found = (levels - 128) / 128, {}
        if not self.options.as_published:
            values = arranged(values)
        for name, stage in STAGES.items():
            for layer in stage:
                values = getattr(layers, layer)(values)
            found[name] = functional.adaptive_avg_pool2d(values, 1).flatten(1)
        found["logits"] = found["features"].mm(layers.fc.weight.T)  # without the bias, as the published score
        return found


def _tf1_as_published(levels: Tensor) -> Tensor:
    from torch_fidelity.interpolate_compat_tensorflow import interpolate_bilinear_2d_like_tensorflow1x

    found: Tensor = interpolate_bilinear_2d_like_tensorflow1x(levels.float(), size=(SIDE, SIDE), align_corners=False)
    return found


def _tf1_by_products(levels: Tensor, size: tuple[int, int]) -> Tensor:
    """The same by two small products, in a fifth of the time; 5e-5 of a level apart at the most."""
    down, across = (
        torch.from_numpy(tf1_matrix(old, new)).to(levels.device)
        for old, new in zip(levels.shape[2:], size, strict=True)
    )
    return down @ levels.float() @ across.T


def _network(state: Mapping[str, Tensor]) -> torch.nn.Module:
    """torch-fidelity's network with these weights.

    Its constructor unpickles a file without restrictions, or downloads one. It is given tensors that were read safely,
    written to memory again: what it unpickles is ours.
    """
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    buffer = io.BytesIO()
    torch.save(dict(state), buffer)
    buffer.seek(0)
    with torch.random.fork_rng(devices=[]):  # its layers draw random weights, which are then replaced
        found: torch.nn.Module = FeatureExtractorInceptionV3(
            "inception-v3-compat", ["2048"], feature_extractor_weights_path=buffer
        )
    return found
