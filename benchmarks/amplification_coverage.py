"""How often nominal 95 % intervals of corrected shares and of amplification contain the model's own numbers.

usage: OMP_NUM_THREADS=1 python benchmarks/amplification_coverage.py [--draws 1000]
       [--write docs/amplification-calibration.md]

A generator is a table of true shares; readers are confusion matrices. Each draw makes fresh images of it, has them
misread, and measures the readers on fresh labelled images. The truth is what an endless sample, rightly read, shows.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.audits.amplification import amplification
from genaudit.audits.options import AmplificationOptions
from genaudit.stats.amplification import mals
from genaudit.stats.association import differential_fairness, leakage
from genaudit.stats.correction import corrected_shares
from genaudit.stats.joint_correction import joint_shares, reader_of, taken_at_its_word
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.seeds import generator
from genaudit.values.counts import AttributeCounts, AttributeReading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Floats = NDArray[np.float64]
MARK = "| what |"
LEVEL = 1.959963984540054
ALPHA = np.array([[0.947, 0.053], [0.017, 0.983]])
"""The reader of the published example: P(read | true), rows are the truth."""
ORANGE = np.array([0.5, 0.5, 0.7, 0.3, 0.8, 0.2, 0.9, 0.1, 0.7, 0.3])
DIGITS = 0.974 * np.eye(10) + 0.026 / 9 * (1 - np.eye(10))
"""A reader of ten digits, wrong for 26 of 1,000."""
COLOURS = np.array([[0.98, 0.02], [0.03, 0.97]])
SURE = 10**8
"""Labelled images of each level of a reader that is as good as known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    what: str
    case: str
    method: str
    hits: int
    draws: int
    width: float

    def __str__(self) -> str:
        share = self.hits / self.draws
        error = 100 * (share * (1 - share) / self.draws) ** 0.5
        return f"| {self.what} | {self.case} | {self.method} | {100 * share:.1f} ± {error:.1f} | {self.width:.4f} |"


Interval = tuple[float, float]


def _row(what: str, case: str, method: str, truth: float, intervals: list[Interval]) -> Row:
    hits = sum(low <= truth <= high for low, high in intervals)
    width = float(np.mean([high - low for low, high in intervals]))
    return Row(what=what, case=case, method=method, hits=hits, draws=len(intervals), width=width)


def one_share(draws: int) -> Iterator[Row]:
    """The share of a class of two, by five intervals."""
    methods: dict[str, Callable[[NDArray[np.int64], NDArray[np.int64], np.random.Generator], Interval]] = {
        "as in a run (share_corrected)": _as_in_a_run,
        "delta method, normal": _normal,
        "sd of 30 resamples of 1,000 / √30 (CLEAM)": _resampled,
        "Wilson of the share as read": _as_read,
    }
    for n, labelled in ((9_000, SURE), (9_000, 500), (400, 500)):
        for truth in (0.5, 0.638, 0.9, 0.98):
            found: dict[str, list[Interval]] = {name: [] for name in methods}
            rng = generator(0, "one-share", n, labelled, str(truth))
            for _ in range(draws):
                seen = rng.multinomial(n, np.array([truth, 1 - truth]) @ ALPHA)
                confusion = _measured(ALPHA, labelled, rng)
                for name, method in methods.items():
                    found[name].append(method(seen, confusion, rng))
            known = "reader known" if labelled == SURE else f"reader from {labelled} a class"
            for name, intervals in found.items():
                yield _row("share of a class", f"p {truth:g}, n {n:,}, {known}", name, truth, intervals)


def _as_in_a_run(seen: NDArray[np.int64], confusion: NDArray[np.int64], _: np.random.Generator) -> Interval:
    joint = joint_shares([seen], taken_at_its_word(1), reader_of(confusion))
    interval, _ = joint.interval_of_level(0)
    return interval.low, interval.high


def _normal(seen: NDArray[np.int64], confusion: NDArray[np.int64], _: np.random.Generator) -> Interval:
    interval = corrected_shares(seen, confusion).interval(0)
    return interval.low, interval.high


def _resampled(seen: NDArray[np.int64], confusion: NDArray[np.int64], rng: np.random.Generator) -> Interval:
    """The published program: thirty samples of a thousand of the same labels, each corrected with measured rates."""
    right, rejected = confusion.diagonal() / confusion.sum(axis=1)
    shares = rng.binomial(1_000, seen[0] / seen.sum(), size=30) / 1_000
    corrected = (shares - (1 - rejected)) / (right + rejected - 1)
    half = LEVEL * corrected.std(ddof=1) / 30**0.5
    return float(corrected.mean() - half), float(corrected.mean() + half)


