"""The nearest configuration file counts alone, and says nothing that does not exist."""

from pathlib import Path

import pytest

from genaudit.cli.audit_section import AUDIT_KEYS
from genaudit.cli.configuration import Configuration, read_configuration
from genaudit.errors import BadOption, GenauditError


@pytest.fixture
def folder(tmp_path):
    inner = tmp_path / "project" / "notebooks"
    inner.mkdir(parents=True)
    return inner


def test_without_a_file_there_is_nothing_to_say(folder):
    assert read_configuration(folder).run == {}


def test_a_file_is_found_in_a_folder_above(folder):
    (folder.parent / "genaudit.toml").write_text('[run]\nplugin = "vae"\nseed = 3\n[plugin.vae]\nlatent_dim = 16\n')
    found = read_configuration(folder)
    assert found == Configuration(
        path=folder.parent / "genaudit.toml",
        run={"plugin": "vae", "seed": 3},
        plugins={"vae": {"latent_dim": 16}},
        metrics={},
    )


def test_the_nearest_file_is_not_merged_with_those_above(folder):
    (folder.parent / "genaudit.toml").write_text("[run]\nseed = 3\n")
    (folder / "pyproject.toml").write_text('[tool.genaudit.run]\nplugin = "vae"\n')
    assert read_configuration(folder).run == {"plugin": "vae"}


def test_two_files_of_one_folder_are_refused_because_one_would_be_left_out_with_its_gate(folder):
    (folder / "genaudit.toml").write_text("[run]\nseed = 3\n")
    (folder / "pyproject.toml").write_text('[tool.genaudit.gate]\nbaseline = "b.json"\n')
    with pytest.raises(BadOption, match=r"genaudit\.toml and \[tool\.genaudit\] of pyproject\.toml beside it both"):
        read_configuration(folder)
    assert read_configuration(folder, str(folder / "genaudit.toml")).run == {"seed": 3}


def test_a_pyproject_of_another_matter_is_passed_by_even_if_damaged(folder):
    (folder / "pyproject.toml").write_text("[project\n")
    (folder.parent / "genaudit.toml").write_text("[run]\nseed = 3\n")
    assert read_configuration(folder).run == {"seed": 3}


def test_paths_are_relative_to_the_file(folder):
    (folder.parent / "genaudit.toml").write_text('[run]\nout = "results"\nweights = "w.safetensors"\n')
    assert read_configuration(folder).run == {
        "out": str(folder.parent / "results"),
        "weights": str(folder.parent / "w.safetensors"),
    }


def test_a_named_file_is_read_instead(folder, tmp_path):
    (folder / "genaudit.toml").write_text("[run]\nseed = 3\n")
    (tmp_path / "other.toml").write_text("[run]\nseed = 4\n")
    assert read_configuration(folder, str(tmp_path / "other.toml")).run == {"seed": 4}
    with pytest.raises(GenauditError, match=r"Cannot read .*missing\.toml"):
        read_configuration(folder, str(tmp_path / "missing.toml"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[rum]\nseed = 1\n", "no section 'rum' (did you mean 'run'?)"),
        ("[run]\nsede = 1\n", "no key 'sede' in [run] (did you mean 'seed'?)"),
        ('[run]\nseed = "1"\n', "seed = '1' is not a whole number"),
        ("[run]\nsamples = true\n", "samples = True is not a whole number"),
        ('[run]\nmetrics = "fid"\n', "metrics = 'fid' is not a list of names"),
        ("[run]\nretrain = 1\n", "retrain = 1 is not true or false"),
        ("run = 7\n", "[run] is 7, not a table"),
        ("[audit]\ndecison = 'd'\n", "no key 'decison' in [audit] (did you mean 'decision'?)"),
        ("[audit]\ntolerance = true\n", "tolerance = True in [audit] is not a number"),
        ("[audit]\ngroup = {a = 1}\n", "group = {'a': 1} in [audit] is not a text or a list of texts"),
        ("[plugin]\nvae = 7\n", "[plugin.vae] is 7, not a table"),
    ],
)
def test_what_does_not_exist_is_an_error_with_the_nearest_thing_that_does(folder, text, reason):
    (folder / "genaudit.toml").write_text(text)
    with pytest.raises(BadOption) as caught:
        read_configuration(folder)
    assert caught.value.message == f"{folder / 'genaudit.toml'}: {reason}."


def test_the_section_of_the_audit_has_the_words_of_its_flags(folder):
    (folder / "genaudit.toml").write_text(
        '[audit]\ntable = "d.csv"\ngroup = ["race", "sex"]\nstratum = "age"\nrole = {age = "confounder"}\n'
        'population = {A = 0.6, B = 0.4}\npopulation-source = "census"\ncost = {fp = 1, fn = 2.5}\n'
        'prevalence = 0.1\npositive = {risk = ["High", "Medium"]}\ntolerance = 0.05\nstrict = true\n'
    )
    assert read_configuration(folder).audit == {
        "table": str(folder / "d.csv"), "group": ["race", "sex"], "strata": ["age"], "role": ["age=confounder"],
        "population": "A=0.6,B=0.4", "population_source": "census", "cost": ["fp=1", "fn=2.5"],
        "prevalence": ["0.1"], "positive": ["risk=High,Medium"], "tolerance": 0.05, "strict": True,
    }  # fmt: skip


def test_every_flag_of_the_audit_may_stand_in_its_section():
    """Apart from what says how a terminal is used, and options, which stand in ``[plugin.NAME]``."""
    from genaudit.cli.audit import command

    flags = {
        word.removeprefix("--").replace("-", "_")
        for option in command.params
        for word in option.opts
        if word.startswith("--")
    }
    assert flags - {"set", "json", "quiet", "block"} == set(AUDIT_KEYS)


def test_all_errors_of_a_file_come_at_once(folder):
    (folder / "genaudit.toml").write_text("[run]\nsede = 1\nsamples = 1.5\n")
    with pytest.raises(BadOption, match=r"no key 'sede' .*; samples = 1\.5 is not a whole number"):
        read_configuration(folder)


def test_a_file_that_is_not_toml_says_where(folder):
    (folder / "genaudit.toml").write_text("[run]\nseed 3\n")
    with pytest.raises(GenauditError, match=r"genaudit\.toml is not TOML: .*line 2"):
        read_configuration(Path(folder))
