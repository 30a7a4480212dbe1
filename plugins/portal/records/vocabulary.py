"""The controlled words of a site: organs, themes, genres, columns, the office's identity, redirects."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated
from urllib.parse import unquote

from pydantic import BeforeValidator, Field

from portal.problems import Place
from portal.records.codes import is_organisation_code, is_social_credit_code
from portal.records.types import Part
from portal.records.values import Identifier, Line, Url, wrong
from portal.workdays import Workdays


def _social_credit_code(value: object) -> str:
    text = str(value)
    if not is_social_credit_code(text):
        raise wrong(
            "credit-code",
            f"统一社会信用代码“{text}”的校验码不对（GB 32100-2015）。",
            "请对照统一社会信用代码证书，核对全部 18 位；还没有代码的，删去这一栏。",
        )
    return text


def _yes_no(value: object) -> bool:
    if isinstance(value, str) and value in {"是", "yes", "true"}:
        return True
    if isinstance(value, str) and value in {"否", "no", "false"}:
        return False
    raise wrong("choice", f"“{value}”不是可选的值。", "只能填：是、否。")


def _days(value: object) -> int:
    text = str(value)
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise wrong("number", f"“{text}”不是天数。", "请写整数天数，如 180。")
    return int(text)


def _site_path(value: object) -> str:
    text = str(value)
    if not re.fullmatch(r"/(?:[A-Za-z0-9._~%-]+/)*(?:[A-Za-z0-9._~%-]+)?", text):
        raise wrong("path", f"“{text}”不是站内地址。", "请写以 / 开头的站内地址，如 /news/2025-abc/。")
    if not _is_file_path(text):
        remedy = "请去掉 .、.. 和控制字符；两条斜线之间不超过 200 字节，全长不超过 1000 字节。"
        raise wrong("path", f"地址“{text[:60]}”解码（%xx）后不能用作文件的路径。", remedy)
    return text


def _is_file_path(address: str) -> bool:
    """Whether a percent-encoded address, which a redirect's page is written to, names a file inside the site."""
    try:
        path = unquote(address, errors="strict")
    except UnicodeDecodeError:
        return False
    segments = path.strip("/").split("/")
    return (
        path.isprintable()
        and "\\" not in path
        and len(path.encode()) <= 1000
        and (path == "/" or not {"", ".", ".."} & set(segments))
        and all(len(segment.encode()) <= 200 for segment in segments)
    )


def _domain_url(value: object) -> str:
    text = str(value).rstrip("/")
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(?::\d+)?", text):
        raise wrong("url", f"“{text}”不是网站地址。", "请写 https://域名，不带路径。")
    return text


class Organ(Part):
    """机构: the maker or publisher of information (条例 art. 10)."""

    id: Identifier = Field(alias="编号")
    name: Line = Field(alias="名称")
    short: Line | None = Field(None, alias="简称")
    code: Annotated[str, BeforeValidator(_social_credit_code)] | None = Field(None, alias="统一社会信用代码")
    predecessors: tuple[Line, ...] = Field((), alias="前身")
    parent: Line | None = Field(None, alias="上级")
    description: Line | None = Field(None, alias="说明")


class SubTheme(Part):
    """A theme of the second level."""

    id: Identifier = Field(alias="编号")
    name: Line = Field(alias="名称")


class Theme(SubTheme):
    """主题分类, two levels as in 综合政务\\政务公开."""

    children: tuple[SubTheme, ...] = Field((), alias="下级")


class Genre(Part):
    """体裁分类: the fifteen 文种 of 党政机关公文处理工作条例 art. 8, and the others in use."""

    id: Identifier = Field(alias="编号")
    name: Line = Field(alias="名称")
    official: Annotated[bool, BeforeValidator(_yes_no)] = Field(False, alias="法定文种")


class SubColumn(Part):
    """A column of the platform 政府信息公开."""

    id: Identifier = Field(alias="编号")
    name: Line = Field(alias="名称")
    basis: Line | None = Field(None, alias="依据", description="条例第二十条的项")
    column_type: Line = Field("信息公开目录", alias="栏目类型", description="国办发〔2017〕47号 ColumnType 的取值")
    update_days: Annotated[int, BeforeValidator(_days)] | None = Field(None, alias="更新周期", description="天")
    description: Line | None = Field(None, alias="说明")
    keywords: tuple[Line, ...] = Field((), alias="关键词")
    none: Line | None = Field(None, alias="无此项说明", description="栏目为空时向公众说明")


class Column(SubColumn):
    """A heading of 条例 art. 20, of the rules, or of the annual reports; with its own headings below it."""

    section: Line = Field("法定主动公开内容", alias="板块")
    children: tuple[SubColumn, ...] = Field((), alias="下级")


class IndexPrefix(Part):
    """A declared exception: an 索引号 prefix that is not an organ's code."""

    prefix: Line = Field(alias="前缀")
    reason: Line = Field(alias="说明")


