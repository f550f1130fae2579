import pytest
from rich_records import rich_record

from genaudit_reports.html_report import html_report


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory):
    """A run folder with its sheets of images."""
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="session")
def rich(run_folder):
    """A record like that of a real run."""
    return rich_record(run_folder)


@pytest.fixture(scope="session")
def page(rich, run_folder):
    """The page of the rich record."""
    return html_report(rich, run_folder).decode()
