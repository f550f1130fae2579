"""Which files are the reference data, and what is known of them before torch is loaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError
from genaudit.stats.resizing import BICUBIC_8BIT
from genaudit_files.named_sets import check_paths, open_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genaudit.plugin import DatasetSpec
    from genaudit.sets.stored_set import StoredSet
    from genaudit_files.data_labels import SplitLabels

EVALUATION, HOLDOUT, TRAIN = "evaluation", "holdout", "train"
SAID = {TRAIN: "Trained on", EVALUATION: "held against", HOLDOUT: "held out"}
"""What each split is for, in the words of the summary."""


@dataclass(frozen=True, kw_only=True)
class FilesOptions:
    """What may be set with ``--set files.NAME=VALUE``.

    A set is a folder or zip file of images, or an ``.npz`` or ``.npy`` file of images or vectors.
    """

    evaluation: str
    """The reference: the set that generated items are held against."""
    train: str | None = None
    """The set that the generator was trained on; none: what asks for it is unavailable."""
    holdout: str | None = None
    """A set of which the generator saw nothing and that shares no item with the reference; none: the reference serves
    where fresh items are asked for."""
    class_folders: bool = False
    """Whether the folder in which an image lies in its set is its ``class``: ``cat/1.png``."""
    evaluation_labels: str | None = None
    """A CSV or Parquet file: a row for each item of the reference, a column for each attribute. Column ``file`` (the
    item's path in the set) or ``index`` (from 0) says which; without one, rows stand in the order of the set. Column
    ``source`` is no attribute: it names what an item was made from, and items of one source are not independent."""
    train_labels: str | None = None
    """Likewise of the training set, with the same columns."""
    holdout_labels: str | None = None
    """Likewise of the held-out set."""
    resize: int | None = None
    """Height and width to which every image is brought (bicubic, antialiased, 8 bits); none: all must have one size."""
    skip_corrupt: bool = False
    """Leave out image files that cannot be read, and warn."""

    def __post_init__(self) -> None:
        named = {split: getattr(self, split) for split in (TRAIN, EVALUATION, HOLDOUT)}
        labels = {f"{split}_labels": getattr(self, f"{split}_labels") for split in named}
        check_paths(labels, named)
        given = [option for option, path in labels.items() if path is not None]
        if given and self.class_folders:
            raise ValueError(f"class_folders and {given[0]} both say what items are; leave one away")
        for option in given:
            if named[option.removesuffix("_labels")] is None:
                raise ValueError(f"{option} is given, and {option.removesuffix('_labels')} is not")
        if given and self.evaluation_labels is None:
            raise ValueError(f"{given[0]} is given, and evaluation_labels is not: errors of reading are counted there")

    @cached_property
    def sets(self) -> Mapping[str, StoredSet]:
        """Split to its set, opened and read once when first asked for; the reference is held out where no set is.

        Raises:
            GenauditError: One cannot be read, is of several sizes or too small, or does not fit the reference.
        """
        paths = {TRAIN: self.train, EVALUATION: self.evaluation, HOLDOUT: self.holdout}
        found = {
            split: open_named(
                "files", split, path, resize=self.resize, policy=BICUBIC_8BIT, skip_corrupt=self.skip_corrupt
            )
            for split, path in paths.items()
            if path is not None
        }  # fmt: skip
        for split, stored in found.items():
            _check_alike(split, stored, found[EVALUATION])
        return found if self.holdout else {**found, HOLDOUT: found[EVALUATION]}

    @cached_property
    def labels(self) -> SplitLabels:
        """What is known of the items.

        Raises:
            GenauditError: A file of labels cannot be read or does not fit, or folders are no classes.
        """
        from genaudit_files.data_labels import SplitLabels, labels_of_files, labels_of_folders

        if self.class_folders:
            return labels_of_folders(self.sets)
        paths = {split: getattr(self, f"{split}_labels") for split in (EVALUATION, TRAIN, HOLDOUT)}
        given = {split: path for split, path in paths.items() if path is not None}
        if given and self.holdout is None:
            given[HOLDOUT] = given[EVALUATION]
        return labels_of_files(self.sets, given) if given else SplitLabels()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader must know of the data, one sentence each."""
        own = {split: stored for split, stored in self.sets.items() if getattr(self, split) is not None}
        said = [remark for stored in own.values() for remark in stored.remarks]
        said += [
            f"{stored.lossy:,} of {stored.count:,} images of the split '{split}' were stored with loss (JPEG, lossy "
            "WebP), and what a generator makes is not: distances count compression as well."
            for split, stored in own.items()
            if stored.lossy
        ]
        same = {(TRAIN, EVALUATION), (HOLDOUT, EVALUATION), (TRAIN, HOLDOUT)}
        said += [
            f"The splits '{one}' and '{other}' hold the same items: what compares them says nothing."
            for one, other in sorted(same)
            if one in own and other in own and own[one].digest == own[other].digest
        ]
        return (*said, *self.labels.remarks)


def _check_alike(split: str, stored: StoredSet, evaluation: StoredSet) -> None:
    if (stored.data_kind, stored.shape) == (evaluation.data_kind, evaluation.shape):
        return
    raise GenauditError(
        f"files.{split} ({stored.origin}) holds {stored.data_kind}s of shape {stored.shape}, files.{EVALUATION} "
        f"({evaluation.origin}) {evaluation.data_kind}s of {evaluation.shape}.",
        "Give sets of one shape; --set files.resize=N brings all images to N × N.",
    )


def settle(spec: DatasetSpec, options: FilesOptions) -> DatasetSpec:
    """The spec with the kind, shape, splits and attributes of what is there.

    Raises:
        GenauditError: See ``FilesOptions``.
    """
    sets, labels = options.sets, options.labels
    reference = sets[EVALUATION]
    names = {split: stored.origin for split, stored in sets.items() if getattr(options, split) is not None}
    return replace(
        spec,
        summary=f"Your files. {'; '.join(f'{SAID[split]}: {origin}' for split, origin in names.items())}.",
        data_kind=reference.data_kind,
        image_shape=reference.shape,
        splits={split: stored.count for split, stored in sets.items()},
        attributes=labels.attributes,
        pairs=labels.pairs,
        annotators=dict.fromkeys(labels.attributes, "probe") if TRAIN in labels.codes else {},
        extractor=spec.extractor if reference.data_kind == "image" else "identity",
    )
