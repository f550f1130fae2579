"""Statements about groups, made from counts."""

from __future__ import annotations

from genaudit.audits.share_specs import SHARE_AUDITS
from genaudit.audits.table_specs import TABLE_AUDITS
from genaudit.plugin import AuditSpec, hookimpl


@hookimpl
def genaudit_audits() -> list[AuditSpec]:
    """The audits that come with genaudit."""
    return [*SHARE_AUDITS, *TABLE_AUDITS]
