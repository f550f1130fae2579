"""Import of what a spec names: targets, option classes, and other objects given as ``module:Object``."""

from __future__ import annotations

import importlib
from functools import reduce
from typing import TYPE_CHECKING, Any

from genaudit.errors import PASSED_ON, PluginError
from genaudit.values.printable import printable

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Registered


def load_target(registered: Registered[Any]) -> Any:  # noqa: ANN401 - a target is whatever its kind of spec says
    """Import the object that a spec's ``target`` names.

    Raises:
        PluginError: The import raised, or there is no such object; the message names component, plugin, distribution,
            stage and cause.
    """
    return load_object(registered, registered.spec.target, "import")


def load_object(registered: Registered[Any], path: str, stage: str) -> Any:  # noqa: ANN401 - likewise
    """Import ``module:Object`` on behalf of a component.

    Raises:
        PluginError: As ``load_target``; ``stage`` says what was being done.
    """
    module, _, name = path.partition(":")
    try:
        return reduce(getattr, name.split("."), importlib.import_module(module))
    except PASSED_ON:
        raise
    except BaseException as error:  # foreign code may raise anything
        spec = registered.spec
        raise PluginError(
            f"The {spec.kind} '{spec.name}' of plugin '{registered.plugin}' ({registered.origin}) failed at stage "
            f"{stage}, in {path}: {one_line(error)}.",
            f"Mend or update {registered.distribution}, or keep it out with --block {registered.plugin}.",
        ) from error


def one_line(error: BaseException) -> str:
    r"""An exception's type and message in one line of at most 300 characters.

    >>> one_line(ValueError("two\nlines"))
    'ValueError: two lines'
    """
    try:
        text = " ".join(printable(error).split()).rstrip(".")
    except Exception:  # noqa: BLE001 - a stranger's exception may not even say what it is
        text = "its message cannot be read"
    return printable(f"{type(error).__name__}: {text}" if text else type(error).__name__, 300)
