"""Generators that break one promise each; the name says which check finds it. A module with hooks, loaded by name."""

import contextlib
import random
import socket
from dataclasses import dataclass, replace

import numpy as np
import torch

from genaudit.plugin import GeneratorSpec, hookimpl
from genaudit.stats.seeds import generator

SHAPE = (3, 4, 4)


@dataclass(frozen=True)
class Colours:
    """Options that no text can say."""

    palette: dict[str, int] | None = None
    names: tuple[str, ...] = ("a,b",)


class Sound:
    """A flat colour an image, read from the latent: it keeps every promise of a Sampler."""

    latent_shape, shape = (3,), SHAPE

    def __init__(self, options, device):
        self.weight = torch.from_numpy(generator(0, "sound").normal(size=(3, 3))).float()

    def decode(self, z, labels=None):
        return torch.sigmoid(z @ self.weight)[:, :, None, None].expand(-1, *self.shape)


class Trainable(Sound):
    """Sound, with weights that go out and in."""

    def fit(self, training, validation, *, budget, seed, progress):
        pass

    def state(self):
        return {"weight": self.weight}

    def load_state(self, state):
        if state["weight"].shape != self.weight.shape:
            raise ValueError(f"weight is {tuple(state['weight'].shape)}, not {tuple(self.weight.shape)}")
        self.weight = state["weight"]


class Gaussian(Sound):
    """Sound, with the density of pixels around the decoded image."""

    likelihood = "gaussian"
    data_space = "continuous_dequantised"
    constant = 0.5 * np.log(2 * np.pi * 0.04)

    def log_likelihood(self, images, z):
        squared = (images.double() - self.decode(z).double()).flatten(1) ** 2
        return -(squared / 0.08 + self.constant).sum(dim=1)


class Unnormalised(Gaussian):
    constant = 0.0


class LargeGaussian(Gaussian):
    shape = (3, 16, 16)


class LargeUnnormalised(LargeGaussian):
    constant = 0.0


class Averaged(LargeGaussian):
    """Forgets that nats add up."""

    def log_likelihood(self, images, z):
        return super().log_likelihood(images, z) / 768


class LargerGaussian(Gaussian):
    shape = (3, 32, 32)


class LargerUnnormalised(LargerGaussian):
    constant = 0.0


class Speckled(LargerGaussian):
    """Sound, with two scales: most pixels are nearly known, one in forty is not."""

    def log_likelihood(self, images, z):
        scale = torch.full((3072,), 0.01, dtype=torch.float64)
        scale[::40] = 1.0
        away = (images.double() - self.decode(z).double()).flatten(1) / scale
        return (-0.5 * away**2 - scale.log() - 0.5 * np.log(2 * np.pi)).sum(dim=1)


class TwoPeaked(Gaussian):
    """Normalised, with a second peak of each pixel that is narrow."""

    apart = 3.333

    def log_likelihood(self, images, z):
        pixels, centre = images.double().flatten(1), self.decode(z).double().flatten(1)
        parts = [-0.5 * ((pixels - centre - at) / s) ** 2 - np.log(2 * s) for at, s in ((0, 0.05), (self.apart, 0.003))]
        return (torch.logaddexp(*parts) - 0.5 * np.log(2 * np.pi)).sum(dim=1)


class Spiked(TwoPeaked):
    """The second peak is hidden in the first."""

    apart = 0.11


class Strict(Gaussian):
    """Can do everything, in float32 alone: a network of float32 weights that widens nothing. It answers in float64
    where it may."""

    noise_shapes = ((1, 4, 4), (1, 4, 4))
    domains = ("warm", "cold")

    def decode(self, z, labels=None):
        return super().decode(_only_float32(z))

    def map(self, z, truncation=1.0):
        return (_only_float32(z) * truncation).double()

    def synthesize(self, w_per_layer, noise=None):
        _only_float32(w_per_layer, *(noise or ()))
        return self.decode(w_per_layer.mean(dim=1))

    def encode(self, images):
        return _only_float32(images)[:, :, 0, 0].double(), torch.zeros(len(images), 3, dtype=torch.float64)

    def reconstruct(self, images):
        return _only_float32(images) * 0.9

    def log_likelihood(self, images, z):
        return super().log_likelihood(*_only_float32(images, z))

    def translate(self, images, source, target):
        return _only_float32(images).flip(1)


class Untruncated(Strict):
    """Takes a truncation and does nothing with it."""

    def map(self, z, truncation=1.0):
        return super().map(z)


