"""Everything that the page of an audit shows, gathered from the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genaudit_reports.audit.cost_prices import PRICES, PriceTable, price_table
from genaudit_reports.audit.figures import audit_figures
from genaudit_reports.audit.group_numbers import Numbers, attribute_of, numbers_of, title_of
from genaudit_reports.content.groups import SIGNS, VERDICTS, Said, common_caveats, said_of
from genaudit_reports.content.missing import Missing, missing
from genaudit_reports.content.reproduce import reproduce
from genaudit_reports.content.summary import Statement
from genaudit_reports.content.wording import enumeration, plural
from genaudit_reports.number_format import count, restyled
from genaudit_reports.page import Drawn, date, drawn_figures
from genaudit_reports.safe_text import LONGEST_NAME, anchor, clean, sentence

if TYPE_CHECKING:
    from genaudit.values.findings import Finding
    from genaudit.values.record import RunRecord
    from genaudit.values.run import AuditDescription

PROFILE = "data_profile"
IN_PEOPLE = {"group_count"}
"""Numbers that the table of groups shows already."""
MOST_SAID = 200
FIRST_SAID = 10
"""Sentences that are shown at once; the others wait behind a disclosure."""
MOST_NOTES = 12
MOST_LEADING = 4
LEADING = ("disparities", "confounding", "base_rates", "sampling")
"""Audits whose first finding stands at the top, as far as they were done."""
JUDGED = ("FAIL", "INCONCLUSIVE", "PASS")
PLACES = {
    "FAIL": "outside the tolerance that was set",
    "INCONCLUSIVE": "undecided",
    "PASS": "within the tolerance that was set",
}
KINDS = {"FAIL": "problem", "INCONCLUSIVE": "attention", "PASS": "plain"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAssessed:
    """Equal reasons together."""

    names: tuple[str, ...]
    reason: str
    remedy: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A group and how many people are in it."""

    attribute: str
    level: str
    people: str
    flagged: str
    positive: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One audit."""

    anchor: str
    title: str
    summary: str
    meaning: str
    caveat: str
    source: str
    figures: tuple[Drawn, ...]
    people: tuple[Counted, ...]
    """Every group with its size, in the section of that name alone."""
    prices: PriceTable | None
    """The table of actions and truths, where costs were declared."""
    common: tuple[str, ...]
    """Caveats of more than one sentence."""
    said: tuple[Said, ...]
    more_said: tuple[Said, ...]
    left: int
    numbers: Numbers
    definitions: tuple[tuple[str, str], ...]
    not_assessed: tuple[NotAssessed, ...]


def is_audit(record: RunRecord) -> bool:
    """Whether the record is of a table and not of a generator."""
    return bool(record.audits)


def page(record: RunRecord) -> dict[str, Any]:
    """The template's variables."""
    made = audit_figures(record)
    every, charts_note = drawn_figures([figure for figures in made.values() for figure in figures])
    by_name = {one.figure.name: one for one in every}
    sections = tuple(
        _section(record, audit, [by_name[figure.name] for figure in made.get(audit.name, [])])
        for audit in record.audits
    )
    judged = [finding for finding in record.findings if finding.verdict.value in JUDGED]
    context: dict[str, Any] = {
        "record": record,
        "title": title(record),
        "created": date(record.created),
        "verdicts": [_verdict(finding) for finding in sorted(judged, key=_worst_first)],
        "lead": _lead(judged),
        "more": _leading(record),
        "notes": [_note(text) for text in record.warnings[:MOST_NOTES]],
        "purpose": sentence(str(record.extra.get("purpose", ""))),
        "facts": _facts(record),
        "sections": sections,
        "charts_note": charts_note,
        "missing": Missing(not_applicable=(), failed=missing(record).failed),
        "reproduce": reproduce(record),
        "closed": any(audit.name == "limits" for audit in record.audits),
    }
    fixed = (*((s.anchor, s.title, True) for s in sections),
             ("failed", "Failed", bool(context["missing"].failed)), ("reading", "Reading", True),
             ("reproduce", "Reproduce", True))  # fmt: skip
    context["contents"] = [(name, heading) for name, heading, shown in fixed if shown]
    return context


def title(record: RunRecord) -> str:
    """The page's heading.

    It names the table, what was decided and who is compared.
    """
    options = record.request.options
    decision, group = (clean(options.get(f"table.{name}", ""), LONGEST_NAME) for name in ("decision", "group"))
    return f"{clean(record.dataset.name, LONGEST_NAME)}: {decision} by {group}"


