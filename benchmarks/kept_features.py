"""What `genaudit score --cache` saves: whole processes, with Inception, over crops of photographs.

usage: OMP_NUM_THREADS=1 python benchmarks/kept_features.py [--n 256]

Crops of two photographs, 64 x 64, n of each, are read by Inception with seeded random weights, in a fresh process each.
Printed are CPU seconds and their ratio to the run without a cache. The "second model" is the same crops turned upside
down, held against the same reference.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
METRICS = "fid,kid,precision,recall,density,coverage"


def prepare(place: Path, n: int) -> None:
    """Weights, a reference and the samples of two models."""
    import torch
    from crops import crop_folders
    from PIL import Image
    from random_inception import random_weights

    torch.save(random_weights(), place / "weights.pth")
    first, _ = crop_folders(place, count=n, size=64)
    (place / "turned").mkdir()
    for path in first.iterdir():
        Image.open(path).transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(place / "turned" / path.name)


def seconds(place: Path, generated: str, *words: str) -> float:
    """CPU seconds of one command."""
    sets = (str(place / generated), str(place / "flower"))
    further = ("--weights", f"inception={place / 'weights.pth'}", "--metrics", METRICS, "--format", "json", "-q")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "genaudit", "score", *sets, *further, "--out", str(place / "runs"), *words],
        stdout=subprocess.DEVNULL,
        env={"OMP_NUM_THREADS": "1", **os.environ},
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=256, help="images of each set")
    n = parser.parse_args().n
    with tempfile.TemporaryDirectory(prefix="genaudit-") as folder:
        place = Path(folder)
        prepare(place, n)
        cache = ("--cache", str(place / "cache"))
        plain = seconds(place, "china")
        print(f"without a cache: {plain:.1f} CPU s")
        for what, generated in (
            ("with an empty cache", "china"),
            ("the same again", "china"),
            ("second model", "turned"),
        ):
            found = seconds(place, generated, *cache)
            print(f"{what}: {found:.1f} CPU s, {found / plain:.2f}")
        size = sum(path.stat().st_size for path in (place / "cache").rglob("*.safetensors"))
        print(f"kept: {size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
