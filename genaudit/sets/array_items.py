"""What the rows of an array are: images in one of three layouts, or features.

======================  ==================================================================================
the array               is read as
======================  ==================================================================================
2 axes, float           features ``(n, d)``, finite
3 axes                  greyscale images ``(n, h, w)``
4 axes                  images: channels are the last axis if it has 1 or 3 entries, else the second one
uint8                   8-bit levels
float (3 or 4 axes)     levels in [0, 1], rounded half up to 8 bits: ``floor(255 x + 1/2)``
======================  ==================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.errors import GenauditError
from genaudit.sets.array_files import SlicedArray
from genaudit.sets.pictures import MOST_PIXELS
from genaudit.stats.resizing import Resizing

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from genaudit.sets.stored_set import Items

LARGEST = 1e20
"""Of a feature, in size: squares of the cubes of their products, which errors of kernel distances need, are finite."""
ALLOWED = "Allowed: float (n, d); uint8 or float in [0, 1] of shape (n, h, w, 3), (n, 3, h, w) or (n, h, w)."
WHOLE = "Levels from 0 to 255 become images by .astype(numpy.uint8), whole numbers features by .astype(float)."


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayRows:
    """Items that are made from the rows of an array when they are asked for."""

    array: SlicedArray
    origin: str
    """For messages."""
    channels: int | None
    """The axis of the channels: -1 or 1; 0 if there is none, None for features."""
    resizing: Resizing | None = None

    @property
    def data_kind(self) -> str:
        """``image`` or ``vector``."""
        return "vector" if self.channels is None else "image"

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one item as it is read: ``(3, h, w)`` or ``(d,)``."""
        size = self.array.shape
        if self.channels is None:
            return size[1:]
        height, width = size[2:] if self.channels == 1 else size[1:3]
        return (3, *(self.resizing.size if self.resizing else (height, width)))

    def __len__(self) -> int:
        return self.array.shape[0]

    def read(self, start: int, count: int) -> Items:
        """Items ``start`` to ``start + count``: levels ``(n, 3, h, w)`` or float64 ``(n, d)``.

        Raises:
            GenauditError: An element is not finite, or lies outside [0, 1] in an image; the message names the index.
        """
        rows = np.asarray(self.array[start : start + count])
        if self.channels is None:
            features = rows.astype(np.float64)
            self._check(features, start, np.isfinite, "NaN or infinity", "Remove the row, or see how it was made.")
            hint = "Divide all features by one number."
            self._check(features, start, _of_a_size, f"a value beyond ±{LARGEST:g}", hint)
            return features
        images = _nchw(self._levels(rows, start), self.channels)
        if self.resizing:
            return np.stack([self.resizing(image) for image in images])
        return np.array(images, order="C")  # a copy: a mapped file cannot be written, and torch warns of that

    def _levels(self, rows: NDArray[Any], start: int) -> NDArray[np.uint8]:
        if rows.dtype == np.uint8:
            return rows
        self._check(rows, start, np.isfinite, "NaN or infinity", "Remove the image, or see how it was made.")
        hint = "Scale images to [0, 1] (from [-1, 1] by (x + 1) / 2), or give uint8 levels. Nothing is clipped."
        self._check(rows, start, _in_unit_range, "a value outside [0, 1]", hint)
        return np.floor(rows.astype(np.float64) * 255 + 0.5).astype(np.uint8)

    def _check(
        self, rows: NDArray[Any], start: int, sound: Callable[[NDArray[Any]], NDArray[np.bool_]], what: str, hint: str
    ) -> None:
        bad = ~sound(rows)
        if bad.any():
            place = tuple(int(axis[0]) for axis in np.nonzero(bad))
            index = (start + place[0], *place[1:])
            raise GenauditError(f"{self.origin} holds {what} at index {index}: {rows[place]}.", hint)


def array_rows(array: SlicedArray, origin: str, resizing: Resizing | None) -> ArrayRows:
    """The items of an array, its layout told by the rules above.

    Raises:
        GenauditError: Its type or shape is none of those, or an image has too many pixels.

    >>> array_rows(np.zeros((5, 8, 6, 3), dtype=np.uint8), "a", None).shape
    (3, 8, 6)
    >>> array_rows(np.zeros((5, 1, 8, 6), dtype=np.uint8), "a", None).shape
    (3, 8, 6)
    >>> array_rows(np.zeros((5, 7)), "a", None).data_kind
    'vector'
    """
    channels = _channel_axis(array, origin)
    rows = ArrayRows(array=array, origin=origin, channels=channels, resizing=resizing)
    if channels is None and resizing:
        raise GenauditError(f"{origin} holds features, and --resize is for images.", "Leave --resize away.")
    size = rows.array.shape[1:]
    if channels is not None and np.prod(size, dtype=float) > 3 * MOST_PIXELS:
        raise GenauditError(f"{origin} holds images of {size}: more than {MOST_PIXELS:,} pixels.", "Make them smaller.")
    return rows


def _channel_axis(array: SlicedArray, origin: str) -> int | None:
    shape, kind = array.shape, array.dtype
    if 0 in shape[1:]:
        raise GenauditError(f"{origin} has shape {shape}: its items are empty.", ALLOWED)
    if len(shape) == 2 and kind.kind == "f":
        return None
    if len(shape) in {3, 4} and (kind == np.uint8 or kind.kind == "f"):
        if len(shape) == 3:
            return 0
        if shape[3] in {1, 3}:
            return -1
        if shape[1] in {1, 3}:
            return 1
    hint = f"{ALLOWED} {WHOLE}" if kind.kind in "iub" and kind != np.uint8 else ALLOWED
    raise GenauditError(f"{origin} is of type {kind} and shape {shape}: neither images nor features.", hint)


def _nchw(images: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    if channels == 0:
        images = images[:, None]
    elif channels == -1:
        images = images.transpose(0, 3, 1, 2)
    return np.repeat(images, 3, axis=1) if images.shape[1] == 1 else images


def _in_unit_range(values: NDArray[Any]) -> NDArray[np.bool_]:
    return (values >= 0) & (values <= 1)


def _of_a_size(values: NDArray[Any]) -> NDArray[np.bool_]:
    return (values >= -LARGEST) & (values <= LARGEST)
