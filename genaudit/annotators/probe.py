"""Any labelled attribute, as a linear classifier of the extractor's features reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.stats.softmax_regression import LinearClassifier, fit_softmax_regression

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from genaudit.annotators.options import ProbeOptions


def build(options: ProbeOptions) -> Probe:
    """The annotator, which has yet to learn."""
    return Probe(options)


class Probe:
    """Logistic regression on ``features``, fitted to the labels of the training split.

    >>> import numpy as np
    >>> from genaudit.annotators.options import ProbeOptions
    >>> probe, features = Probe(ProbeOptions()), np.array([[0.0], [1.0], [4.0], [5.0]])
    >>> probe.learn({"features": features}, np.array([0, 0, 1, 1]), levels=2)
    >>> probe.annotate(np.zeros((4, 3, 1, 1), np.uint8), {"features": features}).argmax(axis=1).tolist()
    [0, 0, 1, 1]
    """

    def __init__(self, options: ProbeOptions) -> None:
        self._options = options
        self._learned: LinearClassifier | None = None

    def learn(self, outputs: Mapping[str, NDArray[np.float64]], labels: NDArray[np.int64], *, levels: int) -> None:
        """Fit to labelled images.

        Raises:
            ValueError: The labels are all of one level.
        """
        self._learned = fit_softmax_regression(
            outputs["features"],
            labels,
            levels,
            penalty=self._options.penalty,
            iterations=self._options.iterations,
        )

    def annotate(self, images: NDArray[np.uint8], outputs: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:  # noqa: ARG002 - the contract's signature
        """``(n, levels)``, rows sum to 1. The pixels are not looked at.

        Raises:
            RuntimeError: It has not learned yet.
        """
        if self._learned is None:
            raise RuntimeError("the probe is asked before it has learned from labelled images")
        return self._learned.probabilities(outputs["features"])
