"""The recipe of the weights that come with the plugin: ``python -m genaudit_cyclegan.train FOLDER`` writes both files.

Less than a minute on one core. The same machine and the same version of torch give the same tensors; elsewhere the
metrics agree within the spread of seeds (README.md).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from genaudit.plugin.components import TranslationTruth, of_both_domains
from genaudit_adversarial.checkpoint import checkpoint, named_dataset
from genaudit_cyclegan import CYCLEGAN, PIX2PIX, model, paired
from genaudit_cyclegan.checkpoints import CYCLEGAN_FILE, PIX2PIX_FILE
from genaudit_cyclegan.options import CycleGanOptions, Pix2PixOptions

if TYPE_CHECKING:
    from genaudit.plugin.components import LabelledImages

DATA = "colored-digits"
CPU = torch.device("cpu")


@dataclass(frozen=True, slots=True, kw_only=True)
class BothDomains:
    """A data set as a run with ``--retrain`` shows it to a translator."""

    dataset: TranslationTruth
    domains: tuple[str, str]

    def split(self, name: str) -> LabelledImages:
        """The images of a split in either domain."""
        return of_both_domains(*self.dataset.translation_pairs(name, *self.domains))


def cyclegan(options: CycleGanOptions, dataset: TranslationTruth, seed: int = 0) -> bytes:
    """A trained CycleGAN as the bytes of a safetensors file."""
    shown = BothDomains(dataset=dataset, domains=options.names)
    return checkpoint(CYCLEGAN, options, model.build(options, CPU), (DATA, shown), seed)


def pix2pix(options: Pix2PixOptions, dataset: TranslationTruth, seed: int = 0) -> bytes:
    """A trained pix2pix as the bytes of a safetensors file."""
    shown = BothDomains(dataset=dataset, domains=options.names)
    return checkpoint(PIX2PIX, options, paired.build(options, CPU), (DATA, shown), seed)


def main(folder: Path) -> None:
    """Train and write both checkpoints."""
    dataset: TranslationTruth = named_dataset(DATA)  # type: ignore[assignment] # its spec declares translations
    files = {
        CYCLEGAN_FILE: cyclegan(CycleGanOptions(), dataset),
        PIX2PIX_FILE: pix2pix(Pix2PixOptions(), dataset),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
        sys.stdout.write(f"{folder / name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
