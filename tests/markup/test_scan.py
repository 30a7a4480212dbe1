"""Finding links, raw HTML and headings in Markdown source."""

from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.markup import scan
from portal.markup.parser import Document, parse, render
from portal.markup.prose import Prose

MARKS = st.lists(
    st.sampled_from([*"[]()<>!`#\\\"' \n*|", "](", "files/", "<b", "甲", "a.pdf", "<!--", "-->", "http://"]),
    max_size=40,
).map("".join)


def test_links_and_images_have_their_place() -> None:
    """Each inline link is found in order with its text, target, line and column."""
    found = scan.links('甲[乙](files/a.pdf)\n\n![丙](files/b.png "题")、[](/news/a/)[丁]( <https://a.cn> )')
    assert [(link.image, link.text, link.target, link.line, link.column) for link in found] == [
        (False, "乙", "files/a.pdf", 1, 2),
        (True, "丙", "files/b.png", 3, 1),
        (False, "", "/news/a/", 3, 23),
        (False, "丁", "https://a.cn", 3, 35),
    ]


def test_only_files_of_the_site_are_files() -> None:
    """A target below files/ is a file of the site under the name that follows; others are none."""
    found = scan.links("[a](files/2026/a.pdf)[b](/files/b.pdf)[c](https://a.cn/files/c.pdf)[d](#files/)")
    assert [link.file for link in found] == ["2026/a.pdf", None, None, None]


def test_each_file_is_named_once_in_order() -> None:
    """A file that a body names twice is one file."""
    assert Prose.of("![b](files/b.png)\n[a](files/a.pdf)\n[b](files/b.png)").files == ("b.png", "a.pdf")


@pytest.mark.parametrize(
    "text", ["[a] (files/a.pdf)", "`[a](files/a.pdf)`", "\\[a](files/a.pdf"[:-1], "[a]", "files/a.pdf"]
)
def test_what_is_no_link_is_not_found(text: str) -> None:
    """Code and brackets alone are no links."""
    assert scan.links(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[甲](files/附件(1).pdf)", "附件(1).pdf"),
        ("[甲](files/附 件.pdf)", "附 件.pdf"),
        ("[甲](<files/附 件.pdf>)", "附 件.pdf"),
        ("[附件[1]](files/a.pdf)", "a.pdf"),
        ("[甲](files/a.pdf '题')", "a.pdf"),
        ("[甲\n乙](files/a.pdf)", "a.pdf"),
        ("[甲][1]\n\n[1]: files/a.pdf", "a.pdf"),
    ],
)
def test_every_form_in_which_markdown_links_a_file_is_found(text: str, name: str) -> None:
    """Whatever python-markdown turns into a link to a file names that file, so that the file is checked and published."""
    assert Prose.of(text).files == (name,)


def test_raw_html_has_its_place() -> None:
    """Tags, closing tags and comments are found in order with line and column, names in lower case."""
    found = scan.tags('甲<BR>\n<span lang="en">x</span><!-- 乙 -->\n<br/><a href=b />')
    assert [(tag.name, tag.attributes, tag.line, tag.column) for tag in found] == [
        ("br", "", 1, 2),
        ("span", 'lang="en"', 2, 1),
        ("span", "", 2, 18),
        ("!--", "", 2, 25),
        ("br", "", 3, 1),
        ("a", "href=b /", 3, 6),
    ]


@pytest.mark.parametrize(
    "text", ["1 < 2 > 0", "<https://a.cn>", "<a@b.cn>", "`<b>`", "&lt;b&gt;", "<甲>", "<", "< b>", "``<b>``", "a<b"]
)
def test_what_is_no_html_is_not_found(text: str) -> None:
    """Comparison signs, autolinks, code and Chinese in angle brackets are text."""
    assert scan.tags(text) == []


def test_headings_have_their_level_and_line() -> None:
    """Every heading that begins a line is found; a hash elsewhere is none."""
    found = scan.headings("# 一\n##二\n甲 # 乙\n###### 六\n #缩进\n")
    assert [(mark.level, mark.line) for mark in found] == [(1, 1), (2, 2), (6, 4)]


