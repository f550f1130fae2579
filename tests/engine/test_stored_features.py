"""A run with a cache is the run without it, and what is in the cache is used only where it would be computed alike."""

import sys
from dataclasses import replace

import pytest
import tiny
import torch

from genaudit.engine.execution import execute
from genaudit.engine.plan import make_plan
from genaudit.engine.progress import RunObserver
from genaudit.engine.request import RunInputs
from genaudit.engine.stored_features import how_made
from genaudit.errors import OutputError

CPU = torch.device("cpu")


class Warnings(RunObserver):
    def __init__(self):
        self.said = []

    def warning(self, text):
        self.said.append(text)


@pytest.fixture
def plan(catalog, tmp_path):
    def go(**changes):
        given = {
            "plugin": "tiny-sampler",
            "dataset": "tiny",
            "samples": 150,
            "out": tmp_path / "runs",
            "formats": ("json",),
        }
        return make_plan(RunInputs(**{**given, **changes}), catalog)

    return go


@pytest.fixture
def run(catalog, plan, tmp_path, monkeypatch):
    """A record as bytes without measured times, and what its log says."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    def go(name, *, observer=None, **changes):
        finished = execute(plan(out=tmp_path / name, **changes), catalog, observer or RunObserver())
        return (finished.folder / "run.json").read_bytes(), (finished.folder / "log.txt").read_text()

    return go


def test_records_with_and_without_a_cache_are_the_same_bytes(run, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    plain, log = run("plain")
    assert "features: 0 of" not in log
    first, first_log = run("first", cache=cache)
    assert first == plain
    assert "features: 0 of " in first_log
    monkeypatch.setattr(tiny.TinyExtractor, "extract", None)  # whoever asks it fails
    again, log = run("again", cache=cache, batch_size=37)
    assert again == plain
    assert log.endswith(", 0 were computed\n")


def test_another_model_finds_the_reference(run, tmp_path):
    run("one", cache=tmp_path / "cache", metrics=("fid",))
    _, log = run("other", cache=tmp_path / "cache", metrics=("fid",), options={"tiny-sampler.gain": 2.0})
    assert "features: 1 of 3 blocks were in " in log  # 40 images of the reference; 128 + 22 others


def test_a_damaged_file_is_computed_again_with_one_line_in_the_log(run, tmp_path):
    cache = tmp_path / "cache"
    plain, _ = run("plain", cache=cache, metrics=("fid", "kid"))
    for path in cache.rglob("*.safetensors"):
        path.write_bytes(path.read_bytes()[:-3])
    again, log = run("again", cache=cache, metrics=("fid", "kid"))
    assert again == plain
    assert log.count(" is damaged (") == 3
    _, log = run("third", cache=cache, metrics=("fid", "kid"))
    assert "3 of 3 blocks" in log


def test_a_cache_that_cannot_be_written_costs_no_number_and_is_told_of_once(run, tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "features").write_text("")
    observer = Warnings()
    plain, _ = run("plain", metrics=("fid",))
    found, log = run("found", metrics=("fid",), cache=tmp_path / "cache", observer=observer)
    assert found == plain
    (said,) = observer.said
    assert said.startswith("Features cannot be kept in ")
    assert said in log


def test_a_folder_in_place_of_a_block_costs_no_number_and_the_warning_names_it(run, tmp_path):
    cache, observer = tmp_path / "cache", Warnings()
    plain, _ = run("plain", cache=cache, metrics=("fid", "kid"))
    first, *others = sorted(cache.rglob("*.safetensors"))
    first.unlink()
    first.mkdir()
    again, log = run("again", cache=cache, metrics=("fid", "kid"), observer=observer)
    assert again == plain
    (said,) = observer.said
    assert said.startswith(f"{first} is a folder, and features cannot be kept in its place: remove it")
    assert said in log
    assert f"{len(others)} of {len(others) + 1} blocks were in " in log


def test_a_file_in_place_of_the_cache_is_refused_before_any_work(plan, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="it is not a folder"):
        plan(cache=tmp_path / "file")


def test_what_is_computed_quickly_is_not_kept(plan, catalog, tmp_path):
    cheap = plan(dataset="tiny-vectors", plugin="vector-sampler", metrics=("fid",), cache=tmp_path / "cache")
    finished = execute(cheap, catalog, RunObserver())
    assert "those of 'identity' are computed quickly" in (finished.folder / "log.txt").read_text()
    assert not (tmp_path / "cache").exists()


def test_everything_that_could_change_a_bit_is_part_of_how_features_are_made(plan, tmp_path, monkeypatch):
    import random_inception  # noqa: F401 - the module that another target names

    (tmp_path / "net.py").write_text("# one\n")
    base = plan()
    spec = base.extractor.spec

    def made(digest="w", **changes):
        return how_made(replace(base, extractor=replace(base.extractor, **changes)), digest, CPU)

    found = [made(), made("other"), made(version="2.0"), made(distribution="fork")]
    found += [made(spec=replace(spec, **{name: value})) for name, value in
              (("version", "2"), ("outputs", {"features": 12}), ("target", "random_inception:build"))]  # fmt: skip
    threads = torch.get_num_threads()
    torch.set_num_threads(threads + 1)
    try:
        found.append(made())
    finally:
        torch.set_num_threads(threads)
    monkeypatch.setattr(sys.modules["tiny"], "__file__", str(tmp_path / "net.py"))
    found.append(made())
    (tmp_path / "net.py").write_text("# two\n")
    found.append(made())
    texts = [str(sorted(one.items())) for one in found]
    assert len(set(texts)) == len(texts) == 10
    assert made() == made()


def test_a_file_that_an_option_names_counts_by_its_content_wherever_it_lies(catalog, tmp_path):
    from networks import torchscript_file

    def made(path, **options):
        given = {"torchscript.file": str(path), "torchscript.size": 4, **options}
        inputs = RunInputs(plugin="tiny-sampler", dataset="tiny", extractor="torchscript", options=given, out=tmp_path,
                           metrics=("fid",))  # fmt: skip
        import genaudit.extractors.network  # noqa: F401 - as building does

        return how_made(make_plan(inputs, catalog), "w", CPU)

    one = torchscript_file(tmp_path / "one.pt", size=4)
    moved = tmp_path / "moved.pt"
    moved.write_bytes(one.read_bytes())
    assert made(one) == made(moved)
    assert made(one) != made(one, **{"torchscript.batch": 8})
    moved.write_bytes(b"other")
    assert made(one) != made(moved)
