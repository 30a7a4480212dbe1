"""A tiny site for tests: written by a few words, built by the real engine."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from pelican.settings import read_settings

from portal import HOME, clock
from portal.attachments.files import read_files
from portal.build import ledger
from portal.build.engine import Portal, Prepared
from portal.records.repository import read_repository
from portal.records.types import DisclosureEntry, Interpretation, PressRelease, Record, StandingPage
from portal.site.resolve import Resolution, resolve

NOW = clock.parse_minute("2026-06-15 12:00")
"""The clock of tests, unless they say otherwise."""

CODE = "11000000MB00000001"

_SITE = {
    "网站名称": "试验门户", "主办单位": "试验厅", "网址": "https://www.test.example", "网站标识码": "占位", "ICP备案号": "占位",
    "公安备案号": "占位", "党政机关网站标识": "占位", "网站描述": "试验用的网站。", "办公地址": "试验路1号", "办公时间": "工作日",
    "联系电话": "0000-0000000", "电子邮箱": "office@test.example", "公开工作机构": "试验厅办公室",
    "索引号例外前缀": [{"前缀": "TEST", "说明": "试验用"}],
}  # fmt: skip
_ORGANS = [{"编号": "ting", "名称": "试验厅", "简称": "厅", "前身": ["试验委员会"]}, {"编号": "yuan", "名称": "试验院"}]
_THEMES = [
    {"编号": "keji", "名称": "科技、教育", "下级": [{"编号": "keji-science", "名称": "科技"}]},
    {"编号": "other", "名称": "其他"},
]
_GENRES = [
    {"编号": "notice", "名称": "通知", "法定文种": "是"},
    {"编号": "measures", "名称": "办法"},
    {"编号": "report", "名称": "年度报告"},
]
_COLUMNS = [
    {"编号": "basis", "名称": "履职依据", "依据": "条例第二十条第（一）项", "栏目类型": "政策文件",
     "下级": [{"编号": "normative", "名称": "行政规范性文件", "栏目类型": "政策文件"}]},
    {"编号": "fees", "名称": "行政事业性收费", "无此项说明": "本机关无行政事业性收费。"},
    {"编号": "annual", "名称": "年度报告栏", "板块": "公开年报", "栏目类型": "信息公开年报"},
]  # fmt: skip


class TinySite:
    """A site's folder with short ways to put records in it. Chinese keys, as editors write them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._numbers = 0
        for kind in (DisclosureEntry, PressRelease, Interpretation, StandingPage):
            (root / kind.folder).mkdir(parents=True, exist_ok=True)
        (root / "content" / "files").mkdir()
        vocabularies = {"site": _SITE, "organs": _ORGANS, "themes": _THEMES, "genres": _GENRES, "columns": _COLUMNS}
        for name, value in vocabularies.items():
            self.write(f"catalog/{name}.yaml", yaml.safe_dump(value, allow_unicode=True, sort_keys=False))
        self.write(ledger.PATH, ledger.HEADER + "\n")
        for name in ("pelicanconf.py", "publishconf.py"):
            self.write(name, (HOME / name).read_text(encoding="utf-8"))

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file of the site."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return target

    def record(self, path: str, fields: Mapping[str, Any], body: str = "") -> Path:
        """Write a record as Markdown with front matter."""
        head = yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False)
        return self.write(path, f"---\n{head}---\n\n{body}\n")

    def entry(self, identifier: str, body: str = "正文。", **fields: Any) -> Path:
        """A disclosure entry that is right in every field, but for what `fields` changes; None leaves a field out."""
        self._numbers += 1
        whole = {
            "标题": f"关于{identifier}的通知", "状态": "已发布", "发布日期": "2026-03-05 09:30", "发布机构": "试验厅",
            "索引号": f"TEST/2026-{self._numbers:05d}", "体裁分类": "通知", "栏目": "行政规范性文件", "成文日期": "2026-03-01",
            "公开方式": "主动公开", "主题分类": ["科技"], "内容概述": "概述。",
        }  # fmt: skip
        return self.record(f"catalog/entries/2026/{identifier}.md", _merge(whole, fields), body)

    def news(self, identifier: str, body: str = "正文。", **fields: Any) -> Path:
        """A press release."""
        whole = {
            "标题": f"{identifier}新闻", "状态": "已发布", "发布日期": "2026-03-06 10:00", "发布机构": "试验厅", "频道": "工作动态",
        }  # fmt: skip
        return self.record(f"content/news/{identifier}.md", _merge(whole, fields), body)

    def interpretation(self, identifier: str, of: str, body: str = "正文。", **fields: Any) -> Path:
        """An interpretation of an entry."""
        whole = {
            "标题": f"{identifier}解读", "状态": "已发布", "发布日期": "2026-03-07 10:00", "发布机构": "试验厅",
            "解读对象": [of], "解读形式": "文字", "主题分类": ["科技"],
        }  # fmt: skip
        return self.record(f"content/interpretations/{identifier}.md", _merge(whole, fields), body)

    def page(self, identifier: str, body: str = "正文。", **fields: Any) -> Path:
        """A standing page."""
        whole = {"标题": f"{identifier}页", "状态": "已发布", "发布日期": "2026-01-02 09:00", "位置": "网站声明"}
        return self.record(f"content/pages/{identifier}.md", _merge(whole, fields), body)

    def file(self, name: str, data: bytes = b"%PDF-1.4\n%%EOF\n") -> Path:
        """A file below content/files/."""
        return self.write(f"content/files/{name}", data)

    def resolve(self, at: datetime = NOW, *, preview: bool = False) -> Resolution:
        """Read and resolve; reading must find no problem."""
        repository = read_repository(self.root)
        files, problems = read_files(self.root, repository.records)
        assert not repository.problems, repository.problems
        assert not problems, problems
        assert repository.vocabulary is not None
        return resolve(repository.records, repository.vocabulary, files, at, preview=preview)

    def read(self) -> dict[str, Record]:
        """The records by id; reading must find no problem."""
        repository = read_repository(self.root)
        assert not repository.problems, repository.problems
        return {record.id: record for record in repository.records}

    def portal(self, *, production: bool = False, **settings: Any) -> Portal:
        """The engine on this site, through Pelican's own reading of its settings."""
        name = "publishconf.py" if production else "pelicanconf.py"
        portal = read_settings(str(self.root / name), override={"PORTAL_QUIET": True, **settings})
        return Portal(portal)

    def build(self, at: datetime = NOW, **settings: Any) -> Prepared:
        """Build into output/. Settings override those of pelicanconf.py."""
        return self.portal(**settings).build(at)

    @property
    def output(self) -> Path:
        """The published site."""
        return self.root / "output"

    def html(self, address: str) -> str:
        """The published page at a site path."""
        return (self.output / address.strip("/") / "index.html").read_text(encoding="utf-8")

    def tree(self, folder: Path | None = None) -> dict[str, bytes]:
        """Every published file: path and bytes."""
        top = folder or self.output
        return {p.relative_to(top).as_posix(): p.read_bytes() for p in sorted(top.rglob("*")) if p.is_file()}


def _merge(whole: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**whole, **fields}.items() if value is not None}
