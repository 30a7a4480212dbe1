"""文号索引: every number on exactly one page, in the order in which people count, and nothing that is not public."""

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from site_model.making import LATER, WITHDRAWN, rich
from tiny import NOW, TinySite

from portal.build.engine import Prepared
from portal.pages.numbers import NumberListView, NumbersView, natural
from portal.pages.parts import View
from portal.records.types import DisclosureEntry
from portal.site.groups import VALIDITY_IDS
from portal.site.model import Validity


def _lists(prepared: Prepared) -> dict[str, NumberListView]:
    """The pages of numbers by path."""
    return {page.path: page.view for page in prepared.pages if isinstance(page.view, NumberListView)}


def _index(prepared: Prepared) -> NumbersView:
    (page,) = [page for page in prepared.pages if page.path == "numbers/index.html"]
    assert isinstance(page.view, NumbersView)
    return page.view


def _views(tiny: TinySite) -> dict[str, View]:
    return {page.path: page.view for page in tiny.portal().prepare(NOW).pages}


def test_every_entry_is_on_exactly_the_page_of_its_organ_and_year(planned: Prepared) -> None:
    """Each public entry's 索引号 and 文号 stand once on the whole index: on its organ's page of the year of 成文."""
    expected = Counter()
    for item in planned.site.entries:
        assert isinstance(item.record, DisclosureEntry)
        path = f"numbers/{item.publisher.id}/{item.record.formed.year}/index.html"
        expected[path, item.record.index_no, item.record.doc_no or "", item.url] += 1
    found = Counter(
        (path, row.index_no, row.doc_no, row.url) for path, view in _lists(planned).items() for row in view.rows
    )
    assert found == expected
    assert len({path for path, *_ in found}) == 3


def test_the_page_shows_what_the_view_holds(planned: Prepared) -> None:
    """In the HTML, too, each number is in the row of its document's link, the repealed one's with 废止 beside it."""
    for page in planned.pages:
        if isinstance(page.view, NumberListView):
            lines = html.fromstring(planned.theme.render(page)).xpath("//main//tbody/tr")
            assert len(lines) == len(page.view.rows)
            for line, row in zip(lines, page.view.rows, strict=True):
                assert line.xpath(".//a/@href") == [row.url]
                words = line.text_content()
                assert row.index_no in words
                assert row.doc_no in words
                assert row.badge is None or row.badge.text in words


def test_a_repealed_document_keeps_its_number_and_is_marked(planned: Prepared) -> None:
    """The number of a document that was repealed is still found, with its validity."""
    rows = [row for view in _lists(planned).values() for row in view.rows if row.doc_no == "试发〔2025〕1号"]
    assert [row.badge.tone for row in rows if row.badge] == [VALIDITY_IDS[Validity.REPEALED]]


def test_what_is_not_public_has_no_number_here(tiny: TinySite) -> None:
    """Drafts, scheduled and withdrawn entries are in no row, and an organ's year of theirs alone has no page and no link."""
    tiny.entry("shown", 索引号="TEST/2026-00001")
    for number, (name, state) in enumerate(
        [("draft", {"状态": "草稿"}), ("later", LATER), ("gone", WITHDRAWN)], start=2
    ):
        fields = {"索引号": f"TEST/2026-0000{number}", "发文字号": f"试发〔2026〕{number}号", **state}
        tiny.entry(name, **fields)
        fields |= {"索引号": f"TEST/2019-0000{number}", "发文字号": f"试发〔2019〕{number}号", "成文日期": "2019-05-01"}
        tiny.entry(f"{name}-old", **fields, 发布机构="试验院")
    tiny.news("n", 发布机构="试验院")
    prepared = tiny.portal().prepare(NOW)
    assert [[row.url for row in view.rows] for view in _lists(prepared).values()] == [["/entries/shown/"]]
    assert [(organ.name, [link.text for link in organ.years]) for organ in _index(prepared).organs] == [
        ("试验厅", ["2026年"])
    ]
    for page in prepared.pages:
        if page.path.startswith("numbers/"):
            rendered = prepared.theme.render(page).decode()
            assert "试发〔" not in rendered, page.path
            for number in (2, 3, 4):
                assert f"-0000{number}" not in rendered, page.path


