"""Search: Pagefind over the pages of records, and our own table for facets.

No Pagefind filters or sort: with filters its output differs from run to run, and its sort is lost when indexes are
merged. The table says for each record what Pagefind's filters would have, and is read by our own interface.
"""

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pagefind_bin_extended

from portal import signals
from portal.build.staging import Staging
from portal.outputs.catalogue import to_json
from portal.records.types import DisclosureEntry
from portal.site.model import Item, Site

FOLDER = "pagefind"
TABLE = "search/table.json"
GLOB = "{search,entries,news,interpretations,pages}/**/index.html"
"""The pages that Pagefind reads. The search page's heading is one of them: on a site where nothing was marked
data-pagefind-body, Pagefind would index every page whole, tombstones with it. Our table does not know it, so it is
never a result."""

_UNUSED = ("pagefind-ui.css", "pagefind-ui.js", "pagefind-modular-ui.css", "pagefind-modular-ui.js",
           "pagefind-component-ui.css", "pagefind-component-ui.js", "pagefind-highlight.js")  # fmt: skip
"""Pagefind's own interfaces, which ours replaces."""


class SearchFailed(Exception):
    """Pagefind did not index the site; nothing is published."""

    exitcode = 1


def index(site_folder: Path) -> None:
    """Run Pagefind on a folder of pages. Raises SearchFailed with what it said."""
    command = [
        str(pagefind_bin_extended.get_executable()), "--site", str(site_folder), "--output-subdir", FOLDER,
        "--glob", GLOB, "--force-language", "zh", "--quiet",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    folder = site_folder / FOLDER
    # `--service` and full disks have left empty files behind an exit code of 0: look at what is there.
    broken = [path.name for path in folder.rglob("*") if path.is_file() and path.stat().st_size == 0]
    if done.returncode or not (folder / "pagefind.js").is_file() or broken:
        raise SearchFailed(
            f"搜索索引没有生成，网站没有发布：{done.stderr.strip() or done.stdout.strip()} {broken or ''}"
        )
    for name in _UNUSED:
        (folder / name).unlink(missing_ok=True)


def fragments(folder: Path) -> dict[str, str]:
    """For each page address the id of its fragment, by which a search result names it."""
    found: dict[str, str] = {}
    for path in sorted((folder / "fragment").glob("*.pf_fragment")):
        data = gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd")
        found[json.loads(data)["url"]] = path.stem
    return found


def table(items: Iterable[Item], ids: dict[str, str]) -> dict[str, object]:
    """The facets of every indexed record, by fragment id."""
    records: dict[str, dict[str, object]] = {}
    values: dict[str, dict[str, None]] = {name: {} for name in ("kind", "organ", "theme", "year", "genre", "validity")}
    for item in items:
        identifier = ids.get(item.url)
        if identifier is None:
            continue
        record = item.record
        entry = record if isinstance(record, DisclosureEntry) else None
        row: dict[str, object] = {
            "url": item.url,
            "title": record.title,
            "kind": record.label,
            "organ": item.publisher.name,
            "themes": [theme.full for theme in item.themes],
            "year": str(record.year),
            "genre": item.genre.name if item.genre else "",
            "validity": item.standing.validity.value if item.standing else "",
            "date": record.first_public.isoformat(timespec="minutes"),
            "doc_no": (entry.doc_no or "") if entry else "",
            "index_no": entry.index_no if entry else "",
            "files": len(item.attachments),
            "keywords": list(record.keywords),
        }
        records[identifier] = row
        for name in values:
            for value in row["themes"] if name == "theme" else [row[name]]:  # type: ignore[attr-defined]  # `themes` is the one list of the row
                if value:
                    values[name][str(value)] = None
    return {"facets": {name: sorted(found) for name, found in values.items()}, "records": dict(sorted(records.items()))}


def register() -> None:
    """Pelican's entry."""
    signals.site_written.connect(_write)


def _write(build: signals.Build, *, site: Site, staging: Staging) -> None:
    with build.timings.stage("搜索索引"):
        shutil.rmtree(staging.folder / FOLDER, ignore_errors=True)
        index(staging.folder)
        staging.put(TABLE, to_json(table(site.items.values(), fragments(staging.folder / FOLDER))))
        staging.adopt(FOLDER)
