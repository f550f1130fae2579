"""Specs of the evidence lower bound and its parts."""

from __future__ import annotations

from dataclasses import replace

from genaudit.plugin.specs import MetricSpec
from genaudit.values.results import Direction

ELBO = MetricSpec(
    name="elbo",
    title="Evidence lower bound",
    summary="Lower bound on the log-likelihood of held-out images.",
    target="genaudit.metrics.likelihood:elbo",
    source="Kingma and Welling 2014, Auto-Encoding Variational Bayes, eq. 3",
    options="genaudit.metrics.options:EvidenceOptions",
    needs=("evidence_bounds",),
    unit="nats per image",
    direction=Direction.HIGHER,
    formula="mean over images of E_q log p(x | z) - KL(q(z | x) ‖ p(z))",
    meaning="How well the model explains images that it has not seen, with its codes' cost taken off.",
    caveat=(
        "Comparable only between models with the same likelihood on the same scale of grey levels. A "
        "good bound does not "
        "make good samples."
    ),
)
RECONSTRUCTION_TERM = replace(
    ELBO,
    name="elbo_reconstruction",
    title="Reconstruction term of the bound",
    summary="Expected log-likelihood of held-out images under their own codes.",
    target="genaudit.metrics.likelihood:elbo_reconstruction",
    formula="mean over images of E_q log p(x | z)",
    meaning="The part of the bound that rewards faithful decoding.",
)
KL_TERM = replace(
    ELBO,
    name="elbo_kl",
    title="Divergence term of the bound",
    summary="Nats that the codes of held-out images carry beyond the prior.",
    target="genaudit.metrics.likelihood:elbo_kl",
    direction=Direction.NONE,
    bounds=(0.0, None),
    formula="mean over images of ½ Σ (m² + s² - 1 - ln s²)",
    meaning="The rate of the codes. Near 0: the decoder ignores them (posterior collapse).",
    caveat="Neither way is better: it trades against the reconstruction term.",
)
BITS = replace(
    ELBO,
    name="bits_per_dim",
    title="Bits per dimension",
    summary="Upper bound on the length of a lossless code for 8-bit images, per entry.",
    target="genaudit.metrics.likelihood:bits_per_dim",
    source=(
        "Theis et al. 2016, A Note on the Evaluation of Generative Models, section 3.1; the bound of "
        "Kingma and Welling 2014"
    ),
    unit="bits",
    direction=Direction.LOWER,
    bounds=(0.0, None),
    formula="-ELBO / (D ln 2) + 8 for images dequantised to (255 x + u) / 256; without the 8 for discrete likelihoods",
    meaning="8 is what a model without knowledge of images has.",
    caveat="Exists only for likelihoods that are densities or probabilities of grey levels.",
)

IWAE = replace(
    ELBO,
    name="iwae",
    title="Importance-weighted bound",
    summary="Lower bound on the log-likelihood of held-out images, from many draws of each image's code.",
    target="genaudit.metrics.importance:iwae",
    source="Burda et al. 2016, Importance Weighted Autoencoders, eq. 8",
    options="genaudit.metrics.latent_options:ImportanceOptions",
    needs=("log_weights",),
    formula="mean over images of ln (1/K Σ p(x | z) p(z) / q(z | x)), K draws of z from q(z | x)",
    meaning="At least the evidence lower bound, and nearer to log p(x) the more draws there are.",
    caveat=(
        "Depends on K, which belongs to its definition. Where the weights of few draws count (effective_draws) it may "
        "lie tens of nats below the log-likelihood. Of a random part of the held-out images: compare it with the elbo "
        "in its details, which is of the same images and draws. Does not exist for likelihoods that are no density."
    ),
)
GAP = replace(
    IWAE,
    name="variational_gap",
    title="Variational gap",
    summary="By how much the importance-weighted bound lies above the evidence lower bound.",
    target="genaudit.metrics.importance:variational_gap",
    source=(
        "Cremer et al. 2018, Inference Suboptimality in Variational Autoencoders, table 1, with the bound of Burda "
        "et al. 2016, eq. 8, for log p(x)"
    ),
    direction=Direction.LOWER,
    bounds=(0.0, None),
    formula="mean over images of ln (1/K Σ w) - 1/K Σ ln w, w the importance weights of K draws",
    meaning="Nats that the encoder's posterior loses. 0: it is the true posterior of the model.",
    caveat="The true gap is at least as large: it reaches to log p(x), which the importance-weighted bound does not.",
)

