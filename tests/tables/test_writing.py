"""The counts as a file: numbers stay what they are, and nothing in it is a formula."""

import numpy as np
import pytest

from genaudit.tables.writing import counts_csv
from genaudit.values.counts import CountTable


@pytest.mark.parametrize(
    ("group", "written"),
    [
        ("-1", "-1"),
        ("+2.5", "+2.5"),
        ("-1+cmd|x!A1", "'-1+cmd|x!A1"),
        ("=1", "'=1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("a-1", "a-1"),
    ],
)
def test_a_group_that_is_a_number_stays_the_same_group_and_a_formula_is_guarded(group, written):
    counts = np.array([[[[3.0, 0], [0, 0]]]])
    table = CountTable(group="g", groups=(group,), truth="y", decision="d", counts=counts)
    assert counts_csv(table).splitlines() == ["g,y,d,count", f"{written},no,no,3"]
