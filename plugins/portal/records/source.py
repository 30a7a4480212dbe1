"""Reading the text of a source file: YAML with places, and the front matter of a Markdown file.

YAML is parsed, not loaded, and every scalar stays the string that the editor wrote: `no`, `12:30` and `0123`
mean what they say. Anchors, merge keys and tags are refused: they hide where a value comes from.
"""

import re
from dataclasses import dataclass

import yaml

from portal.problems import Place, Problem
from portal.value import Value

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is seven times faster where PyYAML has it
# Control characters but tab and newline, the non-characters, lone surrogates: they break XML feeds and screen readers.
# U+2028 and U+2029 end a line for YAML but for no editor, and shift every later line.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_MAX_DEPTH = 12  # no field nests so deep; libyaml's own recursion ends the process at some tens of thousands


class Scalar(Value, frozen=True):
    """A string as written, with its place. An empty value is the empty string."""

    text: str
    place: Place


class Items(Value, frozen=True):
    """A YAML sequence."""

    items: tuple["Node", ...]
    place: Place


class Fields(Value, frozen=True):
    """A YAML mapping: for each key, the key's own place and the value."""

    fields: dict[str, tuple[Place, "Node"]]
    place: Place


Node = Scalar | Items | Fields


class Source(Value, frozen=True):
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
        line = error.object.count(b"\n", 0, error.start) + 1  # the decoder's own bytes: without the byte-order mark
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
    head, body, body_line = _at_front_matter(path, text)
    return Source(compose(path, head, first_line=2), body, body_line)


def body_of(path: str, text: str) -> str:
    """The body alone; the front matter is not read. Raises Unreadable."""
    return _at_front_matter(path, text)[1]


_FRONT_MATTER_ENDS = re.compile(r"^---[ \t]*$", re.MULTILINE)


def _at_front_matter(path: str, text: str) -> tuple[str, str, int]:
    """Front matter, body, and the line on which the body begins."""
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
    end = _FRONT_MATTER_ENDS.search(text, 4)
    if end is None:
        raise Unreadable(
            Problem(Place(path), "front-matter", "", "元数据没有结束。", "在元数据最后加单独一行 ---，其后再写正文。")
        )
    body = text[end.end() :].lstrip("\n")
    body_line = text.count("\n", 0, len(text) - len(body)) + 1
    return text[4 : end.start()], body.rstrip() + "\n" if body.strip() else "", body_line


def compose(path: str, text: str, first_line: int = 1) -> Node:
    """The YAML text as a tree of strings with places; lines count from `first_line`. Raises Unreadable.

    Built from the parser's events: there anchors and explicit tags can still be told, and depth can be limited.
    """
    builder = _Builder(path, first_line)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        raise Unreadable(_syntax_problem(path, text, line, column, first_line)) from error
    except yaml.YAMLError as error:
        raise Unreadable(_syntax_problem(path, text, 0, 0, first_line)) from error
    if builder.problems:
        raise Unreadable(*builder.problems)
    root = builder.root or Fields({}, Place(path, first_line))
    if isinstance(root, Scalar) and "：" in root.text:
        # Every line with a full-width colon is one long text to YAML: say what is wrong and not only that it is.
        raise Unreadable(_syntax_problem(path, text, root.place.line - first_line, 0, first_line))
    return root


@dataclass
class _Open:
    """A sequence or mapping that is still being read; `key` is a mapping's key waiting for its value."""

    place: Place
    items: list[Node] | None
    fields: dict[str, tuple[Place, Node]]
    key: tuple[str, Place] | None = None


