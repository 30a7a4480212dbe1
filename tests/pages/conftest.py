"""One site with something of everything, planned once for the tests of page families."""

import pytest
from site_model.making import rich
from tiny import NOW, TinySite

from portal.build.engine import Prepared


@pytest.fixture(scope="package")
def rich_site(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """The source of the rich site. Tests must not change it."""
    return rich(TinySite(tmp_path_factory.mktemp("rich") / "site"))


@pytest.fixture(scope="package")
def planned(rich_site: TinySite) -> Prepared:
    """The rich site, planned at the tests' clock."""
    return rich_site.portal().prepare(NOW)
