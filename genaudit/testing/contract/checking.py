"""One check, with whatever it raises turned into something to mend."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError, NotApplicable
from genaudit.plugin.loading import one_line
from genaudit.plugin.talk import talk_on_stderr
from genaudit.testing.contract.verdicts import Nonconformity

if TYPE_CHECKING:
    from genaudit.testing.contract.subject import Subject
    from genaudit.testing.contract.table import Check


def checked(subject: Subject, check: Check) -> None:
    """Nothing, if the promise is kept.

    Raises:
        Nonconformity: It is broken; the message says how, and what to do.
        NotApplicable: It is not a promise of this generator.
    """
    module, _, function = check.target.partition(":")
    try:
        with talk_on_stderr():
            getattr(importlib.import_module(module), function)(subject)
    except (Nonconformity, NotApplicable):
        raise
    except GenauditError as error:
        raise Nonconformity(str(error)) from error
    except (Exception, SystemExit) as error:  # the author's own code may raise anything
        raise Nonconformity(f"It raised {one_line(error)}. The contract knows no such answer.") from error
