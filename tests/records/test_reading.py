"""One source file becomes one typed record, or problems with places."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from portal.markup.prose import EMPTY
from portal.records import vocabulary
from portal.records.reading import kind_of, normalise, read_file
from portal.records.source import Fields, compose
from portal.records.types import (
    KINDS,
    Attachment,
    Correction,
    DisclosureEntry,
    Image,
    Interpretation,
    PressRelease,
    Record,
    SecrecyReview,
    StandingPage,
    aliases,
)
from records.test_source import YAMLISH
from records.written import PATHS, RIGHT, dump, markdown, problems, read, record

ATTACHMENT = {"file": "a.pdf", "title": "附件一"}
CORRECTION = {"on": "2026-04-01 09:00", "note": "改了一处"}
REVIEW = {"by": "张三", "on": "2026-03-04", "basis": "保密法", "result": "可以公开", "digest": "ab"}
IMAGE = {"file": "a.png", "alt": "会场"}
FULL: dict[str, Any] = {
    "id": "yi", "title": "标题", "date": "2026-03-05 09:30", "publish_at": "2026-05-05 09:30", "publisher": "试验厅",
    "source": "新华社", "source_url": "https://a.cn/b", "author": "甲", "editor": "乙", "themes": ["科技", "教育"],
    "keywords": ["丙"], "summary": "概述", "status": "已撤回", "withdrawn_on": "2026-06-01 08:00", "withdrawn_reason": "丁",
    "attachments": [ATTACHMENT], "corrections": [CORRECTION], "secrecy_review": REVIEW,
    "index_no": "TEST/2026-00001", "doc_no": "试发〔2026〕1号", "genre": "通知", "column": "规范性文件", "formed": "2026-03-01",
    "effective": "2026-04-01", "expires": "2027-04-01", "access": "主动公开", "access_basis": "条例", "late_reason": "戊",
    "repeals": ["己"], "amends": ["庚"], "replaces": ["辛"], "history": ["壬"],
    "channel": "通知公告", "spokesperson": "癸", "image": IMAGE,
    "interprets": ["子"], "form": "图解", "interpreter": "丑", "position": "公开指南",
}  # fmt: skip
"""A value for every field of every kind, by English key."""

PARTS: list[tuple[type[BaseModel], dict[str, Any]]] = [
    (Attachment, ATTACHMENT),
    (Image, IMAGE),
    (Correction, CORRECTION),
    (SecrecyReview, REVIEW),
    (vocabulary.Organ, {"id": "a", "name": "甲", "short": "乙", "code": "12620600MB0523338C", "predecessors": ["丙"],
                        "parent": "丁", "description": "戊"}),
    (vocabulary.SubTheme, {"id": "a", "name": "甲"}),
    (vocabulary.Theme, {"id": "a", "name": "甲", "children": [{"id": "b", "name": "乙"}]}),
    (vocabulary.Genre, {"id": "a", "name": "甲", "official": "是"}),
    (vocabulary.Column, {"id": "a", "name": "甲", "basis": "乙", "column_type": "丙", "update_days": "30", "none": "无",
                         "description": "丁", "keywords": ["戊"], "section": "己", "children": [{"id": "b", "name": "庚"}]}),
    (vocabulary.IndexPrefix, {"prefix": "A", "reason": "甲"}),
    (vocabulary.Identity, dict.fromkeys(vocabulary.Identity.model_fields, "甲")
     | {"url": "https://a.cn", "keywords": ["乙"], "index_prefixes": [{"prefix": "A", "reason": "丙"}]}),
    (vocabulary.Redirect, {"old": "/a/", "new": "/b/"}),
]  # fmt: skip
MODELS: list[tuple[type[BaseModel], dict[str, Any]]] = [
    *((kind, {name: FULL[name] for name in aliases(kind).values()}) for kind in KINDS),
    *PARTS,
]
EACH_FIELD = [
    pytest.param(model, name, value, id=f"{model.__name__}.{name}")
    for model, values in MODELS
    for name, value in values.items()
]


def chinese(model: type[BaseModel], values: dict[str, Any]) -> dict[str, Any]:
    """The same values under the Chinese keys, nested ones as well."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        inner = {"attachments": Attachment, "corrections": Correction, "secrecy_review": SecrecyReview, "image": Image,
                 "index_prefixes": vocabulary.IndexPrefix}.get(name)  # fmt: skip
        if name == "children":
            inner = vocabulary.SubTheme if model is vocabulary.Theme else vocabulary.SubColumn
        if inner and isinstance(value, list):
            value = [chinese(inner, item) for item in value]
        elif inner:
            value = chinese(inner, value)
        found[str(model.model_fields[name].alias)] = value
    return found