def test_a_preview_marks_the_numbers_of_drafts(tiny: TinySite) -> None:
    """In a preview a draft's number is there, with the mark that the public cannot see it."""
    tiny.entry("draft", 状态="草稿")
    (row,) = next(iter(_lists(tiny.portal().prepare(NOW, preview=True)).values())).rows
    assert row.preview


def test_numbers_are_in_natural_order(tiny: TinySite) -> None:
    """2号 comes before 10号, last year's before this year's, 代字 as they are read; what has no 文号 follows by 索引号."""
    numbers = [
        "试发〔2026〕10号", "试规〔2026〕1号", "试发〔2026〕2号", None, "试发〔2025〕99号", "试办〔2026〕3号", None,
        "试验厅令第12号", "试发[2026]第3号", "试验厅令第9号", "试发办〔2026〕1号",
    ]  # fmt: skip
    for place, number in enumerate(numbers):
        # Newer documents have smaller numbers here: neither the order of writing nor of dates can pass for the order.
        tiny.entry(f"e{place:02d}", 发文字号=number, 索引号=f"TEST/2026-{len(numbers) - place:05d}")
    (view,) = _lists(tiny.portal().prepare(NOW)).values()
    assert [row.doc_no or row.index_no for row in view.rows] == [
        "试办〔2026〕3号", "试发〔2025〕99号", "试发〔2026〕2号", "试发[2026]第3号", "试发〔2026〕10号", "试发办〔2026〕1号",
        "试规〔2026〕1号", "试验厅令第9号", "试验厅令第12号", "TEST/2026-00005", "TEST/2026-00008",
    ]  # fmt: skip


@given(st.integers(1, 99999), st.integers(1, 99999), st.integers(1949, 2100), st.integers(1949, 2100))
def test_year_goes_before_serial_number(one: int, other: int, year: int, later: int) -> None:
    """Under one 代字 numbers are ordered by year and then by serial number, both as numbers."""
    before = natural(f"试发〔{year}〕{one}号") < natural(f"试发〔{later}〕{other}号")
    assert before == ((year, one) < (later, other))


def _filled(tmp_path: Path) -> TinySite:
    tiny = TinySite(tmp_path / "site")
    for year in (2021, 2024, 2026):
        tiny.entry(f"ting-{year}", 成文日期=f"{year}-03-01", 发布日期=f"{year}-03-05 09:30")
        tiny.entry(f"yuan-{year}", 成文日期=f"{year}-03-01", 发布日期=f"{year}-03-05 09:30", 发布机构="试验院")
    return tiny


def _changed(before: dict[str, View], after: dict[str, View]) -> set[str]:
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    return {path for path in changed if path.startswith(("numbers/", "themes/index", "search/", "messages/"))}


def test_a_new_record_changes_its_own_page_alone(tmp_path: Path) -> None:
    """Of all indexes, one more document of a year rewrites the page of its organ and year."""
    tiny = _filled(tmp_path)
    before = _views(tiny)
    tiny.entry("added", 成文日期="2024-06-01", 发布日期="2024-06-05 09:30", 发文字号="试发〔2024〕7号")
    assert _changed(before, _views(tiny)) == {"numbers/ting/2024/index.html"}


def test_an_organs_new_year_is_told_to_its_neighbours_alone(tmp_path: Path) -> None:
    """The first document of an organ's year changes /numbers/ and the years beside it, and no other organ's page. (The
    year as such is not new: it has its place on the search page.)"""
    tiny = _filled(tmp_path)
    tiny.news("n", 发布日期="2023-06-05 09:30")
    before = _views(tiny)
    tiny.entry("added", 成文日期="2023-06-01", 发布日期="2023-06-05 09:30")
    assert _changed(before, _views(tiny)) == {
        "numbers/index.html",
        "numbers/ting/2021/index.html",
        "numbers/ting/2023/index.html",
        "numbers/ting/2024/index.html",
    }


