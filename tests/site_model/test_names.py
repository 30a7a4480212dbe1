"""Names against the vocabulary, ids and 索引号 against each other, references to other records."""

import pytest
from tiny import CODE, NOW, TinySite

from portal.attachments.files import read_files
from portal.problems import Problem
from portal.records.repository import read_repository
from portal.site.numbers import next_free
from portal.site.resolve import Resolution, resolve


def _with_published(tiny: TinySite, published: dict[str, str]) -> Resolution:
    repository = read_repository(tiny.root)
    assert repository.vocabulary is not None
    files, _ = read_files(tiny.root, repository.records)
    return resolve(repository.records, repository.vocabulary, files, NOW, published=published)


def _line(tiny: TinySite, problem: Problem) -> str:
    return (tiny.root / problem.place.path).read_text(encoding="utf-8").splitlines()[problem.place.line - 1]


@pytest.mark.parametrize(
    ("field", "value", "code", "hint", "catalog"),
    [
        ("发布机构", "试验所", "unknown-publisher", "试验", "organs.yaml"),
        ("主题分类", ["科支"], "unknown-themes", "科技", "themes.yaml"),
        ("体裁分类", "通知书", "unknown-genre", "通知", "genres.yaml"),
        ("栏目", "行政规范文件", "unknown-column", "行政规范性文件", "columns.yaml"),
    ],
)
def test_an_unknown_name_is_a_problem_with_the_nearest_known(
    tiny: TinySite, field: str, value: object, code: str, hint: str, catalog: str
) -> None:
    """An unknown organ, theme, genre or column is reported at its line, with the nearest word and the list to extend."""
    tiny.entry("a", **{field: value})
    (problem,) = tiny.resolve().problems
    assert (problem.code, problem.field) == (code, field)
    assert f"您是不是要写“{hint}" in problem.what
    assert catalog in problem.remedy
    word = value[0] if isinstance(value, list) else value
    assert str(word) in _line(tiny, problem)


def test_all_unknown_names_are_collected_at_once(tiny: TinySite) -> None:
    """Every unknown name of every record is reported in one go, not only the first."""
    tiny.entry("a", 发布机构="甲", 主题分类=["乙", "丙"], 体裁分类="丁", 栏目="戊")
    tiny.news("b", 发布机构="己")
    codes = sorted(problem.code for problem in tiny.resolve().problems)
    assert codes == ["unknown-column", "unknown-genre", *["unknown-publisher"] * 2, *["unknown-themes"] * 2]


@pytest.mark.parametrize("name", ["试验厅", "厅", "试验委员会"])
def test_an_organ_is_known_by_its_short_name_and_its_predecessors(tiny: TinySite, name: str) -> None:
    """A publisher may be written by full name, short name or a predecessor's name, and is one organ."""
    tiny.news("a", 发布机构=name)
    resolution = tiny.resolve()
    assert not resolution.problems
    assert resolution.site.items["news", "a"].publisher.id == "ting"


@pytest.mark.parametrize("name", ["科技", "科技、教育/科技", "科技、教育\\科技"])
def test_a_theme_is_known_alone_and_with_its_parent(tiny: TinySite, name: str) -> None:
    """A theme of the second level may be written alone or as 一级/二级, with a slash or a backslash."""
    tiny.entry("a", 主题分类=[name])
    resolution = tiny.resolve()
    assert not resolution.problems
    assert [theme.full for theme in resolution.site.items["entry", "a"].themes] == ["科技、教育/科技"]


def test_two_records_of_a_kind_under_one_id_are_a_problem(tiny: TinySite) -> None:
    """A duplicate id is reported at the later record and names the file that keeps it."""
    tiny.news("a", 发布日期="2026-03-06 10:00")
    tiny.news("b", 编号="a", 发布日期="2026-03-05 10:00")
    (problem,) = tiny.resolve().problems
    assert problem.code == "duplicate-id"
    assert problem.place.path == "content/news/a.md"  # b.md was published first and keeps the id
    assert "content/news/b.md" in problem.what


def test_one_id_in_two_kinds_is_no_problem(tiny: TinySite) -> None:
    """An id belongs to its kind: /news/a/ and /entries/a/ are two addresses."""
    tiny.news("a")
    tiny.entry("a")
    assert not tiny.resolve().problems


