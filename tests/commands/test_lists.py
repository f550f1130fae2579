"""Lists say what is installed, to people in columns and to programs in JSON."""

import json
import re

import pytest

from genaudit.cli import main


def test_plugins_are_listed_with_distribution_version_state_and_capabilities(site, capsys):
    assert main(["plugins", "list"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["name", "distribution", "version", "state", "brings", "capabilities"]
    (tiny,) = [row for row in rows if row.startswith("tiny ")]
    assert tiny.split(maxsplit=4)[:4] == ["tiny", "tiny-models", "1.0", "loaded"]
    # --plugin takes these names, and no other table has them
    assert re.search(r"  generator tiny, tiny-raises, tiny-interrupted, tiny-talks +Sampler$", tiny)


def test_a_broken_plugin_is_a_row_with_its_error(broken, capsys):
    assert main(["plugins", "list"]) == 0
    captured = capsys.readouterr()
    assert "\nodd: import: RuntimeError: no licence\n" in captured.out
    assert captured.err == ""


@pytest.mark.parametrize(
    "words", [("plugins", "list"), ("plugins", "check", "tiny"), ("doctor",), ("run", "-p", "tiny", "--dry-run")]
)
def test_a_requirement_of_genaudit_that_nobody_can_read_is_said(site, capsys, words):
    (place,) = site.folder.glob("tiny_models-*.dist-info")
    with (place / "METADATA").open("a") as file:
        file.write("Requires-Dist: genaudit!!\n")
    main([*words])
    captured = capsys.readouterr()
    assert "version: 'genaudit!!' in its metadata is no requirement that can be read" in captured.out + captured.err
    assert "tiny-models" in captured.out + captured.err


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
    assert (fid["direction"], fid["options"]["blocks"]) == (
        "lower",
        {
            "type": "int",
            "default": 10,
            "meaning": "Blocks of the jackknife that gives the interval and the debiased value, 3 to 100.",
        },
    )
    assert main(["metrics", "list"]) == 0
    assert "\nkid " in capsys.readouterr().out


def test_a_metric_is_explained_with_what_it_cannot_tell(site, capsys):
    assert main(["metrics", "explain", "kid"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("kid: ")
    assert [label in text for label in ("\nmeaning ", "\ncaveat ", "\nformula ", "\nsource ")] == [True] * 4


def test_an_explanation_says_what_it_needs_its_range_its_minimum_and_every_option_with_its_default(site, capsys):
    assert main(["metrics", "explain", "kid"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    for said in (
        "better lower",
        "unit squared discrepancy, from -∞ to ∞",
        "needs features (generator: Sampler or DrawnSamples; extractor output: features; data split: evaluation)",
        "defined from 2 items on either side",
        "option kid.degree = 3: Degree of the polynomial kernel, 1 to 10.",
        "option kid.gamma = not set: Factor of the scalar product; one over the feature dimension if not given.",
    ):
        assert said in text


def test_without_a_name_every_metric_is_explained(site, capsys):
    assert main(["metrics", "explain"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("fid: ")
    assert "\nssim: " in text


def test_an_explanation_is_json_or_markdown_and_not_both(site, capsys):
    assert main(["metrics", "explain", "kid", "--markdown", "--json"]) == 2
    assert "exclude each other" in capsys.readouterr().err


def test_data_sets_are_listed(site, capsys):
    assert main(["datasets", "list"]) == 0
    text = capsys.readouterr().out
    rows = [re.split(r"  +", line) for line in text.splitlines()]
    assert ["colored-digits", "data set", "3×16×16"] in [row[:3] for row in rows]
    assert main(["datasets", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["splits"]["evaluation"] == 2000


def test_embedded_tables_are_listed_with_their_source_and_caveats(site, capsys):
    from genaudit.tables.embedded import EMBEDDED

    assert main(["datasets", "list"]) == 0
    text = capsys.readouterr().out
    rows = [re.split(r"  +", line) for line in text.splitlines()]
    assert ["compas", "audit table", "counts", "6,150 people", "race, reoffended, flagged"] in [row[:5] for row in rows]
    assert main(["datasets", "list", "--json"]) == 0
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out) if one["kind"] == "audit table"}
    assert set(listed) == set(EMBEDDED)
    for name, table in EMBEDDED.items():
        assert f"genaudit audit --table {name} {table.example}" in text
        assert table.source in text
        assert all(caveat in text for caveat in table.caveats)
        assert listed[name]["source"] == table.source
