"""What a user did that cannot be done, said so that they can mend it.

A message says what happened, what was given, what is allowed and what to do. The command line prints it without a
traceback and leaves with ``exit_code``; the Python interface raises it.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PASSED_ON = (KeyboardInterrupt, GeneratorExit)
"""What is no plugin's failure though it may come out of a plugin. Everything else is, whatever it derives from: some
libraries raise what is no ``Exception``, such as a panic of Rust."""


class GenauditError(Exception):
    """A request that cannot be met.

    Args:
        message: What happened and what was given.
        hint: What to do next; an empty text if there is nothing to add.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}  {self.hint}".rstrip()


class UnknownName(GenauditError):
    """A name that no installed component carries."""


class BadOption(GenauditError):
    """An option that does not exist or whose value is not allowed."""


class PluginError(GenauditError):
    """A requested plugin could not be loaded, or broke its contract."""


class WeightsError(GenauditError):
    """A checkpoint that is missing, damaged, unsafe or of another shape."""


class OutputError(GenauditError):
    """A place where nothing can be written, or where something stands already."""


class RecordError(GenauditError):
    """A run record that cannot be read."""


class ComparisonError(GenauditError):
    """Runs that do not measure the same thing."""


class IncompleteRun(GenauditError):
    """A run that had to stop in the middle; what was computed is in its folder."""

    exit_code = 3


def unknown_name(
    kind: str, given: str, allowed: Iterable[str], hint: str = "", *, listed: str = "Installed"
) -> UnknownName:
    """The error for a name that does not exist, with the nearest one that does.

    >>> print(unknown_name("generator", "vea", ["vae", "dcgan"]))
    No generator 'vea'. Did you mean 'vae'? Installed: dcgan, vae.
    >>> print(unknown_name("profile", "tiny", ["smoke", "full"], listed="There are"))
    No profile 'tiny'. There are: full, smoke.
    """
    names = sorted(allowed)
    near = difflib.get_close_matches(given, names, n=1)
    question = f" Did you mean '{near[0]}'?" if near else ""
    nothing = " None is installed." if listed == "Installed" else " There is none."
    existing = f" {listed}: {', '.join(names)}." if names else nothing
    return UnknownName(f"No {kind} '{given}'.{question}{existing}", hint)


class NotApplicable(Exception):
    """Raised by a metric or an audit that sees from its observations that it has no meaning here.

    Args:
        reason_code: A short stable code such as ``not-a-density`` or ``too-few-samples``.
        reason: Why, as a sentence.
        hint: What would make it apply.
    """

    def __init__(self, reason_code: str, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason_code = reason_code
        self.reason = reason
        self.hint = hint
