"""Which files, and what is known of them before torch is loaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError
from genaudit.stats.resizing import BICUBIC
from genaudit_files.named_sets import check_paths, open_named

if TYPE_CHECKING:
    from genaudit.plugin import GeneratorSpec
    from genaudit.sets.stored_set import StoredSet
    from genaudit_files.labels import Labels


@dataclass(frozen=True, kw_only=True)
class SamplesOptions:
    """What may be set with ``--set samples.NAME=VALUE``."""

    path: str
    """A folder or zip file of images, or an ``.npz`` or ``.npy`` file of images or vectors."""
    labels: str | None = None
    """A text file with the class that each item was asked for: a line an item, ``label`` or ``file,label``; none:
    without."""
    classes: tuple[str, ...] = ()
    """Names of the classes in their order; empty: the labels that there are, sorted."""
    resize: int | None = None
    """Height and width to which every image is brought; none: all must have one size."""
    skip_corrupt: bool = False
    """Leave out image files that cannot be read, and warn."""

    def __post_init__(self) -> None:
        check_paths({"labels": self.labels}, {"path": self.path})

    @cached_property
    def stored(self) -> StoredSet:
        """The items, opened and read once when first asked for.

        Raises:
            GenauditError: They cannot be read, are of several sizes, or are fewer than two.
        """
        return open_named(
            "samples", "path", self.path, resize=self.resize, policy=BICUBIC, skip_corrupt=self.skip_corrupt
        )

    @cached_property
    def labelled(self) -> Labels | None:
        """The classes that were asked for; None without a labels file.

        Raises:
            GenauditError: The file cannot be read or does not fit the items.
        """
        from genaudit_files.labels import read_labels

        if self.labels is not None:
            return read_labels(Path(self.labels), self.stored, self.classes)
        if self.classes:
            raise GenauditError("samples.classes names classes, and there is no labels file.", "Give samples.labels.")
        return None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader must know of the set, one sentence each."""
        lossy = f"{self.stored.lossy:,} of {self.stored.count:,} given images were stored with loss (JPEG, lossy WebP)."
        return (*self.stored.remarks, *([lossy] if self.stored.lossy else []))


def settle(spec: GeneratorSpec, options: SamplesOptions) -> GeneratorSpec:
    """The spec with the kind, shape and number of what is there, and with labels if there are some.

    Raises:
        GenauditError: See ``SamplesOptions``.
    """
    stored, labelled = options.stored, options.labelled
    return replace(
        spec,
        summary=f"Given samples: {stored.origin}.",
        data_kind=stored.data_kind,
        image_shape=stored.shape,
        items=stored.count,
        names=stored.names,
        capabilities=("DrawnSamples", "LabelledSamples") if labelled else ("DrawnSamples",),
    )