def test_the_earlier_record_keeps_a_number_and_the_others_get_free_ones(tiny: TinySite) -> None:
    """Of three files with one 索引号 the first published keeps it; the others are each offered a free number."""
    taken = "TEST/2026-00003"
    tiny.entry("late", 索引号=taken, 发布日期="2026-04-03 09:00")
    tiny.entry("first", 索引号=taken, 发布日期="2026-04-01 09:00")
    tiny.entry("middle", 索引号=taken, 发布日期="2026-04-02 09:00")
    tiny.entry("other", 索引号="TEST/2026-00007")
    problems = tiny.resolve().problems
    assert {problem.code for problem in problems} == {"index-taken"}
    remedies = {problem.place.path.rsplit("/", 1)[1]: problem.remedy for problem in problems}
    assert set(remedies) == {"late.md", "middle.md"}
    assert "TEST/2026-00008" in remedies["middle.md"]
    assert "TEST/2026-00009" in remedies["late.md"]
    assert all("first.md 保留该号" in remedy for remedy in remedies.values())
    assert all("索引号" in _line(tiny, problem) for problem in problems)


def test_what_is_already_published_keeps_its_number(tiny: TinySite) -> None:
    """published.tsv decides before the date: what the public has seen under a number keeps it."""
    tiny.entry("early", 索引号="TEST/2026-00001", 发布日期="2026-04-01 09:00")
    tiny.entry("late", 索引号="TEST/2026-00001", 发布日期="2026-04-02 09:00")
    (problem,) = _with_published(tiny, {"/entries/late/": "2026-04-02T09:00+08:00"}).problems
    assert problem.place.path.endswith("early.md")
    (problem,) = _with_published(tiny, {}).problems
    assert problem.place.path.endswith("late.md")


def test_drafts_and_withdrawn_records_hold_their_numbers(tiny: TinySite) -> None:
    """A number is spent once written: a draft or a withdrawn record with the same 索引号 is a conflict, too."""
    tiny.entry("a", 索引号="TEST/2026-00001")
    tiny.entry("b", 索引号="TEST/2026-00001", 状态="草稿")
    tiny.entry("c", 索引号="TEST/2026-00001", 状态="已撤回", 撤回日期="2026-05-01 10:00", 撤回原因="错")
    assert [problem.code for problem in tiny.resolve().problems] == ["index-taken"] * 2


def test_the_next_number_fills_no_gap_and_keeps_to_prefix_and_year() -> None:
    """The next free number follows the highest of its prefix and year; gaps stay, other years do not count."""
    taken = ["TEST/2026-00001", "TEST/2026-00005", "TEST/2025-00009", "OTHER/2026-00042", "not a number"]
    assert next_free(taken, "TEST", 2026) == "TEST/2026-00006"
    assert next_free(taken, "TEST", 2024) == "TEST/2024-00001"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("TEST/2026-1", "index-no"),
        ("TEST-2026-00001", "index-no"),
        ("test/2026-00001", "index-no"),
        ("OTHER/2026-00001", "index-prefix"),
        (f"{CODE}/2026-00001", "index-prefix"),
    ],
)
def test_a_number_of_another_form_or_prefix_is_a_problem(tiny: TinySite, number: str, code: str) -> None:
    """A 索引号 has the form prefix/year-00000 under an organ's code or a declared exception."""
    tiny.entry("a", 索引号=number)
    (problem,) = tiny.resolve().problems
    assert (problem.code, problem.field) == (code, "索引号")


def test_an_organs_code_and_its_middle_are_prefixes(tiny: TinySite) -> None:
    """The prefix may be an organ's 统一社会信用代码, or the organisation code within it."""
    tiny.write("catalog/organs.yaml", f"- 编号: ting\n  名称: 试验厅\n  统一社会信用代码: {_CODE}\n")
    tiny.entry("a", 索引号=f"{_CODE}/2026-00001")
    tiny.entry("b", 索引号=f"{_CODE[8:17]}/2026-00001")
    assert not tiny.resolve().problems


def _code() -> str:
    """A code that nobody has, with its check character (GB 32100)."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    head = "11000000MB0000000"
    total = sum(alphabet.index(character) * pow(3, place, 31) for place, character in enumerate(head))
    return head + alphabet[(31 - total % 31) % 31]


_CODE = _code()
