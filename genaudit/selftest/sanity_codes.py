"""Sanity checks of what codes tell, of log-likelihoods and of latents that move."""

from __future__ import annotations

from genaudit.selftest import chain_worlds, code_worlds, latent_worlds
from genaudit.selftest.sanity_check import Reaction, SanityCheck

RISES, FALLS, STAYS = Reaction.RISES, Reaction.FALLS, Reaction.STAYS
UNITS = ("mig", "dci_disentanglement", "dci_completeness")
READ = ("dci_informativeness", "linear_probe_accuracy")
TOGETHER = ("aggregate_posterior_gap", "total_correlation")
A_LINE = "a linear classifier reads what lies along a line (Alain and Bengio 2016); mig sees it"
TARGET_ALONE = "asks whether the target is reached (Shen et al. 2020); whether others stay stands in its details"

OF_CODES = (
    SanityCheck(
        name="codes of other images",
        story="codes are dealt out to images that they do not belong to",
        world=code_worlds.forgotten,
        read=code_worlds.of_codes,
        expected={"mig": FALLS, **dict.fromkeys(READ, FALLS), **dict.fromkeys(TOGETHER, STAYS)},
    ),
    SanityCheck(
        name="units turned",
        story="the two units that tell of a factor each are turned by an eighth, so that both tell of both",
        world=code_worlds.turned,
        read=code_worlds.of_codes,
        expected={
            **dict.fromkeys(UNITS, FALLS),
            **dict.fromkeys(READ, STAYS),
            "aggregate_posterior_gap": STAYS,
            "total_correlation": RISES,
        },
    ),
    SanityCheck(
        name="codes apart from the prior",
        story="all codes move by a standard deviation of the prior in each of 3 units",
        world=code_worlds.moved_off,
        read=code_worlds.of_codes,
        expected={
            **dict.fromkeys((*UNITS, *READ), STAYS),
            "aggregate_posterior_gap": RISES,
            "total_correlation": STAYS,
        },
    ),
    SanityCheck(
        name="repeated unit",
        story="a unit that told nothing repeats one that tells of a factor",
        world=code_worlds.repeated,
        read=code_worlds.of_codes,
        expected={
            "mig": FALLS,
            "dci_completeness": FALLS,
            "dci_disentanglement": STAYS,
            **dict.fromkeys(READ, STAYS),
            **dict.fromkeys(TOGETHER, RISES),
        },
    ),
    SanityCheck(
        name="folded unit",
        story="codes of one level lie on both sides of those of the other",
        world=code_worlds.folded,
        read=code_worlds.of_codes,
        expected={"mig": STAYS, **dict.fromkeys(READ, STAYS)},
        known=dict.fromkeys(READ, A_LINE),
    ),
    SanityCheck(
        name="other order of images",
        story="the same codes, shuffled together with what is known",
        world=code_worlds.other_order,
        read=code_worlds.of_codes,
        expected=dict.fromkeys((*UNITS, *READ, *TOGETHER), STAYS),
    ),
    SanityCheck(
        name="encoder off",
        story="the encoder misses the best means of 40 images by one standard deviation to two",
        world=chain_worlds.encoder_off,
        read=chain_worlds.of_model,
        expected={"log_likelihood": STAYS, "approximation_gap": STAYS, "amortization_gap": RISES},
    ),
    SanityCheck(
        name="axes of latents turned",
        story="the same model of images, in axes in which the two units of a posterior depend on one another",
        world=chain_worlds.latents_turned,
        read=chain_worlds.of_model,
        expected={"log_likelihood": STAYS, "approximation_gap": RISES, "amortization_gap": STAYS},
    ),
    SanityCheck(
        name="decoder off",
        story="every entry is off by two standard deviations of its noise, and the encoder knows",
        world=chain_worlds.decoder_off,
        read=chain_worlds.of_model,
        expected={"log_likelihood": FALLS, "approximation_gap": STAYS, "amortization_gap": STAYS},
    ),
    SanityCheck(
        name="latents of all lengths",
        story="latents are no longer scaled to one length, so that the middle of a line lies inside, d = 8",
        world=latent_worlds.not_scaled,
        read=latent_worlds.of_paths,
        expected={"interpolation_realism [lerp]": RISES, "interpolation_realism [slerp]": STAYS},
    ),
    SanityCheck(
        name="all images shifted",
        story="what is decoded moves by a standard deviation, d = 8",
        world=latent_worlds.decoded_apart,
        read=latent_worlds.of_paths,
        expected={"interpolation_realism [lerp]": RISES, "interpolation_realism [slerp]": RISES},
    ),
    SanityCheck(
        name="no straight direction",
        story="an attribute depends on how far a unit is from 0, on either side",
        world=latent_worlds.no_direction,
        read=latent_worlds.of_steps,
        expected={"attribute_direction_accuracy": FALLS},
    ),
    SanityCheck(
        name="direction across units",
        story="an attribute depends on 8 units alike instead of on one",
        world=latent_worlds.other_axes,
        read=latent_worlds.of_steps,
        expected={"attribute_direction_accuracy": STAYS},
    ),
    SanityCheck(
        name="all attributes move",
        story="another attribute depends on the same unit, so that a step changes both",
        world=latent_worlds.all_changes,
        read=latent_worlds.of_steps,
        expected={"attribute_direction_accuracy": FALLS},
        known={"attribute_direction_accuracy": TARGET_ALONE},
    ),
)
"""One flaw each, as in ``sanity_table``."""
