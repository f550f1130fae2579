"""Which weights a run uses, judged from the file's header alone; nothing is ever unpickled."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.engine.output import DISK
from genaudit.errors import PASSED_ON, OutputError, PluginError, WeightsError
from genaudit.plugin.loading import load_object, one_line
from genaudit.plugin.stored_types import FLOATS
from genaudit.values.printable import printable
from genaudit.values.regular_file import read_regular
from genaudit.values.run import TrainingCurve

if TYPE_CHECKING:
    from genaudit.engine.building import Components
    from genaudit.engine.plan import Plan
    from genaudit.engine.request import RunInputs
    from genaudit.plugin.catalog import Registered
    from genaudit.plugin.specs import GeneratorSpec

HEADER_LIMIT = 100_000_000
"""Bytes; the limit of the safetensors format itself."""

NARROW = {"F16": "float16", "BF16": "bfloat16"}
"""Safetensors' names of the types whose numbers are widened when they are loaded."""

TYPES = frozenset({"F64", "F32", "F16", "BF16", "C64", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL"})
"""Safetensors' names of the types that torch computes with; a model that holds another kind is refused later."""

CONVERT = (
    "Convert it once, on a machine where you trust it: safetensors.torch.save_file(state_dict, 'weights.safetensors')."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A checked safetensors file."""

    path: Path
    digest: str
    """SHA-256 of the file."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    shipped: bool = False
    """Whether it came with the plugin."""
    stored_as: str = ""
    """Type of numbers of 16 bits, if it holds any: they are widened to what the model computes with."""


def choose_weights(generator: Registered[GeneratorSpec], options: Any, inputs: RunInputs) -> Weights | None:  # noqa: ANN401
    """The weights to load: the user's file, or what the plugin ships for these options; None if none are needed.

    Raises:
        WeightsError: There are none and the model needs some, or the file is not what it should be.
    """
    spec = generator.spec
    trainable = "Trainable" in spec.capabilities
    if (inputs.weights or inputs.retrain) and not trainable:
        raise WeightsError(f"Generator '{spec.name}' takes no weights: it is not Trainable.", "Leave the flag away.")
    if inputs.weights and inputs.retrain:
        raise WeightsError("--weights and --retrain exclude each other.", "Give one of them.")
    if inputs.weights:
        return check_weights(inputs.weights)
    if inputs.retrain or not trainable:
        return None
    shipped = _shipped(generator, options)
    if shipped is None:
        raise WeightsError(
            f"Generator '{spec.name}' comes with no weights for these options.",
            "Train it with --retrain, or give a file with --weights.",
        )
    return check_weights(shipped, shipped=True)


def with_download(options: Mapping[str, Any], extractor: str, inputs: RunInputs) -> Mapping[str, Any]:
    """The options with leave to fetch the published weights of an extractor that needs some, when it is built."""
    if not inputs.allow_download or extractor != "inception" or "inception.weights" in options:
        return options
    return {**options, "inception.download": True}


def check_weights(path: Path, *, shipped: bool = False) -> Weights:
    """The file's digest and metadata, if it is a sound safetensors file.

    Raises:
        WeightsError: It is missing, a pickle, damaged, not safetensors, or of a type that nothing computes with.
    """
    try:
        data = read_regular(path)
    except OSError as error:
        raise WeightsError(f"Cannot read weights {path}: {error.strerror}.", "Give a safetensors file.") from error
    header = _header(path, data)
    metadata = header.pop("__metadata__", {})
    for name, entry in header.items():
        if (kind := str(entry.get("dtype"))) not in TYPES:
            raise WeightsError(
                f"Refused {path}: tensor '{printable(name)}' is of type {printable(kind)}; weights are "
                f"{FLOATS}, and integers or truth values where the model holds such.",
                "Save it again after tensor.float(): a float of fewer than 16 bits has no scale here to read it by.",
            )
    narrow = sorted({NARROW[kind] for kind in (str(entry.get("dtype")) for entry in header.values()) if kind in NARROW})
    return Weights(
        path=path,
        digest=hashlib.sha256(data).hexdigest(),
        metadata=metadata,
        shipped=shipped,
        stored_as=", ".join(narrow),
    )


def weights_warnings(weights: Weights | None, generator: str, options: Any) -> tuple[str, ...]:  # noqa: ANN401
    """How the file's metadata contradict the run, one line each; weights without metadata are taken as they are.

    Raises:
        WeightsError: The file says that it belongs to another generator.
    """
    if weights is None:
        return ()
    owner = weights.metadata.get("name", generator)
    if owner != generator:
        raise WeightsError(
            f"Refused {weights.path}: these are weights of generator '{owner}', and the run is of '{generator}'.",
            f"Give weights of '{generator}', or run with --plugin {owner}.",
        )
    differing = trained_otherwise(weights, options)
    if differing is None:
        return (f"The metadata of {weights.path.name} cannot be read: what it was trained with is not known.",)
    return tuple(
        f"{weights.path.name} was trained with {generator}.{name}={value!r}; this run uses {getattr(options, name)!r}."
        for name, value in differing.items()
    )


def trained_otherwise(weights: Weights, options: Any) -> dict[str, Any] | None:  # noqa: ANN401 - each plugin's own
    """The options that the file was trained with and that differ from those of the run; None if it cannot be read."""
    try:
        trained = dict(json.loads(weights.metadata.get("options", "{}")))
    except (ValueError, TypeError, RecursionError):
        return None
    return {
        name: value
        for name, value in trained.items()
        if value is not None and hasattr(options, name) and getattr(options, name) not in (None, value)
    }


def save_weights(path: Path, plan: Plan, components: Components) -> None:
    """Write the tensors of a trained generator with what they were made from, as ``check_weights`` reads them.

    Raises:
        OutputError: The file cannot be written.
    """
    from safetensors.torch import save

    name, curve = plan.generator.spec.name, components.training
    options = {
        field: value
        for field, value in asdict(plan.options[name]).items()
        if isinstance(value, str | int | float | None)
    }
    metadata = {
        "name": name,
        "version": plan.generator.spec.version,
        "options": json.dumps(options),
        "seed": str(plan.request.seed),
        "data_digest": components.reference_digest,
        "training_curve": json.dumps(asdict(curve)) if curve else "",
    }
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in components.generator.state().items()}
    try:
        path.write_bytes(save(tensors, metadata))
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror}.", DISK) from error


def training_curve(weights: Weights) -> TrainingCurve | None:
    """The loss curve that the file carries, or None if it has none that can be read."""
    try:
        curve = json.loads(weights.metadata.get("training_curve", ""), parse_constant=_refuse)
        return TrainingCurve(
            steps=tuple(map(int, curve["steps"])),
            loss=tuple(map(float, curve["loss"])),
            validation_steps=tuple(map(int, curve["validation_steps"])),
            validation_loss=tuple(map(float, curve["validation_loss"])),
            origin="shipped with the plugin" if weights.shipped else weights.path.name,
        )
    except (ValueError, KeyError, TypeError):
        return None


def _shipped(generator: Registered[GeneratorSpec], options: Any) -> Path | None:  # noqa: ANN401
    if not generator.spec.checkpoint:
        return None
    try:
        found = load_object(generator, generator.spec.checkpoint, "checkpoint")(options)
    except PluginError:
        raise
    except PASSED_ON:
        raise
    except BaseException as error:  # a plugin's own code: name it, show no traceback
        raise PluginError(
            f"Plugin '{generator.plugin}' ({generator.origin}) failed at stage checkpoint: {one_line(error)}."
        ) from error
    return None if found is None else Path(found)


def _header(path: Path, data: bytes) -> dict[str, Any]:
    length = struct.unpack("<Q", data[:8])[0] if len(data) >= 8 else HEADER_LIMIT + 1
    if length > min(HEADER_LIMIT, len(data) - 8) or data[8:9] != b"{":
        if data[:4] == b"PK\x03\x04" or data[:1] == b"\x80":
            said = "it is a pickle (torch.save), and reading it could run any code"
        else:
            said = "it is not a safetensors file, or it is cut short"
        raise WeightsError(f"Refused {path}: {said}.", CONVERT)
    try:
        header = json.loads(data[8 : 8 + length])
        ends = [int(entry["data_offsets"][1] + 0) for name, entry in header.items() if name != "__metadata__"]
        dict(header.get("__metadata__", {}).items())
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise WeightsError(f"Refused {path}: its safetensors header is damaged ({error}).", CONVERT) from error
    if 8 + length + max(ends, default=0) != len(data):
        raise WeightsError(
            f"Refused {path}: it is damaged: its header tells of {8 + length + max(ends, default=0)} bytes, it has "
            f"{len(data)}.",
            "Copy it again from where it came.",
        )
    return dict(header)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no loss")
