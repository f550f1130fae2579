"""Every question that a capability allows, with what the answer must be like."""

from __future__ import annotations

from itertools import permutations
from math import prod
from typing import TYPE_CHECKING, Any

import torch

from genaudit.probes.conditioning import takes_labels
from genaudit.stats.seeds import standard_normal_rows
from genaudit.testing.contract.subject import ITEMS, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor

    from genaudit.testing.contract.subject import Subject


def questions(subject: Subject) -> tuple[Question, ...]:
    """The questions of the declared capabilities; an instance is built to learn its shapes."""
    return tuple(_questions(subject))


def asked_for(subject: Subject, instance: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a generator
    """The labels of ``ITEMS`` latents behind them, as ``decode`` is given them; nothing if it is not conditional."""
    if not subject.has("ClassConditional"):
        return ()
    return (torch.arange(ITEMS, device=subject.device) % len(instance.classes),)


def also_told(subject: Subject, instance: Any, method: str) -> dict[str, Any]:  # noqa: ANN401 - a generator
    """The labels of ``ITEMS`` items, as a method that takes them is given them; none for any other."""
    labels = asked_for(subject, instance)
    return {"labels": labels[0]} if labels and takes_labels(getattr(instance, method)) else {}


def _questions(subject: Subject) -> Iterator[Question]:
    image, own = subject.spec.image_shape, subject.instance
    if subject.has("Sampler"):
        z, labels = subject.latents(own), asked_for(subject, own)
        yield Question(
            name="decode",
            ask=lambda made, rows: made.decode(z[rows].clone(), *(label[rows].clone() for label in labels)),
            shape=image,
            kind="image",
        )
    if subject.has("DrawnSamples"):
        yield Question(
            name="drawn",
            ask=lambda made, rows: torch.from_numpy(made.drawn(rows.start, rows.stop - rows.start).copy()),
            shape=image,
            kind="drawn",
        )
    if subject.has("LabelledSamples"):
        yield Question(
            name="labels",
            ask=lambda made, rows: torch.from_numpy(made.labels(rows.start, rows.stop - rows.start).copy()).double(),
            shape=(),
            kind="number",
        )
    yield from _about_items(subject)
    yield from _about_styles(subject)


def _about_items(subject: Subject) -> Iterator[Question]:
    """Questions that begin with items of the data."""
    own, items, image = subject.instance, subject.items(), subject.spec.image_shape
    if subject.has("Reconstructor"):
        yield Question(name="reconstruct", ask=_told(subject, "reconstruct", items), shape=image, kind="image")
    if subject.has("Posterior"):
        for place, part in enumerate(("mean", "log-variance")):
            yield Question(
                name=f"encode ({part})",
                ask=_part(_told(subject, "encode", items), place),
                shape=("d",),
                kind="number",
            )
    if subject.has("Likelihood", "Sampler"):
        yield Question(
            name="log_likelihood",
            ask=_told(subject, "log_likelihood", items, subject.latents(own)),
            shape=(),
            kind="number",
        )
    if subject.has("Translator"):
        domains = tuple(own.domains)
        for source, target in getattr(own, "directions", None) or permutations(domains, 2):
            yield Question(
                name=f"translate ({source} to {target})",
                ask=_translation(items, source, target),
                shape=image,
                kind="image",
            )


def _told(subject: Subject, method: str, *given: Tensor) -> Callable[[Any, slice], Any]:
    """A method asked about some rows of what it is given, and of labels if it takes them."""
    labels = also_told(subject, subject.instance, method)

    def ask(made: Any, rows: slice) -> Any:  # noqa: ANN401 - a generator, and what it gives
        further = {name: values[rows].clone() for name, values in labels.items()}
        return getattr(made, method)(*(each[rows].clone() for each in given), **further)

    return ask


def _part(ask: Callable[[Any, slice], Any], place: int) -> Callable[[Any, slice], Any]:
    return lambda made, rows: ask(made, rows)[place]


def _translation(items: Tensor, source: str, target: str) -> Callable[[Any, slice], Any]:
    return lambda made, rows: made.translate(items[rows].clone(), source, target)


def _about_styles(subject: Subject) -> Iterator[Question]:
    if not subject.has("StyleMapper", "Sampler"):
        return
    z = subject.latents(subject.instance)
    shapes = tuple(map(tuple, subject.instance.noise_shapes))
    yield Question(name="map", ask=lambda made, rows: made.map(z[rows].clone()), shape=("d",), kind="number")
    noise = [
        torch.from_numpy(standard_normal_rows(0, f"noise-{layer}", 0, ITEMS, prod(shape))).reshape(ITEMS, *shape)
        for layer, shape in enumerate(shapes)
    ]
    for name, planes in (("synthesize", None), ("synthesize (with noise)", noise)):
        yield Question(
            name=name, ask=_synthesis(z, len(shapes), subject, planes), shape=subject.spec.image_shape, kind="image"
        )


def _synthesis(z: Tensor, layers: int, subject: Subject, noise: list[Tensor] | None) -> Callable[[Any, slice], Any]:
    def ask(made: Any, rows: slice) -> Any:  # noqa: ANN401 - a generator, and what it gives
        given = None if noise is None else [plane[rows].to(subject.device, torch.float32, copy=True) for plane in noise]
        styles = made.map(z[rows].clone()).to(torch.float32)  # as a run gives them
        return made.synthesize(styles[:, None].repeat(1, layers, 1), given)

    return ask
