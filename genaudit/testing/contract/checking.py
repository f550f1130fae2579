"""One check, with whatever it raises turned into something to mend."""

from __future__ import annotations

import importlib
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from genaudit.errors import PASSED_ON, GenauditError, NotApplicable
from genaudit.plugin.loading import one_line
from genaudit.plugin.talk import talk_on_stderr
from genaudit.testing.contract.verdicts import Nonconformity

if TYPE_CHECKING:
    from genaudit.testing.contract.subject import Subject
    from genaudit.testing.contract.table import Check


def checked(subject: Subject, check: Check) -> str:
    """What was not looked at, mostly nothing, if the promise is kept.

    Raises:
        Nonconformity: It is broken; the message says how, and what to do.
        NotApplicable: It is not a promise of this generator.
    """
    module, _, function = check.target.partition(":")
    try:
        with talk_on_stderr():
            return getattr(importlib.import_module(module), function)(subject) or ""
    except (Nonconformity, NotApplicable):
        raise
    except GenauditError as error:
        raise Nonconformity(str(error)) from error
    except PASSED_ON:
        raise
    except BaseException as error:  # the author's own code may raise anything
        where = _place(error, subject.spec.target)
        raise Nonconformity(f"It raised {one_line(error)}{where}. The contract knows no such answer.") from error


def _place(error: BaseException, target: str) -> str:
    """The innermost line of the author's own package that the error came through."""
    package = target.partition(":")[0].partition(".")[0]
    own = [
        (frame.f_code, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__")).partition(".")[0] == package
    ]
    if not own:
        return ""
    code, line = own[-1]
    return f" in '{code.co_name}', line {line} of {Path(code.co_filename).name}"
