"""Links between records, both ways; facets and their counts; reprints."""

import pytest
from tiny import NOW, TinySite

from portal import clock
from portal.site.model import Dimension, Site
from portal.site.resolve import resolve
from site_model.making import entry, vocabulary

WITHDRAWN = {"状态": "已撤回", "撤回日期": "2026-05-01 10:00", "撤回原因": "错"}


@pytest.mark.parametrize("name", ["a", "TEST/2026-00001", "试发〔2026〕1号", "试发[2026]1号", "试发【２０２６】第01号"])
def test_policy_and_interpretation_know_each_other(tiny: TinySite, name: str) -> None:
    """An interpretation names its document by id, 索引号 or 文号 in any bracket, and both link to each other."""
    tiny.entry("a", 索引号="TEST/2026-00001", 发文字号="试发〔2026〕1号")
    tiny.interpretation("i", name)
    resolution = tiny.resolve()
    assert not resolution.problems
    assert resolution.site.items["interpretation", "i"].related.interprets == (("entry", "a"),)
    assert resolution.site.items["entry", "a"].related.interpreted_by == (("interpretation", "i"),)


def test_an_interpretation_may_explain_several_and_one_document_have_several(tiny: TinySite) -> None:
    """Both directions hold several; the reverse list is newest first."""
    tiny.entry("a")
    tiny.entry("b")
    tiny.interpretation("i", "a", 解读对象=["b", "a"], 发布日期="2026-03-08 09:00")
    tiny.interpretation("j", "a", 发布日期="2026-03-09 09:00")
    items = tiny.resolve().site.items
    assert items["interpretation", "i"].related.interprets == (("entry", "b"), ("entry", "a"))
    assert items["entry", "a"].related.interpreted_by == (("interpretation", "j"), ("interpretation", "i"))
    assert items["entry", "b"].related.interpreted_by == (("interpretation", "i"),)


def test_an_interpretation_of_nothing_is_a_problem_with_the_nearest_name(tiny: TinySite) -> None:
    """解读对象 that the site does not hold is reported at its place, with the nearest known reference."""
    tiny.entry("keji-banfa")
    path = tiny.interpretation("i", "keji-bamfa")
    (problem,) = tiny.resolve().problems
    assert (problem.code, problem.field) == ("dangling", "解读对象")
    assert "keji-banfa" in problem.what
    assert "keji-bamfa" in path.read_text(encoding="utf-8").splitlines()[problem.place.line - 1]


@pytest.mark.parametrize("hidden", [{"状态": "草稿"}, {"发布日期": None, "定时发布": "2026-07-01 08:00"}])
def test_an_interpretation_of_something_not_yet_public_is_a_problem(tiny: TinySite, hidden: dict[str, object]) -> None:
    """An interpretation must not be public before its document: the remedy is 定时发布 at the same time."""
    tiny.entry("a", **hidden)
    tiny.interpretation("i", "a")
    (problem,) = tiny.resolve().problems
    assert (problem.code, problem.field) == ("hidden-object", "解读对象")
    assert "定时发布" in problem.remedy


def test_an_interpretation_scheduled_with_its_document_is_right(tiny: TinySite) -> None:
    """Document and interpretation scheduled for one minute are no problem before it, and linked from it on."""
    tiny.news("n")
    tiny.entry("a", 发布日期=None, 定时发布="2026-07-01 08:00")
    tiny.interpretation("i", "a", 发布日期=None, 定时发布="2026-07-01 08:00")
    assert not tiny.resolve().problems
    later = tiny.resolve(clock.parse_minute("2026-07-01 08:00"))
    assert not later.problems
    assert later.site.items["entry", "a"].related.interpreted_by == (("interpretation", "i"),)


def test_an_interpretation_outlives_its_withdrawn_document(tiny: TinySite) -> None:
    """An interpretation of a withdrawn document is no fault, and links to nothing."""
    tiny.entry("a", **WITHDRAWN)
    tiny.interpretation("i", "a")
    resolution = tiny.resolve()
    assert not resolution.problems
    assert resolution.site.items["interpretation", "i"].related.interprets == ()


@pytest.mark.parametrize("field", ["废止", "修改", "替代"])
def test_acts_are_linked_both_ways(tiny: TinySite, field: str) -> None:
    """What repeals, amends or replaces a document is linked from both ends."""
    tiny.entry("old")
    tiny.entry("new", **{field: ["old"]})
    items = tiny.resolve().site.items
    act, back = {
        "废止": ("repeals", "repealed_by"),
        "修改": ("amends", "amended_by"),
        "替代": ("replaces", "replaced_by"),
    }[field]
    assert getattr(items["entry", "new"].related, act) == (("entry", "old"),)
    assert getattr(items["entry", "old"].related, back) == (("entry", "new"),)


