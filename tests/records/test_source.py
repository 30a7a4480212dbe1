"""Texts taken apart: YAML with places, front matter, and what is not well-formed."""

import subprocess
import sys
from contextlib import suppress

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.problems import Problem
from portal.records.reading import read_file
from portal.records.source import Fields, Items, Node, Scalar, Unreadable, compose, decode, plain, split_markdown

PRINTABLE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\n\t '\"#:")
)
TREES = st.recursive(
    PRINTABLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PRINTABLE, inner, max_size=4), max_leaves=8
)
YAMLISH = st.lists(
    st.sampled_from(["- ", "  ", "\n", ": ", "：", "[", "]", "{", "}", "&a ", "*a", "!t ", "!!int ", "? ", "| ", "> ", "'",
                     '"', "\\", "#", "---", "...", "%", "@", "`", "<<", "\t", "标题", "a", "\u2028", "\ufeff", ","]),
    max_size=30,
).map("".join)  # fmt: skip


def refusal(text: str, first_line: int = 1) -> tuple[Problem, ...]:
    """Why a YAML text is refused."""
    with pytest.raises(Unreadable) as error:
        compose("a.yaml", text, first_line)
    return error.value.problems


def at(problem: Problem) -> tuple[int, int]:
    """Line and column of a problem."""
    return problem.place.line, problem.place.column


def find(node: Node, *location: str | int) -> Node:
    """The node at a location."""
    for step in location:
        if isinstance(node, Fields):
            node = node.fields[str(step)][1]
        else:
            assert isinstance(node, Items)
            assert isinstance(step, int)
            node = node.items[step]
    return node


# Strings


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "是",
        "12:30",
        "0123",
        "1_000",
        "1e3",
        "0x1F",
        "~",
        "null",
        "true",
        "2026-03-05",
        "=",
        ".inf",
        "2026-03-05 09:30",
    ],
)
def test_scalars_stay_what_the_editor_wrote(written: str) -> None:
    """No value turns into a number, a date, a truth value or nothing."""
    assert plain(compose("a.yaml", f"甲: {written}\n乙: [{written}]")) == {"甲": written, "乙": [written]}


@given(PRINTABLE)
def test_any_string_survives_yaml(text: str) -> None:
    """Whatever string yaml.safe_dump writes is composed as that string, but for white space at its ends."""
    for style in (True, False):
        dumped = yaml.safe_dump({"甲": [text]}, allow_unicode=style)
        assert plain(compose("a.yaml", dumped)) == {"甲": [text.strip() or None]}


@given(TREES)
def test_any_tree_survives_yaml(tree: object) -> None:
    """Lists and mappings of strings come back in their order, whatever their depth."""

    def stripped(value: object) -> object:
        if isinstance(value, str):
            return value.strip() or None
        if isinstance(value, list):
            return [stripped(item) for item in value]
        assert isinstance(value, dict)
        return {key: stripped(item) for key, item in value.items()}

    assert plain(compose("a.yaml", yaml.safe_dump(tree, allow_unicode=True, sort_keys=False))) == stripped(tree)


def test_empty_values_are_empty_strings_and_an_empty_text_is_no_fields() -> None:
    """A key without value holds the empty string at a place of its own; a text of comments has no fields."""
    assert plain(compose("a.yaml", "甲:\n乙: ''")) == {"甲": None, "乙": None}
    assert compose("a.yaml", "# 只有注释\n") == Fields({}, compose("a.yaml", "").place)


# Places


def test_every_key_and_value_has_its_line_and_column() -> None:
    """Keys and values, nested lists and flow style included, stand where they are written; Chinese counts as one."""
    tree = compose("a.yaml", "# 注\n标题: 甲\n附件:\n  - 文件: a.pdf\n    标题:   乙\n  - {文件: b.pdf, 标题: 丙}\n")
    assert isinstance(tree, Fields)
    assert str(tree.place) == "a.yaml:2:1"
    assert str(tree.fields["附件"][0]) == "a.yaml:3:1"
    assert str(find(tree, "标题").place) == "a.yaml:2:5"
    assert str(find(tree, "附件").place) == "a.yaml:4:3"
    assert str(find(tree, "附件", 0).place) == "a.yaml:4:5"
    assert str(find(tree, "附件", 0, "标题").place) == "a.yaml:5:11"
    assert str(find(tree, "附件", 1, "文件").place) == "a.yaml:6:10"
    assert str(find(tree, "附件", 1, "标题").place) == "a.yaml:6:21"


