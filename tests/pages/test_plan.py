"""Planning: which pages there are, each at one address, and what their views hold."""

from collections import Counter
from pathlib import Path
from typing import TypeVar

import pytest
from lxml import html
from site_model.making import LATER, WITHDRAWN, rich
from tiny import NOW, TinySite

from portal.build.engine import Prepared
from portal.pages.changes import ChangesView, changes
from portal.pages.chrome import FIXED
from portal.pages.furniture import HomeView, LinksView
from portal.pages.lists import ListView
from portal.pages.parts import View
from portal.pages.platform import PlatformView
from portal.pages.records import DocumentView, InterpretationView, NewsView
from portal.pages.subscriptions import feed_groups
from portal.pages.tombstones import TombstoneView
from portal.problems import ProblemsFound

AnyView = TypeVar("AnyView", bound=View)


def _view(prepared: Prepared, path: str, kind: type[AnyView]) -> AnyView:
    (page,) = [page for page in prepared.pages if page.path == path]
    assert isinstance(page.view, kind)
    return page.view


def _plan(tiny: TinySite) -> Prepared:
    return tiny.portal().prepare(NOW)


def test_no_two_pages_share_a_path(planned: Prepared) -> None:
    """Every page has a path of its own, relative, without `..`, and ends in .html."""
    assert [path for path, times in Counter(page.path for page in planned.pages).items() if times > 1] == []
    for page in planned.pages:
        assert page.path.endswith(".html")
        assert not page.path.startswith("/")
        assert ".." not in page.path.split("/")


def test_every_public_record_has_one_page(planned: Prepared) -> None:
    """For every item and every tombstone there is a page at its address, and for nothing hidden."""
    paths = {page.path for page in planned.pages}
    for item in planned.site.items.values():
        assert f"{item.url.strip('/')}/index.html" in paths
    for stone in planned.site.tombstones:
        assert f"{stone.url.strip('/')}/index.html" in paths
    for hidden in ("entries/draft", "entries/later"):
        assert f"{hidden}/index.html" not in paths


def test_the_fixed_pages_are_always_there(tiny: TinySite, planned: Prepared) -> None:
    """The addresses that never change are served by a full site and by one with a single record alike."""
    tiny.news("only")
    for prepared in (planned, _plan(tiny)):
        paths = {page.path for page in prepared.pages}
        for link in FIXED:
            assert f"{link.url.strip('/')}/index.html".lstrip("/") in paths
        assert "404.html" in paths
        for name in ("guide", "request"):
            standing = any(
                page.path in {"pages/zhinan/index.html", "pages/shenqing/index.html"} for page in prepared.pages
            )
            assert standing or f"disclosure/{name}/index.html" in paths


def test_the_platform_has_its_five_parts_in_order(planned: Prepared) -> None:
    """政府信息公开 leads to 指南, 制度, 法定主动公开内容, 年报, 依申请公开 in that order (国办公开办函〔2019〕61号)."""
    view = _view(planned, "disclosure/index.html", PlatformView)
    assert [link.text for link in view.nav.tabs] == [
        "政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开",
    ]  # fmt: skip


def test_the_platform_holds_no_news(planned: Prepared) -> None:
    """No page of the platform lists a press release: only statutory content belongs there."""
    for page in planned.pages:
        if isinstance(page.view, PlatformView):
            assert all(row.kind != "新闻发布" for group in page.view.groups for row in group.rows)


def test_an_empty_column_says_that_there_is_nothing(planned: Prepared) -> None:
    """A column without entries shows its 无此项说明, never a blank page."""
    view = _view(planned, "columns/fees/index.html", ListView)
    assert (view.rows, view.note) == ((), "本机关无行政事业性收费。")


def test_a_column_holds_what_stands_below_it(planned: Prepared) -> None:
    """A heading's list holds the entries of the headings below it, too."""
    above, below = (_view(planned, f"columns/{name}/index.html", ListView) for name in ("basis", "normative"))
    assert {row.url for row in above.rows} == {row.url for row in below.rows} != set()


