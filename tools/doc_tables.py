"""The tables and messages in docs/editors.zh.md, written from the code that they describe.

Usage: tools/doc_tables.py [--check]   Without --check the file is brought up to date; with it, exit 1 when it is not.

What must be filled in is not copied from anywhere: a complete record is read with each field left out in turn, and the
reader's answer is what the table says. The messages are those of a real run over records with one mistake each.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, get_args

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from portal import HOME, clock
from portal.attachments.files import MAX_BYTES, read_files
from portal.attachments.types import OLD_TYPES, TYPES
from portal.build import ledger
from portal.cli import main as commands
from portal.markup.rules import ALLOWED_TAGS
from portal.problems import Problem
from portal.records import types, values, vocabulary
from portal.records.catalogs import OPTIONAL, REQUIRED, read_vocabulary
from portal.records.reading import read_file
from portal.records.types import KINDS, Record
from portal.site.resolve import resolve

DOCUMENT = HOME / "docs" / "editors.zh.md"
_BLOCK = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_NOW = clock.parse_minute("2026-06-15 12:00")
_HIDDEN = {"body", "origin"}

# One complete record of each kind, as its fields with the Chinese keys.
_SAMPLES: dict[str, dict[str, str]] = {
    "entry": {
        "标题": "示例省科技特派员管理办法",
        "状态": "已发布",
        "发布日期": "2026-03-05 09:30",
        "发布机构": "示例省科学技术厅",
        "索引号": "11000000MB0000019X/2026-00090",
        "发文字号": "示科规〔2026〕9号",
        "体裁分类": "办法",
        "栏目": "行政规范性文件",
        "成文日期": "2026-03-02",
        "公开方式": "主动公开",
        "主题分类": "[科技、教育]",
        "内容概述": "规定科技特派员的选派、服务和保障。",
    },
    "news": {
        "标题": "省科技厅召开科技特派员座谈会",
        "状态": "已发布",
        "发布日期": "2026-03-06 17:00",
        "发布机构": "示例省科学技术厅",
        "频道": "工作动态",
    },
    "interpretation": {
        "标题": "《示例省科技特派员管理办法》解读",
        "状态": "已发布",
        "发布日期": "2026-03-05 09:30",
        "发布机构": "示例省科学技术厅",
        "主题分类": "[科技、教育]",
        "解读对象": "[示科规〔2026〕9号]",
        "解读形式": "文字",
    },
    "page": {
        "标题": "无障碍声明",
        "状态": "已发布",
        "发布日期": "2026-03-05 09:30",
        "位置": "网站声明",
    },
}
_BODY = "这里是正文。\n"


def record_text(fields: Mapping[str, str], body: str = _BODY) -> str:
    """A record file with these fields and this body."""
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in fields.items()) + f"---\n\n{body}"


def _refused(kind: type[Record], fields: Mapping[str, str], body: str = _BODY) -> bool:
    return bool(read_file(f"{kind.folder}/2026-shili.md", record_text(fields, body).encode())[1])


def _demanded(kind: type[Record], fields: dict[str, str], body: str = _BODY) -> set[str]:
    """The fields of a complete record without which the reader refuses it; 发布日期 has its own rule, seen to below.

    Raises ValueError when the record is not complete.
    """
    if _refused(kind, fields, body):
        raise ValueError(f"the sample of {kind.kind} is refused: complete it in tools/doc_tables.py")
    known = types.aliases(kind)
    names = [name for name in fields if name != "发布日期"]
    return {known[name] for name in names if _refused(kind, {k: v for k, v in fields.items() if k != name}, body)}


def required(kind: type[Record]) -> dict[str, str]:
    """For each field of a kind that is needed, always or at times: when."""
    sample = _SAMPLES[kind.kind]
    always = _demanded(kind, sample)
    needed = dict.fromkeys(always, "是")
    scheduled = {name: value for name, value in sample.items() if name != "发布日期"} | {"定时发布": "2026-03-05 09:30"}
    if not _refused(kind, scheduled):
        needed |= dict.fromkeys(("date", "publish_at"), "二选一")
    withdrawn = sample | {"状态": "已撤回", "撤回日期": "2026-03-09 10:00", "撤回原因": "内容有误"}
    needed |= dict.fromkeys(_demanded(kind, withdrawn) - needed.keys(), "撤回时")
    if kind is types.DisclosureEntry:
        closed = sample | {"公开方式": "不予公开", "公开依据": "条例第十六条"}
        needed |= dict.fromkeys(_demanded(kind, closed, "") - needed.keys(), "非主动公开时")
    return needed


_FORMS: dict[object, str] = {
    get_args(alias)[1].func: text
    for alias, text in (
        (values.Minute, "写作 2026-03-05 09:30"),
        (values.Day, "写作 2026-03-05"),
        (values.Moment, "写作 2026-03-05 09:30，也可以只写到日"),
        (values.Identifier, "小写英文字母、数字和连字符"),
        (values.Url, "以 https:// 或 http:// 开头的完整网址"),
    )
}


def _inside(annotation: Any) -> Iterator[Any]:
    """An annotation and everything within it."""
    yield annotation
    for argument in get_args(annotation):
        yield from _inside(argument)


def form_of(info: FieldInfo) -> str:
    """How a field's value is written, as its type says: the form of a date, the choices, how many, how long."""
    parts = [*info.metadata, *_inside(info.annotation)]
    said = [text for part in parts if (text := _FORMS.get(getattr(part, "func", None)))]
    many = any(part is tuple or getattr(part, "__origin__", None) is tuple for part in parts)
    for part in parts:
        if isinstance(part, type) and issubclass(part, StrEnum):
            said.append("可填：" + "、".join(part))
        elif part is bool:
            said.append("填 是 或 否")
        elif part is int:
            said.append("整数")
        elif (longest := getattr(part, "max_length", None)) is not None:
            said.append(f"最多 {longest} {'项' if many else '个字'}")
    if many:
        said.insert(0, "可写多项")
    return "；".join(dict.fromkeys(said))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") or "—" for cell in cells) + " |"

    names = list(head)
    return "\n".join([line(names), "|" + "---|" * len(names), *map(line, rows)])


