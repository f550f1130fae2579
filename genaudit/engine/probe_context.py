"""What probes may touch of a plan and its components."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.engine.building import Components, origin_of

if TYPE_CHECKING:
    import torch

    from genaudit.engine.plan import Plan
    from genaudit.probes.context import ProbeContext
    from genaudit.probes.randomness import GlobalRandomness


def probe_context(
    plan: Plan, components: Components, device: torch.device, randomness: GlobalRandomness
) -> ProbeContext:
    """The context of every probe of a run, without a store of features."""
    from genaudit.probes.context import ProbeContext

    demands: dict[str, tuple[object, ...]] = {}
    for metric in plan.metrics:
        for need in metric.spec.needs:
            demands[need] = (*demands.get(need, ()), plan.options[metric.spec.name])
    return ProbeContext(
        generator=components.generator,
        generator_origin=origin_of(plan.generator),
        extractor_origin=origin_of(plan.extractor),
        dataset_origin=origin_of(plan.dataset),
        annotator_origins={attribute: origin_of(found) for attribute, found in plan.annotators.items()},
        image_shape=plan.generator.spec.image_shape,
        dataset=components.dataset,
        dataset_spec=plan.dataset.spec,
        extractor=components.extractor,
        extractor_spec=plan.extractor.spec,
        annotators=components.annotators,
        given=plan.given,
        device=device,
        seed=plan.request.seed,
        samples=plan.request.samples,
        batch_size=plan.inputs.batch_size,
        demands=demands,
        progress=lambda _: None,
        randomness=randomness,
    )