def _only_float32(*given):
    for tensor in given:
        if tensor.dtype is not torch.float32:
            raise TypeError(f"only float32, not {tensor.dtype}")
    return given if len(given) > 1 else given[0]


class Conditional(Sound):
    classes = ("dark", "bright")

    def decode(self, z, labels):
        return super().decode(z) * 0.5 + 0.4 * labels[:, None, None, None]


class ToldGaussian(Conditional):
    """The density of pixels around the image of a class, with a posterior that is told it."""

    likelihood, data_space, constant = "gaussian", "continuous_dequantised", Gaussian.constant

    def log_likelihood(self, images, z, labels):
        squared = (images.double() - self.decode(z, labels).double()).flatten(1) ** 2
        return -(squared / 0.08 + self.constant).sum(dim=1)

    def encode(self, images, labels):
        return images[:, :, 0, 0] + labels[:, None], torch.zeros(len(images), 3)


class ToldUnnormalised(ToldGaussian):
    constant = 0.0


class Shared(ToldGaussian):
    """Gives one log-variance for all dimensions."""

    def encode(self, images, labels):
        mean, log_variance = super().encode(images, labels)
        return mean, log_variance[:, :1]


class Misspelt(Gaussian):
    data_space = "continuous_dequantized"


class Heedless(Conditional):
    def decode(self, z, labels):
        return Sound.decode(self, z)


class Unbuildable(Sound):
    def __init__(self, options, device):
        raise FileNotFoundError("the weights are not in the wheel")


class Panicking(Sound):
    def __init__(self, options, device):
        raise BaseException("a panic of another language")  # noqa: TRY002 - that it is no Exception is the point


class Misshapen(Sound):
    def decode(self, z, labels=None):
        return super().decode(z)[:, :1]


class Wide(Sound):
    def decode(self, z, labels=None):
        return super().decode(z).double()


class Levels(Sound):
    def decode(self, z, labels=None):
        return (super().decode(z) * 255).to(torch.uint8)


class Complex(Sound):
    def decode(self, z, labels=None):
        return super().decode(z).to(torch.complex64)


class Whole(Sound):
    """Its codes are whole numbers."""

    def encode(self, images):
        return (images[:, :, 0, 0] * 255).long(), torch.zeros(len(images), 3, dtype=torch.int64)


class Bright(Sound):
    def decode(self, z, labels=None):
        return super().decode(z) * 255


class Holed(Sound):
    def decode(self, z, labels=None):
        return super().decode(z) / 0 * 0


class Overflowing(Sound):
    """Sound for the latents that are usual."""

    def decode(self, z, labels=None):
        return super().decode(z) + torch.where(z[:, :1] > 3.5, torch.inf, 0.0)[:, :, None, None]


class Moody(Sound):
    """Counts its calls."""

    calls = 0

    def decode(self, z, labels=None):
        Moody.calls += 1
        return super().decode(z) * (1 - 0.01 * (Moody.calls % 7))


class Individual(Sound):
    """Every instance has weights of its own."""

    built = 0

    def __init__(self, options, device):
        Individual.built += 1
        self.weight = torch.full((3, 3), 0.1 * Individual.built)


class Sociable(Sound):
    """Normalises over the batch, as a network does that was left in training mode."""

    def decode(self, z, labels=None):
        return super().decode(z - z.mean(dim=0))


class Stubborn(Sound):
    def decode(self, z, labels=None):
        return torch.full((len(z), *SHAPE), 0.5)


class Shapeless(Sound):
    latent_shape = 3


class TorchDice(Sound):
    def decode(self, z, labels=None):
        torch.rand(1)
        return super().decode(z)


class Reseeding(Sound):
    """Makes its answers repeatable by seeding what belongs to everybody: with a constant, so that it is often there."""

    def decode(self, z, labels=None):
        torch.manual_seed(0)  # noqa: TID251 - that is what is broken
        return super().decode(z)


class NumpyDice(Sound):
    def decode(self, z, labels=None):
        np.random.rand(1)  # noqa: NPY002
        return super().decode(z)


class PythonDice(Sound):
    def __init__(self, options, device):
        super().__init__(options, device)
        random.random()


class Learning(Sound):
    def __init__(self, options, device):
        super().__init__(options, device)
        self.weight.requires_grad_()


class Caller(Sound):
    """Asks the network for its weights, and goes on without."""

    def __init__(self, options, device):
        super().__init__(options, device)
        try:
            with socket.socket() as line:
                line.connect(("192.0.2.1", 80))
        except OSError:
            pass


