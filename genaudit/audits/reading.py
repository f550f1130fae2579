"""From a table of readings to shares: corrected where the readers' errors are known, as read where they are not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.correction import WEAKEST
from genaudit.stats.joint_correction import (
    JointShares,
    Reader,
    joint_shares,
    reader_of,
    taken_at_its_word,
)
from genaudit.values.counts import AttributeCounts, AttributeReading

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTable:
    """A table with the shares that follow from it."""

    table: AttributeCounts
    joint: JointShares
    """Corrected if ``corrected``, else as read."""
    reason_code: str = ""
    """Why the shares are not corrected; empty if they are."""
    reason: str = ""

    @property
    def corrected(self) -> bool:
        """Whether the readers' errors were taken out."""
        return not self.reason_code

    @property
    def training(self) -> NDArray[np.float64]:
        """``(T, A)`` shares of pairs in the training data."""
        return np.asarray(self.table.training / max(int(self.table.training.sum()), 1), dtype=np.float64)


def read_table(table: AttributeCounts) -> ReadTable:
    """The shares of a table."""
    for code, reason in map(uncorrected_reason, (table.t, table.a)):
        if code:
            return _as_read(table, code, reason)
    return ReadTable(table=table, joint=joint_shares(table.generated, _reader(table.t), _reader(table.a)))


def uncorrected_reason(reading: AttributeReading) -> tuple[str, str]:
    """Code and sentence of why an attribute's misreadings cannot be taken out; both empty if they can."""
    if reading.confusion is None:
        why = f"Nobody measured how often {reading.method} misreads {reading.attribute}"
        return "no_confusion_matrix", f"{why}, so its errors cannot be taken out."
    unmeasured = np.flatnonzero(reading.confusion.sum(axis=1) == 0)
    if len(unmeasured):
        level = reading.levels[unmeasured[0]]
        why = f"No labelled image shows {reading.attribute} {level}, so it is not known how often it is misread."
        return "unmeasured_level", why
    weakest = _reader(reading).weakest
    if weakest < WEAKEST:
        return "ill_conditioned_classifier", (
            f"The reader of {reading.attribute} separates its levels too weakly to be corrected for: "
            f"{weakest:.3f} of a possible 1, at least {WEAKEST} is needed."
        )
    return "", ""


def asked_table(read: ReadTable) -> ReadTable:
    """The same for what a generator was asked for: the first attribute is known, and only the second is misread.

    Raises:
        ValueError: Nothing was asked for.
    """
    table = read.table
    if table.asked is None:
        raise ValueError("the generator was not asked for a level")
    joint = joint_shares(table.asked, taken_at_its_word(len(table.asked)), read.joint.a)
    return replace(read, table=replace(table, generated=table.asked), joint=joint)


def asked_attribute_table(read: ReadTable) -> ReadTable:
    """The same with the attributes in each other's place: the second was asked for, and only the first is misread.

    Raises:
        ValueError: Nothing was asked for.
    """
    table = read.table
    if table.asked_attribute is None:
        raise ValueError("the generator was not asked for a level")
    given, training = table.asked_attribute.T, table.training.T
    joint = joint_shares(given, taken_at_its_word(len(given)), read.joint.t)
    turned = replace(table, t=table.a, a=table.t, generated=given, training=training, confident=given.sum(axis=1))
    return replace(read, table=turned, joint=joint)


def _reader(reading: AttributeReading) -> Reader:
    assert reading.confusion is not None  # noqa: S101 - the caller has looked
    return reader_of(reading.confusion, reading.design_effect)


def _as_read(table: AttributeCounts, code: str, reason: str) -> ReadTable:
    shape = table.generated.shape
    plain = joint_shares(table.generated, taken_at_its_word(shape[0]), taken_at_its_word(shape[1]))
    return ReadTable(table=table, joint=plain, reason_code=code, reason=reason)


def reader_sentence(reading: AttributeReading) -> str:
    """Who assigned the labels, and with what error."""
    named = f"{reading.attribute.capitalize()} was read by {reading.method}"
    if reading.confusion is None:
        return f"{named}, whose errors were not measured."
    right, total = int(reading.confusion.trace()), int(reading.confusion.sum())
    return f"{named}, right for {right:,} of {total:,} labelled images of {reading.measured_on}."


def pair_group(table: AttributeCounts, row: int, column: int) -> str:
    """``digit=6, colour=orange``."""
    return f"{table.t.attribute}={table.t.levels[row]}, {level_group(table, column)}"


def level_group(table: AttributeCounts, column: int) -> str:
    """``colour=orange``."""
    return f"{table.a.attribute}={table.a.levels[column]}"
