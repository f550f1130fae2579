"""Sheets of images from the run folder, for a page: lossless, as small as they get."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup
from PIL import Image

from genaudit_reports.layout import OneFile
from genaudit_reports.number_format import count, restyled, short
from genaudit_reports.safe_text import LONGEST_NAME, anchor, capitalised, clean, sentence, words

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.values.record import RunRecord
    from genaudit.values.run import ImageSheet
    from genaudit_reports.layout import Layout

LARGEST_FILE = 32 * 2**20
LARGEST_PIXELS = 16_000_000
LOSSLESS_TILE = 64
"""Tiles up to this many pixels are kept lossless: every pixel can be seen."""
MOST_SHEETS = 12
MOST_TILES = 4_096
WIDE = 12
"""Columns from which on a sheet is shown in two halves, one below the other where a page is narrow."""
MOST_CELLS = 24
"""Columns with a label of their own; a wider sheet is shown as one image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One column of a sheet whose columns are told apart."""

    uri: Markup
    width: int
    height: int
    name: str
    raw: float
    value: str
    alternative: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """The left or the right columns of a wide sheet."""

    uri: Markup
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One sheet, ready for the page."""

    name: str
    title: str
    uri: Markup
    width: int
    height: int
    alternative: str
    caption: str
    missing: str = ""
    """Why there is no image; empty if there is one."""
    halves: tuple[Half, ...] = ()
    """In place of ``uri`` where the sheet is wide."""
    cells: tuple[tuple[str, tuple[Cell, ...]], ...] = ()
    """Group and columns, where each column has a number of its own: there is no image of all of them then."""

    @property
    def id(self) -> str:
        """For elements that are named by others."""
        return f"sheet-{anchor(self.name)}"


def pictures(record: RunRecord, folder: Path, layout: Layout | None = None) -> dict[str, Picture]:
    """Every sheet by its name; originals and reconstructions are joined row by row if they fit."""
    layout = layout or OneFile()
    sheets = {sheet.name: sheet for sheet in reversed(record.images[:MOST_SHEETS])}
    found = {name: _picture(sheet, folder, _images(sheet, record), layout) for name, sheet in reversed(sheets.items())}
    joined = _joined(sheets.get("originals"), sheets.get("reconstructions"), folder, layout)
    if joined:
        found["originals"] = joined
        del found["reconstructions"]
    return found


def _images(sheet: ImageSheet, record: RunRecord) -> int:
    """How many images a sheet can hold at most: a set with fewer leaves places of its last row empty."""
    places = sheet.columns * sheet.rows
    known = {"generated": record.request.samples, "real": record.dataset.facts.get("evaluation images")}
    count_of = known.get(sheet.name)
    return min(places, count_of) if isinstance(count_of, int) and count_of > 0 else places


def _picture(sheet: ImageSheet, folder: Path, images: int, layout: Layout) -> Picture:
    try:
        image = _opened(sheet, folder)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return _shown(sheet, Markup(), (0, 0), missing=f"The image cannot be shown: {_why(error)}.")
    if _told_apart(sheet, image):
        return replace(_shown(sheet, Markup(), (0, 0)), cells=_cells(sheet, image, layout))
    spaced = _spaced(image, sheet, images)
    halves = _halves(image, sheet, layout) if images == sheet.columns * sheet.rows else ()  # no place is empty
    uri = Markup() if halves else _address(layout, sheet.name, spaced, max(sheet.tile))
    return replace(_shown(sheet, uri, spaced.size, images=images), halves=halves)


def _halves(image: Image.Image, sheet: ImageSheet, layout: Layout) -> tuple[Half, ...]:
    """Both halves of a sheet of many columns; none of one that is shown whole."""
    height, width = sheet.tile
    if sheet.columns < WIDE or sheet.columns % 2 or image.size != (sheet.columns * width, sheet.rows * height):
        return ()
    middle, columns = image.width // 2, sheet.columns // 2
    boxes = {"left": (0, 0, middle, image.height), "right": (middle, 0, image.width, image.height)}
    parts = {side: _spaced(image.crop(box), replace(sheet, columns=columns)) for side, box in boxes.items()}
    return tuple(
        Half(uri=_address(layout, f"{sheet.name}-{side}", part, max(sheet.tile)), width=part.width, height=part.height)
        for side, part in parts.items()
    )


def _told_apart(sheet: ImageSheet, image: Image.Image) -> bool:
    """Whether each column is to be shown with a label of its own."""
    whole = image.size == (sheet.columns * sheet.tile[1], sheet.rows * sheet.tile[0])
    return whole and 0 < len(sheet.labels) == sheet.columns <= MOST_CELLS


def _cells(sheet: ImageSheet, image: Image.Image, layout: Layout) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """The columns of a sheet by the groups of their labels, in order."""
    cells = [_cell(sheet, image, place, layout) for place in range(sheet.columns)]
    of_cell = iter(cells)
    return tuple(
        (clean(group, LONGEST_NAME), tuple(next(of_cell) for _ in labels))
        for group, labels in groupby(label.group for label in sheet.labels)
    )


