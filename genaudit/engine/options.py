"""The options of everything that takes part, by the names that users set them with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from genaudit.errors import PluginError
from genaudit.plugin.options import fill_options, split_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genaudit.plugin.catalog import Registered
    from genaudit.plugin.specs import ExtractorSpec
    from genaudit.values.results import Parameter

EXTRACTOR = "extractor"


def options_in_force(
    components: Iterable[Registered[Any]], settings: Mapping[str, Any], choices: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Component name to its options object, defaults filled in.

    An extractor that has the name of another component, as ``torchscript`` has, is called ``extractor.torchscript``;
    that may be written for any extractor.

    Args:
        components: What takes part.
        settings: ``component.option`` to a value, or to its text.
        choices: Name of what is installed to the flag that chooses it, for a message.

    Raises:
        GenauditError: A setting is wrong or is for something that takes no part, or two components share a name.
    """
    every = tuple(components)
    others = {component.spec.name for component in every if component.spec.kind != EXTRACTOR}
    by_name: dict[str, Registered[Any]] = {}
    for component in every:
        name, kind = component.spec.name, component.spec.kind
        other = by_name.setdefault(f"{EXTRACTOR}.{name}" if kind == EXTRACTOR and name in others else name, component)
        if other.spec.kind != kind:
            raise PluginError(
                f"The {other.spec.kind} and the {kind} '{name}' share a name, so their options cannot be told apart "
                f"({other.origin}, {component.origin}).",
                "Take one of another name: a plugin can be renamed.",
            )
    given = split_settings({_meant(key, by_name): value for key, value in settings.items()}, by_name, choices)
    return {name: fill_options(component, given[name], name) for name, component in by_name.items()}


def own_options(component: Registered[Any], settings: Mapping[str, Any]) -> Any:  # noqa: ANN401 - its own class
    """The options of one component, before it is known what else takes part.

    Raises:
        BadOption: One of its settings is wrong.
    """
    name = component.spec.name
    given = {key.removeprefix(f"{name}."): value for key, value in settings.items() if key.startswith(f"{name}.")}
    return fill_options(component, given, name)


def extractor_options(options: Mapping[str, Any], extractor: Registered[ExtractorSpec]) -> Any:  # noqa: ANN401 - its own class
    """The options of an extractor among those in force."""
    name = extractor.spec.name
    return options.get(f"{EXTRACTOR}.{name}", options.get(name))


def option_remarks(options: object) -> tuple[str, ...]:
    """What an options object has to say of what it was given."""
    return tuple(getattr(options, "remarks", ()))


def flat_options(options: Mapping[str, object]) -> dict[str, Parameter]:
    """``component.option`` to value, of the options objects of components by name."""
    return {f"{name}.{field}": value for name, own in options.items() for field, value in plain_options(own).items()}


def plain_options(options: object) -> dict[str, Parameter]:
    """Every field of an options object; what is no plain value as ``--set`` takes it.

    >>> from genaudit.audits.table_options import CostsOptions
    >>> plain_options(CostsOptions(actions={"a": (0, 1), "b": (1, 0)}))["actions"]
    'a=0/1,b=1/0'
    """
    return {field: _plain(getattr(options, field)) for field in getattr(options, "__dataclass_fields__", {})}


def _plain(value: object) -> Parameter:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        if any(isinstance(item, Mapping) for item in value.values()):
            return "; ".join(f"{name}:{_plain(item)}" for name, item in value.items())
        return ",".join(f"{name}={_within(item)}" for name, item in value.items())
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _within(item: object) -> Parameter:
    """A value of a mapping: several stand between slashes, because commas part the mapping."""
    return "/".join(map(str, item)) if isinstance(item, list | tuple) else _plain(item)


def _meant(key: str, by_name: Mapping[str, Registered[Any]]) -> str:
    """A setting without ``extractor.`` in front where the extractor's name alone says which component is meant."""
    component, _, option = key.rpartition(".")
    name = component.removeprefix(f"{EXTRACTOR}.")
    plain = component not in by_name and name in by_name and by_name[name].spec.kind == EXTRACTOR
    return f"{name}.{option}" if plain else key
