"""Rules of the house that no linter holds."""

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from genaudit.plugin import hookspecs
from genaudit.plugin.loading import load_object, load_target
from genaudit.probes import PROBES
from genaudit.values.results import Direction

ROOT = Path(__file__).parents[2]
PACKAGES = ("genaudit", "plugins", "reports")
LIGHT = (
    "genaudit",
    "genaudit.cli",
    "genaudit.metrics",
    "genaudit.audits",
    "genaudit.datasets",
    "genaudit.extractors",
    "genaudit.annotators",
    "genaudit.probes",
    "genaudit.plugin.manager",
    "genaudit_vae",
    "genaudit_dcgan",
    "genaudit_stylegan",
    "genaudit_gans",
    "genaudit_files",
    "genaudit.testing",
    "genaudit.testing.doubles",
    "genaudit_reports",
)
HEAVY = ("torch", "numpy", "pandas", "scipy", "pydantic", "jinja2")
KINDS = ("generator", "dataset", "extractor", "annotator", "metric", "audit", "reporter")


def sources():
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


@pytest.mark.parametrize("module", LIGHT)
def test_what_every_command_imports_is_light(module):
    program = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_no_file_is_longer_than_four_hundred_lines():
    assert [path.name for path in sources() if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_no_file_has_a_name_that_says_nothing():
    names = {"utils.py", "helpers.py", "common.py", "misc.py", "base.py"}
    assert [path for path in sources() if path.name in names] == []


def test_every_hook_is_documented_for_its_implementer():
    hooks = [item for name, item in vars(hookspecs).items() if name.startswith("genaudit_")]
    assert len(hooks) >= 8
    assert all(inspect.getdoc(hook) for hook in hooks)


def test_every_registered_component_can_be_imported_with_its_options(installed):
    for kind in KINDS:
        for found in installed.all(kind):
            assert callable(load_target(found)), found
            assert callable(load_object(found, found.spec.options, "options")), found


def test_nothing_that_is_installed_failed(installed):
    assert [status for status in installed.statuses if status.state != "loaded"] == []


def test_every_metric_says_all_that_a_reader_needs(installed):
    for found in installed.all("metric"):
        spec = found.spec
        assert spec.title, spec.name
        assert spec.summary.endswith("."), spec.name
        assert all((spec.formula, spec.meaning, spec.caveat, spec.source, spec.unit)), spec.name
        assert isinstance(spec.direction, Direction)
        assert set(spec.needs) <= set(PROBES), spec.name


def test_the_functions_of_metrics_take_what_their_specs_need(installed):
    for found in installed.all("metric"):
        parameters = inspect.signature(load_target(found)).parameters.values()
        positional = [one for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
        keywords = {one.name for one in parameters if one.kind is one.KEYWORD_ONLY}
        assert len(positional) == len(found.spec.needs), found.spec.name
        assert keywords == {"options", "rng"}, found.spec.name


def test_the_readme_names_both_commands_and_ci_runs_the_second():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "pip install . && genaudit run --plugin vae" in readme
    assert "<!-- test command -->\n```sh\npip install tox && tox\n```" in readme
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_room_is_on_the_map():
    chart = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in (ROOT / "genaudit").glob("*/__init__.py")]
    assert [room for room in rooms if f"genaudit/{room}/" not in chart] == []


def test_every_decision_has_a_number_of_its_own():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("0*.md")]
    assert len(numbers) == len(set(numbers))


def test_every_decision_names_its_check_and_the_check_exists():
    for decision in (ROOT / "docs" / "decisions").glob("0*.md"):
        check = re.search(r"^Checks?: (.+?)\.?$", decision.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        assert check, decision
        for path in re.findall(r"`(tests/[\w/.]+)", check.group(1)):
            assert (ROOT / path).exists(), f"{decision.name} names {path}"


def test_versions_agree():
    version = importlib.import_module("genaudit.version").VERSION
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