def _cell(sheet: ImageSheet, image: Image.Image, place: int, layout: Layout) -> Cell:
    label, width = sheet.labels[place], sheet.tile[1]
    column = _spaced(image.crop((place * width, 0, (place + 1) * width, image.height)), replace(sheet, columns=1))
    name, value = clean(label.name, LONGEST_NAME), short(label.value)
    return Cell(
        uri=_address(layout, f"{sheet.name}-{place + 1}", column, max(sheet.tile)),
        width=column.width,
        height=column.height,
        name=name,
        raw=label.value,
        value=value,
        alternative=f"{capitalised(clean(label.group, LONGEST_NAME))}, {name}: {value}.",
    )


def _opened(sheet: ImageSheet, folder: Path) -> Image.Image:
    """The image of a sheet.

    Raises:
        ValueError: The path leaves the run folder, is no regular file, or is larger than a sheet can be.
        OSError: There is no such file, or it is not an image.
    """
    base = folder.resolve()
    path = (base / sheet.path).resolve()
    if not path.is_relative_to(base):
        raise ValueError("its path leaves the run folder")
    size = path.stat().st_size
    # A named pipe or a device would be waited for without end.
    if not path.is_file():
        raise ValueError("it is not a regular file")
    if size > LARGEST_FILE:
        raise ValueError("its file is too large")
    with Image.open(path, formats=("PNG",)) as image:
        if image.width * image.height > LARGEST_PIXELS:
            raise ValueError("it has too many pixels")
        return image.convert("RGB")


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file in the run folder"
    return str(error) if type(error) is ValueError else "it is not a readable PNG file"


def _address(layout: Layout, name: str, image: Image.Image, tile: int) -> Markup:
    png, webp = io.BytesIO(), io.BytesIO()
    image.save(png, "PNG", optimize=True)
    if tile <= LOSSLESS_TILE:
        # Lossless at any quality, which sets the effort alone: 100 takes 25 times as long and saves nothing.
        image.save(webp, "WEBP", lossless=True, quality=75, method=6)
    else:
        image.save(webp, "WEBP", quality=90, method=6)
    kind, data = min((("png", png.getvalue()), ("webp", webp.getvalue())), key=lambda choice: len(choice[1]))
    return layout.image(name, kind, data)


def _shown(
    sheet: ImageSheet, uri: Markup, size: tuple[int, int], *, missing: str = "", images: int | None = None
) -> Picture:
    name = words(sheet.name)
    number = sheet.columns * sheet.rows if images is None else images
    cells = "one image" if number == 1 else f"{count(number)} images in {sheet.rows} rows of {sheet.columns}"
    return Picture(
        name=clean(sheet.name, LONGEST_NAME),
        title=capitalised(name),
        uri=uri,
        width=size[0],
        height=size[1],
        alternative=f"{capitalised(name)}: {cells}.",
        caption=restyled(sentence(sheet.caption)),
        missing=missing,
    )


def _spaced(image: Image.Image, sheet: ImageSheet, images: int | None = None) -> Image.Image:
    """The sheet with a hair's breadth between its images, so that neighbours do not run into one another.

    A black tile after the last image is an empty place and stays clear: it is no black image.
    """
    height, width = sheet.tile
    if image.size != (sheet.columns * width, sheet.rows * height) or sheet.columns * sheet.rows > MOST_TILES:
        return image
    gap = max(1, min(sheet.tile) // 24)
    spaced = Image.new("RGBA", (image.width + (sheet.columns - 1) * gap, image.height + (sheet.rows - 1) * gap))
    for row in range(sheet.rows):
        for column in range(sheet.columns):
            left, top = column * width, row * height
            tile = image.crop((left, top, left + width, top + height))
            if images is not None and row * sheet.columns + column >= images and tile.getbbox() is None:
                continue
            spaced.paste(tile, (left + column * gap, top + row * gap))
    return spaced


def _joined(top: ImageSheet | None, bottom: ImageSheet | None, folder: Path, layout: Layout) -> Picture | None:
    """Rows of originals, each above the row of its reconstructions; None if the sheets do not fit together."""
    if top is None or bottom is None or (top.columns, top.rows, top.tile) != (bottom.columns, bottom.rows, bottom.tile):
        return None
    try:
        first, second = _opened(top, folder), _opened(bottom, folder)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if first.size != second.size or top.rows < 1:
        return None
    height = first.height // top.rows
    sheet = Image.new("RGB", (first.width, 2 * first.height))
    for row in range(top.rows):
        box = (0, row * height, first.width, (row + 1) * height)
        sheet.paste(first.crop(box), (0, 2 * row * height))
        sheet.paste(second.crop(box), (0, (2 * row + 1) * height))
    both = replace(top, rows=2 * top.rows)
    halves, spaced = _halves(sheet, both, layout), _spaced(sheet, both)
    return Picture(
        name="originals",
        title="Originals above, reconstructions below",
        uri=Markup() if halves else _address(layout, top.name, spaced, max(top.tile)),
        width=spaced.width,
        height=spaced.height,
        alternative=f"{count(top.columns * top.rows)} held-out images, each above what the model makes of it.",
        caption=restyled(f"{sentence(top.caption)} {sentence(bottom.caption)}".strip()),
        halves=halves,
    )
