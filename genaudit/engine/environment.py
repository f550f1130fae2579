"""Where a run takes place: versions, platform, commit, memory."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

from genaudit.values.run import Environment

LIBRARIES = ("torch", "numpy", "scipy", "torchmetrics", "torch-fidelity", "pandas", "fairlearn", "diffusers", "pluggy")
NUMERIC_LIBRARIES = ("torch", "numpy", "scipy")
"""The versions that go into every number's protocol."""


def library_versions(names: tuple[str, ...] = LIBRARIES) -> dict[str, str]:
    """Installed versions, read from metadata without importing anything."""
    return {name: found for name in names if (found := _version(name))}


def describe_environment(device: str, threads: int) -> Environment:
    """This process and machine."""
    return Environment(
        python=platform.python_version(),
        platform=platform.platform(aliased=True, terse=True),
        device=device,
        threads=threads,
        versions=library_versions(),
        git=_commit(),
    )


def memory_peak_mib() -> float:
    """Largest resident memory of this process so far, in MiB; 0 where the platform does not tell."""
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _commit() -> str:
    """Commit of the working directory, with ``+`` if files differ from it; empty outside a repository."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        return head + ("+" if head and _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return ""


def _git(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - fixed arguments
        ["git", *arguments],  # noqa: S607 - whichever git the user has
        capture_output=True,
        text=True,
        timeout=5,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else ""
