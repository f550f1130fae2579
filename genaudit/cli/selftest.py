"""``genaudit selftest``: whether the numbers can be trusted on this machine."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from genaudit.cli.output import print_json, print_result
from genaudit.cli.sheet import Sheet

if TYPE_CHECKING:
    from genaudit.selftest.golden_case import GoldenResult
    from genaudit.selftest.running import SelfTest
    from genaudit.selftest.sanity_check import SanityResult


@click.command("selftest")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """Recompute results that are known, and show which metric reacts to which flaw.

    Golden cases have an exact answer. Sanity checks put a known flaw into small synthetic data: a metric reacts as it
    should, or is known not to (the source is named), or has failed. Exit code 1 if anything failed. Takes seconds;
    needs no model, no weights and no network.
    """
    from genaudit.selftest.running import selftest

    found = selftest()
    if as_json:
        print_json(_described(found))
    else:
        print_result([_golden_sheet(found), _sanity_sheet(found)], _closing_lines(found))
    if not found.passed:
        context.exit(1)


def _golden_sheet(found: SelfTest) -> Sheet:
    rows = tuple(
        (
            one.case.name,
            _numbers(one.case.expected),
            _numbers(one.found) if one.found else one.error,
            "pass" if one.passed else "FAIL",
        )
        for one in found.golden
    )
    return Sheet(header=("golden case", "expected", "found", "result"), rows=rows, numeric=())


def _sanity_sheet(found: SelfTest) -> Sheet:
    rows = tuple(
        (
            one.check.name,
            one.metric,
            _should(one),
            _found(one),
            one.verdict.value,
        )
        for one in found.sanity
    )
    return Sheet(header=("flaw", "metric", "should", "found", "result"), rows=rows, numeric=())


def _closing_lines(found: SelfTest) -> list[str]:
    """Why metrics do not react, the golden cases that failed in full, and one line in all."""
    from genaudit.selftest.sanity_check import Verdict

    known = [
        f"{one.check.name}, {one.metric}: {one.check.known[one.metric]}"
        for one in found.sanity
        if one.verdict is Verdict.KNOWN
    ]
    failed = [one for one in found.golden if not one.passed]
    wrong = [_failure(one) for one in failed]
    wrong += [_wrong_reaction(one) for one in found.sanity if one.verdict is Verdict.FAILED]
    total = (
        f"{len(found.golden) - len(failed)} golden cases passed, {len(failed)} failed; "
        f"{found.count(Verdict.PASSED)} reactions as they should be, {found.count(Verdict.KNOWN)} known weaknesses, "
        f"{found.count(Verdict.FAILED)} failed; {found.seconds:.1f} s"
    )
    said = ["Known weaknesses are properties of a metric, not errors of its arithmetic:", *known, ""] if known else []
    return [*said, *wrong, *([""] if wrong else []), total]


def _failure(one: GoldenResult) -> str:
    found = one.error or ", ".join(map(repr, one.found))
    expected = ", ".join(map(repr, one.case.expected))
    return f"FAIL {one.case.name}: expected {expected} ± {one.case.tolerance:g} ({one.case.source}), found {found}"


def _wrong_reaction(one: SanityResult) -> str:
    found = one.error or f"{one.reaction}: {one.clean.value:.6g} → {one.flawed.value:.6g}"
    return f"FAIL {one.check.name}, {one.metric}: {one.check.story}; it should be: {_should(one)}, found {found}"


def _should(one: SanityResult) -> str:
    return one.check.expected[one.metric].value


def _found(one: SanityResult) -> str:
    return one.error or f"{one.reaction.value}: {one.clean.value:.3g} → {one.flawed.value:.3g}"


def _numbers(values: tuple[float, ...]) -> str:
    # rounding of 1e-16 is shown as the 0 that it stands for; a failure is printed in full below the table
    return ", ".join(f"{0.0 if abs(value) < 1e-12 else value:.9g}" for value in values)


def _described(found: SelfTest) -> dict[str, Any]:
    return {
        "passed": found.passed,
        "seconds": found.seconds,
        "golden": [_golden(one) for one in found.golden],
        "sanity": [_sanity(one) for one in found.sanity],
    }


def _golden(one: GoldenResult) -> dict[str, Any]:
    case = one.case
    return {
        "case": case.name,
        "expected": list(case.expected),
        "found": [_finite(value) for value in one.found],
        "tolerance": case.tolerance,
        "source": case.source,
        "passed": one.passed,
        "error": one.error,
    }


def _sanity(one: SanityResult) -> dict[str, Any]:
    return {
        "flaw": one.check.name,
        "story": one.check.story,
        "metric": one.metric,
        "expected": _should(one),
        "found": "" if one.error else one.reaction.value,
        "clean": _finite(one.clean.value),
        "flawed": _finite(one.flawed.value),
        "error": one.error,
        "verdict": one.verdict.value,
        "known": one.check.known.get(one.metric, ""),
    }


def _finite(value: float) -> float | None:
    """A number, or null where there is none."""
    return value if math.isfinite(value) else None
