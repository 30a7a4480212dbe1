"""Feeds: valid, complete, stable, and what a reader that had the first version has now."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html
from site_model.making import WITHDRAWN, entry, news, vocabulary
from tiny import NOW, TinySite

from outputs.making import made_by
from portal import clock
from portal.build.engine import Prepared
from portal.outputs.feeds import EMPTY, NEWEST, OPML, feed_links, plan
from portal.records.types import Record
from portal.site.model import Site
from portal.site.resolve import resolve

BASE = "https://www.test.example"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
SCHEMA = etree.RelaxNG(etree.parse(str(Path(__file__).parent / "atom.rng")))


@pytest.fixture(scope="module")
def made(rich_site: Site) -> dict[str, bytes]:
    """Every feed of the rich site."""
    return made_by(plan(rich_site))


def _site(*records: Record, at: datetime = NOW) -> Site:
    resolution = resolve(records, vocabulary(), {}, at)
    assert not resolution.problems
    return resolution.site


def _read(data: bytes) -> Any:
    read = feedparser.parse(data)
    assert not read.bozo, read.get("bozo_exception")
    return read


def test_the_schema_refuses_what_is_not_atom() -> None:
    """The schema that the next tests trust refuses a feed without id, without updated, or with a wrong date."""
    good = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>t</title><updated>2026-01-01T00:00:00Z</updated>'
        '<entry><id>y</id><title>t</title><updated>2026-01-01T00:00:00Z</updated><link href="/"/></entry></feed>'
    )
    assert SCHEMA.validate(etree.fromstring(good))
    for wrong in (
        good.replace("<id>x</id>", ""),
        good.replace("<id>y</id>", ""),
        good.replace("<updated>2026-01-01T00:00:00Z</updated>", "", 1),
        good.replace("2026-01-01T00:00:00Z</updated><link", "2026-01-01</updated><link"),
        good.replace("<link", "<unknown/><link"),
        good.replace("<title>t</title>", "<title>t</title><title>u</title>", 1),
    ):
        assert not SCHEMA.validate(etree.fromstring(wrong)), wrong


def test_every_atom_feed_is_valid(made: dict[str, bytes]) -> None:
    """Each Atom feed follows RFC 4287: its grammar, and what the grammar cannot say about authors and ids."""
    names = [path for path in made if path.endswith(".atom.xml")]
    assert len(names) > 10
    for path in names:
        root = etree.fromstring(made[path])
        assert SCHEMA.validate(root), f"{path}: {SCHEMA.error_log}"
        assert root.xpath("a:author", namespaces=ATOM)  # 4.1.1: a feed has an author unless all its entries have
        ids = root.xpath("a:entry/a:id/text()", namespaces=ATOM)
        assert len(ids) == len(set(ids))  # 4.1.1: an id occurs once, or with another updated
        assert root.xpath("a:link[@rel='self']/@href", namespaces=ATOM) == [f"{BASE}/{path}"]
        assert root.xpath("a:id/text()", namespaces=ATOM) == [f"{BASE}/{path}"]
        for each in root.xpath("a:entry", namespaces=ATOM):
            assert each.xpath("a:content[@type='html']", namespaces=ATOM)
            assert len(each.xpath("a:link[not(@rel) or @rel='alternate']", namespaces=ATOM)) == 1


def test_every_rss_feed_has_what_rss_requires(made: dict[str, bytes]) -> None:
    """Each RSS feed is 2.0, has title, link and description, and items with title, guid and a date of RFC 822."""
    names = [path for path in made if path.endswith(".rss.xml")]
    assert len(names) > 10
    for path in names:
        root = etree.fromstring(made[path])
        assert (root.tag, root.get("version")) == ("rss", "2.0")
        (channel,) = root.findall("channel")
        for required in ("title", "link", "description"):
            assert len(channel.findall(required)) == 1
            assert channel.findtext(required)
        assert str(channel.findtext("link")).startswith(f"{BASE}/")
        assert channel.xpath("a:link[@rel='self']/@href", namespaces=ATOM) == [f"{BASE}/{path}"]
        for moment in (channel.findtext("lastBuildDate"), channel.findtext("pubDate")):
            parsedate_to_datetime(str(moment))
        for item in channel.findall("item"):
            assert item.findtext("title")
            assert item.findtext("description")
            assert item.findtext("link") == item.findtext("guid")
            assert item.find("guid").get("isPermaLink") == "true"
            parsedate_to_datetime(str(item.findtext("pubDate")))
            assert item.findtext(CONTENT)


def test_feedparser_reads_them_all(made: dict[str, bytes]) -> None:
    """A common reader finds no fault in any feed, and the same entries in the same order in both forms."""
    for path in [path for path in made if path.endswith(".atom.xml")]:
        atom, rss = _read(made[path]), _read(made[path.replace(".atom.", ".rss.")])
        assert [each.id for each in atom.entries] == [each.id for each in rss.entries]
        assert [each.title for each in atom.entries] == [each.title for each in rss.entries]


def test_every_group_has_its_feed(rich_built: tuple[TinySite, Prepared], made: dict[str, bytes]) -> None:
    """The site, each kind, channel, theme, organ and column have feeds in both forms, empty ones included."""
    assert {
        "feeds/all", "feeds/kinds/entries", "feeds/kinds/news", "feeds/kinds/interpretations", "feeds/channels/responses",
        "feeds/themes/keji", "feeds/themes/keji-science", "feeds/themes/other", "feeds/organs/yuan", "feeds/columns/fees",
    } <= {path.removesuffix(".atom.xml") for path in made if path.endswith(".atom.xml")}  # fmt: skip
    tiny, prepared = rich_built
    for link in feed_links(prepared.site):
        for address in (link.rss, link.atom):
            assert (tiny.output / address.lstrip("/")).read_bytes() == made[address.lstrip("/")]


def test_a_feed_has_the_full_text(rich_site: Site, made: dict[str, bytes]) -> None:
    """An entry holds the whole text, its metadata, correction and attachments, and says where it comes from."""
    texts = {each.id: each.content[0].value for each in _read(made["feeds/all.atom.xml"]).entries}
    text = texts[f"{BASE}/entries/guiding/"]
    for part in ("制定。", "附则", "<table>", "补充附件二。", "索引号：", "试发〔2026〕1号", "有效性：有效", "数据表"):
        assert part in text, part
    rss = etree.fromstring(made["feeds/kinds/entries.rss.xml"])
    (same,) = [i.findtext(CONTENT) for i in rss.iter("item") if i.findtext("guid") == f"{BASE}/entries/guiding/"]
    atom = etree.fromstring(made["feeds/kinds/entries.atom.xml"])
    (other,) = atom.xpath(f"a:entry[a:id='{BASE}/entries/guiding/']/a:content/text()", namespaces=ATOM)
    assert same == other
    (file,) = [named.file for named in rich_site.items["entry", "guiding"].attachments if named.title == "附件一"]
    assert f'href="{BASE}{file.url}"' in other
    assert "来源：某报" in texts[f"{BASE}/news/reprint/"]
    assert "<img" in texts[f"{BASE}/news/pictured/"]


def _addresses(text: str) -> list[str]:
    return [str(value) for value in html.fromstring(f"<div>{text}</div>").xpath("//@href | //@src")]


def test_links_in_a_feed_are_absolute(made: dict[str, bytes]) -> None:
    """Every link and image in every entry has its scheme and host: a reader has no page to resolve it against."""
    found = 0
    for data in made.values():
        for each in _read(data).entries:
            for address in _addresses(each.content[0].value):
                assert urlsplit(address).scheme in {"http", "https", "mailto", "tel"}, address
                found += 1
    assert found > 20


def test_a_link_within_the_page_is_absolute_in_a_feed() -> None:
    """A body's link to its own section leads, from a feed, to the page of the record."""
    data = made_by(plan(_site(news("n", body="见[下文](#section-1)。\n\n## 下文\n\n文。"))))["feeds/all.atom.xml"]
    (text,) = etree.fromstring(data).xpath("a:entry/a:content/text()", namespaces=ATOM)
    assert _addresses(text) == [f"{BASE}/news/n/#section-1"]