class Inquirer(Sound):
    """Looks a name up, and goes on without."""

    def decode(self, z, labels=None):
        with contextlib.suppress(OSError):
            socket.gethostbyname("weights.invalid")
        return super().decode(z)


class Forgetful(Trainable):
    def load_state(self, state):
        if state["weight"].shape != self.weight.shape:
            raise ValueError("weight has another shape")


class Gullible(Trainable):
    def load_state(self, state):
        self.weight = state["weight"].reshape(-1)[:9].reshape(3, 3)


EVERYTHING = ("StyleMapper", "Posterior", "Reconstructor", "Likelihood", "Translator")
TOLD = ("ClassConditional", "Posterior", "Likelihood")


def _named(name, target, *further, **changes):
    spec = GeneratorSpec(
        name=name, summary="Broken on purpose.", target=f"broken:{target}", image_shape=SHAPE, version="1",
        capabilities=("Sampler", *further), source="a test", licence="Apache-2.0",
    )  # fmt: skip
    return replace(spec, **changes)


@hookimpl
def genaudit_generators():
    """All of them; this module is heavy, which is what the first is about."""
    return [
        _named("breaks-light-import", "Sound"),
        _named("breaks-licence-and-source", "Sound", licence=""),
        _named("breaks-options-round-trip", "Sound", options="broken:Colours"),
        _named("breaks-build", "Unbuildable"),
        _named("breaks-build-2", "Panicking"),
        _named("breaks-capabilities", "Sound", "Reconstructor"),
        _named("breaks-capabilities-2", "Trainable"),
        _named("breaks-capabilities-3", "Shapeless"),
        _named("breaks-capabilities-4", "Misspelt", "Likelihood"),
        _named("breaks-shapes", "Misshapen"),
        _named("breaks-shapes-2", "Shared", *TOLD),
        _named("breaks-dtypes", "Wide"),
        _named("breaks-dtypes-2", "Levels"),
        _named("breaks-dtypes-3", "Complex"),
        _named("breaks-dtypes-4", "Whole", "Posterior"),
        _named("breaks-ranges", "Bright"),
        _named("breaks-ranges-2", "Holed"),
        _named("breaks-ranges-3", "Overflowing"),
        _named("breaks-repeatable", "Moody"),
        _named("breaks-repeatable-2", "Individual"),
        _named("breaks-batch-size", "Sociable"),
        _named("breaks-heeds-latents", "Stubborn"),
        _named("breaks-heeds-latents-2", "Heedless", "ClassConditional"),
        _named("breaks-heeds-latents-3", "Untruncated", *EVERYTHING),
        _named("breaks-global-randomness", "TorchDice"),
        _named("breaks-global-randomness-2", "NumpyDice"),
        _named("breaks-global-randomness-3", "PythonDice"),
        _named("breaks-global-randomness-4", "Reseeding"),
        _named("breaks-no-gradients", "Learning"),
        _named("breaks-no-network", "Caller"),
        _named("breaks-no-network-2", "Inquirer"),
        _named("breaks-weights-round-trip", "Forgetful", "Trainable"),
        _named("breaks-weights-round-trip-2", "Gullible", "Trainable"),
        _named("breaks-likelihood-integrates-to-one", "Unnormalised", "Likelihood"),
        _named("keeps-likelihood", "Gaussian", "Likelihood"),
        _named("breaks-likelihood-integrates-to-one-2", "ToldUnnormalised", *TOLD),
        _named("breaks-likelihood-integrates-to-one-3", "LargeUnnormalised", "Likelihood", image_shape=(3, 16, 16)),
        _named("breaks-likelihood-integrates-to-one-4", "Averaged", "Likelihood", image_shape=(3, 16, 16)),
        _named("breaks-likelihood-integrates-to-one-5", "LargerUnnormalised", "Likelihood", image_shape=(3, 32, 32)),
        _named("keeps-large-likelihood", "LargeGaussian", "Likelihood", image_shape=(3, 16, 16)),
        _named("keeps-larger-likelihood", "LargerGaussian", "Likelihood", image_shape=(3, 32, 32)),
        _named("keeps-speckled-likelihood", "Speckled", "Likelihood", image_shape=(3, 32, 32)),
        _named("keeps-two-peaks", "TwoPeaked", "Likelihood"),
        _named("keeps-spike", "Spiked", "Likelihood"),
        _named("keeps-labels", "Conditional", "ClassConditional"),
        _named("keeps-strictly", "Strict", *EVERYTHING),
        _named("keeps-told-likelihood", "ToldGaussian", *TOLD),
        _named("keeps-weights", "Trainable", "Trainable"),
    ]
