"""The search files of a site: over public records alone, each address a promise about its bytes; a failure stops all."""

import gzip
import hashlib
import json
import random
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from search.reading import MAGIC, fragments, page_names, read_head, read_index, shards, unpack, wrong_pages
from site_model.making import LATER, WITHDRAWN
from tiny import TinySite

from portal.build.engine import Prepared
from portal.outputs import search
from portal.search import normal, pagefind
from portal.search import shards as dividing
from portal.search.pagefind import RUNTIME, SearchFailed
from portal.site.model import Dimension

Built = tuple[TinySite, Prepared]


def _manifest(tiny: TinySite) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tiny.output / search.MANIFEST).read_bytes())
    return found


def _file(tiny: TinySite, address: str) -> bytes:
    assert address.startswith("/")
    return (tiny.output / address.lstrip("/")).read_bytes()


def _head(tiny: TinySite) -> tuple[list[dict[str, Any]], list[bytes]]:
    return read_head(_file(tiny, _manifest(tiny)["head"]))


def _fragments(tiny: TinySite) -> list[dict[str, Any]]:
    return [each for tree in shards(tiny.tree()).values() for each in fragments(tree).values()]


def _rows(tiny: TinySite) -> int:
    return sum(len(described["date"]) for described in _head(tiny)[0])


def test_these_files_are_published_and_no_others(rich_built: Built) -> None:
    """Manifest, head twice, shards, Pagefind's files, table of characters: nothing else stands in the folder, nothing of
    Pagefind's own interface, and no folder of its elsewhere."""
    tiny, _ = rich_built
    tree = tiny.tree()
    kinds = {
        "manifest": r"search/index\.json",
        "head": r"search/head\.[0-9a-f]{12}",
        "packed": r"search/head\.[0-9a-f]{12}\.packed",
        "index": r"search/shards/[0-9a-f]{16}/index/[0-9]+\.pf_index",
        "fragment": r"search/shards/[0-9a-f]{16}/fragment/[0-9]+\.pf_fragment",
        "runtime": r"search/pagefind\.1\.5\.[0-9]+/(pagefind\.js|wasm\.unknown\.pagefind)",
        "table": r"search/traditional\.[0-9a-f]{12}\.txt",
        "page": r"search/index\.html",
    }
    found = {
        path: [kind for kind, form in kinds.items() if re.fullmatch(form, path)]
        for path in tree
        if path.startswith(("search/", "pagefind"))
    }
    assert {path: names for path, names in found.items() if len(names) != 1} == {}
    counts = [sum(names == [kind] for names in found.values()) for kind in kinds]
    assert counts[0:3] == [1, 1, 1]
    assert min(counts[3:5]) >= 1
    assert counts[5:] == [len(RUNTIME), 1, 1]


def test_the_manifest_leads_to_everything(rich_built: Built) -> None:
    """The one file that is asked for anew names the head, Pagefind, the table of characters, and lists with feeds."""
    tiny, _ = rich_built
    manifest = _manifest(tiny)
    assert set(manifest) == {"version", "head", "pagefind", "traditional", "lists"}
    for name in RUNTIME:
        assert _file(tiny, manifest["pagefind"] + name)
    assert manifest["pagefind"] == f"/search/pagefind.{manifest['version']}/"
    assert _file(tiny, manifest["traditional"]["address"]) == normal.TRADITIONAL.read_bytes()
    assert _file(tiny, f"{manifest['head']}.packed") == gzip.compress(_file(tiny, manifest["head"]), 9, mtime=0)


def test_an_address_is_a_promise_about_bytes(rich_built: Built) -> None:
    """Head and table bear their own hash: other bytes, another address, so that browsers may keep them for ever."""
    tiny, _ = rich_built
    manifest = _manifest(tiny)
    for address in (manifest["head"], manifest["traditional"]["address"]):
        (named,) = re.findall(r"\.([0-9a-f]{12})", address)
        assert hashlib.sha256(_file(tiny, address)).hexdigest().startswith(named)


def test_the_shards_are_those_of_the_head(rich_built: Built) -> None:
    """Each shard of the head has its folder, and each folder its place in the head; all pages of its table are there."""
    tiny, _ = rich_built
    described, tables = _head(tiny)
    published = shards(tiny.tree())
    assert sorted(published) == sorted(each["id"] for each in described)
    for each, table in zip(described, tables, strict=True):
        tree = published[each["id"]]
        assert sorted(page_names(table)) == sorted(fragments(tree))
        assert {path for path in tree if path.startswith("index/")} == {f"index/{number}.pf_index" for number in set(read_index(tree).terms.values())}  # fmt: skip


