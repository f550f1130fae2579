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
    source="Rogan and Gladen 1978, correction for misreadings; Wilson 1927, score interval; Choi et al. 2020, "
    "discrepancy.",
)

AMPLIFICATION = AuditSpec(
    name="amplification",
    title="Bias amplification",
    summary="Whether levels that go together in training go together more often among generated images.",
    target="genaudit.audits.amplification:amplification",
    options="genaudit.audits.options:AmplificationOptions",
    needs=("attribute_counts", "level_counts"),
    values={
        "bias_amplification": "sign(p_train - p_ref) (p_gen - p_train), p = P(a | t), p_ref = P_train(a) or declared",
        "bias_amplification_mals": "mean over t of Σ P_gen(a | t) - P_train(a | t), a with P_train(a | t) > 1 / |A|",
        "bias_amplification_t_to_a": "mean of y (P_gen(a | asked for t) - P_train(a | t)), y = sign(n n_ta - n_t n_a)",
        "bias_amplification_a_to_t": "mean of y (P_gen(t | asked for a) - P_train(t | a)), of a generator asked for a",
        "bias_amplification_multi": "mean over sets S of 1 or 2 labels of P_gen(a | S) - P_train(a | S), as in MALS",
        "systematic_bias": "P_gen(a) - P_train(a)",
        "bayes_floor": "mean of p Φ(d/2 + τ) + (1 - p) Φ(τ - d/2) - p, τ = ln(p / (1 - p)) / d, d from the reader",
        "leakage_amplification": "Σ_t max_a P_gen(a, t) - Σ_t max_a P_train(a, t)",
        "differential_fairness": "max |ln P_gen(t | a) / P_gen(t | a')|",
    },
    meaning="Above 0: what the training data link is linked more strongly in what the model makes. Below 0: less so.",
    caveat="Amplification is no wrongdoing by itself, and 0 preserves whatever bias the training data have. Sampling "
    "intervals do not cover another training of the same model, which moves these numbers more.",
    source="Zhao et al. 2017, section 3; Zhao et al. 2023; Wang and Russakovsky 2021; Leino et al. "
    "2019; Wang et al. 2019; Foulds et al. 2020.",
)

FLIPS = AuditSpec(
    name="flips",
    title="What a translation changes",
    summary="How often each level of an attribute that a translation should leave alone is read as another one "
    "afterwards, and how much of that is more than the reader's own errors.",
    target="genaudit.audits.flips:flips",
    options="genaudit.audits.options:FlipOptions",
    needs=("flip_counts",),
    values={
        "attribute_flip_share": "P(read from the translation as another level | level); details: the row of the matrix",
        "attribute_flip_excess": "the same less P(read from the true translation as another level | level)",
    },
    meaning="Above 0: the model changes what it shows of this group, such as a 9 into an 8.",
    caveat="Needs true translations of the same images, on which the reader's errors are measured. A level that few "
    "images show has a wide interval; several levels are looked at at once.",
    source="Cohen et al. 2018, Distribution Matching Losses Can Hallucinate Features; Bonett and Price 2012, "
    "interval of paired shares; Wilson 1927.",
)

TRUNCATION = AuditSpec(
    name="truncation",
    title="Shares under truncation",
    summary="Share of each level at each truncation of a style-based generator, and whether truncation moves the mix "
    "away from the training data or a declared reference.",
    target="genaudit.audits.truncation:truncation",
    options="genaudit.audits.options:TruncationShareOptions",
    needs=("truncated_counts",),
    values={
        "share_truncated": "P(level) among images at a truncation, with the annotator's errors taken out: A⁻¹ r",
        "truncation_distance": "½ Σ |p - q|, p the mix at a truncation, q the declared reference or the training data",
        "truncation_shift": "the distance at a truncation less that at the truncation nearest to 1",
    },
    meaning="Truncation trades variety for quality; above 0, it does so at the cost of some groups.",
    caveat="Samples at all truncations share their latents, and there are fewer of them than in the run as a whole. "
    "Labels are an annotator's reading, which may err otherwise on truncated images.",
    source="Karras et al. 2019, appendix B (truncation); Rogan and Gladen 1978; Choi et al. 2020.",
)

RECONSTRUCTION = AuditSpec(
    name="reconstruction",
    title="Bias amplification of reconstructions",
    summary="Whether reconstructions of held-out images show more often what training links with what the images are "
    "known to show.",
    target="genaudit.audits.reconstruction:reconstruction",
    options="genaudit.audits.options:ReconstructionOptions",
    needs=("reconstruction_counts",),
    values={
        "bias_amplification_a_to_t": "mean of y (P(t read from the reconstruction | a) - P(t read of the image | a)), "
        "y = sign(n n_ta - n_t n_a)",
        "bias_amplification_t_to_a": "mean of y (P(a read from the reconstruction | t) - P(a read from the image | t))",
    },
    meaning="Above 0: what a model copies is pulled towards what training links. Of a held-out image both attributes "
    "are known, so that the two directions can be told apart, which generated images do not allow.",
    caveat="About reconstructions, not about what the model draws by itself. Readers may err otherwise on blurred "
    "images.",
    source="Wang and Russakovsky 2021, Directional Bias Amplification, with the reader's own errors taken off.",
)

SHARE_AUDITS = (REPRESENTATION, AMPLIFICATION, FLIPS, TRUNCATION, RECONSTRUCTION)
