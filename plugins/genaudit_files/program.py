"""A program behind the capability Sampler: in batches of one size, its range brought to [0, 1]."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from genaudit.errors import PASSED_ON, BadOption
from genaudit.plugin.loading import one_line
from genaudit.stats.seeds import standard_normal_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from genaudit_files.program_options import ProgramOptions

TRIED = 8
"""Latents that are tried when it is built."""
SLACK = 1e-3
"""How far rounding may leave the stated range, as a share of it."""


class Program:
    """A Sampler made of a function of latents.

    Args:
        name: Of the generator, for messages.
        call: Called with latents ``(batch, *latent_shape)``, float32, and with labels if there are classes.
        options: What it takes and gives.
        device: Where it computes.
        digest: SHA-256 of what it was read from; empty if that is not known.
    """

    def __init__(
        self, name: str, call: Callable[..., Any], options: ProgramOptions, device: torch.device, digest: str = ""
    ) -> None:
        self.digest = digest
        self._name, self._call, self._options, self._device = name, call, options, torch.device(device)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """As the options say."""
        return self._options.latent_shape

    @property
    def classes(self) -> tuple[str, ...]:
        """As the options say; none if it is not conditional."""
        return self._options.classes

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images (or vectors) of latents; differentiable in ``z`` if the program is."""
        given = self._labels(labels, len(z))
        size = self._options.batch
        parts = [
            self._batch(z[start : start + size], None if given is None else given[start : start + size])
            for start in range(0, len(z), size)
        ]
        return torch.cat(parts)

    def tried(self) -> Program:
        """Itself, if a few latents give what the options say, twice the same.

        Raises:
            BadOption: They do not, or the program raised; the message says which option to set.
        """
        rows = standard_normal_rows(0, "trial", 0, TRIED, int(np.prod(self.latent_shape)))
        z = torch.from_numpy(rows).to(self._device, torch.float32).reshape(TRIED, *self.latent_shape)
        labels = torch.zeros(TRIED, dtype=torch.int64, device=self._device) if self._options.classes else None
        with torch.no_grad():
            try:
                one, other = (self.decode(z, labels) for _ in range(2))
            except BadOption:
                raise
            except PASSED_ON:
                raise
            except BaseException as error:  # the user's own program may raise anything
                raise BadOption(
                    f"{self._name}: the program failed on {self._options.batch} latents of shape {self.latent_shape}"
                    f"{' with labels' if labels is not None else ''}: {_reason(error)}.",
                    f"Look at {self._name}.latent_shape, {self._name}.classes if it takes labels, "
                    f"and {self._name}.batch if it takes a fixed number only.",
                ) from error
        self._check_range(one)
        if not torch.equal(one, other):
            raise BadOption(
                f"{self._name}: the same latents gave different images: the program draws random numbers itself.",
                "Save it in evaluation mode, and let all randomness come from the latents.",
            )
        return self

    def _labels(self, labels: Tensor | None, count: int) -> Tensor | None:
        if not self._options.classes:
            return None
        if labels is None or len(labels) != count:
            raise ValueError(f"it is conditional on {', '.join(self._options.classes)}: give a label for each latent")
        kinds = len(self._options.classes)
        return labels if self._options.labels == "index" else one_hot(labels, kinds).to(torch.float32)

    def _batch(self, z: Tensor, labels: Tensor | None) -> Tensor:
        short = self._options.batch - len(z)
        given = [tensor for tensor in (z, labels) if tensor is not None]
        filled = [torch.cat([one, one[-1:].expand(short, *one.shape[1:])]) if short else one for one in given]
        made = torch.as_tensor(self._call(*filled), device=self._device)
        expected = (self._options.batch, *self._options.image_shape)
        if tuple(made.shape) != expected:
            raise BadOption(
                f"{self._name}: the program gave shape {tuple(made.shape)} for {self._options.batch} latents; "
                f"the options say {expected}.",
                f"Set {self._name}.image_shape.",
            )
        return self._in_unit_range(made[: len(z)].to(torch.float32))

    def _in_unit_range(self, made: Tensor) -> Tensor:
        if len(self._options.image_shape) == 1:
            return made
        low, high = self._options.range
        return (made - low) / (high - low)

    def _check_range(self, images: Tensor) -> None:
        odd = int((~torch.isfinite(images)).sum())
        if odd:
            raise BadOption(
                f"{self._name}: {odd:,} of {images.numel():,} values that the program gave are NaN or infinite.",
                "Look at its weights and at the divisions, roots and logarithms in it.",
            )
        low, high = float(images.min()), float(images.max())
        if len(self._options.image_shape) == 3 and not (low >= -SLACK and high <= 1 + SLACK):
            width = self._options.range[1] - self._options.range[0]
            found = [self._options.range[0] + width * value for value in (low, high)]
            raise BadOption(
                f"{self._name}: the program gave values from {found[0]:.4g} to {found[1]:.4g}; the options say "
                f"{self._options.range[0]:g} to {self._options.range[1]:g}.",
                f"Set {self._name}.range to its black and white, such as -1,1 after a tanh or 0,255.",
            )


def _reason(error: BaseException) -> str:
    """The error in one line; of TorchScript, which begins with its traceback, what stands at the end."""
    last = str(error).strip().splitlines()[-1:]
    inside = last and "TorchScript interpreter" in str(error)
    return one_line(RuntimeError(last[0].removeprefix("RuntimeError: "))) if inside else one_line(error)
