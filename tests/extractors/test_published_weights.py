"""The published weights are fetched only when that is asked for, and only the published file is kept."""

import hashlib
import io

import numpy as np
import pytest
import torch
from random_inception import random_weights

import genaudit
from genaudit.cache.place import cache_folder
from genaudit.errors import BadOption, WeightsError
from genaudit.extractors import published_weights as module
from genaudit.extractors.options import PUBLISHED, PUBLISHED_NAME
from genaudit.extractors.published_weights import URL, published_weights

CONTENT = b"weights" * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Server:
    """Answers every request alike, and remembers them."""

    def __init__(self, content=CONTENT, *, lands_at=URL):
        self.content, self.lands_at, self.asked = content, lands_at, []

    def __call__(self, url):
        self.asked.append(url)
        answer = io.BytesIO(self.content)
        answer.geturl = lambda: self.lands_at
        return _Answer(answer, self.lands_at)


class _Answer:
    def __init__(self, body, address):
        self._body, self._address = body, address

    def read(self, amount):
        return self._body.read(amount)

    def geturl(self):
        return self._address

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._body.close()


def test_the_file_is_fetched_once_and_kept(tmp_path):
    server = Server()
    first = published_weights(tmp_path / "cache", server, DIGEST)
    assert first.read_bytes() == CONTENT
    assert published_weights(tmp_path / "cache", server, DIGEST) == first
    assert server.asked == [URL]
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [PUBLISHED_NAME]


def test_a_kept_file_that_was_damaged_is_fetched_again(tmp_path):
    server = Server()
    published_weights(tmp_path, server, DIGEST).write_bytes(b"damaged")
    assert published_weights(tmp_path, server, DIGEST).read_bytes() == CONTENT
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (Server(b"another file"), r"its SHA-256 is"),
        (Server(lands_at="http://example.org/weights.pth"), "without HTTPS"),
        (Server(b"x" * 2_000_000), r"larger than 1 MiB"),
    ],
)
def test_anything_else_is_refused_and_nothing_is_kept(tmp_path, monkeypatch, server, said):
    monkeypatch.setattr(module, "LARGEST", 2**20)
    with pytest.raises(WeightsError, match=said) as caught:
        published_weights(tmp_path, server, DIGEST)
    assert "--weights inception=FILE" in caught.value.hint
    assert not list(tmp_path.iterdir())


def test_without_a_network_the_refusal_says_what_to_do(tmp_path):
    def unreachable(url):
        raise OSError("Name or service not known")

    with pytest.raises(WeightsError, match=r"Cannot download https://.*not known.*--weights inception=FILE"):
        published_weights(tmp_path, unreachable, DIGEST)
    assert not list(tmp_path.iterdir())


def test_the_address_and_the_digest_are_those_of_the_same_file():
    assert URL.startswith("https://")
    assert URL.endswith(f"-{PUBLISHED[:8]}.pth")


def test_what_a_dry_run_says_of_the_download_ends_once_the_file_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PUBLISHED", DIGEST)
    (line,) = module.awaited(tmp_path)
    assert line.startswith(URL)
    assert DIGEST in line
    assert line.endswith(str(tmp_path / PUBLISHED_NAME))
    (tmp_path / PUBLISHED_NAME).write_bytes(b"damaged")
    assert module.awaited(tmp_path) == (line,)
    (tmp_path / PUBLISHED_NAME).write_bytes(CONTENT)
    assert module.awaited(tmp_path) == ()


def test_the_cache_is_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("GENAUDIT_CACHE", raising=False)
    assert cache_folder() == tmp_path / "genaudit"
    monkeypatch.setenv("GENAUDIT_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"


def test_a_score_asks_for_the_file_only_if_it_may(monkeypatch, tmp_path):
    torch.save(random_weights(), tmp_path / "random.pth")
    asked = []

    def given():
        asked.append(1)
        return tmp_path / "random.pth"

    monkeypatch.setattr("genaudit.extractors.inception.published_weights", given)
    images = np.random.Generator(np.random.Philox(0)).integers(0, 256, size=(3, 20, 20, 3), dtype=np.uint8)
    with pytest.raises(BadOption, match=r"--allow-download"):
        genaudit.score(images, images[::-1], extractor="inception", metrics=["fid"])
    genaudit.score(images[:, :8, :8], images[:, 8:16, :8], extractor="pixels", metrics=["fid"], allow_download=True)
    assert not asked
    record = genaudit.score(images, images[::-1], metrics=["kid"], allow_download=True)
    assert asked
    assert record.result("kid").protocol.extractor == "inception"
