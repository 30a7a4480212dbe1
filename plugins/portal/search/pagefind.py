"""Pagefind as a function: pages of terms in, its index out. It runs in a folder of its own that is gone afterwards."""

import io
import os
import re
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import cbor2
import pagefind_bin

from portal.search import terms
from portal.search.format import Word, array, unpack

RUNTIME = ("pagefind.js", "wasm.unknown.pagefind")
"""What a browser needs of Pagefind itself. Its worker and interfaces are replaced by ours."""

Turn = Callable[[], AbstractContextManager[None]]
"""Waits until Pagefind may run, and is held while it does: it takes more memory than all else."""

_URL = re.compile(rb'"url":"/([0-9]+)\.html"')


class SearchFailed(Exception):
    """Pagefind did not index the records; nothing is published."""

    exitcode = 1


@dataclass(frozen=True, slots=True)
class Indexed:
    """What Pagefind made: its version, the numbers of the pages in the order in which it counts them, and its terms."""

    version: str
    order: tuple[int, ...]
    words: list[Word]


def index(pages: Iterable[str], turn: Turn) -> Indexed:
    """Index pages, each a text of terms that are separated by spaces. Raises SearchFailed."""
    with tempfile.TemporaryDirectory(prefix="portal-search-") as name:
        folder = Path(name)
        count = 0
        for count, text in enumerate(pages, 1):
            _write_page(folder, count - 1, text)
        with turn():
            _run(folder)
        version, order = _order(folder / "pagefind")
        if sorted(order) != list(range(count)):
            raise SearchFailed(f"搜索索引不完整，网站没有发布：{count} 段文字只收录了 {len(order)} 段。")
        return Indexed(version, order, list(_words(folder / "pagefind")))


def copy_runtime(target: Path) -> None:
    """Put the files of Pagefind that a browser needs into a folder. Raises SearchFailed."""
    with tempfile.TemporaryDirectory(prefix="portal-search-") as name:
        _write_page(Path(name), 0, terms.FILLER)
        _run(Path(name))
        target.mkdir(parents=True, exist_ok=True)
        for file in RUNTIME:
            shutil.copyfile(Path(name) / "pagefind" / file, target / file)


def _write_page(folder: Path, number: int, text: str) -> None:
    # Markup is never in terms; a page without a word would be left out by Pagefind.
    page = f"<!doctype html><html><body data-pagefind-body><p>{text}</p></body></html>"
    (folder / f"{number}.html").write_text(page, encoding="utf-8")


def _run(folder: Path) -> None:
    """Run Pagefind on a folder of pages. Raises SearchFailed with what it said.

    The language is `unknown`: no stemming, no segmentation. No filters and no sort: with filters its output differs
    from run to run.
    """
    command = [
        str(pagefind_bin.get_executable()), "--site", str(folder), "--output-subdir", "pagefind",
        "--force-language", "unknown", "--quiet",
    ]  # fmt: skip
    # Settings of another Pagefind, in the site's folder or in the environment, are none of ours.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    made = folder / "pagefind"
    # `--service` and full disks have left empty files behind an exit code of 0: look at what is there.
    broken = [path.name for path in made.rglob("*") if path.is_file() and path.stat().st_size == 0]
    if done.returncode or broken or not all((made / name).is_file() for name in RUNTIME):
        said = done.stderr.strip() or done.stdout.strip()
        raise SearchFailed(f"搜索索引没有生成，网站没有发布：{said} {'、'.join(broken)}".rstrip())


def _order(made: Path) -> tuple[str, tuple[int, ...]]:
    """Pagefind's version, and the numbers of the pages in the order in which it counts them."""
    named: dict[str, int] = {}
    for path in (made / "fragment").iterdir():
        # The address stands at the beginning, before the whole text: nothing else is needed of it.
        head = zlib.decompressobj(wbits=31).decompress(path.read_bytes(), 100)
        if found := _URL.search(head):
            named[path.stem] = int(found[1])
    (meta,) = made.glob("*.pf_meta")
    version, pages, *_ = cbor2.loads(unpack(meta.read_bytes()))
    return version, tuple(named[name] for name, _ in pages)


def _words(made: Path) -> Iterator[Word]:
    """Pagefind's terms, each with its entry as it stands in the file: its places are taken over unread."""
    for path in sorted((made / "index").iterdir()):
        data = unpack(path.read_bytes())
        count, at = array(data, 1)  # the file is a list of one list
        reader = io.BytesIO(data)
        reader.seek(at)
        decoder = cbor2.CBORDecoder(reader)
        for _ in range(count):
            entry = decoder.decode()
            end = reader.tell()
            yield entry[0], data[at:end]
            at = end
