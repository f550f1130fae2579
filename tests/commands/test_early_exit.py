"""A plugin that ends the program: no command is taken for a success that was not done."""

from pathlib import Path

import pytest
from commands import genaudit as command

PROGRAM = "from genaudit.cli import main; sys.exit(main())"  # as the script: the process is the program's own
PLUGIN = """
    import ctypes, os, sys, threading
    from genaudit.plugin import GeneratorSpec, hookimpl

    def beside():
        thread = threading.Thread(target=os._exit, args=(0,), name="watchdog")
        thread.start()
        thread.join()

    def forked():
        child = os.fork()
        if not child:
            os._exit(0)
        os.waitpid(child, 0)

    HOW = {"leave": lambda: sys.exit(0), "at-once": lambda: os._exit(0), "beside": beside, "forked": forked,
           "from-c": lambda: ctypes.CDLL(None)._exit(0)}

    def now(when):
        place, _, how = os.environ.get("LEAVES", "").partition(" ")
        if when == place:
            HOW[how]()

    now("import")

    @hookimpl
    def genaudit_generators():
        yield GeneratorSpec(name="leaver", summary="Leaves.", capabilities=("Sampler",), image_shape=(3, 16, 16),
                            target="leaver_model:Leaver", settle="leaver_model:settle", licence="MIT", source="a test")

    @hookimpl
    def genaudit_run_finished(record):
        now("finished")
"""
MODEL = """
    from leaver_plugin import now

    def settle(spec, options):
        now("settle")
        return spec

    class Leaver:
        latent_shape = (3,)

        def __init__(self, options, device):
            now("build")

        def decode(self, z, labels=None):
            now("decode")
            return z.sigmoid()[:, :, None, None].expand(-1, 3, 16, 16)
"""
RUN = ("run", "-p", "leaver", "-n", "20", "--metrics", "mode_count", "--format", "json", "-q")


@pytest.fixture
def leaves(site):
    site.install("leaver-models", {"leaver": "leaver_plugin"}, leaver_plugin=PLUGIN, leaver_model=MODEL)
    return lambda when, *words: command(*words, site=site, cwd=Path.cwd(), code=PROGRAM, LEAVES=when)


@pytest.mark.parametrize(
    ("when", "code", "said"),
    [
        ("import leave", 2, "at stage import: SystemExit: 0"),
        ("import at-once", 2, "at stage import: SystemExit: os._exit(0)"),
        ("settle leave", 2, "SystemExit: 0"),
        ("settle at-once", 2, "SystemExit: os._exit(0)"),
        ("build at-once", 2, "failed at stage build of generator 'leaver': SystemExit: os._exit(0)"),
        ("decode leave", 3, "failed at stage generated: SystemExit: 0"),
        ("decode at-once", 3, "failed at stage generated: SystemExit: os._exit(0)"),
        ("decode beside", 3, "ended this process in thread 'watchdog' (os._exit(0)): exit code 3"),
        ("decode forked", 0, ""),
        ("finished at-once", 0, ""),
    ],
)
def test_a_run_that_a_plugin_ends_is_no_success(leaves, when, code, said):
    done = leaves(when, *RUN)
    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr


def test_plugins_check_is_not_ended_by_the_plugin_that_it_checks(leaves):
    done = leaves("decode at-once", "plugins", "check", "leaver")
    assert done.returncode == 1, done.stderr
    assert "It raised SystemExit: os._exit(0) in 'decode'" in done.stdout


def test_what_a_plugin_ends_below_python_is_refused_by_check_which_imports_no_plugin(leaves):
    whole = leaves("", *RUN)
    assert whole.returncode == 0, whole.stderr
    (run,) = Path("runs").iterdir()
    accepted = ("--baseline", "accepted.json")
    assert leaves("", "check", str(run), *accepted, "--update-baseline", "--reason", "first").returncode == 0

    assert leaves("decode from-c", *RUN, "-o", "ended").returncode == 0  # nothing in this process can help it
    (ended,) = Path("ended").iterdir()
    assert not (ended / "run.json").exists()
    done = leaves("import from-c", "check", str(ended), *accepted)
    assert done.returncode == 3, done.stderr

    assert leaves("build from-c", *RUN, "-o", "sooner").returncode == 0
    (sooner,) = Path("sooner").iterdir()
    done = leaves("import from-c", "check", str(sooner), *accepted)
    assert done.returncode == 2, done.stderr
    assert "the run was ended before it asked anything" in done.stderr