def _as_read(seen: NDArray[np.int64], _: NDArray[np.int64], __: np.random.Generator) -> Interval:
    interval = wilson_interval(int(seen[0]), int(seen.sum()))
    return interval.low, interval.high


def _measured(reader: Floats, labelled: int, rng: np.random.Generator) -> NDArray[np.int64]:
    if labelled == SURE:
        return np.rint(reader * SURE).astype(np.int64)
    return np.stack([rng.multinomial(labelled, row) for row in reader])


def a_table(draws: int) -> Iterator[Row]:
    """Every number of the audit of ten digits in two colours, of which 26 and 20 to 30 of 1,000 are misread."""
    room = np.minimum(ORANGE, 1 - ORANGE) * np.sign(ORANGE - 0.5)
    training = np.rint(np.stack([600 * ORANGE, 600 * (1 - ORANGE)], axis=1)).astype(np.int64)
    for n in (1_000, 10_000):
        for strength in (-0.5, 0.0, 0.4):
            orange = ORANGE + strength * room
            joint = np.stack([orange, 1 - orange], axis=1) / 10
            truths = _truths(joint, training)
            found: dict[str, list[Interval]] = {name: [] for name in truths}
            rng = generator(0, "table", n, str(strength))
            for _ in range(draws):
                for name, interval in _audited(joint, training, n, rng).items():
                    found[name].append(interval)
            for name, truth in truths.items():
                case = f"n {n:,}, links {strength:+g} of the room"
                if found[name]:
                    how = "as in a run" + ("" if len(found[name]) == draws else f", {len(found[name])} defined")
                    yield _row(name, case, how, truth, found[name])


def _truths(joint: Floats, training: NDArray[np.int64]) -> dict[str, float]:
    within = joint[:, 0] / joint.sum(axis=1)
    moved = (np.sign(ORANGE - 0.5) * (within - ORANGE))[ORANGE != 0.5]
    return {
        "bias_amplification, mean": float(moved.mean()),
        "bias_amplification, digit 6": float(moved[4]),
        "bias_amplification_mals": mals(training, joint).value,
        "leakage_amplification": leakage(joint) - leakage(training),
        "differential_fairness": differential_fairness(joint).epsilon,
    }


GROUPS = {
    "bias_amplification, mean": ("bias_amplification", "colour within digit"),
    "bias_amplification, digit 6": ("bias_amplification", "digit=6, colour=orange"),
    "bias_amplification_mals": ("bias_amplification_mals", "colour within digit"),
    "leakage_amplification": ("leakage_amplification", "colour within digit"),
    "differential_fairness": ("differential_fairness", "colour within digit"),
}


def _audited(joint: Floats, training: NDArray[np.int64], n: int, rng: np.random.Generator) -> dict[str, Interval]:
    seen = rng.multinomial(n, (DIGITS.T @ joint @ COLOURS).ravel()).reshape(joint.shape)
    table = AttributeCounts(
        t=_reading("digit", tuple("0123456789"), _measured(DIGITS, 200, rng)),
        a=_reading("colour", ("orange", "blue"), _measured(COLOURS, 1_000, rng)),
        generated=seen,
        training=training,
        confident=seen.sum(axis=1),
    )
    outcome = amplification((table,), options=AmplificationOptions(), rng=rng)
    every = {(value.name, value.estimate.group): value.estimate.interval for value in outcome.values}
    found = {name: every[key] for name, key in GROUPS.items() if key in every}  # undefined where a cell is empty
    return {name: (interval.low, interval.high) for name, interval in found.items() if interval}


def _reading(attribute: str, levels: tuple[str, ...], confusion: NDArray[np.int64]) -> AttributeReading:
    return AttributeReading(
        attribute=attribute, levels=levels, annotator="", method="a reader", confusion=confusion, measured_on="labels"
    )


def table(draws: int) -> str:
    """The whole table as Markdown."""
    head = f"{MARK} case | interval | holds, % | mean width |\n|---|---|---|---|---|"
    return "\n".join([head, *map(str, [*one_share(draws), *a_table(draws)])]) + "\n"


def main() -> None:
    """Print the table, or put it into the document in place of the one that stands there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    text = table(given.draws)
    print(text)
    if given.write:
        before = given.write.read_text(encoding="utf-8").partition(MARK)[0]
        given.write.write_text(before + text, encoding="utf-8")


if __name__ == "__main__":
    main()
