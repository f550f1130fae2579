"""Sheets of images as a run folder holds them: real digits in colour, and blurred ones that stand for generated."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from genaudit.values.run import ColumnLabel, ImageSheet

DIGITS = Path(__file__).parents[2] / "genaudit" / "datasets" / "data" / "digits.npz"
ORANGE, BLUE = (1, 0.55, 0.10), (0.15, 0.45, 1)
TRAINING = (0.5, 0.5, 0.7, 0.3, 0.8, 0.2, 0.9, 0.1, 0.7, 0.3)
"""Share of orange in each digit."""


def write_sheets(folder):
    """Real digits in colour, and blurred ones that stand for generated, as a run folder holds them."""
    (folder / "samples").mkdir(parents=True, exist_ok=True)
    with np.load(DIGITS) as data:
        levels, labels = data["levels"], data["labels"]
    real = [_tile(levels[i], ORANGE if (i * 7 % 10) / 10 < TRAINING[labels[i]] else BLUE) for i in range(64)]
    made = [_blurred(tile, 0.9) for tile in [_tile(levels[i + 300], BLUE if i % 3 else ORANGE) for i in range(64)]]
    again = [_blurred(tile, 0.45) for tile in real[:16]]
    walk = [Image.blend(made[row], made[row + 8], step / 16) for row in range(4) for step in range(17)]
    return (
        _sheet(folder, "real", real, 8, "The first 64 images of the evaluation split, in order."),
        _sheet(folder, "generated", made, 8, "Latents 0 to 63 in order, not hand-picked; seed 0."),
        _sheet(
            folder,
            "reconstructions",
            real[:16] + again,
            16,
            "The first 16 images of the holdout split (above) and their reconstructions (below).",
        ),
        _sheet(
            folder,
            "interpolations",
            walk,
            17,
            "slerp between the first pairs of latents, 16 steps from left to right; not hand-picked.",
        ),
        _sheet(
            folder,
            "nearest_training_images",
            made[:12] + real[12:48],
            12,
            "Top row: generated images. Below each: the nearest training images.",
            tuple(
                _label("drawn by seed" if n < 6 else "closest to training images", n, 3.5 - n / 4) for n in range(12)
            ),
        ),
        _sheet(
            folder,
            "worst_reconstructions",
            real[:12] + again[:12],
            12,
            "Images of the holdout split (above) and their reconstructions (below).",
            tuple(
                _label(("worst" if n < 8 else "median" if n < 10 else "best"), n, round(0.02 / (n + 1), 5))
                for n in range(12)
            ),
        ),
    )


def _tile(level, colour):
    grey = Image.fromarray((level * 15).astype(np.uint8)).resize((16, 16), Image.Resampling.BICUBIC)
    stretched = np.clip((np.asarray(grey) / 255 - 0.5) * 1.6 + 0.5, 0, 1)
    return Image.fromarray((stretched[..., None] * np.array(colour) * 255).astype(np.uint8))


def _blurred(tile, radius):
    return tile.filter(ImageFilter.GaussianBlur(radius))


def _label(group, number, value):
    return ColumnLabel(group=group, name=f"no. {number}", value=value)


def _sheet(folder, name, tiles, columns, caption, labels=()):
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (16 * columns, 16 * rows))
    for place, tile in enumerate(tiles):
        sheet.paste(tile, (16 * (place % columns), 16 * (place // columns)))
    sheet.save(folder / "samples" / f"{name}.png")
    return ImageSheet(
        name=name, path=f"samples/{name}.png", caption=caption, columns=columns, rows=rows, tile=(16, 16), labels=labels
    )
