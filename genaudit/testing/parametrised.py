"""The checks of a generator as one parametrised test."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from genaudit.errors import NotApplicable, unknown_name
from genaudit.testing.contract.table import CHECKS
from genaudit.testing.contract.verdicts import Nonconformity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from genaudit.testing.contract.subject import Subject
    from genaudit.testing.contract.table import Check


def conformance(
    name: str,
    *,
    settings: Mapping[str, Any] | None = None,
    load: Iterable[str] = (),
    expected_failures: Mapping[str, str] | None = None,
) -> Callable[..., None]:
    """A test function for pytest, parametrised with every check of a generator.

    Args:
        name: Of the generator.
        settings: Its options, by name.
        load: Modules with hooks that no distribution registers.
        expected_failures: Check to the reason why it is known to fail. Strict: a check that is kept after all fails
            the test, so that the list stays true.

    Raises:
        UnknownName: There is no check of a name in ``expected_failures``.

    >>> from genaudit.testing import conformance
    >>> test_conformance = conformance("vae")
    """
    import pytest

    known = dict(expected_failures or {})
    names = [check.name for check in CHECKS]
    for given in known:
        if given not in names:
            raise unknown_name("check", given, names, "See 'genaudit plugins check --help'.", listed="There are")
    subject = cache(partial(_subject, name, dict(settings or {}), tuple(load)))

    def test_conformance(check: Check) -> None:
        from genaudit.testing.contract.checking import checked

        try:
            checked(subject(), check)
        except NotApplicable as why:
            pytest.skip(why.reason)

    marks = {
        given: pytest.mark.xfail(reason=reason, strict=True, raises=Nonconformity) for given, reason in known.items()
    }
    cases = [
        pytest.param(check, id=check.name, marks=[marks[check.name]] if check.name in marks else []) for check in CHECKS
    ]
    parametrised: Callable[..., None] = pytest.mark.parametrize("check", cases)(test_conformance)
    return parametrised


def _subject(name: str, settings: Mapping[str, Any], load: tuple[str, ...]) -> Subject:
    from genaudit.plugin.manager import load_plugins
    from genaudit.testing.contract.subject import subject_of

    return subject_of(name, load_plugins(load=load), settings)
