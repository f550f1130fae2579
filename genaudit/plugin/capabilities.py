"""What a generator can be asked. A generator declares the Protocols that it fulfils in its spec, by name.

Images are float32 tensors ``(n, c, h, w)`` in [0, 1] on the device that the generator was built for; vectors are
float32 ``(n, d)``. Whatever a generator is given is float32: images, latents, codes, noise and styles, also where its
own ``encode`` or ``map`` answered in another floating type, which they may; labels alone are int64. The core draws
every latent and makes every batch: a generator never draws random numbers while it is evaluated, so one seed gives
the same images at any batch size and on any number of processes. What it is given is a copy of its own, so that it
may write into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from genaudit.plugin.components import LabelledImages

DATA_SPACES = ("soft", "continuous_dequantised", "discrete")
"""What a ``Likelihood`` may be a density of: nothing, images spread over [0, 1], or the 256 grey levels."""


@runtime_checkable
class Sampler(Protocol):
    """Draws images from latents.

    One that was read from a file and is not ``Trainable`` may have a text ``digest``, the file's SHA-256.
    """

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """Shape of one latent; the core draws its elements from N(0, 1)."""

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images for latents ``(n, *latent_shape)``; differentiable in ``z``.

        Labels int64 ``(n,)`` are given to a ``ClassConditional`` alone; any other is called as ``decode(z)``.
        """


@runtime_checkable
class DrawnSamples(Protocol):
    """Holds items that were drawn before, and can draw no others: a folder of images, an array of features."""

    @property
    def digest(self) -> str:
        """SHA-256 of the items."""

    def drawn(self, start: int, count: int) -> NDArray[np.uint8] | NDArray[np.float64]:
        """Items ``start`` to ``start + count``: float64 vectors ``(n, d)``, or images ``(n, c, h, w)``.

        Images are levels: uint8, or float32 in [0, 255] where they were resized without rounding.
        """


@runtime_checkable
class LabelledSamples(Protocol):
    """Knows of every drawn item which class was asked for; beside ``DrawnSamples``."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; a label is an index into them."""

    def labels(self, start: int, count: int) -> NDArray[np.int64]:
        """Labels ``(count,)`` of items ``start`` to ``start + count``."""


@runtime_checkable
class Reconstructor(Protocol):
    """Maps images to themselves through a bottleneck."""

    def reconstruct(self, images: Tensor) -> Tensor:
        """Reconstructions of ``images``, same shape; see ``ClassConditional`` for ``labels``."""


@runtime_checkable
class Posterior(Protocol):
    """Has an approximate posterior q(z | x), a diagonal Gaussian."""

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance, each ``(n, d)``; see ``ClassConditional`` for ``labels``."""


@runtime_checkable
class Likelihood(Protocol):
    """Has an observation model p(x | z)."""

    @property
    def likelihood(self) -> str:
        """Name of the distribution, such as ``bernoulli``."""

    @property
    def data_space(self) -> str:
        """One of ``DATA_SPACES``; see ``genaudit.values.observations.EvidenceBounds``.

        With ``continuous_dequantised`` the core passes images ``(255 x + u) / 256`` with uniform u.
        """

    def log_likelihood(self, images: Tensor, z: Tensor) -> Tensor:
        """``(n,)`` nats with the normalising constant; differentiable in ``z``; see ``ClassConditional``."""


@runtime_checkable
class Translator(Protocol):
    """Maps images of one domain to another.

    It translates both ways unless it also has ``directions``, a tuple of pairs ``(source, target)``. Where it is
    ``Trainable`` and the data set knows both domains, it is trained on ``genaudit.plugin.components.of_both_domains``.
    """

    @property
    def domains(self) -> tuple[str, ...]:
        """Names of the two domains, as the data set calls them."""

    def translate(self, images: Tensor, source: str, target: str) -> Tensor:
        """The images as they would look in the target domain."""


@runtime_checkable
class StyleMapper(Protocol):
    """Has an intermediate latent space with one style a layer."""

    @property
    def noise_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Shape of the noise of one image in each layer, such as ``(1, 8, 8)``; as many as there are layers."""

    def map(self, z: Tensor, truncation: float = 1.0) -> Tensor:
        """Styles ``(n, d)`` of latents, moved towards the mean style by the factor ``truncation``: 1 leaves them."""

    def synthesize(self, w_per_layer: Tensor, noise: Sequence[Tensor] | None = None) -> Tensor:
        """Images for styles ``(n, layers, d)`` and noise ``(n, *shape)`` of each layer; None is no noise.

        The core draws the noise from N(0, 1).
        """


@runtime_checkable
class ClassConditional(Protocol):
    """Makes images of the class that it is asked for: ``decode`` is always given labels.

    The core draws a class for every image by its number, with the shares that the classes have in the reference if
    an attribute of the data set has these levels, in whatever order, else with equal shares.

    Where ``encode``, ``log_likelihood`` or ``reconstruct`` of such a generator has a parameter ``labels``, it is given
    the true classes of the images, int64 ``(n,)``, by that name: ``encode(images, labels)`` is then q(z | x, y), and
    ``log_likelihood(images, z, labels)`` is log p(x | z, y), so that bounds are those of log p(x | y). Without the
    parameter it is asked as any other generator is. Data whose classes are not known have no such numbers.
    """

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; a label is an index into them."""


class TrainingObserver(Protocol):
    """Is told how training goes."""

    def step(self, step: int, total: int, loss: float) -> None:
        """One optimiser step is done: its number from 1, the number of steps in all, the training loss."""

    def epoch(self, step: int, validation_loss: float) -> None:
        """An epoch is done after ``step`` steps: the loss on data that is not trained on."""


@runtime_checkable
class Trainable(Protocol):
    """Can be trained here, and keeps its weights as plain tensors."""

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Train for ``budget`` steps (None: the plugin's recipe)."""

    def state(self) -> Mapping[str, Tensor]:
        """All weights, by name."""

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take weights over.

        Raises:
            ValueError: A name or a shape does not fit; the message says which.
        """


CAPABILITIES: dict[str, type] = {
    protocol.__name__: protocol
    for protocol in (
        Sampler,
        DrawnSamples,
        LabelledSamples,
        Reconstructor,
        Posterior,
        Likelihood,
        Translator,
        StyleMapper,
        ClassConditional,
        Trainable,
    )
}
"""Every capability that a spec may name."""


def is_shape(shape: object) -> bool:
    """Whether something is a shape that latents can have.

    >>> is_shape((3,)), is_shape(()), is_shape(3), is_shape((-3,))
    (True, True, False, False)
    """
    return (
        isinstance(shape, Sequence)
        and not isinstance(shape, str | bytes)
        and all(isinstance(size, Integral) and int(size) >= 1 for size in shape)
    )
