"""A site to which everything happens that can happen to a site, in any order, with a build now and then.

After each build the incremental site must be the clean one. The rules are what editors, operators and machines do; what is
wrong in between must be told in the same words by both builds, and change nothing.
"""

import copy
import os
import random
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from site_model.making import PNG
from tiny import NOW

from build.comparing import Pair
from portal import HOME
from portal.build import ledger, manifest
from portal.build.sources import PATH as SOURCES
from portal.build.sources import Sources

FOLDERS = {
    "entry": "catalog/entries/2026",
    "news": "content/news",
    "interpretation": "content/interpretations",
    "page": "content/pages",
}
ADDRESSES = {"entry": "entries", "news": "news", "interpretation": "interpretations", "page": "pages"}
OTHER_FOLDERS = {
    "entry": ["catalog/entries/2025", "catalog/entries/archive/a", "catalog/entries"],
    "news": ["content/news/2026", "content/news/2026/06"],
    "interpretation": ["content/interpretations/2026"],
    "page": ["content/pages/more"],
}
VOCABULARIES = ("organs", "themes", "genres", "columns")
FIELDS = {"organs": "发布机构", "themes": "主题分类", "genres": "体裁分类", "columns": "栏目"}

SEVERAL = st.integers(0, 10_000)
"""Chooses among however many there are."""

_PLUGINS = ("portal.pages", "portal.outputs.feeds", "portal.outputs.catalogue", "portal.outputs.sitemap")
_SEARCH = "portal.outputs.search"


@dataclass
class Written:
    """A record as it stands in a file of its own."""

    kind: str
    folder: str
    id: str
    fields: dict[str, Any]
    body: str = "正文。"

    @property
    def path(self) -> str:
        """Where the file stands."""
        return f"{self.folder}/{self.id}.md"

    @property
    def url(self) -> str:
        """The address of the record."""
        return f"/{ADDRESSES[self.kind]}/{self.id}/"


@dataclass
class Sourced:
    """What the sources of a site are made from, apart from files that nobody generates."""

    records: list[Written] = field(default_factory=list)
    bulk: list[dict[str, Any]] = field(default_factory=list)
    redirects: list[dict[str, str]] = field(default_factory=list)
    vocabulary: dict[str, Any] = field(default_factory=dict)


