"""The recipe of the weights that come with the plugin: ``python -m genaudit_mdn.train FOLDER``, in some seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from genaudit_adversarial.checkpoint import checkpoint
from genaudit_mdn import MDN
from genaudit_mdn.checkpoints import SHIPPED
from genaudit_mdn.data import InverseProblem
from genaudit_mdn.model import build
from genaudit_mdn.options import MdnOptions

EVERY = 10
"""Of so many steps the loss of one is kept in the file."""


def trained(options: MdnOptions, seed: int = 0) -> bytes:
    """A trained model as the bytes of a safetensors file."""
    model = build(options, torch.device("cpu"))
    return checkpoint(MDN, options, model, ("inverse-problem", InverseProblem()), seed, EVERY)


def main(folder: Path) -> None:
    """Train and write the checkpoint."""
    (folder / SHIPPED).write_bytes(trained(MdnOptions()))
    sys.stdout.write(f"{folder / SHIPPED}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
