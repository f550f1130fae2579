"""Four metrics of two folders of images, by genaudit, torch-fidelity and torchmetrics: whole processes side by side.

usage: OMP_NUM_THREADS=1 python benchmarks/peers.py [--n 128] [--only NAME,NAME]

Crops of two photographs, 64 x 64, n of each, are read by Inception with seeded random weights, in a fresh process each.
Printed are CPU seconds, their ratio to the forward passes alone in genaudit's order of operations, and the largest
resident memory of one process. torchmetrics has no precision and recall; torch-fidelity has no density and coverage.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
METRICS = "fid,kid,inception_score,precision,recall,density,coverage"


if TYPE_CHECKING:
    import torch


def sets(place: Path) -> list[torch.Tensor]:
    """Both folders as levels ``(n, 3, 64, 64)``."""
    import torch
    from PIL import Image

    stacks = []
    for folder in (place / "china", place / "flower"):
        images = [np.asarray(Image.open(path)).transpose(2, 0, 1) for path in sorted(folder.iterdir())]
        stacks.append(torch.from_numpy(np.stack(images)))
    return stacks


def forward(place: Path) -> None:
    """Inception reads both sets, and nothing is made of it."""
    import torch

    from genaudit.extractors.inception import build
    from genaudit.extractors.options import InceptionOptions

    network = build(InceptionOptions(weights=str(place / "weights.pth")), torch.device("cpu"))
    for images in sets(place):
        network.extract(images)


def genaudit(place: Path, *options: str) -> None:
    """The command that a user gives."""
    from genaudit.cli import main as command

    folders = (str(place / "china"), str(place / "flower"))
    weights = ("--weights", f"inception={place / 'weights.pth'}")
    out = ("--out", str(place / "runs"), "--format", "json")
    code = command(["score", *folders, "--extractor", "inception", *weights, "--metrics", METRICS, *out, *options])
    if code:
        raise SystemExit(code)


def as_published(place: Path) -> None:
    """The same with torch-fidelity's own order of operations."""
    genaudit(place, "--set", "inception.as_published=true")


def torch_fidelity(place: Path) -> None:
    """All four of its metrics from one extractor."""
    from torch.utils.data import TensorDataset
    from torch_fidelity import calculate_metrics

    class Levels(TensorDataset):
        def __getitem__(self, index: int) -> torch.Tensor:
            return self.tensors[0][index]

    one, two = sets(place)
    calculate_metrics(
        input1=Levels(one), input2=Levels(two), cuda=False, fid=True, kid=True, isc=True, prc=True, cache=False,
        feature_extractor="inception-v3-compat", feature_layer_prc="2048", kid_subset_size=min(1000, len(one)),
        isc_splits=1, feature_extractor_weights_path=str(place / "weights.pth"), save_cpu_ram=True,
    )  # fmt: skip


def torchmetrics(place: Path) -> None:
    """Three metrics, each with an extractor of its own, as they come."""
    from torchmetrics.image.fid import FrechetInceptionDistance, NoTrainInceptionV3
    from torchmetrics.image.inception import InceptionScore
    from torchmetrics.image.kid import KernelInceptionDistance

    def network(output: str) -> torch.nn.Module:
        weights = str(place / "weights.pth")
        return NoTrainInceptionV3("inception-v3-compat", [output], feature_extractor_weights_path=weights)

    one, two = sets(place)
    distances = (
        FrechetInceptionDistance(feature=network("2048")),
        KernelInceptionDistance(feature=network("2048"), subset_size=min(1000, len(one))),
    )
    score = InceptionScore(feature=network("logits_unbiased"), splits=1)
    for generated, reference in zip(one.split(64), two.split(64), strict=True):
        for metric in distances:
            metric.update(generated, real=False)
            metric.update(reference, real=True)
        score.update(generated)
    for metric in (*distances, score):
        metric.compute()


JOBS = {
    "forward passes alone": forward,
    "genaudit, seven metrics": genaudit,
    "genaudit, as_published": as_published,
    "torch-fidelity, five metrics": torch_fidelity,
    "torchmetrics, three metrics": torchmetrics,
}


def prepare(place: Path, n: int) -> None:
    """Images and weights, made once for all."""
    import torch
    from crops import crop_folders
    from random_inception import random_weights

    crop_folders(place, count=n, size=64)
    torch.save(random_weights(), place / "weights.pth")


def measured(words: list[str]) -> tuple[float, float]:
    """CPU seconds and the peak MiB of a process and of those that it waits for."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(words)} left with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Print a table; with ``--here`` do one job in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=128)
    parser.add_argument("--only", default=",".join(map(str, range(len(JOBS)))), help="numbers of jobs, from 0")
    parser.add_argument("--here", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    jobs = [list(JOBS.items())[int(number)] for number in given.only.split(",")]
    if given.here:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what peers deprecate is theirs
            jobs[0][1](Path(given.here))
        return
    with tempfile.TemporaryDirectory() as place:
        prepare(Path(place), given.n)
        print(f"| n = {given.n} a side | CPU s | to the passes alone | peak MiB |\n|---|---|---|---|")
        floor = 0.0
        for number, (name, _) in zip(given.only.split(","), jobs, strict=True):
            seconds, peak = measured([sys.executable, __file__, "--here", place, "--only", number])
            floor = floor or seconds
            print(f"| {name} | {seconds:.1f} | {seconds / floor:.2f} | {peak:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
