"""What a generator does while it answers: nothing that could be seen elsewhere, and always the same."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING, Any, NoReturn
from unittest import mock

import torch

from genaudit.errors import PASSED_ON, NotApplicable
from genaudit.probes.randomness import moved_since, nowhere_familiar, random_states
from genaudit.testing.contract.questions import asked_for
from genaudit.testing.contract.subject import ITEMS
from genaudit.testing.contract.verdicts import Nonconformity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.testing.contract.subject import Subject

EVERYTHING = slice(0, ITEMS)
UNUSUAL = 1_618_033_988
"""A seed that nobody else takes."""
SAME = 1e-5
"""How far images (of the range [0, 1]) and other answers (relatively) may move with the batch: float32 adds in another
order there, and the 8-bit levels that metrics read are 400 times coarser."""


def repeatable(subject: Subject) -> None:
    """The same question again, and to a second instance, has the same answer bit for bit."""
    second = subject.built()
    for question in subject.questions:
        with torch.no_grad():
            answer = question.ask(subject.instance, EVERYTHING)
            if not _equal(answer, question.ask(subject.instance, EVERYTHING)):
                raise Nonconformity(
                    f"'{question.name}' answered the same question in two ways. Draw nothing while evaluating, switch "
                    "dropout off with .eval(), and keep no state between calls: all randomness is in the latents."
                )
            if not _equal(answer, question.ask(second, EVERYTHING)):
                raise Nonconformity(
                    f"'{question.name}' of a second instance answered otherwise. Initialise weights from a "
                    "torch.Generator with a fixed seed, or load them from a file."
                )


def _equal(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Bit for bit; NaN is told of by another check, and is here like any answer."""
    return one.shape == other.shape and torch.allclose(one, other, rtol=0, atol=0, equal_nan=True)


def batch_size(subject: Subject) -> None:
    """Items one by one, in parts and together are the same."""
    for question in subject.questions:
        with torch.no_grad():
            whole = question.ask(subject.instance, EVERYTHING).double()
            for size in (1, 4):
                parts = [slice(start, min(start + size, ITEMS)) for start in range(0, ITEMS, size)]
                again = torch.cat([question.ask(subject.instance, rows).double() for rows in parts])
                moved = float(((again - whole).abs() / whole.abs().clamp(min=1)).max())
                if moved > SAME:
                    raise Nonconformity(
                        f"'{question.name}' moved by {moved:.2g} when {size} items were asked at a time instead of "
                        f"{ITEMS}. Evaluate with .eval(): batch normalisation must not look at the other items."
                    )


def heeds_latents(subject: Subject) -> None:
    """Latents, labels and truncation make the difference that they should."""
    if not subject.has("Sampler"):
        raise NotApplicable("needs-capability", "It is no Sampler.")
    made = subject.instance
    z, labels = subject.latents(made), asked_for(subject, made)
    with torch.no_grad():
        images = made.decode(z.clone(), *(label.clone() for label in labels))
        if bool((images == images[:1]).all()):
            raise Nonconformity("'decode' gave the same image for different latents. Use z.")
        if labels and torch.equal(images, made.decode(z, (labels[0] + 1) % len(made.classes))):
            raise Nonconformity("'decode' gave the same images for other labels. Use labels, or declare no classes.")
        if subject.has("StyleMapper"):
            _truncates(made, z)


def _truncates(made: Any, z: torch.Tensor) -> None:  # noqa: ANN401 - the plugin's own
    """Styles lie on the way from the mean style, at truncation 0, to that of the latent, at 1."""
    mean, half, whole = (made.map(z.clone(), share).double() for share in (0.0, 0.5, 1.0))
    size = SAME * whole.abs().clamp(min=1)
    if not torch.equal(whole, made.map(z.clone()).double()):
        raise Nonconformity("'map' without a truncation gave other styles than with 1. Let 1 be the default.")
    if bool(((mean - mean[:1]).abs() > size).any()) or bool(((half - (mean + whole) / 2).abs() > size).any()):
        raise Nonconformity(
            "'map' with truncation 0 gave other styles for other latents, or with 0.5 styles that are not halfway "
            "between these and those with 1. Return mean + truncation * (style - mean)."
        )


def global_randomness(subject: Subject) -> None:
    """Building and answering leave the generators of torch, numpy and random as they were."""
    questions = subject.questions
    with nowhere_familiar(UNUSUAL):
        before = random_states()
        made = subject.built()
        _same_states(before, "Building it")
        for question in questions:
            with torch.no_grad():
                question.ask(made, EVERYTHING)
            _same_states(before, f"'{question.name}'")


def no_gradients(subject: Subject) -> None:
    """With gradients on, an answer to inputs without them has none; and weights have collected none."""
    made = subject.built()
    for question in subject.questions:
        with torch.enable_grad():
            answer = question.ask(made, EVERYTHING)
        if answer.requires_grad:
            raise Nonconformity(
                f"'{question.name}' returned a tensor that requires gradients although its input does not: every batch "
                "would keep its whole graph. Call .requires_grad_(False) on the network that evaluates."
            )


def no_network(subject: Subject) -> None:
    """Nothing connects to anywhere while it is built and asked."""
    with _no_connections() as attempts:
        try:
            made = subject.built()
            for question in subject.questions:
                with torch.no_grad():
                    question.ask(made, EVERYTHING)
        except PASSED_ON:
            raise
        except BaseException:  # it may take the refusal badly
            if not attempts:
                raise
    if attempts:
        raise Nonconformity(
            f"It tried to connect to {attempts[0]}. Bring the weights with the package or take a file as an option: "
            "nothing is fetched while a run lasts."
        )


CALLS = ("connect", "connect_ex", "sendto")
LOOK_UPS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr")
"""A name that is looked up has left the machine."""


@contextlib.contextmanager
def _no_connections() -> Iterator[list[str]]:
    """A time in which every attempt to connect, or to look a name up, is noted and refused."""
    attempts: list[str] = []

    def refused(*arguments: Any, **_: Any) -> NoReturn:  # noqa: ANN401 - of several functions
        told = [str(argument) for argument in arguments if not isinstance(argument, socket.socket | bytes)]
        attempts.append(" ".join(told[:2]))
        raise OSError("the network is not to be used here")

    with contextlib.ExitStack() as stack:
        for place, names in ((socket.socket, CALLS), (socket, LOOK_UPS)):
            for name in names:
                stack.enter_context(mock.patch.object(place, name, refused))
        yield attempts


def _same_states(before: dict[str, Any], who: str) -> None:
    for name in moved_since(before):
        raise Nonconformity(
            f"{who} changed the global random state of {name}. Make a generator of your own from a seed: "
            "torch.Generator().manual_seed(…), or genaudit.stats.seeds.generator(seed, name)."
        )