class Identity(Part):
    """catalog/site.yaml: the office's identity, the only place that holds it."""

    name: Line = Field(alias="网站名称", description="SiteName")
    organ: Line = Field(alias="主办单位")
    undertaker: Line | None = Field(None, alias="承办单位")
    url: Annotated[Url, BeforeValidator(_domain_url)] = Field(alias="网址")
    site_code: Line = Field(alias="网站标识码", description="SiteIDCode，由主管机关配发")
    icp: Line = Field(alias="ICP备案号")
    police_record: Line = Field(alias="公安备案号")
    party_mark: Line = Field(alias="党政机关网站标识", description="由编办配发")
    description: Line = Field(alias="网站描述")
    keywords: tuple[Line, ...] = Field((), alias="网站关键词")
    address: Line = Field(alias="办公地址")
    hours: Line = Field(alias="办公时间")
    phone: Line = Field(alias="联系电话")
    fax: Line | None = Field(None, alias="传真")
    email: Line = Field(alias="电子邮箱")
    postcode: Line | None = Field(None, alias="邮政编码")
    office: Line = Field(alias="公开工作机构")
    leader_box: Line = Field("领导信箱", alias="领导信箱")
    disclaimer: Line = Field(
        "本文为转载，版权属原发布单位；内容以原文为准。", alias="转载声明", description="显示在转载的文章下"
    )
    index_prefixes: tuple[IndexPrefix, ...] = Field((), alias="索引号例外前缀")

    @property
    def domain(self) -> str:
        """SiteDomain: the address without its scheme."""
        return self.url.split("://", 1)[1]


class Redirect(Part):
    """An old address and where it leads now; an address never just disappears."""

    old: Annotated[str, BeforeValidator(_site_path)] = Field(alias="原地址")
    new: Annotated[str, BeforeValidator(_site_path)] = Field(alias="新地址")


@dataclass(frozen=True)
class ThemePath:
    """A theme with its parent, as a record's 主题分类 resolves to it."""

    id: str
    name: str
    parent: "ThemePath | None" = None

    @cached_property
    def full(self) -> str:
        """一级/二级."""
        return f"{self.parent.name}/{self.name}" if self.parent else self.name

    @cached_property
    def lineage(self) -> tuple["ThemePath", ...]:
        """The theme and what is above it, from the top."""
        return (*self.parent.lineage, self) if self.parent else (self,)


@dataclass(frozen=True)
class Vocabulary:
    """All controlled words, with the look-ups that resolving needs."""

    identity: Identity
    organs: tuple[Organ, ...]
    themes: tuple[Theme, ...]
    genres: tuple[Genre, ...]
    columns: tuple[Column, ...]
    redirects: tuple[Redirect, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    workdays: Workdays = field(default_factory=Workdays, compare=False, repr=False)

    @cached_property
    def organ_by_name(self) -> dict[str, Organ]:
        """Organs by full name, short name and predecessors' names; a name in use goes before one of the past."""
        found = {organ.name: organ for organ in self.organs}
        for organ in self.organs:
            if organ.short:
                found.setdefault(organ.short, organ)
        for organ in self.organs:
            for name in organ.predecessors:
                found.setdefault(name, organ)
        return found

    @cached_property
    def theme_by_name(self) -> dict[str, ThemePath]:
        """Themes by 一级/二级 (also written with a backslash, as on gov.cn), and by a name that only one can mean."""
        found: dict[str, ThemePath] = {}
        for theme in self.theme_paths:
            found[theme.full] = theme
            found[theme.full.replace("/", "\\")] = theme
            if theme.name not in self.ambiguous_themes:
                found.setdefault(theme.name, theme)
        return found

    @cached_property
    def ambiguous_themes(self) -> dict[str, tuple[str, ...]]:
        """The names that stand below several themes, each with the full forms to write instead."""
        return _ambiguous((theme.name, theme.full) for theme in self.theme_paths)

    @property
    def theme_paths(self) -> Iterator[ThemePath]:
        """All themes, each top theme before its children."""
        for theme in self.themes:
            top = ThemePath(theme.id, theme.name)
            yield top
            for child in theme.children:
                yield ThemePath(child.id, child.name, top)

    @cached_property
    def genre_by_name(self) -> dict[str, Genre]:
        """Genres by name; 命令（令） also as 命令 and 令."""
        found = {genre.name: genre for genre in self.genres}
        if "命令（令）" in found:
            found.setdefault("命令", found["命令（令）"])
            found.setdefault("令", found["命令（令）"])
        return found

    @cached_property
    def column_by_name(self) -> dict[str, SubColumn]:
        """Columns by 上级/下级, and by a name that only one can mean."""
        found: dict[str, SubColumn] = {}
        for full, column in self._column_paths:
            found[full] = column
            if column.name not in self.ambiguous_columns:
                found.setdefault(column.name, column)
        return found

    @cached_property
    def ambiguous_columns(self) -> dict[str, tuple[str, ...]]:
        """The names that stand below several columns, each with the full forms to write instead."""
        return _ambiguous((column.name, full) for full, column in self._column_paths)

    @property
    def _column_paths(self) -> Iterator[tuple[str, SubColumn]]:
        for column in self.columns:
            yield column.name, column
            yield from ((f"{column.name}/{child.name}", child) for child in column.children)

    @cached_property
    def parent_column(self) -> dict[str, Column]:
        """The top column that each column id stands under (itself for a top column)."""
        return {below.id: column for column in self.columns for below in (column, *column.children)}

    def index_prefix_allowed(self, prefix: str) -> bool:
        """Whether an 索引号 may begin so: an organ's code, its nine-character organisation code, or a declared one."""
        for organ in self.organs:
            if organ.code and (prefix == organ.code or (prefix == organ.code[8:17] and is_organisation_code(prefix))):
                return True
        return any(prefix == exception.prefix for exception in self.identity.index_prefixes)


def _ambiguous(words: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Of (name, full form): the names with several full forms. A top word has no longer form, and keeps its name."""
    forms: dict[str, list[str]] = {}
    for name, full in words:
        forms.setdefault(name, []).append(full)
    return {name: tuple(found) for name, found in forms.items() if len(found) > 1 and name not in found}
