"""The matrix of what a translation changes: its cells are those of the record, its words blame no reader's error."""

from records import record, result

from genaudit_reports.content.flips import flip_tables
from genaudit_reports.content.groups import groups
from genaudit_reports.figures.flips import flip_figures


def of_level(level, read, truly, low):
    """Of images of 8 and 9: shares read as 8 and as 9 from translations and from true translations."""
    group = f"translation=a to b, digit={level}"
    details = {f"read_as_{name}": share for name, share in zip("89", read, strict=True)}
    details |= {f"true_translation_read_as_{name}": share for name, share in zip("89", truly, strict=True)}
    own = "89".index(level)
    changed, misread = 1 - read[own], 1 - truly[own]
    return (
        result("attribute_flip_share", changed, group=group, interval=(0, 1), details=details),
        result("attribute_flip_excess", changed - misread, group=group, interval=(low, 1)),
    )


def translated():
    everything = "translation=a to b, digit"
    return record(
        results=(
            result("attribute_flip_share", 0.1, group=everything, interval=(0.05, 0.2)),
            result("attribute_flip_excess", 0.08, group=everything, interval=(0.05, 0.1)),
            *of_level("8", (0.98, 0.02), (0.97, 0.03), low=-0.05),
            *of_level("9", (0.2, 0.8), (0.01, 0.99), low=0.1),
        ),
        failures=(),
    )


def test_cells_are_shares_of_the_translations_beside_those_of_the_true_ones():
    (table,) = flip_tables(translated())
    assert (table.direction, table.attribute, table.levels) == ("a to b", "digit", ("8", "9"))
    assert [[row.cell(level) for level in table.levels] for row in table.rows] == [
        [(0.98, 0.97), (0.02, 0.03)],
        [(0.2, 0.01), (0.8, 0.99)],
    ]


def test_only_what_the_reader_does_not_explain_is_called_changed():
    (table,) = flip_tables(translated())
    assert "in 1 of 2 levels changed more often than the reader errs. Most: 9" in table.finding.replace("\u00a0", " ")


def test_the_chart_has_a_cell_for_each_pair_and_its_table_all_numbers():
    (figure,) = flip_figures(translated())
    assert figure.name == "flips_a_to_b_digit"
    cells = {(one["shown"], one["read"]): one for one in figure.spec["data"]["values"]}
    assert (cells["9", "8"]["text"], cells["9", "8"]["more"], cells["9", "8"]["strength"]) == ("200", True, 1.0)
    assert not cells["8", "9"]["more"]
    assert figure.rows[1][:3] == ("9", "200 (truly 10)", "800 (truly 990)")


def test_numbers_of_levels_stand_in_the_chart_and_those_of_all_images_in_the_list():
    found = groups(translated())
    assert len(found.numbers) == 2


def test_more_levels_than_a_telephone_can_show_are_not_drawn():
    many = [str(number) for number in range(13)]
    share = {f"{name}{level}": 1 / 13 for level in many for name in ("read_as_", "true_translation_read_as_")}
    group = "translation=a to b, digit=0"
    both = (
        result("attribute_flip_share", 0.9, group=group, interval=(0, 1), details=share),
        result("attribute_flip_excess", 0.0, group=group, interval=(-1, 1)),
    )
    assert flip_figures(record(results=both, failures=())) == []
