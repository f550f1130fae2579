"""A table becomes a record: refused early, computed apart, written whole."""

import json
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest
from fake_audits import GAP, SAMPLING, catalog_of, registered

import genaudit
from genaudit.engine.audit_execution import execute_audit, read_tables
from genaudit.engine.audit_plan import make_audit_plan
from genaudit.engine.audit_request import AuditInputs
from genaudit.engine.progress import RunObserver
from genaudit.errors import GenauditError, UnknownName
from genaudit.tables.columns import TableColumns
from genaudit.values.unfinished import assembled

RACE = TableColumns(group=("race",), truth="reoffended", decision="flagged")


@pytest.fixture
def audited(installed, tmp_path):
    """``audited(*audits, **inputs)``: the finished run of COMPAS, or of another table."""

    def run(*audits, **given):
        fields = {"table": "compas", "columns": RACE, "out": tmp_path, "formats": ("json",), **given}
        catalog = catalog_of(installed, *audits)
        plan = make_audit_plan(AuditInputs(**fields), catalog)
        return execute_audit(plan, read_tables(plan, RunObserver()), catalog, RunObserver())

    return run


def test_the_record_says_table_digest_columns_and_declarations(audited):
    finished = audited(GAP, options={"gap.tolerance": 0.1}, purpose="Who is detained.", seed=3)
    record = genaudit.load(finished.folder)
    assert record.dataset.name == "compas"
    assert len(record.dataset.digest) == 64
    assert record.request.options == {
        "table.group": "race", "table.truth": "reoffended", "table.decision": "flagged", "table.weight": "count",
        "gap.tolerance": 0.1, "gap.verdict": "DESCRIBED",
    }  # fmt: skip
    assert record.request.seed == 3
    assert record.extra["purpose"] == "Who is detained."
    protocol = record.result("gap").protocol
    assert protocol.reference == "compas"
    assert protocol.parameters["group"] == "race"
    assert protocol.parameters["tolerance"] == 0.1
    assert record.audits[0].gave == ("gap",)
    assert any("Barenstein" in warning for warning in record.warnings)


def test_the_definition_follows_the_counts_and_not_the_file(audited, tmp_path):
    first = audited(GAP).record.result("gap")
    cells = pd.read_csv("genaudit/tables/data/compas.csv")
    rows = cells.loc[cells.index.repeat(cells["count"])].drop(columns="count")
    rows.to_csv(tmp_path / "compas", index=False)
    again = audited(GAP, table=tmp_path / "compas").record.result("gap")
    assert again.definition == first.definition
    rows.iloc[1:].to_csv(tmp_path / "compas", index=False)
    assert audited(GAP, table=tmp_path / "compas").record.result("gap").definition != first.definition


def test_weights_are_not_called_people(audited):
    frame = pd.DataFrame({"g": ["a", "b"], "d": [1, 0], "w": [1.5, 2.25]})
    facts = audited(GAP, table=frame, columns=TableColumns(group=("g",), decision="d", weight="w")).record.dataset.facts
    assert (facts["rows"], facts["sum of weights"]) == (2, 4)
    assert "people" not in facts


def test_counts_are_left_behind_and_can_be_audited_again(audited):
    finished = audited(GAP)
    table = finished.folder / "counts.csv"
    assert table.stat().st_size < 2_000
    columns = TableColumns(group=("race",), truth="reoffended", decision="flagged", weight="count")
    again = audited(GAP, table=table, columns=columns)
    assert again.record.value("gap") == finished.record.value("gap")


@pytest.mark.parametrize(
    ("verdict", "strict", "code"),
    [("DESCRIBED", True, 0), ("PASS", True, 0), ("FAIL", False, 1), ("INCONCLUSIVE", False, 0),
     ("INCONCLUSIVE", True, 3)],
)  # fmt: skip
def test_the_exit_code_follows_the_verdict(audited, verdict, strict, code):
    assert audited(GAP, options={"gap.verdict": verdict}, strict=strict).exit_code == code


def test_a_broken_audit_costs_no_other_and_outweighs_a_tolerance(audited):
    finished = audited(registered("broken"), GAP, options={"gap.verdict": "FAIL"})
    assert finished.exit_code == 3
    assert finished.record.value("gap") > 0
    assert finished.record.failures[0].component == "broken"
    assert "ZeroDivisionError" in (finished.folder / "log.txt").read_text()


def test_what_was_not_declared_and_what_is_undefined_are_results(audited):
    record = audited(registered("undeclared"), registered("undefined"), GAP).record
    assert record.unavailable["undeclared"].reason == "No price was declared."
    assert record.unavailable["thing[race=x]"].reason_code == "no_negatives"
    assert [audit.lacks for audit in record.audits] == [("undeclared",), ("thing",), ()]


