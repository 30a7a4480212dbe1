"""What a text cites: 文号 in all its spellings, titles with and without number, versions, and who is cited."""

import pytest
from lxml import html
from tiny import NOW

from portal.markup.convert import to_html
from portal.markup.mentions import mentions
from portal.records.types import Record
from portal.site.citations import Citable, cited
from portal.site.model import Site
from portal.site.resolve import resolve
from site_model.making import entry, news, vocabulary

KEY = ("entry", "banfa")
URL = "/entries/banfa/"


def _site(*records: Record) -> Site:
    return resolve(records, vocabulary(), {}, NOW).site


def _citing(body: str, *others: Record, **fields: object) -> Site:
    held = entry("banfa", 1, title="试验项目管理办法", doc_no=fields.pop("doc_no", "试科发〔2025〕12号"), **fields)
    return _site(held, *others, news("n", body=body))


@pytest.mark.parametrize(
    "cited",
    [
        "试科发〔2025〕12号",
        "试科发[2025]12号",
        "试科发【2025】12号",
        "试科发（2025）12号",
        "试科发(2025)12号",
        "试科发［2025］12号",
        "试科发〔２０２５〕１２号",
        "试科发〔2025〕第12号",
        "试科发〔2025〕012号",
        "试科发〔2025〕 12 号",
    ],
)
def test_every_spelling_of_a_number_is_a_link(cited: str) -> None:
    """A 文号 in any brackets, full-width digits, with 第 or a leading zero, links to the document that bears it."""
    site = _citing(f"依据{cited}执行。")
    item = site.items["news", "n"]
    assert item.related.cites == (KEY,)
    assert item.body.citations == ((cited, URL),)
    (link,) = html.fromstring(to_html(item.body).html).xpath("//a[@class='citation']")
    assert (link.text, link.get("href")) == (cited, URL)
    assert site.items[KEY].related.cited_by == (("news", "n"),)


@pytest.mark.parametrize(
    "text", ["试科发〔2025〕1号", "试科发〔2025〕123号", "试科发〔2024〕12号", "别科发〔2025〕12号", "试科发2025年12号"]
)
def test_another_number_is_no_citation(text: str) -> None:
    """A 文号 that differs in maker, year or number leads nowhere."""
    site = _citing(f"依据{text}执行。")
    assert site.items["news", "n"].related.cites == ()
    assert "citation" not in to_html(site.items["news", "n"].body).html


def test_title_and_number_are_one_link() -> None:
    """《标题》（文号） is one citation and one link."""
    site = _citing("按照《试验项目管理办法》（试科发〔2025〕12号）的规定。")
    assert site.items["news", "n"].body.citations == (("《试验项目管理办法》（试科发〔2025〕12号）", URL),)


def test_a_shortened_title_follows_its_number() -> None:
    """The number decides where a title is cited in a shortened form."""
    site = _citing("按照《项目办法》（试科发〔2025〕12号）的规定。")
    assert site.items["news", "n"].body.citations == (("《项目办法》（试科发〔2025〕12号）", URL),)


def test_an_unknown_title_alone_is_no_link() -> None:
    """A title that the portal does not hold is text."""
    assert _citing("按照《项目办法》的规定。").items["news", "n"].related.cites == ()


def test_a_held_title_alone_is_a_link() -> None:
    """《标题》 of a held entry is a link without its number."""
    site = _citing("按照《试验项目管理办法》的规定。")
    assert site.items["news", "n"].body.citations == (("《试验项目管理办法》", URL),)


@pytest.mark.parametrize(
    "cited", ["国务院令第711号", "国务院令 第711号", "国务院令711号", "中华人民共和国国务院令第７１１号"]
)
def test_an_order_is_cited_by_its_number(cited: str) -> None:
    """A 令号 with or without 第, and with full-width digits, links to its document."""
    site = _citing(f"根据{cited}。", doc_no="国务院令第711号")
    assert site.items["news", "n"].related.cites == (KEY,)


def test_an_inner_title_leads_to_the_document_that_issues_it() -> None:
    """A document titled 关于印发《甲》的通知 is what 《甲》 cites."""
    notice = entry("yinfa", 2, title="关于印发《甲类项目管理细则》的通知")
    site = _citing("见《甲类项目管理细则》。", notice)
    assert site.items["news", "n"].related.cites == (("entry", "yinfa"),)


