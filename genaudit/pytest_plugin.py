"""The gate inside a project's own tests: a pytest plugin that costs nothing until a test uses it.

Installed with genaudit, pytest finds it by itself::

    from genaudit.pytest_plugin import assert_no_regression

    def test_the_model_has_not_become_worse(genaudit_run):
        record = genaudit_run("vae", profile="smoke", baseline="baselines/vae.json")
        assert_no_regression(record)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from genaudit.values.record import RunRecord

__all__ = ["assert_no_regression", "genaudit_run"]


@pytest.fixture
def genaudit_run(tmp_path: Path) -> Callable[..., RunRecord]:
    """A function like ``genaudit.run`` that writes into the test's own folder, and only the record."""

    def run(plugin: str, dataset: str = "colored-digits", **given: Any) -> RunRecord:  # noqa: ANN401 - as genaudit.run
        import genaudit

        return genaudit.run(plugin, dataset, **{"out": tmp_path / "runs", "formats": ("json",), **given})

    return run


def assert_no_regression(
    run: RunRecord | str | Path,
    baseline: str | Path | None = None,
    settings: Mapping[str, Any] | None = None,
    *,
    strict: bool = False,
) -> None:
    """Nothing, if no gated metric is worse than its tolerance or missing.

    Args:
        run: A record, a run folder or its ``run.json``. Features for a paired comparison are found only beside a
            folder, or by a run that was given its baseline.
        baseline: The file of accepted numbers; None if the run was judged by one already.
        settings: What ``[gate]`` of a configuration file says; 5 % of the baseline for every metric if None.
        strict: Whether a gated metric that stays inconclusive fails, too.

    Raises:
        AssertionError: A metric failed; the message names each with its numbers.
        GenauditError: The comparison cannot be made.
    """
    __tracebackhide__ = True
    import genaudit
    from genaudit.values.record import RunRecord

    if baseline is None:
        record = run if isinstance(run, RunRecord) else genaudit.load(run)
        report = record.gate
        if report is None:
            message = "the run was not judged: give assert_no_regression a baseline, or give one to the run"
            raise AssertionError(message)
    else:
        report = genaudit.check(run, baseline, settings, strict=strict)
    wrong = [change for change in report.changes if change.level.value == "error" and _is_wrong(change, strict=strict)]
    if wrong:
        raise AssertionError("\n".join([report.sentence, *(f"- {change.sentence}" for change in wrong)]))


def _is_wrong(change: Any, *, strict: bool) -> bool:  # noqa: ANN401 - a Change; its module is not imported yet
    return change.missing or change.verdict.value == "FAIL" or (strict and change.verdict.value == "INCONCLUSIVE")
