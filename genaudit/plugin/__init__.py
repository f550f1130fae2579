"""All that a plugin author imports: the hook marker, the specs, the capabilities.

>>> from genaudit.plugin import GeneratorSpec, hookimpl
>>> @hookimpl
... def genaudit_generators():
...     return [GeneratorSpec(name="mine", summary="My model.", target="mine.model:build", capabilities=("Sampler",),
...                           image_shape=(3, 16, 16), version="0.1")]
"""

import pluggy

from genaudit.plugin.specs import (
    AnnotatorSpec,
    AuditSpec,
    ComparisonReporterSpec,
    DatasetSpec,
    ExtractorSpec,
    GeneratorSpec,
    MetricSpec,
    ReporterSpec,
    TrackerSpec,
)

GROUP = "genaudit"
"""The entry-point group, and the name under which hooks are marked."""

hookimpl = pluggy.HookimplMarker(GROUP)
hookspec = pluggy.HookspecMarker(GROUP)

__all__ = [
    "GROUP",
    "AnnotatorSpec",
    "AuditSpec",
    "ComparisonReporterSpec",
    "DatasetSpec",
    "ExtractorSpec",
    "GeneratorSpec",
    "MetricSpec",
    "ReporterSpec",
    "TrackerSpec",
    "hookimpl",
    "hookspec",
]
