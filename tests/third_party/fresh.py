"""Makes a fresh environment of what a plain ``pip install genaudit`` brings, with a stranger's distribution beside it.

Genaudit and the stranger are built to wheels and installed. What they depend on is linked from the environment that
runs this file: PyTorch with its CUDA libraries fills six gigabytes, and once is enough.

    python tests/third_party/fresh.py FOLDER
"""

import shutil
import subprocess
import sys
import venv
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
STRANGER = Path(__file__).parent / "genaudit_stranger"
PARTS = ("genaudit", "plugins", "reports", "pyproject.toml", "README.md", "LICENSE")
TOOLS = ("pip", "pytest", "pytest-timeout")  # what runs the tests there; no package of an extra, no linter


def needed(roots):
    """The distributions that the roots require, themselves included, by canonical name; extras are followed."""
    found, waiting = set(), [Requirement(root) for root in roots]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        wanted = {(name, extra) for extra in ("", *requirement.extras)} - found
        found |= wanted
        for line in (distribution(name).requires or ()) if wanted else ():
            further = Requirement(line)
            if not further.marker or any(further.marker.evaluate({"extra": extra}) for _, extra in wanted):
                waiting.append(further)
    return {name for name, _ in found}


def link(name, site):
    """Links what the distribution has in its own site-packages; a namespace that others share is linked once."""
    installed = distribution(name)
    for top in {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}:
        place = site / top
        if not place.is_symlink():
            place.symlink_to(Path(str(installed.locate_file(top))).resolve())


def copied(source, folder):
    """A copy of what the wheel is built from, so that nothing an earlier build left gets in."""
    parts = PARTS if source == ROOT else [part.name for part in source.iterdir()]
    folder.mkdir(parents=True)
    for part in parts:
        if (source / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
            shutil.copytree(source / part, folder / part, ignore=ignored)
        else:
            shutil.copy2(source / part, folder / part)
    return folder


def main(folder):
    environment = folder / "environment"
    venv.create(environment)
    (site,) = environment.glob("lib/python*/site-packages")
    for name in sorted(needed(["genaudit", *TOOLS]) - {"genaudit"}):
        link(name, site)
    pip = [environment / "bin" / "python", "-m", "pip", "--quiet"]
    for source in (ROOT, STRANGER):
        wheels = folder / "wheels" / source.name
        built_from = copied(source, folder / "sources" / source.name)
        subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", wheels, built_from], check=True)
        subprocess.run([*pip, "install", "--no-deps", "--no-index", *wheels.iterdir()], check=True)
    subprocess.run([*pip, "check"], check=True)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except PackageNotFoundError as error:
        sys.exit(f"{error.name} is required and not installed here; run `tox -e third-party`, which installs it")
