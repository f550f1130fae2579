"""Records as JSON: one versioned schema, no NaN, floats with twelve significant digits.

Twelve digits are more than any estimate here carries, and fewer than the last bits in which two orders of summation
differ: the same run on another batch size writes the same text.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.errors import OutputError, RecordError
from genaudit.values.gate import name_of
from genaudit.values.record import SCHEMA_VERSION, RunRecord
from genaudit.values.regular_file import read_regular
from genaudit.values.schema import plain_json, schema_refusal
from genaudit.values.unfinished import ANSWERS, BEGUN, assembled

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SIGNIFICANT_DIGITS = 12
_INNERMOST = re.compile(r"([{\[])\n\s+([^{}\[\]]+?)\n\s+([}\]])")
_BREAK = re.compile(r"\n\s+")
GIVE_A_RECORD = "Give a run folder or its run.json."


def record_to_json(record: RunRecord) -> str:
    """The canonical text of a record, keys in the order of the fields."""
    plain = _adapter().dump_python(record, mode="json")
    return indented(rounded(plain))


def indented(plain: Any) -> str:  # noqa: ANN401 - any JSON value
    """JSON for people and for version control: a line a value, and one line for what holds no further brackets.

    >>> print(indented({"a": {"b": [1, 2]}, "c": {"d": 3, "e": "f"}}), end="")
    {
     "a": {
      "b": [1, 2]
     },
     "c": {"d": 3, "e": "f"}
    }
    """
    text = json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False)
    # no text of JSON holds a line break, so every line break is one of the indentation
    return _INNERMOST.sub(lambda found: f"{found[1]}{_BREAK.sub(' ', found[2])}{found[3]}", text) + "\n"


def record_from_json(text: str, origin: str = "the text") -> RunRecord:
    """A record from its canonical text.

    Raises:
        RecordError: It is not JSON, not a record, or of a schema that this version does not know.
    """
    from pydantic import ValidationError

    try:
        plain = plain_json(text)
    except ValueError as error:
        raise RecordError(f"{origin} is not a run record: it is not JSON ({error}).", GIVE_A_RECORD) from error
    refusal = schema_refusal(plain, "run record", SCHEMA_VERSION, "genaudit_version")
    if refusal:
        raise RecordError(f"{origin} {refusal[0]}.", refusal[1] or GIVE_A_RECORD)
    try:
        record: RunRecord = _adapter().validate_json(text, strict=True)
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
        raise RecordError(f"{origin} is not a run record: {places}.", GIVE_A_RECORD) from error
    counted = Counter((result.metric, result.group) for result in record.results)
    twice = [name_of(*key) for key, count in counted.items() if count > 1]
    if twice:  # a reader that keeps the last one would not see the others
        raise RecordError(f"{origin} is not a run record: it has more than one number of {twice[0]}.", GIVE_A_RECORD)
    return record


def save_record(record: RunRecord, path: str | Path) -> Path:
    """Write the record so that a reader never sees half of it.

    Raises:
        OutputError: The place cannot be written.
    """
    target = Path(path)
    part = target.with_name(target.name + ".part")
    try:
        part.write_text(record_to_json(record), encoding="utf-8")
        part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise OutputError(f"Cannot write {target}: {error.strerror}.", "Give another place with --out.") from error
    return target


def load_record(path: str | Path) -> RunRecord:
    """The record of a run folder or of a ``run.json``.

    Of a run that was ended before it could write one, it is what the run had answered by then: ``complete`` is False,
    and ``not_available`` lists what it did not come to.

    Raises:
        RecordError: There is none, or it cannot be read.
    """
    given = Path(path)
    source = given / "run.json" if given.is_dir() else given
    begun = source.with_name(BEGUN)
    if source.name == "run.json" and not source.exists() and begun.exists():
        answers = source.with_name(ANSWERS)
        lines = answers.read_bytes().decode("utf-8", "replace") if answers.is_file() else ""
        return assembled(record_from_json(_text(begun), str(begun)), lines)
    if given.is_dir() and not source.exists():
        raise _without_record(given)
    text = _text(source)
    try:
        return record_from_json(text, str(source))
    except RecordError as error:
        if error.hint != GIVE_A_RECORD or not source.with_name(ANSWERS).is_file():
            raise
        hint = f"If it was damaged: {ANSWERS} beside it holds every number of the run, a line each."
        raise RecordError(error.message, hint) from error.__cause__


def _text(source: Path) -> str:
    try:
        return read_regular(source).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"Cannot read {source}: {error}.", GIVE_A_RECORD) from error


def check_part(part: object) -> None:
    """Nothing, if a part of a record can be written and read back.

    Raises:
        ValueError: A field has another type than declared, or is not finite; the message names it.
    """
    from pydantic import ValidationError

    kind: Any = type(part)
    adapter = _part_adapter(kind)
    try:
        text = json.dumps(rounded(adapter.dump_python(part, mode="json", warnings=False)), allow_nan=False)
        adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{type(part).__name__}.{place} cannot be kept in a record: {first['msg']}") from error
    except ValueError as error:  # pydantic's own for a type that no JSON has
        raise ValueError(f"{kind.__name__} cannot be kept in a record: {error}") from error


def _without_record(folder: Path) -> RecordError:
    if (folder / ANSWERS).is_file():
        return RecordError(
            f"There is neither run.json nor {BEGUN} in {folder}, so what was asked for is not known.",
            f"Run it again; the numbers that it had are in {folder / ANSWERS}, a line each.",
        )
    if (folder / "log.txt").is_file():
        return RecordError(
            f"There is no run.json in {folder}: the run was ended before it asked anything, or is being prepared.",
            "Wait for it, or run it again.",
        )
    return RecordError(f"There is no run.json in {folder}, so it is not the folder of a run.", _nearest_run(folder))


def _nearest_run(folder: Path) -> str:
    """Where a run may have been meant: most give the folder that runs are written to."""
    runs = [record for name in ("run.json", BEGUN) for record in folder.glob(f"*/{name}") if record.is_file()]
    if not runs:
        return GIVE_A_RECORD
    newest = max(runs, key=lambda record: (record.stat().st_mtime, record.parent.name)).parent
    return f"It holds {len(runs)} {'run' if len(runs) == 1 else 'runs'}; the newest is {newest}."


def rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The value with every float at twelve significant digits.

    >>> rounded({"a": [0.1 + 0.2, 1]})
    {'a': [0.3, 1]}
    """
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}") if math.isfinite(value) else None
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()  # half of a surrogate pair is no text
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value


@cache
def _adapter() -> TypeAdapter[RunRecord]:
    from pydantic import TypeAdapter

    return TypeAdapter(RunRecord)


@cache
def _part_adapter(kind: type[Any]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
