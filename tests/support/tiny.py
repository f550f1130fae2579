"""A complete small world for tests of the engine: data, extractor, annotators and generators, made in milliseconds.

Images are 3 × 4 × 4. A "bright" image has a high mean, a "warm" one more red than blue.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scipy.special import log_softmax

from genaudit.plugin.catalog import Catalog, Registered
from genaudit.plugin.components import LabelledImages
from genaudit.plugin.specs import AnnotatorSpec, DatasetSpec, ExtractorSpec, GeneratorSpec
from genaudit.stats.seeds import generator

SHAPE = (3, 4, 4)
SPLITS = {"train": 60, "evaluation": 40, "holdout": 30}
LEVELS = {"light": ("dark", "bright"), "tone": ("warm", "cold")}


@dataclass(frozen=True, slots=True, kw_only=True)
class TinyOptions:
    """Options of the generator."""

    gain: float = 1.0
    latent_dim: int = 5

    def __post_init__(self):
        if self.latent_dim < 1:
            raise ValueError(f"latent_dim is at least 1, not {self.latent_dim}")


class TinyDataset:
    """Random images with known labels."""

    def split(self, name):
        rng = generator(0, "tiny", name)
        n = SPLITS[name]
        light, tone = rng.integers(2, size=n), rng.integers(2, size=n)
        level = np.where(light == 1, 180, 60)[:, None, None, None] + rng.integers(-20, 20, size=(n, *SHAPE))
        level[:, 0] += np.where(tone == 0, 30, -30)[:, None, None]
        level[:, 2] += np.where(tone == 0, -30, 30)[:, None, None]
        images = level.clip(0, 255).astype(np.uint8)
        return LabelledImages(
            images=images,
            labels={"light": light, "tone": tone},
            clusters=np.arange(n) // 2,
            digest=hashlib.sha256(images.tobytes()).hexdigest(),
        )

    def translation_pairs(self, name, source, target):
        """The same images warm and cold: the stronger of red and blue is in the domain's channel."""
        split = self.split(name)
        high, low = (
            np.maximum(split.images[:, 0], split.images[:, 2]),
            np.minimum(split.images[:, 0], split.images[:, 2]),
        )
        looks = {"warm": (high, low), "cold": (low, high)}
        found = []
        for domain in (source, target):
            images = split.images.copy()
            images[:, 0], images[:, 2] = looks[domain]
            found.append(
                LabelledImages(images=images, labels={"light": split.labels["light"]}, clusters=split.clusters)
            )
        return tuple(found)


class TinyTranslator:
    """Swaps red and blue, which is exact, and adds some light, which is not."""

    domains = ("warm", "cold")

    def __init__(self, added=0.0, domains=("warm", "cold")):
        self.added, self.domains = added, domains

    def translate(self, images, source, target):
        return (images.flip(1) + self.added).clamp(0, 1)


class TinyVectors:
    """Rows of three numbers around 5: nothing that an image could be."""

    def split(self, name):
        rows = (5 + generator(0, "vectors", name).normal(size=(SPLITS[name], 3))).astype(np.float32)
        return LabelledImages(images=rows, digest=hashlib.sha256(rows.tobytes()).hexdigest())


class VectorSampler:
    """A sampler of the same rows."""

    latent_shape = (3,)

    def decode(self, z, labels=None):
        return z + 5


class TinyExtractor:
    """Means of quarters as features; two classes by the mean."""

    weights_digest = "0" * 64

    def extract(self, images):
        unit = images.double() / 255
        features = torch.nn.functional.avg_pool2d(unit, 2).flatten(1)
        mean = unit.mean(dim=(1, 2, 3))
        return {
            "features": features,
            "low_level": unit.flatten(2).std(dim=2),
            "logits": torch.stack([40 * (0.47 - mean), 40 * (mean - 0.47)], dim=1),
        }


class LightAnnotator:
    """Reads the extractor's classes."""

    def annotate(self, images, outputs):
        return np.exp(log_softmax(outputs["logits"], axis=1))


class ToneAnnotator:
    """More red than blue is warm."""

    def annotate(self, images, outputs):
        warm = images[:, 0].sum(axis=(1, 2), dtype=int) >= images[:, 2].sum(axis=(1, 2), dtype=int)
        return np.stack([warm, ~warm], axis=1).astype(float)


class TinyVae:
    """A linear decoder with everything that a VAE can do."""

    likelihood = "gaussian"
    data_space = "continuous_dequantised"

    def __init__(self, options):
        self._options = options
        rng = generator(3, "weights")
        self._weights = {
            "decoder": torch.from_numpy(rng.normal(size=(options.latent_dim, 48)) * 0.5),
            "bias": torch.zeros(48, dtype=torch.float64),
        }

    @property
    def latent_shape(self):
        return (self._options.latent_dim,)

    def decode(self, z, labels=None):
        pixels = torch.sigmoid(self._options.gain * z.double() @ self._weights["decoder"] + self._weights["bias"])
        return pixels.reshape(-1, *SHAPE).float()

    def encode(self, images):
        centred = images.double().flatten(1) - 0.5
        return centred @ self._weights["decoder"].T / 4, torch.full((len(images), self._options.latent_dim), -1.0)

    def reconstruct(self, images):
        return self.decode(self.encode(images)[0])

    def log_likelihood(self, images, z):
        error = (images.double() - self.decode(z).double()).flatten(1)
        return -0.5 * (error**2 / 0.01 + np.log(2 * np.pi * 0.01)).sum(dim=1)

    def fit(self, training, validation, *, budget, seed, progress):
        for step in range(1, 5):
            self._weights["bias"] += 0.1
            progress.step(step, 4, 10.0 - step)
        progress.epoch(4, 6.5)

    def state(self):
        return self._weights

    def load_state(self, state):
        for name, tensor in self._weights.items():
            if name not in state or state[name].shape != tensor.shape:
                raise ValueError(f"{name} is {tuple(state[name].shape)}, expected {tuple(tensor.shape)}")
        self._weights = {name: tensor.double() for name, tensor in state.items()}


