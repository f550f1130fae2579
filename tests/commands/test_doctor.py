"""``genaudit doctor``: what is broken is said with what to do, and everything else by its version."""

import json

import pytest

from genaudit.cli import main


@pytest.fixture(autouse=True)
def variables(monkeypatch, tmp_path):
    """None of whoever runs the tests."""
    for name in ("GENAUDIT_CONFIG", "GENAUDIT_BLOCK", "GENAUDIT_INCEPTION_WEIGHTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GENAUDIT_CACHE", str(tmp_path / "kept"))


def examined(capsys, code=0):
    assert main(["doctor", "--json"]) == code
    told = json.loads(capsys.readouterr().out)
    return told["healthy"], {(one["part"], one["name"]): one for one in told["findings"]}


def test_a_sound_machine_has_versions_devices_and_plugins(site, capsys):
    healthy, found = examined(capsys)
    assert healthy
    assert found["device", "cpu"]["found"].split()[1] == "threads,"
    assert "tiny" in found["plugin", "loaded"]["found"]
    assert found["weights", "inception"]["state"] == "absent"
    assert found["variable", "GENAUDIT_CACHE"]["found"].endswith("kept")


def test_columns_end_with_what_is_wrong(site, capsys):
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["state", "part", "name", "found"]
    assert lines[-1] == "Nothing is broken. 'genaudit selftest' recomputes known results."


def test_a_broken_plugin_is_named_with_its_error_and_what_to_do(broken, capsys):
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == "1 thing is broken:"
    assert lines[-1].startswith("plugin odd: failed (")
    assert "import: RuntimeError: no licence" in lines[-1]
    assert lines[-1].endswith("or leave it out: --block odd.")


def test_a_plugin_that_is_blocked_is_not_broken(broken, capsys):
    assert main(["doctor", "--json", "--block", "odd"]) == 0
    assert '"blocked' in capsys.readouterr().out


def test_a_damaged_configuration_file_is_a_finding_and_no_end(site, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "genaudit.toml").write_text("[run]\nplugni = 'vae'\n")
    healthy, found = examined(capsys, code=1)
    assert not healthy
    assert "did you mean 'plugin'?" in found["configuration", "file"]["found"]
    (tmp_path / "genaudit.toml").write_text("[run]\nplugin = 'vae'\n")
    assert examined(capsys)[1]["configuration", "file"]["found"] == str(tmp_path / "genaudit.toml")


def test_what_is_kept_is_counted_where_environment_or_file_name_a_place(site, capsys, monkeypatch, tmp_path):
    import numpy as np

    from genaudit.cache.feature_store import FeatureStore

    monkeypatch.chdir(tmp_path)
    FeatureStore(tmp_path / "kept", {"extractor": "net"}, print, print).keep("a" * 64, {"features": np.zeros((2, 2))})
    assert examined(capsys)[1]["cache", "features"]["found"] == f"{tmp_path / 'kept'}: 1 block, 0.0 MiB"
    monkeypatch.delenv("GENAUDIT_CACHE")
    assert examined(capsys)[1]["cache", "features"]["state"] == "absent"
    (tmp_path / "genaudit.toml").write_text('[run]\ncache = "other"\n')
    assert examined(capsys)[1]["cache", "features"]["found"] == f"{tmp_path / 'other'}: 0 blocks, 0.0 MiB"


def test_weights_that_are_named_must_be_there_and_are_known_by_their_digest(site, capsys, monkeypatch, tmp_path):
    path = tmp_path / "weights.pth"
    monkeypatch.setenv("GENAUDIT_INCEPTION_WEIGHTS", str(path))
    assert examined(capsys, code=1)[1]["weights", "inception"]["found"] == f"there is no file {path}"
    path.write_bytes(b"other")
    # SHA-256 of the five letters, from sha256sum
    expected = f"{path}: not the published file, sha256 d9298a10…"
    assert examined(capsys)[1]["weights", "inception"]["found"] == expected