LOG_LIKELIHOOD = replace(
    IWAE,
    name="log_likelihood",
    title="Log-likelihood (annealed importance sampling)",
    summary="Log-likelihood of held-out images by chains of codes, a lower bound in expectation.",
    target="genaudit.metrics.annealing:log_likelihood",
    source=(
        "Wu et al. 2017, On the Quantitative Analysis of Decoder-Based Generative Models, section 3; Neal 2001, "
        "Annealed Importance Sampling, section 2"
    ),
    options="genaudit.metrics.latent_options:AnnealingOptions",
    needs=("annealed_weights", "refined_posteriors"),
    formula=(
        "mean over images of ln (1/C Σ exp Σₜ (βₜ - βₜ₋₁) (ln p(x, zₜ₋₁) - ln q*(zₜ₋₁))), C chains z₀, z₁, … from the "
        "best diagonal Gaussian q* through q*^(1 - β) p(x, z)^β"
    ),
    meaning="ln p(x) itself, as near as chains come to it; which encoder the model has does not matter.",
    caveat=(
        "exp of it is unbiased, so that its expectation is a lower bound: jackknife_bias says by about how much it is "
        "low, chain_sd how far the chains of an image lie apart. Chains that agree may all be low where the numbers of "
        "a code depend strongly on one another: while more temperatures raise it, it is not there yet. Of a few "
        "held-out images, because a chain costs hundreds of gradients: its interval is as wide as images differ. "
        "Compare it with the elbo in its details, which is of the same images. Needs a likelihood that is a density "
        "and has a gradient in z."
    ),
)
APPROXIMATION = replace(
    LOG_LIKELIHOOD,
    name="approximation_gap",
    title="Approximation gap",
    summary="Nats that the best diagonal Gaussian posterior loses, whichever encoder there is.",
    target="genaudit.metrics.annealing:approximation_gap",
    source="Cremer et al. 2018, Inference Suboptimality in Variational Autoencoders, table 1",
    direction=Direction.LOWER,
    formula="mean over images of log p(x) - L[q*], log p(x) by annealing, L the evidence lower bound, q* its best q",
    meaning="0: the true posterior of the model is a diagonal Gaussian. Only a richer posterior makes it smaller.",
    caveat=(
        "Never below 0 but for noise. The annealed log p(x) is low by jackknife_bias or more, and q* is what 150 steps "
        "of Adam find: the one makes the gap too small, the other too large."
    ),
)
AMORTISATION = replace(
    APPROXIMATION,
    name="amortization_gap",
    title="Amortization gap",
    summary="Nats that the encoder loses against the best diagonal Gaussian of each image.",
    target="genaudit.metrics.annealing:amortization_gap",
    source="Cremer et al. 2018, Inference Suboptimality in Variational Autoencoders, table 1",
    options="genaudit.metrics.latent_options:RefinementOptions",
    needs=("refined_posteriors",),
    formula="mean over images of L[q*] - L[q], L the evidence lower bound, q* the best q, q the encoder's; same noise",
    meaning="0: no other code of an image would be better. A larger or longer trained encoder makes it smaller.",
    caveat=(
        "Never below 0 but for noise. q* is what 150 steps of Adam find from q: the true gap is at least as large. "
        "Where an encoder is far off for few images, the interval of 32 images is too low 1 time in 15 instead of 1 in "
        "40, and that of fewer is withheld: ask for more images."
    ),
)

LIKELIHOOD = (ELBO, RECONSTRUCTION_TERM, KL_TERM, IWAE, LOG_LIKELIHOOD, GAP, APPROXIMATION, AMORTISATION, BITS)
