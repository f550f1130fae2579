"""What the specs promise is what the audits give."""

import pytest
from count_tables import ADVERSARIAL, admissions, compas, scored, stones, weighted

from genaudit.audits.cost_table import cuts_of
from genaudit.audits.table_options import CostsOptions
from genaudit.audits.table_specs import TABLE_AUDITS
from genaudit.errors import NotApplicable
from genaudit.plugin.loading import load_object, load_target
from genaudit.plugin.manager import load_plugins
from genaudit.stats.seeds import generator
from genaudit.values.findings import AuditOutcome
from genaudit.values.serialisation import check_part

ON_COUNTS = [spec.name for spec in TABLE_AUDITS if spec.needs == ("count_table",)]
OF_A_POPULATION = ("sampling", "raking")
DECLARED = {
    "sampling": {"population": {"Black": 0.3, "White": 0.7}},
    "raking": {"margins": {"race": {"Black": 0.3, "White": 0.7}}},
    "disparities": {"permutations": 99, "bootstraps": 100},
    "base_rates": {"prevalence": 0.2},
    "costs": {
        "fp": 1.0,
        "fn": 2.0,
        "third": 0.3,
        "actions": {"a": (0.0, 1.0), "b": (1.0, 0.0)},
        "who_pays": {"fp": "they", "a/yes": "the state"},
    },
    "confounding": {"role": "confounder"},
}

CUTS = cuts_of(CostsOptions(**DECLARED["costs"]))


def ask(name, of, **given):
    registered = load_plugins().audit(name)
    made = load_object(registered, registered.spec.options, "options")(**given)
    try:
        return load_target(registered)(of, options=made, rng=generator(0, "audit", name))
    except NotApplicable:
        return AuditOutcome(values=(), findings=())


@pytest.mark.parametrize("name", ON_COUNTS)
def test_every_number_that_is_given_is_explained_and_every_explained_one_is_given(name):
    spec = next(spec for spec in TABLE_AUDITS if spec.name == name)
    tables = [compas(), weighted(compas()), stones(), admissions(), scored(CUTS)]
    given = DECLARED.get(name, {})
    outcomes = [ask(name, of, **given) for of in (tables if name not in OF_A_POPULATION else tables[:2])]
    found = {value.name for outcome in outcomes for value in outcome.values}
    missing = {item.component for outcome in outcomes for item in outcome.unavailable}
    assert found == set(spec.values)
    assert missing <= set(spec.values)


@pytest.mark.parametrize("name", [name for name in ON_COUNTS if name not in OF_A_POPULATION])
@pytest.mark.parametrize("of", ADVERSARIAL)
def test_every_answer_can_be_kept_in_a_record_and_no_number_has_two_values(name, of):
    given = DECLARED.get(name, {})
    outcome = ask(name, ADVERSARIAL[of], **given)
    keys = [(value.name, value.estimate.group) for value in outcome.values]
    assert len(set(keys)) == len(keys)
    for part in (*outcome.findings, *outcome.unavailable, *outcome.series):
        check_part(part)


@pytest.mark.parametrize("name", [name for name in ON_COUNTS if name not in OF_A_POPULATION])
@pytest.mark.parametrize("of", ADVERSARIAL)
def test_no_sentence_promises_what_an_audit_cannot(name, of):
    text = " ".join(finding.statement for finding in ask(name, ADVERSARIAL[of]).findings).lower()
    assert not any(f" {word}" in text for word in ("fair", "unbiased", "compliant", "certified", "bias-free"))


def test_the_order_is_that_of_the_reading():
    names = [spec.name for spec in TABLE_AUDITS]
    assert names[0] == "data_profile"
    assert names[-1] == "limits"
    assert names.index("sampling") < names.index("group_rates") < names.index("disparities")
    assert names.index("disparities") < names.index("calibration") < names.index("costs")
