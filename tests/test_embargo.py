"""What must not appear appears nowhere: not in a page, feed, index, export, attachment, file name or compressed part.

Every field of the models is filled with words that occur nowhere else, by walking the models: a field added later is
planted, too. The words are then looked for in every byte of the built site.
"""

import gzip
import json
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import cbor2
import pytest
from lxml import etree
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from search import reading as published
from tiny import NOW, TinySite

from portal import clock
from portal.problems import ProblemsFound
from portal.records import reading
from portal.records.types import KINDS, DisclosureEntry, Interpretation, PressRelease, Record, StandingPage
from portal.search.normal import normalise

LATER = clock.parse_minute("2026-12-01 08:00")

VOCABULARY = {"publisher": "试验院", "themes": "其他", "genre": "年度报告", "column": "行政事业性收费"}
"""Fields that hold words of the vocabulary, which is public by itself."""

REFERENCES = {"repeals", "amends", "replaces", "interprets"}
"""Fields that must name an entry of the site: a public one here, each act another one."""

LIFE = {"id", "status", "date", "publish_at", "withdrawn_on", "withdrawn_reason"}
"""Fields that the state of the record decides; they are planted by the state."""


class Words:
    """Words of letters that nothing else contains, so that no encoding, segmentation or stemming changes them."""

    def __init__(self) -> None:
        self._count = 0

    def word(self) -> str:
        """The next word: qz, three letters that count, jx."""
        self._count += 1
        letters = "bdfghklmnprstvw"
        first, rest = divmod(self._count, len(letters) ** 2)
        return "qz" + letters[first] + letters[rest // len(letters)] + letters[rest % len(letters)] + "jx"

    def day(self) -> date:
        """The next day of a past that no other record has."""
        self._count += 1
        return date(2013, 1, 1) + timedelta(days=self._count)


@dataclass
class Planted:
    """A record that was written, and which words stand where in it."""

    kind: type[Record]
    id: str
    state: str
    words: dict[str, list[str]] = field(default_factory=dict)

    def put(self, where: str, *words: str) -> None:
        """Remember what was planted at a place."""
        self.words.setdefault(where, []).extend(words)


def _days(day: date) -> list[str]:
    return [day.isoformat(), f"{day.year}年{day.month}月{day.day}日"]


def _moments(moment: datetime) -> list[str]:
    text = clock.format_minute(moment)
    return [text, text.replace(" ", "T"), moment.strftime("%d %b %Y %H:%M"), str(int(moment.timestamp()))]


def _reader(annotation: object, info: FieldInfo | None = None) -> str:
    """The name of the function of values.py that reads a field: it says what the field can hold."""
    if info is not None:
        for each in info.metadata:
            if hasattr(each, "func"):
                return str(each.func.__name__)
    for each in getattr(annotation, "__metadata__", ()):
        if hasattr(each, "func"):
            return str(each.func.__name__)
    for argument in typing.get_args(annotation):
        if argument is not type(None) and (found := _reader(argument)):
            return found
    return ""


T = TypeVar("T")


def _inner(annotation: object, kind: type[T]) -> type[T] | None:
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, kind) else None
    for argument in typing.get_args(annotation):
        if (found := _inner(argument, kind)) is not None:
            return found
    return None


def _many(annotation: object) -> bool:
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        return any(map(_many, typing.get_args(annotation)))
    return typing.get_origin(annotation) is tuple


