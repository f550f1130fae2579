"""Inception-v3 as every published FID reads it: torch-fidelity's network with TensorFlow's resize, in float32.

Weights come from a file that the user names; nothing is downloaded. The 1008 classes are ImageNet's as TensorFlow
numbered them, without names here: they are no modes of anybody's data.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from genaudit.errors import WeightsError
from genaudit.extractors.weights_file import read_tensors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genaudit.extractors.options import InceptionOptions

LAYERS = {
    "features": "2048",
    "logits": "logits_unbiased",
    "low_level": "64",
    "features_192": "192",
    "features_768": "768",
}
"""Output to torch-fidelity's name of it. The logits leave the bias out, as the published Inception Score does."""


def build(options: InceptionOptions, device: torch.device) -> Inception:
    """The network with the weights of the options, on a device.

    Raises:
        WeightsError: The file cannot be read, or its tensors do not fit the network.
    """
    path = Path(options.weights)
    state, digest = read_tensors(path)
    try:
        network = _network(state)
    except RuntimeError as error:
        raise WeightsError(
            f"The weights {path} do not fit Inception: {' '.join(str(error).split())[:300]}…",
            "Give the published .pth, or the same tensors as .safetensors.",
        ) from error
    return Inception(network=network.to(device), weights_digest=digest, batch=options.batch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inception:
    """The network with its weights, in evaluation mode."""

    network: torch.nn.Module
    weights_digest: str
    """SHA-256 of the file of weights."""
    batch: int

    def extract(self, images: Tensor) -> Mapping[str, Tensor]:
        """What the network says of uint8 images ``(n, 3, h, w)`` of any size.

        Returns:
            ``features (n, 2048)`` of the last pooling, ``features_768``, ``features_192`` and ``low_level (n, 64)`` of
            earlier ones, averaged over space, and ``logits (n, 1008)`` without their bias; float32.

        Raises:
            ValueError: The images have another type or number of channels.
        """
        if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] != 3:
            raise ValueError(
                f"extractor 'inception' reads uint8 images (n, 3, h, w), not {images.dtype} {tuple(images.shape)}"
            )
        # without these flags an accelerator rounds products to ten bits and may choose another algorithm each time
        with torch.no_grad(), torch.backends.cudnn.flags(benchmark=False, deterministic=True, allow_tf32=False):
            parts = [self.network(part) for part in torch.split(images, self.batch)]
        return {name: torch.cat([part[place] for part in parts]) for place, name in enumerate(LAYERS)}


def _network(state: Mapping[str, Tensor]) -> torch.nn.Module:
    """torch-fidelity's network with these weights.

    Its constructor unpickles a file without restrictions, or downloads one. It is given tensors that were read safely,
    written to memory again: what it unpickles is ours.
    """
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    buffer = io.BytesIO()
    torch.save(dict(state), buffer)
    buffer.seek(0)
    network: Any = FeatureExtractorInceptionV3(
        "inception-v3-compat", list(LAYERS.values()), feature_extractor_weights_path=buffer
    )
    found: torch.nn.Module = network
    return found
