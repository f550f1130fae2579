"""Features on disk: what is found is what was kept, bit for bit, or nothing is found."""

import errno
import os
import shutil
import threading

import numpy as np
import pytest

from genaudit.cache import feature_store as module
from genaudit.cache.feature_store import FeatureStore
from genaudit.cache.place import MANIFEST
from genaudit.stats.seeds import generator

MADE = {"extractor": "net", "weights": "a"}


class Told(list):
    """What a store says."""

    def __call__(self, text):
        self.append(text)


@pytest.fixture
def told():
    return Told(), Told()


@pytest.fixture
def open_store(tmp_path, told):
    def go(made=MADE, cache=tmp_path / "cache"):
        return FeatureStore(cache, made, *told)

    return go


def images(seed=0, count=5):
    return generator(seed, "images").integers(0, 256, size=(count, 3, 4, 4), dtype=np.uint8)


def features(seed=0, count=5):
    rng = generator(seed, "features")
    return {"features": rng.normal(size=(count, 7)).astype(np.float32), "logits": rng.normal(size=(count, 2))}


def same(one, other):
    return one.keys() == other.keys() and all(
        one[name].dtype == other[name].dtype and one[name].tobytes() == other[name].tobytes() for name in one
    )


def files(tmp_path):
    return sorted((tmp_path / "cache").rglob("*.safetensors"))


def test_another_process_finds_what_was_kept_bit_for_bit_in_the_same_types(open_store):
    store = open_store()
    block = store.block(images())
    assert store.read(block) is None
    store.keep(block, features())
    later = open_store()
    assert same(later.read(later.block(images())), features())
    assert (store.found, store.computed) == (0, 1)
    assert (later.found, later.computed) == (1, 0)


def test_numbers_that_are_views_into_others_are_kept_as_they_read(open_store):
    store = open_store()
    turned = {"features": np.asfortranarray(features()["features"])[:, ::2]}
    store.keep("b", turned)
    assert np.array_equal(store.read("b")["features"], turned["features"])


def test_other_images_have_another_name_and_equal_ones_the_same_however_they_lie_in_memory(open_store):
    store, level = open_store(), images()
    changed = level.copy()
    changed[-1, -1, -1, -1] ^= 1
    others = [changed, level[:4], level[::-1], level.astype(np.float32), level.reshape(5, 3, 2, 8)]
    assert len({store.block(one) for one in [level, *others]}) == 6
    assert store.block(level.copy(order="F")) == store.block(level)


def test_what_was_made_in_another_way_is_not_found(open_store):
    open_store().keep("b", features())
    for made in ({**MADE, "weights": "b"}, {**MADE, "options": {"batch": 2}}):
        assert open_store(made).read("b") is None


def test_the_manifest_says_how_the_features_were_made(open_store, tmp_path):
    open_store().keep("b", features())
    (manifest,) = (tmp_path / "cache").rglob(MANIFEST)
    assert '"weights": "a"' in manifest.read_text()
    assert manifest.parent.name.startswith("net-")


@pytest.mark.parametrize("share", [0, 0.001, 0.01, 0.3, 0.999])
def test_a_file_that_was_cut_off_is_told_of_and_computed_again(open_store, tmp_path, told, share):
    open_store().keep("b", features())
    (path,) = files(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    store = open_store()
    assert store.read("b") is None
    assert len(told[0]) == 1
    assert told[0][0].startswith(f"{path} is damaged (it is no whole safetensors file)")
    store.keep("b", features())
    assert same(store.read("b"), features())
    assert not told[1]


def test_a_pipe_in_place_of_a_block_keeps_nobody_waiting(open_store, tmp_path, told):
    open_store().keep("b", features())
    (path,) = files(tmp_path)
    path.unlink()
    os.mkfifo(path)
    assert open_store().read("b") is None
    assert "is damaged (it is no regular file)" in told[0][0]


def test_a_manifest_that_is_lost_is_written_again_by_a_run_that_finds_its_blocks(open_store, tmp_path):
    open_store().keep("b", features())
    (manifest,) = (tmp_path / "cache").rglob(MANIFEST)
    content = manifest.read_bytes()
    manifest.write_bytes(b"")
    assert same(open_store().read("b"), features())
    assert manifest.read_bytes() == content


def test_no_single_changed_bit_gives_another_number(open_store, tmp_path, told):
    open_store().keep("b", features())
    (path,) = files(tmp_path)
    content = path.read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        read = open_store().read("b")
        assert read is None or same(read, features()), place
    assert len(told[0]) > 0.9 * len(content)  # a blank of the header's filling may change without harm


def test_a_file_of_other_images_under_this_name_is_refused(open_store, tmp_path, told):
    store = open_store()
    store.keep("b", features())
    (path,) = files(tmp_path)
    shutil.copy(path, path.with_name("c.safetensors"))
    assert store.read("c") is None
    assert "it is of other images or another extractor" in told[0][0]


def test_a_place_where_nothing_can_be_written_is_told_of_once(open_store, tmp_path, told):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "features").write_text("a file in the way")
    store = open_store()
    for block in "bcd":
        assert store.read(block) is None
        store.keep(block, features())
    assert len(told[1]) == 1
    assert "no number depends on it" in told[1][0]
    assert store.computed == 3


def test_a_full_disk_leaves_what_was_kept_and_no_half_file(open_store, tmp_path, told, monkeypatch):
    store = open_store()
    store.keep("b", features())

    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "write_whole", full)
    store.keep("c", features(1))
    store.keep("d", features(2))
    assert same(store.read("b"), features())
    assert len(told[1]) == 1
    assert "No space left on device" in told[1][0]


def test_a_file_that_cannot_take_its_place_leaves_nothing(open_store, tmp_path, told):
    store = open_store()
    store.keep("b", features())
    (path,) = files(tmp_path)
    for name in "cd":
        (path.parent / f"{name}.safetensors" / "x").mkdir(parents=True)
        assert store.read(name) is None
        store.keep(name, features())
    store.keep("e", features())
    blocks = {f"{name}.safetensors" for name in "bcde"}
    assert {one.name for one in path.parent.iterdir()} == {*blocks, MANIFEST}
    assert same(store.read("e"), features())  # the others are kept
    (said,) = told[1]
    assert said.startswith(f"{path.with_name('c.safetensors')} is a folder, and features cannot be kept in its place:")
    assert "remove it ('genaudit cache verify' names every such path)" in said


def test_runs_that_write_the_same_at_once_read_whole_files(open_store):
    read = []

    def work():
        store = open_store()
        for number in range(40):
            block = str(number % 4)
            found = store.read(block)
            read.append(found is None or same(found, features(number % 4, 500)))
            store.keep(block, features(number % 4, 500))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read) == 160
    assert all(read)


def test_the_log_says_how_much_had_been_done(open_store):
    store = open_store()
    store.keep("b", features())
    store.read("b")
    assert store.summary.startswith("features: 1 of 2 blocks were in ")
    assert store.summary.endswith(", 1 were computed")
