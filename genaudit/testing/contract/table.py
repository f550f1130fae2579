"""The table of checks; light, because it is read to list them."""

from __future__ import annotations

from dataclasses import dataclass

_HERE = "genaudit.testing.contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One promise of a generator."""

    name: str
    promise: str
    """One sentence."""
    target: str
    """``module:function``, called with a ``Subject``; it raises ``Nonconformity`` or ``NotApplicable``, or returns
    what was not looked at."""


CHECKS = (
    Check(
        name="light-import",
        promise="The module of the entry point and that of the options import no numerics.",
        target=f"{_HERE}.declared:light_import",
    ),
    Check(
        name="licence-and-source",
        promise="The spec names a licence and where the model comes from.",
        target=f"{_HERE}.declared:licence_and_source",
    ),
    Check(
        name="options-round-trip",
        promise="Every option can be given as the text by which the record shows it.",
        target=f"{_HERE}.declared:options_round_trip",
    ),
    Check(
        name="build",
        promise="It can be built, and its weights can be loaded.",
        target=f"{_HERE}.declared:build",
    ),
    Check(
        name="capabilities",
        promise="It has every method of the capabilities that it declares, and declares all that it has.",
        target=f"{_HERE}.declared:capabilities",
    ),
    Check(
        name="shapes",
        promise="Whatever it is asked, the answer has the shape that the capability says.",
        target=f"{_HERE}.answers:shapes",
    ),
    Check(
        name="dtypes",
        promise="Images are float32 (uint8 where they were drawn before), everything else is floating.",
        target=f"{_HERE}.answers:dtypes",
    ),
    Check(
        name="ranges",
        promise="Images lie in [0, 1], and no answer holds NaN or infinity.",
        target=f"{_HERE}.answers:ranges",
    ),
    Check(
        name="repeatable",
        promise="The same question has the same answer, bit for bit, and a second instance gives it too.",
        target=f"{_HERE}.behaviour:repeatable",
    ),
    Check(
        name="batch-size",
        promise="An item does not depend on what it is asked together with.",
        target=f"{_HERE}.behaviour:batch_size",
    ),
    Check(
        name="heeds-latents",
        promise="Latents and labels make a difference, and truncation moves styles to their mean.",
        target=f"{_HERE}.behaviour:heeds_latents",
    ),
    Check(
        name="global-randomness",
        promise="No global random number generator is touched.",
        target=f"{_HERE}.behaviour:global_randomness",
    ),
    Check(
        name="no-gradients",
        promise="No answer drags the gradients of weights along.",
        target=f"{_HERE}.behaviour:no_gradients",
    ),
    Check(
        name="no-network",
        promise="Nothing is fetched; watched are Python's sockets in this process, no native code or other process.",
        target=f"{_HERE}.behaviour:no_network",
    ),
    Check(
        name="weights-round-trip",
        promise="Its weights, given to a second instance, give the same answers; others are refused.",
        target=f"{_HERE}.weights:round_trip",
    ),
    Check(
        name="likelihood-integrates-to-one",
        promise="The likelihood has its normalising constant.",
        target=f"{_HERE}.likelihood:integrates_to_one",
    ),
)
"""Every check, in the order in which an author wants to hear of them."""
