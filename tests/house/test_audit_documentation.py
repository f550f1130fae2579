"""docs/audits.md is what the specs say, and every number of an audit can be explained."""

from pathlib import Path

from genaudit.cli import main
from genaudit.cli.audit_explanation import audits_as_markdown

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "docs" / "audits.md"
COMMAND = "genaudit metrics explain --audits --markdown > docs/audits.md"


def own(installed):
    return [audit for audit in installed.all("audit") if audit.plugin == "audits"]


def test_the_documentation_of_audits_is_up_to_date(installed):
    assert WRITTEN.read_text(encoding="utf-8") == audits_as_markdown(own(installed)), f"write it again: {COMMAND}"


def test_the_command_that_writes_it_is_documented():
    assert COMMAND in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert COMMAND in WRITTEN.read_text(encoding="utf-8")


def test_every_audit_says_all_that_a_reader_needs(installed):
    for audit in own(installed):
        spec = audit.spec
        assert spec.title, spec.name
        assert spec.summary.endswith("."), spec.name
        assert all((spec.meaning, spec.caveat)), spec.name
        assert spec.source or not spec.values, spec.name


def test_an_audit_and_each_of_its_numbers_can_be_explained(capsys):
    assert main(["metrics", "explain", "share_generated"]) == 0
    assert capsys.readouterr().out.startswith("share_generated: ")
    assert main(["metrics", "explain", "break_even_high"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("break_even_high: TP / FP")
    assert "audit         costs." in said
    assert "option        costs.fp = not set" in said
    assert main(["metrics", "explain", "confounding", "--json"]) == 0
    assert '"mh_odds_ratio"' in capsys.readouterr().out


def test_an_audit_that_does_not_exist_is_refused_with_those_that_do(capsys):
    assert main(["metrics", "explain", "--audits", "cost"]) == 2
    assert "Did you mean 'costs'?" in capsys.readouterr().err
