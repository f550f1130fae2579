from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genaudit.stats.seeds import generator, standard_normal_rows


def test_a_stream_is_the_same_on_every_platform_and_in_every_version():
    assert generator(0, "latents").integers(10**6, size=3).tolist() == [493632, 374505, 994011]


def test_a_stream_does_not_depend_on_pythons_hash_seed():
    code = "from genaudit.stats.seeds import generator; print(generator(3, 'a', 1).integers(2**40))"
    drawn = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert drawn == {f"{generator(3, 'a', 1).integers(2**40)}\n".encode()}


@pytest.mark.parametrize("other", [(1, "a"), (0, "b"), (0, "a", 0), (0, "a", "0"), (0,)])
def test_streams_of_different_seeds_and_names_differ(other):
    assert not np.array_equal(generator(0, "a").integers(2**60, size=4), generator(*other).integers(2**60, size=4))


def test_a_number_and_its_text_are_different_names():
    assert generator(0, 1).integers(2**60) != generator(0, "1").integers(2**60)


def test_streams_of_different_names_are_uncorrelated():
    a, b = (generator(0, name).standard_normal(10_000) for name in ("a", "b"))
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.04  # four standard errors of 1 / sqrt(10,000)


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match="at least 0, not -1"):
        generator(-1, "a")


@given(cuts=st.lists(st.integers(0, 50), max_size=6), block=st.integers(1, 20), start=st.integers(0, 30))
@settings(max_examples=50, deadline=None)
def test_rows_do_not_depend_on_how_they_are_split_into_batches(cuts, block, start):
    edges = [start, *sorted(start + cut for cut in cuts), start + 50]
    whole = standard_normal_rows(5, "z", start, 50, 3, block=block)
    parts = [standard_normal_rows(5, "z", a, b - a, 3, block=block) for a, b in pairwise(edges)]
    assert np.array_equal(np.concatenate(parts), whole)


def test_rows_are_standard_normal():
    rows = standard_normal_rows(1, "z", 500, 20_000, 2)
    assert np.abs(rows.mean(axis=0)).max() < 4 / 20_000**0.5  # four standard errors
    assert np.abs(np.cov(rows.T) - np.eye(2)).max() < 4 * (2 / 20_000) ** 0.5


def test_more_rows_change_none_of_the_first():
    assert np.array_equal(standard_normal_rows(1, "z", 0, 5, 2), standard_normal_rows(1, "z", 0, 3000, 2)[:5])


@pytest.mark.parametrize("bad", [(-1, 1, 1, 1), (0, -1, 1, 1), (0, 1, 0, 1), (0, 1, 1, 0)])
def test_rows_that_cannot_be_are_refused(bad):
    with pytest.raises(ValueError, match="rows need start"):
        standard_normal_rows(0, "z", *bad)
