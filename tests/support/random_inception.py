"""Seeded random weights of the shape of Inception's, whose every layer carries signal, and photographs to show it."""

import io

import numpy as np
import torch
from crops import crop_folders
from PIL import Image
from torch.utils.data import Dataset
from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3


class Unloaded(FeatureExtractorInceptionV3):
    """The network as it is built, before anything is loaded."""

    def load_state_dict(self, state_dict):
        pass


def random_weights(seed=0):
    buffer = io.BytesIO()
    torch.save({}, buffer)
    buffer.seek(0)
    network = Unloaded("unloaded", ["2048"], feature_extractor_weights_path=buffer)
    rng = torch.Generator().manual_seed(seed)
    state = network.state_dict()
    for name, tensor in state.items():
        if tensor.ndim > 1:  # convolutions and the last layer: variance is kept from layer to layer
            deviation = (2 / tensor[0].numel()) ** 0.5
            state[name] = torch.randn(tensor.shape, generator=rng) * deviation
        elif name.endswith(("bn.bias", "fc.bias")):
            state[name] = torch.randn(tensor.shape, generator=rng) * 0.1
    return dict(state)


def crop_stacks(place, *, count):
    """Crops of two photographs, each as a tensor ``(count, 3, 32, 32)`` of 8-bit levels."""
    folders = crop_folders(place, count=count)
    images = [[np.asarray(Image.open(path)).transpose(2, 0, 1) for path in sorted(each.iterdir())] for each in folders]
    return [torch.from_numpy(np.stack(each)) for each in images]


class Images(Dataset):
    """A set as torch-fidelity takes it."""

    def __init__(self, images):
        self._images = images

    def __len__(self):
        return len(self._images)

    def __getitem__(self, index):
        return self._images[index]
