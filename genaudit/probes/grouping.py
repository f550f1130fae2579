"""Which level of an attribute each image shows, read by the same annotator on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.probes.context import Observed
from genaudit.values.observations import GroupCodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

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
            levels=context.dataset_spec.attributes[attribute],
            generated=np.asarray(generated.attributes[attribute].argmax(axis=1), dtype=np.int64),
            reference=levels_of(context, reference.attributes, reference.labels, attribute),
        )
        for attribute in asked
    )
    return Observed(value=codes)


def levels_of(
    context: ProbeContext,
    read: Mapping[str, NDArray[np.float64]],
    labels: Mapping[str, NDArray[np.int64]],
    attribute: str,
) -> NDArray[np.int64]:
    """Levels of images of the data: read, or their own labels where generated images were labelled by somebody.

    Raises:
        NotApplicable: They are not labelled.
    """
    if attribute not in context.given:
        return np.asarray(read[attribute].argmax(axis=1), dtype=np.int64)
    if attribute not in labels:
        raise NotApplicable(
            "needs-labels",
            f"Generated images were labelled with {attribute} by hand, and the reference is not labelled with it.",
            "A data set whose evaluation split has these labels, or an annotator that reads both.",
        )
    return labels[attribute]
