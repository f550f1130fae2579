"""What ``genaudit plugins new`` writes is built, installed, and passes its own tests as it is written."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.third_party


def program(*words, folder, site=None):
    places = {"PYTHONPATH": str(site)} if site else {}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GENAUDIT_")}
    done = subprocess.run(
        [sys.executable, "-m", *words], capture_output=True, text=True, timeout=280, check=False, cwd=folder,
        env={**kept, "OMP_NUM_THREADS": "1", **places},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder of a new distribution, and a place into which its wheel was installed."""
    folder = tmp_path_factory.mktemp("new")
    site = folder / "site"
    program("genaudit", "plugins", "new", "my-stripes", "--dir", str(folder), folder=folder)
    try:
        import setuptools  # noqa: F401
    except ImportError:
        isolation = []
    else:
        isolation = ["--no-build-isolation"]
    wheel = ["wheel", "--quiet", "--no-deps", *isolation, "--wheel-dir", str(folder / "wheels")]
    program("pip", *wheel, str(folder / "my-stripes"), folder=folder)
    (built,) = (folder / "wheels").iterdir()
    program("pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site), str(built), folder=folder)
    return folder / "my-stripes", site


def test_a_new_distribution_passes_its_own_tests(installed):
    folder, site = installed
    said = program("pytest", "-q", "-p", "no:cacheprovider", "tests", folder=folder, site=site)
    assert "15 passed, 2 skipped" in said  # fourteen promises and a run; it has neither weights nor likelihood


def test_a_new_distribution_is_listed_checked_and_run(installed, tmp_path):
    _, site = installed
    assert "my-stripes" in program("genaudit", "plugins", "list", folder=tmp_path, site=site)
    assert "0 broken" in program("genaudit", "plugins", "check", "my-stripes", folder=tmp_path, site=site)
    words = ["genaudit", "run", "-p", "my-stripes", "-n", "60", "--metrics", "fid", "--set", "my-stripes.width=0.5"]
    assert "fid" in program(*words, folder=tmp_path, site=site)
