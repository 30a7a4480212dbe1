"""公众留言: how to reach the office, from its own identity, and no form that nobody would read."""

import pytest
import yaml
from lxml import html
from tiny import NOW, TinySite

from portal.build.engine import Prepared
from portal.pages.chrome import FIXED, MESSAGES
from portal.pages.contact import ContactView


def _page(prepared: Prepared) -> tuple[ContactView, html.HtmlElement]:
    (page,) = [page for page in prepared.pages if page.path == "messages/index.html"]
    assert isinstance(page.view, ContactView)
    return page.view, html.fromstring(prepared.theme.render(page)).xpath("//main")[0]


def test_the_page_shows_the_contact_of_the_identity(tiny: TinySite) -> None:
    """Office, telephone, fax, e-mail, address, postcode and hours are those of site.yaml; the telephone dials and the
    e-mail writes."""
    path = tiny.root / "catalog" / "site.yaml"
    identity = yaml.safe_load(path.read_text(encoding="utf-8")) | {
        "联系电话": "0000-7654321", "传真": "0000-1111111", "电子邮箱": "letters@test.example", "邮政编码": "012345",
        "办公地址": "另一路9号", "办公时间": "周一至周五", "公开工作机构": "信息公开办",
    }  # fmt: skip
    tiny.news("n")
    tiny.write("catalog/site.yaml", yaml.safe_dump(identity, allow_unicode=True))
    _, main = _page(tiny.portal().prepare(NOW))
    facts = {line.xpath("string(dt)"): line.xpath("string(dd)") for line in main.xpath(".//dl/div")}
    assert facts == {
        "受理机构": "信息公开办",
        "联系电话": "0000-7654321",
        "电子邮箱": "letters@test.example",
        "传真": "0000-1111111",
        "办公地址": "另一路9号，邮政编码 012345",
        "办公时间": "周一至周五",
    }
    assert {"tel:0000-7654321", "mailto:letters@test.example"} <= set(main.xpath(".//a/@href"))


def test_what_the_office_does_not_have_is_not_mentioned(tiny: TinySite) -> None:
    """Without a fax and a postcode in site.yaml the page has no empty line for them."""
    tiny.news("n")
    _, main = _page(tiny.portal().prepare(NOW))
    assert "传真" not in main.xpath("string(.//dl)")
    assert "邮政编码" not in main.xpath("string(.//dl)")


def test_it_is_no_form(planned: Prepared) -> None:
    """There is nothing to fill in or to press, and the page says so."""
    _, main = _page(planned)
    assert main.xpath(".//form | .//input | .//textarea | .//button") == []
    assert "没有在线留言表单" in main.text_content()


@pytest.mark.parametrize("standing", [False, True])
def test_it_leads_to_applications(tiny: TinySite, planned: Prepared, standing: bool) -> None:
    """依申请公开 and 公开指南 are linked wherever they stand: as standing pages, or as the platform's own. What an
    application holds is told after 条例 art. 29, without 用途."""
    tiny.news("n")
    view, main = _page(planned if standing else tiny.portal().prepare(NOW))
    expected = ("/pages/zhinan/", "/pages/shenqing/") if standing else ("/disclosure/guide/", "/disclosure/request/")
    assert (view.guide, view.request) == expected
    assert set(expected) <= set(main.xpath(".//a/@href"))
    items = main.xpath(".//ol/li")
    assert [any(word in item.text_content() for item in items) for word in ("身份证明", "文号", "获取信息的方式")] == [
        True,
        True,
        True,
    ]
    assert "用途" not in main.text_content()


def test_the_address_is_promised_and_every_page_leads_there(planned: Prepared) -> None:
    """/messages/ is one of the fixed pages and in the foot of every page, and on the site map."""
    assert MESSAGES in FIXED
    for page in planned.pages:
        assert MESSAGES.url in [link.url for link in page.view.chrome.footer_links]
    (site_map,) = [page for page in planned.pages if page.path == "sitemap/index.html"]
    links = html.fromstring(planned.theme.render(site_map)).xpath("//main//a/@href")
    assert {"/messages/", "/numbers/", "/themes/"} <= set(links)
