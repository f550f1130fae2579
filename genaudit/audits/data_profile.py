"""What is in the table: who, how many, with what gaps. The first thing to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.cells import MANY, described, group_name, number_of, unnamed
from genaudit.stats.rates import EVERYBODY, NEGATIVES, POSITIVES
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.plugin.options import NoOptions
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding

COUNTED = "People of the table are counted; nothing is sampled here."
SMALL = 30


def data_profile(
    table: CountTable,
    *,
    options: NoOptions,  # noqa: ARG001 - it has none
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """People of each group, and sentences on where the table comes from and what it lacks.

    Args:
        table: Counts.
        options: None.
        rng: Not used; every audit is given one.
    """
    people = table.confusion.sum(axis=(1, 2))
    unit = "sum of weights" if table.weighted else "people"
    values = [
        AuditValue(
            name="group_count",
            unit=unit,
            estimate=Estimate(
                value=float(count), reason_without=COUNTED, n_reference=round(float(count)),
                group=group_name(table, index),
            ),
        )
        for index, count in enumerate(people)
    ]  # fmt: skip
    worth = effective_people(table)
    if worth is not None:
        reason = "A sum over all rows of this table."
        estimate = Estimate(value=worth, reason_without=reason, n_reference=round(worth))
        values.append(AuditValue(name="effective_people", unit="people", estimate=estimate))
    said = [*_on_everybody(table, people, worth), *_on_gaps(table, people), *table.caveats]
    findings: list[Finding] = [described("data_profile", table, sentence) for sentence in said]
    return AuditOutcome(values=tuple(values), findings=tuple(findings))


def effective_people(table: CountTable) -> float | None:
    """Kish's effective number ``(Σ w)² / Σ w²`` of a weighted table whose squares were kept."""
    if not table.weighted or table.squares is None or not table.squares.any():
        return None
    return float(table.total**2 / table.squares.sum())


def _on_everybody(table: CountTable, people: np.ndarray, worth: float | None) -> Iterator[str]:
    what = "a sum of weights of " if table.weighted else ""
    kept = f", {len(table.strata):,} strata of {table.stratum}" if len(table.strata) > 1 else ""
    origin = f" From: {table.source.rstrip('.')}." if table.source else ""
    known = f", truth {table.fact}" if table.has_truth else ", without a truth"
    whom = number_of(table.total, spec=",.6g")
    groups = "1 group" if len(table.groups) == 1 else f"{len(table.groups):,} groups"
    yield (f"The table holds {what}{whom} in {groups} of {table.group}{kept}; decision {table.flag}{known}.{origin}")
    if worth is not None:
        yield f"The weights are worth {worth:,.0f} people (Kish's effective number); intervals rest on that."
    elif table.weighted:
        yield "The squares of the weights were not kept: no number of this table has an interval."
    if not table.total:
        return
    shares = [f"{group_name(table, i)} {100 * people[i] / table.total:.1f} %" for i in np.argsort(-people)[:MANY]]
    rest = f" and {len(people) - MANY:,} more" if len(people) > MANY else ""
    yield f"Shares: {', '.join(shares)}{rest}."


def _on_gaps(table: CountTable, people: np.ndarray) -> Iterator[str]:
    lacking = [index for index in range(len(table.groups)) if unnamed(table, index)]
    if lacking:
        whom = number_of(float(people[lacking].sum()), spec=",.6g")
        rows = "a row of its own, which is" if len(lacking) == 1 else f"{len(lacking)} rows of their own, which are"
        yield f"{whom} without {' or '.join(table.crossed or (table.group,))}: {rows} compared with nobody."
    cells = {"people": (EVERYBODY, SMALL)}
    if table.has_truth:
        cells |= {f"with {table.no_fact}": (NEGATIVES, 1)}
        cells |= {f"with {table.fact}": (POSITIVES, 1)}
    for what, (among, least) in cells.items():
        counts = (table.confusion * among).sum(axis=(1, 2))
        few = [group_name(table, int(i)) for i in np.flatnonzero(counts < least)]
        if few:
            shown = ", ".join(few[:MANY]) + (f" and {len(few) - MANY:,} more" if len(few) > MANY else "")
            amount = f"Fewer than {least} people" if least > 1 else f"Nobody {what}"
            yield f"{amount}: {shown}."