def test_an_interrupted_audit_keeps_what_is_finished_and_lists_what_it_did_not_come_to(audited, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        audited(GAP, registered("interrupting"), registered("undeclared"))
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    record = genaudit.load(folder)
    assert not record.complete
    assert record.value("gap") > 0
    assert {name: item.reason_code for name, item in record.unavailable.items()} == {
        "interrupting": "not-reached",
        "undeclared": "not-reached",
    }
    assert [audit.lacks for audit in record.audits] == [(), ("interrupting",), ("undeclared",)]


def test_what_an_audit_appends_holds_all_that_its_record_does(audited):
    frame = pd.DataFrame({"race": list("bbww") * 9, "sex": list("fmfm") * 9, "y": [0, 1] * 18, "d": [1, 0, 0, 1] * 9})
    columns = TableColumns(group=("race", "sex"), truth="y", decision="d")
    finished = audited(registered("undefined"), GAP, registered("broken"), table=frame, columns=columns)
    begun = replace(
        finished.record,
        results=(), findings=(), series=(), not_available=(), failures=(),
        audits=tuple(replace(audit, gave=(), lacks=()) for audit in finished.record.audits),
    )  # fmt: skip
    found = assembled(begun, (finished.folder / "metrics.jsonl").read_text(encoding="utf-8"))
    for name in ("results", "findings", "series", "not_available", "failures", "audits"):
        assert getattr(found, name) == getattr(finished.record, name), name


def test_several_group_columns_are_audited_one_by_one_and_together(audited, tmp_path):
    frame = pd.DataFrame({"race": list("bbww") * 9, "sex": list("fmfm") * 9, "y": [0, 1] * 18, "d": [1, 0, 0, 1] * 9})
    columns = TableColumns(group=("race", "sex"), truth="y", decision="d")
    record = audited(GAP, table=frame, columns=columns).record
    assert {result.group for result in record.results} == {"race", "sex", "race × sex"}
    assert [finding.attribute for finding in record.findings] == ["race", "sex", "race × sex"]
    assert record.value("gap", "race × sex") == 1.0


def test_a_population_reaches_only_the_table_of_its_groups(audited):
    frame = pd.DataFrame({"race": list("bbww"), "sex": list("fmfm"), "d": [1, 0, 0, 1]})
    columns = TableColumns(group=("race", "sex"), decision="d")
    given = {"sampling.population": {"b": 0.5, "w": 0.5}}
    said = [
        finding.statement for finding in audited(SAMPLING, table=frame, columns=columns, options=given).record.findings
    ]
    assert said == ["race: b, w.", "sex: nothing declared.", "race × sex: nothing declared."]


@pytest.mark.parametrize(
    ("population", "said"),
    [({"Black": 0.5, "Whiet": 0.5}, "--population names 'Whiet', which is no group; did you mean 'White'?"),
     ({"Black": 1.0}, "--population says nothing of 'White'; 0 is allowed.")],
)  # fmt: skip
def test_a_population_of_other_groups_is_refused_before_anything_is_written(audited, tmp_path, population, said):
    with pytest.raises(GenauditError) as refused:
        audited(SAMPLING, options={"sampling.population": population})
    assert said in str(refused.value)
    assert "'race' has the groups Black, White." in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_in_different_places_is_said_at_once(audited, tmp_path):
    columns = TableColumns(group=("rase",), decision="flagged")
    with pytest.raises(GenauditError) as refused:
        audited(GAP, columns=columns, options={"gap.tolerence": 1}, formats=("htm",))
    said = str(refused.value)
    assert "did you mean 'tolerance'" in said
    assert "Did you mean 'race'?" in said
    assert "No reporter 'htm'" in said
    assert list(tmp_path.iterdir()) == []


def test_a_column_of_counts_that_is_not_used_is_a_warning(audited):
    frame = pd.DataFrame({"g": ["a", "b"], "d": [1, 0], "Count": [10, 20]})
    columns = TableColumns(group=("g",), decision="d")
    warnings = audited(GAP, table=frame, columns=columns).record.warnings
    assert any("give --weight Count" in warning for warning in warnings)
    weighted = TableColumns(group=("g",), decision="d", weight="Count")
    assert audited(GAP, table=frame, columns=weighted).record.warnings == ()


def test_python_audits_a_frame_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"g": ["a"] * 40 + ["b"] * 40, "y": [0, 1] * 40, "d": [0, 0, 1, 1] * 20})
    record = genaudit.audit(frame, group="g", truth="y", decision="d")
    assert record.value("selection_rate", group="g=a") == 0.5
    assert list(tmp_path.iterdir()) == []
    genaudit.audit(frame, group="g", truth="y", decision="d", out=tmp_path, formats=["json", "csv"])
    (folder,) = tmp_path.iterdir()
    assert {"run.json", "results.csv", "counts.csv"} <= {path.name for path in folder.iterdir()}


