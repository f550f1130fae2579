"""How groups are told apart in a chart: by colour, shape and dash, so that no colour has to say it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from genaudit_reports.figures.figure import Key
from genaudit_reports.palette import MARKS

if TYPE_CHECKING:
    from genaudit_reports.figures.theme import Spec


class GroupMark(NamedTuple):
    """The mark of one group."""

    role: str
    colour: str
    shape: str
    sign: str
    dash: list[int]


GROUP_MARKS = (
    GroupMark("blue", MARKS["blue"].light, "circle", "●", [1, 0]),
    GroupMark("vermilion", MARKS["vermilion"].light, "diamond", "◆", [7, 3]),
    GroupMark("green", MARKS["green"].light, "square", "■", [2, 3]),
    GroupMark("purple", MARKS["purple"].light, "triangle-up", "▲", [8, 3, 2, 3]),
)
"""As many groups as one chart tells apart."""


def shown_of(drawn: int, groups: int) -> str:
    """A sentence for the caption of a chart that cannot show every group.

    >>> shown_of(4, 8), shown_of(2, 2)
    (' The first 4 of 8 groups are drawn.', '')
    """
    return f" The first {drawn} of {groups} groups are drawn." if drawn < groups else ""


def keys_of(labels: list[str]) -> tuple[Key, ...]:
    """The key of a chart with one mark a group."""
    return tuple(
        Key(sign=mark.sign, role=mark.role, text=label) for mark, label in zip(GROUP_MARKS, labels, strict=False)
    )


def by_group(labels: list[str], part: Literal["colour", "shape", "dash"]) -> Spec:
    """The channel of a chart that tells the field ``group`` apart by one part of the marks.

    >>> by_group(["women", "men"], "shape")["scale"]
    {'domain': ['women', 'men'], 'range': ['circle', 'diamond']}
    """
    scale = {"domain": labels, "range": [getattr(mark, part) for mark in GROUP_MARKS[: len(labels)]]}
    return {"field": "group", "type": "nominal", "legend": None, "scale": scale}
