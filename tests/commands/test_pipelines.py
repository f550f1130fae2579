"""The recipes for continuous integration: parsed, held to the keywords that the two services know, and run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from commands import variables
from gate_project import CONFIGURATION, newest

from genaudit.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```', PAGE, re.MULTILINE | re.DOTALL))
GITHUB = yaml.safe_load(FILES[".github/workflows/genaudit.yml"])
GITLAB = yaml.safe_load(FILES[".gitlab-ci.yml"])
SHELL = FILES["ci/genaudit.sh"]

# docs.github.com, "Workflow syntax for GitHub Actions"; YAML 1.1 reads the key ``on`` as True
WORKFLOW = {"name", True, "permissions", "concurrency", "jobs"}
JOB = {"if", "runs-on", "timeout-minutes", "steps"}
STEP = {"name", "id", "if", "uses", "with", "run", "env", "shell", "working-directory", "continue-on-error"}
# docs.gitlab.com, "CI/CD YAML syntax reference", and the schema that GitLab's own editor checks files with
GITLAB_GLOBAL = {"default", "include", "spec", "stages", "variables", "workflow"}
GITLAB_DEFAULT = {
    "after_script", "artifacts", "before_script", "cache", "hooks", "id_tokens", "identity", "image", "interruptible",
    "retry", "services", "tags", "timeout",
}  # fmt: skip
GITLAB_JOB = GITLAB_DEFAULT | {
    "allow_failure", "coverage", "dependencies", "environment", "extends", "inherit", "manual_confirmation", "needs",
    "pages", "parallel", "release", "resource_group", "rules", "run", "script", "secrets", "stage", "trigger",
    "variables", "when",
}  # fmt: skip
GITLAB_ARTIFACTS = {
    "access",
    "exclude",
    "expire_in",
    "expose_as",
    "name",
    "paths",
    "public",
    "reports",
    "untracked",
    "when",
}
GITLAB_RULE = {"if", "changes", "exists", "when", "allow_failure", "needs", "variables", "interruptible"}


def gitlab_jobs():
    return {name: job for name, job in GITLAB.items() if name not in GITLAB_GLOBAL}


def own(commands):
    """The lines that are about genaudit; the others install it."""
    return [line for line in commands if not line.startswith("pip install ")]


def github_steps(job):
    return own(step["run"] for step in GITHUB["jobs"][job]["steps"] if "run" in step)


def test_the_workflow_has_the_keywords_of_github():
    assert set(GITHUB) <= WORKFLOW
    assert set(GITHUB[True]) == {"pull_request", "schedule"}
    for job in GITHUB["jobs"].values():
        assert set(job) <= JOB
        for step in job["steps"]:
            assert set(step) <= STEP
            assert ("uses" in step) != ("run" in step)
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/x@v1"))


def test_the_pipeline_has_the_keywords_of_gitlab():
    assert set(GITLAB["default"]) <= GITLAB_DEFAULT
    assert set(GITLAB["workflow"]) <= {"name", "rules", "auto_cancel"}
    assert list(gitlab_jobs()) == ["gate", "nightly"]
    for job in gitlab_jobs().values():
        assert set(job) <= GITLAB_JOB
        assert all(isinstance(line, str) for line in job["script"])
        assert job["stage"] in {"build", "test", "deploy"}  # those that exist without a list of stages
        assert set(job["artifacts"]) <= GITLAB_ARTIFACTS
        assert job["artifacts"]["when"] in {"on_success", "on_failure", "always"}
        assert all(set(rule) <= GITLAB_RULE for rule in job["rules"])


def test_the_page_of_the_gate_shows_the_step_that_is_tested_here():
    gate = (Path(__file__).parents[2] / "docs" / "gate.md").read_text(encoding="utf-8")
    assert f"<!-- pipeline step -->\n```sh\n{github_steps('gate')[0]}\n```" in gate


def test_both_services_run_the_same_commands():
    for job in ("gate", "nightly"):
        assert github_steps(job) == own(gitlab_jobs()[job]["script"])
    assert github_steps("gate")[0] in SHELL


def test_reports_are_kept_where_the_command_writes_them():
    assert all("--out runs" in line for job in ("gate", "nightly") for line in github_steps(job))
    uploads = [
        step["with"]["path"]
        for job in GITHUB["jobs"].values()
        for step in job["steps"]
        if "path" in step.get("with", {})
    ]
    assert uploads == ["runs", "runs"]
    assert {job["artifacts"]["reports"]["junit"] for job in gitlab_jobs().values()} == {"runs/*/junit.xml"}


@pytest.mark.parametrize(
    ("script", "name", "code"),
    [
        ("\n".join(github_steps("gate")), "good", 0),
        ("\n".join(gitlab_jobs()["gate"]["script"]), "worse", 1),
        (SHELL, "worse", 1),
    ],
    ids=["GitHub", "GitLab", "shell"],
)
def test_a_recipe_ends_as_the_gate_does_and_leaves_its_reports(project, tmp_path, script, name, code):
    done = in_a_pipeline(project, tmp_path, script, name)
    assert done.returncode == code, done.stdout + done.stderr
    assert (newest() / "junit.xml").is_file()
    assert ("**FAIL.**" if code else "**PASS.**") in (tmp_path / "page.md").read_text()
    assert ("::error title=genaudit fid::" in done.stderr) == bool(code)
    assert ("**FAIL.**" in done.stdout) == (script == SHELL)


@pytest.mark.parametrize(("name", "code"), [("good", 0), ("worse", 1)])
def test_the_recipe_that_judges_apart_ends_as_the_gate_does(project, tmp_path, name, code):
    done = in_a_pipeline(project, tmp_path, FILES["ci/apart.sh"], name)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("FAIL" in done.stdout) == bool(code)


def in_a_pipeline(project, tmp_path, script, name):
    """What a runner does: the script in a shell of its own, with the service's variables."""
    program = tmp_path / "bin" / "genaudit"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m genaudit "$@"\n')
    program.chmod(0o755)
    Path("genaudit.toml").write_text(CONFIGURATION.replace("[gate]", f'weights = "{name}.safetensors"\n[gate]'))
    newest().rename("before")  # a runner starts without runs
    service = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "page.md")}
    environment = variables(project, **service)
    environment["PATH"] = f"{program.parent}:{environment['PATH']}"
    environment["PYTHONPATH"] += f"{os.pathsep}{Path(__file__).parents[1] / 'support'}"  # where the tiny world lives
    flags = "-eu" if script == SHELL else "-eo pipefail"
    shell = ["sh", "-c"] if script == SHELL else ["bash", *flags.split(), "-c"]
    return subprocess.run([*shell, script], capture_output=True, text=True, env=environment, check=False)


def test_the_nightly_command_is_understood(project, capsys):
    (line,) = github_steps("nightly")
    Path("baselines/nightly.json").write_bytes(Path("baselines/tiny.json").read_bytes())
    words = line.removeprefix("genaudit ").split()
    capsys.readouterr()
    assert main([*words, "--weights", "good.safetensors", "--samples", "300", "--dry-run"]) == 0
    assert "nightly.json" in capsys.readouterr().out


def test_the_configuration_of_the_page_is_read(tmp_path, monkeypatch, capsys):
    (tmp_path / "genaudit.toml").write_text(FILES["genaudit.toml"])
    monkeypatch.chdir(tmp_path)
    assert main(["run", "--no-gate", "--dry-run"]) == 0
    assert "genaudit.toml" in capsys.readouterr().out
