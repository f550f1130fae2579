"""Every kind of image file becomes 8-bit RGB by a stated rule, or is refused by name."""

import io

import numpy as np
import pytest
from PIL import Image

from genaudit.sets import pictures
from genaudit.sets.pictures import CorruptPicture, decode


def stored(image, kind="PNG", **settings):
    buffer = io.BytesIO()
    image.save(buffer, kind, **settings)
    return buffer.getvalue()


NOISE = Image.fromarray(np.random.RandomState(0).randint(0, 256, (9, 9, 3), dtype=np.uint8))


def one(mode, colour):
    return Image.new(mode, (3, 2), colour)


def first_pixel(content):
    return decode(content, "x").levels[:, 0, 0].tolist()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "WEBP"])
def test_lossless_rgb_keeps_its_levels(kind):
    levels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3) * 13
    found = decode(stored(Image.fromarray(levels), kind, lossless=True), "x")
    assert (found.levels == levels.transpose(2, 0, 1)).all()
    assert (found.conversions, found.lossy) == ((), False)


@pytest.mark.parametrize(
    ("image", "expected", "said"),
    [
        (one("L", 9), [9, 9, 9], "greyscale, repeated in three channels"),
        (one("1", 1), [255, 255, 255], "greyscale, repeated in three channels"),
        (one("I;16", 257 * 7), [7, 7, 7], "16 bits a channel, reduced to 8"),
        (one("I;16", 257 * 7 + 129), [8, 8, 8], "16 bits a channel, reduced to 8"),
        (one("RGBA", (10, 20, 30, 0)), [255, 255, 255], "alpha, composited on white"),
        (one("RGBA", (0, 0, 0, 51)), [204, 204, 204], "alpha, composited on white"),
        (one("LA", (0, 255)), [0, 0, 0], "alpha, composited on white"),
        (one("RGB", (1, 2, 3)).quantize(2), [1, 2, 3], "a palette, resolved"),
    ],
)
def test_other_modes_become_rgb_by_the_stated_rule(image, expected, said):
    content = stored(image)
    assert first_pixel(content) == expected
    assert said in decode(content, "x").conversions


def test_a_transparent_colour_of_a_palette_is_white():
    image = one("P", 1)
    image.putpalette([0, 0, 0, 9, 9, 9])
    assert first_pixel(stored(image, transparency=1)) == [255, 255, 255]


def test_cmyk_is_converted_and_jpeg_is_lossy():
    found = decode(stored(one("CMYK", (0, 0, 0, 0)), "JPEG"), "x")
    assert found.levels[:, 0, 0].tolist() == [255, 255, 255]
    assert (found.conversions, found.lossy) == (("CMYK, converted without a colour profile",), True)


@pytest.mark.parametrize(("settings", "lossy"), [({"lossless": True}, False), ({"quality": 50}, True)])
def test_webp_is_lossy_only_if_it_was_stored_with_loss(settings, lossy):
    assert decode(stored(NOISE, "WEBP", exif=b"Exif\0\0", **settings), "x").lossy is lossy


@pytest.mark.parametrize(
    "content", [b"", b"not an image", stored(one("RGB", 0))[:40], stored(one("L", 0), "GIF"), stored(NOISE)[:-90]]
)
def test_what_cannot_be_read_is_refused_by_name(content):
    with pytest.raises(CorruptPicture, match=r"Cannot read the image deep/cat\.png") as caught:
        decode(content, "deep/cat.png")
    assert "--skip-corrupt" in caught.value.hint


def test_an_image_of_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch):
    content = stored(one("RGB", 0))
    monkeypatch.setattr(pictures, "MOST_PIXELS", 5)
    with pytest.raises(CorruptPicture, match="3 × 2 pixels; at most 5"):
        decode(content, "x")


def test_a_header_that_promises_gigapixels_is_refused():
    content = bytearray(stored(one("L", 0)))
    content[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(CorruptPicture):
        decode(bytes(content), "x")
