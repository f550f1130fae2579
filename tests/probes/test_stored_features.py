"""With a store of features the extractor is asked once for the same images, and every reading is the same."""

import numpy as np
import pytest
import tiny
import torch
from tiny_context import tiny_context

from genaudit.cache.feature_store import FeatureStore
from genaudit.errors import PluginError
from genaudit.probes.contract import extracted
from genaudit.probes.reading import CHUNK, read_images
from genaudit.stats.seeds import generator

COUNT = 2 * CHUNK + 9


class Counting(tiny.TinyExtractor):
    """Counts the images that it is shown."""

    def __init__(self):
        self.seen = 0

    def extract(self, images):
        self.seen += len(images)
        return super().extract(images)


class Narrow(Counting):
    """Says it in float32, half precision and whole numbers."""

    def extract(self, images):
        said = super().extract(images)
        return {
            "features": said["features"].float(),
            "low_level": said["low_level"].bfloat16(),
            "logits": said["logits"].long(),
        }


class Moving(Counting):
    """Draws from the random numbers that belong to everybody."""

    def extract(self, images):
        torch.rand(1)
        return super().extract(images)


class NoNumber(Counting):
    def extract(self, images):
        said = super().extract(images)
        return {**said, "features": said["features"] * torch.nan}


@pytest.fixture
def store(tmp_path):
    def go():
        return FeatureStore(tmp_path, {"extractor": "tiny-net"}, print, print)

    return go


def images():
    return generator(0, "images").integers(0, 256, size=(COUNT, *tiny.SHAPE), dtype=np.uint8)


@pytest.mark.parametrize("kind", [Counting, Narrow])
@pytest.mark.parametrize("batch_size", [16, 100, 1000])
def test_a_second_reading_asks_for_nothing_whatever_the_batch_size_and_is_the_same(store, kind, batch_size):
    plain = read_images(tiny_context(extractor=kind()), images())
    first, second = kind(), kind()
    once = read_images(tiny_context(extractor=first, store=store()), images())
    again = read_images(tiny_context(extractor=second, store=store(), batch_size=batch_size), images())
    assert (first.seen, second.seen) == (COUNT, 0)
    for name, rows in plain.outputs.items():
        for other in (once, again):
            assert other.outputs[name].dtype == np.float64
            assert other.outputs[name].tobytes() == rows.tobytes(), name
            assert other.outputs[name].flags.writeable


def test_more_images_find_the_whole_blocks_of_fewer(store):
    read_images(tiny_context(extractor=Counting(), store=store()), images()[: CHUNK + 5])
    more = Counting()
    read_images(tiny_context(extractor=more, store=store()), images())
    assert more.seen == COUNT - CHUNK


def test_images_that_lie_otherwise_in_memory_are_the_same_images(store):
    context = tiny_context(store=store())
    level = torch.from_numpy(images()[:4])
    turned = level.to(memory_format=torch.channels_last)
    assert not turned.is_contiguous()
    for name, rows in extracted(context, turned).items():
        assert rows.tobytes() == extracted(tiny_context(), level)[name].tobytes()
        assert rows.tobytes() == extracted(context, level)[name].tobytes()


def test_what_a_network_says_while_it_moves_global_random_numbers_is_not_kept(store):
    for _ in range(2):
        moving = Moving()
        context = tiny_context(extractor=moving, store=store())
        read_images(context, images())
        assert moving.seen == COUNT
        assert len(context.randomness.warnings) == 1


def test_what_breaks_the_contract_is_not_kept(store, tmp_path):
    with pytest.raises(PluginError, match="not finite"):
        read_images(tiny_context(extractor=NoNumber(), store=store()), images())
    assert not list(tmp_path.rglob("*.safetensors"))
