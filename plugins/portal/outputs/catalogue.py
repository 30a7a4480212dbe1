"""The machine-readable catalogue: CSV, JSON and DCAT JSON-LD, one file a year and an index; a JSON beside each record.

What they hold equals what the pages show (条例 art. 24: search, view and download).
"""

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from portal import clock, signals
from portal.build.made import Made
from portal.pages.parts import Shared
from portal.records.types import DisclosureEntry, Interpretation, PressRelease, StandingPage
from portal.site.model import Item, Key, Site, Tombstone
from portal.value import Value


class Row(Value, frozen=True):
    """A record in the files of its year: what is told of it, but for its text, which stands beside its page."""

    label: str
    published: datetime
    modified: datetime
    data: dict[str, Any]


class Rows(Shared, frozen=True):
    """The records of a year, in each of its files, oldest first."""

    oldest_first: tuple[Row, ...]


class Year(Value, frozen=True):
    """A year of the catalogue."""

    year: int
    rows: Rows


INDEX = "data/catalog.json"

CSV_COLUMNS = (
    "索引号", "名称", "内容概述", "生成日期", "类型", "发文字号", "体裁分类", "栏目", "主题分类", "发布机构", "发布日期",
    "施行日期", "失效日期", "有效性", "公开方式", "关键词", "网址",
)  # fmt: skip
"""The four that 条例 art. 12 asks for come first."""

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "adms": "http://www.w3.org/ns/adms#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def record_data(site: Site, item: Item) -> dict[str, Any]:
    """A record as JSON: what its page shows, with absolute addresses; absent fields are left out. Its text is still to be
    read."""
    base = site.vocabulary.identity.url
    record = item.record
    first = _minute(record.first_public)

    def references(keys: tuple[Key, ...]) -> list[dict[str, str]]:
        if not keys:
            return []
        return [
            {"title": site.items[key].record.title, "url": base + site.items[key].url}
            for key in keys
            if key in site.items
        ]

    data: dict[str, Any] = {
        "url": base + item.url,
        "kind": record.kind,
        "id": record.id,
        "title": record.title,
        "summary": record.summary,
        "date": first,
        "modified": first if record.modified is record.first_public else _minute(record.modified),
        "publisher": item.publisher.name,
        "source": record.source,
        "source_url": record.source_url,
        "author": record.author,
        "editor": record.editor,
        "themes": [theme.full for theme in item.themes],
        "keywords": list(record.keywords),
        "attachments": [
            {
                "title": named.title,
                "url": base + named.file.url,
                "type": named.file.media_type,
                "bytes": named.file.size,
                "sha256": named.file.sha256,
            }
            for named in item.attachments
        ],
        "corrections": [{"on": _minute(c.on), "note": c.note} for c in record.corrections],
        "text": item.body.source,
        "cited_by": references(item.related.cited_by),
    }
    match record:
        case DisclosureEntry():
            assert item.genre is not None
            assert item.column is not None
            data |= {
                "index_no": record.index_no,
                "doc_no": record.doc_no,
                "genre": item.genre.name,
                "column": item.column.name,
                "formed": record.formed.isoformat(),
                "effective": record.effective.isoformat() if record.effective else None,
                "expires": record.expires.isoformat() if record.expires else None,
                "validity": item.standing.label if item.standing else None,
                "access": record.access.value,
                "access_basis": record.access_basis,
                "late_reason": record.late_reason,
                "history": list(record.history),
                "repeals": references(item.related.repeals),
                "amends": references(item.related.amends),
                "replaces": references(item.related.replaces),
                "repealed_by": references(item.related.repealed_by),
                "amended_by": references(item.related.amended_by),
                "replaced_by": references(item.related.replaced_by),
                "interpreted_by": references(item.related.interpreted_by),
                "cites": references(item.related.cites),
            }
        case PressRelease():
            image = {"url": base + item.image.file.url, "alt": item.image.title} if item.image else None
            data |= {"channel": record.channel.value, "spokesperson": record.spokesperson, "image": image}
        case Interpretation():
            data |= {
                "interprets": references(item.related.interprets),
                "form": record.form.value,
                "interpreter": record.interpreter,
            }
        case StandingPage():
            data |= {"position": record.position.value}
    return {name: value for name, value in data.items() if value}


def tombstone_data(site: Site, stone: Tombstone) -> dict[str, Any]:
    """Of a withdrawn record: address, 索引号, 撤回日期, 撤回原因, and nothing else."""
    data = {
        "url": site.vocabulary.identity.url + stone.url,
        "index_no": stone.index_no,
        "withdrawn_on": _minute(stone.withdrawn_on),
        "withdrawn_reason": stone.reason,
    }
    return {name: value for name, value in data.items() if value is not None}


def by_year(site: Site) -> dict[int, list[Item]]:
    """The records of the catalogue by year, oldest first; standing pages are not in it."""
    years: dict[int, list[Item]] = {}
    for item in sorted(site.items.values(), key=lambda item: (item.record.first_public, item.key)):
        if not isinstance(item.record, StandingPage):
            years.setdefault(item.record.year, []).append(item)
    return dict(sorted(years.items()))


