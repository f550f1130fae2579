"""Errors of differences from what each item adds: what two runs share cancels, and only the rest is uncertain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from genaudit.gate import feature_file as kept
from genaudit.gate.verdicts import PairedError
from genaudit.gate.wording import STORED_TO
from genaudit.stats.units import influence_error, jackknife_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from genaudit.gate.baseline import Accepted
    from genaudit.gate.feature_file import KeptItems
    from genaudit.gate.measured import Measured

    Floats = NDArray[np.float64]


def paired_errors(
    old: KeptItems, new: KeptItems, numbers: Mapping[str, Measured], accepted: Mapping[str, Accepted]
) -> dict[str, PairedError]:
    """The error of the difference of every number for which both files hold what it takes.

    Means: the spread of the differences of their terms, item by item. Smooth functions of the items: likewise, of what
    each item adds. Others: a jackknife that leaves out the same items of both runs. Where both runs drew other latents
    only the reference is shared, and the generated items count as independent.

    Args:
        old: Of the baseline.
        new: Of the run.
        numbers: Of the run.
        accepted: Of the baseline; a number of another definition is not compared by items.
    """
    found = {}
    for name, number in numbers.items():
        before = accepted.get(name)
        if before is None or before.definition != number.definition:
            continue
        same = not number.samples or bool(old.items and old.items == new.items)
        ways = (_of_terms, _of_influences, _of_distances, _of_blocks)
        errors = (way(name, old, new, same=same) for way in ways)
        error = next((one for one in errors if one is not None), None)
        moved = abs(number.value - before.value) > STORED_TO * abs(before.value)
        if error is not None and (error.standard_error or not moved):  # what moved is never without error
            found[name] = error
    return found


def _both(what: str, name: str, old: KeptItems, new: KeptItems) -> tuple[Floats, Floats] | None:
    before, after = old.of(what, name), new.of(what, name)
    return None if before is None or after is None or before.shape != after.shape else (before, after)


def _of_terms(name: str, old: KeptItems, new: KeptItems, *, same: bool) -> PairedError | None:
    both = _both(kept.TERMS, name, old, new)
    if both is None or not same:
        return None
    change = both[1] - both[0]
    parts = (change - change.mean()) / len(change)
    clusters = new.arrays.get(f"{kept.CLUSTERS}/{name}")
    if clusters is not None:  # codes from 0, so no sorting: numpy's would import another 0.03 s
        parts = np.bincount(clusters, weights=parts)[np.bincount(clusters) > 0]
    if len(parts) < 2:
        return None
    error, units = influence_error(parts)
    return PairedError(standard_error=error, degrees_of_freedom=units - 1.0, method="the same items, term by term")


def _of_influences(name: str, old: KeptItems, new: KeptItems, *, same: bool) -> PairedError | None:
    own = _both(kept.GENERATED, name, old, new)
    if own is None or len(own[0]) < 2:
        return None
    reference = _both(kept.REFERENCE, name, old, new)
    if not same and reference is None:  # nothing is shared
        return None
    strata = new.of(kept.GENERATED + kept.STRATA, name)
    if same:
        parts = [influence_error(own[1] - own[0], None, strata)]
    else:
        parts = [influence_error(side, None, strata) for side in own]
    if reference is not None:
        parts.append(influence_error(reference[1] - reference[0], None, new.of(kept.REFERENCE + kept.STRATA, name)))
    rest = [float(side[0]) for side in _both(kept.REMAINDER, name, old, new) or ()]
    how = "the same items, each by what it adds" if same else "both runs independent, the reference shared"
    return PairedError(
        standard_error=math.hypot(*(error for error, _ in parts), *rest),
        degrees_of_freedom=min(units for _, units in parts) - 1.0,
        method=how,
    )


def _of_distances(name: str, old: KeptItems, new: KeptItems, *, same: bool) -> PairedError | None:
    which = "of the same items and of the reference" if same else "of both runs and of the shared reference"
    return _jackknifed(_both(kept.DISTANCES, name, old, new), which)


def _of_blocks(name: str, old: KeptItems, new: KeptItems, *, same: bool) -> PairedError | None:
    return _jackknifed(_both(kept.LEFT_OUT, name, old, new), "of the same items") if same else None


def _jackknifed(both: tuple[Floats, Floats] | None, which: str) -> PairedError | None:
    if both is None or len(both[0]) < kept.LEAST_UNITS:
        return None
    blocks = len(both[0])
    return PairedError(
        standard_error=jackknife_error(both[1] - both[0]),
        degrees_of_freedom=blocks - 1.0,
        method=f"jackknife over {blocks} blocks {which}",
    )