def test_words_that_look_like_markup_stay_words() -> None:
    """Titles, notes and summaries with <, & and quotes come through both forms as they were written."""
    title = '关于“A&B”<甲>及 "乙" 的说明'
    record = news(
        "n", title=title, summary="1<2 & 3>2", corrections=({"on": "2026-02-01 09:00", "note": "<b>改</b>&amp;"},)
    )
    made = made_by(plan(_site(record)))
    assert etree.fromstring(made["feeds/all.rss.xml"]).findtext("channel/item/title") == title
    assert etree.fromstring(made["feeds/all.atom.xml"]).xpath("a:entry/a:title/text()", namespaces=ATOM) == [title]
    (text,) = etree.fromstring(made["feeds/all.atom.xml"]).xpath("a:entry/a:content/text()", namespaces=ATOM)
    assert "<b>改</b>&amp;" in html.fromstring(f"<div>{text}</div>").text_content()


def test_a_feeds_time_is_its_newest_entrys() -> None:
    """updated, lastBuildDate and pubDate are the latest change among the entries, whatever the clock says."""
    records = [
        news("a", date="2026-02-01 09:00"),
        news("b", date="2026-01-10 09:00", corrections=({"on": "2026-03-03 15:20", "note": "改"},)),
        entry("c", 1),
    ]
    for moment in (NOW, NOW + timedelta(days=40)):
        made = made_by(plan(_site(*records, at=moment)))
        atom = etree.fromstring(made["feeds/all.atom.xml"])
        assert atom.xpath("a:updated/text()", namespaces=ATOM) == ["2026-03-03T15:20:00+08:00"]
        rss = etree.fromstring(made["feeds/all.rss.xml"])
        for name in ("lastBuildDate", "pubDate"):
            when = parsedate_to_datetime(str(rss.findtext(f"channel/{name}")))
            assert when == clock.parse_minute("2026-03-03 15:20")
        entries = etree.fromstring(made["feeds/kinds/entries.atom.xml"])
        assert entries.xpath("a:updated/text()", namespaces=ATOM) == ["2026-01-05T09:00:00+08:00"]


