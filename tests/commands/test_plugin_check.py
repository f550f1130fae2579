"""A generator is held to its contract on the command line, and a new one begins with a distribution that works."""

import json
import re

import pytest

from genaudit.cli import main
from genaudit.testing import CHECKS
from genaudit.testing.new_plugin import write_plugin


def test_every_check_is_a_row_and_one_that_is_broken_says_what_to_mend(site, capsys):
    assert main(["plugins", "check", "tiny"]) == 1
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()[2 : 2 + len(CHECKS)]] == [check.name for check in CHECKS]
    assert "licence-and-source: The spec has no licence and no source. Fill it in" in out
    assert out.splitlines()[-1] == "13 kept, 1 broken, of 16."


def test_what_is_watched_of_the_network_is_said(site, capsys):
    main(["plugins", "check", "tiny"])
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("no-network")]
    assert "watched are Python's sockets in this process, no native code or other process" in row


def test_a_generator_that_keeps_everything_ends_with_0(site, capsys):
    assert main(["plugins", "check", "vae", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["generators"]
    assert found["generator"] == "vae"
    assert {one["verdict"] for one in found["checks"]} == {"kept", "not applicable"}


def test_a_plugins_name_stands_for_all_its_generators(site, capsys):
    assert main(["plugins", "check", "genaudit.testing.doubles", "--load", "genaudit.testing.doubles", "--json"]) == 1
    found = {one["generator"]: one["checks"] for one in json.loads(capsys.readouterr().out)["generators"]}
    broken = {name: [one["check"] for one in checks if one["verdict"] == "broken"] for name, checks in found.items()}
    assert broken.pop("double-constant") == ["heeds-latents"]
    assert set(map(tuple, broken.values())) == {()}


def test_options_are_set_like_those_of_a_run(site, capsys):
    assert main(["plugins", "check", "vae", "--set", "vae.likelihood=continuous-bernoulli"]) == 0
    assert re.search("likelihood-integrates-to-one +kept", capsys.readouterr().out)
    assert main(["plugins", "check", "vae"]) == 0
    assert "likelihood-integrates-to-one: Its data space is 'soft', which is no density" in capsys.readouterr().out
    assert main(["plugins", "check", "vae", "--set", "vae.likelihod=laplace"]) == 2
    assert "did you mean 'likelihood'?" in capsys.readouterr().err


def test_what_a_plugin_prints_does_not_mix_with_the_json(site, capsys):
    assert main(["plugins", "check", "tiny-talks", "--json"]) == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["generators"]
    assert "the plugin talks on stdout" in captured.err


def test_one_cause_of_many_broken_promises_is_told_once(site, capsys):
    assert main(["plugins", "check", "tiny-raises"]) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if "It raised" in line]
    assert len(told) == 1
    assert told[0].startswith("shapes, dtypes, ranges, repeatable, batch-size, heeds-latents, global-randomness, no-")


def test_a_name_that_does_not_exist_is_refused(site, capsys):
    assert main(["plugins", "check", "vea"]) == 2
    assert "No generator 'vea'. Did you mean 'vae'?" in capsys.readouterr().err


def test_a_new_distribution_is_written_and_told_of(site, capsys, tmp_path):
    assert main(["plugins", "new", "my-stripes", "--dir", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "src/my_stripes/__init__.py" in out
    assert "genaudit plugins check my-stripes" in out.splitlines()[-1]
    assert 'dependencies = ["genaudit>=0.1,<0.2", "torch"]' in (tmp_path / "my-stripes/pyproject.toml").read_text()


def test_the_model_of_a_new_distribution_is_short(tmp_path):
    write_plugin("my-stripes", tmp_path, ())
    package = tmp_path / "my-stripes" / "src" / "my_stripes"
    lines = [line for path in package.glob("*.py") for line in path.read_text().splitlines() if line.strip()]
    assert len(lines) <= 45


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("My-Model", "is no name for a generator"),
        ("7up", "is no name for a generator"),
        ("class", "is no name for a generator"),
        ("vae", "There is a generator 'vae' already"),
        ("torch", "There is a Python module 'torch' already, and the generator's package would take its place"),
        ("json", "There is a Python module 'json' already"),
        ("genaudit", "There is a Python module 'genaudit' already"),
        ("scikit-learn", "A distribution 'scikit-learn' is installed already, and pip would replace it"),
    ],
)
def test_a_name_that_cannot_be_is_refused(site, capsys, name, said):
    assert main(["plugins", "new", name]) == 2
    assert said in capsys.readouterr().err


def test_nothing_is_overwritten(site, capsys, tmp_path):
    (tmp_path / "my-stripes").mkdir()
    assert main(["plugins", "new", "my-stripes", "--dir", str(tmp_path)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert list((tmp_path / "my-stripes").iterdir()) == []
