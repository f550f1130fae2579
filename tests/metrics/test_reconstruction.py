from __future__ import annotations

import numpy as np
import pytest

from genaudit.errors import NotApplicable
from genaudit.metrics.options import PsnrOptions, SsimOptions
from genaudit.metrics.reconstruction import psnr, reconstruction_mse, ssim
from genaudit.plugin.options import NoOptions
from genaudit.stats.seeds import generator
from genaudit.values.observations import Reconstructions

RNG = generator(0, "metric")


def images(name="images", count=40, size=16):
    return generator(0, name).random((count, 3, size, size)).astype(np.float32)


def pairs(originals, reconstructions, clusters=None):
    return Reconstructions(originals=originals, reconstructions=reconstructions, clusters=clusters)


def mse(found):
    return reconstruction_mse(found, options=NoOptions(), rng=RNG)


def ratio(found, **options):
    return psnr(found, options=PsnrOptions(**options), rng=RNG)


def similarity(found, **options):
    return ssim(found, options=SsimOptions(**options), rng=RNG)


def flat(value, count=1):
    return np.full((count, 1, 16, 16), value, dtype=np.float32)


def test_g32_a_difference_of_a_tenth_is_20_decibels():
    assert ratio(pairs(flat(0.5), flat(0.6))).value == pytest.approx(20, abs=1e-5)  # 0.6 in float32
    assert mse(pairs(flat(0.5), flat(0.6))).value == pytest.approx(0.01, rel=1e-6)


def test_g32_mean_of_ratios_and_ratio_of_the_mean():
    found = pairs(flat(0.0, 2), np.concatenate([flat(0.1), flat(0.01)]))
    assert ratio(found).value == pytest.approx(30, abs=1e-5)
    assert ratio(found).details["psnr_of_mean_error"] == pytest.approx(22.9670862, abs=1e-5)
    assert ratio(found, average="mse").value == pytest.approx(22.9670862, abs=1e-5)
    assert ratio(found, average="mse").details["mean_of_psnr"] == pytest.approx(30, abs=1e-5)


def test_similarity_and_ratio_agree_with_torchmetrics_and_a_plain_mean():
    torch = pytest.importorskip("torch")
    from torchmetrics.functional.image import peak_signal_noise_ratio, structural_similarity_index_measure

    a = images()
    b = np.clip(a + 0.1 * images("noise"), 0, 1)
    found = pairs(a, b)
    one, two = torch.from_numpy(b), torch.from_numpy(a)
    theirs = peak_signal_noise_ratio(one, two, data_range=1.0, reduction="elementwise_mean", dim=(1, 2, 3))
    assert ratio(found).value == pytest.approx(float(theirs), rel=1e-5)  # theirs is float32
    for sigma in (1.5, 0.8):
        theirs = structural_similarity_index_measure(one.double(), two.double(), data_range=1.0, sigma=sigma)
        assert similarity(found, sigma=sigma).value == pytest.approx(float(theirs), rel=1e-6)  # its window is float32
    assert mse(found).value == pytest.approx(float(((a.astype(float) - b) ** 2).mean()), rel=1e-12)


def test_identical_images_are_perfect_and_never_infinite():
    a = images()
    assert mse(pairs(a, a)).value == 0
    assert similarity(pairs(a, a)).value == pytest.approx(1, abs=1e-12)
    with pytest.raises(NotApplicable, match="infinite"):
        ratio(pairs(a, a))


def test_some_identical_images_are_left_out_of_the_ratio_and_said():
    found = ratio(pairs(flat(0.0, 4), np.concatenate([flat(0.0), flat(0.1), flat(0.1), flat(0.01)])))
    assert found.value == pytest.approx((20 + 20 + 40) / 3, abs=1e-5)
    assert found.details["exact_images"] == 1
    assert found.note.startswith("1 images were reconstructed exactly")
    assert found.n_reference == 3


@pytest.mark.parametrize(("metric", "sign"), [(mse, 1), (ratio, -1), (similarity, -1)])
def test_noise_makes_it_worse(metric, sign):
    a = images()
    values = [metric(pairs(a, a + level * images("noise"))).value for level in (0.01, 0.1, 0.5)]
    assert sorted(values, reverse=sign < 0) == values


@pytest.mark.parametrize("metric", [mse, ratio, similarity])
def test_order_does_not_matter_and_clusters_widen(metric):
    a = np.repeat(images(), 5, axis=0)
    b = np.repeat(
        np.clip(images() + 0.2 * images("noise") * generator(0, "level").random((40, 1, 1, 1)), 0, 1), 5, axis=0
    )
    b = b.astype(np.float32)
    ids = np.repeat(np.arange(40), 5)
    aware, blind = metric(pairs(a, b, ids)), metric(pairs(a, b))
    assert aware.value == blind.value == pytest.approx(metric(pairs(a[::-1], b[::-1])).value, rel=1e-12)
    assert aware.interval.width > 2 * blind.interval.width
    assert "40 clusters" in aware.interval.method


def test_errors_of_all_images_are_drawn():
    (series,) = mse(pairs(images(), images("other"))).series
    assert (series.name, series.kind) == ("reconstruction_error", "histogram")
    assert len(series.x) == len(series.y) + 1
    assert sum(series.y) == 40


def test_interval_of_the_ratio_of_the_mean_is_turned_round():
    found = ratio(pairs(images(), images("other")), average="mse")
    assert found.interval.low < found.value < found.interval.high


def test_images_smaller_than_the_window_are_said():
    with pytest.raises(NotApplicable, match="window of 11 pixels does not fit into images of 8 x 8"):
        similarity(pairs(images(size=8), images("other", size=8)), border="valid")
    assert similarity(pairs(images(size=8), images("other", size=8)), sigma=0.8, border="valid").value < 0.5
    with pytest.raises(NotApplicable, match="does not fit into images of 5 x 5"):
        similarity(pairs(images(size=5), images("other", size=5)))


def test_shapes_and_gaps_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        mse(pairs(images(), images(count=3)))
    broken = images()
    broken[3, 0, 0, 0] = np.nan
    with pytest.raises(ValueError, match="image 3 "):
        mse(pairs(images(), broken))