def test_an_empty_feed_has_a_constant_time() -> None:
    """A feed without entries is valid and its time is no clock's."""
    data = made_by(plan(_site(news("n"))))["feeds/columns/fees.atom.xml"]
    root = etree.fromstring(data)
    assert SCHEMA.validate(root)
    assert root.xpath("a:updated/text()", namespaces=ATOM) == [EMPTY.isoformat()]


def test_the_clock_alone_changes_no_byte_of_a_feed() -> None:
    """Two builds a week apart, with nothing new or forgotten between, give the same feeds."""
    records = [news(f"n{number}", date=f"2026-06-0{number} 09:00") for number in range(1, 6)]
    one, other = (made_by(plan(_site(*records, at=moment))) for moment in (NOW, NOW + timedelta(days=7)))
    assert one == other


def test_a_feed_holds_the_newest_fifty_and_the_corrections_of_ninety_days() -> None:
    """Of many records a feed holds the 50 last modified, and every one corrected within 90 days besides."""
    records: list[Record] = [news(f"n{n:02d}", date=f"2026-06-{1 + n // 10:02d} {10 + n % 10}:00") for n in range(60)]
    edge = clock.format_minute(NOW - timedelta(days=90))
    before = clock.format_minute(NOW - timedelta(days=90, minutes=1))
    records.append(news("mended", date="2026-01-01 09:00", corrections=({"on": edge, "note": "改"},)))
    records.append(news("mended-long-ago", date="2026-01-01 09:00", corrections=({"on": before, "note": "改"},)))
    root = etree.fromstring(made_by(plan(_site(*records)))["feeds/channels/work.atom.xml"])
    ids = [each.rsplit("/", 2)[1] for each in root.xpath("a:entry/a:id/text()", namespaces=ATOM)]
    assert NEWEST == 50
    assert ids == [*(f"n{n:02d}" for n in range(59, 9, -1)), "mended"]


