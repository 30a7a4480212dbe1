"""Reading the vocabularies of catalog/."""

from collections.abc import Callable

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import TinySite

from portal import HOME
from portal.problems import Problem
from portal.records.catalogs import OPTIONAL, REQUIRED, read_vocabulary
from portal.records.vocabulary import Vocabulary
from records.test_source import YAMLISH

Read = Callable[..., tuple[Vocabulary | None, list[Problem]]]


@pytest.fixture
def read(tiny: TinySite) -> Read:
    """Read the tiny site's vocabulary with the texts of some files replaced; None leaves a file out."""

    def reader(**texts: str | None) -> tuple[Vocabulary | None, list[Problem]]:
        files = {name: (tiny.root / "catalog" / name).read_bytes() for name in REQUIRED}
        files |= {f"{name}.yaml": text.encode() for name, text in texts.items() if text is not None}
        return read_vocabulary({name: data for name, data in files.items() if texts.get(name[:-5], "") is not None})

    return reader


def brief(problems: list[Problem]) -> list[tuple[str, str, str]]:
    """Code, field and place of each."""
    return [(problem.code, problem.field, str(problem.place)) for problem in problems]


def test_a_right_vocabulary_is_read(read: Read) -> None:
    """All files together make the vocabulary, in the order in which they are written."""
    words, problems = read(redirects="- {原地址: /old/a.html, 新地址: /news/a/}")
    assert problems == []
    assert words is not None
    assert [organ.name for organ in words.organs] == ["试验厅", "试验院"]
    assert [genre.official for genre in words.genres] == [True, False, False]
    assert words.identity.domain == "www.test.example"
    assert [(redirect.old, redirect.new) for redirect in words.redirects] == [("/old/a.html", "/news/a/")]


def test_the_demo_vocabulary_is_right() -> None:
    """The portal's own catalog has no problem, all fifteen 文种, and codes of the division 000000 alone."""
    files = {name: (HOME / "catalog" / name).read_bytes() for name in (*REQUIRED, *OPTIONAL)}
    words, problems = read_vocabulary(files)
    assert problems == []
    assert words is not None
    assert sum(genre.official for genre in words.genres) == 15
    assert {organ.code[2:8] for organ in words.organs if organ.code} == {"000000"}


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_file_is_a_problem(read: Read, name: str) -> None:
    """Each required file that is missing is named, with the command that makes it."""
    words, problems = read(**{name.removesuffix(".yaml"): None})
    assert words is None
    assert ("missing-file", "", f"catalog/{name}:1:1") in brief(problems)
    assert "portal init" in problems[0].remedy


def test_nothing_at_all_is_five_problems() -> None:
    """Without any file each one is asked for."""
    words, problems = read_vocabulary({})
    assert words is None
    assert [str(problem.place) for problem in problems] == [f"catalog/{name}:1:1" for name in REQUIRED]


