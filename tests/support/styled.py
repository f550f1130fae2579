"""A style-based generator whose layers are known to decide one thing each: layer 0 the light, layer 1 the tone."""

import tiny
import torch

NOISE = 0.02


class Styled:
    """Noise of layer 1 is added to the pixels; that of layer 0 does nothing."""

    latent_shape = (2,)
    noise_shapes = ((1, 4, 4), (1, 4, 4))

    def map(self, z, truncation=1.0):
        return truncation * z.double()

    def synthesize(self, w_per_layer, noise=None):
        light = 0.47 + 0.15 * torch.tanh(3 * w_per_layer[:, 0, 0])
        tone = 0.08 * torch.tanh(3 * w_per_layer[:, 1, 1])
        colours = torch.stack([light + tone, light, light - tone], dim=1)
        images = colours[:, :, None, None].expand(-1, *tiny.SHAPE)
        return (images if noise is None else images + NOISE * noise[1]).float()

    def decode(self, z, labels=None):
        return self.synthesize(self.map(z)[:, None].expand(-1, 2, -1))


class Stubborn(Styled):
    """Ignores its styles."""

    def synthesize(self, w_per_layer, noise=None):
        return torch.full((len(w_per_layer), *tiny.SHAPE), 0.5)


class Third(Styled):
    """Whatever is mixed becomes dark and cold: a third thing where both were bright and warm."""

    def synthesize(self, w_per_layer, noise=None):
        mixed = (w_per_layer[:, 0] != w_per_layer[:, 1]).any(dim=1)
        spoilt = torch.full_like(w_per_layer, -5.0)
        return super().synthesize(torch.where(mixed[:, None, None], spoilt, w_per_layer), noise)
