"""What every probe is given, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from genaudit.cache.feature_store import FeatureStore
from genaudit.errors import PASSED_ON, GenauditError, NotApplicable, PluginError
from genaudit.plugin.components import Annotator, Dataset, Extractor, GivenLabels, LabelledImages
from genaudit.plugin.loading import one_line
from genaudit.plugin.specs import AnnotatorSpec, DatasetSpec, ExtractorSpec
from genaudit.probes import TRAIN, mix_split
from genaudit.probes.randomness import GlobalRandomness
from genaudit.values.run import ColumnLabel


@contextmanager
def blaming(origin: str, stage: str) -> Iterator[None]:
    """Whatever is raised inside becomes an error that names a plugin and a stage."""
    try:
        yield
    except GenauditError:
        raise
    except PASSED_ON:
        raise
    except BaseException as error:  # a plugin's own code
        raise PluginError(f"{origin} failed at stage {stage}: {one_line(error)}.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeContext:
    """The parts of a run that a probe may touch."""

    generator: Any
    """The model; a probe calls only the capabilities that it declares."""
    generator_origin: str
    """Plugin and distribution, for messages."""
    extractor_origin: str
    dataset_origin: str
    annotator_origins: Mapping[str, str]
    """Attribute to the plugin and distribution of its reader."""
    image_shape: tuple[int, ...]
    dataset: Dataset
    dataset_spec: DatasetSpec
    extractor: Extractor
    extractor_spec: ExtractorSpec
    annotators: Mapping[str, tuple[AnnotatorSpec, Annotator]]
    """Attribute to its reader."""
    device: torch.device
    seed: int
    samples: int
    batch_size: int
    demands: Mapping[str, tuple[Any, ...]]
    """Observation to the options of the metrics that asked for it."""
    progress: Callable[[int], None]
    """Told how many more items are done."""
    randomness: GlobalRandomness = field(default_factory=GlobalRandomness)
    """Watches every call to a plugin."""
    given: Mapping[str, GivenLabels] = field(default_factory=dict)
    """Attribute to the labels of generated items that somebody assigned, where no annotator reads it."""
    store: FeatureStore | None = None
    """Features that were computed before; None if none are kept."""

    def mix(self) -> tuple[LabelledImages, str]:
        """The images whose mix of levels generated ones are held against, and their name: training or reference.

        Raises:
            NotApplicable: They are not labelled.
        """
        name = mix_split(self.dataset_spec.splits)
        found = self.split(name)
        unknown = [a for pair in self.dataset_spec.pairs for a in pair if a and a not in found.labels]
        if unknown:
            raise NotApplicable(
                "needs-labels",
                f"The split '{name}' of data set '{self.dataset_spec.name}' is not labelled with {unknown[0]}.",
                "A data set that is labelled with each attribute of its pairs.",
            )
        return found, "training" if name == TRAIN else "reference"

    @property
    def paired_annotators(self) -> Mapping[str, tuple[AnnotatorSpec, Annotator]]:
        """Readers of the attributes of the data set's pairs; of all if it declares none.

        An attribute beside the pairs is counted with them and asked nothing else.
        """
        paired = {name for pair in self.dataset_spec.pairs for name in pair}
        return {name: found for name, found in self.annotators.items() if name in paired or not paired}

    def split(self, name: str) -> LabelledImages:
        """A split of the data set.

        Raises:
            PluginError: The data set cannot give it; the message names its plugin.
        """
        with blaming(self.dataset_origin, f"split '{name}'"), self.randomness.watched(self.dataset_origin):
            return self.dataset.split(name)

    @contextmanager
    def asking_generator(self, *, gradients: bool = False) -> Iterator[None]:
        """A call to the generator, without gradients unless they are wanted."""
        with torch.set_grad_enabled(gradients), self.randomness.watched(self.generator_origin):
            yield

    def batches(self, total: int) -> Iterator[tuple[int, int]]:
        """Start and size of each batch."""
        for start in range(0, total, self.batch_size):
            yield start, min(self.batch_size, total - start)

    def demanded(self, observation: str, option: str, default: int) -> tuple[int, ...]:
        """The distinct values of an option among the metrics that asked for an observation, in order."""
        values = {getattr(options, option) for options in self.demands.get(observation, ()) if hasattr(options, option)}
        return tuple(sorted(values)) or (default,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """A few images that a report may show."""

    images: NDArray[np.uint8]
    """``(rows · columns, c, h, w)``, row by row."""
    columns: int
    caption: str
    labels: tuple[ColumnLabel, ...] = ()
    """What is to be said of each column; empty if the caption says it of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a probe returns."""

    value: Any
    """The observation, frozen."""
    items: int = 0
    """Images, pairs or paths that were asked for."""
    pictures: Mapping[str, Pictures] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    """What a reader of the record must know, one sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageReadings:
    """What extractor and annotators say of a set of images; the images themselves are gone but for the first few."""

    outputs: Mapping[str, NDArray[np.float64]]
    """Extractor output to ``(n, dim)``."""
    attributes: Mapping[str, NDArray[np.float64]]
    """Attribute to ``(n, levels)`` probabilities."""
    first_images: NDArray[np.uint8]
    """``(≤ kept, c, h, w)``."""
    labels: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    """Attribute to ``(n,)`` true levels, for data."""
    clusters: NDArray[np.int64] | None = None
    strata: NDArray[np.int64] | None = None
