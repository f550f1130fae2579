"""One image file to 8-bit RGB levels, by rules that are stated and the same for every set.

======================  ==============================================================================================
what the file holds     what becomes of it
======================  ==============================================================================================
8-bit RGB               its levels as they are; colour profiles and orientation tags are not applied
greyscale               the same level in all three channels
16 bits a channel       grey: ``round(v · 255 / 65535)``; colour: the high byte, which is all that Pillow decodes
palette                 the colours that it names
alpha                   composited on white
CMYK                    Pillow's plain conversion, without a colour profile
several frames          the first
======================  ==============================================================================================
"""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.errors import GenauditError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "BMP")
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
MOST_PIXELS = 2**26
"""Of one image, 8192 × 8192: read from the header, before anything is decoded."""

GREY = "greyscale, repeated in three channels"
DEEP = "16 bits a channel, reduced to 8"
PALETTE = "a palette, resolved"
ALPHA = "alpha, composited on white"
CMYK = "CMYK, converted without a colour profile"


class CorruptPicture(GenauditError):
    """A file that is called like an image and cannot be read as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A decoded image."""

    levels: NDArray[np.uint8]
    """``(3, h, w)``."""
    conversions: tuple[str, ...]
    """What had to be converted, in words."""
    lossy: bool
    """Whether it was stored with loss: JPEG, or WebP that is not lossless."""


def decode(content: bytes, name: str) -> Picture:
    r"""The image in the bytes of a file.

    Raises:
        CorruptPicture: It is damaged, cut short, no image of a known format, or has more than ``MOST_PIXELS`` pixels.

    >>> white = b"BM:" + bytes(7) + b"6" + bytes(3) + b"(" + bytes(3) + b"\1" + bytes(3) + b"\1" + bytes(3)
    >>> decode(white + b"\1\0\x18" + bytes(25) + b"\xff\xff\xff\0", "dot.bmp").levels.ravel().tolist()
    [255, 255, 255]
    """
    with _opened(content, name) as image:
        levels, conversions = _rgb(image, deep=image.format == "PNG" and content[24] == 16)
        lossy = image.format == "JPEG" or (image.format == "WEBP" and b"VP8 " in _webp_chunks(content))
    return Picture(levels=np.ascontiguousarray(levels.transpose(2, 0, 1)), conversions=conversions, lossy=lossy)


def size_of(content: bytes, name: str) -> tuple[int, int]:
    """Height and width that the header of a file says; no pixel is decoded.

    Args:
        content: The file, or as much of its beginning as holds the header.
        name: What it is called in a message.

    Raises:
        CorruptPicture: As ``decode``.
    """
    with _opened(content, name) as image:
        return image.height, image.width


@contextmanager
def _opened(content: bytes, name: str) -> Iterator[Image]:
    """The image in the bytes of a file, of which only the header is read yet; what is wrong with it, said by name."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata; what matters here raises
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                _check_pixels(name, *image.size)
                yield image
    except CorruptPicture:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(name, "far more pixels than any image here") from error
    except Exception as error:  # a damaged file may raise anything inside a decoder
        said = " ".join(str(error).replace(repr(io.BytesIO), "").split()) or type(error).__name__
        said = "no image of a known format" if "cannot identify" in said else said
        raise CorruptPicture(
            f"Cannot read the image {name}: {said}.",
            f"Mend or remove it, or give --skip-corrupt. Formats: {', '.join(FORMATS)}.",
        ) from error


def _rgb(image: Image, *, deep: bool) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Levels ``(h, w, 3)`` and what was converted."""
    from PIL import Image as Pillow

    said = [DEEP] if deep else []
    if image.mode.startswith("I"):
        wide = np.asarray(image).astype(np.int64)
        grey = ((wide * 255 + 32767) // 65535).clip(0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2), (DEEP, GREY)
    said += [PALETTE] if image.mode in {"P", "PA"} else []
    said += [GREY] if image.mode in {"1", "L", "LA", "La"} else []
    said += [CMYK] if image.mode == "CMYK" else []
    if "A" in image.mode or image.mode.endswith("a") or "transparency" in image.info:
        said.append(ALPHA)
        layer = image.convert("RGBA")
        image = Pillow.alpha_composite(Pillow.new("RGBA", layer.size, (255, 255, 255, 255)), layer)
    return np.asarray(image.convert("RGB"), dtype=np.uint8), tuple(said)


def _webp_chunks(content: bytes) -> Iterator[bytes]:
    """Names of the chunks of a WebP file: ``VP8`` and a space holds pixels stored with loss, ``VP8L`` without."""
    place = 12
    while place + 8 <= len(content):
        yield content[place : place + 4]
        length = int.from_bytes(content[place + 4 : place + 8], "little")
        place += 8 + length + length % 2


def _check_pixels(name: str, width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_large(name, f"{width} × {height} pixels")


def _too_large(name: str, found: str) -> CorruptPicture:
    return CorruptPicture(
        f"Refused the image {name}: it has {found}; at most {MOST_PIXELS:,} are read.",
        "Make it smaller, or remove it; --skip-corrupt leaves it out.",
    )
