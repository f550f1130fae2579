"""``genaudit selftest`` says pass or fail for each known result, and its exit code says so too."""

import json

import pytest
from commands import genaudit

from genaudit.cli import main
from genaudit.selftest import running, sanity_table
from genaudit.stats import frechet, kernels

HERE = "from genaudit.cli import main; code = main(sys.argv[1:]); print(code, 'torch' in sys.modules, file=sys.stderr)"


@pytest.fixture
def golden_alone(monkeypatch):
    """A wrong formula shows without what takes most of the time: flaws of whole sets and 2,048 dimensions."""
    monkeypatch.setattr(running, "SANITY", ())
    monkeypatch.setattr(running, "GOLDEN", tuple(case for case in running.GOLDEN if "d = 2048" not in case.name))


def test_it_passes_with_expected_and_found_beside_each_other_and_needs_neither_torch_nor_plugins(site):
    done = genaudit("selftest", site=site, code=HERE)
    assert done.stderr.splitlines() == ["0 False"]
    line = next(line for line in done.stdout.splitlines() if line.startswith("fid: covariances that do not commute"))
    assert line.split()[-3:] == ["0.771220448", "0.771220448", "pass"]
    assert "known weakness" in done.stdout
    assert ", 0 failed; " in done.stdout.splitlines()[-1]


@pytest.mark.usefixtures("golden_alone")
def test_a_wrong_distance_fails_with_exit_code_1_and_is_named(monkeypatch, capsys):
    right = frechet.frechet_distance
    monkeypatch.setattr(frechet, "frechet_distance", lambda a, b: right(a, b) * (1 + 1e-6))
    assert main(["selftest"]) == 1
    said = capsys.readouterr().out
    assert "FAIL fid: shift (1, 2, 3), S = diag(1, 4, 9) and diag(4, 9, 16): expected 17.0 ± 1e-09" in said
    assert "found 17.000017" in said


def test_a_sanity_check_that_fails_is_named_with_its_story(monkeypatch, capsys):
    monkeypatch.setattr(running, "GOLDEN", ())
    monkeypatch.setattr(sanity_table.SANITY[0].world.__globals__["np"], "sqrt", lambda value: 1e9)
    assert main(["selftest"]) == 1
    assert "FAIL mean shift, fid: the mean moves by 2 standard deviations, d = 8" in capsys.readouterr().out


@pytest.mark.usefixtures("golden_alone")
def test_programs_read_json(monkeypatch, capsys):
    monkeypatch.setattr(kernels, "polynomial_mmd", None)
    assert main(["selftest", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["passed"] is False
    case = next(case for case in found["golden"] if case["case"].startswith("kid: {(1,0)"))
    assert (case["expected"], case["found"], case["passed"]) == ([-2.375], [], False)
    assert case["error"] == "TypeError: 'NoneType' object is not callable"
