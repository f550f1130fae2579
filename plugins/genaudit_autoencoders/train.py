"""The recipe of the weights that come with the plugin: ``python -m genaudit_autoencoders.train FOLDER [NAME …]``.

Writes the files of the named generators, or of all, in about two minutes on one core. The same machine and the same
version of torch give the same tensors; elsewhere the metrics agree within the spread of seeds (README.md).
"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from genaudit_adversarial.checkpoint import checkpoint, named_dataset
from genaudit_autoencoders import SPECS
from genaudit_autoencoders.checkpoints import FILES

if TYPE_CHECKING:
    from genaudit.plugin.components import Dataset

DATA = "colored-digits"
EVERY = 10
"""Of so many steps the loss of one is kept in the file."""


@cache
def recipes() -> dict[str, tuple[Any, Any, Any]]:
    """Name of a generator to its spec, its options and the function that builds it."""
    return {spec.name: (spec, _named(spec.options), _named(spec.target)) for spec in SPECS}


def trained(name: str, dataset: Dataset, seed: int = 0) -> bytes:
    """A generator trained with its default options, as the bytes of a safetensors file."""
    spec, options, build = recipes()[name]
    chosen = options()
    return checkpoint(spec, chosen, build(chosen, torch.device("cpu")), (DATA, dataset), seed, EVERY)


def _named(path: str) -> Any:  # noqa: ANN401 - an options class or a function
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def main(folder: Path, names: list[str]) -> None:
    """Train and write the checkpoints."""
    dataset = named_dataset(DATA)
    for name in names or recipes():
        file = folder / FILES[recipes()[name][1]]
        file.write_bytes(trained(name, dataset))
        sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
