"""Installed distributions that exist only for a test: a module and a ``*.dist-info`` folder on the import path."""

import contextlib
import importlib
import sys
import tomllib
from pathlib import Path
from textwrap import dedent

from genaudit.version import VERSION

CHECKOUT = Path(__file__).parents[2]


class Site:
    """A folder on ``sys.path`` that distributions are put into."""

    def __init__(self, folder):
        self.folder = folder

    def install(self, distribution, entry_points, version="1.0", **modules):
        """Write modules by name, and metadata that names their entry points (``{"name": "module"}``, or a text)."""
        for name, source in modules.items():
            (self.folder / f"{name}.py").write_text(dedent(source))
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        if isinstance(entry_points, dict):
            lines = [f"{name} = {target}" for name, target in entry_points.items()]
            entry_points = "\n".join(["[genaudit]", *lines, ""])
        (info / "entry_points.txt").write_text(entry_points)
        importlib.invalidate_caches()

    def install_genaudit(self):
        """Genaudit as the checkout declares it, in front of a copy that may be installed."""
        declared = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["entry-points"]["genaudit"]
        self.install("genaudit", declared, version=VERSION)


@contextlib.contextmanager
def site(folder):
    """A place to install into; what is imported from it is forgotten afterwards."""
    sys.path.insert(0, str(folder))
    try:
        yield Site(folder)
    finally:
        sys.path.remove(str(folder))
        for name, module in list(sys.modules.items()):
            if str(folder) in (getattr(module, "__file__", None) or ""):
                del sys.modules[name]