class _Builder:
    """Turns parser events into a tree, refusing what an editor's file has no use for."""

    def __init__(self, path: str, first_line: int) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._path, self._first_line = path, first_line
        self._open: list[_Open] = []

    def take(self, event: yaml.Event) -> None:
        """Take one event in. Raises Unreadable when the nesting is deeper than any field needs."""
        mark = event.start_mark
        assert mark is not None, "the loaders keep marks"
        place = Place(self._path, mark.line + self._first_line, mark.column + 1)
        match event:
            case yaml.ScalarEvent():
                self._check(event.anchor, event.tag, place)
                self._scalar(event.value, place)
            case yaml.AliasEvent():
                remedy = "请把内容直接写在这里，不要引用别处。"
                self.problems.append(Problem(place, "yaml-alias", "", "用了 YAML 的引用（*）。", remedy))
                self._add(Scalar("", place))
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._check(event.anchor, event.tag, place)
                if len(self._open) >= _MAX_DEPTH:
                    what = f"嵌套超过 {_MAX_DEPTH} 层。"
                    raise Unreadable(Problem(place, "yaml-depth", "", what, "请检查括号和缩进。"))
                self._open.append(_Open(place, [] if isinstance(event, yaml.SequenceStartEvent) else None, {}))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                done = self._open.pop()
                node = (
                    Items(tuple(done.items), done.place) if done.items is not None else Fields(done.fields, done.place)
                )
                self._add(node)
            case yaml.DocumentStartEvent() if self.root is not None:
                remedy = "一个文件只放一段元数据，请删去多余的 ---。"
                self.problems.append(Problem(place, "yaml", "", "文件里有两段 YAML。", remedy))
            case _:
                pass

    def _check(self, anchor: str | None, tag: str | None, place: Place) -> None:
        if anchor is not None:
            remedy = "请去掉以 & 开头的锚点，需要重复的内容各写一遍。"
            self.problems.append(Problem(place, "yaml-anchor", "", f"用了 YAML 锚点 &{anchor}。", remedy))
        if tag is not None:
            self.problems.append(Problem(place, "yaml-tag", "", f"用了 YAML 标记 {tag}。", "请去掉以 ! 开头的标记。"))

    def _scalar(self, text: str, place: Place) -> None:
        if found := _CONTROL.search(text):  # written as an escape: "\\x01"
            what = f"内容里用转义写了控制字符（U+{ord(found[0]):04X}）。"
            self.problems.append(Problem(place, "control-character", "", what, "请删去这个转义，重新录入文字。"))
        top = self._open[-1] if self._open else None
        is_key = top is not None and top.items is None and top.key is None
        self._add(Scalar(text if is_key else text.strip(), place))

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        top = self._open[-1]
        if top.items is not None:
            top.items.append(node)
        elif top.key is None:
            top.key = self._key(node, top)
        else:
            name, place = top.key
            top.fields[name] = (place, node)
            top.key = None

    def _key(self, node: Node, top: _Open) -> tuple[str, Place]:
        if not isinstance(node, Scalar):
            self.problems.append(Problem(node.place, "yaml-key", "", "栏名只能是文字。", "请写成“栏名: 内容”。"))
            return "", node.place
        if node.text in top.fields:
            what = f"“{node.text}”写了两次。"
            self.problems.append(Problem(node.place, "yaml-duplicate-key", node.text, what, "请只保留一处。"))
        return node.text, node.place


def _syntax_problem(path: str, text: str, line: int, column: int, first_line: int) -> Problem:
    lines = text.split("\n")
    near = [n for n in (line, line - 1, line + 1) if 0 <= n < len(lines)]
    remedy = (
        "请检查该行：每栏一行，写作“栏名: 内容”，冒号用半角，冒号后留一个空格；内容里有冒号或引号时，整段加英文引号。"
    )
    for number in near:
        if re.match(r"[-\s]*[^-:\s][^:\s]*：", lines[number]):
            line, column = number, lines[number].index("：")
            remedy = "这一行的栏名后用了全角冒号“：”，请改为半角冒号加一个空格“: ”。"
            break
        if "\t" in lines[number]:
            line, column = number, lines[number].index("\t")
            remedy = "这一行用了制表符（Tab），请改为空格。"
            break
    return Problem(Place(path, line + first_line, column + 1), "yaml", "", "元数据的写法有误。", remedy)


def plain(node: Node) -> object:
    """The tree as plain strings, lists and dicts; an empty scalar becomes None, an unknown stays empty."""
    if isinstance(node, Scalar):
        return node.text or None
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, (_, value) in node.fields.items()}
