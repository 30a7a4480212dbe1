"""The site map for machines: valid, complete, true dates; robots.txt."""

from dataclasses import replace

import pytest
from lxml import etree, html
from site_model.making import WITHDRAWN
from tiny import TinySite

from outputs.making import made_by
from portal.build.engine import Prepared
from portal.outputs.sitemap import plan
from portal.records.types import StandingPage
from portal.site.model import Site

BASE = "https://www.test.example"
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}

# What sitemaps.org's two schemas say of the elements that we write, in one.
SCHEMA = etree.XMLSchema(
    etree.fromstring("""
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
            targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9" elementFormDefault="qualified">
  <xsd:simpleType name="loc">
    <xsd:restriction base="xsd:anyURI"><xsd:minLength value="12"/><xsd:maxLength value="2048"/></xsd:restriction>
  </xsd:simpleType>
  <xsd:simpleType name="lastmod"><xsd:union memberTypes="xsd:date xsd:dateTime"/></xsd:simpleType>
  <xsd:complexType name="place">
    <xsd:sequence>
      <xsd:element name="loc" type="loc"/>
      <xsd:element name="lastmod" type="lastmod" minOccurs="0"/>
    </xsd:sequence>
  </xsd:complexType>
  <xsd:element name="urlset"><xsd:complexType><xsd:sequence>
    <xsd:element name="url" type="place" minOccurs="1" maxOccurs="50000"/>
  </xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="sitemapindex"><xsd:complexType><xsd:sequence>
    <xsd:element name="sitemap" type="place" minOccurs="1" maxOccurs="50000"/>
  </xsd:sequence></xsd:complexType></xsd:element>
</xsd:schema>
""")
)


@pytest.fixture(scope="module")
def made(rich_site: Site) -> dict[str, bytes]:
    """The rich site's files for robots."""
    return made_by(plan(rich_site))


def _places(data: bytes) -> dict[str, str]:
    root = etree.fromstring(data)
    return {
        place.findtext("s:loc", namespaces=NS): place.findtext("s:lastmod", default="", namespaces=NS) for place in root
    }


def test_every_file_is_valid(made: dict[str, bytes]) -> None:
    """The index and the files follow the schema of sitemaps.org, dates included."""
    for path in [path for path in made if path.endswith(".xml")]:
        assert SCHEMA.validate(etree.fromstring(made[path])), f"{path}: {SCHEMA.error_log.last_error}"


def test_the_index_names_every_file(made: dict[str, bytes]) -> None:
    """sitemap.xml leads to a file a year and one of fixed pages, each of which is there, and no file is forgotten."""
    named = {place.removeprefix(f"{BASE}/") for place in _places(made["sitemap.xml"])}
    assert named == {path for path in made if path.endswith(".xml")} - {"sitemap.xml"}
    assert named == {"sitemap-pages.xml", "sitemap-2024.xml", "sitemap-2025.xml", "sitemap-2026.xml"}


def test_every_public_record_is_named_with_its_true_date(rich_site: Site, made: dict[str, bytes]) -> None:
    """Each record stands in its year's file with the moment of its latest change; a standing page among the fixed ones."""
    for item in rich_site.items.values():
        name = "pages" if isinstance(item.record, StandingPage) else str(item.record.year)
        when = _places(made[f"sitemap-{name}.xml"])[BASE + item.url]
        assert when[:16] == item.record.modified.isoformat()[:16]
        assert when.endswith("+08:00")


def test_a_files_date_is_its_newest(rich_site: Site, made: dict[str, bytes]) -> None:
    """The index dates each file by the newest record in it; lists have no date, and none is made up."""
    for name, when in _places(made["sitemap.xml"]).items():
        dates = [date for date in _places(made[name.removeprefix(f"{BASE}/")]).values() if date]
        assert when == max(dates)
    assert _places(made["sitemap-pages.xml"])[f"{BASE}/news/"] == ""
    newest = max(item.record.modified for item in rich_site.items.values())
    assert _places(made["sitemap-pages.xml"])[f"{BASE}/"][:16] == newest.isoformat()[:16]


def test_every_address_is_served_and_may_be_indexed(
    rich_built: tuple[TinySite, Prepared], made: dict[str, bytes]
) -> None:
    """Each address leads to a page of the site whose canonical address it is and that is not noindex."""
    tiny, _ = rich_built
    addresses = [place for path in made if path.startswith("sitemap-") for place in _places(made[path])]
    assert len(addresses) == len(set(addresses)) > 60
    for address in addresses:
        root = html.fromstring(tiny.html(address.removeprefix(BASE)))
        assert root.xpath("//link[@rel='canonical']/@href") == [address]
        assert not root.xpath("//meta[@name='robots']")


def test_withdrawn_and_hidden_records_are_not_named(made: dict[str, bytes]) -> None:
    """No tombstone, draft, scheduled record or redirect is in a site map."""
    everything = b"".join(made.values())
    for name in (b"/gone/", b"/draft/", b"/later/", b"/old/a/", b"404"):
        assert name not in everything


def test_one_edit_changes_its_years_file_alone(tiny: TinySite) -> None:
    """A correction changes the file of the record's year, the index, and the date of the home page."""
    tiny.entry("a", 成文日期="2025-01-01", 发布日期="2025-01-05 09:00")
    tiny.entry("b", 发布日期="2026-03-01 09:00")
    tiny.news("n", 发布日期="2026-06-01 09:00")
    before = made_by(plan(tiny.resolve().site))
    tiny.entry(
        "a", 成文日期="2025-01-01", 发布日期="2025-01-05 09:00", 更正说明=[{"日期": "2026-02-01 09:00", "说明": "改"}]
    )
    after = made_by(plan(tiny.resolve().site))
    assert {path for path in before if before[path] != after[path]} == {"sitemap-2025.xml", "sitemap.xml"}
    tiny.news("n", 发布日期="2026-06-01 09:00", **WITHDRAWN | {"撤回日期": "2026-06-02 09:00"})
    assert b"/news/n/" not in made_by(plan(tiny.resolve().site))["sitemap-2026.xml"]


def test_robots_are_let_in_and_told_of_the_site_map(made: dict[str, bytes]) -> None:
    """robots.txt of the public site allows everything and names the index."""
    lines = made["robots.txt"].decode().splitlines()
    assert lines[:2] == ["User-agent: *", "Allow: /"]
    assert f"Sitemap: {BASE}/sitemap.xml" in lines


def test_robots_are_kept_out_of_a_preview(rich_site: Site) -> None:
    """robots.txt of a preview refuses everything and names no site map."""
    text = made_by(plan(replace(rich_site, preview=True)))["robots.txt"].decode()
    assert text == "User-agent: *\nDisallow: /\n"
