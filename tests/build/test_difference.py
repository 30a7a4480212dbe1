"""--diff: the pages that would appear, change or leave, and nothing written."""

import shutil
from datetime import datetime
from pathlib import Path

from site_model.making import WITHDRAWN
from tiny import NOW, TinySite

from portal import clock
from portal.build.difference import Difference
from portal.build.difference import difference as told


def _state(root: Path) -> dict[str, tuple[int, int]]:
    paths = (path for path in sorted(root.rglob("*")) if ".cache" not in path.parts)
    return {str(p.relative_to(root)): (p.lstat().st_ino, p.lstat().st_mtime_ns) for p in paths}


def difference(tiny: TinySite, published: Path | None, at: datetime = NOW) -> Difference:
    """What a build at a moment would change in a release."""
    portal = tiny.portal()
    prepared = portal.prepare(at)
    return told(prepared, published, portal.fingerprints(prepared))


def test_before_the_first_release_everything_appears(tiny: TinySite) -> None:
    """Without a release every planned page appears, and nothing changes or leaves."""
    tiny.news("n")
    prepared = tiny.portal().prepare(NOW)
    found = difference(tiny, None)
    assert found.appear == tuple(sorted(page.path for page in prepared.pages))
    assert found.change == found.leave == ()


def test_what_was_built_is_no_difference(rich_built: TinySite) -> None:
    """The site just built differs in nothing from its own source."""
    found = difference(rich_built, rich_built.output.resolve())
    assert found.appear == found.change == found.leave == ()


def test_what_appears_changes_and_leaves_is_told_page_by_page(tiny: TinySite) -> None:
    """A new, an edited and a removed record are each told by their page, and the source tree is not touched."""
    tiny.news("edited", "一")
    tiny.news("removed")
    tiny.entry("later", 发布日期=None, 定时发布="2026-07-01 08:00")
    tiny.build()
    tiny.news("edited", "二")
    tiny.news("new")
    (tiny.root / "content/news/removed.md").unlink()
    shutil.rmtree(tiny.root / "__pycache__", ignore_errors=True)
    before = _state(tiny.root)
    found = difference(tiny, tiny.output.resolve(), clock.parse_minute("2026-07-02 00:00"))
    shutil.rmtree(tiny.root / "__pycache__", ignore_errors=True)
    assert _state(tiny.root) == before
    assert {"entries/later/index.html", "news/new/index.html"} <= set(found.appear)
    assert "news/edited/index.html" in found.change
    assert found.leave == ("news/removed/index.html",)


def test_a_withdrawal_is_a_change_of_its_page(tiny: TinySite) -> None:
    """A withdrawn record's page changes into a tombstone; it does not leave."""
    tiny.news("keep")
    tiny.news("n")
    tiny.build()
    tiny.news("n", **WITHDRAWN)
    found = difference(tiny, tiny.output.resolve())
    assert "news/n/index.html" in found.change
    assert found.leave == ()
