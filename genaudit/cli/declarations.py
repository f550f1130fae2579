"""What a user declares about a table, from the words of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from genaudit.errors import BadOption, GenauditError

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_PURPOSE = 2_000


def pairs(flag: str, given: Iterable[str], example: str) -> dict[str, str]:
    """``fp=1`` as a name and a text.

    Raises:
        BadOption: It is not of that form.

    >>> pairs("--cost", ["fp=1", "fn=1.5"], "")
    {'fp': '1', 'fn': '1.5'}
    """
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (equals and name.strip() and value.strip()):
            raise BadOption(f"Cannot read {flag} '{text}'.", f"Write {example}.")
        found[name.strip()] = value.strip()
    return found


def two_costs(given: Iterable[str]) -> dict[str, list[str]] | None:
    """``junk=10/0.1`` as a name and both costs; None if nothing was given.

    Raises:
        BadOption: It is not of that form, or an action is given twice.

    >>> two_costs(["junk=10/0.1", "ask a judge=0.3/0.3"])
    {'junk': ['10', '0.1'], 'ask a judge': ['0.3', '0.3']}
    """
    found: dict[str, list[str]] = {}
    for text in given:
        name, equals, value = text.rpartition("=")
        both = [part.strip() for part in value.split("/")]
        if not (equals and name.strip() and len(both) == 2 and all(both)) or name.strip() in found:
            raise BadOption(
                f"Cannot read --action '{text}'.", "Write --action 'ask a judge=0.3/0.3' once for each action."
            )
        found[name.strip()] = both
    return found or None


def one_or_each(flag: str, given: Iterable[str], what: str) -> dict[str, str] | str | None:
    """``X`` for all, or ``name=X`` for each that is named, repeated or with commas; None if nothing was given.

    Args:
        flag: For messages.
        given: The words behind each flag.
        what: What a name is, in capital letters, and a value, such as ``COLUMN=ROLE``.

    Raises:
        BadOption: Both ways at once, or several for all, or two for one name.

    >>> one_or_each("--role", ["unknown"], "COLUMN=ROLE")
    'unknown'
    >>> one_or_each("--prevalence", ["A=0.1,B=0.2", "C=0.3"], "GROUP=P")
    {'A': '0.1', 'B': '0.2', 'C': '0.3'}
    """
    listed = [part.strip() for text in given for part in text.split(",")]
    if not listed:
        return None
    named = [part.rpartition("=") for part in listed]
    names = [name.strip() for name, _, _ in named]
    if len(listed) == 1 and listed[0] and "=" not in listed[0]:
        return listed[0]
    wrong = not all(name and value.strip() for name, (_, _, value) in zip(names, named, strict=True))
    if wrong or len(set(names)) < len(names):
        value = what.partition("=")[2]
        raise BadOption(
            f"Cannot read {flag} '{','.join(listed)}'.", f"Write {flag} {value} once, or {flag} {what} once for each."
        )
    return {name: value.strip() for name, (_, _, value) in zip(names, named, strict=True)}


def margins(given: Iterable[str]) -> dict[str, dict[str, str]] | None:
    """``COLUMN:LEVEL=SHARE,…`` as the shares of each column; None if nothing was given.

    Raises:
        BadOption: It is not of that form, or a column is given twice.

    >>> margins(["sex:f=0.5,m=0.5", "age:old=0.3,young=0.7"])
    {'sex': {'f': '0.5', 'm': '0.5'}, 'age': {'old': '0.3', 'young': '0.7'}}
    """
    found: dict[str, dict[str, str]] = {}
    for text in given:
        column, colon, shares = text.partition(":")
        if not (colon and column.strip()) or column.strip() in found:
            raise BadOption(
                f"Cannot read --margin '{text}'.", "Write --margin COLUMN:LEVEL=SHARE,LEVEL=SHARE once for each column."
            )
        each = [part for part in shares.split(",") if part.strip()]
        found[column.strip()] = pairs("--margin", each, f"--margin {column.strip()}:LEVEL=SHARE,LEVEL=SHARE")
    return found or None


def positives(given: Iterable[str], columns: Iterable[str | None] = ()) -> dict[str, tuple[str, ...]]:
    """``column=a,b`` as the values of a column that mean yes; ``a,b`` as those of either column.

    Args:
        given: The words behind each flag.
        columns: Columns of truth and decision: behind one of these an ``=`` belongs to the value.

    >>> positives(["risk=High,Medium", "yes"])
    {'risk': ('High', 'Medium'), '': ('yes',)}
    >>> positives(["risk==high"], ["risk"])
    {'risk': ('=high',)}
    """
    found = {}
    known = sorted((name for name in columns if name), key=len, reverse=True)
    for text in given:
        named = next((name for name in known if text.startswith(f"{name}=")), None)
        column, equals, values = text.rpartition("=") if named is None else (named, "=", text[len(named) + 1 :])
        listed = tuple(value.strip() for value in values.split(",") if value.strip())
        if not listed or (equals and not column.strip()):
            raise BadOption(f"Cannot read --positive '{text}'.", "Write --positive 'COLUMN=VALUE', or VALUE,VALUE.")
        found[column.strip()] = listed
    return found


def shares_text(given: str | None) -> str | None:
    """The text of shares, refused if it is none at all: it would else mean that nothing was declared.

    Raises:
        BadOption: It is empty.
    """
    if given is not None and not given.strip():
        raise BadOption("--population names no group.", "Write --population A=0.6,B=0.4.")
    return given


def purpose_text(given: str) -> str:
    """The purpose itself, or what stands in the file of that name.

    Raises:
        GenauditError: The file cannot be read, or is too long to be printed.
    """
    text = given
    if given and len(given) < 255 and Path(given).is_file():
        try:
            text = Path(given).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise GenauditError(f"Cannot read --purpose {given}: {error}.", "Give a text file in UTF-8.") from error
    text = " ".join(text.split())
    if len(text) > LONGEST_PURPOSE:
        raise GenauditError(
            f"The purpose has {len(text):,} characters, and at most {LONGEST_PURPOSE:,} are printed.", "Shorten it."
        )
    return text
