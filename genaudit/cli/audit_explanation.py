"""An audit explained: the one source of ``genaudit metrics explain --audits`` and of ``docs/audits.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.cli.explanation import escaped, needed, option_facts, paragraph
from genaudit.plugin.specs import TABLES
from genaudit.values.printable import printable, printable_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from genaudit.plugin.catalog import Registered
    from genaudit.plugin.specs import AuditSpec

PREAMBLE = """# Audits

<!-- written by: genaudit metrics explain --audits --markdown > docs/audits.md -->

What each audit says of groups, every number with its formula: the text of `genaudit metrics explain NAME`, where NAME
is an audit or a number. Audits see counts alone. Those of a count table are asked by `genaudit audit`, the others by
`genaudit run`; options are set with `--set NAME.OPTION=VALUE`.

Of a group, TP, FP, TN and FN count people by truth and decision: right flags, wrong flags, rightly left alone, missed.
What is undefined has a reason code and is listed, never 0 and never left out: `no_negatives`, `no_positives`,
`no_predicted_positives`, `no_predicted_negatives` (an empty denominator), `empty_cell`, `below_min_n` (fewer people
than `min_count`, 10 unless set), `missing_group` (nobody to compare with), `no_truth`, `no_strata`, `no_squares` (of
weights), `no_convergence` (no weights of the people there are meet all margins), `not_declared`,
`role_undeclared` (somebody has to say what is meant), `role_mediator` and `role_collider` (what was said of a variable
rules the number out). Intervals of weighted tables rest on Kish's effective number of people;
[audit-calibration.md](audit-calibration.md) says how often the intervals hold what they are about."""
WORDS = {"count_table": "a table of group, truth, decision and stratum", "feature_table": "a wide table of features"}


def explained_audits(audits: Iterable[Registered[AuditSpec]], name: str | None) -> list[Registered[AuditSpec]]:
    """Every audit without a name; else the audit of that name, or those that give a value of that name."""
    return [audit for audit in audits if not name or name == audit.spec.name or name in audit.spec.values]


def audit_as_text(audit: Registered[AuditSpec], value: str = "") -> str:
    """The explanation for a terminal, of the whole audit or of one of its values."""
    spec = audit.spec
    one = value if value in spec.values else ""
    head = f"{one}: {spec.values[one]}" if one else f"{spec.name}: {spec.title}"
    lines = [paragraph(label, text) for label, text in _facts(audit, one) if text]
    return f"{printable(head)}\n\n" + "\n".join(lines)


def audits_as_markdown(audits: Sequence[Registered[AuditSpec]]) -> str:
    """A document on all of them, with a table of contents."""
    rows = [f"| `{audit.spec.name}` | {escaped(audit.spec.summary)} |" for audit in audits]
    contents = "\n".join(["| audit | what it is |", "|---|---|", *rows])
    return printable_lines("\n\n".join([PREAMBLE, contents, *map(_section, audits)])) + "\n"


def needs_in_words(spec: AuditSpec) -> str:
    """What an audit reads; observations of a run with what the run must have for them."""
    return ", ".join(WORDS[need] if need in TABLES else needed([need]) for need in spec.needs)


def _facts(audit: Registered[AuditSpec], value: str) -> list[tuple[str, str]]:
    spec = audit.spec
    gives = [] if value else [("gives", f"{name}: {text}") for name, text in spec.values.items()]
    return [
        ("audit" if value else "what it is", f"{spec.name}. {spec.summary}" if value else spec.summary),
        ("meaning", spec.meaning),
        ("caveat", spec.caveat),
        *gives,
        ("needs", needs_in_words(spec)),
        ("source", spec.source),
        *option_facts(audit),
        ("version", f"{spec.version}, of {audit.origin}"),
    ]


def _section(audit: Registered[AuditSpec]) -> str:
    spec = audit.spec
    head = f"## {escaped(f'{spec.name}: {spec.title}')}"
    rows = [f"| `{name}` | {escaped(text)} |" for name, text in spec.values.items()]
    table = "\n".join(["| number | what it is |", "|---|---|", *rows]) if rows else ""
    left_out = {"gives", "version"}
    facts = [f"- **{label}**: {escaped(text)}" for label, text in _facts(audit, "") if text and label not in left_out]
    return "\n\n".join(filter(None, [head, "\n".join(facts), table]))
