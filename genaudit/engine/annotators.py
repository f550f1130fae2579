"""Who reads which attribute: the data set's own choice, or the user's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genaudit.errors import BadOption, GenauditError, unknown_name
from genaudit.plugin.components import Annotator
from genaudit.probes import TRAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from genaudit.plugin.catalog import Catalog, Registered
    from genaudit.plugin.components import GivenLabels
    from genaudit.plugin.specs import AnnotatorSpec, DatasetSpec, GeneratorSpec

EXAMPLE = "Write ATTRIBUTE=NAME, such as --annotators digit=probe."


def chosen_annotators(
    dataset: DatasetSpec, extractor: str, choices: Iterable[str], catalog: Catalog
) -> dict[str, Registered[AnnotatorSpec]]:
    """Attribute to its reader.

    One that the data set names and that reads outputs of the data set's own network reads no other network's, unless it
    learns to.

    Raises:
        GenauditError: A choice that cannot be read, is given twice, or does not fit the data set.
    """
    found = {
        attribute: reader if reader.spec.attribute else _fitted(reader, attribute, dataset)
        for attribute, reader in ((key, catalog.annotator(name)) for key, name in dataset.annotators.items())
        if not reader.spec.needs or not reader.spec.attribute or extractor == dataset.extractor
    }
    given: set[str] = set()
    for choice in choices:
        attribute, sign, name = (part.strip() for part in choice.partition("="))
        if not (attribute and sign and name):
            raise BadOption(f"Cannot read the annotator '{choice}'.", EXAMPLE)
        if attribute in given:
            raise BadOption(f"Two annotators are named for {attribute}.", EXAMPLE)
        given.add(attribute)
        if attribute not in dataset.attributes:
            raise unknown_name(
                f"attribute of data set '{dataset.name}'", attribute, dataset.attributes, EXAMPLE, listed="There are"
            )
        found[attribute] = _fitted(catalog.annotator(name), attribute, dataset)
    return found


@dataclass(frozen=True, slots=True)
class InOrder:
    """An annotator whose levels are counted as the data set counts them."""

    annotator: Annotator
    columns: NDArray[np.intp]
    """``(levels,)``: where the annotator gives each level of the data set."""

    def annotate(self, images: NDArray[np.uint8], outputs: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """``(n, levels)`` probabilities in the order of the data set."""
        return np.asarray(self.annotator.annotate(images, outputs))[:, self.columns]


def in_order_of_data(
    spec: AnnotatorSpec, annotator: Annotator, dataset: DatasetSpec
) -> tuple[AnnotatorSpec, Annotator]:
    """Spec and annotator with the levels in the order of the data set's."""
    levels = dataset.attributes.get(spec.attribute, spec.levels)
    if tuple(levels) == tuple(spec.levels):
        return spec, annotator
    columns = np.array([spec.levels.index(level) for level in levels])
    return replace(spec, levels=tuple(levels)), InOrder(annotator, columns)


def given_labels(
    annotators: Mapping[str, Registered[AnnotatorSpec]],
    options: Mapping[str, Any],
    generator: GeneratorSpec,
    samples: int,
    seed: int,
) -> dict[str, GivenLabels]:
    """Attribute to the labels of generated items that somebody assigned, for those that no annotator reads.

    Of a drawn set every item has a label, and those of the items that the seed chooses are kept.

    Raises:
        GenauditError: They cannot be read, or do not fit the items.
    """
    read = {
        attribute: options[found.spec.name].given(
            attribute, found.spec.levels, samples=generator.items or samples, items=generator.items,
            names=generator.names,
        )
        for attribute, found in annotators.items()
        if found.spec.given
    }  # fmt: skip
    if not read or not generator.items or samples == generator.items:
        return read
    from genaudit.probes.subset import subset_places

    places = subset_places(seed, generator.items, samples)
    return {attribute: replace(one, codes=one.codes[places]) for attribute, one in read.items()}


def label_remarks(given: Mapping[str, GivenLabels], generator: GeneratorSpec, seed: int) -> tuple[str, ...]:
    """What a reader must know of labels of images that are drawn anew: nothing shows whether they are of these."""
    if not given or "DrawnSamples" in generator.capabilities:
        return ()
    said = (
        f"The labels of {', '.join(given)} are taken for the images that '{generator.name}' draws with seed {seed}, in "
        "their order: they are wrong if it was another seed, or other weights."
    )
    return (said,)


def _fitted(reader: Registered[AnnotatorSpec], attribute: str, dataset: DatasetSpec) -> Registered[AnnotatorSpec]:
    """The reader for this attribute; one that learns gets the attribute's name and levels."""
    spec, levels = reader.spec, dataset.attributes[attribute]
    if spec.attribute:
        if spec.attribute != attribute or sorted(spec.levels) != sorted(levels):
            raise GenauditError(
                f"Annotator '{spec.name}' reads {spec.attribute} ({', '.join(spec.levels)}), and not {attribute} "
                f"({', '.join(levels)}).",
                "Choose one that reads this attribute, or one that learns, such as probe.",
            )
        return reader
    if TRAIN not in dataset.splits and not spec.given:
        raise GenauditError(
            f"Annotator '{spec.name}' learns from labelled training images, and data set '{dataset.name}' has no split "
            f"'{TRAIN}'.",
            "Choose an annotator that has learned already.",
        )
    return replace(reader, spec=replace(spec, attribute=attribute, levels=levels))
