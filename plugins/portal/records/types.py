"""The kinds of record and their fields. One file is one record; every field has an English key and a Chinese alias.

The tables in docs/editors.zh.md are generated from this module.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, cached_property
from typing import ClassVar

import msgspec
from pydantic import BaseModel, ConfigDict, Field, InstanceOf

from portal.markup.prose import EMPTY
from portal.problems import Place
from portal.records.values import Body, Day, FileName, Identifier, Line, Minute, Moment, Url
from portal.value import Value

MAX_TITLE = 200
"""Characters of a title."""


class Status(StrEnum):
    """Where a record stands in its life."""

    DRAFT = "草稿"
    PUBLISHED = "已发布"
    WITHDRAWN = "已撤回"


class Access(StrEnum):
    """公开方式: chosen when the document is drafted (国办发〔2016〕80号), with reasons unless it is open."""

    OPEN = "主动公开"
    ON_REQUEST = "依申请公开"
    CLOSED = "不予公开"


class Channel(StrEnum):
    """The channels of press releases."""

    WORK = "工作动态"
    NOTICE = "通知公告"
    CONFERENCE = "新闻发布会"
    RESPONSE = "回应关切"


class Form(StrEnum):
    """The forms of an interpretation (国办发〔2016〕80号: 文字、图解、音视频、问答、发布会)."""

    TEXT = "文字"
    GRAPHIC = "图解"
    VIDEO = "视频"
    QUESTIONS = "问答"
    CONFERENCE = "发布会"


class Position(StrEnum):
    """Where a standing page belongs: the first four are parts of the platform 政府信息公开."""

    GUIDE = "公开指南"
    RULES = "公开制度"
    REQUEST = "依申请公开"
    ORGANISATION = "机构职能"
    STATEMENT = "网站声明"


class Origin(Value, frozen=True):
    """Where a record was read from; `places` maps a location such as `("attachments", 0, "file")` to its place."""

    path: str
    places: Mapping[tuple[str | int, ...], Place] = msgspec.field(default_factory=dict)
    body_line: int = 1

    def in_body(self, line: int, column: int = 1) -> Place:
        """The place in the file of a line of the body, which counts from 1."""
        return Place(self.path, self.body_line - 1 + line, column)

    def place(self, *location: str | int) -> Place:
        """The place of a field, or of the nearest thing that holds it."""
        for length in range(len(location), -1, -1):
            if (found := self.places.get(location[:length])) is not None:
                return found
        return Place(self.path)


class Part(BaseModel):
    """A frozen value with checked fields; unknown keys are refused."""

    # Built when first asked to validate: most builds read a file of one kind, some none.
    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, defer_build=True
    )


class Attachment(Part):
    """附件: a file below content/files/ and the title under which the public sees it."""

    file: FileName = Field(alias="文件", description="content/files/ 之下的路径")
    title: Line = Field(alias="标题", description="公众看到的附件名称")


class Image(Part):
    """题图: a picture with its text alternative, which GB/T 37668 and WCAG 1.1.1 require."""

    file: FileName = Field(alias="文件", description="content/files/ 之下的路径")
    alt: Line = Field(alias="替代文字", description="看不到图的人读到的说明")


class Correction(Part):
    """更正说明 (条例 art. 6: false or incomplete information is corrected)."""

    on: Moment = Field(alias="日期", description="更正的时间，写到分")
    note: Line = Field(alias="说明", description="更正了什么")


class SecrecyReview(Part):
    """保密审查 (条例 art. 17; 保守国家秘密法 art. 35): who, when, on what basis, with what result, over which bytes."""

    by: Line = Field(alias="审查人", description="审查的人")
    on: Day = Field(alias="审查日期", description="审查的日期")
    basis: Line = Field(alias="依据", description="审查的依据")
    result: Line = Field(alias="结果", description="审查的结论")
    digest: Line = Field(alias="内容校验值", description="记录和附件规范内容的 SHA-256")


class Record(Part):
    """What all kinds have in common."""

    kind: ClassVar[str]
    label: ClassVar[str]
    folder: ClassVar[str]
    address: ClassVar[str]

    id: Identifier = Field(alias="编号", description="网址的一部分，永不更改；不写时取文件名")
    title: Line = Field(alias="标题", max_length=MAX_TITLE, description="公众看到的标题，不含换行")
    date: Minute | None = Field(None, alias="发布日期", description="公众最早能看到的时间，到分")
    publish_at: Minute | None = Field(None, alias="定时发布", description="到时自动公开，并作为发布日期")
    publisher: Line | None = Field(None, alias="发布机构", description="catalog/organs.yaml 中的机构名称")
    source: Line | None = Field(None, alias="来源", description="转载时写原发布单位")
    source_url: Url | None = Field(None, alias="来源网址", description="转载时写原文网址")
    author: Line | None = Field(None, alias="作者", description="撰稿人")
    editor: Line | None = Field(None, alias="责任编辑", description="对内容负责的编辑")
    themes: tuple[Line, ...] = Field((), alias="主题分类", description="catalog/themes.yaml 中的主题")
    keywords: tuple[Line, ...] = Field((), alias="关键词", max_length=10, description="最多 10 个")
    summary: Line | None = Field(None, alias="内容概述", description="一两句话的主要内容；目录条目必填")
    status: Status = Field(alias="状态", description="草稿、已发布、已撤回")
    withdrawn_on: Moment | None = Field(None, alias="撤回日期", description="撤回的时间，写到分")
    withdrawn_reason: Line | None = Field(None, alias="撤回原因", description="公众会看到")
    attachments: tuple[Attachment, ...] = Field((), alias="附件", description="每个附件一项：文件和标题")
    corrections: tuple[Correction, ...] = Field((), alias="更正说明", description="每次更正一项：日期和说明")
    secrecy_review: SecrecyReview | None = Field(None, alias="保密审查", description="公开前的审查记录")

    body: Body = Field(EMPTY, exclude=True, description="正文（Markdown），写在元数据之后")
    origin: InstanceOf[Origin] = Field(Origin(""), exclude=True, repr=False)

    @cached_property
    def key(self) -> tuple[str, str]:
        """Kind and id: the record's name within the repository."""
        return self.kind, self.id

    @cached_property
    def url(self) -> str:
        """The site path of the record, which never changes."""
        return f"{self.address}{self.id}/"

    @cached_property
    def first_public(self) -> dt.datetime:
        """When the public first could, or first will, see it."""
        moment = self.date or self.publish_at
        assert moment is not None, "the reader refuses a record without either"
        return moment

    @cached_property
    def order(self) -> tuple[dt.datetime, dt.date, tuple[str, str]]:
        """Where a record stands in every list: by publication, then by the day it was made, then by name, so that
        records published together are in one order everywhere."""
        return self.first_public, self.first_public.date(), self.key

    @cached_property
    def modified(self) -> dt.datetime:
        """The latest of publication, corrections and withdrawal: never a file time, never git."""
        if not self.corrections and not self.withdrawn_on:
            return self.first_public
        moments = [self.first_public, *(c.on for c in self.corrections)]
        return max([*moments, self.withdrawn_on] if self.withdrawn_on else moments)

    @property
    def year(self) -> int:
        """The year under which lists, exports and sitemaps file the record."""
        return self.first_public.year


