"""Everything that the template shows, gathered from the record and its run folder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from genaudit_reports.content.evidence import evidence
from genaudit_reports.content.families import family_of
from genaudit_reports.content.grouping import is_audit_value, whole_set
from genaudit_reports.content.groups import groups
from genaudit_reports.content.metric_rows import (
    MetricRow,
    any_compared,
    briefly,
    headline_blocks,
    metric_row,
    protocols,
)
from genaudit_reports.content.missing import missing
from genaudit_reports.content.modes import METRIC as MODE_METRIC
from genaudit_reports.content.modes import mode_sentences, mode_shares
from genaudit_reports.content.nearest import SHEETS as NEAREST_SHEETS
from genaudit_reports.content.nearest import nearest_sentences
from genaudit_reports.content.reproduce import reproduce
from genaudit_reports.content.scored import is_scored, items, subject, title, translates
from genaudit_reports.content.summary import summary
from genaudit_reports.content.translation import CYCLE, translation_sentences
from genaudit_reports.content.translation import SHEETS as TRANSLATION_SHEETS
from genaudit_reports.content.verdict import verdict
from genaudit_reports.content.views import comparable_views, is_other_space, view_label, view_results, view_sentence
from genaudit_reports.figures import Figure, figures
from genaudit_reports.pictures import pictures
from genaudit_reports.safe_text import LONGEST_NAME, clean
from genaudit_reports.svg import ChartsUnavailable, render, tidy

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.values.record import RunRecord
    from genaudit_reports.layout import Layout

MOST_FURTHER = 300
OF_GROUPS = ("share_", "amplification_", "flips_")
"""How the names of figures of the Groups section begin."""
FAMILY_OF_SERIES = {
    "fid_by_items": "fidelity",
    "variance_by_unit": "latent",
    "reconstruction_error": "likelihood",
    "step_length": "latent",
    "style_flips_": "latent",
    "truncation_": "latent",
}
"""How the names of series begin that a section awaits."""
OF_LATENTS = {"interpolation_realism", "linear_probe_accuracy", "attribute_direction_accuracy"}
"""Numbers of kinds of path and of attributes that stand in the section of the latent space."""
OF_PAIRS = {"originals", "reconstructions", "worst_reconstructions"}
STYLE_SHEETS = ("style_mixing", "style_swaps", "truncation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure with its drawings; without them the data table stands in."""

    figure: Figure
    wide: Markup | None
    narrow: Markup | None


def page(record: RunRecord, folder: Path, layout: Layout) -> dict[str, Any]:
    """The template's variables."""
    with ThreadPoolExecutor(1) as beside:  # another process draws the charts meanwhile
        drawing = beside.submit(drawn_figures, figures(record))
        results, sheets, blocks = whole_set(record), pictures(record, folder, layout), headline_blocks(record)
    drawn, charts_note = drawing.result()
    by_name = {item.figure.name: item for item in drawn}
    levels = {result.interval.level for result in results if result.interval}
    grouped = _grouped(record)
    further = [row for row in grouped if row.metric not in OF_LATENTS]
    context: dict[str, Any] = {
        "record": record,
        "title": title(record),
        "subject": subject(record),
        "scored": is_scored(record),
        "items": items(record),
        "translates": translates(record),
        "created": date(record.created),
        "summary": summary(record),
        "verdict": verdict(record),
        "sheets": sheets,
        "translations": [sheets[name] for name in sheets if name.startswith(TRANSLATION_SHEETS)],
        "translation_sentences": translation_sentences(record),
        "cycled": any(result.metric == CYCLE for result in results),
        "sampled": any(not result.group for result in view_results(record)),
        "blocks": blocks,
        "compared": any_compared(blocks),
        "one_level": f"{100 * levels.pop():g}\u202f%" if len(levels) == 1 else "",
        "protocols": protocols(record),
        "charts_note": charts_note,
        "views": _views(record),
        "several_views": len(comparable_views(record)) > 1,
        "view_sentence": view_sentence(record),
        "nearest": [sheets[name] for name in NEAREST_SHEETS if name in sheets],
        "nearest_sentences": nearest_sentences(record),
        "evidence": evidence(record),
        "mode_sentences": mode_sentences(record),
        "mode_rows": len(mode_shares(record)),
        "groups": groups(record),
        "further": further[:MOST_FURTHER],
        "further_left": max(0, len(further) - MOST_FURTHER),
        "missing": missing(record),
        "reproduce": reproduce(record),
        "figures": by_name,
        "style_sheets": [name for name in STYLE_SHEETS if name in sheets],
        "fidelity": [item for item in drawn if _family(item) == "fidelity"],
        "latent_numbers": [row for row in grouped if row.metric in OF_LATENTS],
        "latent": [item for item in drawn if _family(item) == "latent"],
        "likelihood": [item for item in drawn if _family(item) == "likelihood"],
        "shares": [item for item in drawn if item.figure.name.startswith(OF_GROUPS)],
        "curves": _other_curves(drawn),
    }
    context["contents"] = _contents(context)
    return context


