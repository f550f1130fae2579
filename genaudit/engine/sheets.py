"""Grids of images as lossless PNG files."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.values.run import ImageSheet

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from genaudit.probes.context import Pictures


def write_sheets(folder: Path, pictures: dict[str, Pictures]) -> tuple[ImageSheet, ...]:
    """Write each set of pictures to ``folder/samples/NAME.png`` and describe it."""
    return tuple(_write(folder, name, shown) for name, shown in pictures.items() if shown.images.shape[1] in {1, 3})


def grid(images: NDArray[np.uint8], columns: int) -> NDArray[np.uint8]:
    """One image ``(rows · h, columns · w, c)`` of ``(n, c, h, w)``, row by row; missing places are black.

    >>> grid(np.ones((3, 1, 2, 2), dtype=np.uint8), 2).shape
    (4, 4, 1)
    """
    n, channels, height, width = images.shape
    rows = -(-n // columns)
    padded = np.zeros((rows * columns, channels, height, width), dtype=np.uint8)
    padded[:n] = images
    tiles = padded.reshape(rows, columns, channels, height, width).transpose(0, 3, 1, 4, 2)
    return np.ascontiguousarray(tiles.reshape(rows * height, columns * width, channels))


def _full_rows(shown: Pictures) -> Pictures:
    """The pictures without a last row that is not full: black places would look like black images."""
    columns = min(shown.columns, len(shown.images))
    return replace(shown, images=shown.images[: len(shown.images) // columns * columns], columns=columns)


def _write(folder: Path, name: str, given: Pictures) -> ImageSheet:
    from PIL import Image

    shown = _full_rows(given)

    sheet = grid(shown.images, shown.columns)
    buffer = io.BytesIO()
    Image.fromarray(sheet[:, :, 0] if sheet.shape[2] == 1 else sheet).save(buffer, "PNG", optimize=True)
    path = f"samples/{name}.png"
    (folder / path).write_bytes(buffer.getvalue())
    return ImageSheet(
        name=name,
        path=path,
        caption=shown.caption,
        columns=shown.columns,
        rows=-(-len(shown.images) // shown.columns),
        tile=(int(shown.images.shape[2]), int(shown.images.shape[3])),
        labels=shown.labels,
        sha256=hashlib.sha256(buffer.getvalue()).hexdigest(),
    )
