"""Markdown to HTML, safe to print."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markup.test_scan import MARKS
from portal.markup.body import Body, Heading
from portal.markup.convert import to_html
from portal.markup.prose import Prose

CLEAN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.just("\n"))
HOSTILE = st.lists(
    st.sampled_from(
        ["<script>", "</script>", "alert(1)", "<img src=x onerror=alert(1)>", "<a href=javascript:x>", "[x](javascript:x)", "<svg",
         "<style>", "onload=", "&#1;", "&lt;", "&#106;avascript:", "<math>", "<!--", "-->", "<![CDATA[", "]]>", "<p", ">", "\"", "'",
         "`", "\n", "\n\n", "| a | b |\n|--|:-:|\n", "## ", "> ", "- ", "**", "[", "](", ")", "![", "<u>", "</u>", "<br", "/", "\\",
         "甲", "。", "http://[", "http://a.cn：1", "[1]: ", "<div style=x>", "<template>", "<noscript>", "<textarea>", "\ufeff"]
    ),
    max_size=25,
).map("".join)  # fmt: skip
ANY = CLEAN | MARKS | HOSTILE

ALLOWED = {
    **{tag: set() for tag in ["p", "ul", "li", "blockquote", "hr", "pre", "code", "table", "thead", "tbody", "tr", "em", "strong", "br", "sub", "sup", "u", "cite", "ruby", "rb", "rt", "rp"]},
    **{f"h{level}": {"id"} for level in range(2, 7)},
    "ol": {"start"}, "a": {"href", "title", "class", "rel"}, "img": {"src", "alt", "title", "loading"}, "th": {"scope", "class"},
    "td": {"class"}, "div": {"class"}, "section": {"class", "tabindex", "aria-label"}, "abbr": {"title"}, "span": {"lang"},
}  # fmt: skip
"""What may stand in a page's body: written here again, so that a tag let in by mistake is noticed."""


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.other: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def html(source: str, files: dict[str, str] | None = None, citations: dict[str, str] | None = None) -> str:
    """The HTML of a source."""
    return to_html(Body(Prose.of(source), tuple((files or {}).items()), tuple((citations or {}).items()))).html


def assert_safe(text: str) -> None:
    """Only tags and attributes of the list, only addresses without code, no comments."""
    parser = _Tags()
    parser.feed(text)
    parser.close()
    assert parser.other == []
    for tag, attributes in parser.found:
        assert tag in ALLOWED
        assert set(attributes) <= ALLOWED[tag]
        for name in ("href", "src"):
            scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", (attributes.get(name) or "").lower())
            assert scheme is None or scheme[1] in {"http", "https", "mailto", "tel"}


# Chinese text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("应当**依法公开。**各单位", "应当<strong>依法公开。</strong>各单位"),
        ("甲**“乙”**丙", "甲<strong>“乙”</strong>丙"),
        ("**《办法》**自公布", "<strong>《办法》</strong>自公布"),
        ("甲*（乙）*丙", "甲<em>（乙）</em>丙"),
        ("**一、**甲", "<strong>一、</strong>甲"),
        ("甲：**乙；**", "甲：<strong>乙；</strong>"),
    ],
)
def test_bold_beside_chinese_punctuation_is_bold(source: str, expected: str) -> None:
    """Emphasis opens and closes beside Chinese punctuation, where CommonMark leaves the asterisks."""
    assert html(source) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("甲\n乙", "甲乙"),
        ("甲，\n乙。\n“丙”\n《丁》", "甲，乙。“丙”《丁》"),
        ("甲\nabc\n乙", "甲\nabc\n乙"),
        ("abc\ndef", "abc\ndef"),
        ("第1\n条", "第1\n条"),
        ("甲  \n乙", "甲<br>\n乙"),
        ("**重点**\n工作", "<strong>重点</strong>工作"),
        ("工作\n**重点**", "工作<strong>重点</strong>"),
        ("**甲\n乙**", "<strong>甲乙</strong>"),
        ("**甲**乙\n丙", "<strong>甲</strong>乙丙"),
        ("<u>甲</u>\n<u>乙</u>", "<u>甲</u><u>乙</u>"),
        ("[甲](/x/)\n乙", '<a href="/x/">甲</a>乙'),
        ("**甲\n**乙", "**甲\n**乙"),
        ("**a**\n乙", "<strong>a</strong>\n乙"),
        ("甲<br>\n乙", "甲<br>\n乙"),
        ("甲&amp;\n乙", "甲&amp;\n乙"),
        ("甲\n乙\n丙", "甲乙丙"),
    ],
)
def test_a_line_break_between_chinese_characters_is_no_space(source: str, expected: str) -> None:
    """A newline of the source vanishes between Chinese characters, emphasised or not, and stays a space elsewhere."""
    assert html(source) == f"<p>{expected}</p>"


