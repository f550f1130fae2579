"""A plan for two sets that are there already: the same metrics and probes as a run's, and no generator to ask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import TYPE_CHECKING, Any

from genaudit.datasets.scored import ScoredReference
from genaudit.engine.applicability import SCORE
from genaudit.engine.choosing import chosen
from genaudit.engine.options import extractor_options, flat_options, option_remarks, options_in_force
from genaudit.engine.plan import Plan, check_declarations, check_request, without_unavailable
from genaudit.engine.scored_labels import LABELS, ScoredLabels, asks_for_labels, scored_labels
from genaudit.engine.settling import settled
from genaudit.engine.weights import with_download
from genaudit.errors import GenauditError
from genaudit.extractors.pixels import MOST
from genaudit.plugin.catalog import Registered
from genaudit.plugin.specs import DatasetSpec, ExtractorSpec, GeneratorSpec
from genaudit.probes import EVALUATION, HOLDOUT, TRAIN
from genaudit.sets.stored_set import Heard, StoredSet, open_set
from genaudit.stats.resizing import BICUBIC, BICUBIC_8BIT
from genaudit.values.run import RunRequest
from genaudit.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Collection

    from genaudit.engine.request import RunInputs
    from genaudit.plugin.catalog import Catalog

DIGITS, INCEPTION, IDENTITY, PIXELS = "digits", "inception", "identity", "pixels"
WAYS = (
    "Give Inception's weights with --weights inception=FILE or --allow-download, or a network of your own with "
    "--extractor torchscript, or compare flattened pixels with --extractor pixels (small images; --resize 16), or "
    "score features of your own, (n, d) in .npy files, with --extractor identity."
)
UNLABELLED = (
    "Score once with --labels and --reference-labels, and once with --training, for what is about memorisation."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSets:
    """What ``genaudit score`` compares."""

    generated: object
    """A path, an array or a tensor: see ``genaudit.sets.stored_set.open_set``."""
    reference: object
    training: object | None = None
    """What the generator was trained on, for the metrics of memorisation; the reference is then fresh data."""
    resize: int | None = None
    resize_policy: str = BICUBIC
    skip_corrupt: bool = False
    known_weights: Mapping[str, str] = field(default_factory=dict)
    """Extractor to a weights file that is used if that extractor is, unless an option names another."""
    heard: Heard | None = None
    """Told how far the reading of the sets has come."""


def make_score_plan(sets: ScoredSets, inputs: RunInputs, catalog: Catalog) -> Plan:
    """The plan of a score run.

    Args:
        sets: The two sets.
        inputs: Metrics, seed, options and output; its ``plugin``, ``dataset`` and ``samples`` are not read.
        catalog: What is installed.

    Raises:
        GenauditError: A set cannot be read, the two cannot be compared, or no extractor fits them.
    """
    check_request(inputs)
    asked = chosen(inputs, catalog)
    generated, reference = _opened(sets, "generated"), _opened(sets, "reference")
    _check_pair(generated, reference)
    training = None if sets.training is None else _opened(sets, "training")
    if training:
        _check_pair(training, reference, "training")
    extractor = catalog.extractor(_extractor_name(reference, inputs, sets.known_weights))
    labelled = asks_for_labels(inputs.options)
    if labelled and training:
        raise GenauditError("Labels of a training set are not read.", UNLABELLED)
    reader = [catalog.annotator(LABELS)] if labelled else []
    components: list[Registered[Any]] = [extractor, *asked.metrics, *asked.audits, *reader]
    named = _with_weights(inputs.options, extractor.spec.name, sets.known_weights)
    options = options_in_force(components, with_download(named, extractor.spec.name, inputs))
    extractor = settled(extractor, extractor_options(options, extractor))
    _check_extractor(reference, extractor.spec)
    labels = scored_labels(options[LABELS], reader[0], generated, reference) if labelled else ScoredLabels()
    check_declarations(asked.audits, options, labels.attributes)
    names = _names(generated, reference, options)
    plan = Plan(
        inputs=inputs,
        request=RunRequest(
            plugin=names[0],
            dataset=names[1],
            extractor=extractor.spec.name,
            profile="",
            samples=generated.count,
            seed=inputs.seed,
            metrics=inputs.metrics,
            options=flat_options(options),
            command=inputs.command,
        ),
        generator=_registered(_generated_spec(names[0], generated)),
        dataset=_registered(_reference_spec(names[1], reference, labels, training)),
        extractor=replace(extractor, spec=_preprocessed(extractor.spec, reference)),
        annotators=labels.annotators,
        given=labels.given,
        metrics=asked.metrics,
        audits=asked.audits,
        reporters=catalog.reporters(("json", *inputs.formats), inputs.layout),
        options={**options, names[0]: generated, names[1]: ScoredReference(reference, labels.reference, training)},
        weights=None,
        warnings=(
            *catalog.warnings,
            *_remarks(generated, reference),
            *_training_remarks(generated, reference, training),
            *labels.remarks,
            *_choice_remarks(extractor.spec.name, inputs),
            *option_remarks(extractor_options(options, extractor)),
        ),
    )
    return without_unavailable(plan)


def _opened(sets: ScoredSets, side: str) -> StoredSet:
    return open_set(
        getattr(sets, side),
        resize=sets.resize,
        policy=sets.resize_policy,
        skip_corrupt=sets.skip_corrupt,
        side=side,
        heard=sets.heard,
    )


def _check_pair(generated: StoredSet, reference: StoredSet, side: str = "generated") -> None:
    if generated.data_kind != reference.data_kind:
        kinds = {"image": "images", "vector": "features"}
        raise GenauditError(
            f"The {side} set ({generated.origin}) holds {kinds[generated.data_kind]}, the reference set "
            f"({reference.origin}) {kinds[reference.data_kind]}.",
            "Give sets of images, or sets of features.",
        )
    if generated.shape == reference.shape:
        return
    if generated.data_kind == "vector":
        raise GenauditError(
            f"The {side} features have {generated.shape[0]:,} dimensions, the reference features "
            f"{reference.shape[0]:,}.",
            "Give features of the same network and layer.",
        )
    sizes = [f"{stored.shape[1]} × {stored.shape[2]}" for stored in (generated, reference)]
    raise GenauditError(
        f"The {side} images are {sizes[0]}, the reference images {sizes[1]} (height × width).",
        "Give --resize N to bring all to N × N; if the axes of an array are swapped, save it as (n, height, width, 3).",
    )


def _extractor_name(stored: StoredSet, inputs: RunInputs, known_weights: Mapping[str, str]) -> str:
    if inputs.extractor:
        return inputs.extractor
    if stored.data_kind == "vector":
        return IDENTITY
    if f"{INCEPTION}.weights" in inputs.options:
        return INCEPTION
    if stored.shape == (3, 16, 16):
        return DIGITS
    if INCEPTION in known_weights or inputs.allow_download:
        return INCEPTION
    raise GenauditError(f"No extractor for images of {stored.shape[1]} × {stored.shape[2]} was named.", WAYS)


def _check_extractor(stored: StoredSet, spec: ExtractorSpec) -> None:
    if spec.data_kind != stored.data_kind:
        raise GenauditError(
            f"Extractor '{spec.name}' reads {spec.data_kind}s, and these sets hold {stored.data_kind}s.",
            WAYS if stored.data_kind == "image" else f"Features are compared as they are: --extractor {IDENTITY}.",
        )
    if spec.name == PIXELS and prod(stored.shape) > MOST:
        raise GenauditError(
            f"Extractor '{PIXELS}' reads images of at most {MOST:,} levels, and these have {prod(stored.shape):,}.",
            "Make them smaller with --resize 32.",
        )
    if stored.dtype not in spec.reads and stored.data_kind == "image":
        raise GenauditError(
            f"Extractor '{spec.name}' reads 8-bit levels, and --resize gives levels between them.",
            f"Round them: --resize-policy {BICUBIC_8BIT}.",
        )
    if spec.input_shape and spec.input_shape != stored.shape:
        raise GenauditError(
            f"Extractor '{spec.name}' reads images of shape {spec.input_shape}, and these have {stored.shape} "
            "(channels, height, width).",
            WAYS,
        )


def _with_weights(options: Mapping[str, Any], extractor: str, known_weights: Mapping[str, str]) -> dict[str, Any]:
    known = {f"{extractor}.weights": known_weights[extractor]} if extractor in known_weights else {}
    return {**known, **options}


def _names(generated: StoredSet, reference: StoredSet, taken: Collection[str]) -> tuple[str, str]:
    """Names of the sets that fit into a folder's name, differ, and are no component's."""
    one, other = (re.sub(r"[^\w.-]+", "-", stored.name).strip("-.") or "set" for stored in (generated, reference))
    if one == other:
        one, other = f"{one}-generated", f"{other}-reference"
    return f"{one}-set" if one in taken else one, f"{other}-set" if other in taken else other


def _generated_spec(name: str, stored: StoredSet) -> GeneratorSpec:
    return GeneratorSpec(
        name=name,
        summary=f"Generated set: {_described(stored)}.",
        target="genaudit.datasets.scored:as_samples",
        capabilities=("DrawnSamples",),
        data_kind=stored.data_kind,
        image_shape=stored.shape,
        items=stored.count,
        names=stored.names,
    )


def _reference_spec(name: str, stored: StoredSet, labels: ScoredLabels, training: StoredSet | None) -> DatasetSpec:
    known = {TRAIN: training.count, HOLDOUT: stored.count} if training else {}
    return DatasetSpec(
        name=name,
        summary=f"Reference set: {_described(stored)}.",
        target="genaudit.datasets.scored:as_reference",
        data_kind=stored.data_kind,
        image_shape=stored.shape,
        splits={EVALUATION: stored.count, **known},
        attributes=labels.attributes,
        pairs=labels.pairs,
    )


def _described(stored: StoredSet) -> str:
    if stored.data_kind == "vector":
        return f"{stored.count:,} rows of {stored.shape[0]:,} features, {stored.origin}"
    how = "resized to" if stored.resizing else "of"
    return f"{stored.count:,} images {how} {stored.shape[1]} × {stored.shape[2]}, {stored.origin}"


def _registered(spec: Any) -> Registered[Any]:  # noqa: ANN401 - of either kind
    return Registered(spec=spec, plugin=SCORE, distribution="genaudit", version=VERSION)


def _preprocessed(spec: ExtractorSpec, stored: StoredSet) -> ExtractorSpec:
    """The extractor with its dimensions, and with all that happened to an image before it saw it."""
    if spec.name in {IDENTITY, PIXELS}:
        spec = replace(spec, outputs={"features": prod(stored.shape)})
    if stored.resizing is None or stored.data_kind == "vector":
        return spec
    then = spec.preprocessing if stored.resizing.rounds else spec.preprocessing.removeprefix("8-bit ")
    return replace(spec, preprocessing=f"{stored.resizing.text}; {then}")


def _remarks(generated: StoredSet, reference: StoredSet) -> list[str]:
    """What a reader must know of the two sets."""
    said = [*generated.remarks, *reference.remarks]
    shares = [stored.lossy / stored.count for stored in (generated, reference)]
    if shares[0] != shares[1]:
        said.append(
            f"{generated.lossy:,} of {generated.count:,} generated images were stored with loss (JPEG, lossy WebP), "
            f"and {reference.lossy:,} of {reference.count:,} reference images: the distance counts compression as well."
        )
    if generated.digest == reference.digest:
        said.append("Both sets hold the same items in the same order: distances are 0 by construction.")
    return said


def _training_remarks(generated: StoredSet, reference: StoredSet, training: StoredSet | None) -> list[str]:
    """What a reader must know of the set that was trained on."""
    if training is None:
        return []
    said = [*training.remarks]
    if training.digest == reference.digest:
        said.append(
            "The training set is the reference set: whether samples are copies is judged beside fresh data, which the "
            "reference then is not."
        )
    if training.digest == generated.digest:
        said.append("The generated set is the training set: every item is a copy.")
    return said


def _choice_remarks(extractor: str, inputs: RunInputs) -> list[str]:
    if extractor != DIGITS or inputs.extractor:
        return []
    text = (
        "The extractor 'digits' was chosen because the images are 16 × 16: it was trained on coloured digits, and its "
        "distances mean little for anything else. Choose another with --extractor."
    )
    return [text]
