"""Plain paragraphs, and the writing of the tree: what they give is what python-markdown gives alone, text for text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from markup.test_triggers import _bodies
from portal.markup import parser, scan
from portal.markup.body import Body, Rendered
from portal.markup.convert import to_html
from portal.markup.parser import in_order, parse
from portal.markup.plain import Plain
from portal.markup.prose import Prose

Shown = tuple[Rendered, list[tuple[str, str, bool]] | None]


def _shown(source: str) -> Shown:
    """The HTML, and what the rules see of links and tags as they are written."""
    document = parse(source)
    marks = [
        (element.tag, document.written[element], begins)
        for element, begins, _ in in_order(document.root)
        if element in document.written
    ] if document else None  # fmt: skip
    return to_html(Body(Prose.of(source))), marks


class _Alone:
    """python-markdown with all its own steps: no line is plain, the tree is walked three times to be written."""

    def __init__(self) -> None:
        extension = parser._Official()
        md = Markdown(extensions=["tables", "sane_lists", extension], output_format="html")
        md.parser.blockprocessors.deregister("plain")
        self._pair = md, extension

    def __call__(self) -> tuple[Markdown, parser._Official]:
        return self._pair

    def cache_clear(self) -> None:
        """The parser that failed is replaced."""
        self.__init__()  # type: ignore[misc]  # a new one of the same kind is all that is wanted


@pytest.fixture(scope="module")
def alone() -> _Alone:
    """The parser to compare with."""
    return _Alone()


def _is_the_same(source: str, alone: _Alone) -> None:
    shown = _shown(source)
    scan._look.cache_clear()
    scan._parsed.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parser, "_parser", alone)
        assert shown == _shown(source)


def test_real_texts_are_shown_alike(alone: _Alone) -> None:
    """Every text of the demo, the documentation and, where it is there, the corpus."""
    for source in _bodies():
        _is_the_same(source[:8000], alone)


MARKS = [
    "甲", "乙丙丁", "。", "，", "（", "）", "《", "》", "**", "*", "_", "[", "](", "](/a/b)", "](x y)", ")", "`", "\\", "!", "#",
    "## ", "1", "1. ", "-", "- ", "+ ", "> ", " ", "  ", "\n", "\n\n", "\n\n", "\n \n", "|", "| 甲 | 乙 |\n|---|---|\n", "<b>", "<br>",
    "&amp;", "&", "<", ">", "a", "http://a.cn", "~", "=", ":", "[a]: x", "\t", "①", "２", '"', "'", "“", "”", "；", "[甲](/b/)",
    "**甲**", "[甲](https://a.cn/b_c?d=e)", "\n    ", "![甲](files/a.png)", "2026年1月2日",
]  # fmt: skip


@settings(max_examples=1500)
@given(st.lists(st.sampled_from(MARKS), min_size=1, max_size=16).map("".join))
def test_any_text_is_shown_alike(source: str) -> None:
    """Whatever marks a text is made of, in whatever order."""
    _is_the_same(source, _ALONE)


_ALONE = _Alone()


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("各单位要认真落实。", True),
        ("应当**依法公开。**各单位", True),
        ("**第一条**　为了规范", True),
        ("见[办法](/entries/a/)和[网站](https://a.cn/b_c?d=1)。", True),
        ("（一）加强领导", True),
        ("A级单位", True),
        ("", False),
        (" 缩进", False),
        ("两行\n一段", False),
        ("1. 编号", False),
        ("2026年起", False),
        ("- 列表", False),
        ("甲 ", False),
        ("***甲***", False),
        ("甲** 乙**", False),
        ("![图](files/a.png)", False),
        ("[甲](a b)", False),
        ("[甲]: /b", False),
        ("甲`乙`", False),
        ("甲<b>", False),
        ("甲\\*", False),
        ("甲&amp;", False),
    ],
)
def test_what_is_plain(line: str, plain: bool) -> None:
    """Words, whole bold words and simple links, in a line that can be nothing but a paragraph."""
    _, extension = parser._parser()
    assert extension.plain.plain.is_plain(line) is plain
    if plain:
        assert "".join(piece.text for piece in extension.plain.plain.pieces(line))


def test_a_pattern_of_which_nothing_can_be_said_leaves_nothing_plain() -> None:
    """Where another pattern might match anywhere, every line goes the long way."""
    assert not Plain([re.compile("`"), re.compile(r"\d+")]).is_plain("各单位")