def test_redirects_may_be_missing_or_empty(read: Read) -> None:
    """No redirects is no problem."""
    for text in (None, "", "[]", "# 无"):
        words, problems = read(redirects=text)
        assert problems == []
        assert words is not None
        assert words.redirects == ()


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("organs", "编号: a", ("list", "", "catalog/organs.yaml:1:1")),
        ("organs", "- 甲", ("mapping", "", "catalog/organs.yaml:1:3")),
        ("organs", "甲", ("list", "", "catalog/organs.yaml:1:1")),
        ("site", "- 甲", ("mapping", "", "catalog/site.yaml:1:1")),
        ("genres", "- {编号: a, 名称: 甲}\n- {编号: B, 名称: 乙}", ("id", "编号", "catalog/genres.yaml:2:8")),
        ("genres", "- {编号: a, 名称: 甲, 法定文种: 对}", ("choice", "法定文种", "catalog/genres.yaml:1:24")),
        ("genres", "- {编号: a, 名称: 甲, 法定文种: [是]}", ("choice", "法定文种", "catalog/genres.yaml:1:24")),
        ("genres", "- {编号: a, 名称: 甲, 名稱: 乙}", ("unknown-field", "名稱", "catalog/genres.yaml:1:18")),
        ("genres", "- {编号: a}", ("missing", "名称", "catalog/genres.yaml:1:3")),
        ("genres", "- {编号: a, 名称: 甲, name: 乙}", ("duplicate-field", "name", "catalog/genres.yaml:1:18")),
        ("columns", "- {编号: a, 名称: 甲, 更新周期: 每月}", ("number", "更新周期", "catalog/columns.yaml:1:24")),
        ("columns", "- {编号: a, 名称: 甲, 更新周期: 0}", ("number", "更新周期", "catalog/columns.yaml:1:24")),
        ("columns", "- {编号: a, 名称: 甲, 更新周期: 1８0}", ("number", "更新周期", "catalog/columns.yaml:1:24")),
        ("columns", "- {编号: a, 名称: 甲, 更新周期: [7]}", ("number", "更新周期", "catalog/columns.yaml:1:24")),
        ("organs", "- {编号: a, 名称: 试验厅, 统一社会信用代码: 12620600MB0523338D}",
         ("credit-code", "统一社会信用代码", "catalog/organs.yaml:1:30")),
        ("redirects", "- {原地址: old/a, 新地址: /b/}", ("path", "原地址", "catalog/redirects.yaml:1:9")),
        ("redirects", "- {原地址: /a/, 新地址: 'https://x.cn/'}", ("path", "新地址", "catalog/redirects.yaml:1:19")),
        ("redirects", "- {原地址: /a/../b/, 新地址: /b/}", ("path", "原地址", "catalog/redirects.yaml:1:9")),
        ("redirects", "- {原地址: //x.cn/, 新地址: /b/}", ("path", "原地址", "catalog/redirects.yaml:1:9")),
        ("themes", "- 编号: a\n  名称: 甲\n  下级:\n    - {编号: b, 名称: 乙}\n    - {编号: 丙, 名称: 丙}",
         ("id", "下级", "catalog/themes.yaml:5:12")),
        ("themes", "- 编号: a\n  名称: 甲\n  下级:\n    - {编号: b, 名称: 乙, 下级: []}",
         ("unknown-field", "下级", "catalog/themes.yaml:4:22")),
        ("themes", "- 编号: a\n  名称: 甲\n  下级:\n    - {编号: b}", ("missing", "下级", "catalog/themes.yaml:4:7")),
        ("columns", "甲: @乙", ("yaml", "", "catalog/columns.yaml:1:4")),
    ],
)  # fmt: skip
def test_a_wrong_word_is_reported_at_its_place(
    read: Read, file: str, text: str, expected: tuple[str, str, str]
) -> None:
    """What is wrong in a vocabulary is one problem with file, line, column and field, and there is no vocabulary."""
    words, problems = read(**{file: text})
    assert words is None
    assert brief(problems) == [expected]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("网址", "https://www.a.cn/b", "url"), ("网址", "www.a.cn", "url"), ("网址", "ftp://a.cn", "url"), ("网站名称", "", "missing"),
        ("主办单位", "没有这个厅", "unknown-organ"),
    ],
)  # fmt: skip
def test_a_wrong_identity_is_reported(tiny: TinySite, read: Read, field: str, value: str, code: str) -> None:
    """A wrong field of site.yaml is reported with its Chinese name."""
    identity = yaml.safe_load((tiny.root / "catalog/site.yaml").read_text("utf-8")) | {field: value}
    words, problems = read(site=yaml.safe_dump(identity, allow_unicode=True))
    assert words is None
    assert [(problem.code, problem.field) for problem in problems] == [(code, field)]


def test_an_unknown_organ_of_the_site_is_reported_at_its_line(tiny: TinySite, read: Read) -> None:
    """The organ that site.yaml names and organs.yaml lacks is reported where it is named."""
    text = (tiny.root / "catalog/site.yaml").read_text("utf-8").replace("主办单位: 试验厅", "主办单位: 没有")
    _, (problem,) = read(site=text)
    assert str(problem.place) == "catalog/site.yaml:2:7"


def test_the_site_may_be_run_by_a_predecessors_name(tiny: TinySite, read: Read) -> None:
    """An organ is known by its short name and its predecessors' names too."""
    for name in ("厅", "试验委员会"):
        text = (tiny.root / "catalog/site.yaml").read_text("utf-8").replace("主办单位: 试验厅", f"主办单位: {name}")
        assert read(site=text)[1] == []


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("organs", "- {编号: a, 名称: 试验厅}\n- {编号: a, 名称: 乙}", "catalog/organs.yaml:2:3"),
        ("organs", "- {编号: a, 名称: 试验厅}\n- {编号: b, 名称: 试验厅}", "catalog/organs.yaml:2:3"),
        ("genres", "- {编号: a, 名称: 甲}\n- {编号: b, 名称: 乙}\n- {编号: a, 名称: 丙}", "catalog/genres.yaml:3:3"),
        ("genres", "- {编号: a, 名称: 甲}\n- {编号: b, 名称: 甲}", "catalog/genres.yaml:2:3"),
        ("columns", "- {编号: a, 名称: 甲}\n- {编号: b, 名称: 甲}", "catalog/columns.yaml:2:3"),
        ("themes", "- {编号: a, 名称: 甲}\n- {编号: a, 名称: 乙}", "catalog/themes.yaml:2:3"),
        ("columns", "- 编号: a\n  名称: 甲\n  下级:\n    - {编号: a, 名称: 乙}", "catalog/columns.yaml:4:7"),
        ("themes", "- 编号: a\n  名称: 甲\n  下级:\n    - {编号: b, 名称: 乙}\n    - {编号: b, 名称: 丙}",
         "catalog/themes.yaml:5:7"),
        ("themes", "- 编号: a\n  名称: 甲\n  下级:\n    - {编号: b, 名称: 乙}\n    - {编号: c, 名称: 乙}",
         "catalog/themes.yaml:5:7"),
        ("themes", "- 编号: a\n  名称: 甲\n  下级:\n    - {编号: b, 名称: 乙}\n- {编号: c, 名称: 甲/乙}",
         "catalog/themes.yaml:5:3"),
        ("redirects", "- {原地址: /a/, 新地址: /b/}\n- {原地址: /a/, 新地址: /c/}", "catalog/redirects.yaml:2:3"),
        ("redirects", "- {原地址: /a/, 新地址: /b/}\n- {原地址: /%61, 新地址: /c/}", "catalog/redirects.yaml:2:3"),
        ("redirects", "- {原地址: /a, 新地址: /b/}\n- {原地址: /a/index.html, 新地址: /c/}", "catalog/redirects.yaml:2:3"),
    ],
)  # fmt: skip
def test_a_word_written_twice_is_reported_where_it_is_repeated(read: Read, file: str, text: str, place: str) -> None:
    """An identifier, name or old address taken twice is a problem at the second, children included."""
    words, problems = read(**{file: text})
    assert words is None
    assert brief(problems) == [("duplicate", "", place)]