def test_a_full_title_wins_over_an_inner_one() -> None:
    """Where one document issues 《甲》 and another is titled 甲, 《甲》 means the second."""
    notice = entry("yinfa", 2, title="关于印发《试验项目管理办法》的通知", formed="2026-01-02")
    assert _citing("见《试验项目管理办法》。", notice).items["news", "n"].related.cites == (KEY,)


def test_a_nested_title_is_cited_whole() -> None:
    """《关于印发〈…〉》 with inner 《》 is one title."""
    notice = entry("yinfa", 2, title="关于印发《甲细则》的通知")
    site = _citing("见《关于印发《甲细则》的通知》。", notice)
    assert site.items["news", "n"].body.citations[0] == ("《关于印发《甲细则》的通知》", "/entries/yinfa/")


def test_a_title_in_several_versions_means_the_one_in_force() -> None:
    """A title that two versions bear leads to the one not replaced, even when the older one was recorded later."""
    new = entry("banfa-2", 2, title="试验项目管理办法", formed="2025-06-01", replaces=("banfa",))
    site = _citing("见《试验项目管理办法》。", new)
    assert site.items["news", "n"].related.cites == (("entry", "banfa-2"),)


def test_the_longest_maker_wins() -> None:
    """Of 科发〔2025〕1号 and 试科发〔2025〕1号 a text that says 试科发 means the second."""
    short = entry("short", 2, doc_no="科发〔2025〕1号")
    long = entry("long", 3, doc_no="试科发〔2025〕1号")
    site = _site(short, long, news("n", body="见试科发〔2025〕1号。"), news("m", body="见科发〔2025〕1号。"))
    assert site.items["news", "n"].related.cites == (("entry", "long"),)
    assert site.items["news", "m"].related.cites == (("entry", "short"),)


def test_a_document_does_not_cite_itself() -> None:
    """A document that names its own 文号 or title has no link to itself."""
    own = entry(
        "a", 1, title="试验规定", doc_no="试发〔2026〕1号", body="《试验规定》（试发〔2026〕1号）自即日起施行。"
    )
    assert _site(own).items["entry", "a"].related.cites == ()


def test_all_citations_of_a_text_are_found_once() -> None:
    """A text that cites two documents several times links each, and each is cited once."""
    other = entry("other", 2, title="另一规定", doc_no="试发〔2024〕3号")
    site = _citing("《另一规定》、试科发〔2025〕12号、试发〔2024〕3号、《试验项目管理办法》。", other)
    item = site.items["news", "n"]
    assert set(item.related.cites) == {KEY, ("entry", "other")}
    assert to_html(item.body).html.count('class="citation"') == 4
    assert site.items["entry", "other"].related.cited_by == (("news", "n"),)


def test_who_cites_is_listed_newest_first() -> None:
    """被以下文件引用 lists public citing records, newest first, and no hidden one."""
    body = "见《试验项目管理办法》。"
    site = _citing(
        "无关",
        news("old", body=body, date="2026-02-01 09:00"),
        news("new", body=body, date="2026-03-01 09:00"),
        news("draft", body=body, status="草稿"),
    )
    assert site.items[KEY].related.cited_by == (("news", "new"), ("news", "old"))


@pytest.mark.parametrize("status", ["草稿", "已撤回"])
def test_what_is_hidden_cannot_be_cited(status: str) -> None:
    """A citation of a draft or a withdrawn document stays text."""
    more = {"withdrawn_on": "2026-02-01 09:00", "withdrawn_reason": "错"} if status == "已撤回" else {}
    site = _citing("见《试验项目管理办法》（试科发〔2025〕12号）。", status=status, **more)
    item = site.items["news", "n"]
    assert item.related.cites == item.body.citations == ()


def test_a_cited_text_in_a_link_stays_as_the_editor_wrote_it() -> None:
    """A citation within a link or code that the editor wrote is not linked a second time."""
    text = to_html(
        _citing("[《试验项目管理办法》](https://example.org/) `试科发〔2025〕12号`").items["news", "n"].body
    ).html
    assert "citation" not in text


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("根据试验发〔2026〕1号", True),
        ("（试验发〔2026〕1号）", True),
        ("和试验发〔2026〕1号", True),
        ("国试验发〔2026〕1号", False),
        ("某省试验发〔2026〕1号", False),
    ],
)
def test_a_number_within_another_organs_number_is_no_citation(text: str, linked: bool) -> None:
    """A 文号 counts where it begins: 科发〔2025〕1号 inside 国科发〔2025〕1号 is another organ's document."""
    citable = Citable({"〔2026〕1号": (("试验发", ("entry", "a")),)}, {})
    assert bool(cited(mentions(text), citable)) is linked
