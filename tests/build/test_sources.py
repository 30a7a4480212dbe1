"""Sources that were read before: when a file is opened again, and when it is not; what becomes of the cache."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tiny import NOW, TinySite

from portal.build import sources
from portal.build.sources import PATH, SourceChanged, Sources
from portal.problems import ProblemsFound
from portal.records.repository import Repository, read_repository
from portal.records.types import Record


class Counted:
    """Reads a site through a cache, and knows which files were opened, and which parsed."""

    def __init__(self, site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site = site
        self.opened: list[str] = []
        self.parsed: list[str] = []
        read_bytes, read_file = sources.read_bytes, sources.read_file

        def counted_bytes(root: Path, path: str) -> Any:
            self.opened.append(path)
            return read_bytes(root, path)

        def counted_file(path: str, data: bytes) -> Any:
            self.parsed.append(path)
            return read_file(path, data)

        monkeypatch.setattr(sources, "read_bytes", counted_bytes)
        monkeypatch.setattr(sources, "read_file", counted_file)

    def read(self) -> Repository:
        """The site, read through the cache; it must be as if every file were read."""
        self.opened.clear()
        self.parsed.clear()
        found = read_repository(self.site.root, Sources(self.site.root / PATH).read)
        plain = read_repository(self.site.root)
        assert [told(record) for record in found.records] == [told(record) for record in plain.records]
        assert found.problems == plain.problems
        return found


@pytest.fixture
def counted(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> Counted:
    """A site of three records, written some time ago and read once."""
    tiny.entry("one")
    tiny.news("two")
    tiny.news("three", 状态="草稿")
    counted = Counted(tiny, monkeypatch)
    settle(tiny.root)
    counted.read()
    assert len(counted.parsed) == 3
    return counted


def told(record: Record) -> tuple[object, ...]:
    """All that a record says, without asking for the places of its fields, which opens the file."""
    fields = {name: getattr(record, name) for name in type(record).model_fields if name != "origin"}
    return type(record), fields, record.origin.path, record.body.marks


def settle(root: Path) -> None:
    """As if everything had been written some time ago."""
    for path in (*root.glob("content/**/*"), *root.glob("catalog/**/*")):
        os.utime(path, ns=(0, path.stat().st_mtime_ns - 10**10))
    time.sleep(0.02)  # the change time cannot be set: it is not to be of the tick in which they are read


def change(path: Path, old: str, new: str) -> os.stat_result:
    """Write other bytes into the very file; how it was before."""
    before = path.stat()
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return before


# ── what is opened again ────────────────────────────────────────────────────


def test_what_has_not_changed_is_not_opened(counted: Counted) -> None:
    """A second reading opens no file, and finds the same."""
    counted.read()
    assert (counted.opened, counted.parsed) == ([], [])


def test_one_changed_file_is_read_alone(counted: Counted) -> None:
    """Other bytes of the same length: the time tells."""
    change(counted.site.root / "content/news/two.md", "正文。", "原文。")
    assert "原文" in next(r for r in counted.read().records if r.id == "two").body.markdown
    assert counted.parsed == ["content/news/two.md"]


@pytest.mark.parametrize("what", ["time", "inode", "both"])
def test_the_same_bytes_with_other_times_are_hashed_not_parsed(counted: Counted, what: str) -> None:
    """A touched or copied file is opened once more, not parsed; then it is known again."""
    path = counted.site.root / "content/news/two.md"
    before = path.stat()
    if what != "time":
        shutil.copyfile(path, path.with_name("copy"))
        os.replace(path.with_name("copy"), path)
        assert path.stat().st_ino != before.st_ino
    os.utime(path, ns=(0, before.st_mtime_ns if what == "inode" else 10**18))
    counted.read()
    assert (counted.opened, counted.parsed) == (["content/news/two.md"], [])
    counted.read()
    assert counted.opened == []


@pytest.mark.parametrize("kept", ["mtime and inode", "mtime and size", "size and inode", "mtime and size and inode"])
def test_each_of_size_times_and_inode_tells(counted: Counted, kept: str) -> None:
    """Where some are as they were noted, another tells that the file is not the same; where all are that a program can set,
    as after `touch -r`, it is the change time."""
    path = counted.site.root / "content/news/two.md"
    longer = "" if "size" in kept else "更长。"
    if "inode" not in kept:
        path.with_name("new").write_bytes(path.read_bytes())
        before = path.stat()
        os.replace(path.with_name("new"), path)
        change(path, "正文。", f"原文。{longer}")
    else:
        before = change(path, "正文。", f"原文。{longer}")
    if "mtime" in kept:
        os.utime(path, ns=(0, before.st_mtime_ns))
    after = path.stat()
    same = {"size": after.st_size == before.st_size, "mtime": after.st_mtime_ns == before.st_mtime_ns,
            "inode": after.st_ino == before.st_ino}  # fmt: skip
    assert {name for name, is_same in same.items() if is_same} == set(kept.split(" and "))
    assert "原文" in next(r for r in counted.read().records if r.id == "two").body.markdown


def test_two_files_that_change_places_are_read_again(counted: Counted) -> None:
    """Two files of one size and time under each other's names."""
    one, two = (counted.site.root / f"content/news/{name}.md" for name in ("aaa", "bbb"))
    for path, words in ((one, "甲文。"), (two, "乙文。")):
        counted.site.news("same", words)
        os.rename(counted.site.root / "content/news/same.md", path)
        os.utime(path, ns=(0, 10**18))
    counted.read()
    os.rename(one, one.with_name("x"))
    os.rename(two, one)
    os.rename(one.with_name("x"), two)
    found = {record.id: record.body.markdown for record in counted.read().records}
    assert ("乙" in found["aaa"], "甲" in found["bbb"]) == (True, True)


