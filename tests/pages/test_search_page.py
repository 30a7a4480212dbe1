"""The search page as a reader without script has it: every list that search narrows by, and the indexes."""

from lxml import html
from site_model.making import WITHDRAWN
from tiny import NOW, TinySite

from portal.build.engine import Prepared
from portal.pages.search import SearchView


def _page(prepared: Prepared) -> tuple[SearchView, html.HtmlElement]:
    (page,) = [page for page in prepared.pages if page.path == "search/index.html"]
    assert isinstance(page.view, SearchView)
    return page.view, html.fromstring(prepared.theme.render(page)).xpath("//main")[0]


def test_every_list_is_offered(planned: Prepared) -> None:
    """Each kind, organ, year, genre and validity that has a list is linked by its name, and each link is a page."""
    view, main = _page(planned)
    found = {group.title: [link.text for link in group.links] for group in view.facets}
    assert found == {
        "信息类型": ["公开目录", "新闻发布", "政策解读"],
        "发布机构": ["试验厅"],
        "年份": ["2026年", "2025年", "2024年"],
        "体裁分类": ["办法", "通知", "年度报告"],
        "有效性": ["有效", "已修改", "尚未施行", "失效", "废止"],
    }
    paths = {f"/{page.path.removesuffix('index.html')}" for page in planned.pages}
    shown = set(main.xpath(".//div[@class='without-script']//a/@href"))
    assert {link.url for group in view.facets for link in group.links} <= shown <= paths
    assert {"/numbers/", "/themes/", "/messages/"} <= shown


def test_a_value_of_withdrawn_records_alone_is_not_offered(tiny: TinySite) -> None:
    """Neither the genre nor the year of a withdrawn document is told by a link."""
    tiny.news("n")
    tiny.entry("gone", 体裁分类="办法", 成文日期="2019-03-01", **WITHDRAWN)
    view, _ = _page(tiny.portal().prepare(NOW))
    assert [(group.title, [link.text for link in group.links]) for group in view.facets] == [
        ("信息类型", ["新闻发布"]),
        ("发布机构", ["试验厅"]),
        ("年份", ["2026年"]),
    ]


def test_a_record_more_changes_nothing(tiny: TinySite) -> None:
    """There are no counts: the page changes with a new value, not with a new record."""
    tiny.entry("a")
    before, _ = _page(tiny.portal().prepare(NOW))
    tiny.entry("b")
    assert _page(tiny.portal().prepare(NOW))[0] == before