def test_ended_documents_are_listed_apart(planned: Prepared) -> None:
    """废止和失效 and 现行有效 of a column are disjoint and together complete (国办公开办函〔2021〕33号)."""
    current = {row.url for row in _view(planned, "columns/normative/index.html", ListView).rows}
    ended = {row.url for row in _view(planned, "columns/normative/ended/index.html", ListView).rows}
    assert ended == {"/entries/old/", "/entries/version-1/", "/entries/expired/"}
    everything = {item.url for item in planned.site.entries if item.column and item.column.id == "normative"}
    assert current | ended == everything
    assert not current & ended


def test_counts_are_those_of_the_lists(planned: Prepared) -> None:
    """Each number beside a facet on 分类浏览 is how many records its lists show."""
    pages = {f"/{page.path.removesuffix('index.html')}": page.view for page in planned.pages}
    checked = 0
    for group in _view(planned, "browse/index.html", LinksView).groups:
        for link in group.links:
            view = pages[link.url]
            assert isinstance(view, ListView)
            ended = pages.get(f"{link.url}ended/") if group.title == "公开栏目" else None
            total = view.pager.total + (ended.pager.total if isinstance(ended, ListView) else 0)
            assert link.note == str(total), link
            checked += 1
    assert checked > 15


def test_a_repealed_document_and_its_interpretation_carry_the_banner(planned: Prepared) -> None:
    """A repealed document says so, with a link to what repealed it, and so does the interpretation of it."""
    document = _view(planned, "entries/old/index.html", DocumentView)
    interpretation = _view(planned, "interpretations/why/index.html", InterpretationView)
    for view in (document, interpretation):
        assert view.banner is not None
        assert view.banner.tone == "repealed"
        assert [link.url for link in view.banner.links] == ["/entries/guiding/"]
    assert document.banner is not None
    assert "2026年4月1日" in document.banner.text


@pytest.mark.parametrize(
    ("name", "tone", "words"),
    [
        ("version-1", "repealed", "已有新版本"),
        ("amended", "amended", "已作修改"),
        ("expired", "expired", "有效期截至2026年4月30日"),
        ("future", "not-yet", "自2026年9月1日起施行"),
    ],
)
def test_every_validity_but_in_force_has_its_banner(planned: Prepared, name: str, tone: str, words: str) -> None:
    """替代, 已修改, 失效 and 尚未施行 each have a sentence of their own with its date."""
    banner = _view(planned, f"entries/{name}/index.html", DocumentView).banner
    assert banner is not None
    assert banner.tone == tone
    assert words in banner.text


def test_a_document_in_force_has_no_banner(planned: Prepared) -> None:
    """A document simply in force says nothing over its text."""
    assert _view(planned, "entries/guiding/index.html", DocumentView).banner is None


@pytest.mark.parametrize(("name", "words"), [("on-request", "依申请公开"), ("closed", "不予公开")])
def test_a_closed_document_says_why_there_is_no_text(planned: Prepared, name: str, words: str) -> None:
    """An entry that is not 主动公开 has its sentence and its basis, and no text."""
    view = _view(planned, f"entries/{name}/index.html", DocumentView)
    assert words in view.closed
    assert view.access_basis
    assert not view.common.body.source
    assert view.common.attachments == ()


def test_a_reprint_shows_source_and_disclaimer(planned: Prepared) -> None:
    """A reprint names its source and carries the disclaimer; an original has neither."""
    reprint = _view(planned, "news/reprint/index.html", NewsView).common
    assert (reprint.source, reprint.source_url) == ("某报", "https://paper.example/a")
    assert reprint.disclaimer
    own = _view(planned, "news/n00/index.html", NewsView).common
    assert own.source == own.source_url == own.disclaimer == ""