def normal(model: type[BaseModel], values: dict[str, Any]) -> dict[str, Any]:
    """What the reader makes of a mapping; there must be no problem."""
    node = compose("a.yaml", dump(values))
    assert isinstance(node, Fields)
    found, problems = normalise(node, model)
    assert problems == []
    return found


# Keys


@pytest.mark.parametrize(("model", "values"), MODELS)
def test_the_samples_have_every_field(model: type[BaseModel], values: dict[str, Any]) -> None:
    """The tests below reach every key that an editor may write."""
    assert set(values) == set(aliases(model).values())


@pytest.mark.parametrize(("model", "name", "value"), EACH_FIELD)
def test_the_chinese_key_means_the_same_as_the_english_one(model: type[BaseModel], name: str, value: Any) -> None:
    """Under either key the field has the value that was written, and the field's own name."""
    assert normal(model, chinese(model, {name: value})) == normal(model, {name: value}) == {name: value}


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_with_chinese_keys_equals_one_with_english_keys(kind: type[Record]) -> None:
    """A file with every field reads the same in either language, its places apart."""
    english = {name: FULL[name] for name in aliases(kind).values() if name != "publish_at"}
    read_english, no_problems = read_file(PATHS[kind], markdown(english))
    read_chinese, none_either = read_file(PATHS[kind], markdown(chinese(kind, english)))
    assert (no_problems, none_either) == ([], [])
    assert read_english[0].model_dump() == read_chinese[0].model_dump()
    assert read_english[0].model_fields_set >= set(english)


@pytest.mark.parametrize(("model", "values"), PARTS)
def test_the_smaller_models_accept_their_samples(model: type[BaseModel], values: dict[str, Any]) -> None:
    """What normalise gives is what the model takes."""
    assert model.model_validate(normal(model, chinese(model, values))) == model.model_validate(values)


def test_redirects_have_the_keys_that_the_format_names() -> None:
    """A redirect is written old/new in English: `from` is no name for a field in Python."""
    assert normal(vocabulary.Redirect, {"old": "/a/", "new": "/b/"})


@pytest.mark.parametrize(
    ("key", "hint"),
    [("标提", "标题"), ("发布日", "发布日期"), ("tilte", "title"), ("主题", "主题分类"), ("零七八碎", "")],
)
def test_an_unknown_key_is_refused_with_the_nearest_one(key: str, hint: str) -> None:
    """The problem stands at the key, names the nearest known key if one is near, and lists all."""
    _, (problem,) = read(PressRelease, **{key: "甲"})
    assert (problem.code, problem.field) == ("unknown-field", key)
    assert (problem.place.line, problem.place.column) == (7, 1)
    assert (f"“{hint}”" in problem.what) if hint else ("是不是" not in problem.what)
    assert "频道" in problem.remedy
    assert "索引号" not in problem.remedy


@pytest.mark.parametrize("key", ["body", "origin", "正文", "<<", "kind", "Title", "标题 "[:2] + "：", ""])
def test_keys_that_are_no_fields_are_refused(key: str) -> None:
    """The reader's own fields, the merge key and other spellings are unknown."""
    _, found = read_file(PATHS[PressRelease], markdown({**RIGHT[PressRelease], key: "甲"}))
    assert [(problem.code, problem.field) for problem in found] == [("unknown-field", key)]


