"""Shares of several processes: together they are all of it, none of it twice, and in the blocks of one process."""

import pytest
import tiny
import torch
from tiny_context import tiny_context

from genaudit.cache.feature_store import FeatureStore
from genaudit.probes.generation import generate
from genaudit.probes.reading import CHUNK
from genaudit.probes.reference import read_reference
from genaudit.probes.sharing import read_share

COUNT = 5 * CHUNK + 40
BOTH = ("generated", "reference")


class Counting(tiny.TinyExtractor):
    def __init__(self):
        self.seen = []

    def extract(self, images):
        self.seen.append(len(images))
        return super().extract(images)


class Crowded(tiny.TinyVae):
    """What it makes of a latent depends on how many others are in the batch, as float32 products may."""

    def decode(self, z, labels=None):
        return (super().decode(z) + 0.1 * (len(z) % 7)).clamp(0, 1)


def context(tmp_path, **changes):
    given = {
        "extractor": Counting(),
        "samples": COUNT,
        "store": FeatureStore(tmp_path, {"extractor": "tiny-net"}, print, print),
        "generator": Crowded(tiny.TinyOptions()),
    }
    return tiny_context(**{**given, **changes})


@pytest.mark.parametrize("of", [1, 2, 3, 9])
@pytest.mark.parametrize("batch_size", [16, 100, 128, 1000])
def test_shares_are_all_that_one_process_would_read_and_no_block_is_read_twice(tmp_path, of, batch_size):
    contexts = [context(tmp_path, batch_size=batch_size) for _ in range(of)]
    done = [read_share(one, number, of, BOTH) for number, one in enumerate(contexts)]
    assert sum(done) == COUNT + tiny.SPLITS["evaluation"]
    shown = sorted(size for one in contexts for size in one.extractor.seen)
    assert shown == sorted([CHUNK] * 5 + [40] + [tiny.SPLITS["evaluation"]])
    last = context(tmp_path, batch_size=batch_size)
    plain = context(tmp_path, batch_size=batch_size, store=None)
    for probe in (generate, read_reference):
        found, expected = probe(last).value, probe(plain).value
        for name, rows in expected.outputs.items():
            assert found.outputs[name].tobytes() == rows.tobytes()
    assert last.extractor.seen == []


def test_what_no_metric_needs_is_not_read(tmp_path):
    one = context(tmp_path)
    assert read_share(one, 0, 1, ("reference",)) == tiny.SPLITS["evaluation"]
    assert read_share(one, 0, 1, ()) == 0


def test_blocks_are_dealt_out_evenly(tmp_path):
    contexts = [context(tmp_path, batch_size=128) for _ in range(2)]
    done = [read_share(one, number, 2, BOTH) for number, one in enumerate(contexts)]
    assert max(done) - min(done) <= CHUNK + 40
    assert torch.is_grad_enabled()
