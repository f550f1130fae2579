"""The spec of a generator whose shape or capabilities depend on its options, as the options make it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError, PluginError
from genaudit.plugin.loading import load_object, one_line
from genaudit.plugin.specs import GeneratorSpec
from genaudit.plugin.validation import defects

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Registered


def settled(generator: Registered[GeneratorSpec], options: object) -> Registered[GeneratorSpec]:
    """The generator with the spec that its own ``settle`` makes for these options.

    Raises:
        GenauditError: What the plugin says of options that cannot be met.
        PluginError: The function raised something else, or returned no sound spec of this generator.
    """
    if not generator.spec.settle:
        return generator
    function = load_object(generator, generator.spec.settle, "settle")
    try:
        found = function(generator.spec, options)
    except GenauditError:
        raise
    except (Exception, SystemExit) as error:  # a plugin's own code: name it, show no traceback
        raise _blamed(generator, one_line(error)) from error
    wrong = defects(found, GeneratorSpec)
    if not wrong and found.name != generator.spec.name:
        wrong = [f"it renamed the generator to {found.name!r}"]
    if wrong:
        raise _blamed(generator, "; ".join(wrong))
    return replace(generator, spec=found)


def _blamed(generator: Registered[GeneratorSpec], what: str) -> PluginError:
    return PluginError(
        f"Plugin '{generator.plugin}' ({generator.origin}) failed at stage settle of generator "
        f"'{generator.spec.name}': {what}.",
        f"Mend or update {generator.distribution}.",
    )
