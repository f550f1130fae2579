"""Options of components: frozen dataclasses, filled from ``--set name.option=value`` and the configuration file."""

from __future__ import annotations

import dataclasses
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from genaudit.errors import BadOption, PluginError
from genaudit.plugin.loading import load_object, one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from genaudit.plugin.catalog import Registered

Value: TypeAlias = Any
"""An option's value, its type, or an instance of a plugin's options: known to the plugin alone."""

EXAMPLE = "Write NAME.OPTION=VALUE, such as --set vae.latent_dim=16."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOptions:
    """The options of a component that has none."""


class OptionField(NamedTuple):
    """An option as help shows it."""

    name: str
    type: str
    """The type as it is written in the dataclass."""
    default: Any
    """``dataclasses.MISSING`` if the option must be given."""

    def __str__(self) -> str:
        default = "must be given" if self.default is dataclasses.MISSING else f"= {self.default}"
        return f"{self.name}: {self.type} {default}"


def parse_settings(settings: Iterable[str]) -> dict[str, str]:
    """The ``--set`` arguments as ``component.option`` to its text.

    A component is its name, or ``extractor.NAME`` where something else has the extractor's name.

    Raises:
        BadOption: One of them is not of the form ``name.option=value``, or an option is given two values.

    >>> parse_settings(["vae.latent_dim=16"])
    {'vae.latent_dim': '16'}
    """
    parsed: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        component, _, option = key.strip().rpartition(".")
        kind, dot, _ = component.partition(".")
        if not (equals and component and option.isidentifier() and (not dot or kind == "extractor")):
            raise BadOption(f"Cannot read the setting '{setting}'.", EXAMPLE)
        name, text = f"{component}.{option}", value.strip()
        if parsed.setdefault(name, text) != text:
            raise BadOption(f"The setting {name} is given twice, as '{parsed[name]}' and '{text}'.", "Give it once.")
    return parsed


