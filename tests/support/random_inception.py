"""Seeded random weights of the shape of Inception's: a forward pass whose every layer carries signal."""

import io

import torch
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
