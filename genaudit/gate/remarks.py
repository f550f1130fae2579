"""What a reader must know beside the verdicts: what was asked, what differs, what the comparison cannot see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.gate.rule import ALPHA, POWER, Difference, needed
from genaudit.gate.wording import listed, percent
from genaudit.stats.student import quantile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from genaudit.gate.baseline import Baseline
    from genaudit.gate.fingerprint import Fingerprint
    from genaudit.gate.measured import Measured
    from genaudit.gate.settings import Tolerance

DETERMINISTIC = {"cpu": 1e-6}
"""How far two runs of the same weights and seed may differ, relative to the value, by device."""
DETERMINISTIC_ELSEWHERE = 1e-3


def same_items(old: Fingerprint, this: Fingerprint) -> bool:
    """Whether both runs are of the same weights and the same latents."""
    same = (old.weights, old.seeds, old.samples, old.plugin) == (this.weights, this.seeds, this.samples, this.plugin)
    return same and len(this.weights) == 1 and all(this.weights)


def unlike(baseline: Baseline, numbers: Mapping[str, Measured], device: str) -> list[str]:
    """Names of the numbers that differ by more than rounding."""
    limit = DETERMINISTIC.get(device, DETERMINISTIC_ELSEWHERE)
    if device != baseline.fingerprint.device:
        limit = DETERMINISTIC_ELSEWHERE
    pairs = ((name, one.value, baseline.metrics[name].value) for name, one in numbers.items())
    return [name for name, value, before in pairs if abs(value - before) > limit * abs(before)]


def about_same_items(differing: Sequence[str]) -> str:
    """What it means that weights and latents are those of the baseline."""
    if not differing:
        return "The weights and the latents are those of the baseline, and so are the numbers."
    return (
        f"The weights and the latents are those of the baseline, yet {listed(list(differing))} differ: the code or a "
        "library has changed, or the run is not deterministic."
    )


def cannot_see(unpaired: Iterable[tuple[str, Difference, Tolerance, float]], *, drawn: bool = True) -> tuple[str, ...]:
    """What a comparison of independent samples usually misses.

    Args:
        unpaired: Name, difference, tolerance and baseline of each metric that was compared so.
        drawn: Whether a generator drew the items, so that the same ones could be drawn again.
    """
    blind = [
        f"{name} {_visible(difference, tolerance, baseline)}"
        for name, difference, tolerance, baseline in unpaired
        if tolerance.allowed(baseline) and needed(1, difference.standard_error, tolerance.allowed(baseline)) > 1
    ]
    if not blind:
        return ()
    more = " A baseline with features and the same seed sees more (genaudit run --keep-features)." if drawn else ""
    text = (
        "These were compared as independent samples; the smallest worsening that would usually fail is: "
        f"{listed(blind)}.{more}"
    )
    return (text,)


def newcomers(names: Iterable[str]) -> tuple[str, ...]:
    """That numbers of the run are not in the baseline, so that nothing of them is gated.

    >>> newcomers(["fid"])
    ('Not in the baseline, so nothing of it is gated: fid. --update-baseline accepts it.',)
    """
    new = list(names)
    each = "it" if len(new) == 1 else "them"
    said = f"Not in the baseline, so nothing of {each} is gated: {listed(new)}. --update-baseline accepts {each}."
    return (said,) if new else ()


def partly_asked(asked: Mapping[str, Sequence[str]]) -> list[str]:
    """What it rests on that not every run of a candidate was asked for every number.

    Args:
        asked: Name of each such number to the runs that have it.
    """
    by_runs: dict[tuple[str, ...], list[str]] = {}
    for name, runs in asked.items():
        by_runs.setdefault(tuple(runs), []).append(name)
    return [
        f"Not every run was asked for {listed(names)}: judged by {listed(list(runs))} alone."
        for runs, names in by_runs.items()
    ]


def question(baseline: Baseline, trainings: int) -> str:
    """What was asked, and so what the intervals cover."""
    if not baseline.fingerprint.samples:
        return "Asked: does this table differ from that of the baseline? Intervals take each as a sample of people."
    before = max((one.trainings for one in baseline.metrics.values()), default=1)
    if trainings > 1:
        rest = "" if before > 1 else "; the baseline is one training, taken to vary as much as these do"
        return f"Asked: would other trainings differ from the baseline? Intervals cover {trainings} trainings{rest}."
    return (
        "Asked: do samples of these weights differ from the baseline? Intervals cover other samples, "
        "not training again."
    )


def _visible(difference: Difference, tolerance: Tolerance, baseline: float) -> str:
    """The worsening that fails in about four of five runs, as a share of the baseline where its tolerance is one."""
    freedom = difference.degrees_of_freedom
    reach = quantile(1 - ALPHA, freedom) + quantile(POWER, freedom)
    size = tolerance.allowed(baseline) + reach * difference.standard_error
    return percent(size / abs(baseline)) if tolerance.relative(baseline) else f"{size:.3g}"
