"""Baselines as files: small, sorted, reviewed; replaced as a whole, by one process at a time."""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from genaudit.gate.baseline import BASELINE_SCHEMA, Baseline, BaselineError
from genaudit.values.schema import plain_json, schema_refusal
from genaudit.values.serialisation import SIGNIFICANT_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pydantic import TypeAdapter

LARGEST = 20_000
"""Bytes: what a reviewer can still look through."""
LARGEST_READ = 50 * LARGEST
"""Characters of a file that somebody has laid out more widely."""
LARGEST_NUMBER = 1e100
"""Beyond it no metric lies, and squares of it are still finite."""
LEAST_FREEDOM = 1.0
"""Degrees of freedom that an error can have."""
DEFAULTS: dict[str, Any] = {
    "parameters": {}, "first": None, "reason_without": "", "samples": 0, "trainings": 1, "features": None,
    "degrees_of_freedom": None,
}  # fmt: skip
"""What is not written, because reading gives it anyway."""
PATIENCE = 10.0
"""Seconds to wait for another process that writes the same baseline."""
FIRST_STEPS = 'Make one with "genaudit check RUN --baseline FILE --update-baseline --reason TEXT".'


def read_baseline(path: Path) -> Baseline:
    """The baseline of a file.

    Raises:
        BaselineError: There is none, or it is damaged, too large, of another schema, or holds no finite number where
            one belongs.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise BaselineError(f"There is no baseline {path}.", FIRST_STEPS) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"Cannot read the baseline {path}: {error}.", "Give a file with --baseline.") from error
    return baseline_from_json(text, str(path))


def baseline_from_json(text: str, origin: str = "the text") -> Baseline:
    """A baseline from its text.

    Raises:
        BaselineError: As ``read_baseline``.
    """
    from pydantic import ValidationError

    if len(text) > LARGEST_READ:
        raise BaselineError(
            f"{origin} has {len(text):,} characters, and no baseline has more than {LARGEST_READ:,}.",
            "Take it back from version control.",
        )
    try:
        plain = plain_json(text)
    except ValueError as error:
        raise BaselineError(f"{origin} is not a baseline: {error}.", "Take it back from version control.") from error
    refusal = schema_refusal(plain, "baseline", BASELINE_SCHEMA, "genaudit")
    if refusal:
        raise BaselineError(f"{origin} {refusal[0]}.", refusal[1] or "Give a file that genaudit check wrote.")
    try:
        baseline = _adapter().validate_json(text, strict=True)
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
        raise BaselineError(f"{origin} is not a baseline: {places}.", "Take it back from version control.") from error
    _check(baseline, origin)
    return baseline


def baseline_to_json(baseline: Baseline) -> str:
    """The text of a baseline: sorted keys, one metric a line, so that a review shows what changed."""
    plain = _compact(_adapter().dump_python(baseline, mode="json"))
    lines = (f"  {_line(name)}: {_line(one)}" for name, one in sorted(plain.pop("metrics").items()))
    metrics = ",\n".join(lines)
    text = json.dumps({**plain, "metrics": {}}, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return text.replace(' "metrics": {}', f' "metrics": {{\n{metrics}\n }}') + "\n"


def _line(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)


def replace_baseline(path: Path, change: Callable[[Baseline | None], Baseline]) -> Baseline:
    """Write what ``change`` makes of the baseline that stands there now, which is None if there is none.

    Two processes that update at once do so one after the other, and a reader never sees half a file. Of a symbolic
    link the file that it names is replaced, and the link stays.

    Raises:
        BaselineError: The file or its folder cannot be written, another process holds it, or it would be too large.
    """
    if path.exists() and not os.access(path, os.W_OK):
        raise BaselineError(f"The baseline {path} is read-only.", "Make it writable, or give another --baseline.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.resolve()):
            made = change(read_baseline(path) if path.exists() else None)
            made, text = fitting(made, path)
            target = path.resolve()
            part = target.with_name(f"{target.name}.{os.getpid()}.part")
            try:
                part.write_text(text, encoding="utf-8")
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise BaselineError(f"Cannot write the baseline {path}: {error.strerror}.", "Give another file.") from error
    return made


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """The only process that writes this baseline; the lock is a file, so that it also works where flock does not."""
    lock = path.with_name(f".{path.name}.lock")
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if time.monotonic() > deadline:
                raise BaselineError(
                    f"Another process has been updating {path} for {PATIENCE:g} s.",
                    f"If none is running, remove {lock}.",
                ) from None
            time.sleep(0.02)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def fitting(baseline: Baseline, path: Path) -> tuple[Baseline, str]:
    """The baseline and its text, with the middle of a long history left out until it fits.

    Raises:
        BaselineError: It does not fit all the same, or it holds no number.
    """
    if not baseline.metrics:
        raise BaselineError(
            "The run has no number that a baseline keeps: none of its metrics says which way is better.",
            "Measure more metrics, or name one in [gate.metrics].",
        )
    text = baseline_to_json(baseline)
    while len(text.encode()) > LARGEST and len(baseline.history) > 2:
        first, _, *rest = baseline.history
        baseline = replace(baseline, history=(first, *rest))
        text = baseline_to_json(baseline)
    if len(text.encode()) > LARGEST:
        raise BaselineError(
            f"The baseline {path} would be larger than {LARGEST:,} bytes, which nobody reviews.",
            "Measure fewer metrics (--metrics), or give a shorter reason.",
        )
    return baseline, text


def _check(baseline: Baseline, origin: str) -> None:
    if not baseline.metrics:
        raise BaselineError(f"{origin} holds no number, so that nothing would be gated.", f"Remove it. {FIRST_STEPS}")
    for name, one in baseline.metrics.items():
        errors = [one.standard_error, one.first.standard_error if one.first else None]
        numbers = [one.value, *([one.first.value] if one.first else []), *(e for e in errors if e is not None)]
        freedoms = [one.degrees_of_freedom, one.first.degrees_of_freedom if one.first else None]
        wrong = {
            f"the value of {name} is not finite or beyond {LARGEST_NUMBER:g}, or its error is below 0": any(
                not abs(number) <= LARGEST_NUMBER for number in numbers
            )
            or any(error is not None and error < 0 for error in errors),
            f"the degrees of freedom of {name} are not between {LEAST_FREEDOM:g} and {LARGEST_NUMBER:g}": any(
                freedom is not None and not LEAST_FREEDOM <= freedom <= LARGEST_NUMBER for freedom in freedoms
            ),
            f"a count of {name} is below 0, or it has no training": min(one.n, one.samples, one.trainings - 1) < 0,
        }
        said = next((text for text, is_so in wrong.items() if is_so), "")
        if said:
            raise BaselineError(f"{origin} is not a baseline: {said}.", "Take it back from version control.")


def _compact(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Without what is empty or a default, floats at twelve significant digits."""
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if isinstance(value, dict):
        return {key: _compact(item) for key, item in value.items() if not (key in DEFAULTS and item == DEFAULTS[key])}
    return [_compact(item) for item in value] if isinstance(value, list | tuple) else value


@cache
def _adapter() -> TypeAdapter[Baseline]:
    from pydantic import TypeAdapter

    return TypeAdapter(Baseline)
