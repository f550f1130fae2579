"""What must agree before two numbers may be compared: of a run of a generator, number by number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from genaudit.engine.options import plain_options
from genaudit.engine.plan import Plan
from genaudit.probes import PROBES, TRAIN, all_needs, mix_split
from genaudit.values.results import EvaluationProtocol, Parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genaudit.plugin.specs import AuditSpec, MetricSpec
    from genaudit.values.results import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProtocols:
    """The protocol of each number of a run, from what its component needs."""

    plan: Plan
    shared: EvaluationProtocol
    """What all numbers of the run share."""
    digest_of_split: Callable[[str], str]
    """SHA-256 of the images of a split of the data set."""

    def __call__(self, spec: MetricSpec | AuditSpec, estimate: Estimate) -> EvaluationProtocol:
        """Without an extractor where none is read, with the split that is compared, with all options."""
        probes = [probe for need in spec.needs for probe in all_needs(need)]
        reads_features = any(probe.output or probe.attributes or probe.annotated for probe in probes)
        named = [PROBES[need].compared for need in spec.needs] + [probe.split for probe in probes]
        split = next(filter(None, named), "")
        if split == TRAIN:
            split = mix_split(self.plan.dataset.spec.splits)
        shared = self.shared
        return replace(
            shared,
            extractor=shared.extractor if reads_features else "",
            extractor_digest=shared.extractor_digest if reads_features else "",
            preprocessing=shared.preprocessing if reads_features else "",
            reference=f"{shared.reference}/{split}" if split else "",
            reference_digest=self.digest_of_split(split) if split else "",
            view=getattr(spec, "view", ""),
            samples=self.plan.request.samples if any(probe.sized for probe in probes) else 0,
            parameters=own_parameters(self.plan.options[spec.name], estimate),
        )


def own_parameters(options: object, estimate: Estimate) -> Mapping[str, Parameter]:
    """The options of a component, and what the estimate adds."""
    return plain_options(options) | dict(estimate.parameters)
