import distributions
import pytest


@pytest.fixture
def site(tmp_path):
    with distributions.site(tmp_path) as place:
        yield place