@pytest.mark.parametrize("hidden", [{"状态": "草稿"}, WITHDRAWN, {"发布日期": None, "定时发布": "2026-07-01 08:00"}])
def test_what_is_hidden_is_in_no_relation(tiny: TinySite, hidden: dict[str, object]) -> None:
    """A hidden document neither changes another's validity nor is linked from anywhere."""
    tiny.entry("old", "依据《关于new的通知》。")
    tiny.entry("new", "见《关于old的通知》。", 废止=["old"], **hidden)
    item = tiny.resolve().site.items["entry", "old"]
    assert item.related.repealed_by == item.related.cites == item.related.cited_by == ()
    assert item.standing is not None
    assert item.standing.validity.value == "有效"


def test_a_dangling_act_is_a_problem(tiny: TinySite) -> None:
    """废止 of a document that the site does not hold is a problem at that line."""
    tiny.entry("a", 废止=["试发〔1999〕9号"])
    (problem,) = tiny.resolve().problems
    assert (problem.code, problem.field) == ("dangling", "废止")


def test_a_document_cannot_act_on_itself(tiny: TinySite) -> None:
    """A document that repeals itself is a problem, not a repealed document."""
    tiny.entry("a", 废止=["a"])
    (problem,) = tiny.resolve().problems
    assert problem.code == "self-reference"


def test_facets_count_public_records_only(tiny: TinySite) -> None:
    """For every facet value the members are exactly the public records that bear it, newest first."""
    tiny.entry("a", 发布日期="2026-03-01 09:00", 成文日期="2025-12-30", 体裁分类="办法")
    tiny.entry("b", 发布日期="2026-03-02 09:00", 主题分类=["其他", "科技"], 发布机构="试验院")
    tiny.entry("w", **WITHDRAWN)
    tiny.entry("d", 状态="草稿")
    tiny.news("n", 主题分类=["其他"], 频道="回应关切")
    tiny.interpretation("i", "a")
    tiny.page("p")
    site = tiny.resolve().site
    found = {
        (group.dimension.value, group.name): [item.record.id for item in site.members(group)] for group in site.groups
    }
    assert found == {
        ("kinds", "公开目录"): ["b", "a"],
        ("kinds", "新闻发布"): ["n"],
        ("kinds", "政策解读"): ["i"],
        ("themes", "科技、教育"): ["i", "b", "a"],
        ("themes", "科技、教育/科技"): ["i", "b", "a"],
        ("themes", "其他"): ["n", "b"],
        ("organs", "试验厅"): ["i", "n", "a"],
        ("organs", "试验院"): ["b"],
        ("years", "2025年"): ["a"],
        ("years", "2026年"): ["i", "n", "b"],
        ("genres", "办法"): ["a"],
        ("genres", "通知"): ["b"],
        ("validity", "有效"): ["b", "a"],
        ("columns", "行政规范性文件"): ["b", "a"],
        ("channels", "回应关切"): ["n"],
    }


def test_a_withdrawn_record_keeps_its_slot(tiny: TinySite) -> None:
    """A group's slots hold the withdrawn record in its place, so that later pages do not shift."""
    for number in (1, 2, 3):
        fields = WITHDRAWN if number == 2 else {}
        tiny.news(f"n{number}", 发布日期=f"2026-03-0{number} 09:00", **fields)
    site = tiny.resolve().site
    group = next(group for group in site.groups if group.dimension is Dimension.CHANNEL)
    assert [key[1] for key in site.groups[group]] == ["n1", "n2", "n3"]
    assert [item.record.id for item in site.members(group)] == ["n3", "n1"]


def _groups(site: Site, identifier: str) -> set[str]:
    return {group.dimension.value for group in site.items["page", identifier].groups}


def test_standing_pages_are_in_no_group(tiny: TinySite) -> None:
    """Standing pages are furniture: no facet counts them."""
    tiny.page("p")
    site = tiny.resolve().site
    assert _groups(site, "p") == set()
    assert not site.groups


@pytest.mark.parametrize("source", [None, "试验厅", "厅"])
def test_a_record_of_the_publisher_itself_is_no_reprint(tiny: TinySite, source: str | None) -> None:
    """Without a source, or with the publisher's own name, a record is original."""
    tiny.news("n", 来源=source)
    assert not tiny.resolve().site.items["news", "n"].reprint


def test_another_source_is_a_reprint(tiny: TinySite) -> None:
    """A source that is no organ of the site marks a reprint."""
    tiny.news("n", 来源="某报")
    assert tiny.resolve().site.items["news", "n"].reprint


@pytest.mark.parametrize("source", ["试验院", "试验委员会"])
def test_an_own_organ_as_source_is_no_reprint(tiny: TinySite, source: str) -> None:
    """Only a value other than the own organs' names marks a reprint: a sister organ or a predecessor does not."""
    tiny.news("n", 来源=source)
    assert not tiny.resolve().site.items["news", "n"].reprint


def test_the_site_is_a_value() -> None:
    """Two resolutions at one clock are equal, item by item; the clock is the one passed in."""
    one, other = (resolve([entry("a", 1), entry("b", 2, amends=("a",))], vocabulary(), {}, NOW).site for _ in range(2))
    assert one == other
    assert one.now == NOW
