"""From words to the engine's inputs: flag before environment before file before default, each with its origin."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from genaudit.cli.cache_options import cache_of
from genaudit.cli.configuration import Configuration, read_configuration
from genaudit.cli.declarations import purpose_text
from genaudit.engine.request import RunInputs, dataset_name
from genaudit.errors import BadOption, GenauditError, unknown_name
from genaudit.plugin.catalog import metric_and_view
from genaudit.plugin.options import fill_options, parse_settings

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Catalog, Registered

OTHER_KINDS = ("generator", "dataset", "extractor", "annotator", "audit", "tracker")
"""Kinds whose options stand under ``[plugin.NAME]``."""

INCEPTION, INCEPTION_WEIGHTS = "inception", "GENAUDIT_INCEPTION_WEIGHTS"
"""The extractor whose weights no distribution brings, and the variable that names them."""

DEFAULT = "default"
FLAG = "flag"
ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the engine is asked for."""

    inputs: RunInputs
    origins: Mapping[str, str]
    """Field of ``RunInputs``, or ``component.option``, to where its value comes from."""


class ConfiguredCommand(click.Command):
    """A command whose defaults stand in the configuration file."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> click.Context:
        """As click; help is shown even if the file is damaged."""
        if not {"-h", "--help"} & set(args):
            extra["obj"] = read_nearest_configuration()
            extra["default_map"] = {
                key: [value] if key == "weights" else value for key, value in extra["obj"].run.items()
            }
        return super().make_context(info_name, args, parent, **extra)


def read_nearest_configuration() -> Configuration:
    """The file that ``GENAUDIT_CONFIG`` names, else the nearest one.

    Raises:
        GenauditError: It cannot be read, or says something that is not allowed.
    """
    return read_configuration(Path.cwd(), os.environ.get("GENAUDIT_CONFIG", ""))


def build_request(context: click.Context, catalog: Catalog) -> Request:
    """The inputs of ``genaudit run`` from the parsed command line.

    Raises:
        GenauditError: No plugin is named, or a setting is for something that does not exist.
    """
    configuration: Configuration = context.obj
    settings, origins = _settings(context, configuration)
    given = {name: context.params[name] for name in _fields() if context.params.get(name) not in {None, ()}}
    if "plugin" not in given:
        raise GenauditError(
            "No generator was named.",
            f"Give --plugin NAME, or plugin = in [run]. Installed: {', '.join(catalog.names('generator')) or 'none'}.",
        )
    given.update({"weights": given["weights"][0]} if "weights" in given else {})
    given["cache"] = cache_of(context)
    given["purpose"] = purpose_text(given.get("purpose", ""))
    inputs = _gated(RunInputs(**given), context, configuration)
    from_file = _file_options(configuration, inputs, catalog)
    origins |= {key: str(configuration.path.name) for key in from_file if configuration.path and key not in settings}
    inputs = replace(inputs, options={**_known_weights(inputs.extractor), **from_file, **settings})
    origins |= {name: origin_of(context, name, configuration) for name in _fields()}
    return Request(inputs=replace(inputs, command=command_line(inputs)), origins=origins)


def _gated(inputs: RunInputs, context: click.Context, configuration: Configuration) -> RunInputs:
    """With the baseline and the tolerances of the configuration file, unless the gate is off."""
    if context.params["no_gate"]:
        if context.params["baseline"]:
            raise BadOption("--baseline and --no-gate exclude each other.", "Give one of them.")
        return inputs
    configured = Path(configuration.gate.baseline) if configuration.gate.baseline else None
    return replace(inputs, baseline=inputs.baseline or configured, gate=configuration.gate)


def command_line(inputs: RunInputs) -> str:
    """The shortest command that repeats a run, wherever its values came from.

    >>> command_line(RunInputs(plugin="vae", samples=100, metrics=("fid", "kid"), options={"vae.latent_dim": "8"}))
    'genaudit run --plugin vae --samples 100 --metrics fid,kid --set vae.latent_dim=8'
    """
    words = ["genaudit", "run"]
    for field in fields(inputs):
        value = getattr(inputs, field.name)
        if field.name in {"options", "command", "out", "cache", "gate"} or value == field.default:
            continue
        flag = "--format" if field.name == "formats" else f"--{field.name.replace('_', '-')}"
        text = ",".join(value) if isinstance(value, tuple) else str(value)
        words += [flag] if value is True else [flag, text]
    for key, value in inputs.options.items():
        text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        words += ["--set", f"{key}={text}"]
    return shlex.join(words)


def _known_weights(extractor: str) -> dict[str, str]:
    """The weights that the environment names, if this run reads them."""
    path = os.environ.get(INCEPTION_WEIGHTS, "")
    return {f"{INCEPTION}.weights": path} if path and extractor == INCEPTION else {}


def _fields() -> list[str]:
    return [field.name for field in fields(RunInputs) if field.name not in {"options", "command", "gate"}]


def _settings(context: click.Context, configuration: Configuration) -> tuple[dict[str, str], dict[str, str]]:
    settings = parse_settings(context.params["settings"])
    return settings, dict.fromkeys(settings, origin_of(context, "settings", configuration))


def origin_of(context: click.Context, name: str, configuration: Configuration) -> str:
    """Where the value of a parameter was said: ``flag``, ``environment``, ``default`` or the name of a file."""
    source = context.get_parameter_source(name)
    if source is ParameterSource.DEFAULT_MAP and configuration.path:
        return configuration.path.name
    if source is ParameterSource.COMMANDLINE:
        return FLAG
    return ENVIRONMENT if source is ParameterSource.ENVIRONMENT else DEFAULT


def _file_options(configuration: Configuration, inputs: RunInputs, catalog: Catalog) -> dict[str, Any]:
    """``component.option`` to the file's value, of what takes part in this run; everything in the file is checked."""
    part = _taking_part(inputs, catalog)
    found = {}
    for section, by_name in (("plugin", configuration.plugins), ("metric", configuration.metrics)):
        for name, options in by_name.items():
            component = _component(section, name, catalog, configuration)
            if component is None:
                continue
            try:
                fill_options(component, options)
            except BadOption as error:
                raise BadOption(f"{configuration.path}: {error.message}", error.hint) from error
            if name in part:
                found.update({f"{name}.{option}": value for option, value in options.items()})
    return found


