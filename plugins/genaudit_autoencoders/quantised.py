"""Discrete codes on a 4x4 grid, and the recurrent network that draws them one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy as class_entropy

from genaudit_adversarial.kept import refuse_labels
from genaudit_adversarial.streams import torch_generator, without_draws
from genaudit_autoencoders.blocks import WIDTH, downward, draw_uniform, upward
from genaudit_autoencoders.codebook import Codebook
from genaudit_autoencoders.descent import Batch, Course, data_of, descend
from genaudit_autoencoders.fitted import cross_entropy
from genaudit_autoencoders.keeping import Autoencoder
from genaudit_autoencoders.sequences import CodePrior

if TYPE_CHECKING:
    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_autoencoders.options import VqVaeOptions

SIDE = 4
"""Codes along a side of the grid."""
DEPTH = 16
"""Length of a codebook entry."""
COMMITMENT = 30.0
"""Weight of the squared distance of vectors to their entries, nats a unit."""


class QuantisedImages(nn.Module):
    """Encoder to maps, codebook, decoder, and the distribution of codes."""

    def __init__(self, codes: int) -> None:
        super().__init__()
        self.encoder = nn.Sequential(*downward(), nn.Conv2d(2 * WIDTH, DEPTH, 1))
        self.codebook = Codebook(codes, DEPTH)
        self.decoder = nn.Sequential(*upward(DEPTH))
        self.prior = CodePrior(codes)

    def codes(self, images: Tensor) -> Tensor:
        """Indices ``(n, 4, 4)``."""
        return self.codebook.nearest(self.encoder(images))

    def pictures(self, codes: Tensor) -> Tensor:
        """Images in [0, 1] of indices ``(n, 4, 4)``."""
        logits: Tensor = self.decoder(self.codebook.looked_up(codes))
        return logits.sigmoid()

    def loss(self, batch: Batch) -> Tensor:
        """Cross-entropy of the decoded entries, whose gradient goes straight through to the encoder, and commitment."""
        maps = self.encoder(batch.images)
        codes = self.codebook.nearest(maps)
        if batch.step:
            self.codebook.follow(maps, codes, batch.draws)
            codes = self.codebook.nearest(maps)
        entries = self.codebook.looked_up(codes)
        commitment = ((maps - entries) ** 2).mean()
        straight_through = maps + (entries - maps).detach()
        loss: Tensor = cross_entropy(self.decoder(straight_through), batch.images) + COMMITMENT * commitment
        return loss

    def prior_loss(self, batch: Batch) -> Tensor:
        """Nats an image that its codes cost under the recurrent network."""
        with torch.no_grad():
            codes = self.codes(batch.images).flatten(1)
        logits = self.prior(codes)
        return class_entropy(logits.flatten(0, 1), codes.flatten(), reduction="sum") / len(codes)


def build(options: VqVaeOptions, device: torch.device) -> VqVae:
    """The VQ-VAE with untrained weights."""
    return VqVae(options, _first_network(options.codes, 0), device)


class VqVae(Autoencoder["VqVaeOptions", QuantisedImages]):
    """An autoencoder with a codebook and an autoregressive distribution of codes (van den Oord et al. 2017).

    Images go in and come out as float32 ``(n, 3, 16, 16)`` in [0, 1].
    """

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """``(16,)``: one number for each code, whose probability integral transform chooses among its probabilities."""
        return (SIDE * SIDE,)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images of standard normals ``(n, 16)``; piecewise constant in ``z``.

        Raises:
            ValueError: Labels are given: the model is not conditional.
        """
        refuse_labels(labels, "the VQ-VAE")
        network = self._kept.exact

        def make(part: Tensor) -> Tensor:
            codes = network.prior.drawn(torch.special.ndtr(part))
            return network.pictures(codes.reshape(-1, SIDE, SIDE))

        return self._pictures(make, z)

    def reconstruct(self, images: Tensor) -> Tensor:
        """Each image through its codes."""
        network = self._kept.exact
        return self._pictures(lambda part: network.pictures(network.codes(part)), images)

    def codes(self, images: Tensor) -> Tensor:
        """Indices ``(n, 4, 4)`` into the codebook."""
        return self._kept.exact.codes(self._kept.wide(images))

    def codes_log_probability(self, codes: Tensor) -> Tensor:
        """Nats ``(n,)`` of codes ``(n, 4, 4)`` under the recurrent network, float64; they sum to one over all codes."""
        rows = codes.flatten(1).to(self._device)
        logits = self._kept.exact.prior(rows)
        return -class_entropy(logits.movedim(-1, 1), rows, reduction="none").sum(1)

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Train autoencoder and codebook for ``budget`` steps (None: the option ``steps``), then the recurrent network.

        The losses that ``progress`` hears are first those of the autoencoder, then the nats of the codes.

        Raises:
            ValueError: The budget is below 1, or the images have another shape.
        """
        options: VqVaeOptions = (
            self._options if budget is None else replace(self._options, steps=budget, prior_steps=budget)
        )
        splits = (data_of(training, "VQ-VAE"), data_of(validation, "VQ-VAE"))
        network = _first_network(options.codes, seed).to(self._device)
        draws = torch_generator(seed, "vq-vae", "training")
        first = Course(
            steps=options.steps,
            batch_size=options.batch_size,
            learning_rate=options.learning_rate,
            after=options.prior_steps,
        )
        second = replace(first, steps=options.prior_steps, before=options.steps, after=0)
        autoencoder = nn.ModuleList([network.encoder, network.decoder])
        descend(autoencoder, network.loss, splits, first, draws=draws, progress=progress)
        descend(network.prior, network.prior_loss, splits, second, draws=draws, progress=progress)
        self._kept.take(network)


def _first_network(codes: int, seed: int) -> QuantisedImages:
    network = without_draws(lambda: QuantisedImages(codes))
    draws = torch_generator(seed, "vq-vae", "weights")
    draw_uniform(network, draws)
    network.prior.draw_first(draws)
    return network
