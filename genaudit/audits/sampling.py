"""Whether the table's composition is that of the population it is meant to stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.cells import BOUND, MANY, Share, described, group_name, p_text, share_value, unnamed
from genaudit.audits.data_profile import effective_people
from genaudit.errors import BadOption, NotApplicable, unknown_name
from genaudit.stats.goodness_of_fit import SMALLEST, fit
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from genaudit.audits.table_options import SamplingOptions
    from genaudit.stats.goodness_of_fit import Fit
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding

LABELS = (
    "Weights mend the composition and not the labels: if the truth was written down differently for different groups "
    "(an arrest is not a deed), weighted numbers repeat it."
)
IMPOSSIBLE = "somebody in the table is of a group that the population does not have"
EMPTY = "Nobody of this group is in the table: no weight makes up for people who were never seen."


def sampling(
    table: CountTable,
    *,
    options: SamplingOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """Shares of the groups against a declared population: intervals, a test, and the weights that would mend it.

    People without a group are left out and counted.

    Args:
        table: Counts.
        options: Population, its source, level of the intervals.
        rng: Not used; every audit is given one.

    Raises:
        NotApplicable: No population was declared, or nobody in the table has a group.
        BadOption: The population names other groups than the table; see ``check_population``.
    """
    if options.population is None:
        raise NotApplicable(
            "not_declared",
            "No population was declared that the table should stand for.",
            f"Give --population {table.groups[0]}=0.6,… and --population-source.",
        )
    check_population(table, options.population)
    named = [i for i, group in enumerate(table.groups) if not unnamed(table, i) or group in options.population]
    people = table.confusion.sum(axis=(1, 2))[named]
    if not people.sum():
        raise NotApplicable("missing_group", "Nobody in the table has a group.")
    declared = np.array([options.population[table.groups[index]] for index in named])
    worth = _worth(table, float(people.sum()))
    values = list(_shares(table, named, people, declared, worth, options))
    missing = [
        Unavailable(component="sampling_weight", reason_code="empty_cell", reason=EMPTY, group=group_name(table, index))
        for index, count, share in zip(named, people, declared, strict=True)
        if count == 0 and share > 0
    ]
    test = None
    if worth is not None:
        test = fit(people * (worth / people.sum()), declared)
        values.append(AuditValue(name="representation_p_value", unit="probability", estimate=_tested(test, worth)))
    if not missing:
        values.append(_effective(people, declared, float(people.sum()) if worth is None else worth))
    return AuditOutcome(
        values=tuple(values),
        findings=tuple(_findings(table, named, people, declared, test, options)),
        unavailable=tuple(missing),
    )


def check_population(table: CountTable, population: Mapping[str, float]) -> None:
    """Nothing, if a population has a share for exactly the groups of the table; ``(missing)`` needs none.

    Raises:
        BadOption: It names a group that is not in the table, or leaves one out.
    """
    unknown = [group for group in population if group not in table.groups]
    if unknown:
        said = unknown_name(table.group, unknown[0], table.groups, listed="In the table")
        raise BadOption(
            f"--population: {said}",
            "A group that nobody in the table has has no weight: leave it out, and say so in --population-source.",
        )
    absent = [group for i, group in enumerate(table.groups) if group not in population and not unnamed(table, i)]
    if absent:
        raise BadOption(
            f"--population has no share of {', '.join(absent[:MANY])}.",
            "Give every group of the table a share; 0 if the population has none.",
        )


def _worth(table: CountTable, people: float) -> float | None:
    if not table.weighted:
        return people
    everybody = effective_people(table)
    return None if everybody is None else everybody * people / table.total


def _shares(
    table: CountTable,
    named: list[int],
    people: NDArray[np.float64],
    declared: NDArray[np.float64],
    worth: float | None,
    options: SamplingOptions,
) -> Iterator[AuditValue]:
    total = float(people.sum())
    source = options.population_source or "declared by whoever asked for this audit; no source was given"
    for index, count, share in zip(named, people.tolist(), declared.tolist(), strict=True):
        group = group_name(table, index)
        found = Share(counted=count, among=total, worth=worth)
        yield share_value("share_sampled", found, group, level=options.level)
        reason = f"Declared: {source}."
        estimate = Estimate(value=share, reason_without=reason, n_reference=round(total), group=group)
        yield AuditValue(name="share_population", unit="fraction", estimate=estimate)
        if count:
            reason = "The declared share over the counted one; the counted one is given with its interval."
            estimate = Estimate(
                value=share * total / count, reason_without=reason, n_reference=round(count), group=group
            )
            yield AuditValue(name="sampling_weight", unit="ratio", estimate=estimate)


def _tested(test: Fit, worth: float) -> Estimate:
    return Estimate(
        value=test.p_value,
        reason_without="A p-value has no interval.",
        n_reference=round(worth),
        parameters={"test": test.method},
        details={"statistic": test.statistic, "smallest_expected": test.smallest_expected},
        note=IMPOSSIBLE if test.impossible else BOUND if test.p_value <= SMALLEST else "",
    )


def _effective(people: NDArray[np.float64], declared: NDArray[np.float64], worth: float) -> AuditValue:
    """Kish's number of the table if it were weighted to the population."""
    seen = people > 0
    weights = declared[seen] * people.sum() / people[seen]
    total, squares = float(weights @ people[seen]), float(weights**2 @ people[seen])
    number = worth * total**2 / squares / float(people.sum())
    reason = "A consequence of the weights and the counts."
    return AuditValue(
        name="effective_people_reweighted",
        unit="people",
        estimate=Estimate(value=number, reason_without=reason, n_reference=round(worth)),
    )


def _findings(
    table: CountTable,
    named: list[int],
    people: NDArray[np.float64],
    declared: NDArray[np.float64],
    test: Fit | None,
    options: SamplingOptions,
) -> Iterator[Finding]:
    shares = people / people.sum()
    apart = np.argsort(-np.abs(shares - declared), kind="stable")[:MANY]
    listed = ", ".join(
        f"{group_name(table, named[i])} {100 * shares[i]:.1f} % of the table against {100 * declared[i]:.1f} %"
        for i in apart
    )
    tested = "not tested, because squared weights are missing"
    if test:
        tested = IMPOSSIBLE if test.impossible else f"{p_text(test.p_value)} ({test.method})"
    source = f" Population: {options.population_source.rstrip('.')}." if options.population_source else ""
    yield described("sampling", table, f"Against the declared population: {listed}; {tested}.{source}")
    if test and test.smallest_expected < 5 and test.method.startswith("Pearson"):
        said = f"A group of which only {test.smallest_expected:.1f} people are expected makes the test approximate."
        yield described("sampling", table, said)
    yield described("sampling", table, LABELS)
