"""Generators that break their contract."""

import sys

import torch


class _Broken:
    latent_shape = (2,)

    def __init__(self, options, device):
        self._device = device

    def images(self, z, value=0.5):
        return torch.full((len(z), 3, 16, 16), value, device=z.device)


class BuildRaises(_Broken):
    def __init__(self, options, device):
        raise FileNotFoundError("blobs.safetensors is not in the wheel")


class DecodeRaises(_Broken):
    def decode(self, z, labels=None):
        raise ZeroDivisionError("the stranger divides by zero")


class DecodeNaN(_Broken):
    def decode(self, z, labels=None):
        return self.images(z, float("nan"))


class WrongShape(_Broken):
    def decode(self, z, labels=None):
        return self.images(z)[:, :1]


class OutOfRange(_Broken):
    def decode(self, z, labels=None):
        return self.images(z, 255.0)


class Exits(_Broken):
    def decode(self, z, labels=None):
        print("the stranger leaves")  # noqa: T201 - what a plugin prints must not mix with the result
        sys.exit(0)