def test_an_unknown_key_within_a_list_has_its_place() -> None:
    """A key of an attachment is checked against the attachment's keys, at its own place."""
    attachments = [ATTACHMENT, {"文件": "b.pdf", "标题": "乙", "标提": "丙"}]
    _, (problem,) = read(PressRelease, 附件=attachments)
    assert (problem.code, problem.field) == ("unknown-field", "标提")
    assert (problem.place.line, problem.place.column) == (12, 3)
    assert problem.remedy == "可用的栏：文件、标题。"


@pytest.mark.parametrize(
    ("kind", "alias", "name"), [(PressRelease, "频道", "channel"), (StandingPage, "标题", "title")]
)
def test_a_field_written_in_both_languages_is_refused(kind: type[Record], alias: str, name: str) -> None:
    """The second key is the problem, whatever its value."""
    for value in ("甲", RIGHT[kind][alias], ""):
        assert problems(kind, **{name: value}) == [("duplicate-field", name)]


# Values


OPTIONAL = [
    pytest.param(kind, str(info.alias), id=f"{kind.__name__}.{name}")
    for kind in KINDS
    for name, info in kind.model_fields.items()
    if name not in {"body", "origin"} and not info.is_required() and str(info.alias) not in RIGHT[kind]
]


@pytest.mark.parametrize(("kind", "alias"), OPTIONAL)
@pytest.mark.parametrize("empty", ["", "[]"])
def test_an_empty_value_is_an_absent_one(kind: type[Record], alias: str, empty: str) -> None:
    """A key with nothing behind it, or an empty list, reads like no key at all."""
    data = markdown(RIGHT[kind]).replace(b"---\n\n", f"{alias}: {empty}\n---\n\n".encode(), 1)
    found, none = read_file(PATHS[kind], data)
    assert none == []
    assert found[0].model_dump() == record(kind).model_dump()


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_required_value_is_missing(kind: type[Record]) -> None:
    """A required field without value is missing; the remedy is the line to add."""
    _, (problem,) = read(kind, 标题="")
    assert (problem.code, problem.field) == ("missing", "标题")
    assert problem.what == "缺少“标题”。"
    assert "标题: …" in problem.remedy


LISTS = ["themes", "keywords", "repeals", "amends", "replaces", "history"]


@pytest.mark.parametrize("name", LISTS)
def test_one_value_is_a_list_of_one(name: str) -> None:
    """Where a list of words may stand, a single word is a list of one."""
    alias = str(DisclosureEntry.model_fields[name].alias)
    assert getattr(record(DisclosureEntry, **{alias: "甲"}), name) == ("甲",)
    assert getattr(record(DisclosureEntry, **{alias: ["甲", "乙"]}), name) == ("甲", "乙")
    assert record(Interpretation, 解读对象="甲").interprets == ("甲",)


def test_a_missing_field_is_reported_for_each_kind() -> None:
    """A file with nothing in its front matter lacks exactly what the kind requires, all reported at once."""
    expected = {
        DisclosureEntry: {
            "标题",
            "状态",
            "索引号",
            "体裁分类",
            "栏目",
            "成文日期",
            "公开方式",
            "发布机构",
            "主题分类",
            "内容概述",
        },
        PressRelease: {"标题", "状态", "频道", "发布机构"},
        Interpretation: {"标题", "状态", "解读对象", "解读形式", "发布机构", "主题分类"},
        StandingPage: {"标题", "状态", "位置"},
    }
    for kind, fields in expected.items():
        found = read_file(PATHS[kind], "---\n---\n正文".encode())[1]
        assert {problem.code for problem in found} == {"missing"}
        assert {problem.field for problem in found} == fields


