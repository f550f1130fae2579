"""What the numbers of audits are called where people read them; a record holds no text of theirs."""

from __future__ import annotations

from genaudit_reports.safe_text import capitalised, words

TITLES = {
    "fairness_discrepancy_l1": "Distance of the mix from the reference, L1",
    "fairness_discrepancy_l2": "Distance of the mix from the reference, L2",
    "fairness_discrepancy_tv": "Distance of the mix from the reference, total variation",
    "fairness_discrepancy_kl": "Divergence of the mix from the reference",
    "representation_p_value": "Mix against the reference, p-value",
    "bias_amplification": "Bias amplification",
    "bias_amplification_mals": "Bias amplification, MALS",
    "bias_amplification_t_to_a": "Bias amplification, task to attribute",
    "bias_amplification_a_to_t": "Bias amplification, attribute to task",
    "bias_amplification_multi": "Bias amplification, sets of labels",
    "systematic_bias": "Shift of the share in all images",
    "bayes_floor": "Floor of hard decisions",
    "leakage_amplification": "Leakage, generated less training",
    "attribute_flip_share": "Read as another level after translation",
    "attribute_flip_excess": "Changed by the translation, beyond the reader's errors",
    "share_truncated": "Share under truncation",
    "truncation_distance": "Distance of the mix under truncation, total variation",
    "truncation_shift": "How much farther truncation moves the mix",
    "differential_fairness": "Largest log ratio between groups",
}


def audit_title(name: str) -> str:
    """The title of a number, or its name in words.

    >>> audit_title("bias_amplification_mals"), audit_title("crude_difference")
    ('Bias amplification, MALS', 'Crude difference')
    """
    return TITLES.get(name) or capitalised(words(name))
