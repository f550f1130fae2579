"""The recipe of the weights that come with the plugin: ``python -m genaudit_dcgan.train FOLDER`` writes the file.

Half a minute on one core. The same machine and the same version of torch give the same tensors; elsewhere the metrics
agree within the spread of seeds (README.md).
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from genaudit_adversarial.checkpoint import checkpoint, named_dataset
from genaudit_dcgan import DCGAN
from genaudit_dcgan.checkpoints import SHIPPED
from genaudit_dcgan.model import build
from genaudit_dcgan.options import DcganOptions


def main(folder: Path) -> None:
    """Train and write the checkpoint."""
    data, options = "colored-digits", DcganOptions()
    content = checkpoint(DCGAN, options, build(options, torch.device("cpu")), (data, named_dataset(data)))
    (folder / SHIPPED).write_bytes(content)
    sys.stdout.write(f"{folder / SHIPPED}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