@pytest.mark.parametrize(
    ("kind", "alias", "value", "code", "hint"),
    [
        (PressRelease, "状态", "已发步", "choice", "已发布"),
        (PressRelease, "频道", "通知", "choice", "通知公告"),
        (DisclosureEntry, "公开方式", "主动", "choice", "主动公开"),
        (Interpretation, "解读形式", "文", "choice", "文字"),
        (StandingPage, "位置", "指南", "choice", "公开指南"),
        (PressRelease, "发布日期", "2026-03-05", "date", "2026-03-05 09:30"),
        (PressRelease, "发布日期", "2026年3月5日", "date", "2026-03-05 09:30"),
        (DisclosureEntry, "成文日期", "2026.3.1", "date", "2026-03-05"),
        (PressRelease, "编号", "甲", "id", "小写"),
        (PressRelease, "来源网址", "www.a.cn", "url", "https://"),
        (PressRelease, "标题", "长" * 201, "long", "短"),
        (PressRelease, "关键词", list("一二三四五六七八九十百"), "long", "10"),
        (PressRelease, "作者", ["甲"], "type", "文字"),
        (PressRelease, "作者", {"甲": "乙"}, "type", "文字"),
        (PressRelease, "附件", "a.pdf", "type", "附件"),
        (PressRelease, "题图", "a.png", "type", "题图"),
        (PressRelease, "状态", ["草稿"], "choice", "草稿"),
    ],
)
def test_a_wrong_value_is_explained_at_its_place(
    kind: type[Record], alias: str, value: Any, code: str, hint: str
) -> None:
    """A value of the wrong form is one problem of the field, at the value, with what to write."""
    changes = {alias: value}
    right = {name: old for name, old in RIGHT[kind].items() if name != alias}
    _, (problem,) = read_file(PATHS[kind], markdown(changes | right))
    assert (problem.code, problem.field) == (code, alias)
    assert hint in problem.what + problem.remedy
    if isinstance(value, str):
        assert (problem.place.line, problem.place.column) == (2, len(alias) + 3)


def test_titles_and_keywords_may_be_as_long_as_allowed() -> None:
    """Two hundred characters and ten keywords are accepted."""
    assert len(record(PressRelease, 标题="长" * 200, 关键词=list("一二三四五六七八九十")).keywords) == 10


def test_a_wrong_value_within_a_list_has_its_place() -> None:
    """The second attachment's file is at fault, and reported there under the field that the editor wrote."""
    attachments = [{"文件": "a.pdf", "标题": "甲"}, {"文件": "../b.pdf", "标题": "乙"}]
    _, (problem,) = read(PressRelease, 附件=attachments)
    assert (problem.code, problem.field, str(problem.place)) == ("file", "附件", "content/news/jia.md:10:7")


def test_what_is_missing_within_a_list_is_reported_at_its_item() -> None:
    """An attachment without a title is reported where that attachment stands, not at the head of the file."""
    attachments = [{"文件": "a.pdf", "标题": "甲"}, {"文件": "b.pdf"}]
    _, (problem,) = read(PressRelease, 附件=attachments)
    assert (problem.code, problem.field, problem.what) == ("missing", "附件", "缺少“标题”。")
    assert problem.place.line == 10


def test_what_is_missing_within_a_mapping_is_reported_at_the_mapping() -> None:
    """A picture without its text alternative is reported at the picture."""
    _, (problem,) = read(PressRelease, 题图={"文件": "a.png"})
    assert problem.what == "缺少“替代文字”。"
    assert problem.place.line == 8


def test_an_empty_item_of_a_list_is_refused_at_its_place() -> None:
    """A dash with nothing behind it is no keyword."""
    data = markdown(RIGHT[PressRelease]).replace(b"---\n\n", "关键词:\n- 甲\n-\n---\n\n".encode(), 1)
    _, (problem,) = read_file(PATHS[PressRelease], data)
    assert (problem.code, problem.field, problem.place.line) == ("empty", "关键词", 9)