# ── within a tick ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("ahead", [0, 1, 10**12], ids=["this tick", "the next", "a clock that goes wrong"])
def test_a_file_written_in_the_tick_of_the_reading_is_looked_at_again(
    counted: Counted, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    """It could be written once more without a trace: same size, same inode, same time."""
    path = counted.site.root / "content/news/two.md"
    tick = path.stat().st_mtime_ns + 10**9
    monkeypatch.setattr(Sources, "_tick", lambda _: tick)
    change(path, "正文。", "原文。")
    os.utime(path, ns=(0, tick + ahead))
    counted.read()
    before = change(path, "原文。", "改文。")
    os.utime(path, ns=(0, tick + ahead))
    after = path.stat()
    assert (before.st_size, before.st_ino, before.st_mtime_ns) == (after.st_size, after.st_ino, after.st_mtime_ns)
    assert "改文" in next(r for r in counted.read().records if r.id == "two").body.markdown


def test_a_file_written_in_the_tick_before_is_known(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written later bears a later time, so that there is nothing to fear."""
    path = counted.site.root / "content/news/two.md"
    change(path, "正文。", "原文。")
    monkeypatch.setattr(Sources, "_tick", lambda _: path.stat().st_mtime_ns + 1)
    counted.read()
    counted.read()
    assert counted.opened == []


def test_what_is_looked_at_again_is_known_once_its_tick_is_over(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A racy file costs one more hash, not one for ever."""
    path = counted.site.root / "content/news/two.md"
    change(path, "正文。", "原文。")
    with monkeypatch.context() as coarse:
        coarse.setattr(Sources, "_tick", lambda _: path.stat().st_mtime_ns)
        counted.read()
    settle(counted.site.root)  # it is no longer the same time, either
    counted.read()
    assert counted.parsed == []
    counted.read()
    assert counted.opened == []


def test_a_file_that_changes_between_listing_and_reading_is_read_again(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new bytes with the old time: whatever was noted, the next reading finds what is there."""
    path = counted.site.root / "content/news/two.md"
    tick = Sources._tick
    change(path, "正文。", "原文。")
    settle(counted.site.root)

    def between(self: Sources) -> int:
        change(path, "原文。", "改文。")
        return tick(self)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Sources, "_tick", between)
        read_repository(counted.site.root, Sources(counted.site.root / PATH).read)
    assert "改文" in next(r for r in counted.read().records if r.id == "two").body.markdown


# ── a source that changes while a site is made ──────────────────────────────


@pytest.mark.parametrize("how", ["edited", "deleted", "replaced"])
def test_a_text_that_changes_before_it_is_rendered_stops_the_build(
    tiny: TinySite, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """It is a problem in Chinese with the file's name; nothing is published; the next build publishes the new words."""
    tiny.entry("one")
    tiny.news("two")
    tiny.build()
    before, tree = tiny.output.resolve(), tiny.tree()
    tiny.news("two", "新的正文。")
    portal = tiny.portal()
    changed = portal._changed
    path = tiny.root / "content/news/two.md"

    def meanwhile(*arguments: Any) -> Any:
        if how == "edited":
            change(path, "新的正文。", "别的正文。")
        elif how == "deleted":
            path.unlink()
        else:
            path.with_name("x").write_bytes(b"")
            os.replace(path.with_name("x"), path)
        return changed(*arguments)

    monkeypatch.setattr(portal, "_changed", meanwhile)
    with pytest.raises(ProblemsFound) as caught:
        portal.build(NOW)
    (problem,) = caught.value.problems
    assert (problem.place.path, problem.code) == ("content/news/two.md", "file-changed")
    assert "被改动或移走，没有发布" in problem.what
    assert tiny.output.resolve() == before
    assert tiny.tree() == tree
    assert not (tiny.root / "releases/.staging").exists()
    tiny.news("two", "最后的正文。")
    tiny.build()
    assert "最后的正文" in tiny.html("/news/two/")


def test_words_of_another_file_are_never_given(counted: Counted) -> None:
    """A body that is asked for after its file has changed raises, whatever the file is now."""
    body = next(r for r in counted.read().records if r.id == "two").body
    assert "正文" in body.markdown
    change(counted.site.root / "content/news/two.md", "正文。", "原文。")
    with pytest.raises(SourceChanged, match=r"two\.md"):
        body.markdown  # noqa: B018 -- asking is what raises
    (counted.site.root / "content/news/two.md").unlink()
    with pytest.raises(SourceChanged):
        body.markdown  # noqa: B018


# ── the cache ───────────────────────────────────────────────────────────────


def _delete(file: Path) -> None:
    file.unlink()


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:2000])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _garbage(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 40)


def _zeros(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100] + bytes(len(file.read_bytes()) - 100))