def to_json(value: object) -> bytes:
    """JSON with stable bytes, readable Chinese and a final newline."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def to_csv(year: Year) -> bytes:
    """A table that Excel opens right: UTF-8 with a byte-order mark, CRLF, no cell that it takes for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for row in year.rows.oldest_first:
        data = row.data
        cells = [
            data.get("index_no"), data["title"], data.get("summary"), data.get("formed"), row.label,
            data.get("doc_no"), data.get("genre"), data.get("column"), "；".join(data.get("themes", [])),
            data["publisher"], clock.format_minute(row.published), data.get("effective"),
            data.get("expires"), data.get("validity"), data.get("access"), "；".join(data.get("keywords", [])),
            data["url"],
        ]  # fmt: skip
        writer.writerow([_cell(value or "") for value in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(text: str) -> str:
    """A leading = + - @ would run as a formula in a spreadsheet; an apostrophe shows it as text.

    So would its full-width form in a Chinese Excel, and one behind white space, which importing trims. NFKC is what
    makes a full-width sign the plain one.
    """
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return "'" + text if first in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r", "\n"} else text


def to_dcat(year: Year) -> bytes:
    """The records of a year as DCAT: 索引号→dct:identifier, 有效性→adms:status, 附件→dcat:distribution, and so on."""
    return to_json({"@context": _CONTEXT, "@graph": [_dataset(row) for row in year.rows.oldest_first]})


def _dataset(row: Row) -> dict[str, Any]:
    data = row.data

    def day(value: str) -> dict[str, str]:
        return {"@value": value, "@type": "xsd:date"}

    def moment(value: str) -> dict[str, str]:
        return {"@value": value + ":00" if len(value) == 16 else value, "@type": "xsd:dateTime"}

    dataset: dict[str, Any] = {
        "@id": data["url"],
        "@type": "dcat:Resource",
        "dct:identifier": data.get("index_no") or data["url"],
        "dct:title": {"@value": data["title"], "@language": "zh-CN"},
        "dct:description": data.get("summary"),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": data["publisher"]},
        "dct:issued": moment(row.published.isoformat()),
        "dct:modified": moment(row.modified.isoformat()),
        "dct:created": day(data["formed"]) if "formed" in data else None,
        "dct:type": data.get("genre") or row.label,
        "dcat:theme": data.get("themes"),
        "dcat:keyword": data.get("keywords"),
        "adms:identifier": data.get("doc_no"),
        "adms:status": data.get("validity"),
        "dct:isReplacedBy": _links([*data.get("replaced_by", []), *data.get("repealed_by", [])]),
        "dct:replaces": _links([*data.get("replaces", []), *data.get("repeals", [])]),
        "dct:isReferencedBy": _links([*data.get("interpreted_by", []), *data.get("cited_by", [])]),
        "dct:references": _links([*data.get("cites", []), *data.get("interprets", [])]),
        "dcat:landingPage": {"@id": data["url"]},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": attachment["title"],
                "dcat:downloadURL": {"@id": attachment["url"]},
                "dcat:mediaType": attachment["type"],
                "dcat:byteSize": attachment["bytes"],
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": attachment["sha256"],
                },
            }
            for attachment in data.get("attachments", [])
        ],
    }
    return {name: value for name, value in dataset.items() if value not in (None, [], "")}


def _links(references: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"@id": reference["url"]} for reference in references]


def record_json(data: dict[str, Any]) -> bytes:
    """A record's own file."""
    return to_json(data | {"text": data["text"].markdown} if "text" in data else data)


def year_json(year: Year) -> bytes:
    """The records of a year."""
    return to_json({"year": year.year, "records": [row.data for row in year.rows.oldest_first]})


def plan(site: Site) -> Iterator[Made]:
    """Every file of the catalogue."""
    told = {item.key: record_data(site, item) for item in site.items.values()}
    for item in site.items.values():
        yield Made(f"{item.url.strip('/')}/index.json", record_json, told[item.key])
    for stone in site.tombstones:
        yield Made(f"{stone.url.strip('/')}/index.json", to_json, tombstone_data(site, stone))
    identity = site.vocabulary.identity
    index = []
    for year, items in by_year(site).items():
        name = f"data/catalog-{year}"
        rows = tuple(
            Row(item.record.label, item.record.first_public, item.record.modified, _listed(told[item.key]))
            for item in items
        )
        whole = Year(year, Rows(rows))
        yield Made(f"{name}.json", year_json, whole)
        yield Made(f"{name}.csv", to_csv, whole)
        yield Made(f"{name}.jsonld", to_dcat, whole)
        forms = {form: f"{identity.url}/{name}.{form}" for form in ("csv", "json", "jsonld")}
        newest = max(row.modified for row in rows)
        index.append({"year": year, "records": len(items), "modified": _minute(newest), **forms})
    yield Made(
        INDEX, to_json, {"publisher": identity.organ, "title": identity.name, "url": identity.url, "years": index}
    )


def _listed(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "text"}


def register() -> None:
    """Pelican's entry."""
    signals.files_planned.connect(_plan)


def _plan(build: signals.Build, *, site: Site, files: list[Made]) -> None:
    with build.timings.stage("数据"):
        files += plan(site)
