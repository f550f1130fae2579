import importlib

import pytest

from genaudit.plugin.capabilities import CAPABILITIES
from genaudit.plugin.specs import TABLES
from genaudit.probes import PROBES, all_needs


@pytest.mark.parametrize("spec", PROBES.values(), ids=str)
def test_every_probe_can_be_imported_and_names_things_that_exist(spec):
    module, _, function = spec.target.partition(":")
    assert callable(getattr(importlib.import_module(module), function))
    assert set(spec.needs) <= set(PROBES)
    assert set(spec.capabilities) <= set(CAPABILITIES)


def test_needs_are_listed_once_and_before_what_is_made_from_them():
    names = [spec.observation for spec in all_needs("reconstruction_features")]
    assert names == ["reconstructed", "reconstruction_readings", "reference", "reconstruction_features"]


def test_every_need_of_an_installed_metric_or_audit_has_a_probe(installed):
    needed = {need for kind in ("metric", "audit") for found in installed.all(kind) for need in found.spec.needs}
    assert needed <= {*PROBES, *TABLES}  # audits of a table are asked of no generator
