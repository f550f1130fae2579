import pytest

from genaudit.engine.output import check_writable, create_run_folder
from genaudit.errors import OutputError


def test_a_folder_that_can_be_made_is_writable_and_not_made_yet(tmp_path):
    check_writable(tmp_path / "a" / "b")
    assert not (tmp_path / "a").exists()


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file is not a folder"):
        check_writable(tmp_path / "file" / "runs")


def test_a_taken_name_gets_a_number(tmp_path):
    first, second = create_run_folder(tmp_path, "run"), create_run_folder(tmp_path, "run")
    assert (first.name, second.name) == ("run", "run-2")
    assert (second / "samples").is_dir()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="Cannot write runs"):
        create_run_folder(tmp_path / "out", "run")