def test_places_count_from_the_first_line_given() -> None:
    """Behind a front matter's fence, the first line of YAML is the file's second."""
    tree = split_markdown("a.md", "---\n甲: 一\n乙:\n- 二\n-   三\n---\n正文").meta
    assert str(find(tree, "甲").place) == "a.md:2:4"
    assert str(find(tree, "乙", 1).place) == "a.md:5:5"


def test_places_are_right_after_a_block_of_text() -> None:
    """A folded text of several lines does not shift what stands below it."""
    tree = compose("a.yaml", "甲: |\n  一\n\n  二\n乙: >-\n  三\n  四\n丙: 五")
    assert plain(tree) == {"甲": "一\n\n二", "乙": "三 四", "丙": "五"}
    assert str(find(tree, "丙").place) == "a.yaml:8:4"


def test_characters_beyond_the_basic_plane_count_as_one_column() -> None:
    """A rare character before a value moves it by one column, not by two or four."""
    assert str(find(compose("a.yaml", "{𠮷: 一, 乙: 二}"), "乙").place) == "a.yaml:1:11"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029"])
def test_invisible_line_separators_do_not_shift_places(separator: str) -> None:
    """A line separator, pasted from an office program, is refused or counted as part of its line."""
    lines = []
    try:
        tree = compose("a.yaml", decode("a.yaml", f"甲: 一{separator}\n乙: 二".encode()))
        lines.append(find(tree, "乙").place.line - 1)
    except Unreadable as error:
        lines += [problem.place.line for problem in error.problems]
    assert lines == [1]


# Encodings and control characters


def test_bom_and_line_ends_are_taken_off() -> None:
    """A byte order mark, CRLF and CR leave no trace."""
    assert decode("a.md", b"\xef\xbb\xbf---\r\na: b\r---\r\n") == "---\na: b\n---\n"


def test_other_encodings_are_refused_with_their_line() -> None:
    """A file in GBK is refused with the line of the first byte that is no UTF-8, and told how to save it."""
    with pytest.raises(Unreadable) as error:
        decode("a.md", b"---\ntitle: a\n" + "标题".encode("gbk"))
    (problem,) = error.value.problems
    assert (problem.code, at(problem)) == ("encoding", (3, 1))
    assert "UTF-8" in problem.remedy


def test_the_line_is_right_behind_a_bom() -> None:
    """A byte order mark does not move the line that is reported for a wrong byte."""
    with pytest.raises(Unreadable) as error:
        decode("a.md", b"\xef\xbb\xbfa\n\xff")
    assert error.value.problems[0].place.line == 2


@pytest.mark.parametrize("data", [b"\xff\xfe-\x00", b"\xed\xa0\x80", b"\xc0\x80", b"\x80"])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    """UTF-16, lone surrogates, overlong forms and stray bytes are refused as an encoding."""
    with pytest.raises(Unreadable) as error:
        decode("a.md", data)
    assert error.value.problems[0].code == "encoding"


@pytest.mark.parametrize("character", "\x00\x01\x07\x08\x0b\x0c\x0e\x1b\x1f\x7f\x80\x85\x9f\ufffe\uffff")
def test_control_characters_are_refused_with_their_place(character: str) -> None:
    """A character that nobody sees and that breaks feeds is named with its code point, line and column."""
    with pytest.raises(Unreadable) as error:
        decode("a.md", f"甲\r\n乙丙{character}丁\n".encode())
    (problem,) = error.value.problems
    assert (problem.code, at(problem)) == ("control-character", (2, 3))
    assert f"U+{ord(character):04X}" in problem.what


