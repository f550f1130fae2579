"""The recipes of the weights that come with the plugin: ``python -m genaudit_gans.train FOLDER [NAME …]`` writes them.

About two minutes on one core for all. The same machine and the same version of torch give the same tensors;
elsewhere the metrics agree within the spread of seeds (README.md).
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from genaudit_adversarial.checkpoint import SEED, checkpoint, named_dataset
from genaudit_gans import genaudit_generators

DATA = {"ring-gan": "ring", "grid-gan": "grid"}
"""What each generator is trained on; the others on ``colored-digits``."""

EVERY = {"ring-gan": 10, "grid-gan": 10}
"""Of so many steps the loss of one is kept in the file; of the others of each."""


def trained(name: str, seed: int = SEED) -> bytes:
    """The checkpoint of one generator with its default options.

    Raises:
        KeyError: There is none of that name.
    """
    from genaudit.plugin.catalog import Registered
    from genaudit.plugin.loading import load_object, load_target

    spec = {spec.name: spec for spec in genaudit_generators()}[name]
    registered = Registered(spec=spec, plugin="gans", distribution="genaudit", version=spec.version)
    options = load_object(registered, spec.options, "options")()
    data = DATA.get(name, "colored-digits")
    model = load_target(registered)(options, torch.device("cpu"))
    return checkpoint(spec, options, model, (data, named_dataset(data)), seed, EVERY.get(name, 1))


def main(folder: Path, names: list[str]) -> None:
    """Train and write the named checkpoints, or all."""
    for name in names or [spec.name for spec in genaudit_generators()]:
        (folder / f"{name}.safetensors").write_bytes(trained(name))
        sys.stdout.write(f"{folder / name}.safetensors\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
