"""One built site with something of everything, shared by the tests of the build that only read it."""

import pytest
from site_model.making import rich
from tiny import TinySite


@pytest.fixture(scope="package")
def rich_built(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """The rich site, published once. Tests must not change it."""
    tiny = rich(TinySite(tmp_path_factory.mktemp("built") / "site"))
    tiny.build()
    return tiny
