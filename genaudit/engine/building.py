"""The live components of a plan: generator with its weights, data set, extractor, annotators."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from genaudit.engine.annotators import in_order_of_data
from genaudit.engine.options import extractor_options
from genaudit.engine.training import train
from genaudit.engine.weights import trained_otherwise, training_curve
from genaudit.errors import PASSED_ON, GenauditError, PluginError, WeightsError
from genaudit.plugin.capabilities import CAPABILITIES, DATA_SPACES, is_shape
from genaudit.plugin.components import Annotator, Dataset, Extractor
from genaudit.plugin.loading import load_target, one_line
from genaudit.plugin.specs import AnnotatorSpec
from genaudit.plugin.stored_types import mistyped
from genaudit.probes import EVALUATION
from genaudit.values.printable import printable
from genaudit.values.run import Stage, TrainingCurve

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from genaudit.engine.plan import Plan
    from genaudit.engine.progress import RunObserver
    from genaudit.engine.weights import Weights
    from genaudit.plugin.catalog import Registered
    from genaudit.probes.randomness import GlobalRandomness

FITTING = "Give weights of this model and these options, or train with --retrain."


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """What a run works with."""

    generator: Any
    dataset: Dataset
    extractor: Extractor
    annotators: dict[str, tuple[AnnotatorSpec, Annotator]]
    weights_digest: str
    """SHA-256 of the generator's weights, of its file, or of the items of a set; empty if it has none."""
    reference_digest: str
    parameters: int
    """Numbers in the generator's weights; 0 if not known."""
    training: TrainingCurve | None
    stages: tuple[Stage, ...] = ()
    """What parts of the preparation cost that have a stage of their own."""


def build_components(
    plan: Plan, device: torch.device, observer: RunObserver, randomness: GlobalRandomness
) -> Components:
    """Everything that the plan names, built; ``randomness`` watches each of them.

    Raises:
        GenauditError: A component cannot be built; the message names it, its plugin and the stage.
    """
    build = partial(_built, randomness)
    dataset = build(plan.dataset, plan.options[plan.dataset.spec.name])
    extractor = build(plan.extractor, extractor_options(plan.options, plan.extractor), device)
    annotators = {
        attribute: in_order_of_data(found.spec, build(found, plan.options[found.spec.name]), plan.dataset.spec)
        for attribute, found in plan.annotators.items()
        if not found.spec.given
    }
    generator = build(plan.generator, plan.options[plan.generator.spec.name], device)
    _check_capabilities(plan, generator)
    _check_digest(plan, extractor)
    generator = _looked_at(plan, generator)
    with randomness.watched(origin_of(plan.generator)):
        curve, digest, stages = _weights(plan, generator, dataset, observer)
    return Components(
        generator=generator,
        dataset=dataset,
        extractor=extractor,
        annotators=annotators,
        weights_digest=digest,
        reference_digest=_reference_digest(plan, dataset),
        parameters=_parameters(generator),
        training=replace(curve, unit=plan.generator.spec.loss_unit) if curve else None,
        stages=stages,
    )


def _built(randomness: GlobalRandomness, component: Registered[Any], *arguments: Any) -> Any:  # noqa: ANN401 - a target's own types
    target = load_target(component)  # what it imports may move random numbers, and that is not its doing

    def build() -> Any:  # noqa: ANN401
        try:
            return target(*arguments)
        except GenauditError:
            raise
        except PASSED_ON:
            raise
        except BaseException as error:  # a component's own code: name it, show no traceback
            raise _stage_error(component, "build", error) from error

    return randomness.watched_build(origin_of(component), build)


def origin_of(component: Registered[Any]) -> str:
    """Plugin and distribution of a component, as messages and warnings name them."""
    return f"Plugin '{component.plugin}' ({component.origin})"


def _check_capabilities(plan: Plan, generator: Any) -> None:  # noqa: ANN401
    spec = plan.generator.spec
    for name in spec.capabilities:
        members = [member for member in CAPABILITIES[name].__annotations__ if not member.startswith("_")]
        members += [member for member in vars(CAPABILITIES[name]) if not member.startswith("_")]
        lacking = [
            member for member in members if not hasattr(type(generator), member) and not hasattr(generator, member)
        ]
        if lacking:
            raise PluginError(
                f"Plugin '{plan.generator.plugin}' ({plan.generator.origin}) failed at stage build: generator "
                f"'{spec.name}' declares {name} but has no '{lacking[0]}'.",
                "See genaudit.plugin.capabilities for what each capability means.",
            )
    if "Sampler" in spec.capabilities and not is_shape(generator.latent_shape):
        raise PluginError(
            f"{origin_of(plan.generator)} broke its contract: the 'latent_shape' of generator '{spec.name}' is "
            f"{generator.latent_shape!r}; allowed: a tuple of whole numbers from 1, such as (3,).",
            f"Mend or update {plan.generator.distribution}.",
        )
    if "Likelihood" in spec.capabilities and generator.data_space not in DATA_SPACES:
        raise PluginError(
            f"{origin_of(plan.generator)} broke its contract: the 'data_space' of generator '{spec.name}' is "
            f"{generator.data_space!r}; allowed: {', '.join(DATA_SPACES)}.",
            "See genaudit.plugin.capabilities.Likelihood for what each of them means.",
        )


