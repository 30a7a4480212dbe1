"""The head: read back, it says of every record what the site says; and it is where what is derived may change."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import cbor2
import pytest
from site_model import making
from site_model.making import rich
from tiny import NOW, TinySite

from portal import clock
from portal.records.types import DisclosureEntry
from portal.search.documents import Document, document
from portal.search.head import ATTACHMENT, FACETS, TEXT, Section, head
from portal.search.shards import shards
from portal.site.model import Item, Site, Validity
from portal.site.resolve import resolve
from search.making import ENGINE_INDEX, layout
from search.reading import column, minutes, read_head


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The rich site, resolved."""
    return rich(TinySite(tmp_path_factory.mktemp("head") / "site")).resolve().site


def _sections(site: Site) -> list[Section]:
    """The site's records in three sections, newest first, with layouts of which no two are alike."""
    items = sorted(site.items.values(), key=lambda item: item.record.first_public, reverse=True)
    found = []
    for number, part in enumerate((items[:5], items[5:6], items[6:])):
        parts = tuple(tuple((row + source) % 3 for source in range(row % 3 + 1)) for row in range(1, len(part) + 1))
        made = layout(parts, tuple(range(10, 10 + len(part))), number)
        found.append(
            Section(f"{number:016x}", _documents(part), tuple(part), made, cbor2.dumps([f"表{number}"] * (number + 1)))
        )
    return found


def _documents(items: Iterable[Item]) -> tuple[Document, ...]:
    return tuple(document(item, {}) for item in items)


def _expected(item: Item) -> dict[str, list[str]]:
    record = item.record
    return {
        "kind": [record.label],
        "validity": [item.standing.validity.value] if item.standing else [],
        "theme": list(dict.fromkeys(above.full for theme in item.themes for above in theme.lineage)),
        "organ": [item.publisher.name],
        "year": [str(record.formed.year if isinstance(record, DisclosureEntry) else record.first_public.year)],
        "genre": [item.genre.name] if item.genre else [],
        "holds": ["有正文"] * bool(item.body.source) + ["有附件"] * bool(item.attachments),
    }


def _rows(described: dict[str, Any]) -> Iterator[dict[str, list[str]]]:
    columns = {facet: column(described[facet]) for facet in FACETS}
    for row in range(len(described["date"])):
        yield {facet: [described["words"][facet][number] for number in columns[facet][row]] for facet in FACETS}


def test_every_row_has_the_facets_of_its_record(site: Site) -> None:
    """Row by row, in the order of the documents: the values by which results are filtered are those of the site."""
    sections = _sections(site)
    described, _ = read_head(head(sections))
    assert len(described) == 3
    for each, section in zip(described, sections, strict=True):
        assert list(_rows(each)) == [_expected(item) for item in section.items]


def test_the_site_tried_has_every_case(site: Site) -> None:
    """What the test above reads back has rows with no value, one, and several, and every validity."""
    rows = [_expected(item) for item in site.items.values()]
    assert {len(row["theme"]) for row in rows} >= {0, 2}
    assert {len(row["holds"]) for row in rows} == {0, 1, 2}
    assert {row["validity"][0] for row in rows if row["validity"]} == {validity.value for validity in Validity}


def test_several_themes_stay_several() -> None:
    """A record with two themes is found under each, and under what is above them."""
    site = resolve([making.entry("a", 1, themes=("科技", "其他"))], making.vocabulary(), {}, NOW).site
    section = Section("0" * 16, _documents(site.items.values()), tuple(site.items.values()), layout(((1,),), (1,)), b"")
    (described,), _ = read_head(head([section]))
    (row,) = _rows(described)
    assert row["theme"] == ["科技、教育", "科技、教育/科技", "其他"]