def split_settings(
    settings: Mapping[str, Any], components: Collection[str], choices: Mapping[str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """``component.option`` to a value, sorted by component; every component in play has an entry, perhaps empty.

    Args:
        settings: What was set.
        components: Names of what is in play.
        choices: Name of what is installed to what a user gives to bring it into play.

    Raises:
        BadOption: A setting is for something that is not in play.

    >>> split_settings({"vae.latent_dim": "16"}, ["vae", "colored-digits"])
    {'vae': {'latent_dim': '16'}, 'colored-digits': {}}
    """
    split: dict[str, dict[str, Any]] = {name: {} for name in components}
    unknown = []
    for key, value in settings.items():
        component, _, option = key.rpartition(".") if "." in key else (key, "", "")
        if component in split:
            split[component][option] = value
        else:
            chosen = (choices or {}).get(component)
            how = f" (choose it with {chosen})" if chosen else _near(component, split)
            unknown.append(f"{key} is for '{component}', which takes no part in this run{how}")
    if unknown:
        raise BadOption(f"{'; '.join(unknown)}.", f"Taking part: {', '.join(sorted(split))}.")
    return split


def option_fields(registered: Registered[Any]) -> list[OptionField]:
    """The options of a component, for help.

    Raises:
        PluginError: Its options cannot be imported or are no dataclass.
    """
    return [
        OptionField(field.name, _type_text(field.type), _default(field))
        for field in dataclasses.fields(_options_class(registered))
        if field.init
    ]


def fill_options(registered: Registered[Any], given: Mapping[str, Any], called: str = "") -> Value:
    """An instance of a component's options.

    Args:
        registered: The component.
        given: Option name, without prefix, to a value or to its text.
        called: What messages call the component; empty: its name.

    Returns:
        The dataclass that the spec names, defaults filled in.

    Raises:
        BadOption: An option does not exist, is missing, or its value is not allowed; all of them in one message.
        PluginError: The options cannot be imported or are not usable.
    """
    fields = {field.name: field for field in option_fields(registered)}
    name = called or registered.spec.name
    wrong = [f"no option '{key}'{_near(key, fields)}" for key in given if key not in fields]
    values = {}
    for key in given:
        if key in fields:
            values[key], problem = _coerced(registered, key, given[key])
            wrong += [problem] if problem else []
    wrong += [
        f"option '{key}' must be given"
        for key, f in fields.items()
        if f.default is dataclasses.MISSING and key not in given
    ]
    if not wrong:
        try:
            return _options_class(registered)(**values)
        except (ValueError, TypeError) as error:
            wrong = [" ".join(str(error).split()).rstrip(".") or type(error).__name__]
    raise BadOption(f"{name}: {'; '.join(wrong)}.", _options_text(name, fields.values()))


def _options_class(registered: Registered[Any]) -> type[Any]:
    found = load_object(registered, registered.spec.options, "options")
    if isinstance(found, type) and dataclasses.is_dataclass(found):
        return found
    raise PluginError(
        f"The options of the {registered.spec.kind} '{registered.spec.name}' of plugin '{registered.plugin}' "
        f"({registered.origin}) are no dataclass: {registered.spec.options}."
    )


def _coerced(registered: Registered[Any], name: str, value: Value) -> tuple[Any, str]:
    """The value in the type of its field, or what is wrong with it."""
    from pydantic import ConfigDict, PydanticUserError, TypeAdapter, ValidationError

    try:
        hint = _hints(_options_class(registered))[name]
        adapter: TypeAdapter[Any] = TypeAdapter(hint, config=ConfigDict(allow_inf_nan=False))
    except (PydanticUserError, NameError, TypeError) as error:
        raise PluginError(
            f"Option '{name}' of the {registered.spec.kind} '{registered.spec.name}' of plugin '{registered.plugin}' "
            f"({registered.origin}) has a type that cannot be read: {one_line(error)}."
        ) from error
    problem = ""
    for candidate in _readings(value, hint):
        try:
            return adapter.validate_python(candidate), ""
        except ValidationError as error:
            every = error.errors()
            # of a word or a mapping of words the words that are allowed help, and not that a word is no mapping
            telling = [detail for detail in every if detail["type"] != "dict_type"] or every
            problem = problem or "; ".join(dict.fromkeys(_said(detail["msg"]) for detail in telling[:3]))
    return None, f"{name} = {value!r}: {problem}"


def _hints(cls: type[Any]) -> dict[str, Any]:
    import typing

    return typing.get_type_hints(cls, include_extras=True)


def _readings(value: Value, hint: Value) -> list[Any]:
    """What a value may stand for, in the order of trial; only a text can be read in more than one way."""
    import collections.abc
    import types
    import typing

    parts = typing.get_args(hint) if typing.get_origin(hint) in {typing.Union, types.UnionType} else (hint,)
    if isinstance(value, bool) and bool not in parts and not any(_is_literal(part) for part in parts):
        return [f"{value}".lower()]  # pydantic would take true for the number 1
    if not isinstance(value, str):
        return [value]
    nothing = {"none", "null"} if str in parts else {"none", "null", ""}  # an empty text may be a slip: its owner says
    readings: list[Any] = [None] if type(None) in parts and value.lower() in nothing else []
    if any((typing.get_origin(part) or part) in {tuple, list} for part in parts):
        readings.append([item.strip() for item in value.strip("()[] ").split(",") if item.strip()])
    if any((typing.get_origin(part) or part) in {collections.abc.Mapping, dict} for part in parts):
        readings.append(_read_mapping(value))
    if any(_is_literal(part) for part in parts):
        readings += [
            choice for part in parts if _is_literal(part) for choice in typing.get_args(part) if str(choice) == value
        ]
    return [*readings, value]


def _read_mapping(text: str) -> dict[str, Any] | str:
    """``A=0.6,B=0.4`` as a mapping; a value with ``/`` is a sequence. What is not of that form stays a text."""
    items = [item.rpartition("=") for item in text.strip("{} ").split(",") if item.strip()]
    names = {name.strip() for name, _, _ in items}
    if not items or "" in names or len(names) < len(items):
        return text
    return {
        name.strip(): [part.strip() for part in value.split("/")] if "/" in value else value.strip()
        for name, _, value in items
    }


def _is_literal(hint: Value) -> bool:
    import typing

    origin: object = typing.get_origin(hint)
    return origin is typing.Literal


def _said(message: str) -> str:
    """Pydantic's words without the machinery's."""
    return message.removeprefix("Value error, ").removeprefix("Input ").partition(", unable to ")[0]


def _default(field: dataclasses.Field[Any]) -> Value:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _type_text(annotation: Value) -> str:
    if isinstance(annotation, str):
        return annotation
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")


def _options_text(name: str, fields: Iterable[OptionField]) -> str:
    listed = ", ".join(map(str, fields))
    return f"Options of {name}: {listed}." if listed else f"{name} has no options."


def _near(given: str, allowed: Iterable[str]) -> str:
    near = difflib.get_close_matches(given, list(allowed), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""
