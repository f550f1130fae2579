"""Tables of counts for tests of the audits of generated images."""

import numpy as np

from genaudit.values.counts import AttributeCounts, AttributeReading

SHARP = [[1000, 0], [0, 1000]]
BLURRED = [[947, 53], [17, 983]]


def reading(attribute, levels, confusion):
    return AttributeReading(
        attribute=attribute,
        levels=levels,
        annotator=f"{attribute}-reader",
        method="a classifier",
        confusion=None if confusion is None else np.array(confusion),
        measured_on="toy/evaluation",
    )


def table(generated, training, levels=("orange", "blue"), confusion=None, asked=None, asked_attribute=None):
    """Counts of digits that are read without error and of colours that are read as the matrix says."""
    generated, training = np.array(generated), np.array(training)
    digits = tuple(str(i) for i in range(len(generated)))
    return AttributeCounts(
        t=reading("digit", digits, 1000 * np.eye(len(digits), dtype=np.int64)),
        a=reading("colour", levels, confusion),
        generated=generated,
        training=training,
        confident=generated.sum(axis=1) * 7 // 10,
        asked=None if asked is None else np.array(asked),
        asked_attribute=None if asked_attribute is None else np.array(asked_attribute),
    )
