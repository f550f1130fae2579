"""Why a run has no number of a name, or one that can no longer be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.gate import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genaudit.gate.baseline import Accepted
    from genaudit.gate.measured import Measured
    from genaudit.values.record import RunRecord

NOT_ASKED = "it was not asked for."


def reasons_absent(record: RunRecord) -> dict[str, str]:
    """Metric to the reason why a run does not have it."""
    found = {name_of(text.name, text.view): NOT_ASKED for text in record.metrics}
    found |= {name_of(item.component, item.group): item.reason for item in record.not_available}
    return found | {name_of(item.component, item.group): f"it failed: {item.error}" for item in record.failures}


def reason_absent(reasons: Mapping[str, str], name: str) -> str:
    """Why there is no number of that name: its own reason, or that of the whole metric for one of its groups.

    >>> reason_absent({"ppl": "The run ended."}, "ppl [end]"), reason_absent({}, "fid")
    ('The run ended.', 'it was not asked for.')
    """
    return reasons.get(name) or reasons.get(name.partition(" [")[0], NOT_ASKED)


def why_absent(records: Sequence[RunRecord], name: str) -> str:
    """Why a candidate has no number of that name; of several runs the one is named that was asked in vain."""
    said = [(record.run_id, reason_absent(reasons_absent(record), name)) for record in records]
    run, why = next((one for one in said if one[1] != NOT_ASKED), said[0])
    return f"{why.rstrip('.')} ({run})" if len(records) > 1 and why != NOT_ASKED else why


def lost_interval(now: Measured, accepted: Accepted) -> str:
    """What is said of a number that was judged and has no interval any more; empty if it has one, or never had.

    Nothing shows that it keeps its tolerance, and a total collapse looks so: copies of one image show no spread.
    """
    if now.standard_error is not None or accepted.standard_error is None:
        return ""
    return (
        f"had an interval in the baseline and has none now, so nothing shows that it keeps its tolerance: {now.method}"
    )
