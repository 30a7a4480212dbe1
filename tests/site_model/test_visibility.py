"""Who is public at a clock: drafts, scheduled, published and withdrawn records."""

import pytest
from tiny import NOW, TinySite

from portal import clock
from portal.attachments.files import File
from portal.problems import Severity
from portal.site.model import Dimension
from portal.site.resolve import resolve
from site_model.making import entry, interpretation, news, vocabulary

DUE = "2026-07-01 08:00"


def test_a_draft_is_not_public_at_any_clock(tiny: TinySite) -> None:
    """A draft is in no item, group or tombstone, however late it is."""
    tiny.news("shown")
    tiny.entry("a", 状态="草稿")
    site = tiny.resolve(clock.parse_minute("2036-01-01 00:00")).site
    assert set(site.items) == {("news", "shown")}
    assert not site.tombstones
    assert {key for members in site.groups.values() for key in members} == {("news", "shown")}


@pytest.mark.parametrize(
    ("moment", "public"),
    [("2026-06-15 12:00", False), ("2026-07-01 07:59", False), (DUE, True), ("2026-07-01 08:01", True)],
)
def test_a_scheduled_record_is_public_from_its_minute_on(tiny: TinySite, moment: str, *, public: bool) -> None:
    """A scheduled record appears at exactly the minute of 定时发布, which is then its date."""
    tiny.news("shown")
    tiny.entry("a", 发布日期=None, 定时发布=DUE)
    resolution = tiny.resolve(clock.parse_minute(moment))
    assert not resolution.problems
    assert (("entry", "a") in resolution.site.items) is public
    if public:
        assert resolution.site.items["entry", "a"].record.first_public == clock.parse_minute(DUE)


def test_a_withdrawn_record_leaves_a_tombstone_with_what_may_be_shown(tiny: TinySite) -> None:
    """A record withdrawn after it was public is in no item, and its tombstone has address, 索引号, time and reason."""
    tiny.entry("a", 状态="已撤回", 撤回日期="2026-05-01 10:00", 撤回原因="内容有误", 索引号="TEST/2026-00009")
    site = tiny.resolve().site
    assert not site.items
    (stone,) = site.tombstones
    assert (stone.url, stone.index_no, stone.reason) == ("/entries/a/", "TEST/2026-00009", "内容有误")
    assert clock.format_minute(stone.withdrawn_on) == "2026-05-01 10:00"
    assert {group.dimension for group in stone.groups} >= {Dimension.KIND, Dimension.COLUMN, Dimension.THEME}


@pytest.mark.parametrize("moment", ["2026-06-15 12:00", "2026-07-01 07:59", DUE, "2027-01-01 00:00"])
def test_what_was_withdrawn_before_it_was_public_leaves_nothing(tiny: TinySite, moment: str) -> None:
    """A scheduled record withdrawn before its time leaves no tombstone, not even when that time has come."""
    tiny.news("shown")
    tiny.entry("a", 发布日期=None, 定时发布=DUE, 状态="已撤回", 撤回日期="2026-06-01 10:00", 撤回原因="不再公开")
    resolution = tiny.resolve(clock.parse_minute(moment))
    assert not resolution.problems
    assert not resolution.site.tombstones
    assert all(key == ("news", "shown") for members in resolution.site.groups.values() for key in members)


def test_a_withdrawn_press_release_has_no_index_number(tiny: TinySite) -> None:
    """A tombstone of a kind without 索引号 has none."""
    tiny.news("a", 状态="已撤回", 撤回日期="2026-05-01 10:00", 撤回原因="重复")
    (stone,) = tiny.resolve().site.tombstones
    assert stone.index_no is None
    assert stone.key == ("news", "a")


def test_a_future_publication_date_is_a_problem_that_names_publish_at(tiny: TinySite) -> None:
    """发布日期 in the future stops the build at its line and tells the editor to write 定时发布."""
    path = tiny.entry("a", 发布日期="2026-06-15 12:01")
    (problem,) = tiny.resolve().problems
    lines = path.read_text(encoding="utf-8").splitlines()
    assert problem.code == "future-date"
    assert problem.field == "发布日期"
    assert "定时发布" in problem.remedy
    assert problem.severity is Severity.BLOCK
    assert lines[problem.place.line - 1].startswith("发布日期")


