"""docs/metrics.md is what the specs say."""

from pathlib import Path

from genaudit.cli.explanation import as_markdown

WRITTEN = Path(__file__).parents[2] / "docs" / "metrics.md"
COMMAND = "genaudit metrics explain --markdown > docs/metrics.md"


def test_the_documentation_of_metrics_is_up_to_date(installed):
    own = [metric for metric in installed.all("metric") if metric.plugin == "metrics"]
    assert WRITTEN.read_text(encoding="utf-8") == as_markdown(own), f"write it again: {COMMAND}"


def test_the_command_that_writes_it_is_documented():
    contributing = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert COMMAND in contributing
    assert COMMAND in WRITTEN.read_text(encoding="utf-8")


def test_every_option_of_a_metric_has_a_text(installed):
    from genaudit.plugin.option_texts import option_texts
    from genaudit.plugin.options import option_fields

    for metric in (found for found in installed.all("metric") if found.plugin == "metrics"):
        named = {field.name for field in option_fields(metric)}
        assert named == set(option_texts(metric)), metric.spec.name
