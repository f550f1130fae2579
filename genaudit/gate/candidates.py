"""Several runs as one candidate: seeds of one training are averaged, trainings compared, unlike runs refused."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.errors import BadOption
from genaudit.gate.absence import NOT_ASKED, reason_absent, reasons_absent
from genaudit.gate.comparability import Incomparable, Mismatch, mismatches
from genaudit.gate.fingerprint import fingerprint
from genaudit.gate.measured import Measured, measured
from genaudit.gate.rule import combined_freedom

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genaudit.values.record import RunRecord


def candidate(records: Sequence[RunRecord]) -> dict[str, Measured]:
    """The numbers of one candidate: seeds of one training are averaged first, then trainings.

    A number that one of the runs was asked for and could not give is not among them: what the others say of it would be
    a choice of runs.

    Raises:
        BadOption: A run is given twice; it would count as two independent ones.
        Incomparable: Two runs are of different generators, data or protocols.
    """
    trainings: dict[str, list[dict[str, Measured]]] = {}
    _check_distinct(records)
    numbers = [measured(record) for record in records]
    _check_alike(records, numbers)
    for record, own in zip(records, numbers, strict=True):
        trainings.setdefault(record.generator.digest, []).append(own)
    found = pooled([pooled(runs, trainings=False) for runs in trainings.values()], trainings=len(trainings) > 1)
    lost = {
        name
        for record, own in zip(records, numbers, strict=True)
        for name in found.keys() - own.keys()
        if reason_absent(reasons_absent(record), name) != NOT_ASKED
    }
    return {name: one for name, one in found.items() if name not in lost}


def unasked(records: Sequence[RunRecord]) -> dict[str, list[str]]:
    """Each number that some of the runs have and others were not asked for, to the names of those that have it."""
    having: dict[str, list[str]] = {}
    for record in records:
        for name in measured(record):
            having.setdefault(name, []).append(record.run_id)
    return {name: runs for name, runs in having.items() if len(runs) < len(records)}


def _check_distinct(records: Sequence[RunRecord]) -> None:
    drawn: dict[tuple[str, int], str] = {}
    for record in records:
        items = (record.generator.digest or record.run_id, record.request.seed)
        if items in drawn:
            raise BadOption(
                f"Runs {drawn[items]} and {record.run_id} have the same weights and the same seed "
                f"({record.request.seed}), so they are one run and not two.",
                "Give runs of other seeds or of other weights.",
            )
        drawn[items] = record.run_id


def _check_alike(records: Sequence[RunRecord], numbers: Sequence[Mapping[str, Measured]]) -> None:
    """Nothing, if every run is of the generator, the data and the protocol of the first."""
    first, about = records[0], fingerprint(records[:1])
    for record, own in zip(records[1:], numbers[1:], strict=True):
        this = fingerprint([record])
        common = {name: one for name, one in own.items() if name in numbers[0]}
        found = mismatches(about, numbers[0], this, common)
        if about.plugin != this.plugin:
            found.insert(0, Mismatch(field="plugin", what="plugin", baseline=about.plugin, run=this.plugin))
        if found:
            sides = (f"in {first.run_id}", f"in {record.run_id}")
            raise Incomparable(
                "These runs are no seeds or trainings of one generator under one protocol, and are not averaged: "
                f"{'; '.join(replace(one, sides=sides).sentence() for one in found)}.",
                "Judge each of them alone, or give runs that were made with the same settings.",
            )


def pooled(runs: Sequence[Mapping[str, Measured]], *, trainings: bool) -> dict[str, Measured]:
    """The mean over runs of each number; of one that not all have, over trainings none and over seeds what there is.

    Args:
        runs: Of one model with several seeds, or of several trainings.
        trainings: Whether the runs differ in their weights. The error then holds the spread between them, with one
            degree of freedom less than there are; else it is that of one run over the root of their number.
    """
    if len(runs) == 1:
        return dict(runs[0])
    if not trainings:  # what is measured on held-out images is the same whatever the seed, and counts once
        names = dict.fromkeys(name for run in runs for name in run)
        parts = {name: [run[name] for run in runs if name in run] for name in names}
        return {name: _pooled(some if some[0].samples else some[:1], trainings=False) for name, some in parts.items()}
    shared = [name for name in runs[0] if all(name in run for run in runs)]
    return {name: _pooled([run[name] for run in runs], trainings=True) for name in shared}


def _pooled(parts: Sequence[Measured], *, trainings: bool) -> Measured:
    count = len(parts)
    if count == 1:
        return parts[0]
    value = math.fsum(part.value for part in parts) / count
    whole = replace(parts[0], value=value, trainings=count if trainings else 1)
    errors = [part.standard_error for part in parts if part.standard_error is not None]
    if len(errors) < count:
        return whole
    sampling = math.sqrt(math.fsum(error**2 for error in errors)) / count
    freedom = combined_freedom([(part.standard_error or 0.0, part.degrees_of_freedom) for part in parts])
    if not trainings:
        method = f"mean over {count} independent runs; {parts[0].method}"
        n = sum(part.n for part in parts) if whole.samples else whole.n
        return replace(whole, standard_error=sampling, degrees_of_freedom=freedom, method=method, n=n)
    spread = math.sqrt(math.fsum((part.value - value) ** 2 for part in parts) / (count - 1) / count)
    return replace(
        whole,
        standard_error=math.hypot(spread, sampling),
        degrees_of_freedom=combined_freedom([(spread, count - 1.0), (sampling, freedom)]),
        method=f"spread over {count} trainings and sampling",
        training_spread=spread * math.sqrt(count),
    )