def _older(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE version SET version = 'older'")
        database.commit()


def _other_schema(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("DROP TABLE sources")
        database.execute("CREATE TABLE sources (path TEXT)")
        database.execute("INSERT INTO sources VALUES ('content/news/two.md')")
        database.execute("UPDATE version SET version = 'theirs'")
        database.commit()


def _spoilt_data(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        for path, data in database.execute("SELECT path, data FROM sources").fetchall():
            database.execute("UPDATE sources SET data = ? WHERE path = ?", (data.replace(b"two", b"owt"), path))
        database.commit()


def _swapped_rows(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        rows = dict(database.execute("SELECT path, data FROM sources").fetchall())
        two, three = "content/news/two.md", "content/news/three.md"
        database.execute("UPDATE sources SET data = ? WHERE path = ?", (rows[two], three))
        database.execute("UPDATE sources SET data = ? WHERE path = ?", (rows[three], two))
        database.commit()


def _other_hash(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE sources SET sha256 = zeroblob(32)")
        database.commit()


@pytest.mark.parametrize(
    "harm",
    [_delete, _cut, _empty, _garbage, _zeros, _older, _other_schema, _spoilt_data, _swapped_rows, _other_hash],
    ids=lambda harm: harm.__name__.strip("_"),
)
def test_a_damaged_cache_is_passed_over(counted: Counted, harm: Any) -> None:
    """What is read is right, edits too; and in the end there is a cache again."""
    harm(counted.site.root / PATH)
    counted.read()
    change(counted.site.root / "content/news/two.md", "正文。", "原文。")
    found = {record.id: record.body.markdown for record in counted.read().records}
    assert "原文" in found["two"]


@pytest.mark.parametrize(
    "harm", [_delete, _cut, _empty, _garbage, _older, _other_schema], ids=lambda harm: harm.__name__
)
def test_a_damaged_cache_is_replaced(counted: Counted, harm: Any) -> None:
    """After one reading nothing is parsed a second time."""
    harm(counted.site.root / PATH)
    counted.read()
    counted.read()
    assert counted.parsed == []


def test_every_flipped_bit_of_the_cache_is_harmless(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somewhere in each stretch of the file a bit is flipped: reading finds what is there."""
    tiny.entry("one")
    tiny.news("two")
    settle(tiny.root)
    counted = Counted(tiny, monkeypatch)
    counted.read()
    file = tiny.root / PATH
    data = file.read_bytes()
    for at in range(0, len(data), 97):
        file.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :])
        counted.read()


def test_a_cache_that_cannot_be_written_only_costs_time(counted: Counted) -> None:
    """A file where the folder belongs, a folder where the file belongs."""
    file = counted.site.root / PATH
    file.unlink()
    file.mkdir()
    counted.read()
    counted.read()
    assert len(counted.parsed) == 3
    shutil.rmtree(file.parent)
    file.parent.write_bytes(b"")
    counted.read()
    assert len(counted.parsed) == 3


def test_what_somebody_else_is_writing_is_waited_for_or_passed_over(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A locked database: the files are read, and the database stays as it is."""
    connect = sqlite3.connect
    monkeypatch.setattr(
        sources.sqlite3, "connect", lambda file, **options: connect(file, **(options | {"timeout": 0.05}))
    )
    before = (counted.site.root / PATH).read_bytes()
    with closing(connect(counted.site.root / PATH, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        counted.read()
        assert len(counted.parsed) == 3
    assert (counted.site.root / PATH).read_bytes() == before


def test_what_is_gone_leaves_the_cache(counted: Counted) -> None:
    """The cache does not grow with what was once there."""
    (counted.site.root / "content/news/two.md").unlink()
    counted.read()
    with closing(sqlite3.connect(counted.site.root / PATH)) as database:
        paths = {path for (path,) in database.execute("SELECT path FROM sources")}
    assert paths == {"content/news/three.md", "catalog/entries/2026/one.md"}


def test_what_cannot_be_read_is_tried_again(counted: Counted) -> None:
    """A link that leads nowhere is a problem each time, and none once it leads somewhere."""
    path = counted.site.root / "content/news/four.md"
    path.symlink_to(counted.site.root / "elsewhere.md")
    for _ in range(2):
        assert [problem.code for problem in counted.read().problems] == ["unreadable"]
    shutil.copyfile(counted.site.root / "content/news/two.md", counted.site.root / "elsewhere.md")
    assert counted.read().problems == ()
    change(counted.site.root / "elsewhere.md", "正文。", "原文。")
    assert "原文" in next(r for r in counted.read().records if r.id == "four").body.markdown


def _wrong(site: TinySite) -> Iterator[str]:
    site.news("a", 状态="发布")
    site.news("b", 频道="没有")
    site.news("c", 状态="草稿", 频道="没有")
    site.news("d", "<script>甲</script>\n\n[乙](javascript:x)")
    site.news("e", "<script>甲</script>", 状态="草稿")
    site.write("content/news/f.md", "---\n标题: [\n---\n")
    site.write("content/news/g.md", b"---\n\xff\n---\n")
    site.write("content/elsewhere/h.md", "---\n标题: 甲\n---\n")
    site.write("catalog/entries/i.yaml", "- 标题: 一\n- 标题: 二\n- 丙\n")
    yield from "abcdefghi"


def test_problems_are_known_with_their_places(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of files that are wrong everything is told a second time, word for word, without opening them."""
    written = set(_wrong(tiny))
    settle(tiny.root)
    counted = Counted(tiny, monkeypatch)
    first = counted.read().problems
    assert {Path(problem.place.path).stem for problem in first} == written
    assert counted.read().problems == first
    assert counted.parsed == []


def test_a_place_that_is_asked_for_later_is_where_the_field_stands(counted: Counted) -> None:
    """Places come from the file, for records of lists as well."""
    counted.site.file("a.pdf")
    fields = {"标题": "三", "附件": [{"文件": "a.pdf", "标题": "附件"}]}
    counted.site.news("two", **fields)
    counted.site.write(
        "catalog/entries/bulk.yaml",
        "".join(
            f"- 编号: l{n}\n  标题: 清单{n}\n  状态: 已发布\n  发布日期: 2026-03-05 09:30\n  发布机构: 试验厅\n"
            f"  索引号: TEST/2026-1{n}\n  体裁分类: 通知\n  栏目: 行政规范性文件\n  成文日期: 2026-03-01\n"
            "  公开方式: 依申请公开\n  公开依据: 条例\n  主题分类: [科技]\n  内容概述: 概述。\n"
            for n in range(3)
        ),
    )
    settle(counted.site.root)
    counted.read()
    plain = {record.id: record for record in read_repository(counted.site.root).records}
    for record in counted.read().records:
        assert record.origin.path == plain[record.id].origin.path
        assert dict(record.origin.places) == dict(plain[record.id].origin.places)
        assert len(record.origin.places) == len(plain[record.id].origin.places)
        if record.body:
            assert record.origin.body_line == plain[record.id].origin.body_line
    two = next(record for record in counted.read().records if record.id == "two")
    assert two.origin.place("attachments", 0, "file").line > 1
    assert counted.parsed == ["content/news/two.md"]
