"""Whether a metric or an audit applies to a plan, judged from specs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.errors import GenauditError
from genaudit.plugin.specs import MetricSpec
from genaudit.probes import EVALUATION, HOLDOUT, PROBES, TRAIN, ProbeSpec, all_needs, mix_split
from genaudit.values.results import Unavailable

if TYPE_CHECKING:
    from genaudit.engine.plan import Plan
    from genaudit.plugin.specs import AuditSpec, DatasetSpec

LABELLED = "A labelled data set; for files of yours: --set files.class_folders=true, or files.evaluation_labels=FILE."
SCORE = "score"
"""Where the reference of a score run comes from, in place of a plugin's name."""


def unavailable_reason(spec: MetricSpec | AuditSpec, group: str, plan: Plan) -> Unavailable | None:
    """Why a component cannot apply, or None if it can."""
    for need in spec.needs:
        if need not in PROBES:
            return _said(spec, group, "unknown-observation", f"It needs '{need}', which no probe observes.", "")
        for probe in all_needs(need):
            found = _missing(probe, plan)
            if found:
                return _said(spec, group, *found)
    if isinstance(spec, MetricSpec):
        return _too_few(spec, group, plan)
    return None


def _missing(probe: ProbeSpec, plan: Plan) -> tuple[str, str, str] | None:
    generator, extractor = plan.generator.spec, plan.extractor.spec
    lacking = [name for name in probe.capabilities if name not in generator.capabilities]
    if lacking and probe.instead not in generator.capabilities:
        if "DrawnSamples" in generator.capabilities and probe.instead == "LabelledSamples":
            return (
                "needs-labels",
                "Which class each item was asked for was not given.",
                "A labels file: genaudit run --plugin samples --set samples.labels=FILE.",
            )
        if "DrawnSamples" in generator.capabilities:
            return (
                "needs-generator",
                "It asks the generator itself, and only what it made was given.",
                "The generator itself: genaudit run --plugin NAME (genaudit plugins list), or a plugin for it.",
            )
        return (
            "needs-capability",
            f"Generator '{generator.name}' is no {lacking[0]}.",
            f"A generator with the capability {' and '.join(lacking)}.",
        )
    if probe.output and probe.output not in extractor.outputs:
        return (
            "needs-extractor-output",
            f"Extractor '{extractor.name}' gives no {probe.output}.",
            f"An extractor with the output '{probe.output}'; choose one with --extractor.",
        )
    if probe.continuous and extractor.data_kind == "image" and "float32" not in extractor.reads:
        return (
            "needs-continuous-extractor",
            f"Extractor '{extractor.name}' reads 8-bit levels only: rounding would hide such small differences.",
            "An extractor that reads float32, such as digits or pixels.",
        )
    return _missing_data(probe, plan)


def _missing_data(probe: ProbeSpec, plan: Plan) -> tuple[str, str, str] | None:
    dataset = plan.dataset.spec
    if probe.split and probe.split not in dataset.splits:
        return _missing_split(probe.split, plan)
    if probe.pixels and dataset.data_kind != "image":
        return ("needs-pixels", f"Data set '{dataset.name}' holds {dataset.data_kind}s.", "A data set of images.")
    if probe.annotated and all(found.spec.given for found in plan.annotators.values()):
        return (
            "needs-annotator",
            f"Data set '{dataset.name}' names no annotator.",
            "A data set whose spec names an annotator for an attribute.",
        )
    if probe.domains and not dataset.translations:
        return (
            "needs-domains",
            f"Data set '{dataset.name}' does not know how its images look in another domain.",
            "A data set whose spec declares translations.",
        )
    if probe.attributes:
        return _missing_labels(plan)
    return None


def _missing_split(split: str, plan: Plan) -> tuple[str, str, str]:
    if plan.dataset.plugin == SCORE:
        return (
            "needs-split",
            "It looks at the training set as well, and only two sets were given.",
            "Give what the generator was trained on with --training SET; the reference is then data that it never saw.",
        )
    name = plan.dataset.spec.name
    return "needs-split", f"Data set '{name}' has no split '{split}'.", _how_to_have(split, name, plan.options[name])


def _how_to_have(split: str, dataset: str, options: object) -> str:
    """What brings a split; of some data sets the user names them."""
    return (
        f"Give it with --set {dataset}.{split}=SET."
        if hasattr(options, split)
        else f"A data set with the split '{split}'."
    )


def check_training(dataset: DatasetSpec, options: object) -> None:
    """Nothing, if a generator can be trained on the data set.

    Raises:
        GenauditError: It has no split to train on, or none to watch the training by.
    """
    for split in (TRAIN, HOLDOUT):
        if split not in dataset.splits:
            raise GenauditError(
                f"--retrain needs the split '{split}', and data set '{dataset.name}' has none.",
                _how_to_have(split, dataset.name, options),
            )


def _missing_labels(plan: Plan) -> tuple[str, str, str] | None:
    dataset = plan.dataset.spec
    if not dataset.pairs:
        return ("needs-labels", f"Data set '{dataset.name}' declares no pair of attributes.", LABELLED)
    unread = [name for pair in dataset.pairs for name in pair if name and name not in plan.annotators]
    if unread:
        return (
            "needs-annotator",
            f"No annotator reads '{unread[0]}' of data set '{dataset.name}' from images with this extractor.",
            (
                f"With labelled training images: --annotators {unread[0]}=probe. With labels of what was generated: "
                f"--annotators {unread[0]}=labels --set labels.file=FILE."
            ),
        )
    if mix_split(dataset.splits) not in dataset.splits:
        return ("needs-split", f"Data set '{dataset.name}' has no split '{TRAIN}'.", f"A data set with '{TRAIN}'.")
    return None


def _too_few(spec: MetricSpec, group: str, plan: Plan) -> Unavailable | None:
    """A metric of generated samples on fewer items than it is defined for."""
    probes = {probe.observation for need in spec.needs for probe in all_needs(need)}
    if "generated" not in probes:
        return None
    n = min(plan.request.samples, plan.dataset.spec.splits.get(EVALUATION, plan.request.samples))
    least = max(spec.min_samples, getattr(plan.options[spec.name], "k", 0) + 1)
    if n >= least:
        return None
    return _said(
        spec,
        group,
        "too-few-samples",
        f"It needs at least {least} {'images' if plan.dataset.spec.data_kind == 'image' else 'items'} on either side; "
        f"there are {n}.",
        _more_of_what(plan, least),
    )


def _more_of_what(plan: Plan, least: int) -> str:
    if "DrawnSamples" in plan.generator.spec.capabilities:
        return f"Sets of {least} or more."
    if plan.dataset.spec.splits.get(EVALUATION, least) < least:
        return f"A reference of at least {least} items, or a smaller k."
    return f"--samples {least} or more."


def _said(spec: MetricSpec | AuditSpec, group: str, code: str, reason: str, hint: str) -> Unavailable:
    return Unavailable(component=spec.name, group=group, reason_code=code, reason=reason, hint=hint, title=spec.title)
