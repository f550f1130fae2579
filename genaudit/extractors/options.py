"""Options of the extractors; light, because they are checked before torch is loaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from genaudit.stats.resizing import NONE, Resizing

if TYPE_CHECKING:
    from genaudit.plugin.specs import ExtractorSpec

PUBLISHED = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"
"""SHA-256 of ``pt_inception-2015-12-05-6726825d.pth`` of pytorch-fid, which torch-fidelity publishes byte for byte as
``weights-inception-2015-12-05-6726825d.pth``."""
SIDE = 299
"""Height and width of what Inception reads."""
PUBLISHED_NAME = "pt_inception-2015-12-05-6726825d.pth"


@dataclass(frozen=True, slots=True, kw_only=True)
class InceptionOptions:
    """Options of ``inception``.

    Raises:
        ValueError: No weights are named and none may be fetched, the file is not there, or ``batch`` is not positive.
    """

    weights: str = ""
    """File of weights: the published ``.pth``, or the same tensors as ``.safetensors``. It must be given,
    unless ``download``."""
    download: bool = False
    """Whether the published file is fetched, once and when it is needed, if none is named: ``--allow-download``."""
    resize: Literal["tf1-bilinear", "pil-bicubic", "pil-bicubic-8bit", "none"] = "tf1-bilinear"
    """How images become 299×299: as published values did it, or antialiased ("clean"); none: they are."""
    batch: int = 16
    """Images in one forward pass: bounds memory. Values may differ in their last bits between batches."""
    as_published: bool = False
    """Whether resize and layers are computed in torch-fidelity's own order, to its last bit. Otherwise in an order that
    takes half of the time on a processor: features differ by rounding, less than 1e-5 of their size."""

    def __post_init__(self) -> None:
        if not self.weights and not self.download:
            raise ValueError(
                f"its weights do not come with genaudit. Get {PUBLISHED_NAME} once (pytorch-fid and torch-fidelity "
                "publish it) and name it, 'genaudit score … --weights inception=FILE' or --set inception.weights=FILE; "
                "--allow-download fetches it. Or choose another extractor: pixels (small images) or torchscript (a "
                "network of yours)"
            )
        if self.weights and not Path(self.weights).is_file():
            raise ValueError(f"there is no weights file {self.weights}; --set inception.weights=FILE names one")
        if self.batch < 1:
            raise ValueError(f"batch is at least 1, not {self.batch}")

    @property
    def resizing(self) -> Resizing:
        """How images become those that the network reads."""
        return Resizing(size=(SIDE, SIDE), policy=self.resize)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the record must know of these weights."""
        if not self.weights:
            return ()  # what is fetched is the published file, or it is refused
        with Path(self.weights).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest == PUBLISHED:
            return ()
        text = (
            f"The Inception weights {Path(self.weights).name} (sha256 {digest[:8]}…) are not the published file "
            f"(sha256 {PUBLISHED[:8]}…): these numbers compare only with others of the same file, not with published "
            "ones. A conversion to safetensors counts as another file."
        )
        return (text,)

    @property
    def downloads(self) -> tuple[str, ...]:
        """What building this would fetch, from where, and what it must be."""
        from genaudit.extractors.published_weights import awaited

        return () if self.weights else awaited()


def settle(spec: ExtractorSpec, options: InceptionOptions) -> ExtractorSpec:
    """The spec with the preprocessing of this policy."""
    shape = (3, SIDE, SIDE) if options.resize == NONE else ()
    text = f"8-bit levels, {options.resizing.text}, (v - 128) / 128, float32"
    return replace(spec, input_shape=shape, preprocessing=text)
