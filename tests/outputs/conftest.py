"""One site with something of everything, resolved and built once for the tests of outputs that only read it."""

import pytest
from site_model.making import rich
from tiny import NOW, TinySite

from portal.build.engine import Prepared
from portal.site.model import Site


@pytest.fixture(scope="package")
def rich_built(tmp_path_factory: pytest.TempPathFactory) -> tuple[TinySite, Prepared]:
    """The rich site, published at the tests' clock. Tests must not change it."""
    tiny = rich(TinySite(tmp_path_factory.mktemp("outputs") / "site"))
    return tiny, tiny.build(NOW)


@pytest.fixture(scope="package")
def rich_site(rich_built: tuple[TinySite, Prepared]) -> Site:
    """The rich site as a value."""
    return rich_built[1].site