def _component(section: str, name: str, catalog: Catalog, configuration: Configuration) -> Registered[Any] | None:
    """The component that a section is about; None for one that was not loaded."""
    kinds = ("metric",) if section == "metric" else OTHER_KINDS
    if section == "plugin" and name.startswith("extractor."):
        kinds, name = ("extractor",), name.removeprefix("extractor.")
    for kind in kinds:
        if name in catalog.names(kind):
            return catalog.get(kind, name)
    absent = {status.name for status in catalog.statuses if status.state != "loaded"}
    if name in absent:
        return None
    known = [known for kind in kinds for known in catalog.names(kind)]
    raise unknown_name(f"{section} of that name for [{section}.{name}] in {configuration.path}:", name, known)


def _taking_part(inputs: RunInputs, catalog: Catalog) -> set[str]:
    """Names of the components whose options this run reads."""
    dataset = catalog.dataset(dataset_name(inputs, catalog)).spec
    extractor = inputs.extractor or dataset.extractor
    named = {metric_and_view(name)[0] for name in inputs.metrics}
    metrics = (named or set(catalog.names("metric"))) - set(inputs.skip)
    chosen = [choice.partition("=")[2].strip() for choice in inputs.annotators]
    audits = [] if inputs.metrics else catalog.names("audit")
    readers = {*dataset.annotators.values(), *chosen}
    return {
        inputs.plugin,
        dataset.name,
        extractor,
        f"extractor.{extractor}",
        *readers,
        *metrics,
        *audits,
        *inputs.track,
    }
