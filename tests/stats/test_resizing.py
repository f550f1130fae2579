"""The resize policies are those of the tools whose names they carry."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch_fidelity.interpolate_compat_tensorflow import interpolate_bilinear_2d_like_tensorflow1x

from genaudit.stats.resizing import POLICIES, Resizing
from genaudit.stats.seeds import generator
from genaudit.stats.stretching import tf1_matrix

IMAGE = generator(0, "resizing").integers(0, 256, size=(3, 20, 13), dtype=np.uint8)


@pytest.mark.parametrize("size", [(7, 9), (41, 30), (299, 299), (20, 26)])
def test_tf1_bilinear_is_torch_fidelitys(size):
    theirs = interpolate_bilinear_2d_like_tensorflow1x(
        torch.from_numpy(IMAGE).float()[None], size=size, align_corners=False
    )
    ours = Resizing(size=size, policy="tf1-bilinear")(IMAGE)
    assert ours.dtype == np.float32
    assert np.array_equal(ours, theirs[0].numpy())


def test_tf1_bilinear_by_hand():
    row = np.array([[[0, 100]]], dtype=np.uint8)
    assert Resizing(size=(1, 4), policy="tf1-bilinear")(row).tolist() == [[[0, 50, 100, 100]]]


@pytest.mark.parametrize("size", [(7, 9), (41, 30)])
def test_pil_bicubic_is_pillows_filter_on_each_channel_clipped_and_not_rounded(size):
    ours = Resizing(size=size, policy="pil-bicubic")(IMAGE)
    for channel, found in zip(IMAGE, ours, strict=True):
        image = Image.fromarray(channel.astype(np.float32))
        assert np.array_equal(found, np.asarray(image.resize(size[::-1], Image.Resampling.BICUBIC)).clip(0, 255))
    assert ours.min() >= 0
    assert ours.max() <= 255
    assert not np.array_equal(ours, np.round(ours))


def test_the_8_bit_policy_is_the_float_one_rounded():
    size = (9, 9)
    whole = Resizing(size=size, policy="pil-bicubic-8bit")(IMAGE)
    assert whole.dtype == np.uint8
    # Pillow rounds between its two passes as well, so a level may be off by one more
    assert np.abs(whole - Resizing(size=size, policy="pil-bicubic")(IMAGE)).max() < 1.6


@pytest.mark.parametrize("policy", POLICIES)
def test_an_image_of_the_size_stays_as_it_is(policy):
    same = Resizing(size=(20, 13), policy=policy)
    assert np.array_equal(same(IMAGE), IMAGE)
    assert (same(IMAGE).dtype == np.uint8) == same.rounds


@pytest.mark.parametrize("policy", [policy for policy in POLICIES if policy != "none"])
def test_a_constant_image_stays_constant(policy):
    flat = np.full((3, 11, 5), 77, dtype=np.uint8)
    assert np.abs(Resizing(size=(4, 9), policy=policy)(flat) - 77.0).max() < 1e-4  # float32 weights sum to 1


def test_antialiasing_is_what_sets_them_apart():
    stripes = np.zeros((3, 16, 16), dtype=np.uint8)
    stripes[:, :, ::2] = 255
    half = {policy: Resizing(size=(16, 8), policy=policy)(stripes) for policy in ("tf1-bilinear", "pil-bicubic")}
    assert half["tf1-bilinear"].min() == 255  # every second column is all that it sees
    assert np.abs(half["pil-bicubic"][:, :, 1:-1] - 127.5).max() < 16  # at the border the filter is cut off


def test_the_text_names_policy_and_size():
    assert Resizing(size=(8, 6), policy="pil-bicubic").text == (
        "stretched to 8×6 by pil-bicubic (antialiased bicubic on float32, clipped, not rounded)"
    )
    assert Resizing(size=(8, 6), policy="none").text == "no resize, 8×6"


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="there is no resize policy 'nearest'; there are tf1-bilinear, pil-bicubic"):
        Resizing(size=(2, 2), policy="nearest")
    with pytest.raises(ValueError, match=r"the image is \(20, 13\), and the resize policy 'none' wants \(8, 8\)"):
        Resizing(size=(8, 8), policy="none")(IMAGE)


@pytest.mark.parametrize("size", [(7, 9), (41, 30), (299, 299)])
def test_two_products_are_the_same_bilinear_resize(size):
    down, across = (tf1_matrix(old, new) for old, new in zip(IMAGE.shape[1:], size, strict=True))
    ours = down @ IMAGE.astype(np.float32) @ across.T
    # two roundings of levels up to 255 in float32
    assert np.allclose(ours, Resizing(size=size, policy="tf1-bilinear")(IMAGE), rtol=0, atol=1e-4)
