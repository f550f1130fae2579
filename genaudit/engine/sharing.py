"""Several processes for one run: each lets the extractor read a share, and one makes the record of all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from genaudit.engine.building import build_components
from genaudit.engine.device import choose_device, use_available_threads
from genaudit.engine.probe_context import probe_context
from genaudit.engine.progress import RunObserver
from genaudit.engine.stored_features import feature_store
from genaudit.errors import BadOption
from genaudit.probes import all_needs

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from genaudit.engine.plan import Plan


class Helper(Protocol):
    """Another process that reads a share."""

    def wait(self) -> int:
        """Its exit code, when it has ended."""


def check_shared(plan: Plan) -> None:
    """Nothing, if several processes can do the plan.

    Raises:
        BadOption: There is no place where they could share what they read, or nothing to share.
    """
    if plan.inputs.cache is None:
        raise BadOption(
            "Several processes share what they read through a cache, and none is named.", "Give --cache FOLDER."
        )
    if not plan.extractor.spec.costly:
        raise BadOption(
            f"Extractor '{plan.extractor.spec.name}' is quick, and what it says is not kept: several processes have "
            "nothing to share.",
            "Leave --processes away.",
        )
    if plan.inputs.retrain:
        raise BadOption("Several processes would each train the generator.", "Train first, then give --weights FILE.")


def read_share_of(plan: Plan, number: int, of: int, warn: Callable[[str], None]) -> int:
    """What a helper does: build the plan's components and read share ``number`` of ``of``; no run folder is made.

    Returns:
        The items that were read.

    Raises:
        GenauditError: A component cannot be had, or breaks its contract.
    """
    from genaudit.probes.randomness import GlobalRandomness, left_as_found
    from genaudit.probes.sharing import read_share

    use_available_threads()
    device = device_of_share(choose_device(plan.inputs.device), number)
    randomness = GlobalRandomness()
    with left_as_found():
        components = build_components(plan, device, RunObserver(), randomness)
        store = feature_store(plan, components.extractor.weights_digest, device, lambda _: None, warn)
        context = replace(probe_context(plan, components, device, randomness), store=store)
        return read_share(context, number, of, observed(plan))


def observed(plan: Plan) -> frozenset[str]:
    """Every observation that a metric or an audit of the plan is made from."""
    needs = {need for metric in plan.metrics for need in metric.spec.needs}
    needs |= {need for audit in plan.audits for need in audit.spec.needs}
    return frozenset(probe.observation for need in needs for probe in all_needs(need))


def device_of_share(device: torch.device, number: int) -> torch.device:
    """The accelerator of a process: one after another, unless the user named one."""
    import torch

    if device.type != "cuda" or ":" in str(device):
        return device
    return torch.device("cuda", number % torch.cuda.device_count())