def test_a_line_break_in_an_item_or_quotation_is_no_space() -> None:
    """Lists and quotations are text as well."""
    assert "甲乙" in html("- 甲\n乙")
    assert "甲乙" in html("> 甲\n> 乙")


def test_indents_and_rules_are_no_code_and_no_headings() -> None:
    """Four leading spaces make no code, and dashes under a line no heading."""
    assert html("    甲") == "<p>甲</p>"
    assert html("甲\n----") == "<p>甲</p>\n<hr>"


# Headings


def test_headings_have_anchors_and_are_listed() -> None:
    """Each heading has an anchor by its number, and the list names level, words and anchor."""
    rendered = to_html(Body(Prose.of("## 一、甲\n\n### **乙**丙\n\n## 丁")))
    assert rendered.headings == (
        Heading(2, "一、甲", "section-1"),
        Heading(3, "乙丙", "section-2"),
        Heading(2, "丁", "section-3"),
    )
    assert re.findall(r'<h(\d) id="([\w-]+)"', rendered.html) == [
        ("2", "section-1"),
        ("3", "section-2"),
        ("2", "section-3"),
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("## CO<sub>2</sub>减排", "CO2减排"),
        ("## A&amp;B", "A&B"),
        ("## 1\\. 甲\\*乙", "1. 甲*乙"),
        ("## 用 `a<b` 表示", "用 a<b 表示"),
        ("## 甲&nbsp;乙", "甲\xa0乙"),
    ],
)
def test_a_listed_heading_reads_as_it_looks(source: str, text: str) -> None:
    """In the table of contents a heading has its plain words, whatever tags, entities and escapes it is written with."""
    assert to_html(Body(Prose.of(source))).headings[0].text == text


def test_the_headings_of_one_body_do_not_stay_for_the_next() -> None:
    """A body without headings, even an empty one, lists none."""
    for source in ("", " ", "甲"):
        assert to_html(Body(Prose.of("## 甲"))).headings
        assert to_html(Body(Prose.of(source))).headings == ()


# Tables


def test_a_table_scrolls_by_itself_and_its_cells_have_classes() -> None:
    """A table stands in a labelled region that the keyboard reaches; alignment is a class and heads have a scope."""
    found = html("| 甲 | 乙 | 丙 |\n|:--|:-:|--:|\n| 1 | 2 | 3 |")
    assert found.startswith('<section aria-label="表格 1" class="table-scroll" tabindex="0">')
    assert re.findall("<th\\b[^>]*>", found) == [
        '<th scope="col">',
        '<th class="center" scope="col">',
        '<th class="right" scope="col">',
    ]
    assert re.findall("<td[^>]*>", found) == ["<td>", '<td class="center">', '<td class="right">']
    assert "style" not in found


def test_each_table_has_its_own_name_and_text_around_it_stays() -> None:
    """Tables are numbered, and what stands before, between and after them keeps its order."""
    table = "| 甲 |\n|---|\n| 1 |"
    found = html(f"前\n\n{table}\n\n中\n\n{table}\n\n后")
    assert re.findall('aria-label="([^"]+)"', found) == ["表格 1", "表格 2"]
    assert re.sub(r"<[^>]+>|\s", "", found) == "前甲1中甲1后"


# Files and links


@pytest.mark.parametrize(
    "target", ["files/a_b&c.pdf", "files/a\\_b&amp;c.pdf", "<files/a_b&#38;c.pdf>", "files/a_b&c.pdf '题'"]
)
def test_a_file_is_found_however_its_name_is_written(target: str) -> None:
    """A name with a backslash or an entity is the name that it stands for."""
    assert 'href="/files/1/x.pdf"' in html(f"[甲]({target})", {"a_b&c.pdf": "/files/1/x.pdf"})