def test_python_names_what_is_wrong_with_its_arguments():
    with pytest.raises(UnknownName, match=r"No argument 'tolerence'\. Did you mean 'tolerance'"):
        genaudit.audit("compas", group="race", decision="flagged", tolerence=0.1)
    with pytest.raises(GenauditError, match="truth is 3, not the name of a column; seed is 'x', not a whole number"):
        genaudit.audit("compas", group="race", truth=3, decision="flagged", seed="x")
    with pytest.raises(GenauditError, match="group is 3, not a column or a list of columns"):
        genaudit.audit("compas", group=3, decision="flagged")
    with pytest.raises(GenauditError, match=r"cost is \[1, 2\], not a mapping such as {'fp': 1, 'fn': 5}"):
        genaudit.audit("compas", group="race", decision="flagged", cost=[1, 2])
    with pytest.raises(GenauditError, match="who_pays is 'me', not a mapping"):
        genaudit.audit("compas", group="race", decision="flagged", cost={"fp": 1, "fn": 2}, who_pays="me")


def test_an_audit_of_a_table_imports_neither_torch_nor_fairlearn_nor_scikit_learn(tmp_path):
    program = (
        "import sys; from genaudit.cli import main; "
        "code = main(['audit', '--table', 'compas', '--group', 'race', '--truth', 'reoffended', '--decision', "
        f"'flagged', '--format', 'json,csv', '-q', '-o', {str(tmp_path)!r}]); "
        "print(code, [m for m in ('torch', 'fairlearn', 'sklearn') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stderr.strip() == "0 []"


def test_the_same_request_gives_the_same_numbers(audited):
    texts = []
    for _ in range(2):
        record = json.loads((audited(GAP, seed=5).folder / "run.json").read_text())
        texts.append([{**result, "seconds": 0} for result in record["results"]])
    assert texts[0] == texts[1]


def test_a_metric_that_does_not_exist_is_refused_before_a_row_is_read(tmp_path, installed):
    inputs = {"table": "compas", "columns": RACE, "out": tmp_path}
    with pytest.raises(GenauditError, match="Did you mean 'f1_score'"):
        make_audit_plan(AuditInputs(**inputs, options={"label_metrics.names": "sklearn:f1_scor"}), installed)


def test_metrics_are_computed_only_if_they_are_asked_for():
    record = genaudit.audit(
        "compas", group="race", truth="reoffended", decision="flagged", metric=["sklearn:f1_score"],
        options={"disparities.permutations": 99},
    )  # fmt: skip
    assert round(record.value("sklearn_f1_score", "race=Black"), 6) == 0.671902
    assert record.request.options["label_metrics.names"] == "sklearn:f1_score"
    plain = genaudit.audit("compas", group="race", decision="flagged")
    assert "label_metrics" not in {audit.name for audit in plain.audits}


@pytest.mark.parametrize("name", ["reference", "population"])
def test_the_population_may_be_named_as_the_command_names_it(name):
    record = genaudit.audit(
        "compas",
        group="race",
        decision="flagged",
        population_source="the county",
        **{name: {"Black": 0.6, "White": 0.4}},
    )
    assert "sampling" not in record.unavailable
    assert any(finding.audit == "sampling" for finding in record.findings)


def test_a_population_under_both_names_is_refused():
    shares = {"Black": 0.6, "White": 0.4}
    with pytest.raises(GenauditError, match="reference and population are one declaration, given twice"):
        genaudit.audit("compas", group="race", decision="flagged", reference=shares, population=shares)


def test_what_is_the_same_for_every_way_to_form_groups_is_said_once():
    rows = [(sex, age, truth, decision) for sex in "fm" for age in "oy" for truth in (0, 1) for decision in (0, 1)
            for _ in range(20)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["sex", "age", "y", "d"])
    record = genaudit.audit(
        frame, group=["sex", "age"], truth="y", decision="d", cost={"fp": 1, "fn": 2},
        options={"disparities.permutations": 99, "disparities.bootstraps": 100},
    )  # fmt: skip
    said = [(one.audit, one.statement) for one in record.findings if one.value is None and not one.group]
    assert len(set(said)) == len(said)
    assert (
        "costs",
        "A wrong flag costs 1 (who pays was not declared). A miss costs 2 (who pays was not declared).",
    ) in said
    assert sum("matter of dignity" in statement for _, statement in said) == 1
    rates = [one for one in record.findings if one.statement.startswith("Selection rate")]
    assert [one.attribute for one in rates] == ["sex", "age", "sex × age"]  # a number is of one of them
