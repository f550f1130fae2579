"""Batches are read one ahead, in order, and what goes wrong is said where it would have come."""

import threading

import numpy as np
import pytest
from crops import crop_folders

import genaudit
from genaudit.errors import GenauditError
from genaudit.probes.ahead import read_ahead
from genaudit.sets import stored_set

BATCHES = [(start, 2) for start in range(0, 10, 2)]


def test_every_batch_comes_once_and_in_order():
    assert list(read_ahead(lambda start, count: (start, count), BATCHES)) == BATCHES
    assert list(read_ahead(lambda start, count: start, [])) == []


def test_the_next_batch_is_read_while_the_present_one_is_in_use():
    reached = {start: threading.Event() for start, _ in BATCHES}

    def read(start, count):
        reached[start].set()
        return start

    for start in read_ahead(read, BATCHES):
        following = start + 2
        assert following == 10 or reached[following].wait(timeout=60)  # it comes without anyone asking for it


def test_no_more_than_one_batch_waits():
    begun = []

    def read(start, count):
        begun.append(start)
        return start

    for place, start in enumerate(read_ahead(read, BATCHES)):
        assert start == 2 * place
        assert len(begun) <= place + 2


def test_an_error_is_raised_in_the_place_of_its_batch():
    def read(start, count):
        if start == 4:
            raise GenauditError("Cannot read 004.png.")
        return start

    got = []
    with pytest.raises(GenauditError, match=r"004\.png"):
        got.extend(read_ahead(read, BATCHES))
    assert got == [0, 2]


def test_who_stops_early_leaves_no_thread_behind():
    reading = read_ahead(lambda start, count: start, BATCHES)
    next(reading)
    reading.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("read-ahead")]


def test_a_file_that_breaks_after_the_set_was_opened_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(stored_set, "KEPT_BYTES", 0)  # so that files are read again
    china, flower = crop_folders(tmp_path, count=12, size=8)
    opened = stored_set.open_set
    monkeypatch.setattr(
        "genaudit.engine.scoring.open_set",
        lambda source, **given: _broken_after(opened(source, **given), china / "007.png"),
    )
    record = genaudit.score(china, flower, extractor="pixels", metrics=["fid"], batch_size=4)
    assert "007.png" in record.failures[0].error


def _broken_after(found, path):
    path.write_bytes(b"broken")
    return found


def test_reading_ahead_changes_no_number(tmp_path, monkeypatch):
    monkeypatch.setattr(stored_set, "KEPT_BYTES", 0)
    china, flower = crop_folders(tmp_path, count=20, size=8)
    values = {
        size: [result.value for result in genaudit.score(china, flower, extractor="pixels", batch_size=size).results]
        for size in (1, 7, 64)
    }
    assert len(values[1]) > 5
    assert np.array_equal(values[1], values[7])
    assert np.array_equal(values[1], values[64])
