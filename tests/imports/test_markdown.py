"""Plain text as Markdown."""

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.imports.markdown import escape, plain

markdown = pytest.importorskip("markdown", reason="python-markdown (apt: python3-markdown, PyPI: markdown) is missing")
LINE = st.text(
    alphabet=st.one_of(
        st.sampled_from("\\`*_{}[]()<>#+-.!&|:=~^$%12 中文《》（）/;a"), st.characters(categories=["Lo", "P", "S"])
    ),
    min_size=1,
    max_size=40,
).map(str.strip)


@given(LINE.filter(bool))
@example("9．麦角酸*")
@example("*甲*和_乙_")
@example("1. 北纬33度")
@example("# 不是标题")
@example("---")
@example("<script>alert(1)</script>")
@example("A&lt;B")
@example("[甲](乙)")
@example("[甲]: 乙")
@example("![甲](乙)")
@example(": 甲")
@example("| 甲 | 乙 |")
@example("***")
def test_escaped_text_renders_as_itself(text: str) -> None:
    """python-markdown shows exactly the characters of the source, in one paragraph."""
    rendered = markdown.markdown(escape(text), extensions=["tables", "sane_lists", "def_list", "abbr", "attr_list"])
    assert re.fullmatch(r"<p>[^<]*</p>", rendered), rendered
    assert html.unescape(rendered[3:-4]) == text


@given(LINE.filter(bool))
def test_escaping_can_be_undone(text: str) -> None:
    """plain is the inverse of escape."""
    assert plain(escape(text)) == text