def _looked_at(plan: Plan, generator: Any) -> Any:  # noqa: ANN401 - a plugin's own type
    """A set that was drawn before, as far as the run looks at it; any other generator as it is."""
    from genaudit.probes.subset import subset_of

    spec = plan.generator.spec
    if "DrawnSamples" not in spec.capabilities:
        return generator
    labelled = "LabelledSamples" in spec.capabilities
    asked = plan.request
    return subset_of(generator, items=spec.items, count=asked.samples, seed=asked.seed, labelled=labelled)


def _weights(
    plan: Plan,
    generator: Any,  # noqa: ANN401
    dataset: Dataset,
    observer: RunObserver,
) -> tuple[TrainingCurve | None, str, tuple[Stage, ...]]:
    if plan.inputs.retrain:
        try:
            curve, stage = train(generator, dataset, plan.request.seed, observer)
        except GenauditError:
            raise
        except PASSED_ON:
            raise
        except BaseException as error:  # the plugin's own training code
            raise _stage_error(plan.generator, "fit", error) from error
        return curve, _state_digest(plan, generator), (stage,)
    if plan.weights is None:
        return None, str(getattr(generator, "digest", "")), ()
    load_weights(plan, generator, plan.weights)
    return training_curve(plan.weights), plan.weights.digest, ()


def _state_digest(plan: Plan, generator: Any) -> str:  # noqa: ANN401
    try:
        return state_digest(generator)
    except PASSED_ON:
        raise
    except BaseException as error:  # the plugin's own code gives the tensors
        raise _stage_error(plan.generator, "state", error) from error


def _reference_digest(plan: Plan, dataset: Dataset) -> str:
    try:
        return dataset.split(EVALUATION).digest
    except GenauditError:
        raise
    except PASSED_ON:
        raise
    except BaseException as error:  # a stranger's data set
        raise _stage_error(plan.dataset, "split", error) from error


def _check_digest(plan: Plan, extractor: Extractor) -> None:
    if not isinstance(getattr(extractor, "weights_digest", None), str):
        raise PluginError(
            f"Plugin '{plan.extractor.plugin}' ({plan.extractor.origin}) failed at stage build: extractor "
            f"'{plan.extractor.spec.name}' has no text 'weights_digest'.",
            "See genaudit.plugin.components for what an extractor is.",
        )


def load_weights(plan: Plan, generator: Any, weights: Weights) -> None:  # noqa: ANN401
    """Give a generator the tensors of a checked file.

    Raises:
        WeightsError: They do not fit the model, are of another type, or are not finite.
    """
    import safetensors
    import torch

    try:
        state = stored_state(weights.path, generator)
    except (OSError, ValueError, safetensors.SafetensorError) as error:
        raise WeightsError(f"Refused {weights.path}: {one_line(error)}.", FITTING) from error
    broken = [name for name, tensor in state.items() if not bool(torch.isfinite(tensor).all())]
    if broken:
        raise WeightsError(f"Refused {weights.path}: tensor '{broken[0]}' holds NaN or infinity.", FITTING)
    try:
        generator.load_state(state)
    except PASSED_ON:
        raise
    except BaseException as error:  # the plugin's own code judges whether they fit
        raise WeightsError(
            f"Weights {weights.path} do not fit generator '{plan.generator.spec.name}': {one_line(error)}.",
            _as_trained(plan, weights),
        ) from error


def _as_trained(plan: Plan, weights: Weights) -> str:
    """How to run with the options that the file says it was trained with, if they are others."""
    name = plan.generator.spec.name
    differing = trained_otherwise(weights, plan.options[name])
    if not differing:
        return FITTING
    flags = [
        f"--set {shlex.quote(printable(f'{name}.{option}={_written(value)}', 120))}"
        for option, value in differing.items()
    ]
    return f"It was trained with other options: add {' '.join(flags)}."


def _written(value: Any) -> str:  # noqa: ANN401 - from JSON
    return str(value).lower() if isinstance(value, bool) else str(value)


def stored_state(path: Path, generator: Any) -> dict[str, torch.Tensor]:  # noqa: ANN401
    """The tensors of a safetensors file, those of 16 bits widened to what the generator holds under their name.

    Widening is exact: what was rounded when the file was written stays rounded, and nothing else is.

    Raises:
        OSError, SafetensorError: The file cannot be read.
        WeightsError: A tensor is of another kind than the generator's of its name; see ``mistyped``.
    """
    import torch
    from safetensors.torch import load_file

    own, stored = generator.state(), load_file(path)
    if wrong := mistyped(stored, own):
        raise WeightsError(f"Refused {path}: {wrong}.", FITTING)
    return {
        name: tensor.to(own[name].dtype) if name in own and tensor.dtype in {torch.float16, torch.bfloat16} else tensor
        for name, tensor in stored.items()
    }


def state_digest(generator: Any) -> str:  # noqa: ANN401
    """SHA-256 of a generator's tensors in the order of their names."""
    import torch

    digest = hashlib.sha256()
    for name, tensor in sorted(generator.state().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _parameters(generator: Any) -> int:  # noqa: ANN401
    return sum(tensor.numel() for tensor in generator.state().values()) if hasattr(generator, "state") else 0


def _stage_error(component: Registered[Any], stage: str, error: BaseException) -> PluginError:
    return PluginError(
        f"Plugin '{component.plugin}' ({component.origin}) failed at stage {stage} of {component.spec.kind} "
        f"'{component.spec.name}': {one_line(error)}.",
        f"Mend or update {component.distribution}.",
    )