def test_all_problems_of_a_record_are_collected() -> None:
    """Unknown, duplicate, missing and wrong fields are reported together."""
    found = problems(PressRelease, 标题=None, 标提="甲", 频道="无", channel="通知公告", 编号="A")
    assert sorted(found) == [
        ("choice", "频道"), ("duplicate-field", "channel"), ("id", "编号"), ("missing", "标题"), ("unknown-field", "标提"),
    ]  # fmt: skip


# Files


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("catalog/entries/a.yaml", DisclosureEntry), ("catalog/entries/2026/a.md", DisclosureEntry),
        ("content/news/2026/a.md", PressRelease), ("content/interpretations/a.md", Interpretation),
        ("content/pages/a.md", StandingPage), ("content/newsletter/a.md", None), ("content/a.md", None),
        ("catalog/a.yaml", None), ("news/a.md", None), ("content/files/a.md", None),
    ],
)  # fmt: skip
def test_the_folder_decides_the_kind(path: str, kind: type[Record] | None) -> None:
    """A file's folder says what it is; other folders hold no records."""
    assert kind_of(path) is kind


def test_a_file_in_another_folder_is_refused() -> None:
    """A file outside the known folders is told where to go."""
    found, (problem,) = read_file("content/x/a.md", markdown(RIGHT[PressRelease]))
    assert found == []
    assert problem.code == "unknown-folder"
    assert "content/news/" in problem.remedy


def test_the_file_name_is_the_identifier_unless_one_is_given() -> None:
    """The identifier is the file's name without its ending, or 编号."""
    assert record(PressRelease).id == "jia"
    assert record(PressRelease, 编号="yi").id == "yi"


def test_a_bad_file_name_is_a_bad_identifier() -> None:
    """A file name that cannot be an address is refused, and so is one kept for the pages of lists."""
    for name in ("甲", "A", "a_b", "page-2", "a.b"):
        _, (problem,) = read_file(f"content/news/{name}.md", markdown(RIGHT[PressRelease]))
        assert (problem.code, problem.field) == ("id", "编号")


def test_a_record_knows_where_it_was_written() -> None:
    """Its origin has the place of every value, by field name, in whatever language, and the body's first line."""
    found = record(PressRelease, 附件=[{"文件": "a.pdf", "title": "甲"}])
    assert str(found.origin.place("title")) == "content/news/jia.md:2:5"
    assert str(found.origin.place("attachments", 0, "file")) == "content/news/jia.md:8:7"
    assert str(found.origin.place("attachments", 0, "title")) == "content/news/jia.md:9:10"
    assert found.origin.body_line == 12
    assert found.body.markdown == "正文。\n"