def test_dates_parts_and_titles(site: Site) -> None:
    """For each row the minute of publication, the parts of each text, and the title's length, as they went in; for each
    shard its buckets and its frequent pairs."""
    sections = _sections(site)
    described, _ = read_head(head(sections))
    for each, section in zip(described, sections, strict=True):
        assert minutes(each["date"]) == [item.record.first_public for item in section.items]
        assert tuple(map(tuple, column(each["parts"]))) == section.layout.parts
        assert each["title"] == list(section.layout.titles)
        assert each["placed"] == section.layout.placed
        assert each["whole"] == section.layout.whole
        assert each["frequent"] == section.layout.frequent
        assert each["id"] == section.fingerprint


def test_the_tables_follow_one_another(site: Site) -> None:
    """Pagefind's table of each shard stands behind the JSON, in the order of the shards, whole."""
    sections = _sections(site)
    _, tables = read_head(head(sections))
    assert tables == [section.meta for section in sections]


def test_a_head_of_nothing() -> None:
    """A site without records has a head that says so."""
    assert read_head(head([])) == ([], [])
    assert head([]) == b'\0\0\0\r{"shards":[]}'


def test_a_value_is_a_word_once(site: Site) -> None:
    """The words of a shard are those that occur in it, sorted, each once, and stand in the file as themselves."""
    data = head(_sections(site))
    for described, section in zip(read_head(data)[0], _sections(site), strict=True):
        for facet in FACETS:
            borne = {value for item in section.items for value in _expected(item)[facet]}
            assert described["words"][facet] == sorted(borne)
    assert "新闻发布".encode() in data


def test_what_becomes_of_validity_changes_the_head_and_no_index() -> None:
    """A document that comes into force, expires or is repealed has another row in the head; the shards are untouched."""
    records = [
        making.entry("starts", 1, effective="2026-07-01"),
        making.entry("ends", 2, expires="2026-06-30"),
        making.entry("old", 3, formed="2025-01-01", date="2025-01-05 09:00"),
        making.entry("repealer", 4, repeals=("old",), effective="2026-07-01"),
        making.news("n"),
    ]
    heads, prints, rows = [], [], []
    for at in ("2026-06-15 12:00", "2026-08-15 12:00"):
        site = resolve(records, making.vocabulary(), {}, clock.parse_minute(at)).site
        items = {item.url: item for item in site.items.values()}
        divided = shards((document(item, {}) for item in items.values()), "v")
        sections = [
            Section(
                shard.fingerprint,
                shard.documents,
                tuple(items[each.facts.url] for each in shard.documents),
                layout(((1,),) * len(shard.documents), (3,) * len(shard.documents)),
                b"",
            )
            for shard in divided
        ]
        heads.append(head(sections))
        prints.append([shard.fingerprint for shard in divided])
        found = read_head(heads[-1])[0]
        urls = [item.url for section in sections for item in section.items]
        rows.append(dict(zip(urls, [row["validity"] for each in found for row in _rows(each)], strict=True)))
    assert prints[0] == prints[1]
    assert heads[0] != heads[1]
    assert rows[0] == {
        "/entries/starts/": ["尚未施行"],
        "/entries/ends/": ["有效"],
        "/entries/old/": ["有效"],
        "/entries/repealer/": ["尚未施行"],
        "/news/n/": [],
    }
    assert rows[1] == {
        "/entries/starts/": ["有效"],
        "/entries/ends/": ["失效"],
        "/entries/old/": ["废止"],
        "/entries/repealer/": ["有效"],
        "/news/n/": [],
    }


def test_the_browser_knows_the_same_words() -> None:
    """The facets, and the words by which the script tells what has ended and what has attachments, are those written."""
    script = ENGINE_INDEX.read_text(encoding="utf-8")
    (written,) = re.findall(r"^const FACETS = (\[.*?\]);$", script, re.MULTILINE)
    assert tuple(json.loads(written)) == FACETS
    (ended,) = re.findall(r"^const ENDED = new Set\((\[.*?\])\);$", script, re.MULTILINE)
    assert set(json.loads(ended)) == {Validity.REPEALED.value, Validity.EXPIRED.value}
    assert f'holds.includes("{ATTACHMENT}")' in script
    assert (TEXT, ATTACHMENT) == ("有正文", "有附件")