class DisclosureEntry(Record):
    """公开目录条目: 索引、名称、内容概述、生成日期 are what 条例 art. 12 requires of every one."""

    kind = "entry"
    label = "公开目录"
    folder = "catalog/entries"
    address = "/entries/"

    index_no: Line = Field(alias="索引号", description="机构代码/年-流水号，不重不漏")
    doc_no: Line | None = Field(None, alias="发文字号", description="如 示科发〔2025〕12号")
    genre: Line = Field(alias="体裁分类", description="catalog/genres.yaml 中的体裁")
    column: Line = Field(alias="栏目", description="catalog/columns.yaml 中的栏目")
    formed: Day = Field(alias="成文日期", description="即生成日期")
    effective: Day | None = Field(None, alias="施行日期", description="开始施行的日期")
    expires: Day | None = Field(None, alias="失效日期", description="有效期的最后一天")
    access: Access = Field(alias="公开方式", description="主动公开、依申请公开、不予公开")
    access_basis: Line | None = Field(None, alias="公开依据", description="非主动公开时必填：条例的条款")
    late_reason: Line | None = Field(None, alias="逾期原因", description="超过20个工作日才公开时必填")
    repeals: tuple[Line, ...] = Field((), alias="废止", description="被本件废止的文件：索引号、发文字号或编号")
    amends: tuple[Line, ...] = Field((), alias="修改", description="被本件修改的文件")
    replaces: tuple[Line, ...] = Field((), alias="替代", description="被本件替代的旧版本")
    history: tuple[Line, ...] = Field((), alias="题注", description="公布、修订、施行的时间及文号")

    @cached_property
    def order(self) -> tuple[dt.datetime, dt.date, tuple[str, str]]:
        """As for every record, by 成文日期 among those published together."""
        return self.first_public, self.formed, self.key

    @property
    def year(self) -> int:
        """The year in which the document was made, so that an old document recorded today is filed where it belongs."""
        return self.formed.year


class PressRelease(Record):
    """新闻发布."""

    kind = "news"
    label = "新闻发布"
    folder = "content/news"
    address = "/news/"

    channel: Channel = Field(alias="频道", description="工作动态、通知公告、新闻发布会、回应关切")
    spokesperson: Line | None = Field(None, alias="发言人", description="发布会的发言人")
    image: Image | None = Field(None, alias="题图", description="配图和它的替代文字")


class Interpretation(Record):
    """政策解读."""

    kind = "interpretation"
    label = "政策解读"
    folder = "content/interpretations"
    address = "/interpretations/"

    interprets: tuple[Line, ...] = Field(
        alias="解读对象", min_length=1, description="被解读的文件：索引号、发文字号或编号"
    )
    form: Form = Field(alias="解读形式", description="文字、图解、视频、问答、发布会")
    interpreter: Line | None = Field(None, alias="解读人", description="解读的人或机构")


class StandingPage(Record):
    """页面: 指南, 制度, 机构职能, 无障碍声明 and the like."""

    kind = "page"
    label = "页面"
    folder = "content/pages"
    address = "/pages/"

    position: Position = Field(alias="位置", description="公开指南、公开制度、依申请公开、机构职能、网站声明")


KINDS: tuple[type[Record], ...] = (DisclosureEntry, PressRelease, Interpretation, StandingPage)
"""Every kind that the portal knows, in the order in which the public sees them."""


@cache
def aliases(model: type[BaseModel]) -> Mapping[str, str]:
    """For every key that a model accepts, English or Chinese, the name of the field."""
    names: dict[str, str] = {}
    for name, info in model.model_fields.items():
        if name in {"body", "origin"}:
            continue
        names[name] = name
        if info.alias:
            names[info.alias] = name
    return names
