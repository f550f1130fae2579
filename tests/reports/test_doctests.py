import doctest
import importlib

import pytest

MODULES = (
    "csv_report", "number_format", "palette", "safe_text", "content.families", "content.grouping",
    "content.metric_rows", "content.views", "content.wording",
)  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_the_reporters_hold(name):
    found = doctest.testmod(importlib.import_module(f"genaudit_reports.{name}"))
    assert found.attempted > 0
    assert found.failed == 0
