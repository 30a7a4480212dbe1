"""init and new: a site in a folder, and a record with everything filled in that can be."""

import re
import shutil
from datetime import datetime
from pathlib import Path

import click
import yaml
from pydantic import TypeAdapter, ValidationError
from pypinyin import Style, lazy_pinyin

from portal import HOME, clock
from portal.build import ledger
from portal.records.contradictions import PLACEHOLDER
from portal.records.repository import index_numbers, read_repository, source_files
from portal.records.source import Unreadable, decode
from portal.records.types import KINDS, MAX_TITLE, DisclosureEntry, Interpretation, PressRelease, Record, StandingPage
from portal.records.values import Identifier, Line, refusal
from portal.records.vocabulary import Vocabulary
from portal.site.numbers import next_free

_KIND_NAMES: dict[str, type[Record]] = {
    **{kind.kind: kind for kind in KINDS},
    **{kind.label: kind for kind in KINDS},
    "公开目录条目": DisclosureEntry,
    "新闻": PressRelease,
    "解读": Interpretation,
}


CHOOSE = "请选择"
"""What a new draft says where only its writer can choose; no vocabulary knows the word, so it cannot be published."""


class _Kind(click.ParamType[type[Record]]):
    name = "类型"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> type[Record]:
        kind = _KIND_NAMES.get(str(value))
        if kind is None:
            names = "、".join(f"{kind.kind}（{kind.label}）" for kind in KINDS)
            self.fail(f"没有“{value}”这种记录。可用的有：{names}。", param, ctx)
        return kind


@click.command()
@click.argument("kind", type=_Kind())
@click.argument("title")
@click.option("--id", "identifier", help="网址里的编号（小写字母、数字、连字符）；不给时按标题的拼音取。")
def new(kind: type[Record], title: str, identifier: str | None) -> None:
    """新建一条记录的草稿，如：portal new entry "关于……的通知"。"""
    now = clock.read()
    repository = read_repository(Path.cwd())
    if repository.vocabulary is None:
        raise click.ClickException("catalog/ 里的词表读不出来，请先运行 portal check。")
    words = repository.vocabulary
    for what, held in (("themes.yaml", words.themes), ("columns.yaml", words.columns), ("genres.yaml", words.genres)):
        if not held:
            raise click.ClickException(f"catalog/{what} 是空的，请先填写。")
    taken = {Path(path).stem for path in source_files(Path.cwd()) if path.startswith(kind.folder + "/")}
    taken |= {record.id for record in repository.records if record.kind == kind.kind}
    title = checked_title(title)
    name = identifier or _identifier(title, now.year, taken, words.identity.organ)
    why = f"编号“{name}”已有别的{kind.label}使用。" if name in taken else refusal(Identifier, name)
    if why:
        raise click.ClickException(f"{why}请用 --id 另给一个，没有建立文件。")
    folder = Path(kind.folder) / (str(now.year) if kind is DisclosureEntry else "")
    path = folder / f"{name}.md"
    if path.exists() or path.is_symlink():
        raise click.ClickException(f"{path} 已经存在，没有改动它。")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(scaffold(kind, title, now, words, index_numbers(Path.cwd())), encoding="utf-8")
    click.echo(f"已建立草稿 {path}\n请补全各栏和正文，把“状态”改为“已发布”，再运行 portal check。")


def checked_title(text: str) -> str:
    """The title as the reader will accept it. Raises ClickException."""
    try:
        found: str = TypeAdapter(Line).validate_python(text)
        decode("title", found.encode())
    except (ValidationError, UnicodeEncodeError, Unreadable):
        found = ""
    if not 0 < len(found) <= MAX_TITLE:
        raise click.ClickException(f"标题要有 1 到 {MAX_TITLE} 个字，不含控制字符。")
    return found


def _identifier(title: str, year: int, taken: set[str], organ: str) -> str:
    """The year and the title's pinyin, cut at forty characters; numbered when it is taken."""
    core = re.sub(r"关于|的(?:通知|公告|意见|决定)$", "", title.replace(organ, ""))
    syllables = lazy_pinyin(core, style=Style.NORMAL, errors=lambda other: re.sub(r"[^a-z0-9]+", "", other.lower()))
    base = str(year)
    for syllable in filter(None, syllables):
        if len(base) + len(syllable) > 39:
            break
        base += "-" + syllable
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def _quoted(text: str) -> str:
    """A title in double quotes: whatever an editor types there later, a colon or a #, reads back as it is."""
    return str(yaml.safe_dump(text, allow_unicode=True, default_style='"', width=10_000)).strip()


def _written(value: object) -> str:
    """A string, or a list of strings, as YAML on one line that reads back as it is."""
    dumped = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000)
    return str(dumped).removesuffix("...\n").strip()


