"""The embedded data's shares of colour are known: the audits find them, and what is injected, in real images."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from count_tables import values

from genaudit.annotators import colour_rule, digit_classifier, genaudit_annotators, stroke_rule
from genaudit.audits.amplification import amplification
from genaudit.audits.options import AmplificationOptions, RepresentationOptions
from genaudit.audits.representation import representation
from genaudit.datasets import COLORED_DIGITS
from genaudit.datasets.colored_digits import ORANGE_SHARE, ColoredDigits
from genaudit.extractors import digits as digits_extractor
from genaudit.plugin.options import NoOptions
from genaudit.probes.attributes import attribute_counts, level_counts
from genaudit.probes.context import ImageReadings
from genaudit.stats.seeds import generator

DATA = ColoredDigits()
SHARES = np.array(ORANGE_SHARE)


@cache
def _extractor():
    return digits_extractor.build(NoOptions(), torch.device("cpu"))


def readings(images, split=None):
    """What extractor and annotators say of images, as the probes keep it."""
    outputs = {name: found.numpy() for name, found in _extractor().extract(torch.from_numpy(images)).items()}
    attributes = {
        "digit": digit_classifier.build(NoOptions()).annotate(images, outputs),
        "colour": colour_rule.build(NoOptions()).annotate(images, outputs),
        "stroke": stroke_rule.build(NoOptions()).annotate(images, outputs),
    }
    return ImageReadings(
        outputs=outputs,
        attributes=attributes,
        first_images=images[:1],
        labels={} if split is None else split.labels,
        clusters=None if split is None else split.clusters,
    )


@cache
def reference():
    split = DATA.split("evaluation")
    return readings(split.images, split)


@cache
def holdout_in_both_colours():
    """The readings of every held-out image, and those of the same images in the other colour, with their digits."""
    digits, strokes, found = [], [], {"orange": [], "blue": []}
    for source, target in (("orange", "blue"), ("blue", "orange")):
        one, other = DATA.translation_pairs("holdout", source, target)
        digits.append(one.labels["digit"])
        strokes.append(one.labels["stroke"])
        found[source].append(one.images)
        found[target].append(other.images)
    known = np.concatenate(digits), np.concatenate(strokes)
    return known, {name: readings(np.concatenate(parts)) for name, parts in found.items()}


def counted(generated, probe=attribute_counts):
    names = {spec.name: spec for spec in genaudit_annotators()}
    context = SimpleNamespace(
        dataset_spec=COLORED_DIGITS,
        annotators={name: (names[chosen], None) for name, chosen in COLORED_DIGITS.annotators.items()},
        split=DATA.split,
        given={},
        mix=lambda: (DATA.split("train"), "training"),
    )
    return probe(context, generated, reference()).value


def drawn(shares, n, seed):
    """A generator's images: held-out digits, orange with the given probability, read by the real annotators.

    ``shares`` are those of each digit ``(10,)``, or of each digit and stroke ``(10, 2)``.
    """
    (digits, strokes), read = holdout_in_both_colours()
    rng = generator(seed, "drawn")
    rows = rng.integers(len(digits), size=n)
    orange = rng.random(n) < (shares[digits[rows]] if shares.ndim == 1 else shares[digits[rows], strokes[rows]])
    attributes = {
        name: np.where(orange[:, None], read["orange"].attributes[name][rows], read["blue"].attributes[name][rows])
        for name in ("digit", "colour", "stroke")
    }
    return ImageReadings(outputs={}, attributes=attributes, first_images=np.zeros((1, 3, 16, 16), np.uint8))


def test_the_true_shares_of_held_out_renders_lie_within_the_intervals():
    split = DATA.split("holdout")
    outcome = representation(
        counted(readings(split.images)), options=RepresentationOptions(), rng=generator(0, "audit")
    )
    corrected = values(outcome, "share_corrected")
    for digit, share in enumerate(SHARES):
        interval = corrected[f"digit={digit}, colour=orange"].interval
        assert interval.low <= share <= interval.high, digit


def test_held_out_renders_amplify_nothing():
    split = DATA.split("holdout")
    outcome = amplification(counted(readings(split.images)), options=AmplificationOptions(), rng=generator(0, "audit"))
    found = values(outcome, "bias_amplification")["colour within digit"]
    assert found.interval.low <= 0 <= found.interval.high


@pytest.mark.parametrize("strength", [-1.0, -0.5, 0.0, 0.5])
def test_an_injected_amplification_is_measured_at_its_size(strength):
    """Shares moved away from one half by a part of the way to 0 or 1, or back towards one half and beyond."""
    room = np.minimum(SHARES, 1 - SHARES) * np.sign(SHARES - 0.5)
    injected = SHARES + strength * room
    truth = np.mean((np.sign(SHARES - 0.5) * (injected - SHARES))[SHARES != 0.5])
    outcome = amplification(
        counted(drawn(injected, 10_000, seed=1)), options=AmplificationOptions(), rng=generator(0, "audit")
    )
    found = values(outcome, "bias_amplification")["colour within digit"]
    assert found.value == pytest.approx(truth, abs=0.015)  # its standard error is 0.005: three of them
    assert found.interval.low - 0.005 <= truth <= found.interval.high + 0.005


@pytest.mark.parametrize("strength", [0.5, -2.0])
def test_the_correction_takes_out_most_of_what_misread_digits_hide(strength):
    """Mean over 20 draws. What is left comes from the 400 source digits on which the reader was measured."""
    injected = SHARES + strength * np.minimum(SHARES, 1 - SHARES) * np.sign(SHARES - 0.5)
    truth = np.mean((np.sign(SHARES - 0.5) * (injected - SHARES))[SHARES != 0.5])
    corrected, plain = [], []
    for seed in range(20):
        (table,) = counted(drawn(injected, 10_000, seed=seed))
        outcome = amplification((table,), options=AmplificationOptions(), rng=generator(0, "audit"))
        corrected.append(values(outcome, "bias_amplification")["colour within digit"].value)
        within = table.generated[:, 0] / table.generated.sum(axis=1)
        plain.append(np.mean((np.sign(SHARES - 0.5) * (within - SHARES))[SHARES != 0.5]))
    assert abs(np.mean(corrected) - truth) < 0.7 * abs(np.mean(plain) - truth)


def known_changes(shares):
    """Changes of all sets of one or two labels that a generator with these shares ``(10, 2)`` makes, by arithmetic."""
    (digits, strokes), _ = holdout_in_both_colours()
    train = DATA.split("train").labels
    changes = []
    chosen = [(d, None) for d in range(10)] + [(None, s) for s in (0, 1)] + [(d, s) for d in range(10) for s in (0, 1)]
    for d, s in chosen:
        inside = np.ones(len(digits), bool) if d is None else digits == d
        known = np.ones(len(train["digit"]), bool) if d is None else train["digit"] == d
        if s is not None:
            inside, known = inside & (strokes == s), known & (train["stroke"] == s)
        orange = np.mean(train["colour"][known] == 0)
        if orange != 0.5:
            moved = np.mean(shares[digits[inside], strokes[inside]]) - orange
            changes.append(moved if orange > 0.5 else -moved)
    return np.array(changes)


@pytest.mark.parametrize("strength", [-0.5, 0.0, 0.5])
def test_an_injected_amplification_over_sets_of_labels_is_measured_at_its_size(strength):
    """Only heavy digits are amplified: a model that links where two labels meet."""
    room = np.minimum(SHARES, 1 - SHARES) * np.sign(SHARES - 0.5)
    injected = np.stack([SHARES, SHARES + strength * room], axis=1)
    truth = known_changes(injected)
    generated = drawn(injected, 10_000, seed=2)
    outcome = amplification(
        counted(generated),
        counted(generated, level_counts),
        options=AmplificationOptions(),
        rng=generator(0, "audit"),
    )
    found = values(outcome, "bias_amplification_multi")["colour within sets of digit and stroke"]
    assert found.details["sets"] == len(truth)
    assert found.value == pytest.approx(truth.mean(), abs=0.012)  # its standard error is 0.004: three of them
    assert found.interval.low - 0.004 <= truth.mean() <= found.interval.high + 0.004
    # of an absolute change of 0, sampling alone shows sqrt(2 / pi) standard errors of a set: 0.02 on average
    assert found.details["mean_absolute"] == pytest.approx(np.abs(truth).mean(), abs=0.02)


def test_strokes_are_read_as_they_are_labelled():
    read, split = reference(), DATA.split("evaluation")
    wrong = (read.attributes["stroke"].argmax(axis=1) != split.labels["stroke"]).sum()
    assert wrong <= 10  # of 2,000: rounding to 8 bits moves those that lie at the limit
    assert 0.45 < split.labels["stroke"].mean() < 0.55
