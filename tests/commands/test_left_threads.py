"""A thread that a plugin leaves running: the command says whom it waits for, and ends with its own exit code."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import genaudit as command
from commands import variables

SHORT = (
    "from genaudit.cli import left_threads, main; left_threads.SOON, left_threads.PATIENCE = 0.2, {patience}; "
    "sys.exit(main())"
)
PLUGIN = """
    import os, threading, time
    from concurrent.futures import ThreadPoolExecutor
    from genaudit.plugin import hookimpl

    def listen():
        while True:
            time.sleep(0.05)

    def flush():
        time.sleep(1)

    HOW = {
        "endless": lambda: threading.Thread(target=listen, name="list\\x1bener").start(),
        "brief": lambda: threading.Thread(target=flush).start(),
        "daemon": lambda: threading.Thread(target=listen, daemon=True).start(),
        "pool": lambda: ThreadPoolExecutor(1).submit(str).result(),
        "none": lambda: None,
    }
    POOL = []
    if "THREAD" in os.environ:
        POOL.append(HOW[os.environ["THREAD"]]())

    @hookimpl
    def genaudit_metrics():
        return []
"""


@pytest.fixture
def threads(site):
    site.install("odd-models", {"odd": "odd_plugin"}, odd_plugin=PLUGIN)
    return lambda kind, *words, patience=0.5, **environment: command(
        *words, site=site, cwd=Path.cwd(), code=SHORT.format(patience=patience), THREAD=kind, **environment
    )


@pytest.mark.parametrize(("words", "code"), [(("plugins", "list"), 0), (("run", "-p", "nobody"), 2)])
def test_a_thread_without_end_is_named_and_the_exit_code_stays_that_of_the_command(threads, words, code):
    done = threads("endless", *words)
    assert done.returncode == code
    assert "done; still running: thread 'listener' (odd_plugin.listen)" in done.stderr
    assert "it is ended in 0.5 s" in done.stderr
    assert ("vae" in done.stdout) == (code == 0)


@pytest.mark.parametrize("kind", ["daemon", "pool", "none"])
def test_threads_that_keep_nobody_waiting_are_not_told_of(threads, kind):
    done = threads(kind, "plugins", "list")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_thread_that_ends_is_waited_for(threads):
    done = threads("brief", "plugins", "list", patience=60)
    assert done.returncode == 0
    assert "(odd_plugin.flush)" in done.stderr
    assert "is ended in 60 s" in done.stderr


def test_what_was_printed_is_not_lost_with_a_verdict_that_is_no_success(threads):
    done = threads("endless", "plugins", "check", "tiny")
    assert done.returncode == 1
    assert "licence-and-source: The spec has no licence" in done.stdout


def test_a_process_that_reads_for_another_keeps_it_waiting_for_no_thread(threads):
    done = threads("endless", "plugins", "list", patience=60, GENAUDIT_SHARE="1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "vae" in done.stdout


def test_ctrl_c_ends_the_waiting_without_a_traceback(threads, site):
    with subprocess.Popen(
        [sys.executable, "-c", f"import sys; {SHORT.format(patience=60)}", "plugins", "list"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=variables(site, THREAD="endless"),
    ) as process:  # fmt: skip
        said = process.stderr.readline()
        assert "still running" in said
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert time.monotonic() - began < 20  # and not the 60 s
        assert process.stderr.read() == ""