def test_the_present_minute_is_not_the_future(tiny: TinySite) -> None:
    """A record dated to the minute of the clock is public and no problem."""
    tiny.entry("a", 发布日期=clock.format_minute(NOW))
    resolution = tiny.resolve()
    assert not resolution.problems
    assert ("entry", "a") in resolution.site.items


@pytest.mark.parametrize(
    "fields",
    [
        {"更正说明": [{"日期": "2026-06-16 09:00", "说明": "改了日期"}]},
        {"状态": "已撤回", "撤回日期": "2026-06-16 09:00", "撤回原因": "错"},
    ],
)
def test_a_future_correction_or_withdrawal_is_a_problem(tiny: TinySite, fields: dict[str, object]) -> None:
    """A correction or a withdrawal that has not happened yet cannot be published: dates are never forged."""
    tiny.entry("a", **fields)
    assert [problem.code for problem in tiny.resolve().problems] == ["future-date"]


def test_a_draft_may_bear_any_date(tiny: TinySite) -> None:
    """A draft with a future date is no problem: it is not published."""
    tiny.entry("a", 状态="草稿", 发布日期="2036-01-01 09:00")
    assert not tiny.resolve().problems


def test_preview_shows_drafts_and_scheduled_records_marked(tiny: TinySite) -> None:
    """In a preview, drafts and scheduled records are items with their mark; published ones have none."""
    tiny.entry("open")
    tiny.entry("draft", 状态="草稿")
    tiny.entry("later", 发布日期=None, 定时发布=DUE)
    site = tiny.resolve(preview=True).site
    marks = {key[1]: item.preview for key, item in site.items.items()}
    assert marks == {"open": "", "draft": "草稿", "later": f"定时发布 {DUE}"}
    assert site.preview


def test_preview_does_not_show_what_was_withdrawn(tiny: TinySite) -> None:
    """A withdrawn record stays withdrawn in a preview."""
    tiny.news("shown")
    tiny.entry("a", 状态="已撤回", 撤回日期="2026-05-01 10:00", 撤回原因="错")
    site = tiny.resolve(preview=True).site
    assert set(site.items) == {("news", "shown")}
    assert [stone.id for stone in site.tombstones] == ["a"]


def test_preview_differs_in_nothing_else(tiny: TinySite) -> None:
    """Without drafts and scheduled records a preview has the same items, groups and tombstones as the public site."""
    tiny.entry("a")
    tiny.news("b", 状态="已撤回", 撤回日期="2026-05-01 10:00", 撤回原因="错")
    tiny.interpretation("c", "a")
    public, preview = tiny.resolve().site, tiny.resolve(preview=True).site
    assert (public.items, public.groups, public.tombstones) == (preview.items, preview.groups, preview.tombstones)


def test_a_closed_entry_has_no_body_even_without_the_rule() -> None:
    """resolve() strips body, files and attachments of an entry that is not 主动公开, were the reading rule gone."""
    secret = File("secret.pdf", 5, "0" * 64, "pdf")
    for access in ("依申请公开", "不予公开"):
        record = entry(
            "closed", 1, access=access, access_basis="条例第十六条", body="不可见 [文件](files/secret.pdf)",
            attachments=({"file": "secret.pdf", "title": "附件"},),
        )  # fmt: skip
        site = resolve([record], vocabulary(), {"secret.pdf": secret}, NOW).site
        item = site.items["entry", "closed"]
        assert not item.body.source
        assert item.body.files == ()
        assert item.attachments == ()
        assert item.files == ()
        assert site.files == ()


def test_the_order_of_reading_does_not_matter() -> None:
    """resolve() gives the same site and the same problems for any order of records."""
    records = [
        entry("a", 1, doc_no="示科发〔2026〕1号"),
        entry("b", 2, repeals=("a",), body="依据示科发〔2026〕1号。"),
        entry("c", 2),
        interpretation("i", "a"),
        interpretation("j", "无此件"),
        news("n", body="见《文件a》和《文件b》。"),
    ]
    one, other = (resolve(each, vocabulary(), {}, NOW) for each in (records, records[::-1]))
    assert one.problems == other.problems
    assert list(one.site.items) == list(other.site.items)
    assert one.site.items == other.site.items
    assert list(one.site.groups.items()) == list(other.site.groups.items())
