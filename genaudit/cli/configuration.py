"""The configuration file: ``genaudit.toml`` or ``[tool.genaudit]`` of ``pyproject.toml``, the nearest one alone."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.cli.audit_section import AUDIT_KEYS, audit_section
from genaudit.errors import BadOption, GenauditError
from genaudit.gate.settings import GateSettings, gate_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

RUN_KEYS: Mapping[str, type] = {
    "plugin": str,
    "dataset": str,
    "extractor": str,
    "profile": str,
    "samples": int,
    "metrics": list,
    "skip": list,
    "annotators": list,
    "seed": int,
    "device": str,
    "batch_size": int,
    "weights": str,
    "retrain": bool,
    "keep_features": bool,
    "purpose": str,
    "strict": bool,
    "out": str,
    "cache": str,
    "formats": list,
    "layout": str,
    "track": list,
    "block": list,
}
"""What ``[run]`` may say, with its TOML type; lists hold names."""

SECTIONS = ("run", "audit", "plugin", "metric", "gate")
PATHS = ("weights", "out", "cache")
TYPE_NAMES = {str: "a text", int: "a whole number", bool: "true or false", list: "a list of names"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What the file says; empty if there is none."""

    path: Path | None = None
    run: Mapping[str, Any] = field(default_factory=dict)
    """Keys of ``[run]``; paths are relative to the file's folder."""
    audit: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of ``genaudit audit`` to the words of ``[audit]``; paths are relative to the file's folder."""
    plugins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Component name to its options, from ``[plugin.NAME]``."""
    metrics: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Metric name to its options, from ``[metric.NAME]``."""
    gate: GateSettings = field(default_factory=GateSettings)
    """What ``[gate]`` says; the path of its baseline is relative to the file's folder."""


def read_configuration(start: Path, given: str = "") -> Configuration:
    """The nearest configuration file at or above a folder.

    Args:
        start: The folder to begin in.
        given: A file to read instead; it must exist.

    Raises:
        GenauditError: The file cannot be read.
        BadOption: It says something that does not exist or has another type, or one folder has two of them.
    """
    if given:
        path = Path(given)
        table = _table(path)
        return _checked(path, _own(table) if path.name == "pyproject.toml" else table)
    for folder in (start, *start.parents):
        own, shared = folder / "genaudit.toml", folder / "pyproject.toml"
        table = _own(_table(shared)) if _may_configure(shared) else {}
        if own.is_file() and table:
            raise BadOption(
                f"{own} and [tool.genaudit] of {shared.name} beside it both configure genaudit: of two, one would be "
                "left out unseen, and its gate with it.",
                "Move everything into one of them, or name one with GENAUDIT_CONFIG.",
            )
        if own.is_file() or table:
            return _checked(own, _table(own)) if own.is_file() else _checked(shared, table)
    return Configuration()


def _may_configure(shared: Path) -> bool:
    return shared.is_file() and "tool.genaudit" in shared.read_text(encoding="utf-8", errors="replace")


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GenauditError(f"Cannot read {path}: {error.strerror}.", "GENAUDIT_CONFIG names it.") from error
    except ValueError as error:  # of TOML and of UTF-8
        raise GenauditError(f"{path} is not TOML: {error}.", "Mend it or move it away.") from error


def _own(table: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = table.get("tool", {}).get("genaudit", {})
    return found


def _checked(path: Path, table: Mapping[str, Any]) -> Configuration:
    wrong = [*_unknown(table, SECTIONS, "section", "")]
    parts = {name: table.get(name, {}) for name in SECTIONS}
    wrong += [f"[{name}] is {part!r}, not a table" for name, part in parts.items() if not isinstance(part, Mapping)]
    audit: dict[str, Any] = {}
    if not wrong:
        audit, wrong = audit_section(path, parts["audit"])
        wrong += [*_unknown(parts["run"], RUN_KEYS, "key", " in [run]"), *_mistyped(parts["run"])]
        for name in ("plugin", "metric"):
            wrong += [
                f"[{name}.{key}] is {part!r}, not a table" for key, part in parts[name].items() if not _is_table(part)
            ]
    if wrong:
        keys = AUDIT_KEYS if "[audit]" in wrong[0] else RUN_KEYS
        raise BadOption(
            f"{path}: {'; '.join(wrong)}.", f"Keys of [{'audit' if keys is AUDIT_KEYS else 'run'}]: {', '.join(keys)}."
        )
    return Configuration(
        path=path,
        run=_placed(path, parts["run"]),
        audit=audit,
        plugins=parts["plugin"],
        metrics=parts["metric"],
        gate=_gate(path, parts["gate"]),
    )


def _gate(path: Path, table: Mapping[str, Any]) -> GateSettings:
    settings = gate_settings(table, f"{path}: [gate]")
    return replace(settings, baseline=str(path.parent / settings.baseline)) if settings.baseline else settings


def _is_table(part: object) -> bool:
    return isinstance(part, Mapping)


def _unknown(table: Mapping[str, Any], allowed: Iterable[str], noun: str, place: str) -> list[str]:
    names = list(allowed)
    wrong = []
    for key in table:
        if key not in names:
            near = difflib.get_close_matches(key, names, n=1)
            wrong.append(f"no {noun} '{key}'{place}" + (f" (did you mean '{near[0]}'?)" if near else ""))
    return wrong


def _mistyped(run: Mapping[str, Any]) -> list[str]:
    return [
        f"{key} = {value!r} is not {TYPE_NAMES[RUN_KEYS[key]]}"
        for key, value in run.items()
        if key in RUN_KEYS and not _fits(value, RUN_KEYS[key])
    ]


def _fits(value: object, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def _placed(path: Path, run: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(path.parent / value) if key in PATHS else value for key, value in run.items()}