def test_what_a_row_does_not_show_does_not_change_the_page(tmp_path: Path) -> None:
    """The view is narrow: another summary, keyword or text leaves the page of numbers as it is."""
    tiny = _filled(tmp_path)
    tiny.entry("edited", 索引号="TEST/2026-00077")
    before = _views(tiny)
    tiny.entry("edited", "另一正文。", 索引号="TEST/2026-00077", 内容概述="另一概述。", 关键词=["新词"])
    assert _changed(before, _views(tiny)) == set()


def test_years_lead_to_the_nearest_years_that_there_are(tmp_path: Path) -> None:
    """上一年 and 下一年 skip years without documents, stay with the organ, and end where there are no more."""
    lists = _lists(_filled(tmp_path).portal().prepare(NOW))
    around = {
        path: (view.earlier.url if view.earlier else "", view.later.url if view.later else "")
        for path, view in lists.items()
        if "/ting/" in path
    }
    assert around == {
        "numbers/ting/2021/index.html": ("", "/numbers/ting/2024/"),
        "numbers/ting/2024/index.html": ("/numbers/ting/2021/", "/numbers/ting/2026/"),
        "numbers/ting/2026/index.html": ("/numbers/ting/2024/", ""),
    }


def test_organs_are_listed_as_the_office_lists_them(tmp_path: Path) -> None:
    """/numbers/ has the organs in the order of organs.yaml, each with its years, newest first; each link is a page, and
    each page leads back to its organ there."""
    prepared = _filled(tmp_path).portal().prepare(NOW)
    index = _index(prepared)
    assert [organ.name for organ in index.organs] == ["试验厅", "试验院"]
    linked = [link.url for organ in index.organs for link in organ.years]
    assert linked[:3] == ["/numbers/ting/2026/", "/numbers/ting/2024/", "/numbers/ting/2021/"]
    lists = _lists(prepared)
    assert {f"{url.strip('/')}/index.html" for url in linked} == set(lists)
    (page,) = [page for page in prepared.pages if page.path == "numbers/index.html"]
    anchors = {f"/numbers/#{anchor}" for anchor in html.fromstring(prepared.theme.render(page)).xpath("//main//@id")}
    assert {view.years for view in lists.values()} <= anchors


def test_the_year_is_that_of_the_document(tiny: TinySite) -> None:
    """An old document recorded today is on the page of the year in which it was made."""
    tiny.entry("old", 成文日期="2019-05-01", 发布日期="2026-06-01 09:30")
    assert set(_lists(tiny.portal().prepare(NOW))) == {"numbers/ting/2019/index.html"}


def test_a_document_under_an_organs_former_name_is_with_the_organ(tiny: TinySite) -> None:
    """What an organ's predecessor issued is on the page of the organ that it has become."""
    tiny.entry("former", 发布机构="试验委员会")
    assert set(_lists(tiny.portal().prepare(NOW))) == {"numbers/ting/2026/index.html"}


def test_the_index_is_there_without_any_entry(tiny: TinySite) -> None:
    """A site without entries has the index, which says that there is nothing."""
    tiny.news("n")
    prepared = tiny.portal().prepare(NOW)
    assert _lists(prepared) == {}
    (page,) = [page for page in prepared.pages if page.path == "numbers/index.html"]
    assert "暂无信息" in prepared.theme.render(page).decode()


def test_no_count_stands_on_the_index(tmp_path: Path) -> None:
    """The rich site builds, and /numbers/ says nothing of how many there are."""
    prepared = rich(TinySite(tmp_path / "site")).portal().prepare(NOW)
    assert all(link.note == "" for organ in _index(prepared).organs for link in organ.years)
