"""A record as flat names and values, which is all that trackers keep."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from genaudit.values.printable import printable

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

LONGEST_KEY = 250
LONGEST_VALUE = 6_000
"""MLflow refuses longer ones."""
_NOT_IN_KEYS = re.compile(r"[^\w.\-/]+", re.ASCII)


def numbers_of(record: RunRecord) -> dict[str, float]:
    """``genaudit/<metric>``, and behind a dot ``ci_low``, ``ci_high`` and ``n``, every one finite.

    A group stands behind a dot too: ``genaudit/share_generated.digit 6 colour orange``. A slash would make a folder
    of what is a file already where MLflow keeps its metrics in files.
    """
    found: dict[str, float] = {}
    for result in record.results:
        key = _key(result.metric, result.group)
        found[key] = result.value
        if result.interval:
            found[f"{key}.ci_low"], found[f"{key}.ci_high"] = result.interval.low, result.interval.high
        found[f"{key}.n"] = float(result.n)
    return found


def parameters_of(record: RunRecord) -> dict[str, str]:
    """What was asked, as text: plugin, data, seed, profile, and every option in force."""
    request = record.request
    plain = {
        "plugin": request.plugin,
        "dataset": request.dataset,
        "extractor": request.extractor,
        "profile": request.profile,
        "samples": request.samples,
        "seed": request.seed,
        "genaudit": record.genaudit_version,
        "run_id": record.run_id,
        "weights_sha256": record.generator.digest,
        **request.options,
    }
    return {_clean(name): printable(str(value), LONGEST_VALUE) for name, value in plain.items()}


def _key(metric: str, group: str) -> str:
    return "genaudit/" + ".".join(filter(None, (_clean(metric), _clean(group))))


def _clean(name: str) -> str:
    """A name with nothing but what every tracker allows.

    >>> _clean("digit=6, colour=orange")
    'digit 6 colour orange'
    """
    return _NOT_IN_KEYS.sub(" ", name).strip()[:LONGEST_KEY]