def test_a_correction_brings_an_old_record_to_the_top() -> None:
    """Entries stand by their latest change: a corrected old record comes before newer ones."""
    records = [
        news("new", date="2026-06-01 09:00"),
        news("old", date="2026-01-01 09:00", corrections=({"on": "2026-06-10 09:00", "note": "改"},)),
    ]
    root = etree.fromstring(made_by(plan(_site(*records)))["feeds/all.atom.xml"])
    assert root.xpath("a:entry/a:title/text()", namespaces=ATOM) == ["新闻old", "新闻new"]


def _story(tiny: TinySite, at: str) -> dict[str, tuple[Any, bytes]]:
    """What a reader of each feed would fetch at a moment."""
    made = made_by(plan(tiny.resolve(clock.parse_minute(at)).site))
    names = ("feeds/all", "feeds/kinds/entries", "feeds/columns/normative", "feeds/themes/keji", "feeds/organs/ting")
    return {f"{name}.{form}.xml": (_read(made[f"{name}.{form}.xml"]), made[f"{name}.{form}.xml"])
            for name in names for form in ("atom", "rss")}  # fmt: skip


def test_a_reader_that_had_the_first_version_learns_what_became_of_it(tiny: TinySite) -> None:
    """A correction and then a withdrawal arrive under the same id: later time and note, then notice and nothing else."""
    fields = {"标题": "旧标题", "内容概述": "旧概述", "关键词": ["旧词"], "索引号": "TEST/2026-00077"}
    tiny.entry("a", "旧正文。", **fields)
    first = _story(tiny, "2026-03-06 09:00")
    correction = {"更正说明": [{"日期": "2026-03-10 15:00", "说明": "金额改为三万元"}]}
    tiny.entry("a", "新正文。", **fields, **correction)
    second = _story(tiny, "2026-03-11 09:00")
    gone = {"状态": "已撤回", "撤回日期": "2026-03-20 10:00", "撤回原因": "数据有误"}
    tiny.entry("a", "新正文。", **fields, **correction, **gone)
    third = _story(tiny, "2026-03-21 09:00")
    for name in first:
        (had,), (mended,), (withdrawn,) = (story[name][0].entries for story in (first, second, third))
        assert had.id == mended.id == withdrawn.id == f"{BASE}/entries/a/"
        assert "旧正文" in had.content[0].value
        assert "金额改为三万元" in mended.content[0].value
        assert "新正文" in mended.content[0].value
        assert "旧正文" not in mended.content[0].value
        assert withdrawn.title == "该信息已撤回"
        for word in ("TEST/2026-00077", "2026-03-20 10:00", "数据有误"):
            assert word in withdrawn.content[0].value
        text = third[name][1].decode()
        for word in ("旧", "新正文", "金额", "示例", "通知", "2026-03-05", "05 Mar 2026"):
            assert word not in text, f"{word} is still in {name}"
        if "atom" in name:
            assert had.updated_parsed < mended.updated_parsed < withdrawn.updated_parsed
            feed_times = [story[name][0].feed.updated_parsed for story in (first, second, third)]
            assert feed_times == [had.updated_parsed, mended.updated_parsed, withdrawn.updated_parsed]


