"""From a request to a plan: every refusal happens here, before torch is imported and before any work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from genaudit.engine.annotators import chosen_annotators, given_labels, label_remarks
from genaudit.engine.applicability import check_training, unavailable_reason
from genaudit.engine.choosing import chosen, flags
from genaudit.engine.fitting import check_room
from genaudit.engine.gating import accepted_for
from genaudit.engine.moment import moment
from genaudit.engine.options import extractor_options, flat_options, option_remarks, options_in_force, own_options
from genaudit.engine.output import check_cache, check_writable
from genaudit.engine.request import PROFILES, RunInputs, dataset_name
from genaudit.engine.settling import settled
from genaudit.engine.weights import Weights, choose_weights, weights_warnings, with_download
from genaudit.errors import BadOption, GenauditError, unknown_name
from genaudit.gate.baseline import Baseline
from genaudit.plugin.catalog import Catalog, Registered
from genaudit.plugin.options import option_fields
from genaudit.plugin.specs import (
    AnnotatorSpec,
    AuditSpec,
    DatasetSpec,
    ExtractorSpec,
    GeneratorSpec,
    MetricSpec,
    ReporterSpec,
    TrackerSpec,
)
from genaudit.values.results import Unavailable
from genaudit.values.run import RunRequest

if TYPE_CHECKING:
    from collections.abc import Iterable


DEVICE = re.compile(r"auto|cpu|cuda(:\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be done, with what, and what will not be done and why."""

    inputs: RunInputs
    request: RunRequest
    generator: Registered[GeneratorSpec]
    dataset: Registered[DatasetSpec]
    extractor: Registered[ExtractorSpec]
    annotators: Mapping[str, Registered[AnnotatorSpec]]
    """Attribute to its reader."""
    metrics: tuple[Registered[MetricSpec], ...]
    audits: tuple[Registered[AuditSpec], ...]
    reporters: Mapping[str, Registered[ReporterSpec]]
    options: Mapping[str, Any]
    """Component name to its options object."""
    weights: Weights | None
    given: Mapping[str, Any] = field(default_factory=dict)
    """Attribute to the ``genaudit.plugin.components.GivenLabels`` of the generated items."""
    baseline: Baseline | None = None
    """What the run will be judged by."""
    trackers: tuple[Registered[TrackerSpec], ...] = ()
    """Told of the finished run."""
    unavailable: tuple[Unavailable, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """One line on what will be done."""
        asked = self.request
        what = "against" if "DrawnSamples" in self.generator.spec.capabilities else "on"
        things = "images" if self.generator.spec.data_kind == "image" else "items"
        capable = {"Sampler", "DrawnSamples"} & set(self.generator.spec.capabilities)
        made = f"{_counted(asked.samples, things)}, " if capable else ""
        numbers = f"{_counted(len(self.metrics), 'metrics')} and {_counted(len(self.audits), 'audits')}"
        # some things turn out to be unavailable only when they are asked: no promise is made where none is known
        missing = f"{len(self.unavailable)} not available; " if self.unavailable else ""
        return (
            f"{asked.plugin} {what} {asked.dataset}: {made}{numbers} in {asked.extractor} features; "
            f"{missing}seed {asked.seed}"
        )


def _counted(number: int, things: str) -> str:
    return f"{number:,} {things.removesuffix('s') if number == 1 else things}"


def make_plan(inputs: RunInputs, catalog: Catalog) -> Plan:
    """The plan of a request.

    Raises:
        GenauditError: Something in the request does not exist, does not fit together or cannot be done here.
    """
    check_request(inputs)
    generator = catalog.generator(inputs.plugin)
    dataset = catalog.dataset(dataset_name(inputs, catalog))
    data_options = own_options(dataset, inputs.options)
    dataset = settled(dataset, data_options)
    extractor = catalog.extractor(inputs.extractor or dataset.spec.extractor)
    annotators = chosen_annotators(dataset.spec, extractor.spec.name, inputs.annotators, catalog)
    asked = chosen(inputs, catalog)
    trackers = [catalog.tracker(name) for name in dict.fromkeys(inputs.track)]
    components: list[Registered[Any]] = [
        generator,
        dataset,
        extractor,
        *annotators.values(),
        *asked.metrics,
        *asked.audits,
        *trackers,
    ]
    options = options_in_force(components, with_download(inputs.options, extractor.spec.name, inputs), flags(catalog))
    options[dataset.spec.name] = data_options  # that very object: what it has read is not read again
    check_declarations(asked.audits, options, dataset.spec.attributes)
    generator = settled(generator, options[generator.spec.name])
    extractor = settled(extractor, extractor_options(options, extractor))
    _check_shapes(generator, dataset.spec, extractor)
    samples, fewer = _samples_of(generator.spec, inputs)
    check_room(samples, extractor.spec, dataset.spec)
    weights = choose_weights(generator, options[generator.spec.name], inputs)
    if inputs.retrain:
        check_training(dataset.spec, data_options)
    given = given_labels(annotators, options, generator.spec, samples, inputs.seed)
    plan = Plan(
        inputs=inputs,
        request=_request(replace(inputs, dataset=dataset.spec.name), extractor.spec.name, samples, options),
        generator=generator,
        dataset=dataset,
        extractor=extractor,
        annotators=annotators,
        metrics=asked.metrics,
        audits=asked.audits,
        reporters=catalog.reporters(("json", *inputs.formats), inputs.layout),
        trackers=tuple(trackers),
        options=options,
        weights=weights,
        given=given,
        warnings=(
            *catalog.warnings,
            *fewer,
            *weights_warnings(weights, generator.spec.name, options[generator.spec.name]),
            *option_remarks(options[generator.spec.name]),
            *option_remarks(data_options),
            *option_remarks(extractor_options(options, extractor)),
            *label_remarks(given, generator.spec, inputs.seed),
        ),
    )
    return replace(without_unavailable(plan), baseline=accepted_for(plan, catalog))


def _samples(inputs: RunInputs) -> int:
    if inputs.profile not in PROFILES:
        raise unknown_name("profile", inputs.profile, PROFILES, listed="There are")
    return PROFILES[inputs.profile] if inputs.samples is None else inputs.samples


def _samples_of(generator: GeneratorSpec, inputs: RunInputs) -> tuple[int, tuple[str, ...]]:
    """How many items are asked for, and a line if that is not what the set holds."""
    wanted = _samples(inputs)
    if not generator.items or wanted == generator.items:
        return wanted, ()
    if wanted < generator.items:
        line = (
            f"{wanted:,} of the {_counted(generator.items, 'items')} of '{generator.name}' are evaluated, drawn at "
            f"random without replacement by seed {inputs.seed}; --samples {generator.items} takes all."
        )
        return wanted, (line,)
    if inputs.samples is not None:
        raise BadOption(
            f"--samples {wanted} is not possible: '{generator.name}' holds {generator.items:,} items, and can draw no "
            "others.",
            f"Give at most {generator.items}, or leave it away to use all.",
        )
    line = (
        f"'{generator.name}' holds {_counted(generator.items, 'items')}, fewer than profile {inputs.profile} asks for."
    )
    return generator.items, (line,)


def check_request(inputs: RunInputs) -> None:
    """Nothing, if numbers, device, folders and date are possible, whatever they are for.

    Raises:
        GenauditError: One of them is not.
    """
    limits = {"--samples": (_samples(inputs), 1), "--batch-size": (inputs.batch_size, 1), "--seed": (inputs.seed, 0)}
    for flag, (value, least) in limits.items():
        if value < least:
            raise BadOption(f"{flag} {value} is not allowed: it must be a whole number of at least {least}.")
    if not DEVICE.fullmatch(inputs.device):
        why = " Apple's mps has no float64, in which features are computed." if inputs.device == "mps" else ""
        raise BadOption(f"No device '{inputs.device}'.{why} Allowed: auto, cpu, cuda, cuda:0, cuda:1, ….")
    check_writable(inputs.out)
    check_cache(inputs.cache)
    moment()  # a date that is none is refused before any work


def check_declarations(
    audits: Iterable[Registered[AuditSpec]], options: Mapping[str, Any], attributes: Mapping[str, tuple[str, ...]]
) -> None:
    """Nothing, if what audits were told of groups is about groups of the data.

    Raises:
        BadOption: It is not.
    """
    for audit in audits:
        check = getattr(options[audit.spec.name], "check", None)
        if check is None:
            continue
        try:
            check(attributes)
        except ValueError as error:
            raise BadOption(
                f"{audit.spec.name}: {error}.", "Declare a share for every level, and for no other."
            ) from error


def _check_shapes(
    registered: Registered[GeneratorSpec], dataset: DatasetSpec, reader: Registered[ExtractorSpec]
) -> None:
    generator, extractor = registered.spec, reader.spec
    for one, other in ((generator, dataset), (dataset, extractor)):
        if one.data_kind != other.data_kind:
            raise GenauditError(
                f"The {one.kind} '{one.name}' is for {one.data_kind}s, "
                f"the {other.kind} '{other.name}' for {other.data_kind}s.",
                "Choose two of one kind; 'genaudit datasets list' shows the data sets.",
            )
    if generator.image_shape != dataset.image_shape:
        raise GenauditError(
            f"Generator '{generator.name}' makes images of shape {generator.image_shape}, data set '{dataset.name}' "
            f"has {dataset.image_shape} (channels, height, width).",
            f"{_resizing(registered, dataset)}{_fitting_data(generator, dataset)}",
        )
    if extractor.input_shape and extractor.input_shape != dataset.image_shape:
        raise GenauditError(
            f"Extractor '{extractor.name}' reads images of shape {extractor.input_shape}, data set '{dataset.name}' "
            f"has {dataset.image_shape}.",
            f"{_reading_other_sizes(reader)}Leave --extractor away to use '{dataset.extractor}'.",
        )


def _reading_other_sizes(extractor: Registered[ExtractorSpec]) -> str:
    """What lets an extractor read images of any size, if it has an option for that."""
    name = extractor.spec.name
    can = any(option.name == "resize" for option in option_fields(extractor))
    return f"Let it resize them: --set extractor.{name}.resize=pil-bicubic. " if can else ""


def _fitting_data(generator: GeneratorSpec, dataset: DatasetSpec) -> str:
    """Which data a generator's images may be held against."""
    if len(generator.image_shape) == 3 and (generator.image_shape[0], dataset.image_shape[0]) == (1, 3):
        return "The data are RGB: let the generator give its grey level three times."
    if dataset.name != "files":
        return (
            "Choose a data set of the generator's shape with --dataset; for images of your own: --dataset files --set "
            "files.evaluation=FOLDER."
        )
    if len(generator.image_shape) == 3 and generator.image_shape[1] == generator.image_shape[2]:
        return f"The files can be brought to its size: --set files.resize={generator.image_shape[1]}."
    return "Give files of its shape."


def _resizing(registered: Registered[GeneratorSpec], dataset: DatasetSpec) -> str:
    """What to do first where the generator's own option brings images to the data's size; else nothing."""
    same = len(dataset.image_shape) == 3 and dataset.image_shape[0] == registered.spec.image_shape[0]
    if not (same and dataset.image_shape[1] == dataset.image_shape[2]):
        return ""
    if all(option.name != "resize" for option in option_fields(registered)):
        return ""
    height, width = registered.spec.image_shape[1:]
    if height != width:  # they may be no such images at all: an array of swapped axes
        return (
            f"Do they have {height} × {width} pixels (height × width)? If so, give --set {registered.spec.name}.resize="
            f"{dataset.image_shape[1]}; if its axes are swapped, save the array as (n, height, width, 3). "
        )
    return f"Give --set {registered.spec.name}.resize={dataset.image_shape[1]}. "


def _request(
    inputs: RunInputs,
    extractor: str,
    samples: int,
    options: Mapping[str, Any],
) -> RunRequest:
    return RunRequest(
        plugin=inputs.plugin,
        dataset=inputs.dataset,
        extractor=extractor,
        profile=inputs.profile,
        samples=samples,
        seed=inputs.seed,
        metrics=inputs.metrics,
        options=flat_options(options),
        weights=inputs.weights.name if inputs.weights else "",
        retrain=inputs.retrain,
        command=inputs.command,
    )


def without_unavailable(plan: Plan) -> Plan:
    """The plan with what cannot apply moved aside, each with its reason.

    Raises:
        GenauditError: Metrics were asked for by name, and none of them can apply.
    """
    missing: list[Unavailable] = []
    kept_metrics, kept_audits = [], []
    for metric in plan.metrics:
        reason = unavailable_reason(metric.spec, metric.spec.view, plan)
        missing.append(reason) if reason else kept_metrics.append(metric)
    for audit in plan.audits:
        reason = unavailable_reason(audit.spec, "", plan)
        missing.append(reason) if reason else kept_audits.append(audit)
    if not (kept_metrics or kept_audits) and plan.inputs.metrics:
        raise _nothing_applies(missing)
    return replace(plan, metrics=tuple(kept_metrics), audits=tuple(kept_audits), unavailable=tuple(missing))


def _nothing_applies(missing: Iterable[Unavailable]) -> GenauditError:
    """The refusal of a request for metrics none of which can be computed; several may share a reason."""
    reasons: dict[str, list[str]] = {}
    for item in missing:
        name = f"{item.component} [{item.group}]" if item.group else item.component
        reasons.setdefault(f"{item.reason} {item.hint}".strip(), []).append(name)
    said = " ".join(f"{', '.join(names)}: {reason}" for reason, names in reasons.items())
    return GenauditError(f"None of the metrics that were asked for applies. {said}")
