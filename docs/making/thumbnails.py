"""What a generator makes, as one small picture with few colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from genaudit.values.record import RunRecord

COLUMNS, ROWS, SCALE = 16, 4, 2
COLOURS = 64
SQUARE = 256
"""Side of a picture of points, in pixels."""
INK = {"data": (150, 150, 150), "generated": (213, 94, 0), "paper": (255, 255, 255)}


def thumbnail(record: RunRecord, folder: Path, data: NDArray[np.float32] | None) -> Image.Image:
    """The first images that a run made, or translations, or its points over those of the data.

    Args:
        record: The run.
        folder: Its folder, with ``samples/`` and ``samples.npz``.
        data: Points ``(n, 2)`` to compare with; None for images.
    """
    if data is not None:
        return _points(data, np.load(folder / "samples.npz", allow_pickle=False)["images"])
    sheets = {sheet.name: Image.open(folder / sheet.path).convert("RGB") for sheet in record.images}
    made = _first_rows(sheets["generated"], record) if "generated" in sheets else sheets["translations-1"]
    wide = made.resize((made.width * SCALE, made.height * SCALE), Image.Resampling.NEAREST)
    return wide.quantize(COLOURS, dither=Image.Dither.NONE)


def _first_rows(sheet: Image.Image, record: RunRecord) -> Image.Image:
    """The first 64 images in 4 rows of 16, in their order."""
    shown = next(one for one in record.images if one.name == "generated")
    height, width = shown.tile
    tiles = [
        sheet.crop((column * width, row * height, (column + 1) * width, (row + 1) * height))
        for row in range(shown.rows)
        for column in range(shown.columns)
    ]
    made = Image.new("RGB", (COLUMNS * width, ROWS * height))
    for place, tile in enumerate(tiles[: COLUMNS * ROWS]):
        made.paste(tile, (place % COLUMNS * width, place // COLUMNS * height))
    return made


def _points(data: NDArray[np.float32], generated: NDArray[np.float32]) -> Image.Image:
    """Data at the left, generated at the right, both on the axes of the data."""
    low, high = data.min(0), data.max(0)
    margin = 0.1 * (high - low)
    picture = np.full((SQUARE, 2 * SQUARE + 8, 3), INK["paper"], dtype=np.uint8)
    for start, points, ink in ((0, data, INK["data"]), (SQUARE + 8, generated, INK["generated"])):
        place = (points - low + margin) / (high - low + 2 * margin) * (SQUARE - 2)
        inside = place[((place >= 0) & (place < SQUARE - 1)).all(1)].astype(int)
        for down in (0, 1):
            for right in (0, 1):  # a point is 2 × 2 pixels, the second axis points up
                picture[SQUARE - 2 - inside[:, 1] + down, start + inside[:, 0] + right] = ink
    return Image.fromarray(picture).quantize(4, dither=Image.Dither.NONE)
