"""What every built page holds: valid HTML, the meta tags and the foot of 国办发〔2017〕47号, one heading of level 1."""

import itertools
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from demo_site import HERE
from lxml import html

from portal.inspection.links import broken_links

FOOT = [
    "党政机关网站标识",
    "我为政府网站找错",
    "网站标识码",
    "主办单位",
    "联系电话",
    "办公地址",
    "ICP备案编号",
    "公安机关备案",
    "站点地图",
]


@pytest.fixture(scope="module")
def pages(demo: Path) -> dict[str, html.HtmlElement]:
    """Every page of the demo, parsed, but for the stubs that only lead on."""
    found = {}
    for path in sorted(demo.rglob("*.html")):
        root = html.parse(str(path)).getroot()
        if not root.xpath("//meta[translate(@http-equiv,'REFSH','refsh')='refresh']"):
            found[path.relative_to(demo).as_posix()] = root
    return found


def meta(root: html.HtmlElement, name: str) -> str | None:
    """The content of a meta tag."""
    found = root.xpath(f"//meta[@name='{name}']/@content")
    return str(found[0]) if found else None


def test_html_is_valid(demo: Path) -> None:
    """Every page passes html-validate. Off are rules of style, and `tel-non-breaking`: a class keeps a number on its
    line, and a non-breaking hyphen copied into a telephone would not dial."""
    node = Path(sys.executable).with_name("node")
    program = HERE / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    if not program.is_file() or not (node.is_file() or shutil.which("node")):
        pytest.skip("no html-validate: run make test, which installs tests/site/node_modules")
    command = [
        str(node if node.is_file() else "node"),
        str(program),
        "--config",
        str(HERE / "htmlvalidate.json"),
        str(demo),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_internal_links_anchors_and_attachments_resolve(demo: Path) -> None:
    """No link of the site leads nowhere."""
    assert broken_links(demo, "https://www.kjt.example") == []


def test_required_meta_tags(pages: dict[str, html.HtmlElement]) -> None:
    """Site tags stand on every page; an article page has the column's and its own, PubDate to the minute."""
    for path, root in pages.items():
        for name in ("SiteName", "SiteDomain", "SiteIDCode"):
            assert meta(root, name), (path, name)
        if re.match(r"(entries|news|interpretations)/(?!page-)[^/]+/index.html", path) and not meta(root, "robots"):
            for name in (
                "ColumnName",
                "ColumnDescription",
                "ColumnKeywords",
                "ColumnType",
                "ArticleTitle",
                "ContentSource",
            ):
                assert meta(root, name), (path, name)
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", meta(root, "PubDate") or ""), path


def test_the_seven_items_of_the_foot(pages: dict[str, html.HtmlElement]) -> None:
    """The foot of every page carries them all."""
    for path, root in pages.items():
        (foot,) = root.xpath("//body//footer[contains(@class, 'site-footer')]")
        for words in FOOT:
            assert words in foot.text_content(), (path, words)


def test_one_heading_of_level_one_and_no_level_skipped(pages: dict[str, html.HtmlElement]) -> None:
    """The outline of every page is whole."""
    for path, root in pages.items():
        levels = [
            int(heading.tag[1]) for heading in root.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")
        ]
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (path, levels)


def test_the_platform_names_and_their_order(pages: dict[str, html.HtmlElement]) -> None:
    """政府信息公开 is one click from the home page, its five parts in the order of 国办公开办函〔2019〕61号."""
    assert pages["index.html"].xpath("//nav//a[normalize-space()='政府信息公开']/@href") == ["/disclosure/"]
    for path in ("disclosure/index.html", "entries/2024-keyan-jingfei-banfa/index.html"):
        (block,) = pages[path].xpath("//nav[@aria-label='政府信息公开']")
        text = block.text_content()
        names = ["政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开"]
        places = [text.index(name) for name in names]
        assert places == sorted(places), path


def test_no_page_is_blank(pages: dict[str, html.HtmlElement]) -> None:
    """A column without a record says that the office has nothing, and why (47号: no blank column)."""
    fees = pages["columns/shiyexing-shoufei/index.html"].text_content()
    assert "本机关无" in fees
    for path, root in pages.items():
        assert len("".join(root.xpath("//main")[0].text_content().split())) > 10, path


def test_no_inline_style_or_script(demo: Path) -> None:
    """The CSP allows neither, so there is none: no style attribute, no handler, no inline script."""
    for path in demo.rglob("*.html"):
        root = html.parse(str(path)).getroot()
        assert root.xpath("//*[@style] | //style | //script[not(@src)] | //@*[starts-with(name(), 'on')]") == [], path
