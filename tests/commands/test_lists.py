"""Lists say what is installed, to people in columns and to programs in JSON."""

import json

import pytest

from genaudit.cli import main


def test_plugins_are_listed_with_distribution_version_state_and_capabilities(site, capsys):
    assert main(["plugins", "list"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["name", "distribution", "version", "state", "brings", "capabilities"]
    (tiny,) = [row for row in rows if row.startswith("tiny ")]
    assert tiny.split() == ["tiny", "tiny-models", "1.0", "loaded", "4", "generators", "Sampler"]


def test_a_broken_plugin_is_a_row_with_its_error(broken, capsys):
    assert main(["plugins", "list"]) == 0
    captured = capsys.readouterr()
    assert "\nodd: import: RuntimeError: no licence\n" in captured.out
    assert captured.err == ""


def test_plugins_are_listed_as_json(broken, capsys):
    assert main(["plugins", "list", "--json"]) == 0
    by_name = {status["name"]: status for status in json.loads(capsys.readouterr().out)["plugins"]}
    assert by_name["tiny"]["components"][0] == "generator:tiny"
    assert (by_name["odd"]["state"], by_name["odd"]["error"]) == ("failed", "import: RuntimeError: no licence")


@pytest.mark.parametrize("how", ["flag", "environment"])
def test_a_blocked_plugin_is_listed_as_blocked(broken, capsys, monkeypatch, how):
    monkeypatch.setenv("GENAUDIT_BLOCK", "odd,metrics" if how == "environment" else "")
    assert main(["plugins", "list", "--json", *(["--block", "odd,metrics"] if how == "flag" else [])]) == 0
    states = {status["name"]: status["state"] for status in json.loads(capsys.readouterr().out)["plugins"]}
    assert (states["odd"], states["metrics"], states["tiny"]) == ("blocked", "blocked", "loaded")


def test_metrics_are_listed_with_direction_and_unit(site, capsys):
    assert main(["metrics", "list", "--json"]) == 0
    (fid,) = [found for found in json.loads(capsys.readouterr().out) if found["name"] == "fid" and not found["view"]]
    assert (fid["direction"], fid["options"]["blocks"]) == ("lower", {"type": "int", "default": 10})
    assert main(["metrics", "list"]) == 0
    assert "\nkid " in capsys.readouterr().out


def test_a_metric_is_explained_with_what_it_cannot_tell(site, capsys):
    assert main(["metrics", "explain", "kid"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("kid: ")
    assert [label in text for label in ("\nmeaning ", "\ncaveat ", "\nformula ", "\nsource ")] == [True] * 4


def test_data_sets_are_listed(site, capsys):
    assert main(["datasets", "list"]) == 0
    assert "colored-digits  3×16×16" in capsys.readouterr().out
    assert main(["datasets", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["splits"]["evaluation"] == 2000
