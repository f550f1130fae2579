"""Crops of scikit-learn's two sample photographs, as folders of images: real pictures without a download."""

from pathlib import Path

from PIL import Image
from sklearn.datasets import load_sample_images

from genaudit.stats.seeds import generator


def crop_folders(place, *, count=40, size=32, suffix=".png"):
    """Two folders, ``china`` and ``flower``, of crops at random places."""
    folders = []
    for name, photograph in zip(("china", "flower"), load_sample_images().images, strict=True):
        folder = Path(place) / name
        folder.mkdir(parents=True)
        rng = generator(0, "crops", name)
        for number in range(count):
            top, left = (int(rng.integers(0, extent - size)) for extent in photograph.shape[:2])
            crop = photograph[top : top + size, left : left + size]
            Image.fromarray(crop).save(folder / f"{number:03}{suffix}")
        folders.append(folder)
    return folders