def test_tabs_and_newlines_are_no_control_characters() -> None:
    """What every text holds is accepted."""
    assert decode("a.md", "甲\t乙\n\u3000丙\U0001f600".encode()) == "甲\t乙\n\u3000丙\U0001f600"


@pytest.mark.parametrize("escape", ["\\0", "\\x01", "\\a", "\\e", "\\u0007", "\\x7f", "\\N", "\\uFFFE"])
def test_control_characters_cannot_be_written_as_escapes(escape: str) -> None:
    """A YAML escape in double quotes brings in no control character either."""
    (problem,) = refusal(f'甲: 一\n乙: "二{escape}"')
    assert problem.place.line == 2


# What is not well-formed


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("标题：甲\n状态: 草稿", (1, 3)),
        ("状态: 草稿\n标题：甲", (2, 3)),
        ("状态: 草稿\n标题：甲\n作者: 乙", (2, 3)),
        ("附件:\n  - 文件：a.pdf\n    标题: 乙", (2, 7)),
    ],
)
def test_a_full_width_colon_is_named(text: str, place: tuple[int, int]) -> None:
    """A key followed by a full-width colon is reported at the colon, with what to write instead."""
    (problem,) = refusal(text)
    assert (problem.code, at(problem)) == ("yaml", place)
    assert "全角冒号" in problem.remedy


def test_a_file_of_full_width_colons_is_named() -> None:
    """When every line has a full-width colon, which is no error to YAML, the editor is told so all the same."""
    records, problems = read_file("content/news/a.md", "---\n标题：甲\n状态：草稿\n---\n正文".encode())
    assert records == []
    assert "全角冒号" in problems[0].remedy


@pytest.mark.parametrize(
    ("text", "place"), [("附件:\n\t- 文件: a.pdf", (2, 1)), ("甲: 一\n附件:\n  - 文件: a.pdf\n\t标题: 乙", (4, 1))]
)
def test_a_tab_is_named(text: str, place: tuple[int, int]) -> None:
    """A tab that indents is reported at its place, with what to write instead."""
    (problem,) = refusal(text)
    assert (problem.code, at(problem)) == ("yaml", place)
    assert "Tab" in problem.remedy


def test_a_second_document_is_refused() -> None:
    """A file holds one YAML document; a second one is reported where it starts."""
    (problem,) = refusal("甲: 一\n---\n乙: 二")
    assert (problem.code, at(problem)) == ("yaml", (2, 1))
    assert "两段" in problem.what


@pytest.mark.parametrize("text", ["甲: 乙: 丙", "甲: [一", '甲: "一', "甲: *无", "甲: @一", "- 甲\n乙: 丙"])
def test_other_mistakes_are_explained_by_the_rule(text: str) -> None:
    """Any other mistake gets the rule of how a line is written."""
    (problem,) = refusal(text, 5)
    assert problem.code == "yaml"
    assert "冒号用半角" in problem.remedy
    assert problem.place.line >= 5


def test_a_mistake_in_front_matter_has_the_line_of_the_file() -> None:
    """The fence counts."""
    with pytest.raises(Unreadable) as error:
        split_markdown("a.md", "---\n甲: 一\n乙: 二: 三\n---\n")
    assert at(error.value.problems[0])[0] == 3


def test_a_key_written_twice_is_refused_where_it_is_repeated() -> None:
    """The second key is the problem, in nested mappings as well, and all are reported."""
    first, second = refusal("甲: 一\n乙:\n  - {丙: 1, 丙: 2}\n甲: 三")
    assert (first.code, first.field, at(first)) == ("yaml-duplicate-key", "丙", (3, 12))
    assert (second.code, second.field, at(second)) == ("yaml-duplicate-key", "甲", (4, 1))


@pytest.mark.parametrize("text", ["甲: &a 一\n乙: *a", "甲: &a [一]\n乙: *a", "甲: &a [*a]", "甲: &a {一: *a}"])
def test_references_are_refused(text: str) -> None:
    """A value taken from elsewhere, even from itself, is refused."""
    assert {problem.code for problem in refusal(text)} == {"yaml-alias", "yaml-anchor"}


