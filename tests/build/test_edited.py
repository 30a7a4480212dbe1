"""The page of a text that was edited, made before the whole site is looked at again."""

from pathlib import Path

import pytest
from tiny import NOW, TinySite

from portal.build.edited import Edited
from portal.build.manifest import Manifest
from portal.build.staging import Staging

NUMBER = "TEST/2026-00077"


def _edited(tiny: TinySite) -> tuple[Edited, Manifest]:
    """The site as a preview has it, and what it consists of."""
    portal = tiny.portal(OUTPUT_PATH=str(tiny.root / "shown"))
    prepared = portal.prepare(NOW)
    held = portal.refresh(prepared, Manifest())
    return Edited(prepared, portal.fingerprints(prepared)), held


def _name(path: Path, tiny: TinySite) -> str:
    return path.relative_to(tiny.root).as_posix()


def test_the_page_is_what_the_whole_build_makes(tiny: TinySite) -> None:
    """Edited once and again, the page has the bytes and the fingerprint that the whole build would give it."""
    tiny.entry("a", "第一稿。\n\n见《关于b的通知》。", 索引号=NUMBER)
    tiny.entry("b")
    edited, held = _edited(tiny)
    for words in ("第二稿。", "第三稿，**改**了。\n\n又一段。"):
        path = tiny.entry("a", f"{words}\n\n见《关于b的通知》。", 索引号=NUMBER)
        entries = edited.write(tiny.root, _name(path, tiny), Staging(tiny.root / "shown", held))
        assert list(entries) == ["entries/a/index.html"]
        shown = (tiny.root / "shown/entries/a/index.html").read_bytes()
        assert words[:3] in shown.decode()
        held = Manifest(held.files | entries, held.folders)
        portal = tiny.portal(OUTPUT_PATH=str(tiny.root / "shown"))
        after = portal.refresh(portal.prepare(NOW), held)
        assert after.files["entries/a/index.html"] == entries["entries/a/index.html"]
        assert (tiny.root / "shown/entries/a/index.html").read_bytes() == shown
        held = after


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"标题": "另一个标题"}, id="title"),
        pytest.param({"内容概述": "另一个概述"}, id="summary"),
        pytest.param({"状态": "草稿"}, id="status"),
        pytest.param({"body": "第一稿，见《关于b的通知》。"}, id="citation"),
        pytest.param({"body": "第一稿，见[乙](/entries/b/)。"}, id="link"),
        pytest.param({"body": ""}, id="no words"),
        pytest.param({"body": "# 错\n"}, id="problem"),
        pytest.param({"主题分类": ["没有"]}, id="metadata problem"),
    ],
)
def test_whatever_may_change_more_waits_for_the_whole_build(tiny: TinySite, change: dict[str, object]) -> None:
    """A field, what the text cites or links to, or a mistake: nothing is made at once."""
    tiny.entry("a", "第一稿。", 索引号=NUMBER)
    tiny.entry("b")
    edited, held = _edited(tiny)
    fields = dict(change)
    path = tiny.entry("a", str(fields.pop("body", "第一稿。")), 索引号=NUMBER, **fields)
    before = (tiny.root / "shown/entries/a/index.html").read_bytes()
    assert edited.write(tiny.root, _name(path, tiny), Staging(tiny.root / "shown", held)) == {}
    assert (tiny.root / "shown/entries/a/index.html").read_bytes() == before


def test_what_is_no_record_of_the_site_waits(tiny: TinySite) -> None:
    """A new file, a vocabulary, a file that has gone."""
    gone = tiny.news("gone")
    edited, held = _edited(tiny)
    new = tiny.news("new")
    gone.unlink()
    for path in (_name(new, tiny), "catalog/organs.yaml", _name(gone, tiny)):
        assert edited.write(tiny.root, path, Staging(tiny.root / "shown", held)) == {}
