"""What a user names is read if it is a file; a pipe would keep a run waiting, and a device fill its memory."""

import os

import pytest

from genaudit.engine.weights import check_weights
from genaudit.errors import GenauditError
from genaudit.extractors.weights_file import read_tensors
from genaudit.gate.feature_file import read_features
from genaudit.plugin.network_file import load_network
from genaudit.values.regular_file import check_regular, read_regular
from genaudit.values.serialisation import load_record

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are of POSIX")


@pytest.fixture
def pipe(tmp_path):
    os.mkfifo(tmp_path / "run.json")
    return tmp_path / "run.json"


READERS = {
    "weights of a generator": check_weights,
    "weights of an extractor": read_tensors,
    "kept features": lambda path: read_features(path, "0" * 64),
    "a network": lambda path: load_network(path, "cpu"),
    "a record": load_record,
    "the record of a folder": lambda path: load_record(path.parent),
}


@pytest.mark.parametrize("what", READERS)
def test_a_pipe_is_refused_and_keeps_nobody_waiting(pipe, what):
    with pytest.raises(GenauditError, match="No regular file, but a pipe"):
        READERS[what](pipe)


def test_a_device_is_refused_and_a_link_to_a_file_is_read(tmp_path):
    with pytest.raises(OSError, match="or a device"):
        check_regular(type(tmp_path)("/dev/null"))
    (tmp_path / "file").write_bytes(b"ab")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert read_regular(tmp_path / "link") == b"ab"
