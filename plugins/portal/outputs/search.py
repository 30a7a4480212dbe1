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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

from portal import signals
from portal.build.staging import Damaged, Staging
from portal.outputs.catalogue import to_json
from portal.pages.lists import group_url
from portal.pages.parts import feed_link
from portal.search import normal
from portal.search.documents import Document, document
from portal.search.head import Section, head
from portal.search.pagefind import SearchFailed
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
    with build.timings.stage("搜索索引"):
        documents = _documents(site)
        divided = shards(documents, code_version())
        items = {each.facts.url: item for each, item in zip(documents, site.items.values(), strict=True)}
        store = Store(build.root / CACHE, int(build.settings.get("PORTAL_SEARCH_MEMORY") or MEMORY))
        kept = store.shards(divided)
        sections = [
            Section(
                shard.fingerprint,
                shard.documents,
                tuple(items[each.facts.url] for each in shard.documents),
                known.layout,
                known.meta,
            )
            for shard, known in zip(divided, kept, strict=True)
        ]
        _adopt_shards(staging, store, divided)
        pagefind = version("pagefind-bin")
        _adopt_runtime(staging, store, pagefind)
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


def _adopt_shards(staging: Staging, store: Store, divided: Sequence[Shard]) -> None:
    """Take the shards over into the site; what was damaged meanwhile is built anew, once."""
    damaged = []
    for shard in divided:
        try:
            _adopt_shard(staging, store, shard)
        except Damaged as error:
            store.forget(error.name, store.files(shard))
            damaged.append(shard)
        except FileNotFoundError:  # nobody knows what belongs to it
            damaged.append(shard)
    if damaged:
        store.again(damaged)
        with _hopeless():
            for shard in damaged:
                _adopt_shard(staging, store, shard)


def _adopt_shard(staging: Staging, store: Store, shard: Shard) -> None:
    files = store.files(shard)
    staging.adopt(f"search/shards/{shard.fingerprint}", files, shard.fingerprint, partial(store.sums, files))


def _adopt_runtime(staging: Staging, store: Store, pagefind: str) -> None:
    """The same with what browsers need of Pagefind itself."""
    prefix = f"search/pagefind.{pagefind}"
    files = store.runtime(pagefind)
    try:
        staging.adopt(prefix, files, pagefind, partial(store.sums, files))
    except (Damaged, FileNotFoundError):
        store.runtime_again(pagefind)
        with _hopeless():
            staging.adopt(prefix, files, pagefind, partial(store.sums, files))


@contextmanager
def _hopeless() -> Iterator[None]:
    try:
        yield
    except (Damaged, FileNotFoundError) as error:
        raise SearchFailed(
            f"搜索索引没有生成，网站没有发布：刚写好的文件读出来不对（{error}）。请检查磁盘。"
        ) from error


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