def scaffold(kind: type[Record], title: str, now: datetime, words: Vocabulary, numbers: list[str]) -> str:
    """The text of a new draft with the Chinese keys; what nobody can know yet stays empty, with a comment."""
    organ = words.organ_by_name[words.identity.organ]
    lines = [f"标题: {_quoted(title)}", "状态: 草稿            # 草稿 → 已发布；撤下时改为 已撤回"]
    lines += [f"发布日期: {clock.format_minute(now)}   # 公众实际能看到的时间；要到时自动公开，改用“定时发布”"]
    if kind is not StandingPage:
        lines.append(f"发布机构: {_written(organ.name)}")
    if kind is DisclosureEntry:
        prefix = organ.code or (words.identity.index_prefixes[0].prefix if words.identity.index_prefixes else "")
        lines += [
            f"索引号: {next_free(numbers, prefix, now.year)}",
            "发文字号:              # 如 示科发〔2026〕12号；没有就留空",
            f"体裁分类: {CHOOSE}         # catalog/genres.yaml 中的体裁",
            f"栏目: {CHOOSE}             # catalog/columns.yaml 中的栏目",
            f"成文日期: {now.date()}",
            "施行日期:",
            "公开方式: 主动公开     # 主动公开、依申请公开、不予公开",
        ]
    if kind is PressRelease:
        lines.append("频道: 工作动态         # 工作动态、通知公告、新闻发布会、回应关切")
    if kind is Interpretation:
        lines += [
            "解读对象: []           # 被解读文件的索引号、发文字号或编号",
            "解读形式: 文字         # 文字、图解、视频、问答、发布会",
        ]
    if kind is StandingPage:
        lines.append("位置: 网站声明         # 公开指南、公开制度、依申请公开、机构职能、网站声明")
    else:
        lines += [
            f"主题分类: [{'' if kind is PressRelease else CHOOSE}]   # catalog/themes.yaml 中的主题",
            "关键词: []",
        ]
        lines.append("内容概述:              # 一两句话写明主要内容")
    lines += [
        "附件: []               # - 文件: 2026/附件1.pdf",
        "                       #   标题: 附件1",
    ]
    return "---\n" + "\n".join(lines) + f"\n---\n\n{PLACEHOLDER}\n"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """在文件夹中建立新站：词表、配置和几页说明，可以立即生成。"""
    if folder.exists() and (not folder.is_dir() or any(path.name != ".git" for path in folder.iterdir())):
        raise click.ClickException(f"{folder} 里已有文件，没有改动它；请给一个空文件夹。")
    for kind in KINDS:
        (folder / kind.folder).mkdir(parents=True, exist_ok=True)
    (folder / "content" / "files").mkdir(parents=True, exist_ok=True)
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copyfile(HOME / name, folder / name)
    for name in ("themes.yaml", "genres.yaml", "columns.yaml"):
        shutil.copyfile(HOME / "catalog" / name, folder / "catalog" / name)
    (folder / "catalog" / "organs.yaml").write_text(_ORGANS, encoding="utf-8")
    (folder / "catalog" / "site.yaml").write_text(_SITE, encoding="utf-8")
    (folder / "catalog" / "redirects.yaml").write_text("[]\n", encoding="utf-8")
    (folder / ledger.PATH).write_text(ledger.HEADER + "\n", encoding="utf-8")
    (folder / ".gitignore").write_text("output\nreleases/\n.local/\n__pycache__/\n", encoding="utf-8")
    guide = folder / "content" / "pages" / "guide.md"
    guide.write_text(_GUIDE.replace("{now}", clock.format_minute(clock.read())), encoding="utf-8")
    click.echo(
        f"已建立站点 {folder}。下一步：\n"
        f"  1. 填写 {folder}/catalog/site.yaml 和 organs.yaml（机构名称、代码、联系方式）；\n"
        f'  2. portal -C {folder} new entry "标题"　写第一条；\n'
        f"  3. portal -C {folder} serve　在浏览器里看。"
    )


_ORGANS = """# 机构表：名称、简称、统一社会信用代码、前身。
- 编号: office
  名称: 请填写机构全称
  简称: 请填写
"""

_SITE = """# 网站的身份。带“待配发”的各项由主管机关配发，拿到之前照此标明。
网站名称: 请填写网站名称
主办单位: 请填写机构全称
网址: https://www.example.org
网站标识码: 待配发
ICP备案号: 待备案
公安备案号: 待备案
党政机关网站标识: 待配发
网站描述: 请用一句话介绍网站
网站关键词: [政府信息公开]
办公地址: 请填写
办公时间: 请填写
联系电话: 请填写
电子邮箱: office@example.org
公开工作机构: 请填写负责政府信息公开的机构
索引号例外前缀:
  - 前缀: OFFICE
    说明: 机构登记统一社会信用代码之前暂用
"""

_GUIDE = """---
标题: 政府信息公开指南
状态: 已发布
发布日期: {now}
位置: 公开指南
---

《中华人民共和国政府信息公开条例》第十二条要求指南写明以下各项，请逐项填写。

## 一、信息的分类和编排体系

请填写。

## 二、获取方式

请填写。

## 三、政府信息公开工作机构

名称、办公地址、办公时间、联系电话、传真号码、互联网联系方式：请填写。
"""
