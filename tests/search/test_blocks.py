"""Blocks: a body's text as its page shows it, cut where a reader sees a block end and nowhere else; and which fields count."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from site_model import making

from portal.markup.body import Body
from portal.markup.convert import to_html
from portal.markup.prose import Prose
from portal.records.types import Image, Record, StandingPage
from portal.search.blocks import body_blocks, fields
from search.items import file, item


class _Seen(HTMLParser):
    """What a page shows, read by another parser than that of the code: its text, and the words of its images."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found.append(dict(attrs).get("alt") or "")


def _seen(body: str) -> str:
    parser = _Seen()
    parser.feed(to_html(Body(Prose.of(body))).html)
    parser.close()
    return "".join("".join(parser.found).split())


def _joined(body: str) -> str:
    return "".join("".join(body_blocks(Prose.of(body))).split())


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        pytest.param("甲。\n\n乙。", ["甲。", "乙。"], id="paragraphs"),
        pytest.param("应当**依法*公开*。**各`单位`[办](/news/)理", ["应当依法公开。各单位办理"], id="markup"),
        pytest.param("H<sub>2</sub>O <u>甲</u><cite>《乙》</cite>", ["H2O 甲《乙》"], id="raw HTML"),
        pytest.param('<span lang="en">disclosure</span><abbr title="无">甲</abbr>', ["disclosure甲"], id="attributes"),
        pytest.param("<ruby>亥<rp>（</rp><rt>hài</rt><rp>）</rp></ruby>城<ruby>县<rt>xiàn</rt></ruby>，甲", ["亥城县，甲", "hài", "xiàn"], id="ruby"),
        pytest.param("## 第一章\n\n### 第*一*节\n\n甲", ["第一章", "第一节", "甲"], id="headings"),
        pytest.param("- 甲\n- 乙\n    - 丙**丁**\n    - 戊\n- 己", ["甲", "乙", "丙丁", "戊", "己"], id="nested list"),
        pytest.param("1. 甲\n\n    乙\n\n2. 丙", ["甲", "乙", "丙"], id="list of paragraphs"),
        pytest.param("> 甲\n>\n> > 乙\n>\n> 丙", ["甲", "乙", "丙"], id="quotations"),
        pytest.param("> - 甲\n> - 乙", ["甲", "乙"], id="list in a quotation"),
        pytest.param(
            "| **甲**乙 | 丙 |\n|---|--:|\n| [丁](/a/)`戊` | |\n| 己 | 庚 |",
            ["甲乙", "丙", "丁戊", "己", "庚"],
            id="table",
        ),
        pytest.param("甲\n\n***\n\n乙", ["甲", "乙"], id="rule"),
        pytest.param("```\n甲 <b>\n乙\n```\n\n丙", ["甲 <b>\n乙", "丙"], id="code"),
        pytest.param("前![示意图](files/a.png)后", ["前示意图后"], id="image"),
        pytest.param("[![图](files/a.png)说明](/news/)", ["图说明"], id="image in a link"),
        pytest.param("3 < 4 &amp; 5 &gt; 2 <b>甲</b>", ["3 < 4 & 5 > 2 <b>甲</b>"], id="entities"),
        pytest.param("中文一行\n中文二行", ["中文一行中文二行"], id="soft break"),
        pytest.param(" \n\n\u3000\n", [], id="nothing"),
        pytest.param("", [], id="empty"),
        pytest.param("甲😀\U00020000乙", ["甲😀\U00020000乙"], id="beyond the first plane"),
    ],
)  # fmt: skip
def test_the_blocks_of_a_body(body: str, blocks: list[str]) -> None:
    """A block ends where a paragraph, heading, list item, cell, quotation or code ends; markup within does not end it."""
    assert body_blocks(Prose.of(body)) == blocks


@pytest.mark.parametrize("body", ["甲<br>乙", "甲  \n乙", "甲<br/>乙", "- 甲<br>乙", "| 甲<br>乙 |\n|---|\n"])
def test_a_line_break_is_white_space_within_a_block(body: str) -> None:
    """Two lines of one block stay one block, and their words do not run together in the published text."""
    (block,) = body_blocks(Prose.of(body))
    assert block.split() == ["甲", "乙"]


INLINE = st.sampled_from(
    ["甲", "依法公开", "《办法》", "（2026）", "**乙**", "*丙*", "`丁 <`", "[戊](/news/)", "[己](https://a.example/)", "![庚](files/x.png)",
     "<u>辛</u>", "<sub>2</sub>", "<br>", "  \n", "\n", "&lt;", "&amp;", "&nbsp;", "&#x3000;", "<b>", "</u>", "<u>",
     "<!-- 癸 -->", "\\*", "*", "_", "|", "a b", "1.", "2026年3月1日", "😀", "  ", "<span lang=\"en\">word</span>", "<script>x</script>", "<p>"]
)  # fmt: skip
LINE = st.lists(INLINE, min_size=1, max_size=5).map("".join)
CELL = LINE.map(lambda text: text.replace("\n", " ").replace("|", ""))
BLOCK = st.one_of(
    LINE,
    st.tuples(st.integers(1, 6), LINE).map(lambda each: "#" * each[0] + " " + each[1].replace("\n", " ")),
    st.lists(LINE, min_size=1, max_size=3).map(lambda found: "\n".join(f"- {each}" for each in found)),
    st.lists(LINE, min_size=1, max_size=3).map(lambda found: "\n".join(f"{n}. {e}" for n, e in enumerate(found, 1))),
    st.lists(LINE, min_size=1, max_size=3).map(
        lambda found: "\n".join("    " * n + f"- {e}" for n, e in enumerate(found))
    ),
    st.lists(LINE, min_size=1, max_size=2).map(lambda found: "\n>\n".join(f"> {each}" for each in found)),
    st.tuples(CELL, CELL, CELL, CELL).map(lambda c: f"| {c[0]} | {c[1]} |\n|---|:-:|\n| {c[2]} | {c[3]} |"),
    LINE.map(lambda text: f"```\n{text}\n```"),
    st.just("* * *"),
)


