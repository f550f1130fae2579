"""What must be said of a program that takes latents and gives images; checked before torch is loaded."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from genaudit.values.printable import printable

if TYPE_CHECKING:
    from genaudit.plugin import GeneratorSpec

LARGEST = 2**24
"""Numbers of one latent, or of one image; more are a slip of the hand, and would not fit into memory by the batch."""
TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramOptions:
    """What every program needs."""

    latent_shape: tuple[int, ...]
    """Shape of one latent, such as 64 or 64,1,1; its elements are drawn from N(0, 1)."""
    image_shape: tuple[int, ...]
    """Channels, height and width of an image, such as 3,16,16; or one number for vectors."""
    range: tuple[float, float] = (0.0, 1.0)
    """Which values of the program are black and white; -1,1 after a tanh. Not used for vectors."""
    classes: tuple[str, ...] = ()
    """Names of the classes of a class-conditional program, which is then called with labels too; empty: without."""
    labels: Literal["index", "one-hot"] = "index"
    """How it wants labels: int64 ``(n,)``, or float32 ``(n, classes)``."""
    batch: int = 64
    """Latents in every call; the last is filled up, so that images do not depend on how many are asked for."""

    def __post_init__(self) -> None:
        for name in ("latent_shape", "image_shape"):
            shape = getattr(self, name)
            if not shape or min(shape) < 1:
                raise ValueError(f"{name} is {shape}; allowed: whole numbers from 1, such as 3,16,16")
            if math.prod(shape) > LARGEST:
                raise ValueError(f"{name} is {shape}, {math.prod(shape):,} numbers; allowed: up to {LARGEST:,}")
        if len(self.image_shape) not in {1, 3}:
            raise ValueError(f"image_shape is {self.image_shape}; allowed: channels, height, width, or one number")
        if not (all(map(math.isfinite, self.range)) and self.range[0] < self.range[1]):
            raise ValueError(f"range is {self.range}; allowed: two numbers, the smaller one first")
        if len(self.classes) == 1 or len(set(self.classes)) < len(self.classes):
            raise ValueError(f"classes is {self.classes}; allowed: none, or two or more different names")
        if self.batch < 1:
            raise ValueError(f"batch is {self.batch}; allowed: from 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkOptions(ProgramOptions):
    """What may be set with ``--set torchscript.NAME=VALUE`` or ``--set exported.NAME=VALUE``."""

    file: str
    """The network's file. It is a program: give only one whose author's code you would run."""

    def __post_init__(self) -> None:
        super(NetworkOptions, self).__post_init__()
        if not Path(self.file).is_file():
            raise ValueError(f"there is no file {self.file}{': it is a folder' if Path(self.file).is_dir() else ''}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallableOptions(ProgramOptions):
    """What may be set with ``--set callable.NAME=VALUE``."""

    target: str
    """``package.module:function``, imported when the run starts."""
    path: str = ""
    """A folder that is put on the import path for it; empty: none, not even the working directory."""

    def __post_init__(self) -> None:
        super(CallableOptions, self).__post_init__()
        if not TARGET.fullmatch(self.target):
            raise ValueError(f"target is '{self.target}'; allowed: package.module:function")
        if self.path and not Path(self.path).is_dir():
            raise ValueError(f"path is '{self.path}', which is no folder")


def settle(spec: GeneratorSpec, options: NetworkOptions | CallableOptions) -> GeneratorSpec:
    """The spec with the shape that the options name, conditional if they name classes."""
    program = options.target if isinstance(options, CallableOptions) else Path(options.file).name
    latents, made = ("×".join(map(str, shape)) for shape in (options.latent_shape, options.image_shape))
    return replace(
        spec,
        summary=f"{spec.title} {printable(program, 80)}: latents of {latents} in, {made} out.",
        data_kind="vector" if len(options.image_shape) == 1 else "image",
        image_shape=options.image_shape,
        capabilities=("Sampler", "ClassConditional") if options.classes else ("Sampler",),
    )
