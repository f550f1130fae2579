"""One process's share of what several read together: it goes into the store of features, and nowhere else."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING

from genaudit.plugin.capabilities import DrawnSamples
from genaudit.probes import EVALUATION
from genaudit.probes.generation import generated_images
from genaudit.probes.reading import CHUNK, Reader
from genaudit.probes.reference import reference_images

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    import torch

    from genaudit.probes.context import ProbeContext

    Images = Callable[[Iterable[tuple[int, int]]], Iterator[torch.Tensor]]

GENERATED, REFERENCE = "generated", "reference"


def read_share(context: ProbeContext, number: int, of: int, observations: Collection[str]) -> int:
    """Let the extractor read this process's share of reference and samples.

    A share is every ``of``-th piece, counted through both sets. A piece is a block of the extractor; of samples that
    are made here it is as many as make whole batches too, for what a model makes may depend on the others in its batch.
    So each block holds what it holds when one process reads everything.

    Args:
        context: With a store.
        number: Of this process, from 0.
        of: How many processes there are.
        observations: What the run observes; what is read for none of it is left out.

    Returns:
        The items that were read.
    """
    sets: list[tuple[Images, int, int]] = []
    if REFERENCE in observations:
        split = context.split(EVALUATION).images
        sets.append((lambda batches: reference_images(context, split, batches), len(split), CHUNK))
    if GENERATED in observations:
        piece = CHUNK if isinstance(context.generator, DrawnSamples) else lcm(context.batch_size, CHUNK)
        sets.append((lambda batches: generated_images(context, batches), context.samples, piece))
    pieces = [
        (images, start, min(start + size, count)) for images, count, size in sets for start in range(0, count, size)
    ]
    for images, start, end in pieces[number::of]:
        reader = Reader(context, annotate=False)
        for batch in images(_batches(start, end, context.batch_size)):
            reader.read(batch)
        reader.readings()
    return sum(end - start for _, start, end in pieces[number::of])


def _batches(start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    for first in range(start, end, size):
        yield first, min(size, end - first)