def fields_table(model: type[BaseModel], when: Callable[[str, FieldInfo], str], skip: Iterable[str] = ()) -> str:
    """A model's fields: English key, Chinese alias, when it is needed, what it is."""
    rows = []
    for name, info in model.model_fields.items():
        if name in _HIDDEN or name in set(skip):
            continue
        said = "；".join(filter(None, [info.description, form_of(info)]))
        rows.append((f"`{name}`", info.alias or name, when(name, info), said))
    return _table(("英文栏名", "中文栏名", "必填", "说明"), rows)


def _by_type(_name: str, info: FieldInfo) -> str:
    return "是" if info.is_required() else "否"


def _common() -> str:
    needed = {kind: required(kind) for kind in KINDS}

    def when(name: str, _info: FieldInfo) -> str:
        said = [needed[kind].get(name, "否") for kind in KINDS]
        if len(set(said)) == 1:
            return said[0]
        return "、".join(kind.label for kind in KINDS if name in needed[kind])

    return fields_table(Record, when)


def _own(kind: type[Record]) -> str:
    needed = required(kind)
    return fields_table(kind, lambda name, _info: needed.get(name, "否"), Record.model_fields)


def _file_types() -> str:
    new: dict[str, list[str]] = {}
    for ending, kind in TYPES.items():
        new.setdefault(kind.label, []).append(f".{ending}")
    rows = [(label, "、".join(endings), "可以发布") for label, endings in new.items()]
    rows += [(f"旧格式 .{old}", f".{old}", f"不能发布，另存为 .{ending}") for old, ending in OLD_TYPES.items()]
    limit = f"单个文件不超过 {MAX_BYTES // 1024 // 1024} MB；空文件、内容与扩展名不符的文件不能发布。"
    return _table(("类型", "扩展名", "能否发布"), rows) + "\n\n" + limit


