"""What options mean, in the words that stand below them in their dataclass."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from genaudit.plugin.loading import load_object

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Registered


def option_texts(registered: Registered[Any]) -> dict[str, str]:
    """The text below each option of a component, by the option's name; options without one are left out.

    Raises:
        PluginError: The options cannot be imported.
    """
    return texts_of(load_object(registered, registered.spec.options, "options"))


def texts_of(options: type) -> dict[str, str]:
    """The string that follows each annotated field of a class or of what it inherits from, if its source is at hand."""
    found: dict[str, str] = {}
    for each in reversed(options.__mro__[:-1]):
        found |= _own_texts(each)
    return found


def _own_texts(options: type) -> dict[str, str]:
    try:
        source = textwrap.dedent(inspect.getsource(options))
    except (OSError, TypeError):  # a class made without a file
        return {}
    body = ast.parse(source).body[0]
    statements = body.body if isinstance(body, ast.ClassDef) else []
    return {
        field.target.id: " ".join(text.split())
        for field, below in pairwise(statements)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and (text := _string(below))
    }


def _string(statement: ast.stmt) -> str:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
