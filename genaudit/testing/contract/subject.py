"""The generator that is checked: its spec and options, and how to build it and ask it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from genaudit.engine.building import stored_state
from genaudit.engine.options import options_in_force
from genaudit.engine.request import RunInputs
from genaudit.engine.settling import settled
from genaudit.engine.weights import choose_weights
from genaudit.errors import PASSED_ON, NotApplicable, WeightsError
from genaudit.plugin.catalog import Registered
from genaudit.plugin.loading import load_target, one_line
from genaudit.plugin.specs import GeneratorSpec
from genaudit.stats.seeds import generator as stream
from genaudit.stats.seeds import standard_normal_rows

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Catalog

ITEMS = 6
"""Items of every question."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing that a generator can be asked, and what the answer must be like."""

    name: str
    """Of the method, with arguments where there are several."""
    ask: Callable[[Any, slice], Any]
    """Called with an instance and the items of the question."""
    shape: tuple[int | str, ...]
    """Of the answer for one item; a text stands for any size."""
    kind: str
    """``image``, ``drawn`` or ``number``."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A generator and its options."""

    registered: Registered[GeneratorSpec]
    """With the spec as its options settle it."""
    settings: Mapping[str, Any]
    """Option to the value that was given."""
    options: Any
    device: torch.device

    @property
    def spec(self) -> GeneratorSpec:
        """What it declares."""
        return self.registered.spec

    def has(self, *capabilities: str) -> bool:
        """Whether it declares all of these."""
        return set(capabilities) <= set(self.spec.capabilities)

    def built(self) -> Any:  # noqa: ANN401 - a generator is what its capabilities say
        """A new instance, with the weights that come with it."""
        made = load_target(self.registered)(self.options, self.device)
        weights = self._weights
        if weights is not None:
            made.load_state(stored_state(weights.path, made))
        return made

    @cached_property
    def instance(self) -> Any:  # noqa: ANN401 - likewise
        """An instance for questions that leave it as it was.

        Raises:
            NotApplicable: It cannot be built, which another check says.
        """
        try:
            return self.built()
        except PASSED_ON:
            raise
        except BaseException as error:  # the author's own code
            raise NotApplicable("not-built", f"It cannot be built ({one_line(error)}).") from error

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Everything that the declared capabilities allow to ask."""
        from genaudit.testing.contract.questions import questions

        return questions(self)

    def latents(self, instance: Any) -> Tensor:  # noqa: ANN401
        """``(ITEMS, *latent_shape)`` from N(0, 1), float32."""
        shape = tuple(instance.latent_shape)
        rows = standard_normal_rows(0, "conformance", 0, ITEMS, int(np.prod(shape)))
        return torch.from_numpy(rows).to(self.device, torch.float32).reshape(ITEMS, *shape)

    def items(self) -> Tensor:
        """Items such as the data have: images ``(ITEMS, c, h, w)`` in [0, 1], or vectors, float32."""
        rng = stream(0, "conformance-items")
        shape = (ITEMS, *self.spec.image_shape)
        rows = rng.random(shape) if self.spec.data_kind == "image" else rng.normal(size=shape)
        return torch.from_numpy(rows).to(self.device, torch.float32)

    @property
    def _weights(self) -> Any:  # noqa: ANN401 - weights or None
        try:
            return choose_weights(self.registered, self.options, RunInputs(plugin=self.spec.name))
        except WeightsError:  # it comes with none: untrained weights keep the same promises
            return None


def subject_of(name: str, catalog: Catalog, settings: Mapping[str, Any] | None = None, device: str = "cpu") -> Subject:
    """The generator of a name with some options set.

    Args:
        name: Of the generator.
        catalog: What is installed.
        settings: Option, without the generator's name, to its value or text.
        device: Where it is built.

    Raises:
        GenauditError: There is no such generator, or the options are not allowed.
    """
    registered = catalog.generator(name)
    given = dict(settings or {})
    options = options_in_force([registered], {f"{name}.{key}": value for key, value in given.items()})[name]
    return Subject(
        registered=settled(registered, options), settings=given, options=options, device=torch.device(device)
    )
