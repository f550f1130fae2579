"""What a translation changes: told from what the reader misreads anyway, level by level, with an interval."""

import numpy as np
import pytest
from count_tables import values

from genaudit.audits.flips import flips
from genaudit.audits.options import FlipOptions
from genaudit.stats.seeds import generator
from genaudit.values.counts import FlipCounts
from genaudit.values.findings import Verdict

LEVELS = ("8", "9")


def counts(rows, **changes):
    """Of each level ``(kept and right, kept and misread, changed and right, changed and misread)``."""
    table = np.zeros((2, 2, 2), int)
    for level, (held, misread, changed, both) in enumerate(rows):
        other = 1 - level
        table[level, level, level], table[level, level, other] = held, misread
        table[level, other, level], table[level, other, other] = changed, both
    usual = {"attribute": "digit", "levels": LEVELS, "direction": "a to b", "annotator": "reader", "method": "a reader"}
    return FlipCounts(counts=table, **(usual | changes))


def audit(table, **options):
    return flips((table,), options=FlipOptions(**options), rng=generator(0, "flips"))


def test_what_the_reader_misreads_of_true_translations_too_is_not_the_models():
    """10 of 200 eights are read as nines, all of them in their true translations as well."""
    outcome = audit(counts([(190, 0, 0, 10), (200, 0, 0, 0)]))
    assert values(outcome, "attribute_flip_share")["translation=a to b, digit=8"].value == 0.05
    excess = values(outcome, "attribute_flip_excess")["translation=a to b, digit=8"]
    assert excess.value == 0
    assert excess.interval.low < 0 < excess.interval.high
    assert "which the reader's errors may explain" in outcome.findings[0].statement
    assert "In none of 2 levels" in outcome.findings[0].statement


def test_what_the_model_changes_is_counted_in_its_level_and_said():
    """40 of 200 nines become eights that truly would still be read as nines."""
    outcome = audit(counts([(195, 0, 0, 5), (155, 0, 40, 5)]))
    excess = values(outcome, "attribute_flip_excess")
    assert excess["translation=a to b, digit=9"].value == pytest.approx(0.2)
    assert excess["translation=a to b, digit=9"].interval.low > 0.14
    assert excess["translation=a to b, digit=8"].interval.low <= 0
    assert excess["translation=a to b, digit"].value == pytest.approx(0.1)
    overview, nines = outcome.findings
    assert overview.statement.endswith("Beyond the reader's errors in 1 of 2 levels (9).")
    assert nines.statement.startswith("Of 1,000 images of digit 9 translated a to b, about 225 are read as another")
    assert nines.statement.endswith("Most of them as 8.")


def test_the_row_of_the_matrix_stands_beside_the_share():
    share = values(audit(counts([(190, 2, 3, 5), (200, 0, 0, 0)])), "attribute_flip_share")
    details = share["translation=a to b, digit=8"].details
    assert (details["read_as_8"], details["read_as_9"]) == (192 / 200, 8 / 200)
    assert (details["true_translation_read_as_8"], details["true_translation_read_as_9"]) == (193 / 200, 7 / 200)


def test_images_of_one_source_widen_the_intervals_and_leave_the_values():
    alone, together = (
        values(audit(counts([(150, 5, 40, 5), (200, 0, 0, 0)], **more)), "attribute_flip_excess")
        for more in ({}, {"paired_design_effect": 4.0})
    )
    one, other = (found["translation=a to b, digit=8"] for found in (alone, together))
    assert one.value == other.value
    assert other.interval.width == pytest.approx(2 * one.interval.width, rel=0.05)


def test_a_level_that_few_images_show_is_listed_and_not_estimated():
    outcome = audit(counts([(5, 0, 0, 4), (200, 0, 0, 0)]))
    assert "translation=a to b, digit=8" not in values(outcome, "attribute_flip_excess")
    (missing,) = outcome.unavailable
    assert (missing.group, missing.reason_code) == ("translation=a to b, digit=8", "below_min_n")
    assert "9 translated images show this level" in missing.reason


@pytest.mark.parametrize(
    ("tolerance", "verdict"), [(0.5, Verdict.PASS), (0.05, Verdict.FAIL), (0.2, Verdict.INCONCLUSIVE)]
)
def test_a_declared_tolerance_is_judged_on_the_whole_interval(tolerance, verdict):
    outcome = audit(counts([(200, 0, 0, 0), (160, 0, 40, 0)]), tolerance=tolerance, tolerance_by="the editors")
    nines = next(found for found in outcome.findings if found.group == "translation=a to b, digit=9")
    assert nines.verdict is verdict
    assert "set by the editors" in nines.rule


def test_more_changed_images_are_a_larger_excess():
    found = [
        values(audit(counts([(200 - k, 0, k, 0), (200, 0, 0, 0)])), "attribute_flip_excess")[
            "translation=a to b, digit"
        ]
        for k in (0, 10, 40)
    ]
    assert [one.value for one in found] == pytest.approx([0, 0.025, 0.1])


@pytest.mark.parametrize("wrong", [{"min_count": 0}, {"level": 1.0}, {"tolerance": 1.0}])
def test_options_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        FlipOptions(**wrong)


def test_the_share_says_why_it_is_not_the_flip_rate_of_the_same_run():
    caveats = audit(counts([(190, 0, 0, 10), (200, 0, 0, 0)])).findings[0].caveats
    assert any("attribute_flip_rate holds it against what is read from the image itself" in said for said in caveats)
