"""Reading the text of a source file: YAML with places, and the front matter of a Markdown file.

YAML is composed, not loaded, and every scalar stays the string that the editor wrote: `no`, `12:30` and `0123`
mean what they say. Anchors, merge keys and tags are refused: they hide where a value comes from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from portal.problems import Place, Problem

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is seven times faster where PyYAML has it
_PLAIN_TAG = "tag:yaml.org,2002:"
# Control characters but tab and newline, the non-characters, lone surrogates: they break XML feeds and screen readers.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string as written, with its place. An empty value is the empty string."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A YAML sequence."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Fields:
    """A YAML mapping: for each key, the key's own place and the value."""

    fields: dict[str, tuple[Place, "Node"]]
    place: Place


Node = Scalar | Items | Fields


@dataclass(frozen=True, slots=True)
class Source:
    """A source file taken apart: the metadata tree, the body as Markdown, and the line on which the body starts."""

    meta: Node
    body: str
    body_line: int


class Unreadable(Exception):
    """A text that is not well-formed; carries the problems that say why."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(*map(str, problems))


def decode(path: str, data: bytes) -> str:
    """The text of a UTF-8 file with newlines as LF. Raises Unreadable for other encodings and control characters."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            Problem(
                Place(path, line), "encoding", "", "文件不是 UTF-8 编码，读不出来。", "请用编辑器另存为 UTF-8 编码。"
            )
        ) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        what = f"有看不见的控制字符（U+{ord(found[0]):04X}），网页和订阅会因此出错。"
        raise Unreadable(Problem(Place(path, line, column), "control-character", "", what, "请删去该字符后重新录入。"))
    return text


def split_markdown(path: str, text: str) -> Source:
    """Take a Markdown file apart at its front matter. Raises Unreadable."""
    if not text.startswith("---\n"):
        raise Unreadable(
            Problem(
                Place(path),
                "front-matter",
                "",
                "文件开头没有元数据。",
                "第一行写 ---，下面写各栏，再以单独一行 --- 结束。",
            )
        )
    end = re.search(r"^---[ \t]*$", text[4:], re.MULTILINE)
    if end is None:
        raise Unreadable(
            Problem(Place(path), "front-matter", "", "元数据没有结束。", "在元数据最后加单独一行 ---，其后再写正文。")
        )
    head, rest = text[4 : 4 + end.start()], text[4 + end.end() :]
    body = rest.lstrip("\n")
    body_line = text.count("\n", 0, len(text) - len(body)) + 1
    return Source(compose(path, head, first_line=2), body.rstrip() + "\n" if body.strip() else "", body_line)


def compose(path: str, text: str, first_line: int = 1) -> Node:
    """The YAML text as a tree of strings with places; lines count from `first_line`. Raises Unreadable."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        raise Unreadable(_syntax_problem(path, text, line, column, first_line, str(error.problem))) from error
    except yaml.YAMLError as error:
        raise Unreadable(_syntax_problem(path, text, 0, 0, first_line, str(error))) from error
    if root is None:
        return Fields({}, Place(path, first_line))
    problems: list[Problem] = []
    tree = _convert(root, path, first_line, set(), problems)
    if problems:
        raise Unreadable(*problems)
    return tree


def _syntax_problem(path: str, text: str, line: int, column: int, first_line: int, reason: str) -> Problem:
    lines = text.split("\n")
    near = [n for n in (line, line - 1, line + 1) if 0 <= n < len(lines)]
    remedy = (
        "请检查该行：每栏一行，写作“栏名: 内容”，冒号用半角，冒号后留一个空格；内容里有冒号或引号时，整段加英文引号。"
    )
    for number in near:
        if re.match(r"\s*[-\s]*[^:\s]+：", lines[number]):
            line, column = number, lines[number].index("：")
            remedy = "这一行的栏名后用了全角冒号“：”，请改为半角冒号加一个空格“: ”。"
            break
        if "\t" in lines[number]:
            line, column = number, lines[number].index("\t")
            remedy = "这一行用了制表符（Tab），请改为空格。"
            break
    return Problem(Place(path, line + first_line, column + 1), "yaml", "", f"元数据的写法有误（{reason}）。", remedy)


def _convert(node: yaml.Node, path: str, first_line: int, seen: set[int], problems: list[Problem]) -> Node:
    place = Place(path, node.start_mark.line + first_line, node.start_mark.column + 1)
    if id(node) in seen:
        problems.append(
            Problem(place, "yaml-alias", "", "用了 YAML 的引用（*）。", "请把内容直接写在这里，不要引用别处。")
        )
        return Scalar("", place)
    seen.add(id(node))
    if not node.tag.startswith(_PLAIN_TAG):
        problems.append(Problem(place, "yaml-tag", "", f"用了 YAML 标记 {node.tag}。", "请去掉以 ! 开头的标记。"))
    if isinstance(node, yaml.ScalarNode):
        return Scalar(node.value.strip(), place)
    if isinstance(node, yaml.SequenceNode):
        return Items(tuple(_convert(item, path, first_line, seen, problems) for item in node.value), place)
    fields: dict[str, tuple[Place, Node]] = {}
    for key, value in node.value:
        key_place = Place(path, key.start_mark.line + first_line, key.start_mark.column + 1)
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if name in fields:
            problems.append(Problem(key_place, "yaml-duplicate-key", name, f"“{name}”写了两次。", "请只保留一处。"))
        fields[name] = (key_place, _convert(value, path, first_line, seen, problems))
    return Fields(fields, place)


def walk(node: Node, location: tuple[str | int, ...]) -> Place:
    """The place of the value at a location such as `("attachments", 0, "file")`, or of its nearest parent."""
    for step in location:
        if isinstance(node, Fields) and isinstance(step, str) and step in node.fields:
            node = node.fields[step][1]
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
    return node.place


def plain(node: Node) -> object:
    """The tree as plain strings, lists and dicts; an empty scalar becomes None, an unknown stays empty."""
    if isinstance(node, Scalar):
        return node.text or None
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, (_, value) in node.fields.items()}


def places(node: Node, prefix: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Place]]:
    """Every location of the tree with its place, the root first."""
    yield prefix, node.place
    if isinstance(node, Fields):
        for key, (_, value) in node.fields.items():
            yield from places(value, (*prefix, key))
    elif isinstance(node, Items):
        for number, item in enumerate(node.items):
            yield from places(item, (*prefix, number))