@pytest.mark.parametrize("text", ["甲: &a 一", "&a 甲: 一", "甲: &a\n  - 一", "&a 甲: 一\n乙: {*a : 二}"])
def test_anchors_are_refused(text: str) -> None:
    """An anchor is refused though nothing refers to it, on a key too."""
    assert refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "甲: !t 一",
        "甲: !t [一]",
        "甲: !!int 5",
        "甲: !!binary YQ==",
        "甲: !!python/name:os.system 一",
        "!t 甲: 一",
        "!!str 甲: 一",
    ],
)
def test_tags_are_refused(text: str) -> None:
    """A tag, of one's own or of YAML, on a value or on a key, is refused."""
    assert {problem.code for problem in refusal(text)} == {"yaml-tag"}


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("- ", ""), ("{a: ", "}"), ("? ", "")])
def test_deep_nesting_is_a_problem_and_no_crash(opening: str, closing: str) -> None:
    """A thousand levels of nesting are refused like any other mistake."""
    assert refusal(opening * 1000 + closing * 1000)


def test_a_hundred_thousand_brackets_do_not_kill_the_process() -> None:
    """A file of brackets, as a broken merge or an attack may bring, stops with a problem, not with a crash."""
    code = (
        "from portal.records.source import compose, Unreadable\n"
        "try: compose('a.yaml', '[' * 100_000)\n"
        "except Unreadable as error: print(error.problems[0].code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("yaml")


@settings(deadline=None)
@given(st.text() | YAMLISH)
def test_any_text_is_composed_or_unreadable(text: str) -> None:
    """Whatever the text, composing gives a tree or raises Unreadable with a problem, nothing else."""
    result: object = None
    try:
        result = compose("a.yaml", text)
    except Unreadable as error:
        result = error.problems
    assert result
    assert isinstance(result, Scalar | Items | Fields | tuple)


@settings(deadline=None)
@given(st.binary() | YAMLISH.map(lambda text: f"---\n{text}\n---\n{text}".encode()))
def test_any_bytes_are_decoded_or_unreadable(data: bytes) -> None:
    """Whatever the bytes, decoding gives a text without CR or raises Unreadable, and so does taking it apart."""
    with suppress(Unreadable):
        text = decode("a.md", data)
        assert "\r" not in text
        split_markdown("a.md", text)


# Front matter


@pytest.mark.parametrize("text", ["", "正文", "标题: 甲", "\n---\n---\n", " ---\n---\n", "----\n---\n"])
def test_a_file_without_front_matter_is_refused(text: str) -> None:
    """The fence must be the first line."""
    with pytest.raises(Unreadable) as error:
        split_markdown("a.md", text)
    assert error.value.problems[0].code == "front-matter"
    assert str(error.value.problems[0].place) == "a.md:1:1"


@pytest.mark.parametrize(
    "text", ["---\n", "---\n标题: 甲\n", "---\n标题: 甲 ---\n正文", "---\n标题: 甲\n ---\n", "---\n----\n"]
)
def test_front_matter_without_an_end_is_refused(text: str) -> None:
    """The closing fence must be a line of its own, and what is missing is said."""
    with pytest.raises(Unreadable) as error:
        split_markdown("a.md", text)
    assert error.value.problems[0].code == "front-matter"
    assert "没有结束" in error.value.problems[0].what


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("---\n甲: 一\n---\n正文", "正文\n", 4),
        ("---\n甲: 一\n---  \n\n\n正文\n\n---\n\n完\n\n\n", "正文\n\n---\n\n完\n", 6),
        ("---\n---\n  缩进\n", "  缩进\n", 3),
        ("---\n甲: 一\n---\n \n\t\n", "", 0),
        ("---\n甲: 一\n---", "", 0),
    ],
)
def test_the_body_and_its_first_line(text: str, body: str, line: int) -> None:
    """The body starts at its first line that is not empty, ends with one newline, and is empty when blank."""
    source = split_markdown("a.md", text)
    assert source.body == body
    if body:
        assert source.body_line == line
        assert text.split("\n")[source.body_line - 1] == body.split("\n")[0]