@pytest.mark.parametrize("file", ["themes", "columns"])
def test_one_name_may_stand_below_two_parents(read: Read, file: str) -> None:
    """综合/其他 and 科技/其他 are two words, and so are a top word and one below another of the same name."""
    text = (
        "- {编号: a, 名称: 甲, 下级: [{编号: a1, 名称: 其他}]}\n- {编号: b, 名称: 乙, 下级: [{编号: b1, 名称: 其他}]}\n"
        "- {编号: c, 名称: 丙, 下级: [{编号: c1, 名称: 甲}]}\n"
    )
    words, problems = read(**{file: text})
    assert problems == []
    assert words is not None
    assert getattr(words, f"ambiguous_{file}") == {"其他": ("甲/其他", "乙/其他")}


@pytest.mark.parametrize(
    "address",
    [
        "/%2e%2e/a/", "/a/..%2fb/", "/a%2f..%2f..%2fb/", "/%2E%2E%2F%2E%2E%2Fetc/passwd", "/a/../b/", "/..", "/a/./b/", "/a%00b/",
        "/a%0ab/", "/a%1b/", "/a%7f/", "/%ff/", "/a%2f%2fb/", "/%2f/", "/a%5cb/", "/a%e2%80%a8b/", f"/{'a' * 201}/",
        f"/{'%e7%94%b2' * 67}/", "/aaaaaaaaa" * 101 + "/",
    ],
)  # fmt: skip
def test_an_address_that_leaves_the_site_when_decoded_is_refused(read: Read, address: str) -> None:
    """Encoded dots, slashes and control characters, bytes that are no UTF-8, and names too long for a file."""
    words, problems = read(redirects=f"- {{原地址: '{address}', 新地址: /b/}}")
    assert words is None
    assert brief(problems) == [("path", "原地址", "catalog/redirects.yaml:1:9")]
    assert read(redirects=f"- {{原地址: /b/, 新地址: '{address}'}}")[0] is None


@pytest.mark.parametrize(
    "address", ["/", "/a", "/a.b/..c/", "/%e7%94%b2/a.html", f"/{'a' * 200}/", "/a%20b/", "/100%/"]
)
def test_an_address_of_an_old_site_is_accepted(read: Read, address: str) -> None:
    """Chinese and spaces, percent-encoded, and dots inside names are what old sites have."""
    assert read(redirects=f"- {{原地址: '{address}', 新地址: /b/}}")[1] == []


def test_all_problems_of_all_files_are_collected(read: Read) -> None:
    """One reading reports what is wrong in every file."""
    _, problems = read(
        organs="甲", genres="- {编号: A, 名称: 甲}", columns="甲: [", site="网站名称: 甲", redirects="甲"
    )
    assert {problem.place.path for problem in problems} == {
        f"catalog/{name}.yaml" for name in ("organs", "genres", "columns", "site", "redirects")
    }


@settings(deadline=None)
@given(st.sampled_from([*REQUIRED, *OPTIONAL]), st.binary() | YAMLISH.map(str.encode))
def test_any_bytes_give_problems_and_no_exception(name: str, data: bytes) -> None:
    """Whatever a file of the catalog holds, reading returns."""
    words, problems = read_vocabulary({name: data})
    assert words is None
    assert problems


@settings(deadline=None)
@given(
    st.sampled_from(
        ["编号", "名称", "法定文种", "统一社会信用代码", "前身", "更新周期", "关键词", "下级", "原地址", "板块"]
    ),
    st.sampled_from(["", "甲", "[甲]", "[]", "{甲: 乙}", "[{编号: a}]", "[[甲]]", "7", "/a/", "是"]),
    st.sampled_from([*REQUIRED, *OPTIONAL]),
)
def test_any_shape_of_a_field_gives_problems_and_no_exception(key: str, value: str, name: str) -> None:
    """A list or mapping where a word must stand is a problem of the field."""
    for text in (f"- {{编号: a, 名称: 甲}}\n- {key}: {value}", f"{key}: {value}"):
        words, problems = read_vocabulary({name: text.encode()})
        assert words is None
        assert problems
