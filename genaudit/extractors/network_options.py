"""Options of extractors whose network is a user's file; light, because they are checked before torch is loaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from genaudit.stats.resizing import NONE, Resizing

if TYPE_CHECKING:
    from genaudit.plugin.specs import ExtractorSpec

MOST_CLASSES = 100_000
"""A number beyond it is a mistake, and the network's own says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkOptions:
    """Options of ``torchscript`` and ``exported``: a network's file and the contract of its input.

    Raises:
        ValueError: The file is not there, or a value cannot be.
    """

    file: str
    """The network's file."""
    size: int | tuple[int, int]
    """Height and width of its input; one number for both."""
    resize: Literal["none", "pil-bicubic", "pil-bicubic-8bit", "tf1-bilinear"] = "none"
    """How images of another size are brought to it; none: they must have it."""
    range: tuple[float, float] = (0.0, 1.0)
    """What levels 0 and 255 become."""
    mean: float | tuple[float, float, float] = 0.0
    """Taken off afterwards: one number, or one a channel."""
    std: float | tuple[float, float, float] = 1.0
    """What the rest is divided by: one number, or one a channel."""
    dtype: Literal["float32", "float64"] = "float32"
    """Of the network's input."""
    output: str = ""
    """The features among several outputs: a key, or a number from 0."""
    logits: str = ""
    """Likewise the classifier's output, if there is one and metrics of classes are wanted."""
    classes: tuple[str, ...] = ()
    """Names of the classes that the logits stand for, in their order, or one number: how many there are (then 0, 1, …).
    For metrics that count the modes of the data, which are these."""
    dim: int = 0
    """Number of features, to be checked; 0: whatever the network gives."""
    batch: int = 16
    """Images in every forward pass; the last is filled up. What a program that was made for a fixed number needs."""

    def __post_init__(self) -> None:
        if not Path(self.file).is_file():
            raise ValueError(f"there is no file {self.file}{': it is a folder' if Path(self.file).is_dir() else ''}")
        if not all(1 <= pixels <= 4096 for pixels in self.resizing.size):
            raise ValueError(f"size is one or two numbers of pixels from 1 to 4096, not {self.size}")
        if self.range[0] == self.range[1]:
            raise ValueError(f"range is two different numbers, not {self.range}")
        if any(value <= 0 for value in by_channel(self.std)):
            raise ValueError(f"std is positive, not {self.std}")
        names = self.class_names
        if self.classes and (len(names) < 2 or len(set(names)) < len(names) or not all(names)):
            raise ValueError(f"classes are two or more different names, or their number, not {','.join(self.classes)}")
        if names and not self.logits:
            raise ValueError("classes are those of the logits: name the output that they are with logits")
        if self.batch < 1 or self.dim < 0:
            raise ValueError(f"batch is at least 1 and dim at least 0, not {self.batch} and {self.dim}")

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes; none if nothing was said of them."""
        if len(self.classes) == 1 and self.classes[0].isdecimal():
            return tuple(map(str, range(min(int(self.classes[0]), MOST_CLASSES))))
        return self.classes

    @property
    def resizing(self) -> Resizing:
        """How images become those of the network's size."""
        height, width = self.size if isinstance(self.size, tuple) else (self.size, self.size)
        return Resizing(size=(height, width), policy=self.resize)

    @property
    def preprocessing(self) -> str:
        """How images become the network's input, for the protocol."""
        low, high = self.range
        said = [self.resizing.text, f"levels to [{low:g}, {high:g}]"]
        said += [f"minus {_listed(self.mean)}"] if any(by_channel(self.mean)) else []
        said += [f"over {_listed(self.std)}"] if self.std != 1 else []
        which = f"output {self.output} of a program" if self.output else "a program's output"
        return f"{', '.join(said)}, {self.dtype}; {which} on {self.batch} images at a time"


def settle(spec: ExtractorSpec, options: NetworkOptions) -> ExtractorSpec:
    """The spec with the outputs, the input and the preprocessing of these options."""
    shape = (3, *options.resizing.size) if options.resize == NONE else ()
    outputs = {"features": options.dim} | ({"logits": 0} if options.logits else {})
    return replace(
        spec,
        outputs=outputs,
        classes=options.class_names,
        input_shape=shape,
        preprocessing=options.preprocessing,
    )


def by_channel(values: float | tuple[float, float, float]) -> tuple[float, float, float]:
    """A number for each channel."""
    return values if isinstance(values, tuple) else (values, values, values)


def _listed(values: float | tuple[float, float, float]) -> str:
    if not isinstance(values, tuple):
        return f"{values:g}"
    return f"({', '.join(f'{value:g}' for value in values)})"