def test_a_tombstone_has_four_things(planned: Prepared) -> None:
    """Of a withdrawn record the view holds address, 索引号, 撤回日期 and 撤回原因, and the head names nothing."""
    own = set(TombstoneView.__struct_fields__) - set(View.__struct_fields__)
    assert own == {"index_no", "withdrawn_on", "reason", "url"}
    view = _view(planned, "entries/gone/index.html", TombstoneView)
    assert view.head.noindex
    assert view.head.title.startswith("该信息已撤回")
    assert view.head.article is None
    assert view.head.data == ""


def test_what_no_search_engine_may_keep_says_so(planned: Prepared) -> None:
    """Tombstones, redirects and the 404 page are noindex, in their HTML too; other pages are not."""
    for page in planned.pages:
        closed = page.template in {"tombstone.html", "redirect.html", "404.html"}
        robots = html.fromstring(planned.theme.render(page)).xpath("//meta[@name='robots']/@content")
        assert ("noindex" in robots) is closed, page.path


def test_recent_changes_are_those_of_ninety_days(tiny: TinySite) -> None:
    """最近变更 has additions, corrections and withdrawals of 90 days, to the minute, and nothing older."""
    edge = {"发布日期": "2026-03-17 12:00"}  # 90 days before the clock
    tiny.news("edge", **edge)
    tiny.news("older", 发布日期="2026-03-17 11:59")
    tiny.news("mended", 发布日期="2026-01-05 09:00", 更正说明=[{"日期": "2026-06-01 09:00", "说明": "改正日期"}])
    tiny.entry("gone", 索引号="TEST/2026-00042", **WITHDRAWN)
    tiny.news("long-gone", **(WITHDRAWN | {"撤回日期": "2026-03-10 09:00"}))
    tiny.news("later", **LATER)
    found = {(change.what, change.url, change.title) for change in changes(tiny.resolve().site)}
    assert found == {
        ("新增", "/news/edge/", "edge新闻"),
        ("更正", "/news/mended/", "mended新闻"),
        ("撤回", "/entries/gone/", "索引号 TEST/2026-00042"),
    }


def test_recent_changes_are_newest_first(planned: Prepared) -> None:
    """最近变更 runs from the newest change to the oldest."""
    moments = [change.on for change in _view(planned, "changes/index.html", ChangesView).changes]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) > 40


def test_a_withdrawn_standing_page_is_no_recent_change(tiny: TinySite) -> None:
    """最近变更 names no standing page, neither when it is new nor when it is withdrawn."""
    tiny.news("n", 发布日期="2026-06-02 09:00")
    tiny.page("gone", **WITHDRAWN)
    tiny.page("new", 发布日期="2026-06-01 09:00")
    assert [change.url for change in changes(tiny.resolve().site)] == ["/news/n/"]


def test_a_theme_of_withdrawn_records_alone_is_not_advertised(tiny: TinySite) -> None:
    """The home page's themes are those with most documents: one whose only records were withdrawn is not among them."""
    children = "".join(f"  - 编号: {name}\n    名称: {label}\n" for name, label in (("a", "甲类"), ("b", "乙类")))
    tiny.write("catalog/themes.yaml", f"- 编号: top\n  名称: 大类\n  下级:\n{children}")
    tiny.entry("shown", 主题分类=["甲类"])
    for number in range(3):
        tiny.news(f"gone{number}", 主题分类=["乙类"], **WITHDRAWN)
    popular = _view(_plan(tiny), "index.html", HomeView).popular
    assert "甲类" in {link.text for link in popular}
    assert "乙类" not in {link.text for link in popular}


