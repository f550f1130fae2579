"""What comes with the package stays small, and is stored as decision 18 says."""

from pathlib import Path

import pytest
from safetensors import safe_open

ROOT = Path(__file__).parents[2]
EXTRACTOR = ROOT / "genaudit" / "extractors" / "digits.safetensors"
GENERATORS = sorted((ROOT / "plugins").rglob("*.safetensors"))
LIMIT = 4_000_000
"""Bytes of all shipped weights."""


def kinds_of(path):
    with safe_open(str(path), "np") as file:
        return {file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118 - no mapping


def test_all_shipped_weights_together_are_small():
    assert len(GENERATORS) >= 20
    assert sum(path.stat().st_size for path in (EXTRACTOR, *GENERATORS)) < LIMIT


@pytest.mark.parametrize("path", GENERATORS, ids=lambda path: path.name)
def test_weights_of_generators_are_float16_and_their_header_says_so(path):
    with safe_open(str(path), "np") as file:
        facts = file.metadata()
    assert facts["stored_as"] == "float16"
    assert kinds_of(path) <= {"F16", "I64"}  # counts of batches are whole numbers


def test_the_extractor_is_not_rounded():
    assert "F16" not in kinds_of(EXTRACTOR)
