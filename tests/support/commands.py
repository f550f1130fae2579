"""The command line as users start it: a process of its own, in a folder of its own."""

import os
import subprocess
import sys

from distributions import CHECKOUT

QUIET_VARIABLES = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "CI")


def genaudit(*words, site, cwd=None, code="from genaudit.cli import main; sys.exit(main(sys.argv[1:]))", **environment):
    """What ``genaudit words…`` says and how it ends, with the distributions of a test's site installed."""
    return subprocess.run(
        [sys.executable, "-c", f"import sys; {code}", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd or site.folder,
        env=variables(site, **environment),
        timeout=120,
        check=False,
    )


def variables(site, **environment):
    """The environment without what would change what is printed, and with the checkout on the import path."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GENAUDIT_") and k not in QUIET_VARIABLES}
    path = [site.folder, CHECKOUT, CHECKOUT / "plugins", CHECKOUT / "reports"]
    return {**kept, "PYTHONPATH": os.pathsep.join(map(str, path)), "OMP_NUM_THREADS": "1", **environment}
