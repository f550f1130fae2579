"""Influences of items, as an estimate carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genaudit.values.results import Influences

if TYPE_CHECKING:
    from genaudit.values.observations import Floats, Integers


def of_items(
    generated: Floats,
    clusters: Integers | None = None,
    strata: Integers | None = None,
    reference: Floats | None = None,
    reference_clusters: Integers | None = None,
    reference_strata: Integers | None = None,
    *,
    remainder: float = 0.0,
) -> Influences:
    """Influences ``(n,)`` of generated and ``(m,)`` of reference items, with the design of both sets.

    >>> import numpy as np
    >>> of_items(np.array([0.5, -0.5])).generated
    (0.5, -0.5)
    """
    return Influences(
        generated=_tuple(generated),
        generated_clusters=_tuple(clusters),
        generated_strata=_tuple(strata),
        reference=_tuple(reference),
        reference_clusters=_tuple(reference_clusters),
        reference_strata=_tuple(reference_strata),
        remainder=remainder,
    )


def _tuple(values: Any) -> tuple[Any, ...]:  # noqa: ANN401 - floats or codes
    return () if values is None else tuple(values.tolist())