def drawn_figures(all_figures: list[Figure]) -> tuple[list[Drawn], str]:
    """Every figure with its drawings, and one sentence if there are none."""
    specs = [spec for figure in all_figures for spec in (figure.spec, figure.narrow)]
    try:
        texts = render(specs)
    except ChartsUnavailable as error:
        note = f"Charts are not drawn, because {clean(error)}: their data tables are shown instead."
        return [Drawn(figure=figure, wide=None, narrow=None) for figure in all_figures], note
    drawings = [tidy(text, f"c{number}") for number, text in enumerate(texts)]
    pairs = zip(drawings[::2], drawings[1::2], strict=True)
    return [
        Drawn(figure=figure, wide=wide, narrow=narrow)
        for figure, (wide, narrow) in zip(all_figures, pairs, strict=True)
    ], ""


def _other_curves(drawn: list[Drawn]) -> list[Drawn]:
    """What metrics of plugins drew: series that no section of their own awaits."""
    known = {"gate_changes", "fid_views", "training_curve", "mode_share"}
    return [
        item
        for item in drawn
        if item.figure.name not in known and not _family(item) and not item.figure.name.startswith(OF_GROUPS)
    ]


def _family(item: Drawn) -> str:
    """The section that awaits a series; empty if none does."""
    return next((family for start, family in FAMILY_OF_SERIES.items() if item.figure.name.startswith(start)), "")


def _views(record: RunRecord) -> list[dict[str, Any]]:
    results = view_results(record)
    if not any(result.group for result in results):
        return []
    rows = briefly([metric_row(record, result) for result in results])
    if not results[0].group:  # that number is explained among all numbers already
        rows[0] = replace(rows[0], note="", summary="", explained=True)
    return [
        {"row": row, "label": view_label(result.group), "other": is_other_space(result.group)}
        for row, result in zip(rows, results, strict=True)
    ]


def _grouped(record: RunRecord) -> list[MetricRow]:
    """Numbers about views and groups that have no table of their own."""
    shown = {id(result) for result in view_results(record)}
    left = [
        result
        for result in record.results
        if result.group
        and id(result) not in shown
        and result.metric != MODE_METRIC
        and not is_audit_value(record, result)
    ]
    left.sort(key=lambda result: family_of(result.metric).title)
    return briefly([metric_row(record, result) for result in left])


def _contents(context: dict[str, Any]) -> list[tuple[str, str]]:
    """Anchor and title of the sections that the page has."""
    figures_by_name, sheets, absent = context["figures"], context["sheets"], context["missing"]
    present = (
        ("numbers", "Numbers", bool(context["blocks"])),
        ("change", "Change", context["verdict"] is not None),
        ("translation", "Translation",
         bool(context["translations"] or (context["sampled"] and context["translation_sentences"]))),
        ("fidelity", "Fidelity", bool(context["views"] or context["nearest"] or context["fidelity"])),
        ("likelihood", "Reconstruction", bool(context["evidence"] or context["likelihood"] or OF_PAIRS & set(sheets))),
        ("training", "Training", "training_curve" in figures_by_name),
        ("modes", "Modes", bool(context["mode_rows"])),
        ("latent", "Latent space", bool(
            context["latent"] or context["latent_numbers"] or context["style_sheets"] or "interpolations" in sheets
        )),
        ("groups", "Groups", context["groups"] is not None),
        ("further", "Further", bool(context["further"] or context["curves"])),
        ("missing", "Missing", bool(absent.failed or absent.not_reached or absent.not_applicable)),
        ("reading", "Reading", True),
        ("reproduce", "Reproduce", True),
    )  # fmt: skip
    return [(anchor, title) for anchor, title, shown in present if shown]


def date(created: str) -> str:
    """The moment of a run as people write it; the text as it is where it is no date."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return clean(created, LONGEST_NAME)
    return f"{moment.day} {moment:%B %Y, %H:%M}" + (" UTC" if moment.utcoffset() is not None else "")
