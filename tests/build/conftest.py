"""One built site with something of everything, shared by the tests of the build that only read it."""

import threading

import pytest
from site_model.making import rich
from tiny import TinySite


@pytest.fixture(scope="package")
def rich_built(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """The rich site, published once. Tests must not change it."""
    tiny = rich(TinySite(tmp_path_factory.mktemp("built") / "site"))
    tiny.build()
    return tiny


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> bool:
    """As if no other test had left a thread in this process, for with one there are no workers; and whether none has."""
    others = threading.active_count() - 1
    count = threading.active_count
    monkeypatch.setattr(threading, "active_count", lambda: max(1, count() - others))
    return not others
