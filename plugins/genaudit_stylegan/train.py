"""The recipe of the weights that come with the plugin: ``python -m genaudit_stylegan.train FOLDER`` writes the file.

About a minute on one core. The same machine and the same version of torch give the same tensors; elsewhere the metrics
agree within the spread of seeds (README.md).
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from genaudit_adversarial.checkpoint import checkpoint, named_dataset
from genaudit_stylegan import STYLEGAN
from genaudit_stylegan.checkpoints import SHIPPED
from genaudit_stylegan.model import build
from genaudit_stylegan.options import StyleganOptions

KEPT = 2
"""Of so many steps the loss of one is in the file."""


def main(folder: Path) -> None:
    """Train and write the checkpoint."""
    data, options = "colored-digits", StyleganOptions()
    model = build(options, torch.device("cpu"))
    content = checkpoint(STYLEGAN, options, model, (data, named_dataset(data)), every=KEPT)
    (folder / SHIPPED).write_bytes(content)
    sys.stdout.write(f"{folder / SHIPPED}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
