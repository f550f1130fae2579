"""Which file holds the labels of the generated images, and how often whoever assigned them erred."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.plugin.components import GivenLabels
    from genaudit.sets.label_file import LabelFile


@dataclass(frozen=True, kw_only=True)
class LabelOptions:
    """What may be set with ``--set labels.NAME=VALUE``."""

    file: str
    """A CSV or Parquet file: a row for each generated image, a column for each attribute. Column ``file`` (its path in
    the set) or ``index`` (from 0) says which image a row is about; without one, rows stand in their order."""
    confusion: tuple[str, ...] = ()
    """How often the labels err: a file with the columns attribute, truth, label, count, or cells such as
    colour=orange/blue:3 (3 images are orange and were labelled blue). Without it shares stay uncorrected."""
    measured_on: str = "images whose truth is known, as given"
    """Which images the confusion is about."""
    reference: str = ""
    """Of two scored sets: the file that holds the labels of the reference; not read otherwise."""
    by: str = ""
    """Who assigned the labels, such as two people; empty: whoever made the file."""

    @cached_property
    def _read(self) -> LabelFile:
        from genaudit.sets.label_file import read_label_file

        return read_label_file(Path(self.file))

    def given(
        self, attribute: str, levels: tuple[str, ...], *, samples: int, items: int, names: Sequence[str]
    ) -> GivenLabels:
        """The labels of one attribute.

        Args:
            attribute: The column.
            levels: Its levels; a label is one of them.
            samples: The first so many images are labelled.
            items: How many images the set holds; 0 for a model that draws as many as it is asked for.
            names: Name of each image of the set, if they have names.

        Raises:
            GenauditError: The file cannot be read, or does not fit the images or the levels.
        """
        from genaudit.annotators.confusion_cells import confusion_of
        from genaudit.plugin.components import GivenLabels
        from genaudit.sets.label_file import labels_in_order

        codes = labels_in_order(self._read, attribute, levels, samples=samples, items=items, names=names)
        return GivenLabels(
            codes=codes,
            annotator=f"labels {self._read.digest[:12]}",
            method=self.by or f"whoever made {Path(self.file).name}",
            confusion=confusion_of(self.confusion, attribute, levels),
            measured_on=self.measured_on,
        )