def _tags() -> str:
    names = [f"`<{tag}{''.join(f' {name}=…' for name in sorted(extra))}>`" for tag, extra in ALLOWED_TAGS.items()]
    return "正文里可以用的 HTML 标签只有：" + "、".join(names) + "。"


def _commands() -> str:
    rows = []
    context = click.Context(commands)
    for name in sorted(commands.list_commands(context)):
        command = commands.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            rows += [(f"`portal {name} {below}`", each.help or "") for below, each in sorted(command.commands.items())]
        else:
            rows.append((f"`portal {name}`", command.help or ""))
    return _table(("命令", "用途"), rows)


@dataclass(frozen=True)
class Mistake:
    """A record with a mistake, and what an editor did; `file` is its path below the site's folder."""

    done: str
    file: str = "catalog/entries/2026/2026-tepaiyuan.md"
    kind: str = "entry"
    changes: Mapping[str, str | None] = field(default_factory=dict)
    body: str = _BODY
    replace: tuple[str, str] = ("", "")

    @property
    def text(self) -> str:
        """The file as written."""
        fields = dict(_SAMPLES[self.kind])
        for name, value in self.changes.items():
            if value is None:
                fields.pop(name)
            else:
                fields[name] = value
        return record_text(fields, self.body).replace(*self.replace)


_NEWS = "content/news/2026-zuotanhui.md"
_ATTACHED = "\n  - 文件: 2026/{}\n    标题: 附件"
MISTAKES = (
    Mistake("栏名后用了全角冒号", replace=("标题: ", "标题：")),
    Mistake("栏名写错了一个字", changes={"关健词": "[科技特派员]"}),
    Mistake("漏填必填的栏", changes={"成文日期": None}),
    Mistake("发布日期没有写时和分", changes={"发布日期": "2026-03-05"}),
    Mistake("日期没有补零，或者用了中文", changes={"成文日期": "2026年3月2日"}),
    Mistake("发布日期填了将来的时间", changes={"发布日期": "2026-06-20 09:00"}),
    Mistake("成文日期晚于发布日期", changes={"成文日期": "2026-03-12"}),
    Mistake("状态、公开方式等写了名单以外的词", changes={"状态": "己发布"}),
    Mistake("发布机构不在机构表里", changes={"发布机构": "示例省科学技术局"}),
    Mistake("主题不在主题表里", changes={"主题分类": "[科技教育]"}),
    Mistake("索引号的写法不对", changes={"索引号": "示科2026-90"}),
    Mistake("索引号已经被别的文件用了", file="catalog/entries/2026/2026-zhongzi-jidi.md"),
    Mistake("文件名用了中文", file="catalog/entries/2026/特派员办法.md"),
    Mistake("解读、废止、修改、替代所指的文件本站没有", changes={"废止": "[示科发〔2018〕99号]"}),
    Mistake("不予公开，却写了正文", changes={"公开方式": "不予公开", "公开依据": "条例第十六条"}),
    Mistake("附件的路径不对", file=_NEWS, kind="news", changes={"附件": _ATTACHED.format("名单.pdf")}),
    Mistake("附件是旧格式", file=_NEWS, kind="news", changes={"附件": _ATTACHED.format("名单.xls")}),
    Mistake("改了扩展名，内容没有改", file=_NEWS, kind="news", changes={"附件": _ATTACHED.format("改名.pdf")}),
    Mistake("正文用了一级标题", body="# 总则\n\n第一条　……\n"),
    Mistake("正文从网页粘贴，带进了 HTML", body='第一条　<font color="red">……\n'),
    Mistake("图片没有写说明", file=_NEWS, kind="news", body="![](files/2026/现场.png)\n"),
    Mistake("网址没有写全", file=_NEWS, kind="news", body="详见[报名系统](www.kjt.example)。\n"),
    Mistake("已撤回，但没有写原因", changes={"状态": "已撤回", "撤回日期": "2026-03-09 10:00"}),
)


