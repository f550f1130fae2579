"""What a machine has is compared with what is required."""

from importlib.metadata import version

import pytest

from genaudit.engine.checkup import State, imports, libraries, requires_of, room

NUMPY = version("numpy")


@pytest.mark.parametrize(
    ("required", "found", "state"),
    [
        ("numpy", NUMPY, State.FINE),
        ("numpy<1", f"{NUMPY}, where <1 is needed", State.BROKEN),
        ("no-such-library>=2", "not installed", State.BROKEN),
    ],
)
def test_a_library_is_there_in_a_version_that_is_allowed(required, found, state):
    (one,) = libraries([required])
    assert (one.found, one.state) == (found, state)
    assert one.hint == ("" if state is State.FINE else f"pip install '{required}'")


def test_a_library_of_an_extra_may_be_absent():
    there, absent = libraries(
        ['numpy; extra == "one"', 'numpy; extra == "two"', 'no-such-library; extra == "two"']
    )  # fmt: skip
    assert (there.part, there.name, there.found, there.state) == ("extra", "one", f"numpy {NUMPY}", State.FINE)
    assert (absent.name, absent.found, absent.state) == ("two", "without no-such-library", State.ABSENT)
    assert absent.hint == "pip install 'genaudit[two]'"


def test_a_library_for_other_systems_is_not_looked_for():
    assert list(libraries(["no-such-library; sys_platform == 'nowhere'"])) == []


def test_the_project_requires_torch():
    assert any(text.startswith("torch>=") for text in requires_of("genaudit"))
    assert requires_of("no-such-distribution") == ()


def test_whatever_an_import_raises_is_a_finding(tmp_path, monkeypatch):
    (tmp_path / "unlinked.py").write_text("raise OSError('undefined symbol: at')")
    monkeypatch.syspath_prepend(tmp_path)
    (one,) = imports(["unlinked", "json"])
    assert (one.name, one.found, one.state) == ("unlinked", "OSError: undefined symbol: at", State.BROKEN)


def test_room_is_that_of_the_nearest_folder_that_is_there(tmp_path):
    (place,) = [one for one in room(tmp_path / "not" / "yet") if one.name != "memory"]
    assert place.found.endswith("GiB free")
    assert place.state is State.FINE
