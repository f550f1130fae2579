"""The digit of an image, as the extractor's classifier reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy.special import softmax

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from genaudit.plugin.options import NoOptions


def build(options: NoOptions) -> DigitClassifier:  # noqa: ARG001 - every target of an annotator takes options
    """The annotator."""
    return DigitClassifier()


class DigitClassifier:
    """Probabilities of the ten digits from the extractor's ``logits``.

    >>> import numpy as np
    >>> logits = np.log([[0.25, 0.75]])
    >>> DigitClassifier().annotate(np.zeros((1, 3, 16, 16), np.uint8), {"logits": logits}).round(12).tolist()
    [[0.25, 0.75]]
    """

    def annotate(self, images: NDArray[np.uint8], outputs: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:  # noqa: ARG002 - the contract's signature
        """``(n, 10)``, rows sum to 1. The pixels are not looked at."""
        probabilities: NDArray[np.float64] = softmax(outputs["logits"], axis=1)
        return probabilities
