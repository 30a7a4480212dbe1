"""The machine-readable catalogue equals what the pages show; CSV, JSON and JSON-LD read back by others' readers."""

import csv
import io
import json
import warnings
from typing import Any

import pytest
from lxml import html
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, XSD
from site_model.making import WITHDRAWN, entry, news, vocabulary
from tiny import NOW, TinySite

from outputs.making import made_by
from portal.build.engine import Prepared
from portal.outputs import catalogue
from portal.outputs.catalogue import CSV_COLUMNS, by_year, plan, record_data
from portal.records.types import Record, StandingPage
from portal.site.model import Item, Site
from portal.site.resolve import resolve

BASE = "https://www.test.example"
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")


def _site(*records: Record) -> Site:
    resolution = resolve(records, vocabulary(), {}, NOW)
    assert not resolution.problems
    return resolution.site


def _rows(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def made(rich_site: Site) -> dict[str, bytes]:
    """Every file of the rich site's catalogue."""
    return made_by(plan(rich_site))


def test_the_csv_opens_right_in_a_spreadsheet(rich_site: Site, made: dict[str, bytes]) -> None:
    """Each year's CSV has a byte-order mark, CRLF, one header, and a line for each record of the year."""
    for year, items in by_year(rich_site).items():
        rows = _rows(made[f"data/catalog-{year}.csv"])
        assert tuple(rows[0]) == CSV_COLUMNS
        assert [row["网址"] for row in rows] == [BASE + item.url for item in items]
        assert all(len(row) == len(CSV_COLUMNS) and None not in row.values() for row in rows)
    assert CSV_COLUMNS[:4] == ("索引号", "名称", "内容概述", "生成日期")  # 条例 art. 12


@pytest.mark.parametrize("start", "=+-@＝＋－＠﹦﹢﹣﹫")
def test_no_cell_runs_as_a_formula(start: str) -> None:
    """A title, summary or keyword that begins as a formula is shown as text; nothing else of it changes."""
    poison = f'{start}HYPERLINK("https://evil.example","点")'
    record = entry("a", 1, title=poison, summary=poison, keywords=(poison, "乙"))
    (row,) = _rows(made_by(plan(_site(record)))["data/catalog-2026.csv"])
    assert row["名称"] == row["内容概述"] == "'" + poison
    assert row["关键词"] == f"'{poison}；乙"


@pytest.mark.parametrize("start", [" =", "　＝", "\t=", "\u00a0+", "\r\n＠", "\t", "\r", "\n"])
def test_no_cell_hides_a_formula_behind_white_space(start: str) -> None:
    """The reader folds white space away; a cell that has it all the same is guarded, and not changed otherwise."""
    assert catalogue._cell(f"{start}1") == f"'{start}1"
    assert catalogue._cell("") == ""
    assert catalogue._cell("　甲=1") == "　甲=1"


def test_a_record_is_told_once_for_all_files(rich_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data of a record are made once a build, however many files hold them."""
    told: list[object] = []

    def counting(site: Site, item: Item) -> dict[str, Any]:
        told.append(item.key)
        return record_data(site, item)

    monkeypatch.setattr(catalogue, "record_data", counting)
    made_by(plan(rich_site))
    assert sorted(told) == sorted(rich_site.items)


def test_commas_quotes_and_full_width_signs_come_through() -> None:
    """What CSV must quote is quoted, and nothing is escaped that is no formula."""
    title = 'A,"B"；＝C 1-2'
    (row,) = _rows(made_by(plan(_site(news("n", title=title))))["data/catalog-2026.csv"])
    assert row["名称"] == title


def _meta(tiny: TinySite, url: str) -> dict[str, html.HtmlElement]:
    root = html.fromstring(tiny.html(url))
    return {div.find("dt").text_content().strip(): div.find("dd") for div in root.xpath("//article//dl/div")}


def _text(cell: html.HtmlElement) -> str:
    return " ".join(cell.text_content().replace("\u200b", "").split())


def _moment(cell: html.HtmlElement) -> str:
    return str(cell.xpath(".//time/@datetime")[0])


ENTRIES = ["guiding", "old", "amended", "expired", "future", "on-request", "closed", "version-2", "report"]


@pytest.mark.parametrize("name", ENTRIES)
def test_json_and_csv_of_a_document_are_what_its_page_shows(
    rich_built: tuple[TinySite, Prepared], made: dict[str, bytes], name: str
) -> None:
    """Field by field, the metadata table, the JSON beside it and the CSV say the same."""
    tiny, _ = rich_built
    data = json.loads(made[f"entries/{name}/index.json"])
    meta = _meta(tiny, f"/entries/{name}/")
    rows = {row["网址"]: row for path, raw in made.items() if path.endswith(".csv") for row in _rows(raw)}
    row = rows[data["url"]]
    shown = {
        "index_no": _text(meta["索引号"]),
        "doc_no": _text(meta["发文字号"]).replace("无", ""),
        "publisher": _text(meta["发布机构"]),
        "genre": _text(meta["体裁分类"]),
        "formed": _moment(meta["成文日期"]),
        "date": _moment(meta["发布日期"]),
        "effective": _moment(meta["施行日期"]) if "施行日期" in meta else "",
        "expires": _moment(meta["失效日期"]) if "失效日期" in meta else "",
        "column": _text(meta["公开栏目"]),
        "access": _text(meta["公开方式"]),
        "validity": _text(meta["有效性"]) if "有效性" in meta else "",
        "summary": _text(meta["内容概述"]),
        "author": _text(meta["作者"]) if "作者" in meta else "",
        "editor": _text(meta["责任编辑"]) if "责任编辑" in meta else "",
        "access_basis": _text(meta["公开依据"]) if "公开依据" in meta else "",
    }
    for field, value in shown.items():
        assert data.get(field, "") == value, field
    assert data["themes"] == [link.text_content() for link in meta["主题分类"].findall("a")]
    assert data.get("keywords", []) == (_text(meta["关键词"]).split("、") if "关键词" in meta else [])
    columns = {
        "索引号": "index_no", "内容概述": "summary", "生成日期": "formed", "发文字号": "doc_no", "体裁分类": "genre", "栏目": "column",
        "发布机构": "publisher", "施行日期": "effective", "失效日期": "expires", "有效性": "validity", "公开方式": "access",
    }  # fmt: skip
    for column, field in columns.items():
        assert row[column] == shown[field], column
    assert row["发布日期"] == _text(meta["发布日期"]) == data["date"][:16].replace("T", " ")
    root = html.fromstring(tiny.html(f"/entries/{name}/"))
    assert data["title"] == row["名称"] == root.xpath("//article//h1")[0].text_content().strip()
    files_shown = root.xpath("//section[contains(@class,'attachments')]//li")
    assert [BASE + li.xpath(".//a/@href")[0] for li in files_shown] == [a["url"] for a in data.get("attachments", [])]
    for li, attachment in zip(files_shown, data.get("attachments", []), strict=True):
        assert attachment["title"] in li.text_content()
        assert attachment["sha256"] in li.text_content()
    page = root.text_content()
    for line in (*data.get("history", []), *(correction["note"] for correction in data.get("corrections", []))):
        assert line in page
    linked = {str(link) for link in root.xpath("//div[@class='after']//a/@href")}
    relations = (
        "repeals",
        "amends",
        "replaces",
        "repealed_by",
        "amended_by",
        "replaced_by",
        "interpreted_by",
        "cites",
        "cited_by",
    )
    told = {other["url"].removeprefix(BASE) for relation in relations for other in data.get(relation, [])}
    assert linked == told


def test_the_validity_of_a_replaced_version_is_the_pages(
    rich_built: tuple[TinySite, Prepared], made: dict[str, bytes]
) -> None:
    """有效性 of a replaced version is one word, on its page, in its JSON and in the search table alike."""
    tiny, _ = rich_built
    shown = _text(_meta(tiny, "/entries/version-1/")["有效性"])
    assert json.loads(made["entries/version-1/index.json"])["validity"] == shown


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/news/pictured/", {"channel": "新闻发布会", "spokesperson": "丙"}),
        ("/news/reprint/", {"channel": "回应关切", "source": "某报", "source_url": "https://paper.example/a"}),
        ("/interpretations/why-2/", {"form": "问答", "interpreter": "丁"}),
        ("/pages/zhinan/", {"position": "公开指南"}),
    ],
)
def test_the_json_of_the_other_kinds_is_what_their_pages_show(
    rich_built: tuple[TinySite, Prepared], made: dict[str, bytes], url: str, fields: dict[str, str]
) -> None:
    """News, interpretations and standing pages have their own fields beside them, as their pages show them."""
    tiny, _ = rich_built
    data = json.loads(made[f"{url.strip('/')}/index.json"])
    text = tiny.html(url)
    assert {name: data[name] for name in fields} == fields
    for value in (data["title"], *(value for name, value in fields.items() if name != "position")):
        assert value in text
    assert data["url"] == BASE + url


def test_a_picture_is_in_the_json_of_its_release(made: dict[str, bytes]) -> None:
    """The picture that a release's page shows, with its text alternative, is in the JSON, too."""
    assert "会场" in made["news/pictured/index.json"].decode()


def test_the_years_json_holds_every_record_of_the_year(rich_site: Site, made: dict[str, bytes]) -> None:
    """A year's JSON lists each record as the JSON beside its page has it, but for the text."""
    for year, items in by_year(rich_site).items():
        listed = json.loads(made[f"data/catalog-{year}.json"])
        assert listed["year"] == year
        own = [json.loads(made[f"{item.url.strip('/')}/index.json"]) for item in items]
        for data in own:
            data.pop("text", None)
        assert listed["records"] == own


def test_every_public_record_is_in_one_year(rich_site: Site) -> None:
    """The years together hold each record once, entries under the year of 成文, and no standing page."""
    keys = [item.key for items in by_year(rich_site).values() for item in items]
    assert sorted(keys) == sorted(k for k, item in rich_site.items.items() if not isinstance(item.record, StandingPage))
    assert ("entry", "version-1") in {item.key for item in by_year(rich_site)[2024]}


def test_the_index_leads_to_every_year(made: dict[str, bytes]) -> None:
    """The index names each year with its number of records, its latest change and three files that are there."""
    index = json.loads(made["data/catalog.json"])
    for year in index["years"]:
        records = json.loads(made[f"data/catalog-{year['year']}.json"])["records"]
        assert year["records"] == len(records)
        assert year["modified"] == max(record["modified"] for record in records)
        for form in ("csv", "json", "jsonld"):
            assert year[form].removeprefix(f"{BASE}/") in made
    assert {f"data/catalog-{year['year']}.csv" for year in index["years"]} == {p for p in made if p.endswith(".csv")}


def test_the_data_page_counts_as_the_index_does(rich_built: tuple[TinySite, Prepared], made: dict[str, bytes]) -> None:
    """开放数据 shows the same years and numbers as the index, newest year first."""
    tiny, _ = rich_built
    rows = html.fromstring(tiny.html("/data/")).xpath("//main//tbody/tr")
    shown = [(_text(row.find("th")).rstrip("年"), _text(row.findall("td")[0])) for row in rows]
    index = json.loads(made["data/catalog.json"])["years"]
    assert shown == [(str(year["year"]), str(year["records"])) for year in reversed(index)]


def test_a_tombstones_json_has_four_things(made: dict[str, bytes]) -> None:
    """Beside a tombstone stands its address, 索引号, 撤回日期 and 撤回原因, and no more."""
    data = json.loads(made["entries/gone/index.json"])
    assert set(data) == {"url", "index_no", "withdrawn_on", "withdrawn_reason"}
    assert set(json.loads(made["news/gone/index.json"])) == {"url", "withdrawn_on", "withdrawn_reason"}


def test_withdrawn_records_are_in_no_year(tiny: TinySite) -> None:
    """A withdrawn record is in no year's file; a year of withdrawn records alone has none."""
    tiny.news("keep")
    tiny.entry("gone", 成文日期="2019-01-01", **WITHDRAWN)
    made = made_by(plan(tiny.resolve().site))
    assert {path for path in made if path.startswith("data/")} == {
        "data/catalog.json", "data/catalog-2026.csv", "data/catalog-2026.json", "data/catalog-2026.jsonld",
    }  # fmt: skip
    assert b"gone" not in b"".join(data for path, data in made.items() if path.startswith("data/"))


@pytest.fixture(scope="module")
def graph(made: dict[str, bytes]) -> Graph:
    """All years' JSON-LD as one graph."""
    found = Graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own parser uses a class that it deprecates
        for path, data in made.items():
            if path.endswith(".jsonld"):
                found.parse(data=data.decode(), format="json-ld")
    return found


def test_every_record_is_a_resource(rich_site: Site, graph: Graph) -> None:
    """Each record of the catalogue is one dcat:Resource with title, identifier, publisher and dates."""
    subjects = set(graph.subjects(RDF.type, DCAT.Resource))
    assert subjects == {URIRef(BASE + item.url) for items in by_year(rich_site).values() for item in items}
    for subject in subjects:
        assert graph.value(subject, DCTERMS.title).language.lower() == "zh-cn"
        assert graph.value(subject, DCTERMS.identifier)
        assert graph.value(graph.value(subject, DCTERMS.publisher), FOAF.name)
        for term in (DCTERMS.issued, DCTERMS.modified):
            moment = graph.value(subject, term)
            assert moment.datatype == XSD.dateTime
            assert moment.toPython().utcoffset() is not None


def test_a_document_has_the_triples_of_its_page(rich_site: Site, graph: Graph) -> None:
    """索引号, 文号, 有效性, 成文日期, 附件 and the relations are where DCAT-readers look for them."""
    subject, old = URIRef(f"{BASE}/entries/guiding/"), URIRef(f"{BASE}/entries/old/")
    record: Any = rich_site.items["entry", "guiding"].record
    expected = {
        (subject, DCTERMS.identifier, Literal(record.index_no)),
        (subject, DCTERMS.title, Literal("新办法", lang="zh-CN")),
        (subject, DCTERMS.description, Literal("概述。")),
        (subject, DCTERMS.created, Literal("2026-03-01", datatype=XSD.date)),
        (subject, DCTERMS.issued, Literal("2026-03-05T09:30:00+08:00", datatype=XSD.dateTime)),
        (subject, DCTERMS.modified, Literal("2026-05-20T15:00:00+08:00", datatype=XSD.dateTime)),
        (subject, DCTERMS.type, Literal("办法")),
        (subject, DCAT.theme, Literal("科技、教育/科技")),
        (subject, DCAT.keyword, Literal("项目")),
        (subject, DCAT.keyword, Literal("管理")),
        (subject, ADMS.identifier, Literal("试发〔2026〕1号")),
        (subject, ADMS.status, Literal("有效")),
        (subject, DCTERMS.replaces, old),
        (subject, DCTERMS.references, old),
        (subject, DCTERMS.isReferencedBy, URIRef(f"{BASE}/interpretations/why-2/")),
        (subject, DCTERMS.isReferencedBy, URIRef(f"{BASE}/news/reprint/")),
        (old, DCTERMS.isReplacedBy, subject),
        (old, DCTERMS.isReferencedBy, subject),
        (old, ADMS.status, Literal("废止")),
    }
    assert expected <= set(graph)
    named = rich_site.items["entry", "guiding"].attachments
    found = {}
    for node in graph.objects(subject, DCAT.distribution):
        assert (node, RDF.type, DCAT.Distribution) in graph
        checksum = graph.value(graph.value(node, SPDX.checksum), SPDX.checksumValue)
        found[str(graph.value(node, DCAT.downloadURL))] = (
            str(graph.value(node, DCTERMS.title)), graph.value(node, DCAT.byteSize).toPython(), str(checksum),
        )  # fmt: skip
    assert found == {BASE + each.file.url: (each.title, each.file.size, each.file.sha256) for each in named}


def test_the_graph_has_no_absent_values(graph: Graph) -> None:
    """What a record lacks is left out: no null, no empty literal."""
    assert not [triple for triple in graph if isinstance(triple[2], Literal) and not str(triple[2])]


def _changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {path for path in before | after if before.get(path) != after.get(path)}


def test_one_edit_changes_its_year_its_own_file_and_no_other(tiny: TinySite) -> None:
    """Editing a record's text rewrites the JSON beside it; editing its summary its year's files, too, and no other's."""
    for year in ("2024", "2025", "2026"):
        for name in ("a", "b"):
            tiny.entry(
                f"{name}{year}",
                成文日期=f"{year}-01-01",
                发布日期=f"{year}-01-05 09:00",
                索引号=f"TEST/{year}-0000{'ab'.index(name)}",
            )
    before = made_by(plan(tiny.resolve().site))
    fields = {"成文日期": "2025-01-01", "发布日期": "2025-01-05 09:00", "索引号": "TEST/2025-00000"}
    tiny.entry("a2025", "另一正文。", **fields)
    assert _changed(before, made_by(plan(tiny.resolve().site))) == {"entries/a2025/index.json"}
    year = {f"data/catalog-2025.{form}" for form in ("csv", "json", "jsonld")}
    tiny.entry("a2025", **fields, 内容概述="另一概述。")
    assert _changed(before, made_by(plan(tiny.resolve().site))) == {"entries/a2025/index.json", *year}
    tiny.entry("a2025", **fields, 更正说明=[{"日期": "2026-02-01 09:00", "说明": "改"}])
    changed = _changed(before, made_by(plan(tiny.resolve().site)))
    assert changed <= {"entries/a2025/index.json", "data/catalog.json", *year}
    assert "data/catalog.json" in changed


def test_the_written_files_are_those(rich_built: tuple[TinySite, Prepared], made: dict[str, bytes]) -> None:
    """The build writes exactly these bytes, and every page names the JSON beside it."""
    tiny, prepared = rich_built
    for path, data in made.items():
        assert (tiny.output / path).read_bytes() == data
    for item in prepared.site.items.values():
        links = html.fromstring(tiny.html(item.url)).xpath("//link[@type='application/json']/@href")
        assert links == [f"{item.url}index.json"]


def test_json_is_readable_and_ends_with_a_newline(made: dict[str, bytes]) -> None:
    """JSON keeps Chinese as it is, so that people can read it and diffs are small."""
    for path, data in made.items():
        if path.endswith(("json", "jsonld")):
            assert data.endswith(b"}\n")
            assert b"\\u" not in data
