"""When a run says that it took place: now, or the moment that ``SOURCE_DATE_EPOCH`` names.

The variable is the convention of reproducible builds (reproducible-builds.org/specs/source-date-epoch): with it, one
command writes the same bytes each time. What a clock or a memory gauge reads is never the same twice, so it is left out
of the record and not invented.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from genaudit.errors import BadOption
from genaudit.values.record import GIVEN_DATE

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

VARIABLE = "SOURCE_DATE_EPOCH"


def moment() -> datetime:
    """The start of a run, UTC.

    Raises:
        BadOption: ``SOURCE_DATE_EPOCH`` is set and is no whole number of seconds since 1970.
    """
    given = os.environ.get(VARIABLE, "")
    if not given:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadOption(
            f"The variable {VARIABLE} is no number of seconds since 1970 before the year 10000: '{given}'.",
            f"Give a whole number, such as $(git log -1 --format=%ct), or unset {VARIABLE}.",
        ) from error


def without_measured_time(record: RunRecord) -> RunRecord:
    """The record as it is, or where its date is given, without durations and memory."""
    given = os.environ.get(VARIABLE, "")
    if not given:
        return record
    return replace(
        record,
        results=tuple(replace(result, seconds=0.0) for result in record.results),
        stages=(),
        memory_peak_mib=0.0,
        extra={**record.extra, GIVEN_DATE: given},
    )