@settings(deadline=None)
@given(st.lists(BLOCK, max_size=6).map("\n\n".join) | st.lists(BLOCK, max_size=4).map("\n".join))
@example("甲\n- 乙\n\n\n    丙\n> 丁\n己")
@example("试验厅\n\n2026年3月1日")
@example("\u0085甲\x0b乙\x0c丙\ufeff")
def test_the_blocks_together_are_what_the_page_shows(body: str) -> None:
    """Whatever a body is, its blocks without white space are the visible text of its page without white space."""
    assert _joined(body) == _seen(body)


@settings(deadline=None)
@given(st.lists(BLOCK, max_size=5).map("\n\n".join))
def test_no_block_is_blank(body: str) -> None:
    """A block holds something that can be seen."""
    assert all(block.strip() for block in body_blocks(Prose.of(body)))


def test_a_deep_and_a_long_body_are_whole() -> None:
    """Nesting as deep as bodies may have, and more text than most parsers hold in one node, lose nothing."""
    deep = "\n".join("    " * level + f"- 层{level}" for level in range(12))
    assert body_blocks(Prose.of(deep)) == [f"层{level}" for level in range(12)]
    assert body_blocks(Prose.of("长" * 1_000_000)) == ["长" * 1_000_000]
    assert len(body_blocks(Prose.of("\n\n".join(map(str, range(5000)))))) == 5000


WORDS: dict[str, Any] = {
    "title": "标题词", "summary": "概述词", "keywords": ("关键词甲", "关键词乙"), "source": "来源词", "source_url": "https://url.example/",
    "author": "作者词", "editor": "编辑词", "corrections": ({"on": "2026-02-01", "note": "更正词"},),
    "secrecy_review": {"by": "审查人", "on": "2026-01-01", "basis": "审查依据", "result": "审查结果", "digest": "校验值"},
}  # fmt: skip


def test_which_fields_of_an_entry_are_blocks() -> None:
    """Title first, numbers, publisher, summary, keywords, source, author, history, corrections, titles of attachments;
    not what it is filed under (theme, genre, column), nor who edited or reviewed it."""
    record = making.entry(
        "a", 1, **WORDS, doc_no="试发〔2026〕1号", history=("题注词",), late_reason="逾期词", attachments=({"file": "a.csv", "title": "附件词"},)
    )  # fmt: skip
    found = fields(item(record, files={"a.csv": file("a.csv", "a")}))
    assert found[0] == "标题词"
    assert found == [
        "标题词", "试发〔2026〕1号", "TEST/2026-00001", "试验厅", "概述词", "关键词甲", "关键词乙", "来源词", "作者词", "题注词", "附件词", "更正词",
    ]  # fmt: skip


def test_which_fields_of_other_kinds_are_blocks() -> None:
    """Of a press release its spokesperson and the words of its image, of an interpretation who interpreted it; of a page
    without a publisher the office's name. Channel, form and position are navigation."""
    news = making.news("a", **WORDS, spokesperson="发言人词", image=Image(file="a.png", alt="题图词"))
    common = ["标题词", "试验厅", "概述词", "关键词甲", "关键词乙", "来源词", "作者词"]
    assert fields(item(news, files={"a.png": file("a.png", "a")})) == [*common, "发言人词", "题图词", "更正词"]
    entry = making.entry("b", 1)
    interpretation = making.interpretation("a", "b", **WORDS, interpreter="解读人词")
    assert fields(item(interpretation, entry)) == [*common, "解读人词", "更正词"]
    page = {"id": "p", "title": "页", "status": "已发布", "date": "2026-01-01 09:00", "position": "网站声明"}
    assert fields(item(StandingPage.model_validate(page))) == ["页", "试验厅"]


def test_every_field_of_a_record_is_either_a_block_or_known_not_to_be() -> None:
    """A field that a model gets later must be put into the index or left out on purpose: this test asks."""
    shown = {"title", "summary", "keywords", "source", "author", "publisher", "attachments", "corrections", "body"}
    shown |= {"doc_no", "index_no", "history", "spokesperson", "image", "interpreter"}
    filed = {"themes", "genre", "column", "access", "channel", "form", "position", "id", "status", "origin"}
    acts = {"repeals", "amends", "replaces", "interprets", "date", "publish_at", "formed", "effective", "expires"}
    inside = {
        "source_url",
        "editor",
        "withdrawn_on",
        "withdrawn_reason",
        "secrecy_review",
        "access_basis",
        "late_reason",
    }
    for kind in Record.__subclasses__():
        assert set(kind.model_fields) <= shown | filed | acts | inside
