"""``[audit]`` of the configuration file: the flags of ``genaudit audit`` under the same names."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from genaudit.cli.places import near
from genaudit.tables.embedded import EMBEDDED

if TYPE_CHECKING:
    from pathlib import Path

TEXT, NUMBER, WHOLE, SWITCH, NAMES, PAIRS, ONE_OR_EACH, MARGINS, COSTS = (
    "a text", "a number", "a whole number", "true or false", "a text or a list of texts",
    "a table of names and values, or a list of texts like those behind the flag",
    "one value, or a table of names and values",
    "a table of tables: of each column its levels and their shares",
    "a table of two costs for each action: if the truth is no and if it is yes",
)  # fmt: skip
AUDIT_KEYS: Mapping[str, str] = {
    "table": TEXT, "group": NAMES, "truth": TEXT, "decision": TEXT, "score": TEXT, "threshold": NUMBER,
    "score_kind": TEXT, "stratum": NAMES, "role": ONE_OR_EACH, "weight": TEXT, "weight_kind": TEXT, "positive": PAIRS,
    "population": PAIRS, "population_source": TEXT, "margin": MARGINS, "cost": PAIRS, "action": COSTS,
    "who_pays": PAIRS, "prevalence": ONE_OR_EACH, "primary": TEXT, "tolerance": NUMBER, "tolerance_source": TEXT,
    "metric": NAMES, "features": NAMES, "purpose": TEXT, "seed": WHOLE, "out": TEXT, "format": NAMES, "layout": TEXT,
    "strict": SWITCH,
}  # fmt: skip
"""What ``[audit]`` may say, with the form of its value; ``population_source`` may be written ``population-source``."""
PARAMETERS = {"stratum": "strata", "format": "formats", "action": "actions"}
"""Keys whose value the command keeps under another name."""


def audit_section(path: Path, table: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The words that a user would have typed, by the parameter of the command, and what is wrong with the section.

    Args:
        path: The configuration file; places in it are relative to its folder.
        table: The section.
    """
    words, wrong = {}, []
    for key, value in table.items():
        name = key.replace("-", "_")
        form = AUDIT_KEYS.get(name)
        if form is None:
            near = difflib.get_close_matches(name, AUDIT_KEYS, n=1)
            question = f" (did you mean '{near[0]}'?)" if near else ""
            wrong.append(f"no key '{key}' in [audit]{question}")
            continue
        typed = _typed(value, form)
        if typed is None:
            wrong.append(f"{key} = {value!r} in [audit] is not {form}")
        else:
            words[PARAMETERS.get(name, name)] = _placed(path.parent, name, typed)
    if isinstance(words.get("population"), list):  # one flag, and not one for each group
        words["population"] = ",".join(words["population"])
    return words, wrong


def _typed(value: Any, form: str) -> Any:  # noqa: ANN401 - any TOML value to any word
    """A value as the words behind the flag, or None if it has another form."""
    if form in {TEXT, NUMBER, WHOLE, SWITCH}:
        kinds = {TEXT: str, NUMBER: int | float, WHOLE: int, SWITCH: bool}
        fits = isinstance(value, kinds[form]) and isinstance(value, bool) == (form == SWITCH)
        return value if fits else None
    if form == MARGINS:
        parts = {name: _pairs(one) for name, one in value.items()} if _is_nested(value) else {}
        return [f"{name}:{','.join(part)}" for name, part in parts.items() if part] or None
    if form == COSTS:
        pairs = _pairs(value, between="/") if isinstance(value, Mapping) else None
        return pairs if pairs and all(isinstance(two, list) and len(two) == 2 for two in value.values()) else None
    if isinstance(value, Mapping):
        return None if form == NAMES else _pairs(value)
    if form == ONE_OR_EACH and isinstance(value, int | float) and not isinstance(value, bool):
        return [str(value)]
    listed = [value] if isinstance(value, str) else value
    return listed if isinstance(listed, list) and all(isinstance(item, str) for item in listed) else None


def _is_nested(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, Mapping) for one in value.values())


def _pairs(value: Mapping[str, Any], between: str = ",") -> list[str] | None:
    """``name=value`` of each; several values of one name with commas."""
    said = []
    for name, item in value.items():
        parts = item if isinstance(item, list) else [item]
        if not all(isinstance(part, str | int | float) and not isinstance(part, bool) for part in parts):
            return None
        said.append(f"{name}={between.join(map(str, parts))}")
    return said


def _placed(folder: Path, name: str, value: Any) -> Any:  # noqa: ANN401 - as given
    """Places relative to the file's folder; the name of an embedded table and a purpose in words are none."""
    is_place = name == "out" or (name == "table" and value not in EMBEDDED)
    if name == "purpose" and len(value) < 255:
        is_place = (folder / value).is_file()
    return str(near(folder / value)) if is_place else value
