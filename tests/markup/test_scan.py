"""Finding links, raw HTML and headings in Markdown source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.markup import scan

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
    assert scan.files("![b](files/b.png)\n[a](files/a.pdf)\n[b](files/b.png)") == ("b.png", "a.pdf")


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
    assert scan.files(text) == (name,)


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
        assert lines[link.line - 1][link.column - 1] in "[!"
    for tag in scan.tags(text):
        assert lines[tag.line - 1][tag.column - 1] == "<"
    for mark in scan.headings(text):
        assert lines[mark.line - 1].startswith("#" * mark.level)
