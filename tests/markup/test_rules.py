"""What a body may not hold, with places in the source file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markup.test_scan import MARKS
from portal.markup.html import ALLOWED_TAGS
from portal.markup.rules import body_problems
from portal.problems import Problem


def found(body: str, first_line: int = 1) -> list[Problem]:
    """The problems of a body that starts on a line of its file."""
    return list(body_problems(body, "content/news/a.md", first_line))


def brief(body: str) -> list[tuple[str, int, int]]:
    """Code, line and column of each problem."""
    return [(problem.code, problem.place.line, problem.place.column) for problem in found(body)]


def test_a_good_body_has_no_problem() -> None:
    """Headings, lists, tables, links, files, code and the few allowed tags are accepted."""
    body = (
        "段落**重点**，H<sub>2</sub>O、m<sup>2</sup><br>换行<br/>，<u>下划线</u>、<cite>书</cite>。\n\n## 一、甲\n\n### （一）乙\n\n"
        "## 二、丙\n\n- [网址](https://a.cn)、[站内](/entries/a/)、[锚](#section-1)、[邮件](mailto:a@b.cn)、[电话](tel:12345)\n"
        "- [附件](files/a.pdf)\n\n![图](files/a.png)\n\n| 甲 | 乙 |\n|---|--:|\n| 1 | 2 |\n\n> 引文，1 < 2，`<b>`。\n\n"
        '<ruby><rb>漢</rb><rp>(</rp><rt>hàn</rt><rp>)</rp></ruby> <abbr title="GDP">国内生产总值</abbr> '
        '<span lang="en">R&D</span> <SPAN LANG=en>x</SPAN>\n'
    )
    assert found(body) == []
    assert found("") == []


def test_the_place_is_that_of_the_file() -> None:
    """Lines count from the head of the file, not of the body, and the field is 正文."""
    (problem,) = found("甲\n\n乙<b>丙", 9)
    assert str(problem.place) == "content/news/a.md:11:2"
    assert problem.field == "正文"


# Raw HTML


@pytest.mark.parametrize(
    "tag", ["<b>", "</b>", "<script>", "<style>", "<svg onload=x>", "<div class='a'>", "<img src=x>", "<a href='/'>", "<h1/>",
            "<!-- 注", "<iframe src=x>", "<font color=red>", "<p>", "<table>", "<custom-tag>", "<B >"],
)  # fmt: skip
def test_raw_html_is_refused_with_its_place(tag: str) -> None:
    """Every tag outside the short list, and a comment, is refused where it stands, with the list in the remedy."""
    assert brief(f"甲\n\n乙{tag}丙") == [("html", 3, 2)]
    remedy = found(tag)[0].remedy
    assert all(name in remedy for name in ALLOWED_TAGS)


@pytest.mark.parametrize(
    "tag",
    ['<span class="x">', '<span lang="en" onclick="x">', "<br style=x>", '<abbr title="x" id=y>', "<u onmouseover=x>",
     '<sub title="x">', "<cite onload>"],
)  # fmt: skip
def test_attributes_outside_the_list_are_refused(tag: str) -> None:
    """An allowed tag with another attribute is refused, and the attribute is named."""
    assert brief(tag) == [("html", 1, 1)]
    assert "属性" in found(tag)[0].what


@pytest.mark.parametrize(
    "body",
    [
        '<img\nsrc="https://e.cn/x.png">',
        "<img/src=//e.cn/x.png>",
        '<img alt="a<b" src="https://e.cn/x.png">',
        "<svg/onload=alert(1)>",
        '<a title="x\ny" href="https://e.cn">甲</a',
        "<a:b>",
        "<?php x ?>",
        "甲<![CDATA[x]]>",
        "\\`<b>\\`",
        "甲<b\nclass=x>乙",
    ],
)
def test_every_form_that_markdown_takes_for_html_is_refused(body: str) -> None:
    """A tag over two lines, with a slash for a space, a processing instruction and the like are raw HTML too."""
    assert [problem.code for problem in found(body)] == ["html"]


def test_code_over_two_lines_is_no_html() -> None:
    """What stands in a code span that goes over a line's end is quoted, not markup."""
    assert found("甲`a\n<b>\n`乙") == []


# Headings


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("# 甲", [1]),
        ("## 甲\n\n# 乙\n\n# 丙", [3, 5]),
        ("### 甲", [1]),
        ("## 甲\n\n#### 乙\n\n##### 丙", [3]),
        ("## 甲\n\n### 乙\n\n## 丙\n\n#### 丁", [7]),
        ("甲\n#乙", [2]),
        ("> # 甲", [1]),
        ("- # 甲", [1]),
    ],
)
def test_headings_begin_at_two_and_skip_no_level(body: str, lines: list[int]) -> None:
    """A heading of the first level, in a quotation or list too, or a skipped level is refused at its line."""
    assert brief(body) == [("heading", line, 1) for line in lines]


def test_going_back_up_skips_no_level() -> None:
    """After a deep heading any higher one may follow, and the same again."""
    assert found("## 甲\n\n### 乙\n\n#### 丙\n\n## 丁\n\n## 戊\n\n### 己") == []


@pytest.mark.parametrize("body", ["##", "## ", "甲\n\n###  "])
def test_an_empty_heading_is_refused_as_empty(body: str) -> None:
    """A heading without words is refused, and not for a level that it does not have."""
    (problem,) = found("## 甲\n\n" + body)
    assert problem.code == "heading"
    assert "一级" not in problem.what