def items(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Right entries for a list, with identifiers."""
    return [{**RIGHT[DisclosureEntry], "编号": f"item-{n}", **changes} for n in range(count)]


def test_a_list_holds_several_entries() -> None:
    """Each item of a YAML list under the entries is a record with its own places and no body."""
    data = dump(items(2)).encode()
    found, none = read_file("catalog/entries/2026/list.yaml", data)
    assert none == []
    assert [item.id for item in found] == ["item-0", "item-1"]
    assert [item.origin.place("title").line for item in found] == [1, 14]
    assert {item.body for item in found} == {EMPTY}


def test_items_of_a_list_need_their_identifier() -> None:
    """The file's name is no identifier for an item, and the item without one is reported where it starts."""
    first, second = items(2)
    del second["编号"]
    found, (problem,) = read_file("catalog/entries/list.yaml", dump([first, second]).encode())
    assert [item.id for item in found] == ["item-0"]
    assert (problem.code, problem.field, str(problem.place)) == ("missing", "编号", "catalog/entries/list.yaml:14:3")


def test_a_problem_in_one_item_leaves_the_others() -> None:
    """The right items of a list are records, and each wrong one is reported."""
    written = [*items(1), "甲", {**items(1)[0], "编号": "A"}, *items(2)[1:]]
    found, wrong = read_file("catalog/entries/list.yaml", dump(written).encode())
    assert [item.id for item in found] == ["item-0", "item-1"]
    assert [problem.code for problem in wrong] == ["mapping", "id"]


def test_an_entry_may_be_one_mapping_in_yaml() -> None:
    """A single entry in YAML takes its identifier from the file's name."""
    found, none = read_file("catalog/entries/yi.yaml", dump(RIGHT[DisclosureEntry]).encode())
    assert (none, found[0].id, found[0].body) == ([], "yi", EMPTY)


@pytest.mark.parametrize("path", ["catalog/entries/a.md", "content/news/a.md", "content/news/a.yaml"])
def test_a_list_elsewhere_is_refused(path: str) -> None:
    """Markdown holds one record, and so does any file outside the entries."""
    text = "- 标题: 甲\n"
    found, (problem,) = read_file(path, (f"---\n{text}---\n" if path.endswith(".md") else text).encode())
    assert found == []
    assert problem.code == "list"


@pytest.mark.parametrize("text", ["甲", "---\n甲\n---\n正文"])
def test_a_file_of_one_word_is_refused(text: str) -> None:
    """Metadata must be keys and values."""
    path = "content/news/a.md" if text.startswith("---") else "catalog/entries/a.yaml"
    assert [problem.code for problem in read_file(path, text.encode())[1]] == ["mapping"]


def test_an_unreadable_file_is_a_problem_of_that_file() -> None:
    """What cannot be decoded or composed is returned, not raised."""
    for data in (b"\xff", b"---\n", b"---\na: [\n---\n", "正文".encode()):
        found, wrong = read_file("content/news/a.md", data)
        assert found == []
        assert {problem.place.path for problem in wrong} == {"content/news/a.md"}


# Anything at all

ANY_PATH = st.sampled_from([*PATHS.values(), "catalog/entries/a.yaml", "content/news/a.yaml", "content/a.md"])
SCALARS = st.sampled_from(
    [
        "", "甲", "草稿", "已发布", "已撤回", "不予公开", "2026-03-05", "2026-03-05 09:30", "0001-01-01", "0001-01-01 00:00",
        "9999-12-31", "9999-12-31 23:59", "a.pdf", "../a", "https://a.cn", "http://[", "通知公告", "图解", "page-1", "{x}",
    ]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)  # fmt: skip
MAPPINGS = st.dictionaries(
    st.sampled_from(["文件", "file", "标题", "alt", "日期", "说明", "审查人", "x"]), SCALARS, max_size=3
)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | MAPPINGS | st.lists(MAPPINGS, max_size=3)


@st.composite
def odd_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A right file of some kind with some of its fields replaced by anything."""
    kind = draw(st.sampled_from(KINDS))
    changes = draw(st.dictionaries(st.sampled_from(sorted(aliases(kind))), VALUES, max_size=4))
    body = draw(st.sampled_from(["", "正文。"]))
    return PATHS[kind], markdown({**RIGHT[kind], **changes}, body)


@settings(deadline=None)
@given(ANY_PATH, st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_records_or_problems(path: str, data: bytes) -> None:
    """Whatever the bytes, reading returns records or problems and raises nothing."""
    found, wrong = read_file(path, data)
    assert bool(found) != bool(wrong) or (not found and path.endswith(".yaml"))


@settings(deadline=None)
@given(ANY_PATH, YAMLISH, YAMLISH)
def test_any_yaml_gives_records_or_problems(path: str, head: str, body: str) -> None:
    """Whatever stands between the fences, reading returns and raises nothing."""
    for data in (head, f"---\n{head}\n---\n{body}"):
        found, wrong = read_file(path, data.encode())
        assert found == [] or wrong == []


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(odd_files())
def test_any_values_give_a_record_or_problems(file: tuple[str, bytes]) -> None:
    """Whatever the fields hold, reading returns one record or problems in this file that say how to mend them."""
    path, data = file
    found, wrong = read_file(path, data)
    assert len(found) == (0 if wrong else 1)
    for problem in wrong:
        assert problem.place.path == path
        assert 1 <= problem.place.line <= data.count(b"\n") + 1
        assert problem.what
        assert problem.remedy