def _section(record: RunRecord, audit: AuditDescription, figures: list[Drawn]) -> Section:
    own = set(audit.gave)
    found = [
        finding
        for finding in record.findings
        if finding.audit == audit.name and finding.statement not in record.warnings  # said at the top
    ]
    found.sort(key=lambda finding: finding.verdict.value not in JUDGED)  # what is judged comes first
    common = common_caveats(tuple(found))
    sentences = [said_of(finding, common) for finding in found[:MOST_SAID]]
    return Section(
        anchor=f"audit-{anchor(audit.name)}",
        title=clean(audit.title, LONGEST_NAME),
        summary=sentence(audit.summary),
        meaning=sentence(audit.meaning),
        caveat=sentence(audit.caveat),
        source=sentence(audit.source),
        figures=tuple(figures),
        people=tuple(_people(record)) if audit.name == PROFILE else (),
        prices=price_table(record) if PRICES in own else None,
        common=tuple(restyled(sentence(text)) for text in common),
        said=tuple(sentences[:FIRST_SAID]),
        more_said=tuple(sentences[FIRST_SAID:]),
        left=max(0, len(found) - MOST_SAID),
        numbers=numbers_of(
            [one for one in record.results if one.metric in own - IN_PEOPLE - {PRICES}],
            {one.group for one in record.results if one.metric in IN_PEOPLE},
            record.not_available,
        ),
        definitions=tuple((title_of(name), sentence(text)) for name, text in audit.values.items() if name in own),
        not_assessed=tuple(_not_assessed(record, audit)),
    )


def _not_assessed(record: RunRecord, audit: AuditDescription) -> list[NotAssessed]:
    """What could not be said, equal reasons together."""
    names: dict[tuple[str, str, str], list[str]] = {}
    for item in record.not_available:
        if item.component not in {audit.name, *audit.lacks}:
            continue
        what = "" if item.component == audit.name else title_of(clean(item.component, LONGEST_NAME))
        said = ", ".join(filter(None, (what, clean(item.group, LONGEST_NAME))))
        names.setdefault((item.reason, item.hint, item.reason_code), []).append(said)
    return [
        NotAssessed(
            names=tuple(filter(None, dict.fromkeys(given)))[:40],
            reason=restyled(sentence(reason)),
            remedy=sentence(hint),
            code=clean(code, LONGEST_NAME),
        )
        for (reason, hint, code), given in names.items()
    ]


def _worst_first(finding: Finding) -> int:
    return JUDGED.index(finding.verdict.value)


def _verdict(finding: Finding) -> Statement:
    verdict = finding.verdict.value
    word, _ = VERDICTS[verdict]
    text = f"{sentence(finding.statement)} {sentence(finding.rule)}"
    return Statement(sign=SIGNS[verdict], word=word.capitalize(), kind=KINDS[verdict], text=restyled(text))


def _lead(judged: list[Finding]) -> str:
    if not judged:
        return "No tolerance was declared: this page describes, and judges nothing."
    counts = {verdict: sum(finding.verdict.value == verdict for finding in judged) for verdict in JUDGED}
    said = [f"{counts[verdict]} {place}" for verdict, place in PLACES.items() if counts[verdict]]
    return f"{plural(len(judged), 'difference was', 'differences were')} judged: {enumeration(said)}."


def _leading(record: RunRecord) -> list[str]:
    """The first sentence of the audits that a reader comes for."""
    found = []
    for name in LEADING:
        of_audit = [finding for finding in record.findings if finding.audit == name]
        overall = [finding for finding in of_audit if not attribute_of(finding.group)] or of_audit
        found += [restyled(sentence(overall[0].statement))] if overall else []
    return found[:MOST_LEADING]


def _note(text: str) -> Statement:
    return Statement(sign="!", word="Note", kind="attention", text=restyled(sentence(text)))


def _facts(record: RunRecord) -> list[tuple[str, str]]:
    """What the table is, and what was declared about it."""
    options, facts = record.request.options, record.dataset.facts
    labels = {"table.truth": "truth", "table.decision": "decision", "table.positive": "means yes",
              "table.stratum": "held fixed", "table.weight": "weight"}  # fmt: skip
    said = [(name, count(float(str(facts[name])))) for name in ("people", "sum of weights", "rows") if name in facts]
    said += [(label, clean(options[name], LONGEST_NAME)) for name, label in labels.items() if options.get(name)]
    if not options.get("table.truth"):
        said.append(("truth", "not known: only decisions are compared"))
    return said


def _people(record: RunRecord) -> list[Counted]:
    """Every group with a selection rate or a reason why it has none."""
    rates = {(one.metric, one.group): one for one in record.results}
    groups = [one.group for one in record.results if one.metric == "selection_rate" and attribute_of(one.group)]
    groups += [one.group for one in record.not_available if one.component == "selection_rate" and one.group]
    found = []
    for group in dict.fromkeys(groups):
        selected, positive = rates.get(("selection_rate", group)), rates.get(("prevalence", group))
        counted = rates.get(("group_count", group))  # too few for a rate are counted all the same
        among = selected.details.get("among", selected.n) if selected else counted.value if counted else None
        attribute, _, name = group.partition("=")
        found.append(
            Counted(
                attribute=clean(attribute, LONGEST_NAME),
                level=clean(name, LONGEST_NAME),
                people=count(among) if among is not None else "–",
                flagged=count(selected.details["count"]) if selected and "count" in selected.details else "–",
                positive=count(positive.details["count"]) if positive and "count" in positive.details else "–",
            )
        )
    return found
