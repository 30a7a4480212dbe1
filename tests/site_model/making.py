"""Records made in memory, for tests that need many of them quickly; the vocabulary is the tiny site's."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tiny import TinySite

from portal.records.repository import read_repository
from portal.records.types import DisclosureEntry, Interpretation, Origin, PressRelease
from portal.records.vocabulary import Vocabulary


@cache
def vocabulary() -> Vocabulary:
    """The tiny site's controlled words."""
    with TemporaryDirectory() as folder:
        site = TinySite(Path(folder) / "site")
        site.news("one")
        found = read_repository(site.root).vocabulary
    assert found is not None
    return found


def entry(identifier: str, number: int, **fields: Any) -> DisclosureEntry:
    """A disclosure entry that is right in every field but for what `fields` changes."""
    whole: dict[str, Any] = {
        "id": identifier, "title": f"文件{identifier}", "status": "已发布", "date": "2026-01-05 09:00",
        "publisher": "试验厅", "index_no": f"TEST/2026-{number:05d}", "genre": "通知", "column": "行政规范性文件",
        "formed": "2026-01-01", "access": "主动公开", "themes": ("科技",), "summary": "概述",
        "origin": Origin(f"catalog/entries/2026/{identifier}.md"),
    }  # fmt: skip
    return DisclosureEntry.model_validate(whole | fields)


def interpretation(identifier: str, of: str, **fields: Any) -> Interpretation:
    """An interpretation of an entry."""
    whole: dict[str, Any] = {
        "id": identifier, "title": f"解读{identifier}", "status": "已发布", "date": "2026-01-06 09:00",
        "publisher": "试验厅", "interprets": (of,), "form": "文字", "themes": ("科技",), "body": "正文",
        "origin": Origin(f"content/interpretations/{identifier}.md"),
    }  # fmt: skip
    return Interpretation.model_validate(whole | fields)


def news(identifier: str, **fields: Any) -> PressRelease:
    """A press release."""
    whole: dict[str, Any] = {
        "id": identifier, "title": f"新闻{identifier}", "status": "已发布", "date": "2026-01-06 09:00",
        "publisher": "试验厅", "channel": "工作动态", "body": "正文",
        "origin": Origin(f"content/news/{identifier}.md"),
    }  # fmt: skip
    return PressRelease.model_validate(whole | fields)


PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\0IEND\xaeB`\x82"
"""The beginning and the end of a picture: enough to be recognised as one."""

WITHDRAWN = {"状态": "已撤回", "撤回日期": "2026-05-01 10:00", "撤回原因": "内容有误"}
LATER = {"发布日期": None, "定时发布": "2026-07-01 08:00"}


def rich(tiny: TinySite) -> TinySite:
    """Fill a tiny site with something of everything: each kind, state, relation, attachment and page position."""
    for name in ("附件一.pdf", "2026/table.csv", "2026/draft.pdf", "2026/gone.pdf"):
        data = f"%PDF-1.4 {name}\n".encode() if name.endswith("pdf") else "项,值\r\n甲,1\r\n".encode()
        tiny.file(name, data)
    for name in ("image.png", "body.png"):
        tiny.file(name, PNG + name.encode())
    tiny.entry(
        "guiding", "## 总则\n\n一、依据《旧办法》（试发〔2025〕1号）制定。\n\n![示意](files/body.png)\n\n## 附则\n\n| 甲 | 乙 |\n|---|--:|\n| 1 | 2 |\n",
        标题="新办法", 发文字号="试发〔2026〕1号", 体裁分类="办法", 施行日期="2026-04-01", 失效日期="2030-12-31", 废止=["old"],
        关键词=["项目", "管理"], 附件=[{"文件": "附件一.pdf", "标题": "附件一"}, {"文件": "2026/table.csv", "标题": "数据表"}],
        更正说明=[{"日期": "2026-05-20 15:00", "说明": "补充附件二。"}], 题注=["2026年3月1日 公布"], 作者="甲处", 责任编辑="乙",
    )  # fmt: skip
    tiny.entry("old", 标题="旧办法", 发文字号="试发〔2025〕1号", 成文日期="2025-02-01", 发布日期="2025-02-05 09:00")
    tiny.entry("amender", 修改=["amended"])
    tiny.entry("amended", 成文日期="2025-03-01", 发布日期="2025-03-05 09:00")
    tiny.entry("version-1", 标题="两版规定", 成文日期="2024-03-01", 发布日期="2024-03-05 09:00")
    tiny.entry("version-2", 标题="两版规定", 替代=["version-1"])
    tiny.entry("expired", 失效日期="2026-04-30")
    tiny.entry("future", 施行日期="2026-09-01")
    tiny.entry("report", 栏目="年度报告栏", 体裁分类="年度报告")
    tiny.entry("on-request", "", 公开方式="依申请公开", 公开依据="条例第十六条")
    tiny.entry("closed", "", 公开方式="不予公开", 公开依据="条例第十四条")
    tiny.entry("draft", 状态="草稿", 附件=[{"文件": "2026/draft.pdf", "标题": "草稿附件"}])
    tiny.entry("later", **LATER)
    tiny.entry("gone", 附件=[{"文件": "2026/gone.pdf", "标题": "撤回附件"}], **WITHDRAWN)
    for number in range(45):
        tiny.news(
            f"n{number:02d}", f"第{number}条。", 发布日期=f"2026-04-{number % 28 + 1:02d} {8 + number // 28:02d}:30"
        )
    tiny.news("pictured", 题图={"文件": "image.png", "替代文字": "会场"}, 频道="新闻发布会", 发言人="丙")
    tiny.news(
        "reprint", "见《新办法》与《两版规定》。", 来源="某报", 来源网址="https://paper.example/a", 频道="回应关切"
    )
    tiny.news("gone", **WITHDRAWN)
    tiny.interpretation("why", "old")
    tiny.interpretation("why-2", "试发〔2026〕1号", 解读形式="问答", 解读人="丁")
    tiny.interpretation("gone", "guiding", **WITHDRAWN)
    for name, position in (
        ("zhinan", "公开指南"),
        ("zhidu", "公开制度"),
        ("shenqing", "依申请公开"),
        ("jigou", "机构职能"),
    ):
        tiny.page(name, "## 一节\n\n正文，见[新闻](/news/)、[新办法](/entries/guiding/)。", 位置=position)
    tiny.page("shengming", "正文。\n\n## 甲\n\n## 乙\n\n## 丙\n\n## 丁\n")
    tiny.write(
        "catalog/redirects.yaml",
        "- 原地址: /old/a/\n  新地址: /entries/guiding/\n- 原地址: /old/b.html\n  新地址: /news/\n",
    )
    return tiny