# Images and links


@pytest.mark.parametrize("body", ["![](files/a.png)", "![ ](files/a.png)", "![　](files/a.png)"])
def test_an_image_needs_its_text_alternative(body: str) -> None:
    """An image without words for those who do not see it is refused."""
    assert brief("甲\n乙" + body) == [("image-alt", 2, 2)]


@pytest.mark.parametrize(
    "target",
    [
        "https://e.cn/x.png",
        "/x.png",
        "x.png",
        "//e.cn/x.png",
        "data:image/png;base64,x",
        "javascript:x",
        "../files/x.png",
    ],
)
def test_an_image_is_a_file_of_the_site(target: str) -> None:
    """An image from elsewhere would be a request to a third party."""
    assert brief(f"甲![图]({target})") == [("image-source", 1, 2)]


@pytest.mark.parametrize(
    "body",
    [
        "![图[1]](https://e.cn/x.png)",
        "![图][1]\n\n[1]: https://e.cn/x.png",
        "![1]\n\n[1]: https://e.cn/x.png",
        "![图\n一](https://e.cn/x.png)",
        "![图](https://e.cn/x.png 'x')",
        "![图](https://e.cn/x y.png)",
        "![图](https://e.cn/(x).png)",
        "![图](files/)",
    ],
)
def test_an_image_from_elsewhere_is_refused_however_it_is_written(body: str) -> None:
    """Brackets in the text, a reference, a line's end, a title in single quotes: the image is found all the same."""
    assert [problem.code for problem in found(body)] == ["image-source"]


@pytest.mark.parametrize(
    "target",
    ["", "#", "www.a.cn", "a.html", "../a/", "//e.cn/", "javascript:alert", "JavaScript:x", "data:text/html,x", "ftp://a.cn", "https://",
     "vbscript:x", "mailto:", "java&#115;cript:x", "files"],
)  # fmt: skip
def test_a_link_that_leads_nowhere_or_runs_code_is_refused(target: str) -> None:
    """Only http, https, mail, telephone, addresses of the site and its files are link targets."""
    assert brief(f"甲[乙]({target})") == [("link", 1, 2)]


@pytest.mark.parametrize(
    "body", ["[附件[1]](javascript:x)", "[甲][1]\n\n[1]: javascript:x", "[甲\n乙](javascript:x)", "[甲](files/)"]
)
def test_a_wrong_link_is_refused_however_it_is_written(body: str) -> None:
    """Brackets in the text, a reference, a line's end: the link is found all the same."""
    assert [problem.code for problem in found(body)] == ["link"]


@pytest.mark.parametrize("target", ["http://[a", "https://www.a.cn：8080/b", "https://www.a.cn？a=b", "https://a＃b"])
def test_an_address_that_cannot_be_taken_apart_is_a_problem(target: str) -> None:
    """A full-width colon or question mark in an address is refused, not raised."""
    assert brief(f"[甲]({target})") == [("link", 1, 1)]


# Nesting and control characters


@pytest.mark.parametrize("body", ["- " * 600 + "甲", "1. " * 9 + "甲", "> " * 9 + "甲", "> - 1. " * 3 + "甲"])
def test_lists_in_lists_without_end_are_refused(body: str) -> None:
    """More than eight lists and quotations in one another are a slip, and are refused at their line."""
    assert brief("甲\n\n" + body) == [("nesting", 3, 1)]


@pytest.mark.parametrize("body", ["- " * 8 + "甲", " " * 60 + "甲", "- 甲\n\n" + "    " * 10 + "乙", "1. 甲\n" * 30])
def test_some_nesting_and_any_indent_is_accepted(body: str) -> None:
    """Eight levels are enough for every text, and spaces alone nest nothing."""
    assert found(body) == []


def test_lists_nested_over_blank_lines_are_refused() -> None:
    """Depth counts over blocks, too."""
    assert brief("\n\n".join("    " * level + "- 甲" for level in range(9))) == [("nesting", 17, 1)]


@pytest.mark.parametrize(
    "body", ["&#1;", "&#x0b;", "&#127;", "&#0;", "&#xFFFE;", "&#xD800;", "[乙](/a&#2;b)", '<abbr title="&#1;">']
)
def test_a_control_character_is_refused(body: str) -> None:
    """An entity for a character that nobody sees is refused where it stands, in text and in addresses."""
    assert brief("甲\n甲" + body) == [("control-character", 2, 2)]


@pytest.mark.parametrize("body", ["&#20013;", "&#x4e2d;", "&nbsp;&amp;&#10;", "`&#1;`", "&#150;"])
def test_other_entities_are_accepted(body: str) -> None:
    """A character that is seen may be written as an entity, and code may quote any."""
    assert found(body) == []


# Anything


@settings(deadline=None)
@given(MARKS | st.text(), st.integers(1, 40))
def test_any_body_has_problems_or_none(body: str, first_line: int) -> None:
    """Whatever the body, the rules raise nothing, and each problem lies within it."""
    for problem in found(body, first_line):
        assert first_line <= problem.place.line <= first_line + body.count("\n")
        assert problem.remedy


@settings(deadline=None)
@given(MARKS)
def test_the_rules_are_deterministic(body: str) -> None:
    """The same body has the same problems."""
    assert found(body) == found(body)
