"""How many threads a run computes with."""

import os
import subprocess
import sys

ASK = "from genaudit.engine.device import use_available_threads; print(use_available_threads())"


def test_a_number_of_threads_that_the_environment_names_is_kept():
    said = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "1"


def test_without_one_every_processor_of_the_process_is_used():
    left = {key: value for key, value in os.environ.items() if key not in {"OMP_NUM_THREADS", "MKL_NUM_THREADS"}}
    said = subprocess.run([sys.executable, "-c", ASK], env=left, capture_output=True, text=True, check=True)
    expected = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert said.stdout.strip() == str(expected)
