"""What a record says of the components that took part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.run import ComponentInfo, MetricDescription

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genaudit.engine.building import Components
    from genaudit.engine.plan import Plan
    from genaudit.plugin.catalog import Registered
    from genaudit.plugin.specs import DatasetSpec, ExtractorSpec, GeneratorSpec, MetricSpec
    from genaudit.values.results import Parameter


def generator_info(plan: Plan, components: Components) -> ComponentInfo:
    """The model and its weights."""
    spec = plan.generator.spec
    drawn = "DrawnSamples" in spec.capabilities
    size: dict[str, Parameter] = {"items": plan.request.samples} if drawn else {"parameters": components.parameters}
    stored: dict[str, Parameter] = {}
    if plan.weights and plan.weights.stored_as:
        stored = {"weights stored as": plan.weights.stored_as}
    facts = {**size, **stored, _shape_name(spec): _shape(spec.image_shape)}
    return _info(plan.generator, components.weights_digest, facts)


def dataset_info(plan: Plan, components: Components) -> ComponentInfo:
    """The reference data."""
    spec = plan.dataset.spec
    things = "images" if spec.data_kind == "image" else "items"
    sizes = {f"{name} {things}": size for name, size in spec.splits.items()}
    return _info(plan.dataset, components.reference_digest, {_shape_name(spec): _shape(spec.image_shape), **sizes})


def extractor_info(plan: Plan, components: Components) -> ComponentInfo:
    """The network whose features were compared."""
    found: Mapping[str, int] = getattr(components.extractor, "dimensions", {})
    sizes = {name: size or found.get(name, 0) for name, size in plan.extractor.spec.outputs.items()}
    facts = {f"{name} dimensions": size for name, size in sizes.items() if size}
    return _info(plan.extractor, components.extractor.weights_digest, facts)


def metric_description(metric: Registered[MetricSpec]) -> MetricDescription:
    """The text about a metric."""
    spec = metric.spec
    return MetricDescription(
        name=spec.name,
        view=spec.view,
        title=spec.title,
        summary=spec.summary,
        unit=spec.unit,
        direction=spec.direction.value,
        bounds=spec.bounds,
        formula=spec.formula,
        meaning=spec.meaning,
        caveat=spec.caveat,
        source=spec.source,
        version=spec.version,
    )


def _info(
    component: Registered[GeneratorSpec] | Registered[DatasetSpec] | Registered[ExtractorSpec],
    digest: str,
    facts: Mapping[str, Parameter],
) -> ComponentInfo:
    spec = component.spec
    return ComponentInfo(
        name=spec.name,
        version=spec.version,
        distribution=component.origin,
        summary=spec.summary,
        digest=digest,
        licence=getattr(spec, "licence", ""),
        source=spec.source,
        capabilities=getattr(spec, "capabilities", ()),
        facts=facts,
    )


def _shape_name(spec: GeneratorSpec | DatasetSpec) -> str:
    return "image_shape" if spec.data_kind == "image" else "dimensions"


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
