"""Specs of the audits of generated images, whose groups annotators read."""

from __future__ import annotations

from genaudit.plugin import AuditSpec

REPRESENTATION = AuditSpec(
    name="representation",
    title="Shares of groups",
    summary="Share of each level of an attribute, in all and within each level of another, generated against "
    "training and against a declared reference, with the annotators' errors taken out.",
    target="genaudit.audits.representation:representation",
    options="genaudit.audits.options:RepresentationOptions",
    needs=("attribute_counts",),
    values={
        "share_generated": "P(level of a), and P(level of a | level of t), among the generated images, as annotated",
        "share_corrected": "the same with the annotators' errors taken out: A_t⁻¹ R A_a⁻ᵀ, with A from labelled images",
        "share_reference": "the same in the training data, as labelled",
        "fairness_discrepancy_l1": "Σ |p - q| over all levels of a, p generated (corrected), q the declared reference",
        "fairness_discrepancy_l2": "√Σ (p - q)²",
        "fairness_discrepancy_tv": "½ Σ |p - q|",
        "fairness_discrepancy_kl": "Σ p ln(p / q), nats",
        "representation_p_value": "probability of a mix at least as far from the declared reference by chance",
    },
    meaning="Shows where the model gives a group another share than its training data or a declared reference.",
    caveat="Labels of generated images are an annotator's reading of appearance; the correction assumes that it errs "
    "on them as on labelled images. A share says nothing about why it came about.",
    source="Rogan and Gladen 1978, correction for misreadings; Wilson 1927, score interval; Choi et al. 2020, eq. 5, "
    "discrepancy.",
)

SHARE_AUDITS = (REPRESENTATION,)