def test_files_get_the_addresses_that_never_change() -> None:
    """Links and images of files lead to the file's address; an image waits until it is scrolled to."""
    found = html("[甲](files/a.pdf)![乙](files/b.png)", {"a.pdf": "/files/1/a.pdf", "b.png": "/files/2/b.png"})
    assert found == '<p><a href="/files/1/a.pdf">甲</a><img alt="乙" loading="lazy" src="/files/2/b.png"></p>'


def test_links_to_other_sites_are_marked() -> None:
    """A link to another site has its class and gives away no opener; links within the site have neither."""
    found = html("[甲](https://a.cn)[乙](/news/a/)[丙](#section-1)<https://b.cn>")
    assert found.count('class="external"') == found.count('rel="noopener external"') == 2
    assert '<a href="/news/a/">乙</a><a href="#section-1">丙</a>' in found


@pytest.mark.parametrize("target", ["http://[a", "https://www.a.cn：8080/b", "https://www.a.cn？a=b"])
def test_an_address_that_cannot_be_taken_apart_does_not_raise(target: str) -> None:
    """A link with a full-width colon or question mark is converted; the rules refuse it."""
    assert "甲" in html(f"[甲]({target})")


# Citations

CITED = {"《办法》": "/entries/a/", "《办法》（试发〔2025〕1号）": "/entries/b/", "试发〔2025〕1号": "/entries/c/"}


def test_citations_become_links() -> None:
    """Each cited text is a link, all of them, in paragraphs, emphasis, lists, quotations and tables."""
    found = html(
        "依《办法》、**《办法》**和试发〔2025〕1号\n\n- 《办法》\n\n> 《办法》\n\n| 《办法》 |\n|---|\n| 《办法》 |",
        None,
        CITED,
    )
    assert found.count('<a class="citation" href="/entries/a/">《办法》</a>') == 6
    assert '和<a class="citation" href="/entries/c/">试发〔2025〕1号</a></p>' in found


def test_the_longest_citation_wins() -> None:
    """A title with its number is one citation, not two."""
    found = html("依《办法》（试发〔2025〕1号）、《办法》甲", None, CITED)
    assert found == (
        '<p>依<a class="citation" href="/entries/b/">《办法》（试发〔2025〕1号）</a>、'
        '<a class="citation" href="/entries/a/">《办法》</a>甲</p>'
    )


@pytest.mark.parametrize(
    "source", ["[见《办法》](/x/)", "## 依《办法》", "`《办法》`", "![《办法》](files/a.png)", "[**《办法》**](/x/)"]
)
def test_citations_are_not_linked_where_a_link_cannot_stand(source: str) -> None:
    """Within a link, a heading, code or a text alternative a citation stays text."""
    found = html(source, None, CITED)
    assert "citation" not in found
    assert "《办法》" in found


def test_citations_after_links_and_line_breaks_are_found() -> None:
    """Text behind a link, and a title that goes over a line's end, are text like any other."""
    assert html("[甲](/x/)依《办\n法》乙", None, CITED) == (
        '<p><a href="/x/">甲</a>依<a class="citation" href="/entries/a/">《办法》</a>乙</p>'
    )


def test_citations_are_taken_literally() -> None:
    """Characters with a meaning in patterns have none in a citation."""
    assert html("甲(.*)乙", None, {"(.*)": "/x/"}) == '<p>甲<a class="citation" href="/x/">(.*)</a>乙</p>'
    assert "citation" not in html("甲乙", None, {"甲.": "/x/"})


