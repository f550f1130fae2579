"""The colours of the page, for light and for dark, in one place: the style sheet and the charts are made from it.

Marks of charts are the first four colours of Okabe and Ito (2008), which people with colour-vision deficiencies tell
apart; the dark theme has lighter shades of the same hues. Shape, dash or a word always repeats what a colour says.
"""

from __future__ import annotations

from typing import NamedTuple


class Shade(NamedTuple):
    """One role in both themes, as ``#rrggbb``."""

    light: str
    dark: str


SURFACES = {
    "page": Shade("#fbfaf7", "#111318"),
    "card": Shade("#ffffff", "#191c23"),
    "inset": Shade("#f3f1eb", "#21252e"),
}
"""What lies behind text and marks."""

TEXTS = {
    "ink": Shade("#1c1e24", "#eceef2"),
    "muted": Shade("#575c66", "#a9aeba"),
    "link": Shade("#0b5590", "#83c3f7"),
    "attention": Shade("#964000", "#ffb27a"),
    "calm": Shade("#075985", "#8ccbf2"),
}
"""At least 4.5:1 on every surface (WCAG 2.2, 1.4.3)."""

MARKS = {
    "blue": Shade("#0072b2", "#56a9e4"),
    "vermilion": Shade("#d55e00", "#f58a4b"),
    "green": Shade("#009e73", "#35c299"),
    "purple": Shade("#cc79a7", "#e2a1c6"),
}
"""At least 3:1 on cards, where charts lie (WCAG 2.2, 1.4.11)."""

LINES = {"hairline": Shade("#e3e0d8", "#323742"), "track": Shade("#dedbd2", "#3b414d")}
"""Rules and grids, which carry no information of their own."""

ROLES = {**SURFACES, **TEXTS, **MARKS, **LINES}


def style_variables() -> str:
    """Custom properties for both themes; a browser without ``light-dark()`` gets the light one."""
    light = "".join(f"--{role}:{shade.light};" for role, shade in ROLES.items())
    both = "".join(f"--{role}:light-dark({shade.light},{shade.dark});" for role, shade in ROLES.items())
    return f":root{{{light}}}\n@supports (color:light-dark(#000,#fff)){{:root{{{both}}}}}\n"


def themed(colour: str) -> str:
    """The custom property that stands for a light colour of a chart; the colour itself where there is none.

    >>> themed("#0072b2")
    'var(--blue,#0072b2)'
    """
    for role, shade in ROLES.items():
        if shade.light == colour.lower():
            return f"var(--{role},{shade.light})"
    return colour
