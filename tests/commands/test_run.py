"""The result goes to stdout, progress to stderr, and the exit code says how it went."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from commands import genaudit, variables

from genaudit.cli import main
from genaudit.cli.leaving import InternalError
from genaudit.cli.run import kept
from genaudit.values.serialisation import load_record

QUICK = ["-n", "20", "--metrics", "mode_count"]


def run_folder():
    (folder,) = Path("runs").iterdir()
    return folder


def test_a_run_prints_its_numbers_and_the_path_of_its_report(site, capsys):
    assert main(["run", "-p", "tiny", *QUICK]) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0].split() == ["metric", "value", "95", "%", "interval", "n", "note"]
    assert lines[1].split()[:2] == ["mode_count", "↑"]
    assert lines[-1] == f"report: {run_folder() / 'report.html'}"
    assert (run_folder() / "report.html").is_file()


def test_json_is_the_record_and_nothing_else_even_if_a_plugin_prints(site, capsys):
    assert main(["run", "-p", "tiny-talks", *QUICK, "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out) == json.loads((run_folder() / "run.json").read_text())
    assert "the plugin talks on stdout" in captured.err


def test_without_a_terminal_each_stage_is_one_line(site, capsys):
    assert main(["run", "-p", "tiny", *QUICK]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("tiny on colored-digits: 20 images")
    assert [line.partition(":")[0] for line in lines[1:4]] == ["preparing", "generated", "reference"]


def test_quiet_says_nothing_on_stderr(broken, capsys):
    assert main(["run", "-p", "tiny", *QUICK, "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_an_unrequested_broken_plugin_costs_one_line(broken, capsys):
    assert main(["run", "-p", "tiny", *QUICK]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "odd" in line]
    assert lines == [
        "genaudit: warning: Plugin 'odd' (odd-models 1.0) failed at stage import: RuntimeError: no licence."
    ]
    states = {status.name: status.state for status in load_record(run_folder()).plugins}
    assert (states["odd"], states["tiny"]) == ("failed", "loaded")


def test_a_requested_broken_plugin_ends_with_its_distribution_and_cause(broken, capsys):
    assert main(["run", "-p", "odd", *QUICK]) == 2
    assert capsys.readouterr().err.startswith(
        "genaudit: Plugin 'odd' (odd-models 1.0) failed at stage import: RuntimeError: no licence"
    )


def test_a_generator_that_raises_costs_its_numbers_and_exit_code_3(site, capsys):
    assert main(["run", "-p", "tiny-raises", *QUICK]) == 3
    captured = capsys.readouterr()
    assert "failed: mode_count" in captured.out
    assert "Plugin 'tiny' (tiny-models 1.0) failed at stage generated: ZeroDivisionError: one over none" in captured.out
    assert load_record(run_folder()).failures[0].component == "mode_count"


def test_an_interrupted_run_keeps_what_is_finished(site, capsys):
    assert main(["run", "-p", "tiny-interrupted", *QUICK]) == 130
    assert not load_record(run_folder()).complete
    lines = capsys.readouterr().err.splitlines()
    assert lines[-2:] == [f"genaudit: What was finished is in {run_folder()}.", "genaudit: interrupted"]


def test_a_defect_is_two_lines_on_the_screen_and_a_traceback_in_the_run_folder(tmp_path):
    def defective_run():
        with kept(tmp_path):
            (tmp_path / "run-1").mkdir()
            raise ZeroDivisionError("one over none")

    with pytest.raises(InternalError) as caught:
        defective_run()
    assert caught.value.exit_code == 4
    assert caught.value.message == "internal error: ZeroDivisionError: one over none"
    assert str(tmp_path / "run-1" / "log.txt") in caught.value.hint
    assert "Traceback (most recent call last)" in (tmp_path / "run-1" / "log.txt").read_text()


def test_the_record_holds_the_command_that_repeats_the_run(site, capsys, monkeypatch):
    monkeypatch.setenv("GENAUDIT_RUN_SEED", "4")
    assert main(["run", "-p", "tiny", *QUICK, "--set", "tiny.contrast=2"]) == 0
    assert load_record(run_folder()).request.command == (
        "genaudit run --plugin tiny --samples 20 --metrics mode_count --seed 4 --set tiny.contrast=2"
    )


def test_colour_that_is_forced_does_not_turn_on_the_live_display(site):
    done = genaudit("run", "-p", "tiny", *QUICK, site=site, FORCE_COLOR="1")
    assert done.returncode == 0
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize(("term", "live"), [("xterm", True), ("dumb", False)])
def test_progress_is_live_only_on_a_terminal_that_can_redraw(site, term, live):
    screen, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "genaudit", "run", "-p", "tiny", *QUICK],
        stdout=subprocess.PIPE, stderr=terminal, text=True, env=variables(site, TERM=term), cwd=site.folder,
    ) as process:  # fmt: skip
        os.close(terminal)
        shown = _everything(screen)
        out = process.stdout.read()
    assert process.returncode == 0
    assert ("\x1b" in shown) == live
    assert "generated" in shown
    assert "\x1b" not in out


def _everything(screen):
    shown = b""
    try:
        while chunk := os.read(screen, 65536):
            shown += chunk
    except OSError:  # Linux' way to say that the other end is closed
        pass
    finally:
        os.close(screen)
    return shown.decode()


def test_idle_threads_sleep_unless_the_user_says_otherwise(site, capsys, monkeypatch):
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    assert main(["run", "-p", "tiny", "--dry-run"]) == 0
    assert os.environ["OMP_WAIT_POLICY"] == "active"
    monkeypatch.delenv("OMP_WAIT_POLICY")
    monkeypatch.delenv("OPENBLAS_THREAD_TIMEOUT", raising=False)
    assert main(["run", "-p", "tiny", "--dry-run"]) == 0
    assert (os.environ["OMP_WAIT_POLICY"], os.environ["OPENBLAS_THREAD_TIMEOUT"]) == ("passive", "10")


def test_reports_are_written_again_from_the_record_without_torch(site, capsys):
    assert main(["run", "-p", "tiny", *QUICK, "--format", "json"]) == 0
    report = run_folder() / "report.html"
    assert not report.exists()
    tell = (
        "from genaudit.cli import main; code = main(sys.argv[1:]); print(code, 'torch' in sys.modules, file=sys.stderr)"
    )
    done = genaudit("report", str(run_folder()), "--format", "html", site=site, cwd=Path.cwd(), code=tell)
    assert (done.stdout, done.stderr) == (f"{report}\n", "0 False\n")
    assert report.is_file()


def test_a_plugin_that_changes_the_working_directory_moves_no_path_that_is_shown(site, capsys, tmp_path):
    model = """
        import os

        class Wanderer:
            latent_shape = (3,)

            def __init__(self, options, device):
                pass

            def decode(self, z, labels=None):
                os.chdir("/")
                return z.sigmoid()[:, :, None, None].expand(-1, 3, 16, 16)
    """
    plugin = """
        from genaudit.plugin import GeneratorSpec, hookimpl

        @hookimpl
        def genaudit_generators():
            return [GeneratorSpec(name="wanderer", summary="Elsewhere.", capabilities=("Sampler",),
                                  image_shape=(3, 16, 16), target="wandering:Wanderer")]
    """
    site.install("wanderers", {"wanderer": "wanderer_plugin"}, wanderer_plugin=plugin, wandering=model)
    here = Path.cwd()
    assert main(["run", "-p", "wanderer", *QUICK, "--out", "there"]) == 0
    (shown,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("report: ")]
    assert Path.cwd() == here
    assert shown.startswith("report: there")
    assert Path(shown.removeprefix("report: ")).is_file()
