"""The search index: over public records alone, with our own table of facets; a failed one stops the build."""

import gzip
import json
from pathlib import Path

import pytest
from site_model.making import WITHDRAWN
from tiny import TinySite

from portal.build.engine import Prepared
from portal.outputs import search

Built = tuple[TinySite, Prepared]


def _table(tiny: TinySite) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads((tiny.output / search.TABLE).read_bytes())
    return found


def _fragments(tiny: TinySite) -> dict[str, dict[str, object]]:
    """The fragments by id, but for the search page's own heading, which is there for Pagefind's sake."""
    found = {}
    for path in (tiny.output / "pagefind" / "fragment").iterdir():
        found[path.stem] = json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))
    return {name: page for name, page in found.items() if page["url"] != "/search/"}


def test_every_public_record_is_indexed_and_nothing_else(rich_built: Built) -> None:
    """The index holds a fragment for each public record's page; tombstones and lists are not in it."""
    tiny, prepared = rich_built
    assert {str(fragment["url"]) for fragment in _fragments(tiny).values()} == {
        item.url for item in prepared.site.items.values()
    }


def test_the_table_has_the_facets_of_every_fragment(rich_built: Built) -> None:
    """For each fragment id the table has the record's address, title, date and facets, as the site has them."""
    tiny, prepared = rich_built
    by_url = {item.url: item for item in prepared.site.items.values()}
    records = _table(tiny)["records"]
    fragments = _fragments(tiny)
    assert set(records) == set(fragments)
    for identifier, row in records.items():
        assert isinstance(row, dict)
        item = by_url[str(fragments[identifier]["url"])]
        assert (row["url"], row["title"], row["kind"]) == (item.url, item.record.title, item.record.label)
        assert row["organ"] == item.publisher.name
        assert row["themes"] == [theme.full for theme in item.themes]
        assert row["genre"] == (item.genre.name if item.genre else "")
        assert row["validity"] == (item.standing.validity.value if item.standing else "")
        assert row["date"] == item.record.first_public.isoformat(timespec="minutes")
        assert row["files"] == len(item.attachments)


def test_the_facets_are_the_values_that_occur(rich_built: Built) -> None:
    """Each facet lists, sorted, exactly the values that some record bears."""
    tiny, _ = rich_built
    table = _table(tiny)
    rows = list(table["records"].values())
    for name, values in table["facets"].items():
        borne = {v for row in rows for v in (row["themes"] if name == "theme" else [row[name]])} - {""}  # type: ignore[index]
        assert values == sorted(borne), name


def test_the_text_of_a_page_is_found_and_its_furniture_is_not(rich_built: Built) -> None:
    """What is indexed of a page is its record: not navigation, footer or search box."""
    tiny, _ = rich_built
    (fragment,) = [f for f in _fragments(tiny).values() if f["url"] == "/entries/guiding/"]
    text = str(fragment["content"])
    assert "依据" in text
    for word in ("党政机关网站标识", "主办单位", "站点地图", "跳到正文"):
        assert word not in text


def test_pagefinds_own_interface_is_not_shipped(rich_built: Built) -> None:
    """Of Pagefind only what our interface loads is published."""
    tiny, _ = rich_built
    names = {path.name for path in (tiny.output / "pagefind").iterdir() if path.is_file()}
    assert "pagefind.js" in names
    assert not [name for name in names if "ui" in name.split(".")[0].split("-") or name.endswith(".css")]


def test_a_site_of_tombstones_alone_is_built(tiny: TinySite) -> None:
    """When every record has been withdrawn the site still builds, and its index holds nothing of them."""
    tiny.entry("gone", **WITHDRAWN)
    tiny.build()
    assert "该信息已撤回" in tiny.html("/entries/gone/")
    assert _table(tiny)["records"] == {}
    assert _fragments(tiny) == {}


def test_a_site_of_drafts_alone_is_built_or_refused_with_a_sentence(tiny: TinySite) -> None:
    """A new office's first draft is no reason for a failed search index: the build succeeds without a record."""
    tiny.entry("draft", 状态="草稿")
    tiny.build()
    assert _table(tiny)["records"] == {}


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("#!/bin/sh\necho 坏了 >&2\nexit 3\n", id="exit code"),
        pytest.param("#!/bin/sh\nexit 0\n", id="nothing written"),
        pytest.param('#!/bin/sh\nmkdir -p "$2/pagefind" && echo x > "$2/pagefind/pagefind.js"\n: > "$2/pagefind/empty.pf_index"\n', id="empty file"),
    ],
)  # fmt: skip
def test_a_failed_index_publishes_nothing(tiny: TinySite, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Pagefind failing, writing nothing, or leaving an empty file behind exit code 0 stops the build."""
    tiny.news("n")
    tiny.build()
    before = tiny.output.resolve()
    false = tiny.write("pagefind", script)
    false.chmod(0o755)
    monkeypatch.setattr(search.pagefind_bin_extended, "get_executable", lambda: false)
    tiny.news("m")
    with pytest.raises(search.SearchFailed, match="没有发布"):
        tiny.build()
    assert tiny.output.resolve() == before
    assert not (Path(before) / "news" / "m").exists()
