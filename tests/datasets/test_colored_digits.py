"""The embedded data set is what it says: the source's digits, exact shares, the same bytes everywhere."""

import subprocess
import sys

import numpy as np
import pytest

from genaudit.datasets import COLORED_DIGITS, genaudit_datasets
from genaudit.datasets.colored_digits import ORANGE_SHARE, ColoredDigits, build
from genaudit.errors import UnknownName
from genaudit.plugin.components import of_both_domains
from genaudit.plugin.options import NoOptions

DIGESTS = {
    "train": "a856d75fc64f3c898428ca4bf13e308c5adf6838ce8d6808b7d835da06a1fb66",
    "evaluation": "285f056c72bb189620f32e43e8721e4cc7faf2d95ac279ec81d7c068981b9246",
    "holdout": "4ebf06b1e138bca983343e62471be357b4e8924167c20d777997f5d70b877460",
}


@pytest.fixture(scope="module")
def digits():
    return build(NoOptions())


def test_the_embedded_source_equals_the_distributed_copy():
    from sklearn.datasets import load_digits

    from genaudit.datasets.colored_digits import _digits

    levels, labels = _digits()
    source = load_digits()
    assert np.array_equal(levels, source.images)
    assert np.array_equal(labels, source.target)


@pytest.mark.parametrize("name", DIGESTS)
def test_rendered_bytes_are_those_that_every_published_number_was_made_from(digits, name):
    assert digits.split(name).digest == DIGESTS[name]


@pytest.mark.parametrize(("name", "count"), COLORED_DIGITS.splits.items())
def test_splits_have_the_shape_and_the_number_that_the_spec_says(digits, name, count):
    split = digits.split(name)
    assert split.images.shape == (count, *COLORED_DIGITS.image_shape)
    assert split.images.dtype == np.uint8
    assert set(split.labels) == set(COLORED_DIGITS.attributes)
    assert all(values.shape == (count,) for values in split.labels.values())


def test_no_source_digit_is_in_two_splits_and_all_are_used(digits):
    sources = [set(digits.split(name).clusters.tolist()) for name in DIGESTS]
    assert [len(part) for part in sources] == [1000, 400, 397]
    assert set.union(*sources) == set(range(1797))


@pytest.mark.parametrize("name", DIGESTS)
def test_orange_has_the_stated_share_in_every_class(digits, name):
    labels = digits.split(name).labels
    for digit, share in enumerate(ORANGE_SHARE):
        orange = labels["colour"][labels["digit"] == digit] == 0
        assert orange.sum() == round(share * len(orange))
        assert orange.mean() == pytest.approx(share, abs=0.501 / len(orange))  # the nearest whole number


@pytest.mark.parametrize("name", DIGESTS)
def test_classes_are_in_proportion_to_the_source(digits, name):
    from genaudit.datasets.colored_digits import _digits

    split = digits.split(name)
    renders = np.bincount(split.clusters).max()
    expected = np.bincount(_digits()[1]) * len(split.images) / renders / 1797
    # quotas are rounded once for each split that was drawn before
    assert np.abs(np.bincount(split.labels["digit"]) / renders - expected).max() < 2


def test_order_tells_nothing_about_class_or_colour(digits):
    labels = digits.split("train").labels
    position = np.arange(6000)
    for values in labels.values():
        # standard deviation of a correlation of independent values is 1 / sqrt(6000) = 0.013
        assert abs(np.corrcoef(position, values)[0, 1]) < 0.045


def test_colour_can_be_seen_in_the_pixels(digits):
    split = digits.split("holdout")
    red, blue = (split.images[:, channel].sum(axis=(1, 2), dtype=np.int64) for channel in (0, 2))
    assert np.array_equal(np.where(red > blue, 0, 1), split.labels["colour"])


def test_balanced_renders_differ_in_nothing_but_colour(digits):
    skewed, balanced = digits.split("train"), digits.balanced("train")
    assert np.array_equal(skewed.clusters, balanced.clusters)
    same = skewed.labels["colour"] == balanced.labels["colour"]
    assert np.array_equal(skewed.images[same], balanced.images[same])
    assert not same.all()
    for digit in range(10):
        orange = balanced.labels["colour"][balanced.labels["digit"] == digit] == 0
        assert orange.mean() == pytest.approx(0.5, abs=0.501 / len(orange))


def test_translation_pairs_show_the_same_render_in_the_other_colour(digits):
    source, target = digits.translation_pairs("holdout", "orange", "blue")
    split = digits.split("holdout")
    orange = split.labels["colour"] == 0
    assert np.array_equal(source.images[orange], split.images[orange])
    assert np.array_equal(target.images[~orange], split.images[~orange])
    assert np.array_equal(source.labels["digit"], split.labels["digit"])
    assert np.array_equal(source.labels["digit"], target.labels["digit"])
    assert np.array_equal(source.clusters, target.clusters)
    assert set(source.labels["colour"]) == {0}
    assert set(target.labels["colour"]) == {1}
    # orange has red at full light and blue at .10, blue has blue at full light: brightest channels must agree
    assert np.array_equal(source.images[:, 0], target.images[:, 2])


def test_thick_strokes_hold_plain_ones_and_these_hold_thin_ones_in_the_same_colour(digits):
    thin, thick = digits.translation_pairs("holdout", "thin", "thick")
    split = digits.split("holdout")
    assert (thin.images <= split.images).all()
    assert (split.images <= thick.images).all()
    assert 0.1 < thin.images.mean() / thick.images.mean() < 0.5
    assert np.array_equal(thin.labels["colour"], split.labels["colour"])
    assert np.array_equal(thick.labels["digit"], split.labels["digit"])
    assert min(thin.images.max(axis=(1, 2, 3))) > 60  # faint at least: no digit vanishes


def test_both_domains_of_a_split_lie_row_by_row_in_one_set(digits):
    thin, thick = digits.translation_pairs("holdout", "thin", "thick")
    both = of_both_domains(thin, thick)
    assert np.bincount(both.labels["domain"]).tolist() == [1985, 1985]
    assert np.array_equal(both.images[1985:], thick.images)
    assert np.array_equal(both.clusters[:1985], both.clusters[1985:])


def test_every_declared_translation_is_known(digits):
    for pair in COLORED_DIGITS.translations:
        assert len(digits.translation_pairs("holdout", *pair)) == 2


def test_translation_of_a_translation_is_the_original(digits):
    _, blue = digits.translation_pairs("evaluation", "orange", "blue")
    shown, orange = digits.translation_pairs("evaluation", "orange", "orange")
    assert np.array_equal(shown.images, orange.images)
    assert blue.digest != orange.digest


def test_another_seed_draws_another_data_set():
    assert ColoredDigits(seed=1).split("holdout").digest != DIGESTS["holdout"]


def test_a_split_is_rendered_once(digits):
    assert digits.split("holdout") is digits.split("holdout")


@pytest.mark.parametrize("ask", [lambda d: d.split("test"), lambda d: d.translation_pairs("train", "orange", "red")])
def test_unknown_names_are_refused_with_what_is_there(digits, ask):
    with pytest.raises(UnknownName, match="Installed: "):
        ask(digits)


def test_the_hook_brings_the_spec():
    assert COLORED_DIGITS in genaudit_datasets()


def test_rendering_imports_neither_torch_nor_scikit_learn():
    program = (
        "import sys; from genaudit.datasets.colored_digits import ColoredDigits; ColoredDigits().split('holdout'); "
        "sys.exit(bool({'torch', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
