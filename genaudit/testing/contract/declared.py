"""What a generator says of itself before it is asked anything."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from importlib import metadata
from typing import TYPE_CHECKING

from genaudit.engine.options import plain_options
from genaudit.errors import BadOption
from genaudit.plugin import GROUP
from genaudit.plugin.capabilities import CAPABILITIES, DATA_SPACES, is_shape
from genaudit.plugin.options import fill_options, option_fields
from genaudit.testing.contract.verdicts import Nonconformity

if TYPE_CHECKING:
    from genaudit.testing.contract.subject import Subject

HEAVY = (
    "torch", "torchvision", "torchaudio", "tensorflow", "jax", "numpy", "scipy", "pandas", "sklearn", "PIL",
    "matplotlib", "transformers", "diffusers", "requests",
)  # fmt: skip
"""What no list of plugins should wait for."""
LONG = 3.0
"""Seconds that importing a module may take, the better of two trials: a busy machine is no defect of the plugin."""


def light_import(subject: Subject) -> None:
    """In a fresh interpreter, neither module imports anything heavy."""
    modules = {"the module of the entry point": _module_of(subject)}
    modules["the module of its options"] = subject.spec.options.partition(":")[0]
    for what, module in modules.items():
        seconds, heavy = _imported_by(module)
        if heavy:
            raise Nonconformity(
                f"Importing {module}, {what}, imports {', '.join(heavy)}, and every command would wait for it. Import "
                "it in the module of the target, or inside the function that needs it."
            )
        if seconds > LONG and (seconds := min(seconds, _imported_by(module)[0])) > LONG:
            raise Nonconformity(
                f"Importing {module}, {what}, takes {seconds:.1f} s; allowed: up to {LONG:g}. Every command would wait "
                "for it. Do what takes long where the model is built."
            )


def licence_and_source(subject: Subject) -> None:
    """Both are there."""
    lacking = [field for field in ("licence", "source", "summary") if not getattr(subject.spec, field).strip()]
    if lacking:
        raise Nonconformity(
            f"The spec has no {' and no '.join(lacking)}. Fill it in: a report names the licence of a model and where "
            "it comes from."
        )


def options_round_trip(subject: Subject) -> None:
    """Options as the record shows them, given again as texts, are the same options."""
    shown = plain_options(subject.options)
    known = {field.name for field in option_fields(subject.registered)}
    texts = {key: "none" if value is None else str(value) for key, value in shown.items() if key in known}
    try:
        again = fill_options(subject.registered, texts)
    except BadOption as error:
        raise Nonconformity(
            f"Its options cannot be given again as the record shows them: {error.message} Use types that a text can "
            "be read as: numbers, texts, true or false, tuples of them, Literal."
        ) from error
    differ = [key for key in texts if getattr(again, key) != getattr(subject.options, key)]
    if differ:
        field = differ[0]
        raise Nonconformity(
            f"Option '{field}' is {getattr(subject.options, field)!r}, and {getattr(again, field)!r} when it is given "
            f"as '{texts[field]}'. A report's command would repeat another run."
        )
    if not dataclasses.fields(type(subject.options)) and subject.settings:
        raise Nonconformity("It takes settings without options.")


def build(subject: Subject) -> None:
    """Building raises nothing, and neither does loading the weights."""
    subject.built()


def capabilities(subject: Subject) -> None:
    """Every member of a declared capability is there, and no other capability is wholly there."""
    made, spec = subject.instance, subject.spec
    for name in spec.capabilities:
        lacking = [member for member in _members(name) if not hasattr(made, member)]
        if lacking:
            raise Nonconformity(
                f"It declares {name} and has no '{lacking[0]}'. Write it, or take {name} out of the capabilities."
            )
        if name in {"ClassConditional", "LabelledSamples"} and len(tuple(made.classes)) < 2:
            raise Nonconformity(f"It declares {name} and names fewer than two classes. Name them in 'classes'.")
    if "Sampler" in spec.capabilities and not is_shape(made.latent_shape):
        raise Nonconformity(
            f"'latent_shape' is {made.latent_shape!r}. Give a tuple of whole numbers from 1, such as (3,)."
        )
    if "Likelihood" in spec.capabilities and made.data_space not in DATA_SPACES:
        raise Nonconformity(
            f"'data_space' is {made.data_space!r}; allowed: {', '.join(DATA_SPACES)}. Say what its density is of."
        )
    drawn = {"ClassConditional"} if "DrawnSamples" in spec.capabilities else set()  # its classes are LabelledSamples'
    for name in CAPABILITIES:
        if name not in {*spec.capabilities, *drawn} and _has_all(made, name):
            raise Nonconformity(
                f"It has everything of {name} and does not declare it, so nothing will ask for it. Add '{name}' to the "
                "spec's capabilities, or rename what is not meant so."
            )


def _has_all(made: object, capability: str) -> bool:
    """Whether every member is there and says something; empty classes are none."""
    return all(hasattr(made, member) and getattr(made, member) != () for member in _members(capability))


def _members(capability: str) -> list[str]:
    protocol = CAPABILITIES[capability]
    return sorted(name for name in {*vars(protocol), *protocol.__annotations__} if not name.startswith("_"))


def _module_of(subject: Subject) -> str:
    """The module that the loader imports for this plugin."""
    registered = subject.registered
    for point in metadata.entry_points(group=GROUP, name=registered.plugin):
        if point.dist is None or point.dist.name == registered.distribution:
            return point.module
    return registered.plugin  # a module that was named


def _imported_by(module: str) -> tuple[float, list[str]]:
    """How long a fresh interpreter imports a module, in seconds, and which heavy ones it has loaded then."""
    program = (
        f"import sys, time; began = time.perf_counter(); import {module}; took = time.perf_counter() - began; print(); "
        f"print(took, *[name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 - this interpreter, and a module that is loaded already
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise Nonconformity(f"A fresh interpreter cannot import {module}: {last}.")
    seconds, *heavy = done.stdout.rsplit("\n", 2)[1].split()  # the last line: above it stands what the module said
    return float(seconds), heavy
