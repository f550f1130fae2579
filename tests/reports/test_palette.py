import itertools

import pytest

from genaudit_reports.palette import MARKS, SURFACES, TEXTS, style_variables

THEMES = ("light", "dark")


def luminance(colour):
    """Relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    levels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("text", "surface", "theme"), [*itertools.product(TEXTS, SURFACES, THEMES)])
def test_every_text_is_readable_on_every_surface(text, surface, theme):
    assert contrast(getattr(TEXTS[text], theme), getattr(SURFACES[surface], theme)) >= 4.5


@pytest.mark.parametrize(("mark", "theme"), [*itertools.product(MARKS, THEMES)])
def test_every_mark_is_seen_on_cards(mark, theme):
    assert contrast(getattr(MARKS[mark], theme), getattr(SURFACES["card"], theme)) >= 3


def test_marks_are_the_first_four_of_okabe_and_ito():
    assert [shade.light for shade in MARKS.values()] == ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]


def test_every_role_has_its_own_light_colour_so_that_charts_can_be_mapped():
    shades = [shade.light for shade in (*SURFACES.values(), *TEXTS.values(), *MARKS.values())]
    assert len(set(shades)) == len(shades)


def test_browsers_without_light_dark_get_the_light_theme():
    assert style_variables().startswith(":root{--page:#fbfaf7;")
