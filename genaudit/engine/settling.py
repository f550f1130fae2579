"""The spec of a generator, a data set or an extractor that depends on its options, as the options make it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from genaudit.errors import PASSED_ON, GenauditError, PluginError
from genaudit.plugin.loading import load_object, one_line
from genaudit.plugin.specs import DatasetSpec, ExtractorSpec, GeneratorSpec
from genaudit.plugin.validation import defects

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Registered


S = TypeVar("S", GeneratorSpec, DatasetSpec, ExtractorSpec)


def settled(component: Registered[S], options: object) -> Registered[S]:
    """The component with the spec that its own ``settle`` makes for these options.

    Raises:
        GenauditError: What the plugin says of options that cannot be met.
        PluginError: The function raised something else, or returned no sound spec of this component.
    """
    if not component.spec.settle:
        return component
    function = load_object(component, component.spec.settle, "settle")
    try:
        found = function(component.spec, options)
    except GenauditError:
        raise
    except PASSED_ON:
        raise
    except BaseException as error:  # a plugin's own code: name it, show no traceback
        raise _blamed(component, one_line(error)) from error
    wrong = defects(found, type(component.spec))
    if not wrong and found.name != component.spec.name:
        wrong = [f"it renamed the {component.spec.kind} to {found.name!r}"]
    if wrong:
        raise _blamed(component, "; ".join(wrong))
    return replace(component, spec=found)


def _blamed(component: Registered[S], what: str) -> PluginError:
    return PluginError(
        f"Plugin '{component.plugin}' ({component.origin}) failed at stage settle of {component.spec.kind} "
        f"'{component.spec.name}': {what}.",
        f"Mend or update {component.distribution}.",
    )