def test_a_facet_of_withdrawn_records_alone_has_no_page(tiny: TinySite) -> None:
    """A withdrawn record's genre, theme and year of 成文 are not told by an empty facet page: facet pages come and go."""
    tiny.news("shown")
    tiny.entry("gone", 体裁分类="办法", 成文日期="2019-03-01", 主题分类=["其他"], **WITHDRAWN)
    paths = {page.path for page in _plan(tiny).pages}
    assert not paths & {"genres/measures/index.html", "years/2019/index.html", "themes/other/index.html"}


def test_redirects_lead_on(planned: Prepared) -> None:
    """An old address has a page that leads to the new one, at the very path of the old address."""
    by_path = {page.path: page for page in planned.pages}
    for path, target in (("old/a/index.html", "/entries/guiding/"), ("old/b.html", "/news/")):
        root = html.fromstring(planned.theme.render(by_path[path]))
        assert root.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={target}"]
        assert target in root.xpath("//main//a/@href")


@pytest.mark.parametrize(
    "redirects",
    [
        pytest.param("- 原地址: /news/n/\n  新地址: /news/\n", id="over a page"),
        pytest.param("- 原地址: /old/\n  新地址: /news/\n- 原地址: /old\n  新地址: /\n", id="one address twice"),
        pytest.param("- 原地址: /feeds/\n  新地址: /\n", id="over a fixed page"),
    ],
)
def test_a_redirect_over_something_else_is_a_problem(tiny: TinySite, redirects: str) -> None:
    """A redirect from an address that is already taken is told as a problem of redirects.yaml, not as a traceback."""
    tiny.news("n")
    tiny.write("catalog/redirects.yaml", redirects)
    with pytest.raises(ProblemsFound) as caught:
        tiny.build()
    assert any("redirects.yaml" in problem.place.path for problem in caught.value.problems)


def test_a_redirect_from_an_encoded_address_is_where_a_server_looks(tiny: TinySite) -> None:
    """A redirect from an attachment's percent-encoded address stands at the decoded path: servers decode before they look."""
    tiny.news("n")
    tiny.write("catalog/redirects.yaml", "- 原地址: /files/0123456789ab/%E9%99%84%E4%BB%B6.pdf\n  新地址: /news/n/\n")
    paths = [page.path for page in _plan(tiny).pages if page.template == "redirect.html"]
    assert paths == ["files/0123456789ab/附件.pdf/index.html"]


def test_preview_marks_every_page(tmp_path: Path) -> None:
    """With a preview mark every page of every family shows 预览 and is noindex."""
    tiny = rich(TinySite(tmp_path / "site"))
    prepared = tiny.portal().prepare(NOW, mark="预览：2027-01-01 09:00 的网站")
    for page in prepared.pages:
        root = html.fromstring(prepared.theme.render(page))
        assert root.xpath("//meta[@name='robots']/@content") == ["noindex"], page.path
        assert "预览：2027-01-01 09:00 的网站" in root.text_content(), page.path


def test_the_page_of_feeds_names_no_group_of_withdrawn_records_alone(tiny: TinySite) -> None:
    """A theme whose only record was withdrawn has no list: the page of feeds neither links nor names it."""
    tiny.news("gone", 主题分类=["其他"], **WITHDRAWN)
    tiny.news("n", 主题分类=["科技"])
    groups = feed_groups(tiny.resolve().site)
    assert "其他" not in {group.name for group in groups}
    assert "科技、教育/科技" in {group.name for group in groups}


@pytest.mark.parametrize("channel", ["工作动态", "通知公告", "新闻发布会", "回应关切"])
def test_a_press_release_is_of_the_type_of_its_list(tiny: TinySite, channel: str) -> None:
    """What the list of a channel says of its column, the pages of its press releases say too."""
    tiny.news("n", 频道=channel)
    prepared = _plan(tiny)
    column = _view(prepared, "news/n/index.html", NewsView).head.column
    (listed,) = [
        page.view.head.column
        for page in prepared.pages
        if isinstance(page.view, ListView) and page.view.title == channel
    ]
    assert column is not None
    assert listed is not None
    assert column.type == listed.type
