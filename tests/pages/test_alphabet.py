"""主题拼音索引: each theme under the letter that it is read with."""

import pytest
from lxml import html
from site_model.making import WITHDRAWN
from tiny import NOW, TinySite

from portal.build.engine import Prepared
from portal.pages.alphabet import OTHER, AlphabetView, by_sound, initial


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("科技", "K"),
        ("重庆", "C"), ("重大项目", "Z"),
        ("长江", "C"), ("长者服务", "Z"),
        ("行业标准", "H"), ("行政", "X"),
        ("会计", "K"), ("会议", "H"),
        ("调查研究", "D"), ("调整", "T"),
        ("参事、文史", "C"),
        ("“双创”", "S"), ("《条例》解读", "T"), ("（原）林业", "Y"),
        ("GB标准", "G"), ("ｅ政务", "E"),
        ("5G应用", OTHER), ("αβ", OTHER), ("——", OTHER),
    ],
)  # fmt: skip
def test_a_name_is_found_under_the_letter_it_is_read_with(name: str, letter: str) -> None:
    """A character of several readings is read as its word says; marks before the name are passed over."""
    assert initial(name) == letter


def test_names_are_ordered_as_they_are_read() -> None:
    """Within a letter the order is by syllables: 科技 before 科研, a shorter name before those that begin with it."""
    names = ["科研平台", "会计", "科技、教育", "科技奖励", "科技", "科研"]
    assert sorted(names, key=by_sound) == ["科技", "科技奖励", "科技、教育", "科研", "科研平台", "会计"]


THEMES = """\
- 编号: chang
  名称: 长江保护
  下级:
  - {编号: hang, 名称: 行业标准}
  - {编号: qita-a, 名称: 综合}
- 编号: xing
  名称: 行政管理
  下级:
  - {编号: qita-b, 名称: 综合}
  - {编号: none, 名称: 安全}
  - {编号: wu-g, 名称: 5G应用}
"""


def _plan(tiny: TinySite) -> tuple[Prepared, AlphabetView, html.HtmlElement]:
    prepared = tiny.portal().prepare(NOW)
    (page,) = [page for page in prepared.pages if page.path == "themes/index.html"]
    assert isinstance(page.view, AlphabetView)
    return prepared, page.view, html.fromstring(prepared.theme.render(page))


def _filled(tiny: TinySite) -> TinySite:
    tiny.write("catalog/themes.yaml", THEMES)
    tiny.entry("a", 主题分类=["行业标准", "长江保护/综合"])
    tiny.news("b", 主题分类=["行政管理/综合"])
    tiny.news("c", 主题分类=["5G应用"])
    tiny.news("gone", 主题分类=["安全"], **WITHDRAWN)
    return tiny


def test_themes_with_members_stand_under_their_letters(tiny: TinySite) -> None:
    """A to Z, then the others; a subtheme with what it stands under, and two of one name apart; a theme of withdrawn
    records alone is not there. Each leads to its list."""
    prepared, view, _ = _plan(_filled(tiny))
    found = [(letter.name, [(t.text, t.note, t.url) for t in letter.themes]) for letter in view.letters]
    assert found == [
        ("C", [("长江保护", "", "/themes/chang/")]),
        ("H", [("行业标准", "长江保护", "/themes/hang/")]),
        ("X", [("行政管理", "", "/themes/xing/")]),
        ("Z", [("综合", "行政管理", "/themes/qita-b/"), ("综合", "长江保护", "/themes/qita-a/")]),
        ("其他", [("5G应用", "行政管理", "/themes/wu-g/")]),
    ]
    paths = {f"/{page.path.removesuffix('index.html')}" for page in prepared.pages}
    assert {theme.url for letter in view.letters for theme in letter.themes} <= paths


def test_only_letters_that_have_themes_are_links(tiny: TinySite) -> None:
    """The bar shows A to Z; those with themes lead to their heading on the page, the others are no links."""
    _, view, root = _plan(_filled(tiny))
    assert "".join(link.text for link in view.bar) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ其他"
    links = root.xpath("//nav[@aria-label='拼音首字母']//a")
    assert [link.text_content() for link in links] == ["C", "H", "X", "Z", "其他"]
    for link in links:
        (heading,) = root.xpath(f"//h2[@id='{link.get('href').removeprefix('#')}']")
        assert heading.text_content() == link.text_content()


def test_a_record_more_of_a_theme_changes_nothing(tiny: TinySite) -> None:
    """There are no counts: the index changes when a theme gets its first record, and then only."""
    _, before, _ = _plan(_filled(tiny))
    tiny.news("more", 主题分类=["行业标准"])
    assert _plan(tiny)[1] == before
    tiny.news("first", 主题分类=["安全"])
    after = _plan(tiny)[1]
    assert [letter.name for letter in after.letters] == ["A", "C", "H", "X", "Z", "其他"]


def test_a_site_without_themes_has_the_page(tiny: TinySite) -> None:
    """Without any theme in use there is no bar of dead letters, and the page says that there is nothing."""
    tiny.news("n")
    _, view, root = _plan(tiny)
    assert (view.bar, view.letters) == ((), ())
    assert "暂无信息" in root.xpath("//main")[0].text_content()