# The last defence


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<script>alert(1)</script>甲", "<p>&lt;script&gt;alert(1)&lt;/script&gt;甲</p>"),
        ("甲<!-- 乙 -->丙", "<p>甲&lt;!-- 乙 --&gt;丙</p>"),
        ("甲<!-- 乙\n\n丙 -->", "<p>甲&lt;!-- 乙</p>\n<p>丙 --&gt;</p>"),
        ("<b onclick=x>甲</b>", "<p>&lt;b onclick=x&gt;甲&lt;/b&gt;</p>"),
        ("甲</u></div>乙", "<p>甲&lt;/div&gt;乙</p>"),
        ('<img\nsrc="//e.cn/x.png">', '<p>&lt;img\nsrc="//e.cn/x.png"&gt;</p>'),
        ("<img/src=//e.cn/x>", "<p>&lt;img/src=//e.cn/x&gt;</p>"),
        ("<a:b><?php x ?><![CDATA[x]]>", "<p>&lt;a:b&gt;&lt;?php x ?&gt;&lt;![CDATA[x]]&gt;</p>"),
        ("<b title='&lt;*x*'>", "<p>&lt;b title='&amp;lt;*x*'&gt;</p>"),
        ('<span lang="en" onclick="y">甲</span>', '<p>&lt;span lang="en" onclick="y"&gt;甲</p>'),
    ],
)  # fmt: skip
def test_raw_html_outside_the_list_is_visible_text(source: str, expected: str) -> None:
    """What the rules refuse is shown as it was written: nothing works, and nothing is lost unseen."""
    assert html(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<u>甲", "<p><u>甲</u></p>"),
        ('<SPAN LANG="en">甲</span><br/>乙', '<p><span lang="en">甲</span><br>乙</p>'),
        ("[甲](javascript:x)", "<p><a>甲</a></p>"),
        ("[甲](JaVa&#83;cript:x)", "<p><a>甲</a></p>"),
        ("[甲](data:text/html,x)", "<p><a>甲</a></p>"),
    ],
)  # fmt: skip
def test_what_is_left_is_cleaned(source: str, expected: str) -> None:
    """Allowed tags are closed and written uniformly, and code in links goes."""
    assert html(source) == expected


@pytest.mark.parametrize(
    "address", ["https://e.cn/x.png", "//e.cn/x.png", "/x.png", "data:image/png;base64,x", "files/b.png", "x.png"]
)
def test_an_image_comes_from_the_files_of_the_site_alone(address: str) -> None:
    """An image from elsewhere keeps its words and loses its address, so that no page asks another site."""
    assert html(f"![甲]({address})") == '<p><img alt="甲" loading="lazy"></p>'


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<svg><script>x</script></svg>",
        "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>", "<iframe srcdoc='<script>x</script>'>", "<a href='javascript:x'>甲",
        "<a href=' java\nscript:x'>甲", "<style>@import 'x'</style>", "<link rel=stylesheet href=x>", "<meta http-equiv=refresh>",
        "<base href=//e.cn>", "<form action=x><input>", "<object data=x>", "<!--><script>x</script>-->", "<noscript><p title='</noscript><img src=x onerror=x>'>",
        "<template><script>x</script></template>", "<div style='position:fixed'>甲", "<u onmouseover=x>甲", "<p", "<a href=\"", "<![CDATA[<script>x</script>]]>",
        "<?xml x?>", "<scr<script>ipt>x</script>", "<ScRiPt>x</sCrIpT>", "<video autoplay src=x>", "<details ontoggle=x open>", "<svg><style><img src=x onerror=x>",
        "[a](<javascript:x>)", "[a]: javascript:x\n\n[a]", "![a](javascript:x)", "<javascript:alert(1)>", "[x](vbscript:x)", "<a\nhref=javascript:x>甲</a>",
    ],
)  # fmt: skip
def test_hostile_input_comes_out_safe(source: str) -> None:
    """No known way to bring in a script, a style, a handler or a foreign element gets through, in a paragraph or alone."""
    for text in (source, f"甲{source}乙", f"| a |\n|---|\n| {source} |", f"## {source}", f"- {source}\n\n> {source}"):
        assert_safe(html(text))


@pytest.mark.parametrize("source", ["&#1;", "甲&#x0b;乙", "&#x7f;", "&#xfffe;", "&#0;", "[甲](/a&#2;b)", "`&#1;`"])
def test_no_control_character_comes_out_of_an_entity(source: str) -> None:
    """A control character written as an entity does not reach pages and feeds, where it would break the XML."""
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", html(source))


