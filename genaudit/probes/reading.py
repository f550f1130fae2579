"""Images through the extractor and the annotators, batch by batch, without keeping them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from genaudit.probes.context import ImageReadings
from genaudit.probes.contract import annotated, extracted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genaudit.probes.context import ProbeContext

CHUNK = 128
"""Images that the extractor sees at a time."""
KEPT_IMAGES = 1_000
"""Images of a set that are kept for people and other tools."""


class Reader:
    """Collects what extractor and annotators say of 8-bit images that come in batches of any size.

    The extractor always sees ``CHUNK`` images at a time, counted from the first: matrix products of another size may
    differ in their last bits, and so a number would depend on the batch size.
    """

    def __init__(self, context: ProbeContext, *, annotate: bool = True) -> None:
        self._context = context
        self._annotate = annotate
        self._waiting: list[torch.Tensor] = []
        self._outputs: dict[str, list[NDArray[np.float64]]] = {}
        self._attributes: dict[str, list[NDArray[np.float64]]] = {}
        self._kept: list[NDArray[np.uint8]] = []
        self._room = KEPT_IMAGES

    def read(self, images: torch.Tensor) -> None:
        """Take a batch of images ``(n, c, h, w)`` in, and report its size as progress."""
        self._waiting.append(images)
        if sum(map(len, self._waiting)) >= CHUNK:
            *chunks, rest = torch.split(torch.cat(self._waiting), CHUNK)
            if len(rest) == CHUNK:
                chunks, rest = [*chunks, rest], rest[:0]
            for chunk in chunks:
                self._extract(chunk)
            self._waiting = [rest] if len(rest) else []
        self._context.progress(len(images))

    def _extract(self, images: torch.Tensor) -> None:
        outputs = extracted(self._context, images)
        for name, rows in outputs.items():
            self._outputs.setdefault(name, []).append(rows)
        pixels = images.cpu().numpy()
        if self._annotate:
            for attribute, (_, annotator) in self._context.annotators.items():
                read = annotated(self._context, attribute, annotator, pixels, outputs)
                self._attributes.setdefault(attribute, []).append(read)
        if self._room:
            self._kept.append(as_shown(pixels[: self._room]))
            self._room -= len(self._kept[-1])

    def readings(
        self,
        labels: Mapping[str, NDArray[np.int64]] | None = None,
        clusters: NDArray[np.int64] | None = None,
        strata: NDArray[np.int64] | None = None,
    ) -> ImageReadings:
        """Everything that was read; nothing more may be read afterwards."""
        if self._waiting:
            self._extract(torch.cat(self._waiting))
            self._waiting = []
        return ImageReadings(
            outputs={name: np.concatenate(rows) for name, rows in self._outputs.items()},
            attributes={name: np.concatenate(rows) for name, rows in self._attributes.items()},
            first_images=np.concatenate(self._kept),
            labels=labels or {},
            clusters=clusters,
            strata=strata,
        )


def as_shown(levels: NDArray[Any]) -> NDArray[np.uint8]:
    """Images as people see them: levels that are not whole are rounded here, and only here. Points stay as they are."""
    if levels.ndim == 4 and levels.dtype != np.uint8:
        return np.floor(levels + 0.5).astype(np.uint8)
    kept: NDArray[np.uint8] = levels.copy()
    return kept


@dataclass(frozen=True, slots=True)
class SomeImages:
    """Some images of a split, by place: a batch is taken from it when it is read, and no copy of all is made."""

    images: Any
    """An array, or what gives slices as one does."""
    places: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, rows: slice) -> NDArray[np.uint8]:
        part = self.images[self.places[rows]]
        found: NDArray[np.uint8] = part if isinstance(part, np.ndarray) else part[0 : len(part)]
        return found


def read_images(
    context: ProbeContext, images: NDArray[np.uint8] | SomeImages, *, annotate: bool = False
) -> ImageReadings:
    """Read 8-bit images, batch by batch."""
    reader = Reader(context, annotate=annotate)
    for start, count in context.batches(len(images)):
        reader.read(
            torch.from_numpy(images[start : start + count].copy()).to(context.device)
        )  # observations are read-only
    return reader.readings()
