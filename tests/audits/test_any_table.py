"""Any table at all: every audit answers or says why not, and repeats its answer."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from genaudit.audits.table_specs import TABLE_AUDITS
from genaudit.errors import NotApplicable
from genaudit.plugin.loading import load_object, load_target
from genaudit.plugin.manager import load_plugins
from genaudit.stats.seeds import generator
from genaudit.values.counts import CountTable

DECLARED = {
    "disparities": {"permutations": 99, "bootstraps": 100, "primary": "accuracy_difference", "tolerance": 0.1},
    "base_rates": {"prevalence": 0.01},
    "costs": {"fp": 1.0, "fn": 3.0, "third": 0.2},
    "confounding": {"role": "unknown"},
}
NAMES = [spec.name for spec in TABLE_AUDITS if spec.needs == ("count_table",) and spec.name != "sampling"]
CATALOG = load_plugins()


@st.composite
def tables(draw):
    groups, strata = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    truth, weights = draw(st.booleans()), draw(st.sampled_from((None, "kept", "lost")))
    cells = draw(st.lists(st.one_of(st.just(0), st.integers(0, 40)), min_size=4 * groups * strata,
                          max_size=4 * groups * strata))  # fmt: skip
    counts = np.array(cells, dtype=np.float64).reshape(strata, groups, 2, 2)
    counts[:, :, 1] *= truth
    scale = 0.37 if weights else 1.0
    return CountTable(
        group="g",
        groups=tuple("ABC"[:groups]) if groups < 4 else ("A", "B", "C", "(missing)"),
        truth="y" if truth else "",
        decision="d",
        counts=counts * scale,
        stratum="z" if strata > 1 else "",
        strata=tuple(map(str, range(strata))) if strata > 1 else ("",),
        weighted=weights is not None,
        squares=counts * scale**2 if weights == "kept" else None,
    )


def ask(name, of):
    registered = CATALOG.audit(name)
    options = load_object(registered, registered.spec.options, "options")(**DECLARED.get(name, {}))
    return load_target(registered)(of, options=options, rng=generator(0, "audit", name))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=80, deadline=None, derandomize=True)
@given(of=tables())
def test_every_audit_answers_or_says_why_not(name, of):
    before = of.counts.copy()
    try:
        outcome = ask(name, of)
    except NotApplicable as why:
        assert why.reason  # noqa: PT017 - both ways out are right, and both say something
        return
    keys = [(value.name, value.estimate.group) for value in outcome.values]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & {(item.component, item.group) for item in outcome.unavailable}
    for value in outcome.values:
        interval = value.estimate.interval
        assert interval is None or interval.low - 1e-9 <= value.estimate.value <= interval.high + 1e-9
        assert interval is None or not of.weighted or of.squares is not None
    assert all(finding.statement.endswith(".") for finding in outcome.findings)
    assert (of.counts == before).all()
    assert ask(name, of) == outcome
