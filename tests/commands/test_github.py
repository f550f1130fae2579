"""Workflow commands of GitHub Actions: escaped, few, and read from stderr."""

import re
from dataclasses import replace

import pytest
from gate_records import number, run

from genaudit.cli.github import MOST, announce, workflow_commands
from genaudit.gate.baseline import updated
from genaudit.gate.verdicts import gate

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)")
"""What the runner reads: properties end at a comma or at the two colons, a message at the line."""


def report_of(count):
    names = [f"metric_{index}" for index in range(count)]
    accepted, _ = updated(None, [run(*(number(name, 1.0) for name in names))], "first")
    return gate(accepted, [run(*(number(name, 2.0) for name in names), weights="o" * 64)])


def test_each_failure_is_one_command_with_its_numbers():
    (command,) = workflow_commands(report_of(1))
    kind, title, message = COMMAND.fullmatch(command).groups()
    assert (kind, title) == ("error", "genaudit metric_0")
    assert message.replace("%25", "%").startswith(
        "metric_0 is 100 % worse (95 % interval 97 % to 103 % worse), 2 after 1"
    )
    assert "%" not in message.replace("%25", "")


def test_the_last_of_eight_says_how_many_more_there_are():
    commands = workflow_commands(report_of(30))
    assert len(commands) == MOST == 8
    assert all(map(COMMAND.fullmatch, commands))
    assert commands[-1].endswith("::23 more; they are in the summary and in the log.")


def test_what_would_end_a_command_is_escaped():
    report = report_of(1)
    evil = replace(report.changes[0], metric="a::b,c\r\n::error", sentence="100 %\n::warning::x")
    (command,) = workflow_commands(replace(report, changes=(evil,)))
    assert COMMAND.fullmatch(command)
    assert command == "::error title=genaudit a%3A%3Ab%2Cc %3A%3Aerror::100 %25 ::warning::x"


def test_the_summary_is_appended_to_the_steps_page(tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.md"
    page.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    announce(report_of(1), "## after\n")
    assert page.read_text() == "before\n## after\n"
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("::error title=genaudit metric_0::")


def test_a_page_that_cannot_be_written_is_a_warning(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "none" / "page.md"))
    announce(report_of(1), "text")
    assert "warning: cannot write the step summary" in capsys.readouterr().err


@pytest.mark.parametrize("count", [1, 7, 8, 9])
def test_never_more_than_eight(count):
    assert len(workflow_commands(report_of(count))) == min(count, MOST)
