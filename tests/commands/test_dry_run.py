"""A dry run shows every value with its origin: flag before environment before file before default."""

import json
from pathlib import Path

import pytest

from genaudit.cli import main


def planned(capsys, *words):
    assert main(["run", "--dry-run", "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def value(plan, name):
    return plan["values"][name]["value"], plan["values"][name]["origin"]


def test_each_value_tells_where_it_comes_from(site, capsys, monkeypatch):
    Path("genaudit.toml").write_text(
        '[run]\nplugin = "tiny"\nseed = 3\nsamples = 30\nmetrics = ["fid", "kid"]\n[plugin.tiny]\ncontrast = 2\n'
    )
    monkeypatch.setenv("GENAUDIT_RUN_SEED", "4")
    monkeypatch.setenv("GENAUDIT_RUN_SAMPLES", "40")
    plan = planned(capsys, "--samples", "50")
    assert value(plan, "samples") == (50, "flag")
    assert value(plan, "seed") == (4, "environment")
    assert value(plan, "plugin") == ("tiny", "genaudit.toml")
    assert value(plan, "metrics") == (["fid", "kid"], "genaudit.toml")
    assert value(plan, "tiny.contrast") == (2.0, "genaudit.toml")
    assert value(plan, "kid.degree") == (3, "default")
    assert value(plan, "batch_size") == (256, "default")


def test_a_setting_overrules_the_file(site, capsys):
    Path("genaudit.toml").write_text("[plugin.tiny]\ncontrast = 2\n[metric.kid]\ndegree = 2\n")
    plan = planned(capsys, "-p", "tiny", "--set", "tiny.contrast=5")
    assert value(plan, "tiny.contrast") == (5.0, "flag")
    assert value(plan, "kid.degree") == (2, "genaudit.toml")


def test_the_profile_gives_the_number_of_images(site, capsys):
    assert value(planned(capsys, "-p", "tiny", "--profile", "smoke"), "samples") == (1000, "profile smoke")


def test_what_does_not_apply_is_listed_with_its_reason(site, capsys):
    plan = planned(capsys, "-p", "tiny", "--metrics", "fid,psnr")
    assert {"name": "fid", "view": ""} in plan["metrics"]
    (psnr,) = [item for item in plan["unavailable"] if item["component"] == "psnr"]
    assert psnr["reason_code"] == "needs-capability"


def test_lists_may_be_repeated_or_separated_by_commas(site, capsys):
    plan = planned(capsys, "-p", "tiny", "--metrics", "fid,kid", "--metrics", "recall", "--skip", "kid")
    assert [metric["name"] for metric in plan["metrics"] if not metric["view"]] == ["fid", "recall"]


def test_options_of_what_takes_no_part_are_checked_and_left_aside(site, capsys):
    Path("genaudit.toml").write_text("[metric.kid]\ndegree = 2\n[plugin.tiny-raises]\ncontrast = 2\n")
    assert "kid.degree" not in planned(capsys, "-p", "tiny", "--metrics", "fid")["values"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[plugin.tinny]\ncontrast = 1\n", "'tinny'. Did you mean 'tiny'?"),
        ("[plugin.tiny]\ncontrst = 1\n", "genaudit.toml: tiny: no option 'contrst' (did you mean 'contrast'?)"),
        ("[metric.kid]\ndegree = 'x'\n", "genaudit.toml: kid: degree = 'x'"),
        ("[run]\nsede = 1\n", "no key 'sede' in [run] (did you mean 'seed'?)"),
    ],
)
def test_a_mistake_in_the_file_names_the_file(site, capsys, text, reason):
    Path("genaudit.toml").write_text(text)
    assert main(["run", "-p", "tiny", "--dry-run"]) == 2
    assert reason in capsys.readouterr().err


def test_help_is_shown_beside_a_damaged_file(site, capsys):
    Path("genaudit.toml").write_text("[run")
    assert main(["run", "--help"]) == 0
    assert "--dry-run" in capsys.readouterr().out


def test_the_plan_is_readable_and_nothing_is_written(site, capsys):
    assert main(["run", "-p", "tiny", "--dry-run", "--metrics", "fid,psnr"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["plugin", "tiny", "flag"]
    assert any(line.startswith("measured: fid") for line in lines)
    assert any(line.startswith("not available: ") and "psnr: " in line for line in lines)
    assert not Path("runs").exists()
