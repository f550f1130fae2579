"""Count tables: the only thing that an audit of groups needs to see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genaudit.values.scores import ScoreCounts

MISSING_LEVEL = "(missing)"
"""The group or stratum of people of whom it is not known: shown like any other, never dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeReading:
    """How well an annotator reads an attribute, measured on labelled images that it was not trained on."""

    attribute: str
    levels: tuple[str, ...]
    annotator: str
    method: str
    """How labels are made, as a sentence's subject: ``a rule on pixels``, ``a classifier``."""
    confusion: NDArray[np.int64] | None
    """``(levels, levels)``: rows are the truth, columns the reading; counts of images. None if it was not measured."""
    measured_on: str
    """Data set and split of the confusion matrix; empty if there is none."""
    design_effect: float = 1.0
    """Labelled images that count as one, because several were made from one source and are read alike."""
    sure: float | None = None
    """Share of these images of which one level has a probability above 0.9; None if it was not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeCounts:
    """Joint counts of two attributes among generated images and in the training data.

    ``t`` is the attribute that defines the rows (a digit, an occupation), ``a`` the one whose share is asked (a
    colour, a group).
    """

    t: AttributeReading
    a: AttributeReading
    generated: NDArray[np.int64]
    """``(levels of t, levels of a)``: as annotated, uncorrected."""
    training: NDArray[np.int64]
    """``(levels of t, levels of a)``: true labels of the training split."""
    confident: NDArray[np.int64]
    """``(levels of t,)``: generated images whose reading of t has a probability above ``confidence``."""
    confidence: float = 0.9
    """0 where nobody knows how sure readings are, because labels were assigned or the row is of no attribute."""
    asked: NDArray[np.int64] | None = None
    """``(levels of t, levels of a)``: what a generator that was asked for a level of t gave, a as annotated; None if
    nothing was asked for."""
    asked_attribute: NDArray[np.int64] | None = None
    """``(levels of t, levels of a)``: what a generator that was asked for a level of a gave, t as annotated."""
    undecided: int = 0
    """Generated images from which no level of a could be told rather than another, such as black ones of a colour: they
    count as the first level."""
    compared: str = "training"
    """What ``training`` holds, as an adjective: ``training``, or ``reference`` where no training data are known."""

    @property
    def alone(self) -> bool:
        """Whether ``a`` alone was read, so that nothing can be said within levels of another attribute."""
        return not self.t.attribute


def single_attribute(
    reading: AttributeReading, generated: NDArray[np.int64], training: NDArray[np.int64]
) -> AttributeCounts:
    """A table of one row: the counts ``(levels,)`` of an attribute alone, whatever else the images show."""
    everything = AttributeReading(
        attribute="",
        levels=("any",),
        annotator="none",
        method="nobody",
        confusion=np.ones((1, 1), dtype=np.int64),
        measured_on="",
    )
    return AttributeCounts(
        t=everything,
        a=reading,
        generated=generated[None],
        training=training[None],
        confident=generated.sum(keepdims=True),
        confidence=0.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCounts:
    """How many images show each combination of the levels of all attributes that are read and known."""

    readings: tuple[AttributeReading, ...]
    """One for each attribute."""
    levels: NDArray[np.int64]
    """``(m, attributes)``: the combinations that occur, as indices of levels; in lexical order."""
    generated: NDArray[np.int64]
    """``(m,)`` generated images, as annotated, uncorrected."""
    training: NDArray[np.int64]
    """``(m,)`` images of the training split, by their true labels."""
    undecided: tuple[int, ...] = ()
    """Of each attribute, as of ``AttributeCounts``; empty if none."""
    compared: str = "training"
    """As of ``AttributeCounts``."""
    asked: str = ""
    """The attribute of which a generator was asked for a level; empty if of none."""
    asked_levels: NDArray[np.int64] | None = None
    """``(k, 1 + attributes)``: the level that was asked for, and those that the image is read as."""
    asked_counts: NDArray[np.int64] | None = None
    """``(k,)`` generated images."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(reading.attribute for reading in self.readings)


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncatedCounts:
    """One attribute of images whose styles were moved towards their mean by several factors."""

    reading: AttributeReading
    truncations: tuple[float, ...]
    """Factors: 0 all at the mean style, 1 as drawn."""
    counts: NDArray[np.int64]
    """``(truncations, levels)``: as annotated, uncorrected."""
    training: NDArray[np.int64]
    """``(levels,)``: true labels of the training split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconstructedCounts:
    """Two attributes of held-out images, as they are known, read from the images and from their reconstructions."""

    t: str
    a: str
    task: NDArray[np.int64]
    """``(A, T, T)`` images: their true a, the t that is read from them, and the t read from the reconstruction."""
    attribute: NDArray[np.int64]
    """``(T, A, A)``: their true t, the a that is read from them, and the a read from the reconstruction."""
    training: NDArray[np.int64]
    """``(T, A)``: true labels of the training split."""
    task_design_effect: float = 1.0
    """Images that count as one in ``task``, because several were made from one source."""
    attribute_design_effect: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipCounts:
    """What an attribute that a translation should leave alone is read as, after it and in the true translation."""

    attribute: str
    levels: tuple[str, ...]
    direction: str
    """``orange to blue``."""
    counts: NDArray[np.int64]
    """``(k, k, k)`` images: the level that they show, the one that is read from the translation, and the one that is
    read from the true translation."""
    annotator: str
    method: str
    """How levels are read, as a sentence's subject."""
    design_effect: float = 1.0
    """Images that count as one in a share, because several were made from one source and are read alike."""
    paired_design_effect: float = 1.0
    """Likewise in the difference of translations and true translations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTable:
    """Counts of group × truth × decision × stratum: all that an audit of a decision table sees.

    Raises:
        ValueError: A shape that does not fit the names, repeated names, or counts that are negative or not finite.

    >>> table = CountTable(
    ...     group="race", groups=("Black", "White"), truth="reoffended", decision="flagged",
    ...     counts=np.array([[[[990.0, 805], [532, 1369]], [[1139, 349], [461, 505]]]]),
    ... )
    >>> table.confusion[0].tolist()  # rows: truth no, yes; columns: decision no, yes
    [[990.0, 805.0], [532.0, 1369.0]]
    """

    group: str
    """Name of the attribute; of an intersection, the names joined by `` × ``."""
    groups: tuple[str, ...]
    """Its levels; people without one are the level ``(missing)``."""
    truth: str
    """What was the case; empty if nobody knows it (admissions, sentences): all then stand under truth = no."""
    decision: str
    """What was decided or predicted."""
    counts: NDArray[np.float64]
    """``(strata, groups, truth, decision)``; truth and decision in the order no, yes; rows may be weighted."""
    stratum: str = ""
    """Name of what was held fixed; empty if nothing was."""
    strata: tuple[str, ...] = ("",)
    crossed: tuple[str, ...] = ()
    """The attributes that ``group`` is made of, if they are several."""
    group_levels: tuple[tuple[str, ...], ...] = ()
    """Of each group its level of every attribute of ``crossed``."""
    held: tuple[str, ...] = ()
    """The variables that ``stratum`` is made of, if they are several."""
    levels: tuple[tuple[str, ...], ...] = ()
    """Of each stratum its level of every variable of ``held``."""
    weighted: bool = False
    """Whether the counts are sums of weights and not numbers of rows."""
    positive_truth: str = "yes"
    """The value of the column that counts as truth = yes."""
    positive_decision: str = "yes"
    """Empty if the decision is a score at or above a threshold, whose name says it: ``risk ≥ 5``."""
    squares: NDArray[np.float64] | None = None
    """Sums of squared weights, of the shape of ``counts``: how many rows a sum of weights is worth (Kish); None if not
    weighted, or if nobody kept them, in which case the numbers of a weighted table have no intervals."""
    source: str = ""
    """Where the table comes from: file, embedded table or run."""
    caveats: tuple[str, ...] = ()
    """What a reader must know of this table before any number of it."""
    scores: ScoreCounts | None = None
    """The same people by their score, where the decision was made from one."""
    incomplete: NDArray[np.float64] | None = None
    """``(groups, truth, decision)``, both in the order no, yes, unknown: people who are not in ``counts`` because truth
    or decision is unknown; None if there are none."""

    def __post_init__(self) -> None:
        shape = (len(self.strata), len(self.groups), 2, 2)
        if self.counts.shape != shape:
            raise ValueError(f"counts of shape {shape} are needed for these names, not {self.counts.shape}")
        if len(set(self.groups)) < len(self.groups) or len(set(self.strata)) < len(self.strata):
            raise ValueError("names of groups and of strata may not repeat")
        _check_levels("stratum", self.held, self.levels, self.strata)
        _check_levels("group", self.crossed, self.group_levels, self.groups)
        if not np.isfinite(self.counts).all() or (self.counts < 0).any():
            raise ValueError("counts are finite and not negative")
        if self.squares is not None and (self.squares.shape != shape or not (self.squares >= 0).all()):
            raise ValueError(f"squares of shape {shape}, not negative, are needed")
        if self.incomplete is not None and self.incomplete.shape != (len(self.groups), 3, 3):
            raise ValueError(f"incomplete people of shape {(len(self.groups), 3, 3)} are needed")
        if self.scores is not None and len(self.scores.people) != len(self.groups):
            raise ValueError(f"scores of {len(self.groups)} groups are needed, not of {len(self.scores.people)}")
        if self.scores is not None and self.weighted and self.scores.weight_squares is None:
            raise ValueError("scores of a weighted table need the squared weights")
        if not self.truth and self.counts[:, :, 1].any():
            raise ValueError("nobody can stand under truth = yes in a table without a truth")

    @property
    def has_truth(self) -> bool:
        """Whether the truth is known: without it only what was decided can be compared."""
        return bool(self.truth)

    @property
    def flag(self) -> str:
        """A positive decision as sentences say it: ``flagged = yes``, or ``risk ≥ 5``."""
        return f"{self.decision} = {self.positive_decision}" if self.positive_decision else self.decision

    @property
    def no_flag(self) -> str:
        """The opposite: ``flagged ≠ yes``, or ``risk < 5``."""
        if self.positive_decision:
            return f"{self.decision} ≠ {self.positive_decision}"
        return " < ".join(self.decision.rsplit(" ≥ ", 1))

    @property
    def fact(self) -> str:
        """A positive truth as sentences say it: ``reoffended = yes``."""
        return f"{self.truth} = {self.positive_truth}"

    @property
    def no_fact(self) -> str:
        """The opposite: ``reoffended ≠ yes``."""
        return f"{self.truth} ≠ {self.positive_truth}"

    @property
    def confusion(self) -> NDArray[np.float64]:
        """``(groups, truth, decision)``: summed over the strata."""
        return np.asarray(self.counts.sum(axis=0), dtype=np.float64)

    @property
    def total(self) -> float:
        """Everyone in the table."""
        return float(self.counts.sum())


def _check_levels(what: str, names: tuple[str, ...], levels: tuple[tuple[str, ...], ...], of: tuple[str, ...]) -> None:
    if names and (len(levels) != len(of) or {*map(len, levels)} != {len(names)}):
        raise ValueError(f"every {what} has one level of each variable that it is made of")
