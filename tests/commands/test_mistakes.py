"""A mistake costs one line on stderr that says what to write instead, and exit code 2."""

import os
from pathlib import Path

import pytest

from genaudit.cli import main

COMPAS = ["audit", "--table", "compas", "--group", "race", "--truth", "reoffended", "--decision", "flagged"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rnu"], "No command 'rnu'. Did you mean 'run'? There are: run, score, compare, "),
        (["plugins", "lst"], "No command 'lst'. Did you mean 'list'?"),
        (["run", "--sampels", "3"], "Did you mean '--samples'?  See 'genaudit run --help'."),
        (["run", "--seed", "x"], "'x' is not a valid integer"),
        (["score", "", "photos"], "'GENERATED': the path is empty; for the working directory write '.'"),
        (["run", "-p", "tiny", "--out", ""], "'--out' / '-o': the path is empty; for the working directory write"),
        (["report", ""], "'RUN': the path is empty"),
        (["run"], "No generator was named.  Give --plugin NAME, or plugin = in [run]. Installed: "),
        (["run", "-p", "tinny"], "No generator 'tinny'. Did you mean 'tiny'? Installed: "),
        (["run", "-p", "tiny", "-d", "colored-digit"], "No dataset 'colored-digit'. Did you mean 'colored-digits'?"),
        (["run", "-p", "tiny", "--extractor", "digit"], "No extractor 'digit'. Did you mean 'digits'?"),
        (["run", "-p", "tiny", "--metrics", "fdi"], "No metric 'fdi'. Did you mean 'fid'?"),
        (["run", "-p", "tiny", "--skip", "recal"], "No metric 'recal'. Did you mean 'recall'?"),
        (["run", "-p", "tiny", "--format", "htlm"], "No reporter 'htlm'. Did you mean 'html'?"),
        (["run", "-p", "tiny", "--profile", "smoek"], "No profile 'smoek'. Did you mean 'smoke'?"),
        (["run", "-p", "tiny", "--set", "contrast=2"], "Cannot read the setting 'contrast=2'.  Write NAME.OPT"),
        (["run", "-p", "tiny", "--set", "tinny.contrast=2"], "takes no part in this run (did you mean 'tiny'?)"),
        (["run", "-p", "tiny", "--set", "files.train=a"], "takes no part in this run (choose it with --dataset files)"),
        (["run", "-p", "tiny", "--set", "torchscript.file=a"], "in this run (choose it with --plugin torchscript)"),
        (["run", "-p", "tiny", "--set", "tiny.contrst=2"], "no option 'contrst' (did you mean 'contrast'?)"),
        (["run", "-p", "tiny", "--set", "tiny.contrast=x"], "contrast = 'x': should be a valid number.  Opt"),
        (["run", "-p", "tiny", "--metrics", ""], "--metrics names no metric.  Leave it away for all that apply."),
        (["run", "-p", "tiny", "--metrics", "fid [low-levl]"], "No view of fid 'low-levl'. Did you mean 'low-level'?"),
        (["run", "-p", "tiny", "--metrics", "precison"], "precision, "),
        (["run", "-p", "tiny", "--metrics", "blur"], "  See 'genaudit metrics list'."),
        (["run", "-p", "tiny", "--dataset", "faces"], "  See 'genaudit datasets list'."),
        (["run", "-p", "pixelcnn"], "  See 'genaudit plugins list'."),
        (["metrics", "explain", "fdi"], "No metric 'fdi'. Did you mean 'fid'?"),
        (["audit"], "Missing option '--table'.  See 'genaudit audit --help'."),
        (["audit", "--table", "compass", "--group", "g", "--decision", "d"], "No table 'compass'. Did you mean 'comp"),
        (["audit", "--table", "compas"], "No group was named: give --group COLUMN. No decision was named: give --dec"),
        (["audit", "--table", "compas", "--group", "rase", "--decision", "flagged"], "Did you mean 'race'?"),
        ([*COMPAS, "--role", "confounder"], "--role says what a stratum variable is, and none was named"),
        ([*COMPAS, "--role", "cause"], "should be 'confounder', 'mediator', 'collider' or 'unknown'."),
        ([*COMPAS, "--threshold", "3"], "--threshold is for --score, and no score was named."),
        ([*COMPAS, "--score", "flagged"], "Both --decision and --score were given"),
        ([*COMPAS, "--positive", "race=Black"], "--positive is for 'race', which is neither the truth nor the decis"),
        ([*COMPAS, "--positive", "="], "Cannot read --positive '='."),
        ([*COMPAS, "--seed", "-1"], "--seed -1 is not allowed: it must be a whole number of at least 0."),
        ([*COMPAS, "--set", "group_rates.min_cuont=3"], "no option 'min_cuont' (did you mean 'min_count'?)"),
        ([*COMPAS, "--set", "fid.k=3"], "fid.k is for 'fid', which takes no part in this run"),
        ([*COMPAS, "--format", "htlm"], "No reporter 'htlm'. Did you mean 'html'?"),
        ([*COMPAS, "--cost", "fp"], "Cannot read --cost 'fp'.  Write --cost fp=1 --cost fn=5."),
        ([*COMPAS, "--cost", "fpp=1"], "No outcome 'fpp' for --cost. Did you mean 'fp'? There are: fp, fn, tp, tn"),
        ([*COMPAS, "--who-pays", "tp=x"], "who pays for 'tp' was said, and no such cost was declared; no cost"),
        ([*COMPAS, "--population", " "], "--population names no group.  Write --population A=0.6,B=0.4."),
        ([*COMPAS, "--cost", "fp=-1", "--cost", "fn=2"], "costs: fp is a cost from 0 to 1e+100, not -1.0."),
        ([*COMPAS, "--cost", "fp=1"], "a cost of a wrong flag needs one of a miss, and the other way round"),
        ([*COMPAS, "--population", "Black=0.6,White=0.6"], "the shares of a population sum to 1, not to 1.2."),
        ([*COMPAS, "--prevalence", "3"], "prevalence lies in (0, 1), not 3.0."),
        ([*COMPAS, "--tolerance", "0.1"], "a tolerance needs the primary that it is for"),
        ([*COMPAS, "--primary", "fpr_difference"], "No difference 'fpr_difference'. Did you mean '"),
        ([*COMPAS, "--metric", "f1_score"], "does not say where the metric is from: write sklearn:f1_score."),
        ([*COMPAS, "--metric", "sklearn:f1_scor"], "No metric of labels 'f1_scor'. Did you mean 'f1_score'?"),
        ([*COMPAS, "--features", "all"], "--features needs one row a person, and 'count' says that a row of compas"),
        (["report", "nowhere"], "Cannot read nowhere"),
        (["report", "."], "There is no run.json in ., so it is not the folder of a run.  Give "),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_what_was_meant(site, capsys, words, message):
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert captured.err.startswith("genaudit: ")
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("words", [[], ["plugins"]])
def test_without_a_command_the_help_is_shown_on_stderr(site, capsys, words):
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Commands:" in captured.err


def test_an_output_folder_that_cannot_be_written_is_found_before_the_work(site, capsys):
    Path("taken").write_text("a file")
    assert main(["run", "-p", "tiny", "-n", "20", "-o", "taken"]) == 2
    assert "taken" in capsys.readouterr().err


def test_the_folder_of_all_runs_is_answered_with_the_newest_one(site, capsys):
    for age, name in enumerate(["newer", "older"]):
        Path("runs", name).mkdir(parents=True)
        Path("runs", name, "run.json").write_text("{}")
        os.utime(Path("runs", name, "run.json"), (1_000 - age, 1_000 - age))
    assert main(["report", "runs"]) == 2
    assert capsys.readouterr().err.endswith("  It holds 2 runs; the newest is runs/newer.\n")


def test_a_block_of_nothing_costs_one_line(site, capsys):
    assert main(["run", "-p", "tiny", "--dry-run", "--block", "nope"]) == 0
    assert capsys.readouterr().err == (
        "genaudit: warning: Nothing is blocked by 'nope': no plugin or distribution has that name.\n"
    )


@pytest.mark.parametrize(
    ("words", "measured"),
    [
        (["--metrics", "fid [low-level]"], "fid [low-level]"),
        (["--metrics", "mode_count,fid[low-level], kid"], "mode_count, fid [low-level], kid"),
        (["--metrics", "fid", "--metrics", "fid [low-level]"], "fid, fid [low-level]"),
        (["--metrics", "fid", "--skip", "fid [low-level]"], "fid"),
    ],
)
def test_a_view_is_chosen_by_the_name_that_lists_show(site, capsys, words, measured):
    assert main(["run", "-p", "tiny", "--dry-run", *words]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("measured: ")]
    assert line == f"measured: {measured}"