class Planter:
    """Writes records of any kind in any state with words of its own in every field."""

    def __init__(self, tiny: TinySite) -> None:
        self.tiny = tiny
        self.words = Words()
        self.planted: list[Planted] = []
        self._numbers = 90000

    def file(self, planted: Planted, where: str, ending: str) -> str:
        """A real file whose name and bytes hold words of their own."""
        name, inside = self.words.word(), self.words.word()
        planted.put(f"{where}:name", name)
        planted.put(f"{where}:bytes", inside)
        data = {
            "pdf": f"%PDF-1.4\n1 0 obj<</Title({inside})>>endobj\ntrailer<</Info 1 0 R>>\n%%EOF\n".encode(),
            "csv": f"项目,金额\r\n{inside},1\r\n".encode(),
            "png": b"\x89PNG\r\n\x1a\n" + f"tEXtComment\0{inside}".encode(),
        }[ending]
        self.tiny.file(f"2026/{name} 附件.{ending}" if where != "body" else f"2026/{name}.{ending}", data)
        return f"2026/{name} 附件.{ending}" if where != "body" else f"2026/{name}.{ending}"

    def _value(self, planted: Planted, where: str, annotation: object, info: FieldInfo | None) -> object:
        if (part := _inner(annotation, BaseModel)) is not None:
            return {i.alias or n: self._field(planted, f"{where}.{n}", i, part) for n, i in part.model_fields.items()}
        if (choice := _inner(annotation, Enum)) is not None:
            return next(iter(choice)).value
        match _reader(annotation, info):
            case "_line":
                word = self.words.word()
                planted.put(where, word)
                return f"{word}字"
            case "_url":
                word = self.words.word()
                planted.put(where, word)
                return f"https://{word}.example/"
            case "_file":
                return self.file(
                    planted, where, "png" if where.startswith("image") else "pdf" if "file" in where else "csv"
                )
            case "_day":
                day = self.words.day()
                planted.put(where, *_days(day))
                return day.isoformat()
            case "_moment" | "_minute":
                day = self.words.day()
                moment = datetime(2019, day.month, day.day, 6, 51, tzinfo=clock.SHANGHAI)
                planted.put(where, *_moments(moment))
                return clock.format_minute(moment)
            case other:
                raise AssertionError(
                    f"no way is known to plant a word in {where} ({other or annotation}): teach this test"
                )

    def _field(self, planted: Planted, where: str, info: FieldInfo, model: type[BaseModel]) -> object:
        value = self._value(planted, where, info.annotation, info)
        return [value] if _many(info.annotation) else value

    def fields(self, planted: Planted) -> dict[str, object]:
        """Every field of the kind but those of its life."""
        found: dict[str, object] = {}
        for name, info in planted.kind.model_fields.items():
            if name in LIFE or name in {"body", "origin"}:
                continue
            alias = info.alias or name
            if name in VOCABULARY:
                found[alias] = [VOCABULARY[name]] if _many(info.annotation) else VOCABULARY[name]
            elif name in REFERENCES:
                found[alias] = [f"target-{name}"]
            elif name == "index_no":
                self._numbers += 1
                planted.put(name, f"2026-{self._numbers}")
                found[alias] = f"TEST/2026-{self._numbers}"
            else:
                found[alias] = self._field(planted, name, info, planted.kind)
        return found

    def body(self, planted: Planted) -> str:
        """A body with words in every kind of markup, a picture and a file."""
        new = self.words.word
        words = [new() for _ in range(8)]
        planted.put("body", *words)
        a, b, c, d, e, f, g, h = words
        picture, file = self.file(planted, "body", "png"), self.file(planted, "body", "csv")
        return (
            f"{a}字\n\n## {b}\n\n**{c}** [{d}](https://{e}.example/) `{f}`\n\n| {g} | 乙 |\n|---|---|\n| 1 | 2 |\n\n"
            f"![{h}](files/{picture})\n\n[表](files/{file})\n"
        )

    def plant(
        self, kind: type[Record], state: str, life: dict[str, object], *, without: tuple[str, ...] = ()
    ) -> Planted:
        """Write a record of a kind in a state."""
        planted = Planted(kind, self.words.word(), state)
        planted.put("id", planted.id)
        fields = self.fields(planted)
        for name in without:
            fields.pop(kind.model_fields[name].alias or name)
            planted.words = {where: words for where, words in planted.words.items() if not where.startswith(name)}
        body = self.body(planted)
        for name in ("date", "publish_at"):
            if life.get(name):
                moment = clock.parse_minute(str(life[name]))
                planted.put(name, *_moments(moment))
        if "withdrawn_reason" in life:
            word = self.words.word()
            planted.put("withdrawn_reason", word)
            life = life | {"withdrawn_reason": f"{word}字"}
            planted.put("withdrawn_on", *_moments(clock.parse_minute(str(life["withdrawn_on"]))))
        named = {(kind.model_fields[name].alias or name): value for name, value in life.items()}
        folder = "catalog/entries/2026" if kind is DisclosureEntry else kind.folder
        self.tiny.record(f"{folder}/{planted.id}.md", fields | named, body)
        self.planted.append(planted)
        return planted


