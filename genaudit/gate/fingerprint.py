"""What the numbers of runs are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.values.record import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What the numbers are about. Differences in the first six are refused, in the others they are said."""

    dataset: str
    references: Mapping[str, str]
    """Split to the SHA-256 of its images."""
    extractor: str
    extractor_digest: str
    preprocessing: str
    samples: int = 0
    """0 where nothing was generated, as in an audit of a table."""
    plugin: str = ""
    weights: tuple[str, ...] = ()
    """SHA-256 of the generator's weights; several if several trainings were pooled."""
    seeds: tuple[int, ...] = ()
    device: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


def fingerprint(records: Sequence[RunRecord]) -> Fingerprint:
    """What the numbers of these runs are about."""
    record = records[0]
    protocols = [result.protocol for result in record.results]
    versions = record.environment.versions
    return Fingerprint(
        dataset=record.dataset.name,
        references=dict(sorted({(one.reference, one.reference_digest) for one in protocols if one.reference})),
        extractor=record.extractor.name,
        extractor_digest=record.extractor.digest,
        preprocessing=next((one.preprocessing for one in protocols if one.preprocessing), ""),
        samples=record.request.samples,
        plugin=record.request.plugin,
        weights=tuple(one.generator.digest for one in records),
        seeds=tuple(dict.fromkeys(one.request.seed for one in records)),
        device=record.environment.device,
        versions={name: versions[name] for name in ("torch", "numpy") if name in versions},
    )
