"""Statements about groups, made from counts."""

from __future__ import annotations

from genaudit.audits.table_specs import TABLE_AUDITS
from genaudit.plugin import AuditSpec, hookimpl


@hookimpl
def genaudit_audits() -> list[AuditSpec]:
    """The audits that come with genaudit."""
    return [
        AuditSpec(
            name="representation",
            title="Shares of groups",
            summary="Share of each level of an attribute within each level of another, generated against training.",
            target="genaudit.audits.representation:representation",
            options="genaudit.audits.options:RepresentationOptions",
            needs=("attribute_counts",),
            values={
                "share_generated": "P(level of a | level of t) among the generated images, as annotated",
                "share_reference": "P(level of a | level of t) in the training data, as labelled",
            },
            meaning="Shows where the model gives a group another share than its training data did.",
            caveat="Labels of generated images are an annotator's reading of appearance, with its own errors; a share "
            "says nothing about why it came about.",
            source="Wilson 1927, score interval of a proportion.",
        ),
        *TABLE_AUDITS,
    ]
