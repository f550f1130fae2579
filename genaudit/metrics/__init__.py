"""The built-in metrics: one file a family, and light specs by which they are listed.

Importing this package loads no numerics; a metric's module is imported when it is first computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.metrics.specs_distances import DISTANCES
from genaudit.metrics.specs_diversity import DIVERSITY
from genaudit.metrics.specs_factors import FACTORS
from genaudit.metrics.specs_groups import GROUPS
from genaudit.metrics.specs_latent import LATENT
from genaudit.metrics.specs_likelihood import LIKELIHOOD
from genaudit.metrics.specs_memorisation import MEMORISATION
from genaudit.metrics.specs_modes import MODES
from genaudit.metrics.specs_reconstruction import RECONSTRUCTION
from genaudit.metrics.specs_styles import STYLES
from genaudit.metrics.specs_translation import TRANSLATION
from genaudit.plugin import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genaudit.plugin.specs import MetricSpec


@hookimpl
def genaudit_metrics() -> Iterable[MetricSpec]:
    """The specs of all built-in metrics.

    >>> sorted({spec.name for spec in genaudit_metrics()})[:3]
    ['active_units', 'aggregate_posterior_gap', 'amortization_gap']
    """
    return (
        *DISTANCES, *DIVERSITY, *MODES, *GROUPS, *MEMORISATION, *RECONSTRUCTION, *LIKELIHOOD, *LATENT, *FACTORS,
        *STYLES, *TRANSLATION,
    )  # fmt: skip
