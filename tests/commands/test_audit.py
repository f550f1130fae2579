"""``genaudit audit`` on a terminal and in files."""

import csv
import json
import re
from pathlib import Path

import pytest

from genaudit.cli import main

COMPAS = ["audit", "--table", "compas", "--group", "race", "--truth", "reoffended", "--decision", "flagged"]


def the_folder():
    (folder,) = Path("runs").iterdir()
    return folder


def test_compas_prints_a_readable_audit_and_writes_html_csv_and_json(site, capsys):
    assert main([*COMPAS, "--cost", "fp=1", "--cost", "fn=1.5"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("compas: flagged by race, truth reoffended\n6,150 people; ")
    assert "No intended use was given: read this as description only." in said
    assert re.search(r"false_positive_rate +0\.448 \(0\.426 to 0\.472\) +0\.235 \(0\.214 to 0\.257\)", said)
    assert "Barenstein" in said
    assert "Nothing here is a claim about causes." in said
    assert re.search(r"break_even_high +1\.70 \(1\.56 to 1\.86\) +1\.45 ", said)
    assert max(map(len, said.splitlines())) <= 100
    folder = the_folder()
    assert said.splitlines()[-1] == f"report: {folder / 'report.html'}"
    assert {"run.json", "results.csv", "report.html", "counts.csv"} <= {path.name for path in folder.iterdir()}
    with (folder / "results.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["metric"] == "false_positive_rate"]
    assert [(row["group"], round(float(row["value"]), 6)) for row in rows] == [
        ("race=Black", 0.448468), ("race=White", 0.234543),
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["unbiased", "compliant", "bias-free", "certified"])
def test_no_word_promises_what_no_number_can(site, capsys, word):
    assert main([*COMPAS, "--cost", "fp=1", "--cost", "fn=1.5"]) == 0
    assert word not in capsys.readouterr().out
    assert word not in (the_folder() / "report.html").read_text()


def test_json_is_the_record_and_nothing_else(site, capsys):
    assert main([*COMPAS, "--json", "-q"]) == 0
    captured = capsys.readouterr()
    record = json.loads(captured.out)
    assert record["dataset"]["name"] == "compas"
    assert captured.err == ""


def test_the_command_in_the_record_repeats_the_audit(site, capsys):
    Path("my data.csv").write_text("g,y,s,n\n" + "a,1,0.5,9\nb,0,0.1,30\nb,1,0.7,30\na,0,0.6,20\n")
    words = ["audit", "--table", "my data.csv", "--group", "g", "--truth", "y", "--score", "s", "--threshold", "0.5"]
    assert main([*words, "--weight", "n", "--seed", "3", "--json", "-q"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["request"]["command"] == (
        "genaudit audit --table 'my data.csv' --group g --truth y --score s --threshold 0.5 --weight n --seed 3"
    )


def test_the_purpose_is_read_from_a_file_or_taken_as_it_is(site, capsys):
    Path("use.txt").write_text("Who is offered\nhelp.\n")
    assert main([*COMPAS, "--purpose", "use.txt", "-q"]) == 0
    assert "Intended use: Who is offered help." in capsys.readouterr().out
    assert main([*COMPAS, "--purpose", "Who is detained.", "-q"]) == 0
    assert "Intended use: Who is detained." in capsys.readouterr().out


def test_seed_and_formats_may_stand_in_the_configuration_file(site, capsys):
    Path("genaudit.toml").write_text(
        '[run]\nseed = 7\nformats = ["csv"]\nplugin = "vae"\n[plugin.group_rates]\nlevel = 0.9\n'
    )
    assert main([*COMPAS, "--json", "-q"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["request"]["seed"] == 7
    assert record["request"]["options"]["group_rates.level"] == 0.9
    assert not (the_folder() / "report.html").exists()


def test_an_audit_may_stand_in_the_configuration_file_and_flags_win(site, capsys):
    Path("genaudit.toml").write_text(
        '[audit]\ntable = "compas"\ngroup = "race"\ntruth = "reoffended"\ndecision = "flagged"\nseed = 3\n'
        'population = {Black = 0.3, White = 0.7}\npopulation-source = "census"\ncost = {fp = 1, fn = 5}\n'
        "[plugin.disparities]\npermutations = 99\n"
    )
    assert main(["audit", "--seed", "4", "--cost", "fp=2", "--cost", "fn=3", "--json", "-q"]) == 0
    request = json.loads(capsys.readouterr().out)["request"]
    assert (request["seed"], request["options"]["costs.fp"], request["options"]["costs.fn"]) == (4, 2, 3)
    origins = request["origins"]
    assert {name for name, origin in origins.items() if origin == "flag"} == {"seed", "costs.fp", "costs.fn"}
    assert {name for name, origin in origins.items() if origin == "genaudit.toml"} == {
        "table", "table.group", "table.truth", "table.decision", "sampling.population", "sampling.population_source",
        "disparities.permutations",
    }  # fmt: skip
    command = request["command"].split()
    Path("genaudit.toml").unlink()
    assert main([*command[1:], "--json", "-q"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["request"]["options"] == request["options"]
    assert "(from genaudit.toml)" in (min(Path("runs").iterdir()) / "report.html").read_text()


def test_a_score_that_is_typed_stands_in_the_place_of_the_files_decision(site, capsys):
    Path("t.csv").write_text("g,y,s,d\n" + "a,1,3,1\nb,0,2,0\nb,1,7,1\na,0,5,0\n" * 9)
    Path("genaudit.toml").write_text('[audit]\ntable = "t.csv"\ngroup = "g"\ntruth = "y"\ndecision = "d"\n')
    assert main(["audit", "--score", "s", "--threshold", "4", "--json", "-q"]) == 0
    assert json.loads(capsys.readouterr().out)["request"]["options"]["table.decision"] == "s ≥ 4"


def test_a_table_is_weighted_to_margins_of_several_columns(site, capsys):
    rows = {
        "B,f,1": 80,
        "B,f,0": 140,
        "B,m,1": 440,
        "B,m,0": 290,
        "W,f,1": 40,
        "W,f,0": 165,
        "W,m,1": 140,
        "W,m,0": 320,
    }
    Path("t.csv").write_text("race,sex,d,n\n" + "".join(f"{row},{count}\n" for row, count in rows.items()))
    words = ["audit", "--table", "t.csv", "--group", "race", "--group", "sex", "--decision", "d", "--weight", "n"]
    known = ["--margin", "race:B=0.2,W=0.8", "--margin", "sex:f=0.51,m=0.49", "--population-source", "census"]
    assert main([*words, *known, "--json", "-q"]) == 0
    record = json.loads(capsys.readouterr().out)
    found = {(result["metric"], result["group"]): result for result in record["results"]}
    assert found["share_population", "race=B"]["value"] == 0.2  # of one column the margin is the population
    assert found["selection_rate_raked", "race × sex"]["interval"]
    assert record["request"]["options"]["raking.margins"] == "race:B=0.2,W=0.8; sex:f=0.51,m=0.49"
    Path("genaudit.toml").write_text(
        '[audit]\ntable = "t.csv"\ngroup = ["race", "sex"]\ndecision = "d"\nweight = "n"\n'
        "margin = {race = {B = 0.2, W = 0.8}, sex = {f = 0.51, m = 0.49}}\n"
    )
    assert main(["audit", "--population-source", "census", "--json", "-q"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["request"]["command"] == record["request"]["command"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--margin", "race"], "Write --margin COLUMN:LEVEL=SHARE"),
        (
            ["--margin", "rce:Black=1"],
            "--margin is for 'rce', which is no column of --group or --stratum; did you mean",
        ),
        (["--margin", "race:Black=0.5,White=0.6"], "sum to 1, not to 1.1"),
        (["--margin", "race:Blck=0.5,White=0.5"], "names 'Blck', which nobody has; did you mean 'Black'?"),
        (["--margin", "race:Black=1"], "says nothing of 'White'; 0 is allowed."),
    ],
)
def test_a_margin_that_fits_nothing_is_refused(site, capsys, words, said):
    assert main([*COMPAS, *words, "-q"]) == 2
    assert said in capsys.readouterr().err


def test_a_table_without_a_truth_is_described_as_far_as_it_goes(site, capsys):
    words = ["audit", "--table", "berkeley-admissions", "--group", "sex", "--decision", "admitted"]
    assert main([*words, "--stratum", "department", "--role", "unknown", "-q"]) == 0
    said = capsys.readouterr().out
    assert "truth not known" in said
    assert re.search(r"selection_rate +0\.304 .* +0\.445 ", said)
    assert "Not assessed: " in said


HOSTILE = {
    "one member": "g,y,d\n" + "a,1,1\n" * 30 + "a,0,0\n" * 30 + "b,1,1\n",
    "no negatives": "g,y,d\n" + "a,1,1\n" * 30 + "a,0,0\n" * 30 + "b,1,1\n" * 20 + "b,1,0\n" * 20,
    "one class": "g,y,d\n" + "a,1,1\n" * 30 + "b,1,0\n" * 30,
    "one group": "g,y,d\n" + "a,1,1\n" * 30 + "a,0,0\n" * 30,
    "nobody flagged": "g,y,d\n" + "a,1,0\n" * 30 + "b,0,0\n" * 30,
    "missing groups": "g,y,d\n" + ",1,1\n" * 30 + "NA,0,0\n" * 30 + "b,0,1\n" * 30,
    "hostile names": "g,y,d\n" + "<script>alert(1)</script>,1,1\n" * 30 + "\x1b[31m=cmd|x,0,0\n" * 30,
    "no overlap": "g,y,d,s\n" + "a,1,1,u\n" * 30 + "a,0,0,u\n" * 30 + "b,1,1,v\n" * 30 + "b,0,0,v\n" * 30,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_poor_table_is_audited_and_what_is_undefined_says_why(site, capsys, name):
    Path("t.csv").write_text(HOSTILE[name])
    more = ["--stratum", "s", "--role", "confounder"] if name == "no overlap" else []
    words = ["audit", "--table", "t.csv", "--group", "g", "--truth", "y", "--decision", "d"]
    assert main([*words, *more, "--cost", "fp=1", "--cost", "fn=5", "--json", "-q"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["failures"] == []
    assert all(item["reason"] and item["reason_code"] for item in record["not_available"])
    page = (the_folder() / "report.html").read_text()
    assert "<script>alert" not in page
    assert "\x1b" not in page


def test_one_person_is_said_in_the_singular(site, capsys):
    Path("t.csv").write_text("g,y,d\n" + "a,1,1\na,0,0\n" * 30 + "b,1,1\n,1,1\n,,1\n")
    words = ["audit", "--table", "t.csv", "--group", "g", "--truth", "y", "--decision", "d", "-q"]
    assert main([*words, "--population", "a=0.9,b=0.1", "--cost", "fp=1", "--cost", "fn=1"]) == 0
    text = " ".join(capsys.readouterr().out.split()) + (the_folder() / "report.html").read_text()
    assert "1 person of whom the truth is yes in g=b" in text
    assert "1 person without g" in text
    assert not re.search(r"\b1 (people|rows have|strata)\b", text)


def test_terminal_output_of_hostile_names_steers_nothing(site, capsys):
    Path("t.csv").write_text(HOSTILE["hostile names"])
    assert main(["audit", "--table", "t.csv", "--group", "g", "--truth", "y", "--decision", "d"]) == 0
    captured = capsys.readouterr()
    assert "\x1b" not in captured.out + captured.err


def test_a_value_that_nobody_has_cannot_mean_yes(site, capsys):
    assert main([*COMPAS, "--positive", "flagged=maybe", "-q"]) == 2
    assert capsys.readouterr().err == ("genaudit: --positive 'maybe' is no value of 'flagged'. Its values: no, yes.\n")
    assert not Path("runs").exists()


def test_many_groups_are_shown_in_lines_that_a_terminal_holds_and_the_rest_is_counted(site, capsys):
    lines = "".join(f"group {number % 9},{number % 2}\n" for number in range(450))
    Path("t.csv").write_text(f"g,d\n{lines}")
    words = ["audit", "--table", "t.csv", "--group", "g", "--decision", "d", "--format", "json", "-q"]
    assert main([*words, "--set", "disparities.permutations=99"]) == 0
    said = capsys.readouterr().out
    assert "… 3 more groups of g are in the report." in said
    assert max(map(len, said.splitlines())) <= 110


def test_each_group_may_have_a_prevalence_and_each_stratum_variable_a_role(site, capsys):
    Path("t.csv").write_text("g,y,d,s,z\n" + "a,1,1,u,p\nb,0,0,v,q\na,0,1,v,p\nb,1,0,u,q\na,0,0,u,q\nb,1,1,v,p\n" * 30)
    words = ["audit", "--table", "t.csv", "--group", "g", "--truth", "y", "--decision", "d", "--stratum", "s"]
    more = ["--stratum", "z", "--role", "s=confounder", "--role", "z=mediator", "--prevalence", "a=0.1"]
    assert main([*words, *more, "--prevalence", "b=0.02", "--json", "-q"]) == 0
    record = json.loads(capsys.readouterr().out)
    said = " ".join(finding["statement"] for finding in record["findings"])
    assert "s was declared a confounder" in said
    assert "z was declared a mediator" in said
    assert "At 1 positive in 10" in said
    assert "At 1 positive in 50" in said
    assert record["request"]["options"]["confounding.role"] == "s=confounder,z=mediator"
    assert record["request"]["command"].endswith(
        "--role s=confounder --role z=mediator --prevalence a=0.1 --prevalence b=0.02"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--prevalence", "Blak=0.3"], "--prevalence names 'Blak', which is no group; did you mean 'Black'?"),
        (["--prevalence", "0.3", "--prevalence", "Black=0.2"], "Write --prevalence P once, or --prevalence GROUP=P"),
        (["--prevalence", "3"], "prevalence lies in (0, 1), not 3.0.  Flags: --prevalence."),
        (["--role", "unknown"], "--role says what a stratum variable is, and none was named"),
        (["--stratum", "sex", "--role", "sexx=unknown"], "--role is for 'sexx', which is no stratum variable; did you"),
        (["--stratum", "sex", "--role", "sex=cause"], "should be 'confounder', 'mediator', 'collider' or 'unknown'."),
        (["--stratum", "sex", "--role", "cause"], "role = 'cause': should be 'confounder', 'mediator', 'collider' or "),
        (
            ["--population", "Black=0.6"],
            "Flags: --population, --population-source. With --set sampling.OPTION=VALUE: level.",
        ),
        (["--cost", "fpp=1"], "No outcome 'fpp' for --cost. Did you mean 'fp'?"),
        (["--score", "x", "--threshold", "nan"], "--threshold nan is no value that a score can reach"),
        (["--cost", "fp=-1", "--cost", "fn=1"], "Flags: --cost fp|fn|tp|tn|third=NUMBER, --who-pays COST=TEXT,"),
        (
            ["--action", "ask=0.3"],
            "Cannot read --action 'ask=0.3'.  Write --action 'ask a judge=0.3/0.3' once for each",
        ),
        (["--action", "ask=0.3/x"], "actions = {'ask': ['0.3', 'x']}"),
        (["--who-pays", "fp=them"], "who pays for 'fp' was said, and no such cost was declared"),
    ],
)
def test_a_wrong_declaration_is_refused_with_the_flag_that_makes_it(site, capsys, words, said):
    assert main([*COMPAS, *words, "-q"]) == 2
    assert said in capsys.readouterr().err
    assert not Path("runs").exists()


def test_the_table_of_actions_may_stand_in_the_file_and_reaches_csv_and_page(site, capsys):
    Path("genaudit.toml").write_text(
        '[audit]\ntable = "compas"\ngroup = "race"\ntruth = "reoffended"\ndecision = "flagged"\n'
        'cost = {fp = 1, fn = 1.5}\naction = {"ask a judge" = [0.3, 0.35]}\n'
        'who-pays = {fp = "the defendant", "ask a judge" = "the court"}\n'
    )
    assert main(["audit", "--set", "disparities.permutations=99", "-q"]) == 0
    assert "always ask a judge 0.326 (0.325 to 0.327)" in " ".join(capsys.readouterr().out.split())
    with (the_folder() / "results.csv").open(newline="") as file:
        rows = {row["group"]: row for row in csv.DictReader(file) if row["metric"] == "action_cost"}
    asked = rows["ask a judge, reoffended = yes"]
    assert (float(asked["value"]), asked["reason"]) == (0.35, "Declared; paid by the court.")
    page = (the_folder() / "report.html").read_text()
    assert '<data value="0.35">0.35</data></strong><span class="quiet line">paid by the court</span>' in page
    request = json.loads((the_folder() / "run.json").read_text())["request"]
    assert "--action 'ask a judge=0.3/0.35' --who-pays 'fp=the defendant'" in request["command"]
    assert request["options"]["costs.who_pays"] == "fp=the defendant,ask a judge=the court"
    assert request["origins"]["costs.actions"] == request["origins"]["costs.who_pays"] == "genaudit.toml"


def test_whole_survey_weights_widen_intervals_once_they_are_declared(site, capsys):
    Path("t.csv").write_text("g,d,w\n" + "a,1,4\na,0,6\nb,1,2\nb,0,8\n" * 25)
    widths, words = {}, ["audit", "--table", "t.csv", "--group", "g", "--decision", "d", "--weight", "w"]
    for kind in ("count", "survey"):
        assert main([*words, "--weight-kind", kind, "--json", "-q"]) == 0
        record = json.loads(capsys.readouterr().out)
        rate = next(one for one in record["results"] if (one["metric"], one["group"]) == ("selection_rate", "g=a"))
        widths[kind] = rate["interval"]["high"] - rate["interval"]["low"], rate["n_reference"]
        assert f"--weight-kind {kind}" in record["request"]["command"]
        assert record["request"]["options"]["table.weight_kind"] == kind
    assert widths["count"][1] == 250
    assert widths["survey"][1] == 48  # (4 + 6)² · 25 / (4² + 6²) people are what these weights are worth
    assert widths["survey"][0] > 2 * widths["count"][0]


AUDITS = "sampling|group_rates|disparities|label_metrics|base_rates|impossibility|costs|confounding|screen|feedback"


def test_what_an_audit_asks_for_is_a_flag_that_exists(site, capsys):
    """Reasons and hints of a bare audit, and of a table without truth; nobody types ``sampling.population``."""
    said = []
    for table, columns in (("compas", ["--truth", "reoffended", "--decision", "flagged", "--group", "race"]),
                           ("berkeley-admissions", ["--group", "sex", "--decision", "admitted"]),
                           ("berkeley-admissions", ["--group", "sex", "--decision", "admitted", "--stratum",
                                                    "department"])):  # fmt: skip
        assert main(["audit", "--table", table, *columns, "--json", "-q"]) == 0
        missing = json.loads(capsys.readouterr().out)["not_available"]
        said += [f"{item['reason']} {item['hint']}" for item in missing]
    assert main(["audit", "--help"]) == 0
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    asked = set(re.findall(r"--[a-z-]+", " ".join(said)))
    assert asked >= {"--population", "--population-source", "--prevalence", "--cost", "--who-pays", "--role",
                     "--stratum", "--set", "--truth"}  # fmt: skip
    assert asked <= known
    assert not re.search(rf"(?<!--set )\b({AUDITS})\.[a-z]", " ".join(said))


@pytest.mark.parametrize(
    ("tolerance", "verdict", "strict", "code"),
    [("0.05", "FAIL", False, 1), ("0.3", "PASS", True, 0), ("0.21", "INCONCLUSIVE", False, 0),
     ("0.21", "INCONCLUSIVE", True, 3)],
)  # fmt: skip
def test_the_primary_difference_is_judged_on_its_whole_interval(site, capsys, tolerance, verdict, strict, code):
    words = [*COMPAS, "--primary", "false_positive_rate_difference", "--tolerance", tolerance, "--format", "csv", "-q"]
    assert main([*words, "--set", "disparities.permutations=99", *(["--strict"] if strict else [])]) == code
    said = capsys.readouterr().out
    assert f"- {verdict}: False positive rate: largest difference 0.214" in said
    assert f"1 {verdict}" in said.splitlines()[-3]
    with (the_folder() / "results.csv").open(newline="") as file:
        verdicts = {(row["metric"], row["group"]): row["verdict"] for row in csv.DictReader(file) if row["verdict"]}
    assert verdicts == {("false_positive_rate_difference", ""): verdict}
