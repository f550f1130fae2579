"""Which metrics and audits take part: what ``--metrics`` names, or everything, without what ``--skip`` names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.errors import BadOption, UnknownName
from genaudit.plugin.catalog import Catalog, Registered, metric_and_view
from genaudit.plugin.specs import AuditSpec, MetricSpec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genaudit.engine.request import RunInputs


FLAGS = {
    "dataset": "--dataset {}",
    "extractor": "--extractor {}",
    "annotator": "--annotators ATTRIBUTE={}",
    "tracker": "--track {}",
    "generator": "--plugin {}",
}
"""How a component of each kind is brought into a run; of two of one name the generator is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What a run asks."""

    metrics: tuple[Registered[MetricSpec], ...]
    audits: tuple[Registered[AuditSpec], ...]


def chosen(inputs: RunInputs, catalog: Catalog) -> Questions:
    """Metrics and audits by their names, or all of them; audits of a user's table take no part.

    An audit is asked for by its own name or by that of one of its numbers.

    Raises:
        GenauditError: A name does not exist, or nothing is left.
    """
    audits: list[Registered[AuditSpec]] = [one for one in catalog.all("audit") if not one.spec.of_table]
    skipped = _named(inputs.skip, audits, catalog)
    if inputs.metrics:
        asked = _named(inputs.metrics, audits, catalog)
    else:
        asked = Questions(metrics=tuple(catalog.all("metric")), audits=tuple(audits))
    without = {_key(metric) for metric in skipped.metrics}
    once = {_key(metric): metric for metric in asked.metrics}  # 'fid' and 'fid [low-level]' both ask for the latter
    left = Questions(
        metrics=tuple(metric for key, metric in once.items() if key not in without),
        audits=tuple(audit for audit in asked.audits if audit not in skipped.audits),
    )
    if not (left.metrics or left.audits):
        raise BadOption("No metric is left to compute: --skip takes away all that --metrics asks for.")
    return left


def flags(catalog: Catalog) -> dict[str, str]:
    """Name of each component that takes part only if it is chosen, to the flag that chooses it."""
    return {name: flag.format(name) for kind, flag in FLAGS.items() for name in catalog.names(kind)}


def _named(names: Iterable[str], audits: list[Registered[AuditSpec]], catalog: Catalog) -> Questions:
    metrics: list[Registered[MetricSpec]] = []
    wanted: list[Registered[AuditSpec]] = []
    for name in names:
        found = [audit for audit in audits if metric_and_view(name)[0] in {audit.spec.name, *audit.spec.values}]
        try:
            metrics += catalog.metrics(name)
        except UnknownName:
            if not found:
                raise
        wanted += found
    return Questions(metrics=tuple(metrics), audits=tuple(audit for audit in audits if audit in wanted))


def _key(metric: Registered[MetricSpec]) -> tuple[str, str]:
    return metric.spec.name, metric.spec.view