def test_every_public_record_is_indexed_and_nothing_else(rich_built: Built) -> None:
    """The rows of the head are the public records, in order of the fragments; tombstones and lists are not in it."""
    tiny, prepared = rich_built
    items = {item.url: item for item in prepared.site.items.values()}
    assert {str(fragment["url"]) for fragment in _fragments(tiny)} == set(items)
    assert _rows(tiny) == len(items)
    described, _ = _head(tiny)
    for each in described:
        found = fragments(shards(tiny.tree())[each["id"]])
        urls = list(dict.fromkeys(found[number]["url"] for number in sorted(found)))
        years = [each["words"]["year"][number] for number in each["year"]]
        assert years == [str(items[url].record.year) for url in urls]
        assert [each["words"]["kind"][number] for number in each["kind"]] == [items[url].record.label for url in urls]


def test_the_text_of_a_record_is_found_and_the_furniture_of_its_page_is_not(rich_built: Built) -> None:
    """What is indexed of a page is its record, with its attachments: not navigation, footer, theme, genre or column."""
    tiny, _ = rich_built
    found = [f for f in _fragments(tiny) if f["url"] == "/entries/guiding/"]
    text = "\n".join(f["content"] for f in found)
    for word in (
        "新办法",
        "试发〔2026〕1号",
        "一、依据《旧办法》（试发〔2025〕1号）制定。",
        "补充附件二。",
        "示意",
        "甲处",
        "数据表",
    ):
        assert word in text.split("\n")
    for word in ("党政机关网站标识", "主办单位", "站点地图", "跳到正文", "科技、教育", "行政规范性文件"):
        assert word not in text
    (table,) = [f for f in found if f["meta"].get("attachment") == "数据表"]
    assert table["content"].split("\n")[:2] == ["项", "值"]
    assert _file(tiny, table["meta"]["file"]).startswith("项".encode())


def test_the_index_says_what_the_fragments_show(rich_built: Built) -> None:
    """For every page the blocks and words in the index are those, in normal form, of the lines that a result shows."""
    tree = rich_built[0].tree()
    assert wrong_pages(tree) == []
    # That this would be noticed: an index of other records.
    _, tables = _head(rich_built[0])
    assert tables
    (path, data), *_ = [(path, data) for path, data in tree.items() if path.endswith(".pf_fragment")]
    other = json.loads(unpack(data))
    other["content"] += "\n别的"
    assert len(wrong_pages({**tree, path: gzip.compress(MAGIC + json.dumps(other).encode())})) == 1


def test_hidden_records_are_not_in_it(tiny: TinySite) -> None:
    """Of a draft, a scheduled and a withdrawn record no word, number or character is in the search files."""
    tiny.news("open")
    tiny.entry("draft", "讠稿", 标题="草稿題目", 状态="草稿", 发文字号="草发〔1999〕7号")
    tiny.entry("later", "讠後", 标题="定時題目", 发文字号="时发〔1998〕8号", **LATER)
    tiny.entry("gone", "讠撤", 标题="撤回題目", 发文字号="撤发〔1997〕9号", **WITHDRAWN)
    tiny.build()
    assert _rows(tiny) == 1
    assert {f["url"] for f in _fragments(tiny)} == {"/news/open/"}
    for tree in shards(tiny.tree()).values():
        index = read_index(tree)
        assert index.numbers == {}
        assert not {"讠", "草", "撤"} & set(index.words)
        assert not {"草稿", "定时", "撤回"} & {pair for page in index.pairs.values() for pair in page.values()}


def test_lists_lead_where_results_can_be_followed(rich_built: Built) -> None:
    """For every kind, theme and organ with a public record: the address of its list, and of its feed; both are there."""
    tiny, prepared = rich_built
    lists = _manifest(tiny)["lists"]
    assert set(lists) == {"kind", "theme", "organ"}
    for dimension, facet in ((Dimension.KIND, "kind"), (Dimension.THEME, "theme"), (Dimension.ORGAN, "organ")):
        groups = [
            group for group in prepared.site.groups if group.dimension is dimension and prepared.site.members(group)
        ]
        assert set(lists[facet]) == {group.name for group in groups}
        for page, feed in lists[facet].values():
            assert (tiny.output / page.strip("/") / "index.html").is_file()
            assert _file(tiny, feed).startswith(b"<?xml")
    borne = {facet: {word for each in _head(tiny)[0] for word in each["words"][facet]} for facet in lists}
    # Standing pages are found, but in no list.
    assert [borne[facet] - set(lists[facet]) for facet in lists] == [{"页面"}, set(), set()]