PAST = {"status": "已发布", "date": "2018-11-07 06:43"}
STATES: dict[str, tuple[dict[str, object], tuple[str, ...]]] = {
    # What a record that is not yet public cannot have is left out: it would be refused.
    "draft": ({"status": "草稿", "date": "2018-11-07 06:43"}, ()),
    "scheduled draft": ({"status": "草稿", "publish_at": "2026-11-30 06:43"}, ("corrections",)),
    "scheduled": ({"status": "已发布", "publish_at": "2026-11-30 06:43"}, ("corrections",)),
    "withdrawn": (
        {"status": "已撤回", "date": "2018-11-07 06:43", "withdrawn_on": "2026-05-01 10:00", "withdrawn_reason": ""}, (),
    ),
    "withdrawn after its time": (
        {"status": "已撤回", "publish_at": "2018-11-07 06:43", "withdrawn_on": "2026-05-02 10:00", "withdrawn_reason": ""}, (),
    ),
    "withdrawn before its time": (
        {"status": "已撤回", "publish_at": "2026-11-30 06:43", "withdrawn_on": "2026-05-03 10:00", "withdrawn_reason": ""},
        ("corrections",),
    ),
}  # fmt: skip
TOMBSTONES = {"withdrawn", "withdrawn after its time"}
SHOWN = {"id", "index_no", "withdrawn_on", "withdrawn_reason"}
"""What a tombstone may show: address, 索引号, 撤回日期, 撤回原因."""


def _targets(tiny: TinySite) -> None:
    """The public entries that hidden records act on, and one that names a hidden one."""
    for name in sorted(REFERENCES):
        tiny.entry(f"target-{name}", 成文日期="2012-01-01", 发布日期="2012-01-05 09:00")


