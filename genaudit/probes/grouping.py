"""Which level of an attribute each image shows, read by the same annotator on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.probes.context import Observed
from genaudit.values.observations import GroupCodes

if TYPE_CHECKING:
    from genaudit.probes.context import ImageReadings, ProbeContext


def group_codes(context: ProbeContext, generated: ImageReadings, reference: ImageReadings) -> Observed:
    """One set of codes for each attribute whose shares are asked, the second of the data set's pairs.

    Reference images are grouped by what is read from them too, and not by their labels: a reader that errs then errs
    on both sides, and what differs between them is the generator's.
    """
    asked = dict.fromkeys(a for _, a in context.dataset_spec.pairs)
    codes = tuple(
        GroupCodes(
            attribute=attribute,
            levels=context.annotators[attribute][0].levels,
            generated=np.asarray(generated.attributes[attribute].argmax(axis=1), dtype=np.int64),
            reference=np.asarray(reference.attributes[attribute].argmax(axis=1), dtype=np.int64),
        )
        for attribute in asked
    )
    return Observed(value=codes)