def _find(mistake: Mistake, root: Path, words: vocabulary.Vocabulary) -> list[Problem]:
    """What a build says about a mistake, beside a record that is right."""
    right = Mistake("").text
    texts = {mistake.file: mistake.text}
    texts |= (
        {Mistake("").file: right}
        if mistake.file not in {Mistake("").file, "catalog/entries/2026/特派员办法.md"}
        else {}
    )
    records: list[Record] = []
    problems: list[Problem] = []
    for path, text in texts.items():
        found, said = read_file(path, text.encode())
        records += found
        problems += said
    files, said = read_files(root, records)
    problems += said
    return sorted({*problems, *resolve(records, words, files, _NOW).problems})


def _words() -> vocabulary.Vocabulary:
    folder = HOME / "catalog"
    names = [name for name in (*REQUIRED, *OPTIONAL) if (folder / name).is_file()]
    words, problems = read_vocabulary({name: (folder / name).read_bytes() for name in names})
    if words is None:
        raise ValueError("\n".join(map(str, problems)))
    return words


def _messages() -> str:
    words = _words()
    parts = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "content" / "files" / "2026"
        folder.mkdir(parents=True)
        for name, data in {"名单.xls": b"x", "改名.pdf": b"x", "现场.png": b"\x89PNG\r\n\x1a\n"}.items():
            (folder / name).write_bytes(data)
        for mistake in MISTAKES:
            found = _find(mistake, Path(scratch), words)
            if not found:
                raise ValueError(f"no longer a mistake: {mistake.done}")
            parts.append(f"**{mistake.done}**\n\n```text\n{found[0]}\n```")
    return "\n\n".join([*parts, *_promises()])


def _promises() -> list[str]:
    """What publishing says when a public address would be lost."""
    promise = ledger.Promise("/news/2026-zuotanhui/", "news/2026-zuotanhui", "2026-03-06T17:00+08:00", "-")
    file = ledger.Promise("/files/0123456789ab/mingdan.pdf", "news/2026-zuotanhui", "2026-03-06T17:00+08:00", "-")
    cases: tuple[tuple[str, ledger.Promise, set[str]], ...] = (
        ("删去或者改名了已经公开的文件", promise, set()),
        ("把已经公开的改回草稿或者推迟", promise, {"news/2026-zuotanhui"}),
        ("换掉或者拿走了已经公开的附件", file, set()),
    )
    return [
        f"**{done}**（发布时才检查）\n\n```text\n{ledger.broken({each.url: each}, set(), set(), hidden)[0]}\n```"
        for done, each, hidden in cases
    ]


def _part(model: type[BaseModel]) -> Callable[[], str]:
    return lambda: fields_table(model, _by_type)


BLOCKS: dict[str, Callable[[], str]] = {
    "fields-common": _common,
    **{f"fields-{kind.kind}": partial(_own, kind) for kind in KINDS},
    "part-attachment": _part(types.Attachment),
    "part-image": _part(types.Image),
    "part-correction": _part(types.Correction),
    "part-review": _part(types.SecrecyReview),
    "file-types": _file_types,
    "html-tags": _tags,
    "commands": _commands,
    "messages": _messages,
    "organs": _part(vocabulary.Organ),
    "themes": _part(vocabulary.Theme),
    "genres": _part(vocabulary.Genre),
    "columns": _part(vocabulary.Column),
    "site": _part(vocabulary.Identity),
    "redirects": _part(vocabulary.Redirect),
}
"""What can stand between `<!-- generated: NAME -->` and `<!-- end -->`."""


def render(text: str) -> str:
    """The document with every generated block brought up to date. Raises KeyError for an unknown name."""
    return _BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found['name']]()}\n{found[3]}", text)


def main(arguments: list[str]) -> int:
    """Write the document, or with --check say whether it is current."""
    text = DOCUMENT.read_text(encoding="utf-8")
    current = render(text)
    if arguments == ["--check"]:
        if current != text:
            print(f"{DOCUMENT} is not current: run tools/doc_tables.py", file=sys.stderr)
        return int(current != text)
    DOCUMENT.write_text(current, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