def test_the_table_is_named_for_whoever_may_need_it(rich_built: Built) -> None:
    """A browser loads the table for a character outside GB2312 or one of those named here: no key of it is missed."""
    also = _manifest(rich_built[0])["traditional"]["also"]
    pairs = normal.TRADITIONAL.read_text(encoding="utf-8").strip()
    rows = [bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    simplified = {character for pair in rows for character in pair.decode("gb2312", "ignore")}
    assert len(simplified) == 6763
    assert set(also) == set(pairs[::2]) & simplified
    assert len(also) < 100


def test_a_site_of_tombstones_alone_is_built(tiny: TinySite) -> None:
    """When every record has been withdrawn the site still builds, and its search holds nothing of them."""
    tiny.entry("gone", **WITHDRAWN)
    tiny.build()
    assert "该信息已撤回" in tiny.html("/entries/gone/")
    assert _head(tiny) == ([], [])
    assert shards(tiny.tree()) == {}
    assert not [name for facet in _manifest(tiny)["lists"].values() for name in facet]


def test_a_site_of_drafts_alone_is_built(tiny: TinySite) -> None:
    """A new office's first draft is no reason for a failed search index: the build succeeds without a record."""
    tiny.entry("draft", 状态="草稿")
    tiny.build()
    assert _head(tiny) == ([], [])
    assert shards(tiny.tree()) == {}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards of one record each."""
    monkeypatch.setattr(dividing, "WEIGHT", 30)


@pytest.mark.usefixtures("small")
def test_one_edit_changes_one_shard(tiny: TinySite) -> None:
    """After an edit of one record every file of the other shards, and of Pagefind, is the same inode; the edited shard
    has another address, and the old one is not published any more."""
    for year in (2021, 2022, 2023, 2024):
        tiny.news(f"n{year}", "一段不长不短的正文。", 发布日期=f"{year}-04-05 10:00")
    tiny.build()
    before = shards(tiny.tree())
    assert len(before) == 4
    places = {path: (tiny.output / path).stat().st_ino for path in tiny.tree() if path.startswith("search/")}
    tiny.news("n2022", "一段改过了的正文。", 发布日期="2022-04-05 10:00")
    tiny.build()
    after = shards(tiny.tree())
    (gone,), (come,) = before.keys() - after.keys(), after.keys() - before.keys()
    assert "改过了的" in fragments(after[come])[0]["content"]
    assert "改过了的" not in fragments(before[gone])[0]["content"]
    same = [path for path in places if path.startswith(("search/shards/", "search/pagefind", "search/traditional")) and gone not in path]  # fmt: skip
    assert len(same) > 8
    assert [path for path in same if (tiny.output / path).stat().st_ino != places[path]] == []
    assert {name: before[name] for name in before if name != gone} == {name: after[name] for name in after if name != come}  # fmt: skip


@pytest.mark.usefixtures("small")
def test_what_is_derived_changes_no_shard(tiny: TinySite) -> None:
    """A document that another one repeals keeps its shard: only the head is new."""
    tiny.entry("old", 成文日期="2020-03-01", 发布日期="2020-03-05 09:00")
    tiny.build()
    (first,), head = shards(tiny.tree()), _manifest(tiny)["head"]
    tiny.entry("new", 废止=["old"])
    tiny.build()
    assert first in shards(tiny.tree())
    assert len(shards(tiny.tree())) == 2
    assert _manifest(tiny)["head"] != head
    assert ["废止"] in [each["words"]["validity"] for each in _head(tiny)[0]]


def test_another_code_makes_another_index(monkeypatch: pytest.MonkeyPatch, rich_built: Built, tmp_path: Path) -> None:
    """What makes the index is in every fingerprint: Pagefind, the Markdown parser, the cleaner, and our own code."""
    site = rich_built[1].site
    before = {shard.fingerprint for shard in search.divide(site)}
    for name in ("pagefind-bin", "markdown", "nh3", "lxml"):
        with monkeypatch.context() as patch:
            real = search.version
            patch.setattr(search, "version", lambda package, name=name, real=real: "0" if package == name else real(package))  # fmt: skip
            search.code_version.cache_clear()
            assert not before & {shard.fingerprint for shard in search.divide(site)}
    for room in search.CODE:
        copies = [Path(shutil.copytree(each, tmp_path / room.name / each.name)) for each in search.CODE]
        with monkeypatch.context() as patch:
            patch.setattr(search, "CODE", copies)
            search.code_version.cache_clear()
            assert {shard.fingerprint for shard in search.divide(site)} == before
            for name in ("__init__.py", "traditional.txt"):
                changed = tmp_path / room.name / room.name / name
                if changed.exists():
                    changed.write_bytes(changed.read_bytes() + b" ")
                    search.code_version.cache_clear()
                    assert not before & {shard.fingerprint for shard in search.divide(site)}
    search.code_version.cache_clear()
    assert {shard.fingerprint for shard in search.divide(site)} == before


EVERYTHING = "".join(f'echo x > "$2/pagefind/{name}"\n' for name in RUNTIME)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("echo 坏了 >&2\nexit 3\n", id="exit code"),
        pytest.param("exit 0\n", id="nothing written"),
        pytest.param(f'mkdir -p "$2/pagefind"\n{EVERYTHING}: > "$2/pagefind/empty.pf_index"\n', id="empty file"),
    ],
)
def test_a_failed_index_publishes_nothing(tiny: TinySite, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Pagefind failing, writing nothing, or leaving an empty file behind exit code 0 stops the build; once it works
    again, the next build is whole."""
    tiny.news("n")
    tiny.build()
    before = tiny.output.resolve()
    false = tiny.write("pagefind", f"#!/bin/sh\n{script}")
    false.chmod(0o755)
    tiny.news("m")
    shutil.rmtree(
        tiny.root / ".cache/search/runtime"
    )  # Pagefind gives the engine that browsers load: it runs only then
    with monkeypatch.context() as patch:
        patch.setattr(pagefind.pagefind_bin, "get_executable", lambda: false)
        with pytest.raises(SearchFailed, match="没有发布"):
            tiny.build()
    assert tiny.output.resolve() == before
    assert not (Path(before) / "news" / "m").exists()
    tiny.build()
    assert _rows(tiny) == 2


def test_what_is_written_into_published_files_stays_there(tiny: TinySite) -> None:
    """Somebody overwrites published files of search in place: the next build publishes what it published before, and so do
    all others, since nothing of it reached the cache."""
    tiny.news("n")
    tiny.build()
    before = tiny.tree()
    for path in tiny.output.joinpath("search").rglob("*"):
        if path.is_file():
            path.write_bytes(bytes(path.stat().st_size))
    tiny.build()
    assert tiny.tree() == before
    shutil.rmtree(tiny.root / "releases")
    tiny.output.unlink()
    tiny.build()
    assert tiny.tree() == before


@pytest.mark.parametrize("edited", [False, True])
def test_a_damaged_cache_is_not_published(tiny: TinySite, tmp_path: Path, edited: bool) -> None:
    """One bit is flipped in every file of the cache: without a manifest of the last release all of it is made good, and
    after an edit what is asked for. tests/search/test_damage.py flips them one by one."""
    chance = random.Random(f"damage {edited}")
    clean = TinySite(tmp_path / "clean")
    for each in (tiny, clean):
        each.news("n")
        each.news("m", "改过的文。" if edited and each is clean else "正文。")
    clean.build()
    tiny.build()
    if edited:
        tiny.news("m", "改过的文。")
    else:
        Path(f"{tiny.output.resolve()}.manifest").unlink()
    for path in sorted((tiny.root / search.CACHE).rglob("*")):
        if path.is_file():
            data = bytearray(path.read_bytes())
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
    tiny.build()
    assert tiny.tree() == clean.tree()


def test_the_memory_of_the_machine_can_be_stated(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """PORTAL_SEARCH_MEMORY is handed to the store; without it the usual bound holds."""
    tiny.news("n")
    given: list[int] = []
    real = search.Store

    def store(folder: Path, memory: int) -> search.Store:
        given.append(memory)
        return real(folder, memory)

    monkeypatch.setattr(search, "Store", store)
    tiny.build(PORTAL_SEARCH_MEMORY=123)
    tiny.build()
    assert given == [123, search.MEMORY]
