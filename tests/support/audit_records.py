"""Records of audits as users meet them: a whole one, and one of a hostile table."""

import pandas as pd

import genaudit

QUICK = {"disparities.permutations": 99, "disparities.bootstraps": 100}


def audit_record():
    """COMPAS with a primary difference that is judged."""
    return genaudit.audit(
        "compas", group="race", truth="reoffended", decision="flagged", primary="false_positive_rate_difference",
        tolerance=0.05, tolerance_source="the county", prevalence=0.1,
        cost={"fp": 1, "fn": 1.5}, who_pays={"fp": "the defendant"}, options=QUICK,
    )  # fmt: skip


def hostile_audit_record():
    """Names of groups and columns that try to be something else, seven groups, one of a single person."""
    names = ["<script>document.title='owned'</script>", '"onload="alert(1)', "\u202egnp", "=1+1", "x" * 300, "\0", "a"]
    rows = [(name, truth, decision) for name in names[:6] for truth in "01" for decision in "01" for _ in range(12)]
    rows.append((names[6], "1", "1"))
    frame = pd.DataFrame(rows, columns=["<b>group</b>", "<i>truth</i>", "</style>decision"])
    return genaudit.audit(
        frame, group="<b>group</b>", truth="<i>truth</i>", decision="</style>decision", purpose="<script>1</script>",
        options=QUICK,
    )  # fmt: skip
