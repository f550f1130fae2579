"""The arguments of the Python interface in the types of ``RunInputs``, or a message that names what is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral
from pathlib import Path
from typing import Any, NamedTuple

from genaudit.errors import BadOption
from genaudit.gate.settings import GateSettings, gate_settings


class Wanted(NamedTuple):
    """What an argument may be."""

    words: str
    fits: Callable[[Any], bool]
    made: Callable[[Any], Any]


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


TEXT = Wanted("a text", lambda value: isinstance(value, str), str)
WHOLE = Wanted("a whole number", _is_whole, int)
NAMES = Wanted("a list of names", lambda value: all(isinstance(name, str) for name in value), tuple)
PLACE = Wanted("a path", lambda value: isinstance(value, str | os.PathLike), Path)
GATE = Wanted(
    "what [gate] says, as a mapping",
    lambda value: isinstance(value, Mapping | GateSettings),
    lambda value: value if isinstance(value, GateSettings) else gate_settings(value, "gate"),
)
FLAG = Wanted("True or False", lambda value: isinstance(value, bool), bool)

ARGUMENTS: Mapping[str, Wanted] = {
    **dict.fromkeys(("plugin", "dataset", "extractor", "profile", "device", "layout", "purpose", "command"), TEXT),
    **dict.fromkeys(("samples", "seed", "batch_size"), WHOLE),
    **dict.fromkeys(("metrics", "skip", "annotators", "formats", "track", "load", "allow_mismatch"), NAMES),
    **dict.fromkeys(("weights", "out", "baseline", "cache"), PLACE),
    **dict.fromkeys(("retrain", "keep_features", "strict", "allow_download"), FLAG),
    "gate": GATE,
    "options": Wanted("a mapping of 'component.option' to values", lambda value: isinstance(value, Mapping), dict),
}
"""Every field of ``RunInputs``."""

MAY_BE_NONE = ("samples", "weights", "baseline", "cache")


def arguments_of(verb: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, each in the type that the plan expects.

    Raises:
        BadOption: One of them has another type; all of them in one message.

    >>> arguments_of("run", {"metrics": ["fid"], "samples": None, "out": "runs"})["metrics"]
    ('fid',)
    """
    found: dict[str, Any] = {}
    wrong = []
    for name, value in given.items():
        wanted = ARGUMENTS[name]
        # a generator of names is used up by one look
        read = tuple(value) if wanted is NAMES and isinstance(value, Iterable) and not isinstance(value, str) else value
        if read is None and name in MAY_BE_NONE:
            found[name] = None
        elif (wanted is NAMES and not isinstance(read, tuple)) or not wanted.fits(read):
            wrong.append(f"{name} is {value!r}, not {wanted.words}")
        else:
            found[name] = wanted.made(read)
    if wrong:
        raise BadOption(f"{'; '.join(wrong)}.", f"See help(genaudit.{verb}).")
    return found
