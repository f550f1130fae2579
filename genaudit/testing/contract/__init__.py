"""What a generator must keep to, as checks that say to its author what to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.errors import NotApplicable
from genaudit.testing.contract.table import CHECKS, Check
from genaudit.testing.contract.verdicts import CheckResult, Nonconformity, Verdict

__all__ = ["CHECKS", "Check", "CheckResult", "Nonconformity", "Verdict", "run_checks"]

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genaudit.testing.contract.subject import Subject


def run_checks(subject: Subject, checks: Iterable[Check] = CHECKS) -> list[CheckResult]:
    """Every check of one generator, each by itself: what one raises costs no other."""
    return [_result(subject, check) for check in checks]


def _result(subject: Subject, check: Check) -> CheckResult:
    from genaudit.testing.contract.checking import checked

    try:
        remark = checked(subject, check)
    except Nonconformity as broken:
        return CheckResult(check=check.name, verdict=Verdict.BROKEN, said=str(broken))
    except NotApplicable as why:
        return CheckResult(check=check.name, verdict=Verdict.NOT_APPLICABLE, said=why.reason)
    return CheckResult(check=check.name, verdict=Verdict.KEPT, said=remark)
