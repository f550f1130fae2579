"""A function of the user's as a generator; its module is imported here and nowhere before."""

from __future__ import annotations

import contextlib
import importlib
import sys
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from genaudit.errors import PASSED_ON, BadOption
from genaudit.plugin.loading import one_line
from genaudit_files.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    import torch

    from genaudit_files.program_options import CallableOptions


def build(options: CallableOptions, device: torch.device) -> Program:
    """The function that the options name.

    Raises:
        BadOption: It cannot be imported, is no function, or does not do what the options say.
    """
    return Program("callable", _imported(options), options, device).tried()


def _imported(options: CallableOptions) -> Callable[..., Any]:
    module, _, name = options.target.partition(":")
    with _first_on_path(options.path):
        try:
            found: Any = reduce(getattr, name.split("."), importlib.import_module(module))
        except PASSED_ON:
            raise
        except BaseException as error:  # the user's own module may raise anything
            hint = "See callable.target; a folder that is not on Python's import path is named with callable.path."
            raise BadOption(f"callable: cannot import {options.target}: {one_line(error)}.", hint) from error
    if not callable(found):
        raise BadOption(f"callable: {options.target} is {type(found).__name__}, which cannot be called.")
    function: Callable[..., Any] = found
    return function


@contextlib.contextmanager
def _first_on_path(folder: str) -> Iterator[None]:
    """A folder on the import path for a while; none if no folder is named."""
    if not folder:
        yield
        return
    place = str(Path(folder).resolve())
    sys.path.insert(0, place)
    try:
        yield
    finally:
        sys.path.remove(place)
