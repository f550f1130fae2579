"""Whether a run may be compared with a baseline at all: unlike protocols are refused, never averaged away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.errors import BadOption, GenauditError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from genaudit.gate.baseline import Accepted, Baseline
    from genaudit.gate.fingerprint import Fingerprint
    from genaudit.gate.measured import Measured

HARD_FIELDS = ("dataset", "extractor", "samples", "definition")
"""What must agree, unless ``--allow-mismatch`` names it."""
MOST_NAMED = 4


class Incomparable(GenauditError):
    """A run and a baseline of different protocols."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A field that must agree and does not."""

    field: str
    """One of ``HARD_FIELDS``."""
    what: str
    """The part of it that differs."""
    baseline: str
    run: str
    metrics: tuple[str, ...] = ()
    """Which are affected; empty for all."""
    sides: tuple[str, str] = ("in the baseline", "in this run")
    """Whose both values are."""

    def sentence(self) -> str:
        """The field, both values and the metrics.

        >>> Mismatch(field="samples", what="samples", baseline="1000", run="2000", metrics=("fid",)).sentence()
        'samples is 1000 in the baseline and 2000 in this run (fid)'
        """
        further = len(self.metrics) - MOST_NAMED
        names = ", ".join(self.metrics[:MOST_NAMED]) + (f" and {further} more" if further > 0 else "")
        about = f" ({names})" if names else ""
        before, now = self.sides
        return f"{self.what} is {self.baseline} {before} and {self.run} {now}{about}"


def check_fields(fields: Iterable[str]) -> tuple[str, ...]:
    """The names of fields that may be allowed to differ.

    Raises:
        BadOption: There is no such field.
    """
    given = tuple(fields)
    unknown = sorted(set(given) - set(HARD_FIELDS))
    if unknown:
        raise BadOption(f"No field '{unknown[0]}' for --allow-mismatch.", f"There are: {', '.join(HARD_FIELDS)}.")
    return given


def compare_protocols(
    baseline: Baseline, run: Fingerprint, numbers: Mapping[str, Measured], allowed: Sequence[str], origin: str
) -> tuple[str, ...]:
    """A sentence for every field that differs and was allowed to.

    Args:
        baseline: What was accepted.
        run: What the run is about.
        numbers: The numbers that will be judged.
        allowed: Fields that may differ.
        origin: The baseline's file.

    Raises:
        Incomparable: A field differs that was not allowed to; every such field is named with both values.
    """
    found = mismatches(baseline.fingerprint, baseline.metrics, run, numbers)
    refused = [one for one in found if one.field not in allowed]
    if refused:
        fields = " ".join(f"--allow-mismatch {name}" for name in dict.fromkeys(one.field for one in refused))
        raise Incomparable(
            f"This run cannot be compared with {origin}: {'; '.join(one.sentence() for one in refused)}.",
            f"Run as the baseline was run, or accept a new baseline; {fields} compares all the same and records it.",
        )
    return tuple(f"Compared although {one.sentence()}." for one in found)


def soft_differences(baseline: Fingerprint, run: Fingerprint) -> tuple[str, ...]:
    """A sentence for every circumstance that differs and may move numbers a little."""
    pairs = [("plugin", baseline.plugin, run.plugin), ("device", baseline.device, run.device)]
    names = dict.fromkeys([*baseline.versions, *run.versions])
    pairs += [(name, baseline.versions.get(name, "none"), run.versions.get(name, "none")) for name in names]
    return tuple(f"{name} was {old} and is {new}." for name, old, new in pairs if old != new)


def mismatches(
    old: Fingerprint,
    accepted: Mapping[str, Accepted] | Mapping[str, Measured],
    run: Fingerprint,
    numbers: Mapping[str, Measured],
) -> list[Mismatch]:
    """Every field in which the numbers of two sides are about different things.

    Args:
        old: What those of the first side are about.
        accepted: They; of each name in ``numbers`` one.
        run: What those of the second side are about.
        numbers: They.
    """
    if old.dataset != run.dataset:
        return [Mismatch(field="dataset", what="dataset", baseline=old.dataset, run=run.dataset)]
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for name, number in numbers.items():
        before = accepted[name]
        if (before.definition, before.direction) != (number.definition, number.direction):
            for key in _reasons(before, number, old, run):
                found.setdefault(key, []).append(name)
    return [
        Mismatch(field=field, what=what, baseline=before, run=after, metrics=tuple(names))
        for (field, what, before, after), names in found.items()
    ]


def _reasons(
    accepted: Accepted | Measured, number: Measured, old: Fingerprint, run: Fingerprint
) -> list[tuple[str, str, str, str]]:
    """Field, part, value then and value now, of what makes two definitions differ."""
    pairs: list[tuple[str, str, object, object]] = [("samples", "samples", accepted.samples, number.samples)]
    if number.reference:
        split, before = number.reference, old.references.get(number.reference, "unknown")
        pairs.append(("dataset", f"the digest of {split}", before[:12], number.reference_digest[:12]))
    if number.extractor:
        before, now = (f"{one.extractor} ({one.extractor_digest[:12]})" for one in (old, run))
        pairs.append(("extractor", "extractor", before, now))
        pairs.append(("definition", "preprocessing", old.preprocessing, run.preprocessing))
    for key in dict.fromkeys([*accepted.parameters, *number.parameters]):
        values = [one.parameters.get(key, "unset") for one in (accepted, number)]
        pairs.append(("definition", f"{number.metric}.{key}", values[0], values[1]))
    versions = [one.definition.partition(":")[0] for one in (accepted, number)]
    pairs.append(("definition", "the metric's version", versions[0], versions[1]))
    pairs.append(("definition", "the better direction", accepted.direction.value, number.direction.value))
    differing = [(field, what, str(before), str(now)) for field, what, before, now in pairs if before != now]
    return differing or [("definition", "definition", accepted.definition, number.definition)]