class Broken:
    """A sampler whose ``decode`` does what its mode says."""

    latent_shape = (5,)

    def __init__(self, mode):
        self._mode = mode

    def decode(self, z, labels=None):
        images = torch.full((len(z), *SHAPE), 0.5)
        if self._mode == "raises":
            raise RuntimeError("no decoder today")
        if self._mode == "leaving":
            raise SystemExit(0)
        if self._mode == "panicking":
            raise BaseException("a panic of another language")  # noqa: TRY002 - that it is no Exception is the point
        if self._mode == "late-nan" and float(z[0, 0]) < 0:
            images[0] = torch.nan
        return {
            "nan": torch.full_like(images, torch.nan),
            "shape": images[:, :1],
            "range": images * 4,
            "list": images.tolist(),
        }.get(self._mode, images)


def build_dataset(options):
    return TinyDataset()


def build_extractor(options, device):
    return TinyExtractor()


def build_light(options):
    return LightAnnotator()


def build_tone(options):
    return ToneAnnotator()


def build_translator(options, device):
    return TinyTranslator()


def build_stray_translator(options, device):
    return TinyTranslator(domains=("horse", "zebra"))


def build_vectors(options):
    return TinyVectors()


def build_vector_sampler(options, device):
    return VectorSampler()


def build_vae(options, device):
    return TinyVae(options)


def build_raising(options, device):
    return Broken("raises")


def build_leaving(options, device):
    return Broken("leaving")


def build_panicking(options, device):
    return Broken("panicking")


def build_nan(options, device):
    return Broken("nan")


def build_shape(options, device):
    return Broken("shape")


def build_range(options, device):
    return Broken("range")


def build_list(options, device):
    return Broken("list")


def build_liar(options, device):
    return object()


def build_misspelt(options, device):
    made = TinyVae(options)
    made.data_space = "continuous_dequantized"
    return made


def build_shapeless(options, device):
    made = Broken("fine")
    made.latent_shape = None
    return made


def build_never(options, device):
    raise OSError("the model's file is gone")


TOLD = []
"""What ``remember`` was told."""


def remember(record, folder, options):
    TOLD.append((record.run_id, (folder / "run.json").exists()))


def refuse_to_track(record, folder, options):
    raise ConnectionError("nobody answers")


def shipped(options):
    """Weights beside the test run, if the test put some there; see ``tiny_catalog``."""
    return Path(SHIPPED[0]) if SHIPPED else None


SHIPPED: list[str] = []

ALL = ("Sampler", "Reconstructor", "Posterior", "Likelihood", "Trainable")


def _generator(name, target, capabilities=("Sampler",), **further):
    return GeneratorSpec(
        name=name, summary=name, target=f"tiny:{target}", capabilities=capabilities, image_shape=SHAPE, **further
    )


SPECS = [
    DatasetSpec(
        name="tiny-vectors",
        summary="Rows of numbers.",
        target="tiny:build_vectors",
        data_kind="vector",
        image_shape=(3,),
        splits=SPLITS,
    ),
    GeneratorSpec(
        name="vector-sampler",
        summary="Draws rows.",
        target="tiny:build_vector_sampler",
        capabilities=("Sampler",),
        data_kind="vector",
        image_shape=(3,),
    ),
    DatasetSpec(
        name="tiny",
        summary="Small random images.",
        target="tiny:build_dataset",
        image_shape=SHAPE,
        splits=SPLITS,
        attributes=LEVELS,
        extractor="tiny-net",
        annotators={"light": "light-reader", "tone": "tone-rule"},
        pairs=(("light", "tone"),),
        translations=(("warm", "cold"),),
    ),
    ExtractorSpec(
        name="tiny-net",
        summary="Means of quarters.",
        target="tiny:build_extractor",
        outputs={"features": 12, "low_level": 3, "logits": 2},
        classes=LEVELS["light"],
        input_shape=SHAPE,
        preprocessing="none",
    ),
    AnnotatorSpec(
        name="light-reader",
        summary="Reads the light.",
        target="tiny:build_light",
        attribute="light",
        levels=LEVELS["light"],
        method="a classifier",
    ),
    AnnotatorSpec(
        name="tone-rule",
        summary="Reads the tone.",
        target="tiny:build_tone",
        attribute="tone",
        levels=LEVELS["tone"],
        method="a rule on pixels",
    ),
    _generator("tiny-vae", "build_vae", ALL, options="tiny:TinyOptions", checkpoint="tiny:shipped"),
    _generator("misspelt", "build_misspelt", ("Sampler", "Likelihood"), options="tiny:TinyOptions"),
    _generator("tiny-translator", "build_translator", ("Translator",)),
    _generator("stray-translator", "build_stray_translator", ("Translator",)),
    _generator("tiny-sampler", "build_vae", ("Sampler",), options="tiny:TinyOptions"),
    *(
        _generator(name, f"build_{name}")
        for name in ("raising", "leaving", "panicking", "nan", "shape", "range", "list", "liar", "never", "shapeless")
    ),
]


def tiny_catalog(base, *further):
    """The installed catalog with the tiny world added."""
    added = tuple(
        Registered(spec=spec, plugin="tiny", distribution="tiny-world", version="1.0") for spec in (*SPECS, *further)
    )
    return Catalog(statuses=base.statuses, registered=(*base.registered, *added))