@pytest.mark.parametrize(
    "source", ["- " * 600 + "甲", "1. " * 600 + "甲", "> " * 600 + "甲", "**" * 600, "[" * 3000, "<u>" * 600]
)
def test_deep_nesting_does_not_raise(source: str) -> None:
    """A line of list marks, as a damaged file may hold, is converted and not the end of the build."""
    assert_safe(html(source))


@pytest.mark.parametrize("source", ["- " * 600 + "甲", "1. " * 600 + "甲"])
def test_a_body_that_cannot_be_converted_is_shown_as_written(source: str) -> None:
    """Nothing of it is lost, and the next body is read as if it had never been."""
    before = to_html(Body(Prose.of("甲\n\n- 乙")))
    assert unescape(re.sub("<[^>]+>", "", html(source + "<b>"))) == source + "<b>"
    assert to_html(Body(Prose.of("甲\n\n- 乙"))) == before


def test_lists_nested_through_blank_lines_do_not_raise() -> None:
    """However deep items stand in one another over many blocks, with citations too, there is some HTML."""
    source = "\n\n".join(" " * 4 * level + "- 《办法》" for level in range(400))
    assert html(source, None, CITED).count("《办法》") == 400


# 署名 and 成文日期


@pytest.mark.parametrize(
    "source",
    [
        "某某局<br>2026年3月1日",
        "某某局  \n2026年3月1日",
        "某某局\n2026年3月1日",
        "2026年3月1日",
        "某某局　2026年3月1日",
        "**某某局**<br/>2026年3月1日",
    ],
)
def test_organ_and_date_at_the_end_are_a_signature(source: str) -> None:
    """The organ with the date below it, or the date alone, is one paragraph that stands to the right."""
    assert html(f"正文。\n\n{source}").count('<p class="signature">') == 1


def test_organ_and_date_in_two_paragraphs_are_a_signature() -> None:
    """Organ and date one after the other stand to the right both, and the sentence before them does not."""
    assert html("正文。\n\n某某局\n\n2026年3月1日") == (
        '<p>正文。</p>\n<p class="signature">某某局</p>\n<p class="signature">2026年3月1日</p>'
    )


@pytest.mark.parametrize(
    "source",
    [
        "有效期至2028年3月1日",
        "截止时间：2026年3月1日",
        "自2026年3月1日起施行。",
        "经审议通过，现予公布，\n2026年3月1日",
        "2026年3月1日至2日",
        "- 某某局\n- 2026年3月1日",
    ],
)
def test_a_sentence_that_ends_in_a_date_is_no_signature(source: str) -> None:
    """A date within or at the end of a sentence signs nothing."""
    assert "signature" not in html(f"正文。\n\n{source}")


def test_a_date_far_above_the_end_is_no_signature() -> None:
    """Only the last paragraphs sign a text."""
    assert "signature" not in html("2026年3月1日\n\n" + "正文。\n\n" * 4)


@settings(deadline=None, max_examples=300)
@given(ANY)
def test_any_source_gives_safe_html(source: str) -> None:
    """Whatever the source, converting raises nothing, twice gives the same, and only the allow-list comes out."""
    first = to_html(Body(Prose.of(source)))
    assert_safe(first.html)
    assert to_html(Body(Prose.of(source))) == first


@settings(deadline=None)
@given(
    ANY,
    st.dictionaries(st.sampled_from(["甲", "甲。", "《", "alert(1)", "a", "<u>"]), st.just("/entries/a/"), max_size=3),
)
def test_citations_never_break_the_html(source: str, citations: dict[str, str]) -> None:
    """Whatever is cited wherever, the words stay the same and the HTML safe."""
    plain, linked = html(source), html(source, None, citations)
    assert_safe(linked)
    assert re.sub("<[^>]+>", "", linked) == re.sub("<[^>]+>", "", plain)


@settings(deadline=None)
@given(ANY)
def test_every_heading_listed_stands_in_the_html(source: str) -> None:
    """The list of headings and the anchors of the HTML are the same, in order."""
    rendered = to_html(Body(Prose.of(source)))
    assert re.findall('<h[2-6] id="(section-[0-9]+)"', rendered.html) == [
        heading.anchor for heading in rendered.headings
    ]