def test_a_withdrawal_is_forgotten_after_ninety_days(tiny: TinySite) -> None:
    """The notice stays in the feeds for 90 days, to the minute."""
    tiny.news("keep")
    tiny.news("gone", **(WITHDRAWN | {"撤回日期": "2026-05-01 10:00"}))
    there = [
        f"{BASE}/news/gone/" in made_by(plan(tiny.resolve(at).site))["feeds/all.atom.xml"].decode()
        for at in (clock.parse_minute("2026-07-30 10:00"), clock.parse_minute("2026-07-30 10:01"))
    ]
    assert there == [True, False]


def test_a_withdrawal_is_in_the_feeds_that_the_record_was_in(tiny: TinySite) -> None:
    """The notice is in the site's feed and those of its own groups, once each, and in no other."""
    tiny.news("gone", 主题分类=["其他"], 频道="回应关切", **WITHDRAWN)
    tiny.entry("keep")
    made = {path: data for path, data in made_by(plan(tiny.resolve().site)).items() if path.endswith(".atom.xml")}
    holding = {path for path, data in made.items() if data.decode().count(f"<id>{BASE}/news/gone/</id>") == 1}
    assert holding == {
        f"feeds/{name}.atom.xml" for name in ("all", "kinds/news", "channels/responses", "themes/other", "organs/ting")
    }
    assert not [path for path, data in made.items() if b"/news/gone/" in data and path not in holding]


def test_standing_pages_are_in_no_feed(tiny: TinySite) -> None:
    """A standing page is no news: neither its text nor its withdrawal is in a feed."""
    tiny.news("n")
    tiny.page("shown")
    tiny.page("gone", **WITHDRAWN)
    for path, data in made_by(plan(tiny.resolve().site)).items():
        assert b"/pages/" not in data, path


def test_a_closed_entry_has_no_text_in_a_feed(tiny: TinySite) -> None:
    """An entry that is not 主动公开 is in its feeds with its summary and without text."""
    tiny.entry("closed", "", 公开方式="不予公开", 公开依据="条例第十四条", 内容概述="只有概述")
    (each,) = _read(made_by(plan(tiny.resolve().site))["feeds/all.atom.xml"]).entries
    assert "只有概述" in each.content[0].value


def test_the_opml_lists_feeds_that_are_there(rich_site: Site, made: dict[str, bytes]) -> None:
    """The OPML is 2.0, and each of its outlines leads to an Atom feed of this site, the whole site's first."""
    root = etree.fromstring(made_by(plan(rich_site))[OPML])
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    addresses = root.xpath("//outline[@type='rss']/@xmlUrl")
    assert addresses[0] == f"{BASE}/feeds/all.atom.xml"
    assert len(addresses) == len(set(addresses)) > 10
    assert {address.removeprefix(f"{BASE}/") for address in addresses} <= set(made)
    assert all(root.xpath("//outline/@text"))


def test_pages_lead_to_their_feeds(rich_built: tuple[TinySite, Prepared], made: dict[str, bytes]) -> None:
    """Autodiscovery on every page names feeds that are there, the site's first; a list's names its own."""
    tiny, prepared = rich_built
    for page in prepared.pages:
        root = html.fromstring((tiny.output / page.path).read_bytes())
        links = root.xpath("//link[@rel='alternate'][contains(@type, 'rss') or contains(@type, 'atom')]/@href")
        assert links[:2] == ["/feeds/all.rss.xml", "/feeds/all.atom.xml"], page.path
        assert {link.lstrip("/") for link in links} <= set(made)
        if page.path == "channels/work/index.html":
            assert "/feeds/channels/work.atom.xml" in links
    root = html.fromstring(tiny.html("/feeds/"))
    listed = {str(link).lstrip("/") for link in root.xpath("//main//a/@href") if str(link).startswith("/feeds/")}
    assert listed >= {
        "feeds/all.atom.xml",
        "feeds/columns/fees.rss.xml",
        "feeds/portal.opml",
        "feeds/kinds/news.rss.xml",
    }