@given(MARKS)
def test_places_lie_within_the_text(text: str) -> None:
    """Whatever the text, what is found stands where it is said to stand."""
    lines = text.split("\n")
    for link in scan.links(text):
        assert lines[link.line - 1][link.column - 1] in "[!<"
    for tag in scan.tags(text):
        assert lines[tag.line - 1][tag.column - 1] == "<"
    for mark in scan.headings(text):
        assert "#" * mark.level in lines[mark.line - 1]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("`[a](files/a.pdf)`\n\n[a](files/a.pdf)", 3, 1),
        ("\\[a](files/a.pdf)\n[a](files/a.pdf)", 2, 1),
        ("[1]: files/a.pdf\n\n甲[1]", 3, 2),
        ("[甲\n乙](files/a.pdf) 丙", 1, 1),
        ("甲`一\n二`丙\n[`[`](files/a.pdf)", 3, 1),
        ("> 甲\n> 乙[丙\n> 丁](files/a.pdf)", 2, 4),
        ("- 甲\n\n    - 乙**[a](files/a.pdf)**", 3, 10),
        ("| 甲 | 乙 |\n|---|---|\n| 1 | [a](files/a.pdf) |", 3, 7),
        ("[![图](/x/)](/x/) ![图](/x/)\n[a](files/a.pdf)", 2, 1),
    ],
)
def test_a_file_is_found_at_its_line(text: str, line: int, column: int) -> None:
    """Code, backslashes, definitions and marks of quotations before it do not shift the place of a link."""
    (link,) = (each for each in scan.links(text) if each.file)
    assert (link.line, link.column) == (line, column)


def test_a_backslash_does_not_hide_a_tag() -> None:
    """`\\<` is no escape in Markdown: the tag behind it is found where it stands."""
    assert [(tag.name, tag.line, tag.column) for tag in scan.tags("甲\n\\<b>")] == [("b", 2, 2)]


def test_headings_within_quotations_and_lists_are_found() -> None:
    """A heading in a quotation, a list or under a table has its line, with its words."""
    text = "> # 一\n\n- ## 二\n\n1. 甲\n\n    ### 三\n\n| # 甲 | 乙 |\n|---|---|\n\n#### 四"
    assert [(mark.level, mark.line, mark.text) for mark in scan.headings(text)] == [
        (1, 1, "一"),
        (2, 3, "二"),
        (3, 7, "三"),
        (4, 12, "四"),
    ]


def rendered(text: str) -> Document:
    """The document that the page is made of."""
    seen: list[Document] = []
    assert render(text, seen.append) is not None
    return seen[0] if seen else Document(Element("div"))


LINES = st.lists(
    st.sampled_from(["#", "##", "## ", " ", "    ", "\\", "- ", "1. ", "> ", "|", "---|---", "\n", "\n\n", "甲", "*", "`", "\t", "# 乙 #", "[1]: ", "\r", "\x02"]),
    max_size=14,
).map("".join)  # fmt: skip


@settings(deadline=None, max_examples=500)
@given(LINES | MARKS)
def test_headings_found_without_parsing_are_those_of_the_parser(text: str) -> None:
    """The look at the characters and the parser agree on every heading: its level and its words."""
    document = parse(text)
    assert document is not None
    parsed = [(int(element.tag[1]), words.split()) for element, words in document.headings.items()]
    assert [(mark.level, mark.text.split()) for mark in scan.headings(text)] == parsed


@settings(deadline=None, max_examples=500)
@given(LINES | MARKS | st.lists(st.sampled_from(["[", "]", "(", ")", "<b>", "&#1;", "**", "_", "`", "甲", "\n", "!", "](", ": ", "x", "- ", "\\", "\x02"])).map("".join))  # fmt: skip
def test_what_is_found_is_what_is_rendered(text: str) -> None:
    """Links, images and raw HTML are those of the whole parse, whatever is skipped on the way."""
    document = rendered(text)
    elements = [element for element in document.root.iter() if element.tag in {"a", "img"}]
    assert [link.image for link in scan.links(text)] == [element.tag == "img" for element in elements]
    assert len(scan.tags(text)) == sum(written.startswith("<") for written in document.stashed)
