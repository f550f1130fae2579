"""Amplification over sets of labels: the published measure, its size where it is known, and when there is none."""

from itertools import combinations

import numpy as np
import pytest
from count_tables import values
from group_tables import BLURRED, SHARP, reading

from genaudit.audits.amplification import amplification
from genaudit.audits.options import AmplificationOptions
from genaudit.audits.set_amplification import set_amplification
from genaudit.stats.amplification import mals
from genaudit.stats.seeds import generator
from genaudit.values.counts import LevelCounts
from genaudit.values.findings import Verdict

DIGITS, STROKES, COLOURS = ("0", "1"), ("light", "heavy"), ("orange", "blue")
GROUP = "colour within sets of digit and stroke"
EVEN = np.full((2, 2, 2), 250)
TRAINING = np.array([[[150, 100], [150, 100]], [[100, 150], [100, 150]]])
"""Digit, stroke, colour: 60 % of 0 are orange and 60 % of 1 blue, whatever the strokes."""


def counted(generated, training=TRAINING, stroke=SHARP, colour=SHARP):
    place = np.argwhere(np.ones((2, 2, 2)))
    return LevelCounts(
        readings=(
            reading("digit", DIGITS, SHARP),
            reading("stroke", STROKES, stroke),
            reading("colour", COLOURS, colour),
        ),
        levels=place,
        generated=np.asarray(generated)[tuple(place.T)],
        training=np.asarray(training)[tuple(place.T)],
    )


def audit(counts, **options):
    found, findings, missing = set_amplification(counts, "colour", AmplificationOptions(**options))
    return (found[0].estimate if found else None), findings, missing


def rows(table):
    """The images of a table: which of the four labels each shows, and its colour."""
    cells = np.repeat(np.argwhere(np.ones((2, 2, 2))), np.asarray(table).ravel(), axis=0)
    labels = np.stack([cells[:, axis] == level for axis in (0, 1) for level in (0, 1)], axis=1)
    return labels, cells[:, 2]


def published_changes(training, generated):
    """Signed changes of Zhao et al. (2023), "Men also do laundry": each set of labels that occur together is an object.

    Of one or two labels, with at least 10 images that show it on either side.
    """
    sides = [rows(training), rows(generated)]
    objects = []
    for chosen in (*combinations(range(4), 1), *combinations(range(4), 2)):
        counts = [np.bincount(colours[labels[:, chosen].all(axis=1)], minlength=2) for labels, colours in sides]
        if min(count.sum() for count in counts) >= 10:
            objects.append(counts)
    changes = mals(*zip(*objects, strict=True)).changes
    return changes[np.isfinite(changes)]


def test_it_is_the_published_measure_where_readers_do_not_err():
    generated = [[[180, 70], [120, 130]], [[90, 160], [140, 110]]]
    published = published_changes(TRAINING, generated)
    found, _, _ = audit(counted(generated))
    assert found.value == pytest.approx(published.mean(), abs=1e-12)
    assert found.details["mean_absolute"] == pytest.approx(np.abs(published).mean(), abs=1e-12)
    assert found.details["variance"] == pytest.approx(published.var(), abs=1e-12)
    assert found.details["sets"] == len(published)


def test_what_happens_where_two_labels_meet_is_seen_although_no_pair_shows_it():
    """Of heavy zeros 80 % are orange, of light ones 40 %: of all zeros 60 %, as in training; likewise ones."""
    meeting = [[[100, 150], [200, 50]], [[150, 100], [50, 200]]]
    found, findings, _ = audit(counted(meeting))
    assert found.value == pytest.approx(0, abs=1e-12)
    assert found.details["mean_absolute"] == pytest.approx(4 * 0.2 / 6, abs=1e-12)  # 2 sets of a digit alone: 0
    assert found.details["mean_absolute"] > 3 * found.details["mean_absolute_by_chance"]
    assert "whatever the direction, sets moved by 133 of 1,000" in findings[0].statement


def test_a_link_that_became_stronger_in_every_set_is_measured_at_its_size():
    stronger = [[[175, 75], [175, 75]], [[75, 175], [75, 175]]]
    found, findings, _ = audit(counted(stronger))
    assert found.value == pytest.approx(0.1, abs=1e-12)
    assert found.interval.low < 0.1 < found.interval.high
    assert found.details["stronger"] == 6  # two digits, and each with either stroke; strokes alone have no direction
    assert "more generated than training images have the colour that prevails" in findings[0].statement


def test_misreadings_of_colour_and_stroke_are_taken_out():
    truth = 10_000 * np.array([[[175, 75], [175, 75]], [[75, 175], [75, 175]]]) / 1000
    blurred = np.array(BLURRED) / 1000
    seen = np.rint(np.einsum("ijk,jb,kc->ibc", truth, blurred, blurred)).astype(int)
    corrected, _, _ = audit(counted(seen, stroke=BLURRED, colour=BLURRED))
    plain, _, _ = audit(counted(seen, colour=None))
    assert corrected.value == pytest.approx(0.1, abs=2e-3)  # counts are rounded to whole images
    assert plain.value < 0.09
    assert "uncorrected" in plain.note
    assert plain.parameters["corrected"] is False
    assert corrected.interval.width > plain.interval.width


def test_a_tolerance_is_judged_on_the_whole_interval_and_never_on_labels_as_read():
    stronger = [[[1750, 750], [1750, 750]], [[750, 1750], [750, 1750]]]
    declared = {"reference": "training", "tolerance": 0.05}
    assert audit(counted(stronger), **declared)[1][0].verdict is Verdict.FAIL
    assert audit(counted(10 * TRAINING), **declared)[1][0].verdict is Verdict.PASS
    assert audit(counted(stronger, colour=None), **declared)[1][0].verdict is Verdict.DESCRIBED


def test_the_floors_stand_beside_it():
    found, _, _ = audit(counted(TRAINING, colour=BLURRED))
    assert 0 < found.details["bayes_floor"] < 0.02
    assert found.details["by_chance"] > 0


def test_sets_that_few_images_show_do_not_count():
    generated = TRAINING.copy()
    generated[0, 0] = 4, 4
    found, _, _ = audit(counted(generated))
    assert found.details["sets"] == 5


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        (LevelCounts(
            readings=(reading("digit", DIGITS, SHARP), reading("colour", COLOURS, SHARP)),
            levels=np.array([[0, 0], [1, 1]]), generated=np.array([50, 50]), training=np.array([50, 50]),
        ), "needs-labels"),
        (counted(np.full((2, 2, 2), 1)), "below_min_n"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_says_why(counts, code):
    found, findings, missing = audit(counts)
    assert (found, findings) == (None, [])
    assert [item.reason_code for item in missing] == [code]


def test_attributes_of_very_many_levels_are_not_corrected_and_not_counted():
    many = tuple(map(str, range(600)))
    counts = LevelCounts(
        readings=(reading("digit", many, None), reading("stroke", STROKES, SHARP), reading("colour", COLOURS, SHARP)),
        levels=np.array([[0, 0, 0]]), generated=np.array([50]), training=np.array([50]),
    )  # fmt: skip
    assert [item.reason_code for item in audit(counts)[2]] == ["too-many-levels"]


def test_the_audit_of_amplification_asks_it_once_for_each_attribute():
    from group_tables import table

    two = table([[150, 100], [100, 150]], [[300, 200], [200, 300]], confusion=SHARP)
    outcome = amplification((two, two), counted(TRAINING), options=AmplificationOptions(), rng=generator(0, "audit"))
    assert set(values(outcome, "bias_amplification_multi")) == {GROUP}
