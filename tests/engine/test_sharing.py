"""What processes may share, and where each of them works."""

import pytest
import torch

from genaudit.engine.plan import make_plan
from genaudit.engine.request import RunInputs
from genaudit.engine.sharing import check_shared, device_of_share, observed, read_share_of
from genaudit.errors import BadOption


@pytest.fixture
def plan(catalog, tmp_path):
    def go(**changes):
        given = {"plugin": "tiny-sampler", "dataset": "tiny", "samples": 150, "out": tmp_path / "runs"}
        return make_plan(RunInputs(**{**given, "metrics": ("fid",), **changes}), catalog)

    return go


def test_processes_on_accelerators_take_one_after_another_unless_one_is_named(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    found = [str(device_of_share(torch.device("cuda"), number)) for number in range(3)]
    assert found == ["cuda:0", "cuda:1", "cuda:0"]
    assert str(device_of_share(torch.device("cuda:1"), 2)) == "cuda:1"
    assert str(device_of_share(torch.device("cpu"), 2)) == "cpu"


def test_what_is_observed_is_what_the_metrics_are_made_from(plan):
    assert {"generated", "reference", "features"} <= observed(plan())
    assert "reference" in observed(plan(metrics=("precision",)))


def test_a_share_is_kept_and_no_run_is_made(plan, tmp_path):
    cache = tmp_path / "cache"
    for number, items in ((0, 40), (1, 150)):
        assert read_share_of(plan(cache=cache), number, 2, print) == items
    assert len(list(cache.rglob("*.safetensors"))) == 3
    assert not (tmp_path / "runs").exists()


def test_without_a_cache_there_is_nothing_to_share_through(plan, tmp_path):
    check_shared(plan(cache=tmp_path / "cache"))
    with pytest.raises(BadOption, match="Give --cache FOLDER"):
        check_shared(plan())