class Machine(RuleBasedStateMachine):
    """Everything that happens to a site. `step` of each rule says whether a build follows it."""

    def __init__(self) -> None:
        super().__init__()
        top = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # what is compared is read again and again
        self.folder = Path(tempfile.mkdtemp(prefix="portal-incremental-", dir=top))
        self.pair = Pair(self.folder, keep_texts="PORTAL_SOAK" not in os.environ)
        self.root = self.pair.site.root
        self.now = NOW
        self.count = 0
        self.number = 0
        self.state = Sourced()
        self.good: tuple[Sourced, dict[str, bytes]] | None = None
        self.code = ""
        self.settings: dict[str, str] = {}
        self.fresh = False  # whether what was built last is what there is

    def teardown(self) -> None:
        """What was done last is built, too."""
        try:
            if not self.fresh:
                self.build()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    # ── the site ────────────────────────────────────────────────────────────

    @initialize(search=st.sampled_from([False, False, False, True]), seed=SEVERAL)
    def begin(self, search: bool, seed: int) -> None:
        """A dozen records of all kinds, some of which are not public yet."""
        site = self.pair.site
        for name in ("site", *VOCABULARIES):
            self.state.vocabulary[name] = yaml.safe_load((self.root / f"catalog/{name}.yaml").read_text("utf-8"))
        for name in ("a.pdf", "b.csv", "c.png"):
            site.file(name, self._bytes(name))
        for _ in range(4):
            self._add("entry")
        for _ in range(3):
            self._add("news")
        self._add("interpretation")
        self._add("page")
        later = self._add("news")
        later.fields |= {"定时发布": "2026-07-01 08:00"}
        later.fields.pop("发布日期")
        self._add("entry").fields |= {"施行日期": "2026-07-01", "失效日期": "2026-09-30"}
        self._add("entry").fields |= {"更正说明": [{"日期": "2026-05-20 15:00", "说明": "改正。"}]}
        random.Random(seed).shuffle(self.state.records)
        for record in self.state.records:
            self._write(record)
        plugins = [*_PLUGINS, *([_SEARCH] if search else [])]
        self.settings["plugins"] = f"PLUGINS = {plugins!r}"
        self._write_settings()
        self.build()

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _bytes(self, name: str) -> bytes:
        number = self._next()
        if name.endswith(".pdf"):
            return f"%PDF-1.4\n% {number:06d}\n%%EOF\n".encode()
        return f"项,值\r\n甲,{number:06d}\r\n".encode() if name.endswith(".csv") else PNG + f"{number:06d}".encode()

    def _add(self, kind: str) -> Written:
        number = self._next()
        fields: dict[str, Any] = {
            "标题": f"{number}号{kind}", "状态": "已发布", "发布日期": f"2026-0{number % 5 + 1}-{number % 27 + 1:02d} 09:30",
            "发布机构": self._word("organs", number),
        }  # fmt: skip
        if kind == "entry":
            fields |= self._entry_fields(number)
        elif kind == "news":
            fields["频道"] = ["工作动态", "通知公告", "回应关切"][number % 3]
        elif kind == "interpretation":
            of = [record for record in self.state.records if record.kind == "entry"]
            fields |= {
                "解读对象": [of[number % len(of)].id],
                "解读形式": "文字",
                "主题分类": [self._word("themes", number)],
            }
        else:
            fields["位置"] = ["网站声明", "公开指南", "公开制度"][number % 3]
        record = Written(kind, FOLDERS[kind], f"{kind[0]}{number}", fields)
        self.state.records.append(record)
        return record

    def _entry_fields(self, number: int) -> dict[str, Any]:
        self.number += 1
        return {
            "索引号": f"TEST/2026-{self.number:05d}", "发文字号": f"试发〔2026〕{self.number}号", "体裁分类": self._word("genres", number),
            "栏目": "行政规范性文件", "成文日期": f"2025-1{number % 3}-01", "公开方式": "主动公开",
            "主题分类": [self._word("themes", number)], "内容概述": "概述。",
        }  # fmt: skip

    def _word(self, vocabulary: str, number: int) -> str:
        words = self._words(vocabulary)
        return str(words[number % len(words)]["名称"])

    def _words(self, vocabulary: str) -> list[dict[str, Any]]:
        found = []
        for word in self.state.vocabulary[vocabulary]:
            found += word.get("下级") or [word]
        return found

    def _write(self, record: Written) -> None:
        self.fresh = False
        self.pair.site.record(record.path, record.fields, record.body)

    def _write_yaml(self, name: str, value: Any) -> None:
        self.fresh = False
        if value:
            text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
            self.pair.site.write(f"catalog/{name}.yaml", text)
        else:
            (self.root / f"catalog/{name}.yaml").unlink(missing_ok=True)

    def _write_settings(self) -> None:
        self.fresh = False
        text = (HOME / "pelicanconf.py").read_text("utf-8")
        self.pair.site.write("pelicanconf.py", "\n".join([text, *self.settings.values(), ""]))

    def _record(self, which: int, kind: str = "") -> Written | None:
        found = [record for record in self.state.records if not kind or record.kind == kind]
        return found[which % len(found)] if found else None

    # ── building ────────────────────────────────────────────────────────────

    def build(self) -> None:
        """Both ways. What is refused is mended, which must then be published."""
        version = f"{self.code}"
        with (
            patch("portal.build.fingerprints.code_version", lambda: version),
            patch("portal.build.sources.code_version", lambda: version),
        ):
            if self.pair.compare(self.now):
                self.good = copy.deepcopy(self.state), self._sources()
            else:
                self._mend()
                assert self.pair.compare(self.now), "mended, it is published again"
        self.fresh = True

    def _sources(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for top in ("content", "catalog")
            for path in (self.root / top).rglob("*")
            if path.is_file()
        }

    def _mend(self) -> None:
        assert self.good is not None, "the first site is right"
        self.state, files = copy.deepcopy(self.good[0]), self.good[1]
        for path, data in self._sources().items():
            if path not in files:
                (self.root / path).unlink()
            elif files[path] != data:
                self.pair.site.write(path, files[path])
        for path in files.keys() - self._sources().keys():
            self.pair.site.write(path, files[path])

    @rule()
    def build_again(self) -> None:
        """A build, of what was done since or of nothing new."""
        self.build()

    @rule(step=st.sampled_from([1, 60 * 24, 60 * 24 * 17, 60 * 24 * 40, 60 * 24 * 91]))
    def time_passes(self, step: int) -> None:
        """The clock crosses 定时发布, 施行, 失效, and the 90 days of 最近变更."""
        self.now += timedelta(minutes=step)
        self.build()

    # ── editors ─────────────────────────────────────────────────────────────

    @rule(which=SEVERAL, then=st.booleans())
    def edit_body(self, which: int, then: bool) -> None:
        """Other words."""
        if record := self._record(which):
            record.body = f"改成第{self._next()}版。\n\n## 一节\n\n- 甲\n- 乙"
            self._write(record)
            if then:
                self.build()

    @rule(
        which=SEVERAL,
        name=st.sampled_from(["标题", "内容概述", "作者", "责任编辑", "关键词", "来源", "发布日期"]),
        then=st.booleans(),
    )
    def edit_field(self, which: int, name: str, then: bool) -> None:
        """Another value, or for the second time none."""
        if record := self._record(which):
            number = self._next()
            value: Any = f"{name}{number}"
            if name == "关键词":
                value = [f"词{number}", "项目"]
            elif name == "发布日期":
                if "定时发布" in record.fields:
                    return
                value = f"2026-04-{number % 28 + 1:02d} 10:{number % 60:02d}"
            if (
                name in record.fields
                and name not in {"标题", "发布日期"}
                and not (name == "内容概述" and record.kind == "entry")
            ):
                del record.fields[name]
            else:
                record.fields[name] = value
            self._write(record)
            if then:
                self.build()

    @rule(which=SEVERAL, name=st.sampled_from(VOCABULARIES), value=SEVERAL)
    def classify(self, which: int, name: str, value: int) -> None:
        """Another organ, theme, genre or column."""
        if record := self._record(which, "entry" if name in {"genres", "columns"} else ""):
            word = self._word(name, value)
            record.fields[FIELDS[name]] = [word] if name == "themes" else word
            self._write(record)

    @rule(kind=st.sampled_from(sorted(FOLDERS)), then=st.booleans())
    def add(self, kind: str, then: bool) -> None:
        """A new record."""
        if kind != "interpretation" or self._record(0, "entry"):
            self._write(self._add(kind))
            if then:
                self.build()

    @rule(which=SEVERAL)
    def delete(self, which: int) -> None:
        """A file is deleted."""
        if len(self.state.records) > 3 and (record := self._record(which)):
            self.state.records.remove(record)
            (self.root / record.path).unlink()
            self.build()

    @rule(which=SEVERAL, leads_on=st.booleans())
    def rename(self, which: int, leads_on: bool) -> None:
        """Another address, to which the old one leads or not."""
        if record := self._record(which):
            (self.root / record.path).unlink()
            old = record.url
            record.id = f"{record.kind[0]}{self._next()}-renamed"
            if leads_on:
                self.state.redirects.append({"原地址": old, "新地址": record.url})
                self._write_yaml("redirects", self.state.redirects)
            self._write(record)
            self.build()

    @rule(which=SEVERAL, to=SEVERAL)
    def move(self, which: int, to: int) -> None:
        """A file is moved to another folder: the record is the same."""
        if record := self._record(which):
            old = record.path
            folders = [FOLDERS[record.kind], *OTHER_FOLDERS[record.kind]]
            record.folder = folders[to % len(folders)]
            if record.path != old:
                (self.root / record.path).parent.mkdir(parents=True, exist_ok=True)
                os.rename(self.root / old, self.root / record.path)
                self.build()

    @rule(which=SEVERAL)
    def withdraw(self, which: int) -> None:
        """A record is withdrawn, or comes back."""
        if record := self._record(which):
            if record.fields["状态"] == "已撤回":
                record.fields["状态"] = "已发布"
                del record.fields["撤回日期"], record.fields["撤回原因"]
            else:
                on = (self.now - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
                record.fields |= {"状态": "已撤回", "撤回日期": on, "撤回原因": f"有误{self._next()}"}
            self._write(record)
            self.build()

    @rule(which=SEVERAL)
    def draft(self, which: int) -> None:
        """A record becomes a draft, or a draft is published."""
        if record := self._record(which):
            states = {"草稿": "已发布", "已发布": "草稿"}
            record.fields["状态"] = states.get(record.fields["状态"], record.fields["状态"])
            self._write(record)
            self.build()

    @rule(which=SEVERAL, other=SEVERAL, act=st.sampled_from(["废止", "修改", "替代"]), then=st.booleans())
    def act_on(self, which: int, other: int, act: str, then: bool) -> None:
        """An entry repeals, amends or replaces another, or no longer."""
        one, two = self._record(which, "entry"), self._record(other, "entry")
        if one and two and one is not two:
            if act in one.fields:
                del one.fields[act]
            else:
                one.fields[act] = [two.id]
            self._write(one)
            if then:
                self.build()

    @rule(which=SEVERAL, other=SEVERAL)
    def interpret(self, which: int, other: int) -> None:
        """An interpretation is of another entry."""
        one, two = self._record(which, "interpretation"), self._record(other, "entry")
        if one and two:
            one.fields["解读对象"] = [two.fields["发文字号"]]
            self._write(one)
            self.build()

    @rule(which=SEVERAL, other=SEVERAL, way=st.sampled_from(["title", "number", "link"]))
    def cite(self, which: int, other: int, way: str) -> None:
        """A text names another record by its title, its 文号 or its address."""
        one, two = self._record(which), self._record(other)
        if one and two:
            named = {
                "title": f"《{two.fields['标题']}》",
                "number": str(two.fields.get("发文字号", "试发〔2026〕1号")),
                "link": f"[那里]({two.url})",
            }
            one.body = f"第{self._next()}版，依据{named[way]}。"
            self._write(one)
            self.build()

    @rule(
        which=SEVERAL,
        day=st.sampled_from(["2026-06-30", "2026-07-01", "2026-09-01"]),
        name=st.sampled_from(["施行日期", "失效日期"]),
    )
    def date(self, which: int, day: str, name: str) -> None:
        """An entry takes effect or expires on another day."""
        if record := self._record(which, "entry"):
            record.fields[name] = day
            self._write(record)

    @rule(which=SEVERAL)
    def correct(self, which: int) -> None:
        """A correction is noted."""
        if record := self._record(which):
            on = (self.now - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M")
            record.fields["更正说明"] = [{"日期": on, "说明": f"改正第{self._next()}处。"}]
            self._write(record)

    @rule(what=st.sampled_from(["add", "edit", "remove", "reverse"]))
    def bulk(self, what: str) -> None:
        """Entries as a list in one YAML file."""
        number = self._next()
        listed = self.state.bulk
        if what == "add" or not listed:
            fields = {
                "编号": f"bulk-{number}", "标题": f"清单{number}", "状态": "已发布", "发布日期": "2026-03-05 09:30",
                "发布机构": self._word("organs", number), **self._entry_fields(number), "公开方式": "依申请公开", "公开依据": "条例第十六条",
            }  # fmt: skip
            listed.append(fields)
        elif what == "edit":
            listed[number % len(listed)]["标题"] = f"清单改{number}"
        elif what == "remove":
            listed.pop(number % len(listed))
        else:
            listed.reverse()
        if listed:
            self._write_yaml("entries/bulk", listed)
        else:
            (self.root / "catalog/entries/bulk.yaml").unlink(missing_ok=True)
        self.build()

    @rule(name=st.sampled_from(VOCABULARIES), which=SEVERAL, what=st.sampled_from(["rename", "add"]))
    def vocabulary(self, name: str, which: int, what: str) -> None:
        """A word of a vocabulary is renamed, in the records as well, or a new one is added."""
        number = self._next()
        if what == "add":
            new: dict[str, Any] = {"编号": f"new{number}", "名称": f"新词{number}"}
            if name == "columns":
                new["栏目类型"] = "政策文件"
            self.state.vocabulary[name].append(new)
        else:
            words = self._words(name)
            word = words[which % len(words)]
            old, new_name = word["名称"], f"改名{number}"
            word["名称"] = new_name
            for fields in (*(record.fields for record in self.state.records), *self.state.bulk):
                key = FIELDS[name]
                if fields.get(key) == old:
                    fields[key] = new_name
                elif isinstance(fields.get(key), list):
                    fields[key] = [new_name if each == old else each for each in fields[key]]
            for record in self.state.records:
                self._write(record)
            if self.state.bulk:
                self._write_yaml("entries/bulk", self.state.bulk)
        self._write_yaml(name, self.state.vocabulary[name])
        self.build()

    @rule(name=st.sampled_from(["网站名称", "网站描述", "联系电话", "主办单位"]))
    def identity(self, name: str) -> None:
        """What stands in site.yaml is another."""
        self.state.vocabulary["site"][name] = f"{name}{self._next()}"
        self._write_yaml("site", self.state.vocabulary["site"])
        self.build()

    @rule(
        which=SEVERAL,
        name=st.sampled_from(["a.pdf", "b.csv", "c.png"]),
        what=st.sampled_from(["add", "replace", "remove", "show"]),
    )
    def attach(self, which: int, name: str, what: str) -> None:
        """An attachment is added, replaced under its name, or removed, or shown in a text."""
        record = self._record(which)
        if record is None:
            return
        if what == "replace":
            self.pair.site.file(name, self._bytes(name))
        elif what == "remove":
            record.fields.pop("附件", None)
        elif what == "show":
            record.body = f"第{self._next()}版：![图](files/c.png)、[表](files/b.csv)。"
        else:
            record.fields["附件"] = [{"文件": name, "标题": f"附件{self._next()}"}]
        self._write(record)
        self.build()

    @rule(
        which=SEVERAL,
        what=st.sampled_from(
            ["state", "field", "surplus", "yaml", "bytes", "empty", "unfinished", "stray", "lost", "html"]
        ),
        then=st.booleans(),
    )
    def break_a_record(self, which: int, what: str, then: bool) -> None:
        """Something is wrong: it is told in the same words, and mended."""
        record = self._record(which)
        if record is None:
            return
        site, path = self.pair.site, record.path
        fields = dict(record.fields)
        match what:
            case "state":
                site.record(path, fields | {"状态": "发布"}, record.body)
            case "field":
                fields.pop("发布机构")
                site.record(path, fields, record.body)
            case "surplus":
                site.record(path, fields | {"标提": "字"}, record.body)
            case "yaml":
                site.write(path, "---\n标题: [\n---\n")
            case "bytes":
                site.write(path, b"---\n\xff\xfe\n---\n")
            case "empty":
                site.record(path, fields, "")
            case "unfinished":
                site.record(path, fields, "一段。\n\n请填写这里。")
            case "stray":
                site.write("content/news/x.docx", b"PK")
            case "lost":
                site.record(
                    path, fields | {"附件": [{"文件": "nowhere.pdf", "标题": "附件"}]}, "[坏](/entries/nowhere/)"
                )
            case "html":
                site.record(path, fields, "甲\n\n<script>乙</script>\n\n### 丙\n\n![](files/nowhere.png)")
        self.fresh = False
        if then:
            self.build()

    # ── designers and operators ─────────────────────────────────────────────

    @rule(
        name=st.sampled_from(
            ["base.html", "components/rows.html", "components/icons.html", "components/record.html", "news.html"]
        )
    )
    def template(self, name: str) -> None:
        """A template of the site's own, changed each time; the others include it."""
        text = (HOME / "theme/templates" / name).read_text("utf-8")
        mark = f"<!-- {self._next()} -->"
        if name.startswith("components/"):
            at = text.index("%}", text.index("{% macro")) + 2
            text = text[:at] + mark + text[at:]
        elif name == "base.html":
            part = '{% set office = "components/office.html" %}{% include office ignore missing %}'
            text = text.replace("</body>", f"{mark}{part}</body>")
        else:
            text += mark
        self.pair.site.write(f"theme/templates/{name}", text)
        self.build()

    @rule()
    def included(self) -> None:
        """A template that is included by a name that is computed."""
        self.pair.site.write("theme/templates/components/office.html", f"<p>{self._next()}</p>\n")
        self.build()

    @rule()
    def no_templates(self) -> None:
        """The site's own templates go."""
        shutil.rmtree(self.root / "theme" / "templates", ignore_errors=True)
        self.build()

    @rule(name=st.sampled_from(["style.css", "office.js", "portal.js"]), there=st.booleans())
    def static(self, name: str, there: bool) -> None:
        """A static file of the site's own."""
        path = self.root / "theme/static" / name
        if there:
            self.pair.site.write(f"theme/static/{name}", f"/* {self._next()} */\n")
        else:
            path.unlink(missing_ok=True)
        # The folder is looked for beside that of the templates.
        (self.root / "theme/templates").mkdir(parents=True, exist_ok=True)
        self.build()

    @rule(what=st.sampled_from(["filter", "no filter", "global", "off", "order"]), which=SEVERAL)
    def setting(self, what: str, which: int) -> None:
        """A filter of the site's own, a plugin switched off, plugins in another order."""
        number = self._next()
        match what:
            case "filter":
                self.settings["filter"] = (
                    f"JINJA_FILTERS = FILTERS | {{'size': lambda value: '{number} ' + str(value)}}"
                )
            case "no filter":
                self.settings.pop("filter", None)
            case "global":
                self.settings["global"] = f"JINJA_GLOBALS = {{'office': {number}}}"
            case "off":
                off = _PLUGINS[1:][which % 3]
                self.settings["off"] = f"PLUGINS = [name for name in PLUGINS if name != {off!r}]"
            case _:
                self.settings["off"] = "PLUGINS = [PLUGINS[0], *reversed(PLUGINS[1:])]"
        self._write_settings()
        self.build()

    @rule()
    def portal_changes(self) -> None:
        """The portal's own code is another."""
        self.code = f"code {self._next()}"
        self.build()

    @rule(seed=SEVERAL)
    def publish(self, seed: int) -> None:
        """The addresses that are public now are promised."""
        portal = self.pair.site.portal()
        with (
            patch("portal.build.fingerprints.code_version", lambda: self.code),
            patch("portal.build.sources.code_version", lambda: self.code),
        ):
            prepared = portal.examine(self.now)[1]
        if prepared is not None:
            promises = ledger.update(prepared.promises, portal.promised(prepared, self.now))
            self.pair.site.write(ledger.PATH, ledger.render(promises))
            self.build()

    # ── machines ────────────────────────────────────────────────────────────

    @rule(seed=SEVERAL)
    def touch(self, seed: int) -> None:
        """Files have new times, and the same bytes."""
        chance = random.Random(seed)
        for path in sorted(self._sources()):
            if chance.random() < 0.5:
                os.utime(self.root / path, ns=(0, chance.randrange(10**18)))
        self.build()

    @rule(times=st.booleans())
    def copy_all(self, times: bool) -> None:
        """The tree is copied: every file has another inode, and its old time or a new one."""
        for path in sorted(self._sources()):
            new = self.root / f"{path}.copied"
            (shutil.copy2 if times else shutil.copyfile)(self.root / path, new)
            os.replace(new, self.root / path)
        self.build()

    @rule(which=SEVERAL)
    def within_a_tick(self, which: int) -> None:
        """A file is saved twice within a tick of the file system's clock, with a build between, in the same size."""
        if record := self._record(which):
            path = self.root / record.path
            record.body = f"第{self._next():08d}版。"
            self._write(record)
            tick = path.stat().st_mtime_ns
            with patch.object(Sources, "_tick", lambda _: tick):
                self.build()
                record = self._record(which)  # what was wrong before may have been mended
                assert record is not None
                path = self.root / record.path
                old = path.stat()
                record.body = record.body.replace("第0", "第9")
                self._write(record)
                os.utime(path, ns=(tick, old.st_mtime_ns))
                assert (path.stat().st_size, path.stat().st_ino) == (old.st_size, old.st_ino)
            self.build()

    @rule(
        what=st.sampled_from(
            ["file", "folder", "half", "empty", "garbage", "version", "row", "byte", "foreign", "blocked"]
        ),
        seed=SEVERAL,
    )
    def cache(self, what: str, seed: int) -> None:
        """Something happens to the cache."""
        file = self.root / SOURCES
        chance = random.Random(seed)
        if what == "folder":
            shutil.rmtree(self.root / ".cache", ignore_errors=True)
        elif file.is_file():
            data = file.read_bytes()
            match what:
                case "half":
                    file.write_bytes(data[: len(data) // 2])
                case "empty":
                    file.write_bytes(b"")
                case "garbage":
                    file.write_bytes(chance.randbytes(5000))
                case "byte":
                    at = chance.randrange(len(data) or 1)
                    file.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
                case "blocked":
                    file.unlink()
                    file.mkdir()
                case "file":
                    file.unlink()
                case "foreign":
                    file.unlink()
                    with closing(sqlite3.connect(file)) as database:
                        database.execute("CREATE TABLE sources (a)")
                        database.execute("INSERT INTO sources VALUES (1)")
                        database.commit()
                case _:
                    self._spoil(file, what, chance)
        elif file.is_dir():
            file.rmdir()
        self.build()

    def _spoil(self, file: Path, what: str, chance: random.Random) -> None:
        try:
            with closing(sqlite3.connect(file)) as database:
                if what == "version":
                    database.execute("UPDATE version SET version = 'another'")
                else:
                    rows = database.execute("SELECT path, data FROM sources WHERE length(data) > 4").fetchall()
                    path, data = chance.choice(rows)
                    at = chance.randrange(len(data))
                    changed = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
                    database.execute("UPDATE sources SET data = ? WHERE path = ?", (changed, path))
                database.commit()
        except (sqlite3.Error, IndexError, TypeError):
            pass  # it was spoilt before

    @rule(what=st.sampled_from(["file", "half", "byte", "garbage", "older"]), seed=SEVERAL)
    def manifest(self, what: str, seed: int) -> None:
        """Something happens to the manifest of the release."""
        path = manifest.path_of(self.pair.site.output.resolve())
        if not path.is_file():
            return
        data, chance = path.read_bytes(), random.Random(seed)
        match what:
            case "file":
                path.unlink()
            case "half":
                path.write_bytes(data[: len(data) // 2])
            case "byte":
                at = chance.randrange(len(data))
                path.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
            case "garbage":
                path.write_bytes(chance.randbytes(1000))
            case _:
                for other in sorted(path.parent.glob("*.manifest")):
                    path.write_bytes(other.read_bytes())
                    break
        self.build()

    @rule(what=st.sampled_from(["touch", "delete", "overwrite", "replace", "add", "folder"]), seed=SEVERAL)
    def by_hand(self, what: str, seed: int) -> None:
        """Somebody works in what is published."""
        release = self.pair.site.output.resolve()
        files = sorted(p for p in release.rglob("*") if p.is_file())
        path = random.Random(seed).choice(files)
        match what:
            case "touch":
                os.utime(path, ns=(0, seed * 10**9))
            case "delete":
                path.unlink()
            case "overwrite":  # through all links to it
                path.write_bytes(bytes(len(path.read_bytes())))
            case "replace":
                path.unlink()
                path.write_bytes(b"by hand")
            case "folder":
                path.unlink()
                path.mkdir()
                (path / "x").write_bytes(b"by hand")
            case _:
                (path.parent / "added.html").write_bytes(b"by hand")
        self.pair.touched()
        self.build()

    @rule()
    def rollback(self) -> None:
        """The release before is published again, and then a new one."""
        releases = self.pair.site.portal().releases
        current = releases.current()
        if current is not None and any(number < int(current.name) for number in releases.numbers()):
            releases.rollback()
            self.build()
