"""The charts of an audit, each under the audit that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.audit.calibration_figure import calibration_figure
from genaudit_reports.audit.cost_figures import cost_curves, cost_map
from genaudit_reports.audit.prevalence_figure import prevalence_figure
from genaudit_reports.audit.rate_figure import rate_figure
from genaudit_reports.audit.rates_of_groups import rates_by_attribute

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit_reports.figures.figure import Figure

MOST_ATTRIBUTES = 4


def audit_figures(record: RunRecord) -> dict[str, list[Figure]]:
    """Audit to its charts; of several attributes each has its own."""
    found: dict[str, list[Figure]] = {}
    present = {audit.name for audit in record.audits}
    for attribute, groups in list(rates_by_attribute(record).items())[:MOST_ATTRIBUTES]:
        for audit, figure in (
            ("group_rates", rate_figure(attribute, groups)),
            ("base_rates", prevalence_figure(attribute, groups, record.request.options)),
            ("calibration", calibration_figure(attribute, record)),
            ("costs", cost_map(attribute, groups, record)),
            ("costs", cost_curves(attribute, groups, record.request.options)),
        ):
            if figure is not None and audit in present:
                found.setdefault(audit, []).append(figure)
    return found
