"""``genaudit cache``: what is kept is shown, checked and removed, and nothing else is touched."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from genaudit.cache.feature_store import FeatureStore
from genaudit.cli import main
from genaudit.extractors.options import PUBLISHED_NAME

MADE = {"extractor": "net", "origin": "net 1.0", "weights": "ab" * 32, "device": "cpu, 1 threads"}
OLD = 40 * 86_400
FOREIGN = ("notes.txt", "features/notes.txt", "features/net-0123456789abcdef.bak")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache with three blocks of one extractor, one of another, weights, and things that are not genaudit's."""
    for name in ("GENAUDIT_CONFIG", "GENAUDIT_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    folder = Path("kept")
    for made, blocks in ((MADE, 3), ({**MADE, "extractor": "other"}, 1)):
        store = FeatureStore(folder, made, print, print)
        for number in range(blocks):
            store.keep(store.block(np.full(4, number)), {"features": np.full((2, 3), float(number))})
    (folder / PUBLISHED_NAME).write_bytes(b"weights")
    for name in FOREIGN:
        (folder / name).write_text("somebody's own")
    monkeypatch.setenv("GENAUDIT_CACHE", str(folder))
    return folder


def blocks(cache, of="net"):
    return sorted(next((cache / "features").glob(f"{of}-*[0-9a-f]")).glob("*.safetensors"))


def test_it_is_listed_by_how_it_was_made_with_its_size(cache, capsys):
    assert main(["cache", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["kind", "name", "files", "MiB", "last", "used", "made", "with"]
    assert lines[1].split()[:3] == ["features", blocks(cache)[0].parent.name, "3"]
    assert lines[1].endswith("net 1.0; weights abababab…; cpu, 1 threads")
    assert lines[3].split()[:3] == ["weights", PUBLISHED_NAME, "1"]
    assert lines[-1] == "0.0 MiB in kept."
    assert main(["cache", "list", "--kind", "features", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["cache"] == str(cache.absolute())
    assert [(row["made"]["extractor"], row["files"]) for row in told["kept"]] == [("net", 3), ("other", 1)]
    assert told["kept"][0]["bytes"] == sum(path.stat().st_size for path in blocks(cache))


def test_a_place_where_nothing_is_kept_is_no_error(cache, capsys):
    for words in (["list"], ["verify"], ["clear"]):
        assert main(["cache", *words, "--cache", "nowhere"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Nothing is kept in nowhere.", "0 files in nowhere, 0 damaged.", "0 files, 0.0 MiB in nowhere removed.",
    ]  # fmt: skip
    assert not Path("nowhere").exists()


def test_the_configuration_file_names_the_place(cache, capsys, monkeypatch):
    monkeypatch.delenv("GENAUDIT_CACHE")
    Path("genaudit.toml").write_text('[run]\ncache = "kept"\n')
    assert main(["cache", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0.0 MiB in kept."


def test_damage_is_found_and_named(cache, capsys):
    first, second, _ = blocks(cache)
    first.write_bytes(first.read_bytes()[:-1])
    second.write_bytes(blocks(cache, "other")[0].read_bytes())
    assert main(["cache", "verify", "--kind", "features"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"damaged: {first.absolute()}: it is no whole safetensors file",
        f"damaged: {second.absolute()}: it is of other images or another extractor",
        "4 files in kept, 2 damaged.",
    ]
    assert main(["cache", "verify", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["checked"] == 5
    assert told["damaged"][str((cache / PUBLISHED_NAME).absolute())].startswith("its SHA-256 is not that of")


def test_a_pipe_or_a_folder_with_the_name_of_a_block_is_named(cache, capsys):
    path = blocks(cache)[0]
    path.unlink()
    os.mkfifo(path)
    assert main(["cache", "verify"]) == 1
    assert f"{path.absolute()}: it is no regular file: remove it" in capsys.readouterr().out
    path.unlink()
    path.mkdir()
    assert main(["cache", "verify"]) == 1
    assert f"{path.absolute()}: it is no regular file: remove it" in capsys.readouterr().out


def test_features_behind_a_link_are_not_cleared(cache, capsys):
    kept = blocks(cache)
    elsewhere = Path("elsewhere")
    (cache / "features").rename(elsewhere)
    (cache / "features").symlink_to(elsewhere.absolute())
    assert main(["cache", "clear"]) == 2
    assert "is a link, and what it leads to is not cleared" in capsys.readouterr().err
    assert all((elsewhere / path.parent.name / path.name).is_file() for path in kept)


def test_a_manifest_of_something_else_is_damage_and_the_next_run_mends_it(cache, capsys):
    manifest = blocks(cache)[0].parent / "manifest.json"
    for text in ("{", '{"extractor": "net"}', "[" * 100_000):
        manifest.write_text(text)
        assert main(["cache", "list"]) == 0
        assert main(["cache", "verify", "--kind", "features"]) == 1
        assert "it is not the manifest of this folder" in capsys.readouterr().out
    FeatureStore(cache, MADE, print, print).keep("b", {"features": np.zeros((1, 1))})
    assert main(["cache", "verify", "--kind", "features"]) == 0


def test_what_was_of_no_use_for_long_goes_and_the_rest_stays(cache, capsys):
    first, second, third = blocks(cache)
    for path in (first, second):
        os.utime(path, (time.time() - OLD, time.time() - OLD))
    store = FeatureStore(cache, MADE, print, print)
    assert store.read(second.stem) is not None  # of use again
    assert main(["cache", "clear", "--older-than", "30d", "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 file, 0.0 MiB in kept would be removed."
    assert len(blocks(cache)) == 3
    assert main(["cache", "clear", "--older-than", "30d"]) == 0
    assert blocks(cache) == [second, third]
    assert (cache / PUBLISHED_NAME).exists()


def test_all_of_it_goes_and_nothing_of_anybody_else(cache, capsys):
    folder = blocks(cache)[0].parent
    begun, fresh = (folder / f".x-{name}.part" for name in ("begun", "fresh"))
    for path in (begun, fresh):
        path.write_text("")
    os.utime(begun, (time.time() - 4_000, time.time() - 4_000))  # of a process that was killed an hour ago
    (folder.parent / "linked-0123456789abcdef").symlink_to(Path("elsewhere").absolute())
    Path("elsewhere").mkdir()
    Path("elsewhere", "a" * 64 + ".safetensors").write_text("")
    assert main(["cache", "clear", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sum(told["removed"].values()) == 6
    rest = {path.relative_to(cache).as_posix() for path in cache.rglob("*") if path.is_file()}
    assert rest == {*FOREIGN, f"features/{folder.name}/manifest.json", f"features/{folder.name}/{fresh.name}"}
    assert len(list(Path("elsewhere").iterdir())) == 1


def test_only_features_or_only_weights_can_be_meant(cache):
    assert main(["cache", "clear", "--kind", "weights"]) == 0
    assert len(blocks(cache)) == 3
    assert not (cache / PUBLISHED_NAME).exists()
    assert main(["cache", "clear", "--kind", "features"]) == 0
    assert sorted(path.name for path in (cache / "features").iterdir()) == sorted(
        Path(name).name for name in FOREIGN if name.startswith("features/")
    )


@pytest.mark.parametrize("age", ["30", "d", "-1d", "1.5d", "1y", ""])
def test_an_age_that_is_none_is_refused_with_what_is_allowed(cache, age, capsys):
    assert main(["cache", "clear", "--older-than", age]) == 2
    assert "such as 12h, 30d or 8w" in capsys.readouterr().err
    assert len(blocks(cache)) == 3