def _parts(tree: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Everything that a tree says: paths, bytes, what is compressed in them, and the values of JSON and XML.

    The search index holds pairs of characters, no words: from each shard the texts that it stands for are rebuilt.
    """
    for fingerprint, shard in published.shards(tree).items():
        yield f"search/shards/{fingerprint}/", "\n".join(published.read_index(shard).texts())
    for path, data in tree.items():
        yield path, path
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        if path.startswith("search/head."):
            described, tables = published.read_head(data)
            yield path, json.dumps([described, [str(cbor2.loads(table)) for table in tables]], ensure_ascii=False)
        text = data.decode("utf-8", errors="replace")
        yield path, text
        if path.endswith((".json", ".jsonld", ".pf_fragment", ".pagefind-entry")):
            yield path, json.dumps(json.loads(text.removeprefix("pagefind_dcd")), ensure_ascii=False)
        if path.endswith((".xml", ".opml")):
            root = etree.fromstring(data)
            yield path, " ".join([*root.itertext(), *(str(v) for e in root.iter("*") for v in e.attrib.values())])


def _found(tree: dict[str, bytes], words: set[str]) -> dict[str, set[str]]:
    """For each word that occurs in a tree the files that hold it, in any case, percent-encoded, and normalised, too."""
    haystack = [(path, text.lower()) for path, text in _parts(tree)]
    found: dict[str, set[str]] = {}
    for word in words:
        for form in {word.lower(), quote(word).lower(), normalise(word)}:
            for path, text in haystack:
                if form in text:
                    found.setdefault(word, set()).add(path)
    return found


@pytest.fixture(scope="module")
def planter(tmp_path_factory: pytest.TempPathFactory) -> Planter:
    """Records of every kind in every hidden state among public ones, built at the tests' clock."""
    tiny = TinySite(tmp_path_factory.mktemp("embargo") / "site")
    _targets(tiny)
    planter = Planter(tiny)
    for kind in KINDS:
        for state, (life, without) in STATES.items():
            planter.plant(kind, state, life, without=without)
    draft = next(p for p in planter.planted if p.kind is DisclosureEntry and p.state == "draft")
    scheduled = next(p for p in planter.planted if p.kind is DisclosureEntry and p.state == "scheduled")
    tiny.entry("names-hidden-ones", 废止=[draft.id], 修改=[f"TEST/{scheduled.words['index_no'][0]}"])
    tiny.build(NOW)
    return planter


@pytest.fixture(scope="module")
def tree(planter: Planter) -> dict[str, bytes]:
    """The built site, every file of it."""
    return planter.tiny.tree()


def _leaves(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, info in model.model_fields.items():
        part = _inner(info.annotation, BaseModel)
        if part is not None:
            yield from _leaves(part, f"{prefix}{name}.")
        elif _inner(info.annotation, Enum) is None and name != "origin":
            yield prefix + name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_field_was_planted(planter: Planter, kind: type[Record]) -> None:
    """No field of any kind escapes this test, nested ones included, but those of fixed words and references."""
    planted = {where.split(":")[0] for p in planter.planted if p.kind is kind for where in p.words}
    expected = set(_leaves(kind)) - set(VOCABULARY) - REFERENCES
    assert expected <= planted
    assert len(expected) > 20


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_nothing_of_a_hidden_record_is_in_any_byte(
    planter: Planter, tree: dict[str, bytes], kind: type[Record], state: str
) -> None:
    """Of a draft, scheduled or withdrawn record nothing is in the output but what a tombstone may show."""
    (planted,) = [p for p in planter.planted if p.kind is kind and p.state == state]
    allowed = SHOWN if state in TOMBSTONES else set()
    hidden = {word for where, words in planted.words.items() if where not in allowed for word in words}
    assert len(hidden) > 25
    assert _found(tree, hidden) == {}


def test_the_index_holds_nothing_that_no_result_shows(tree: dict[str, bytes]) -> None:
    """Not in pieces, either: each page of the search index says what its fragment says, which the test above has read."""
    assert published.wrong_pages(tree) == []
    assert len(published.shards(tree)) > 0


@pytest.mark.parametrize("state", sorted(TOMBSTONES))
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_a_tombstone_shows_its_four_things(
    planter: Planter, tree: dict[str, bytes], kind: type[Record], state: str
) -> None:
    """Address, 索引号, 撤回日期 and 撤回原因 stand on the tombstone and its JSON, and only there, in feeds and in changes."""
    (planted,) = [p for p in planter.planted if p.kind is kind and p.state == state]
    page = tree[f"{kind.address.strip('/')}/{planted.id}/index.html"].decode()
    assert "该信息已撤回" in page
    assert planted.words["withdrawn_reason"][0] in page
    assert planted.words["withdrawn_on"][0] in page
    if kind is DisclosureEntry:
        assert planted.words["index_no"][0] in page.replace("\u200b", "")
    words = {*planted.words["withdrawn_reason"], *planted.words.get("index_no", ()), planted.id}
    places = {path for paths in _found(tree, words).values() for path in paths}
    own = f"{kind.address.strip('/')}/{planted.id}/"
    elsewhere = {path for path in places if not path.startswith((own, "feeds/")) and path != "changes/index.html"}
    assert elsewhere == set()


def test_no_file_of_a_hidden_record_is_published(planter: Planter, tree: dict[str, bytes]) -> None:
    """No attachment, picture or file of any hidden record is in the files folder: there is none at all."""
    assert [path for path in tree if path.startswith("files/")] == []


def test_what_was_planted_would_be_found(planter: Planter, tmp_path: Path) -> None:
    """The search above is no blind one: of the same records made public, the words are found where they belong."""
    tiny = TinySite(tmp_path / "site")
    _targets(tiny)
    control = Planter(tiny)
    for kind in KINDS:
        control.plant(kind, "public", PAST)
    tiny.build(NOW)
    tree = tiny.tree()
    for planted in control.planted:
        found = _found(tree, {word for words in planted.words.values() for word in words})
        for where in ("title", "summary", "attachments.title", "attachments.file:bytes", "attachments.file:name", "id"):
            assert planted.words[where][0] in found, f"{where} of {planted.kind.label}"
        for word in planted.words["body"]:
            assert word in found
        places = found[planted.words["body"][0]]
        endings = {path.rsplit(".", 1)[-1] for path in places}
        assert {"html", "json", "pf_fragment"} <= endings
        assert planted.kind is StandingPage or "xml" in endings
        indexed = {path for path in places if re.fullmatch(r"search/shards/[0-9a-f]{16}/", path)}
        assert len(indexed) == 1, "the texts rebuilt from the index"
        for where in ("title", "summary", "keywords", "corrections.note"):
            assert found[planted.words[where][0]] & indexed, f"{where} of {planted.kind.label}"
        if planted.kind is DisclosureEntry:
            assert found[planted.words["doc_no"][0]] & indexed
            assert found[planted.words["index_no"][0]] & indexed


def test_what_was_scheduled_appears_when_it_is_due(planter: Planter, tmp_path: Path) -> None:
    """At a later clock the scheduled records are there, and drafts and withdrawn ones still are not."""
    planter.tiny.build(LATER, OUTPUT_PATH=str(tmp_path / "later"))
    tree = planter.tiny.tree(tmp_path / "later")
    for planted in planter.planted:
        found = _found(
            tree, {planted.words["title"][0], *planted.words["body"], planted.words["attachments.file:bytes"][0]}
        )
        assert bool(found) is (planted.state == "scheduled"), f"{planted.kind.label} {planted.state}"


@pytest.mark.parametrize("access", ["不予公开", "依申请公开"])
def test_a_closed_entry_with_a_body_or_attachment_stops_the_build(tiny: TinySite, access: str) -> None:
    """A text or a file in an entry that is not 主动公开 stops the build; without them its summary alone is published."""
    fields = {"公开方式": access, "公开依据": "条例第十六条"}
    tiny.file("secret.pdf")
    tiny.entry("text", "qzsecretjx 正文。", **fields)
    tiny.entry("file", "", 附件=[{"文件": "secret.pdf", "标题": "附件"}], **fields)
    with pytest.raises(ProblemsFound) as caught:
        tiny.build()
    assert sorted(problem.code for problem in caught.value.problems) == ["closed-body", "closed-body"]
    assert not tiny.output.exists()
    tiny.entry("text", "", 内容概述="qzshownjx", **fields)
    (tiny.root / "catalog/entries/2026/file.md").unlink()
    tiny.build()
    found = _found(tiny.tree(), {"qzsecretjx", "qzshownjx"})
    assert set(found) == {"qzshownjx"}


def test_a_closed_body_stays_hidden_were_the_rule_gone(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second lock: with the reading rule switched off, neither text nor file of a closed entry is in the output."""
    monkeypatch.setattr(reading, "contradictions", lambda record: iter(()))
    tiny.file("qzfilejx.pdf", b"%PDF-1.4 qzbytesjx")
    tiny.file("qzpicturejx.png", b"\x89PNG\r\n\x1a\n qzpixelsjx")
    attached = [{"文件": "qzfilejx.pdf", "标题": "qztitlejx"}]
    for number, access in enumerate(("不予公开", "依申请公开")):
        body = "qzsecretjx 正文。\n\n![qzaltjx](files/qzpicturejx.png)"
        tiny.entry(f"closed{number}", body, 公开方式=access, 公开依据="条例第十六条", 附件=attached)
    tiny.build()
    words = {"qzsecretjx", "qzfilejx", "qzbytesjx", "qztitlejx", "qzpicturejx", "qzpixelsjx", "qzaltjx"}
    assert _found(tiny.tree(), words) == {}


@pytest.mark.parametrize(
    "kind", [DisclosureEntry, PressRelease, Interpretation, StandingPage], ids=lambda kind: kind.kind
)
def test_what_was_public_and_is_withdrawn_is_gone(tmp_path: Path, kind: type[Record]) -> None:
    """A record that was published is, after its withdrawal, in no byte of the published tree but on its tombstone."""
    tiny = TinySite(tmp_path / "site")
    _targets(tiny)
    planter = Planter(tiny)
    planted = planter.plant(kind, "public", PAST)
    tiny.news("citing", "见《别的文件》。")
    tiny.build(NOW)
    first = tiny.output.resolve()
    everything = {word for where, words in planted.words.items() if where not in SHOWN for word in words}
    before = _found(tiny.tree(), everything)
    assert {planted.words["title"][0], planted.words["attachments.file:bytes"][0], *planted.words["body"]} <= set(
        before
    )
    path = next(tiny.root.glob(f"*/**/{planted.id}.md"))
    text = path.read_text(encoding="utf-8").replace(
        "状态: 已发布", "状态: 已撤回\n撤回日期: 2026-06-15 11:00\n撤回原因: 有误"
    )
    path.write_text(text, encoding="utf-8")
    tiny.build(NOW)
    assert tiny.output.resolve() != first
    assert _found(tiny.tree(), everything) == {}
    assert "该信息已撤回" in tiny.html(f"{kind.address}{planted.id}/")
    assert not (tiny.output / "files").exists()
