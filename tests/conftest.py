import pytest

from genaudit.plugin.manager import load_plugins


@pytest.fixture(scope="session")
def installed():
    """The catalog of what is installed."""
    return load_plugins()


@pytest.fixture(scope="session")
def catalog(installed):
    """The installed catalog with the tiny world of ``tests/support/tiny.py``."""
    from tiny import tiny_catalog

    return tiny_catalog(installed)
