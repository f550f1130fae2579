"""What no number of an audit settles, said at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.audits.cells import described
from genaudit.values.findings import AuditOutcome

if TYPE_CHECKING:
    import numpy as np

    from genaudit.plugin.options import NoOptions
    from genaudit.values.counts import CountTable

ALWAYS = (
    "These are observations of one table. Nothing here is a claim about causes.",
    (
        "Accurate predictions do not make an action sound: what is done to people on a flag is judged apart from how "
        "often the flag is right."
    ),
    (
        "To treat a person by the record of a group is a matter of dignity, which no rate measures; treating groups "
        "differently needs a causal link that is beyond doubt, and an unavoidable burden would have to fall on all."
    ),
    (
        "Equal prevalence apart, predictive values, miss rates and false positive rates cannot all be equal unless "
        "nobody is misjudged: which of them counts is a decision about values."
    ),
    "A tolerance is somebody's choice. That it is kept is no finding about law or about a single person.",
    "Correcting the composition of a sample does not correct its labels.",
    "Groups that nobody recorded, and people who never came into the table, are not in any number here.",
)


def limits(
    table: CountTable,
    *,
    options: NoOptions,  # noqa: ARG001 - it has none
    rng: np.random.Generator,  # noqa: ARG001 - nothing is computed
) -> AuditOutcome:
    """The sentences with which every audit closes, and those that this table calls for."""
    said = list(ALWAYS)
    if table.has_truth:
        said.insert(
            1,
            f"What counts as {table.fact} was written down by somebody, with errors that may "
            "differ between groups; every rate that uses it repeats them.",
        )
    if table.weighted:
        said.append("Weights rest on a model of who was sampled, and their intervals on Kish's approximation.")
    return AuditOutcome(values=(), findings=tuple(described("limits", table, sentence) for sentence in said))
