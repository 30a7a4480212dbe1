"""Search: the index of every public record, in shards, and what a browser needs to use it.

    search/index.json                 which head, which Pagefind: the one file that is asked for anew each time
    search/head.<hash>                filters and order of all records (and .packed: the same, compressed)
    search/shards/<fingerprint>/      index and fragments in Pagefind's format
    search/pagefind.<version>/        Pagefind's script and WebAssembly
    search/traditional.<hash>.txt     Traditional characters and their Simplified ones

Every address but the first changes with its contents, so that browsers keep what has not changed.
"""

import hashlib
import platform
import unicodedata
import zlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from portal import signals
from portal.build.staging import Staging
from portal.outputs.catalogue import to_json
from portal.pages.lists import group_url
from portal.pages.parts import feed_link
from portal.search import normal
from portal.search.bundle import without_collection
from portal.search.documents import Document, document
from portal.search.head import Section, head
from portal.search.shards import Shard, shards
from portal.search.store import MEMORY, Store
from portal.site.model import Dimension, Site

MANIFEST = "search/index.json"
CACHE = ".cache/search"
CODE = tuple(Path(__file__).parent.parent / room for room in ("search", "markup"))
"""Our own code that makes an index of a record."""

LISTED = {Dimension.KIND: "kind", Dimension.THEME: "theme", Dimension.ORGAN: "organ"}
"""The facets of which every value has a list with feeds, so that a list of results can be followed."""


def register() -> None:
    """Pelican's entry."""
    signals.site_written.connect(_write)


@cache
def code_version() -> str:
    """Of everything that makes an index beside the records: our own code, Pagefind and the other libraries, Python's."""
    digest = hashlib.sha256()
    for room in CODE:
        for path in sorted(room.iterdir()):
            if path.suffix in {".py", ".txt"}:
                digest.update(path.read_bytes())
    made = [version(name) for name in ("pagefind-bin", "cbor2", "markdown", "nh3", "lxml")]
    made += [platform.python_version(), unicodedata.unidata_version, zlib.ZLIB_RUNTIME_VERSION]
    return "-".join((digest.hexdigest(), *made))


def divide(site: Site) -> list[Shard]:
    """The shards of a site's public records, in the order of the head."""
    return shards(_documents(site), code_version())


def _documents(site: Site) -> list[Document]:
    return [document(item, site.texts) for item in site.items.values()]


def _write(build: signals.Build, *, site: Site, staging: Staging) -> None:
    with build.timings.stage("搜索索引"), without_collection():
        documents = _documents(site)
        divided = shards(documents, code_version())
        items = {each.facts.url: item for each, item in zip(documents, site.items.values(), strict=True)}
        store = Store(build.root / CACHE, int(build.settings.get("PORTAL_SEARCH_MEMORY") or MEMORY))
        layouts = store.shards(divided)
        sections = [
            Section(
                shard.fingerprint,
                shard.documents,
                tuple(items[each.facts.url] for each in shard.documents),
                layout,
                (store.path(shard) / "meta").read_bytes(),
            )
            for shard, layout in zip(divided, layouts, strict=True)
        ]
        for shard in divided:
            staging.adopt(f"search/shards/{shard.fingerprint}", store.files(shard), shard.fingerprint)
        pagefind = version("pagefind-bin")
        staging.adopt(f"search/pagefind.{pagefind}", store.runtime(pagefind), pagefind)
        store.prune(divided)
        data = head(sections)
        address = f"search/head.{_short(data)}"
        staging.put(address, data)
        staging.put(f"{address}.packed", store.packed(data))
        table = normal.TRADITIONAL.read_bytes()
        folded = f"search/traditional.{_short(table)}.txt"
        staging.put(folded, table)
        manifest = {
            "version": pagefind,
            "head": f"/{address}",
            "pagefind": f"/search/pagefind.{pagefind}/",
            "traditional": {"address": f"/{folded}", "also": _traditional_in_gb2312()},
            "lists": _lists(site),
        }
        staging.put(MANIFEST, to_json(manifest))


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _lists(site: Site) -> dict[str, dict[str, list[str]]]:
    """For each facet and value: the address of its list, and of its feed."""
    found: dict[str, dict[str, list[str]]] = {facet: {} for facet in LISTED.values()}
    for group in sorted(site.groups):
        if group.dimension in LISTED and site.members(group):
            found[LISTED[group.dimension]][group.name] = [group_url(group), feed_link(group).atom]
    return found


@cache
def _traditional_in_gb2312() -> str:
    """The few characters of GB2312 that OpenCC folds: for all others of that set a browser needs no table."""
    pairs = normal.TRADITIONAL.read_text(encoding="utf-8").strip()
    return "".join(key for key in pairs[::2] if key.encode("gb2312", "ignore"))
