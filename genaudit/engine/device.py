"""The device of a run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError

if TYPE_CHECKING:
    import torch


def choose_device(name: str) -> torch.device:
    """The device of that name; ``auto`` is the first accelerator, or the processor.

    Raises:
        GenauditError: This machine has no such device.
    """
    import torch

    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    device = torch.device(name)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise GenauditError(f"This machine has no device '{name}'.", "Use --device auto or --device cpu.")
    return device


def let_idle_threads_sleep() -> None:
    """Idle threads of torch and of numpy sleep instead of spinning, unless the user chose otherwise.

    Has an effect only before they are imported. Spinning makes two threads slower than one on a machine that does
    anything else, and costs processor time on one that does not.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "10")  # cycles to spin, as a power of 2; 26 unless given


def use_available_threads() -> int:
    """Let torch use the processors that this process may run on, and say how many; ``OMP_NUM_THREADS`` has its way."""
    let_idle_threads_sleep()
    import torch

    if os.environ.get("OMP_NUM_THREADS"):
        return int(torch.get_num_threads())
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(threads)
    return threads


def device_name(device: torch.device) -> str:
    """The device as people call it."""
    import torch

    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
